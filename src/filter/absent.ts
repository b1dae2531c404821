import type { Attribute } from '../schema/attribute.js'
import type { CompareFilter } from './ast.js'

/** What a comparison with a value says where there is none. */
export interface WithoutValue {
  /** The result when nothing holds the attribute. */
  readonly absent: boolean
  /** The result for what holds the attribute and has no value of it. */
  readonly unspecified: boolean
}

/** What a comparison with a value, which is not null, says where there is none. */
export function withoutValue({ attribute, operator, value }: CompareFilter): WithoutValue {
  // Decision A-01: no value is not identical to any.
  const absent = operator === 'ne'
  // RFC 7643 section 2.4, primary: "If not specified, the value of "primary" SHALL be assumed to be "false"."
  return { absent, unspecified: isPrimary(attribute) ? (value === false) === (operator === 'eq') : absent }
}

function isPrimary(attribute: Attribute): boolean {
  return attribute.name === 'primary' && attribute.type === 'boolean' && attribute.parent?.multiValued === true
}
