import type { Operator } from '../filter/ast.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { ComparisonKey } from '../schema/values/compare.js'

/**
 * A condition of a database for a filter. If it is not `exact`, it holds for every match, but may hold for other
 * resources too.
 */
export interface CompiledCondition<Condition> {
  readonly condition: Condition
  readonly exact: boolean
}

/** The logical operators of a database's conditions. */
export interface Logic<Condition> {
  readonly everything: Condition
  readonly nothing: Condition
  readonly all: (conditions: readonly Condition[]) => Condition
  readonly any: (conditions: readonly Condition[]) => Condition
  readonly not: (condition: Condition) => Condition
}

/** The comparisons of one simple attribute. A member is undefined if the database cannot make the comparison. */
export interface FieldOperand<Condition> {
  /**
   * `attribute operator value`, for a value that is not null.
   *
   * @param sent The value as the client sent it.
   * @param absent Whether a resource without a value satisfies the comparison.
   */
  readonly compare: (
    operator: Operator,
    key: ComparisonKey,
    sent: unknown,
    absent: boolean,
  ) => CompiledCondition<Condition> | undefined
  /** Holds if there is no value; undefined if there always is one. */
  readonly missing: Condition | undefined
  /** Holds if there is a value that is not empty. */
  readonly filled: Condition | undefined
}

/**
 * Where the attributes of a resource, or the sub-attributes of one value, are in the database. Each function returns
 * undefined for an attribute that it does not know; the router then evaluates the filter on it.
 */
export interface FieldPlace<Condition> {
  /** A simple singular attribute. */
  readonly value: (attribute: Attribute) => FieldOperand<Condition> | undefined
  /** A singular complex attribute or the object of an extension, and the condition that it exists. */
  readonly object: (
    attribute: Attribute,
  ) => { readonly place: FieldPlace<Condition>; readonly present: Condition | undefined } | undefined
  /**
   * A multi-valued attribute. `element` is one of its values: if the attribute is simple, `element.value` takes the
   * attribute itself. `some` holds if a value satisfies a condition.
   */
  readonly list: (attribute: Attribute) =>
    | {
        readonly element: FieldPlace<Condition>
        readonly some: (condition: Condition) => Condition | undefined
      }
    | undefined
}

/** A condition that is met by the matches alone. */
export function exactly<Condition>(condition: Condition): CompiledCondition<Condition> {
  return { condition, exact: true }
}
