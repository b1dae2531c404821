import type { Operator } from '../filter/ast.js'
import type { Attribute } from '../schema/attribute.js'
import type { ComparisonKey } from '../schema/compare.js'

/** A condition of a database, and whether it says all of a filter. Otherwise each match meets it, and others may. */
export interface Said<Condition> {
  readonly condition: Condition
  readonly exact: boolean
}

/** How conditions are joined. */
export interface Logic<Condition> {
  readonly everything: Condition
  readonly nothing: Condition
  readonly all: (conditions: readonly Condition[]) => Condition
  readonly any: (conditions: readonly Condition[]) => Condition
  readonly not: (condition: Condition) => Condition
}

/** What can be asked of one simple attribute. Undefined: the database cannot tell. */
export interface FieldOperand<Condition> {
  /**
   * `attribute operator value`, for a value that is not null.
   *
   * @param sent The value as it was sent.
   * @param absent Whether a resource without a value meets it.
   */
  readonly compare: (
    operator: Operator,
    key: ComparisonKey,
    sent: unknown,
    absent: boolean,
  ) => Said<Condition> | undefined
  /** Whether there is no value; undefined: there always is one. */
  readonly missing: Condition | undefined
  /** Whether there is a value that is not empty. */
  readonly filled: Condition | undefined
}

/**
 * Where the attributes of a resource, or the sub-attributes of one value, are. What a place does not know is undefined, and
 * a filter on it is left to the router.
 */
export interface FieldPlace<Condition> {
  /** A simple singular attribute. */
  readonly value: (attribute: Attribute) => FieldOperand<Condition> | undefined
  /** A singular complex attribute, or the object of an extension, and whether it is there at all. */
  readonly object: (
    attribute: Attribute,
  ) => { readonly place: FieldPlace<Condition>; readonly present: Condition | undefined } | undefined
  /** A multi-valued attribute: one value, asked for `value` of the attribute itself if it is simple, and whether some meets a condition. */
  readonly list: (attribute: Attribute) =>
    | {
        readonly element: FieldPlace<Condition>
        readonly some: (condition: Condition) => Condition | undefined
      }
    | undefined
}
