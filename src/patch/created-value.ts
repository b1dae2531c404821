import type { Filter } from '../filter/ast.js'
import { isObject } from '../is-object.js'
import { type Attribute, isResourceReference } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { isIdentified } from '../schema/reading/read-reference.js'
import { identityKey } from '../schema/values/compare.js'
import { ownProperty } from '../schema/values/values.js'
import type { PatchTarget } from './path.js'
import { isEmpty } from './same.js'

/**
 * The value to create if no value matches the filter of an add or replace (decision A-51): the values of the eq terms
 * of a filter with `and` only, and the values that the operation sets. Undefined if no value can be created.
 */
export function createdValue(target: PatchTarget, value: unknown): JsonObject | undefined {
  const { attribute, subAttribute } = target
  // An operation that clears a value creates none.
  if (value === undefined || (isObject(value) && isEmpty(value))) return {}
  const created = namedValue(target)
  if (!created) return undefined
  const given = subAttribute ? { [subAttribute.name]: value } : value
  if (!isObject(given) || !addGiven(created, given, attribute)) return undefined
  // A created reference must have an identifier.
  return isResourceReference(attribute) && !isIdentified(attribute, created) ? undefined : created
}

/** The values of the filter's eq terms as a new object; undefined if the filter has other terms. */
export function namedValue({ attribute, filter }: PatchTarget): JsonObject | undefined {
  const named: JsonObject = {}
  return filter && attribute.type === 'complex' && addTerms(named, filter) ? named : undefined
}

function addTerms(created: JsonObject, filter: Filter): boolean {
  if (filter.kind === 'and') return filter.filters.every((part) => addTerms(created, part))
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return false
  const { attribute, value } = filter
  if (attribute.mutability === 'readOnly') return false
  const before = ownProperty(created, attribute.name)
  if (before !== undefined) return !attribute.multiValued && isOne(attribute, before, value)
  created[attribute.name] = attribute.multiValued ? [value] : value
  return true
}

/**
 * The set values must not contradict the filter: the created value would not match it, and the next request would
 * create another.
 */
function addGiven(created: JsonObject, given: JsonObject, holder: Attribute): boolean {
  for (const name of Object.keys(given)) {
    const value = given[name]
    const sub = holder.subAttribute(name)
    if (!sub || value === null || value === undefined) continue
    const demanded = ownProperty(created, name)
    if (demanded !== undefined && !sub.multiValued && !isOne(sub, demanded, value)) return false
    created[name] = value
  }
  return true
}

function isOne(attribute: Attribute, one: unknown, other: unknown): boolean {
  const key = identityKey(attribute)
  return key(one) === key(other)
}
