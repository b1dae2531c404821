import type { Delta, PatchOperation } from '../../patch/patch.js'
import type { Resource } from '../../schema/model/resource.js'
import type { Draft, Stored } from './stored.js'

/** A PATCH request in normal form, RFC 7644 section 3.5.2. */
export interface Patch<R = Resource> {
  /** Every operation, in order. */
  readonly operations: readonly PatchOperation[]
  /**
   * The names of the top-level attributes that the patch changes. Return `'decline'` if you cannot change one of them
   * this way.
   */
  readonly attributes: ReadonlySet<string>
  /**
   * The final values of the singular attributes that the patch sets; undefined for an attribute that it unassigns. The
   * whole object is undefined if a value depends on stored values.
   */
  readonly set: Partial<Draft<R>> | undefined
  /** The effect on a multi-valued attribute; undefined if it depends on stored values. */
  readonly delta: (attribute: keyof R & string) => Delta | undefined
  /**
   * Applies the patch to a resource. A pure function that returns the same object if nothing changes. Throws a
   * ScimError if an operation cannot be applied.
   */
  readonly apply: (current: Stored<R>) => Draft<R>
}

/**
 * The long form of the result of `create` or `replace`, for stores that know more than the resource. It is told apart
 * from a resource by its lack of an `id`.
 */
export interface WriteResult<R = Resource> {
  /** Always absent: only a resource has it. */
  readonly id?: undefined
  /** Always absent: only a resource has it. */
  readonly meta?: undefined
  /** The resource now. */
  readonly resource: Stored<R>
  /** The resource before, for events. */
  readonly before?: Stored<R> | undefined
  /**
   * The values that the write added to and removed from multi-valued attributes, by `value`, for events. Undefined: the
   * router compares the resource before and after; it cannot do so if a list is an AsyncIterable.
   */
  readonly changes?: Changes | undefined
}

/** The values added to and removed from multi-valued attributes, by the path of the attribute. */
export type Changes = Readonly<Record<string, AttributeChange>>

/** The result of a patch. */
export interface PatchResult<R = Resource> {
  /** False if the resource already had all the values: version and lastModified are unchanged. */
  readonly changed: boolean
  /** The version now. Required if the resource type supports versions, because a 204 carries its ETag. */
  readonly version?: string | number | undefined
  /** The resource now. If you return it, the router answers without another read. */
  readonly resource?: Stored<R> | undefined
  /** The resource before, for events. It may lack lists of references if `changes` describes them. */
  readonly before?: Stored<R> | undefined
  /** The resource now, for events, if `resource` is not given. It may lack the same lists as `before`. */
  readonly after?: Stored<R> | undefined
  /** The values added to and removed from multi-valued attributes, by `value`, for events. */
  readonly changes?: Changes | undefined
}

/** The values that were added and removed. */
export interface AttributeChange {
  /** The `value` of each value that was added. */
  readonly added: readonly string[]
  /** The `value` of each value that was removed. */
  readonly removed: readonly string[]
}
