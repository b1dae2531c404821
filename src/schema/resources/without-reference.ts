import { hasProperties, isObject } from '../../is-object.js'
import { type Attribute, valueAttribute } from '../model/attribute.js'
import type { JsonObject } from '../model/resource.js'

/**
 * A resource without the references to an id that an attribute has, and without values that hold nothing else; the same
 * object if there are none. Identifiers are the same letter by letter (decision A-19b).
 */
export function withoutReference(resource: JsonObject, attribute: Attribute, id: string): JsonObject {
  const name = valueAttribute(attribute)?.name ?? 'value'
  const isIt = (one: unknown): boolean => isObject(one) && Object.hasOwn(one, name) && String(one[name]) === id
  return without(resource, attribute.keys, isIt)
}

function without(
  holder: JsonObject,
  [key = '', ...rest]: readonly string[],
  isIt: (one: unknown) => boolean,
): JsonObject {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined
  const left = rest.length > 0 ? isObject(value) && without(value, rest, isIt) : leftOf(value, isIt)
  if (left === value || left === false) return holder
  const { [key]: _value, ...others } = holder
  return left === undefined || (hasProperties(left) && Object.keys(left).length === 0)
    ? others
    : { ...holder, [key]: left }
}

function leftOf(value: unknown, isIt: (one: unknown) => boolean): unknown {
  if (!Array.isArray(value)) return isIt(value) ? undefined : value
  return value.some(isIt) ? value.filter((one) => !isIt(one)) : value
}
