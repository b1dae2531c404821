import type { Filter } from '../filter/ast.js'
import type { Attribute } from '../schema/attribute.js'

/**
 * One PATCH operation with its meaning worked out: tolerances applied, the path bound to attributes, the value
 * canonical, coerced and of the right type. An operation without path has become one operation for each attribute.
 */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  /** The attribute the path begins with: of the resource or of an extension, or the object of an extension itself. */
  readonly attribute: Attribute
  /** The filter between brackets, RFC 7644 section 3.5.2: only the values that meet it are operated on. */
  readonly filter: Filter | undefined
  /** The sub-attribute at the end of the path. */
  readonly subAttribute: Attribute | undefined
  /**
   * The value of an add or replace; undefined means: without value, so that replace unassigns. For a multi-valued
   * attribute without filter an array. For a complex one the sub-attributes to be merged; null unassigns one. A remove
   * has a value only by tolerance (`removeByValue`): the values to remove.
   */
  readonly value: unknown
  /**
   * By tolerance (`createMissingValue`): makes the value that is there when no value has met the filter, or returns
   * undefined when that is an error. Calling it reports the tolerance: call it only when it is needed.
   */
  readonly create: (() => Readonly<Record<string, unknown>> | undefined) | undefined
  /**
   * By tolerance (`emptyValue`): a value that the operation leaves with nothing but `type` and `primary` goes as a
   * whole.
   */
  readonly prunes?: boolean
}

/**
 * The effect of a patch on a multi-valued attribute, keyed by `value`; `remove` and `add` share no value. Apply in this
 * order: clear, remove, add; an added value that is there already stays as it is.
 */
export interface Delta {
  /** All present values go first, except those in `add`. */
  readonly clear: boolean
  /** The `value` of each value that goes. */
  readonly remove: readonly string[]
  /** The values that come. */
  readonly add: readonly DeltaValue[]
}

/** One value of a {@link Delta}: `value` and the sub-attributes that came with it. */
export interface DeltaValue {
  readonly value: string
  readonly [subAttribute: string]: unknown
}
