import { isObject } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { ownProperty } from '../schema/values/values.js'
import type { ValueIdentity } from './identity.js'
import { isSameOne, isSamePart } from './same.js'

/**
 * A value that one PATCH removes and adds again. It keeps the sub-attributes that only the server sets; a reference
 * also keeps those that cannot change. The stored object if nothing has changed.
 */
export function revivedValue(
  attribute: Attribute,
  { changeable, isReference }: ValueIdentity,
  stored: unknown,
  value: unknown,
): unknown {
  if (!isObject(stored) || !isObject(value)) return value
  const revived = isReference ? revivedReference(changeable, stored, value) : withServerValues(attribute, stored, value)
  return isSameOne(attribute, stored, revived) ? stored : revived
}

function revivedReference(changeable: readonly Attribute[], stored: JsonObject, value: JsonObject): JsonObject {
  const revived: JsonObject = { ...stored }
  for (const { name } of changeable) {
    delete revived[name]
    if (Object.hasOwn(value, name)) revived[name] = value[name]
  }
  return revived
}

/** The value itself if the server sets nothing: thousands of copies would be garbage that delays other requests. */
function withServerValues({ subAttributes }: Attribute, stored: JsonObject, value: JsonObject): JsonObject {
  let revived = value
  for (const { name, mutability } of subAttributes) {
    if (mutability !== 'readOnly' || !Object.hasOwn(stored, name)) continue
    if (revived === value) revived = { ...value }
    revived[name] = stored[name]
  }
  return revived
}

/** A value that is there, with the sub-attributes of an added value: the last operation has precedence. */
export function mergedValue({ changeable }: ValueIdentity, present: unknown, value: unknown): unknown {
  if (!isObject(present) || !isObject(value)) return present
  let result = present
  for (const sub of changeable) {
    const given = ownProperty(value, sub.name)
    if (given === undefined || given === null || isSamePart(sub, ownProperty(present, sub.name), given)) continue
    if (result === present) result = { ...present }
    result[sub.name] = given
  }
  return result
}
