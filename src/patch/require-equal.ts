import { ScimError } from '../error.js'
import { toValuePredicate } from '../filter/evaluate.js'
import { isObject } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import { ownProperty } from '../schema/values/values.js'
import { identityOf } from './identity.js'
import type { PatchOperation } from './patch.js'
import { isAssigned, isSame, isSamePart } from './same.js'
import type { WorkingCopy } from './working-copy.js'

/**
 * A client may only repeat the value of a readOnly attribute (decision A-59c). Throws 400 mutability for another value.
 */
export function requireEqual(draft: WorkingCopy, operation: PatchOperation): void {
  const { attribute, filter, subAttribute, value } = operation
  const stored = draft.get(attribute)
  const isEqual =
    filter || subAttribute ? isEqualInside(draft, operation, stored) : isEqualWhole(attribute, stored, value)
  const { path } = subAttribute ?? attribute
  if (!isEqual) throw ScimError.mutability(`Attribute "${path}" is readOnly.`, { attribute: path })
}

function isEqualWhole(attribute: Attribute, stored: unknown, value: unknown): boolean {
  if (isSame(attribute, stored, value)) return true
  if (!attribute.multiValued) return attribute.type === 'complex' && saysSame(attribute, stored, value)
  if (!Array.isArray(stored) || !Array.isArray(value)) return false
  // Clients repeat values as they received them, with the sub-attributes that the server adds.
  const key = identityOf(attribute).keyOf
  const keys = new Set(stored.map(key))
  return value.every((one) => keys.has(key(one))) && new Set(value.map(key)).size === keys.size
}

/** Whether the path names at least one value, and all of these values equal the wanted value. */
function isEqualInside(
  draft: WorkingCopy,
  { attribute, filter, subAttribute, value }: PatchOperation,
  stored: unknown,
) {
  const all = Array.isArray(stored) ? stored : isAssigned(stored) ? [stored] : []
  draft.visits.spend(attribute, all.length)
  const chosen = filter ? all.filter(toValuePredicate(filter, attribute, draft.visits.of(attribute))) : all
  const isEqual = (one: unknown): boolean =>
    subAttribute
      ? isObject(one) && isSamePart(subAttribute, ownProperty(one, subAttribute.name), value)
      : saysSame(attribute, one, value)
  return chosen.length > 0 && chosen.every(isEqual)
}

/** Whether every value of an object equals the stored one. */
function saysSame(attribute: Attribute, stored: unknown, value: unknown): boolean {
  if (!isObject(stored) || !isObject(value)) return false
  return Object.keys(value).every((name) => {
    const sub = attribute.subAttribute(name)
    return sub === undefined || isSamePart(sub, ownProperty(stored, sub.name), value[name])
  })
}
