import type { Attribute } from '../schema/model/attribute.js'
import type { CompareFilter } from './ast.js'

/** The results of a comparison if there is no value. */
export interface WithoutValue {
  /** The result if no object holds the attribute. */
  readonly absent: boolean
  /** The result for an object that holds the attribute and has no value of it. */
  readonly unspecified: boolean
}

/** The results of a comparison with a value other than null if the resource has no value. */
export function withoutValue({ attribute, operator, value }: CompareFilter): WithoutValue {
  // Decision A-01: no value is different from every value.
  const absent = operator === 'ne'
  // RFC 7643 section 2.4, primary: "If not specified, the value of "primary" SHALL be assumed to be "false"."
  // Decision A-128: only comparisons see that.
  return { absent, unspecified: marksPrimary(attribute) ? (value === false) === (operator === 'eq') : absent }
}

function marksPrimary(attribute: Attribute): boolean {
  return attribute.name === 'primary' && attribute.type === 'boolean' && attribute.parent?.multiValued === true
}
