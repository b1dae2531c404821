import type { Filter } from '../filter/ast.js'
import type { Attribute } from '../schema/model/attribute.js'

/**
 * One PATCH operation in normal form: tolerances applied, the path bound to attributes, the value canonical and of the
 * right type. An operation without path has been split into one operation for each attribute.
 */
export interface PatchOperation {
  /** The operation. */
  readonly op: 'add' | 'replace' | 'remove'
  /** The first attribute of the path: of the resource or of an extension, or the object of an extension itself. */
  readonly attribute: Attribute
  /** The filter between brackets, RFC 7644 section 3.5.2: the operation applies only to values that satisfy it. */
  readonly filter: Filter | undefined
  /** The sub-attribute at the end of the path. */
  readonly subAttribute: Attribute | undefined
  /**
   * The value of an add or replace; undefined means no value, so that replace unassigns. It is an array for a
   * multi-valued attribute without filter. For a complex attribute it has the sub-attributes to merge; null unassigns a
   * sub-attribute. A remove has a value only by tolerance (`removeByValue`): the values to remove.
   */
  readonly value: unknown
  /**
   * Tolerance `createMissingValue`: creates the value to store if no value satisfies the filter, or returns undefined
   * if that is an error. The call reports the tolerance, so call it only if no value matches.
   */
  readonly create: (() => Readonly<Record<string, unknown>> | undefined) | undefined
  /**
   * Tolerance `emptyValue`: if the operation leaves a value with only `type` and `primary`, the whole value is removed.
   */
  readonly prunes?: boolean
}

/**
 * The effect of a patch on a multi-valued attribute, keyed by `value`; `remove` and `add` have no value in common.
 * Apply it in this order: clear, remove, add. An added value that exists already is unchanged.
 */
export interface Delta {
  /** Remove all stored values first, except those in `add`. */
  readonly clear: boolean
  /** The `value` of each value to remove. */
  readonly remove: readonly string[]
  /** The values to add. */
  readonly add: readonly DeltaValue[]
}

/** One value of a {@link Delta}: `value` and the sub-attributes that the client sent with it. */
export interface DeltaValue {
  /** The `value` of the value: for members the id. */
  readonly value: string
  readonly [subAttribute: string]: unknown
}
