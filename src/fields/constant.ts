import { hasValue, testValue } from '../filter/test-value.js'
import type { Attribute } from '../schema/model/attribute.js'
import { comparisonKey } from '../schema/values/compare.js'
import type { ConstantMapping } from './mapping.js'
import type { FieldOperand, Logic } from './place.js'

/** An attribute with the same value in every resource. The result is known without the database. */
export function constantOperand<Condition>(
  { constant }: ConstantMapping,
  attribute: Attribute,
  { everything, nothing }: Logic<Condition>,
): FieldOperand<Condition> {
  const when = (met: boolean): Condition => (met ? everything : nothing)
  return {
    compare: (operator, _key, sent) => ({
      condition: when(testValue(attribute, operator, sent, comparisonKey(attribute))(constant)),
      exact: true,
    }),
    missing: undefined,
    filled: when(hasValue(constant)),
  }
}
