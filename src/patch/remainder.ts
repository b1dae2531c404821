import { isObject } from '../is-object.js'
import { type Attribute, isResourceReference, valueAttribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { isUnreadable } from '../schema/resources/unreadable.js'
import { identityKey } from '../schema/values/compare.js'
import { ownProperty } from '../schema/values/values.js'
import { isAssigned, isSame } from './same.js'

/**
 * The rest of a singular value after a remove. By tolerance (`removeByValue`) the remove names a value: if that differs
 * from the stored one, as the schema compares them, nothing is removed (decision A-97).
 *
 * @param named The named value; undefined removes the whole value.
 */
export function remainderOf(attribute: Attribute, stored: unknown, named: unknown): unknown {
  return named === undefined || isOne(attribute, stored, named) ? undefined : stored
}

/** The sub-attributes that a remove deletes from a complex value by naming them. */
export function namedParts(attribute: Attribute, stored: JsonObject, named: JsonObject): readonly Attribute[] {
  const given = attribute.subAttributes.filter((sub) => isAssigned(ownProperty(named, sub.name)) && !isUnreadable(sub))
  const identifier = valueAttribute(attribute)
  const isIdentified = identifier !== undefined && given.includes(identifier)
  const telling = isIdentified ? [identifier] : given
  if (!telling.every((sub) => isOne(sub, ownProperty(stored, sub.name), ownProperty(named, sub.name)))) return []
  // A reference without its identifier points to nothing, so all of it is removed.
  return isIdentified && isResourceReference(attribute) ? attribute.subAttributes : given
}

function isOne(attribute: Attribute, stored: unknown, named: unknown): boolean {
  if (attribute.type === 'complex') {
    return isObject(stored) && isObject(named) && namedParts(attribute, stored, named).length > 0
  }
  if (attribute.multiValued) return isSame(attribute, stored, named)
  const key = identityKey(attribute)
  return key(stored) !== undefined && key(stored) === key(named)
}
