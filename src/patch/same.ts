import { hasOwn } from '../has-own.js'
import { isObject } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { comparisonKey, readText } from '../schema/values/compare.js'
import { ownProperty } from '../schema/values/values.js'

/**
 * RFC 7643 section 2.5: unassigned, null and an empty array are the same state, and so is an object without any value.
 */
export function isAssigned(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (Array.isArray(value)) return value.length > 0
  return !isObject(value) || !isEmpty(value)
}

/** Whether no property of an object has a value. */
export function isEmpty(object: JsonObject): boolean {
  for (const key in object) {
    if (!hasOwn.call(object, key)) continue
    if (isAssigned(object[key])) return false
  }
  return true
}

/** Whether a stored value equals another, so that a write changes nothing. */
export function isSame(attribute: Attribute, stored: unknown, value: unknown): boolean {
  if (stored === value) return true
  if (!isAssigned(stored) || !isAssigned(value)) return isAssigned(stored) === isAssigned(value)
  return attribute.multiValued ? haveSameValues(attribute, stored, value) : isSameOne(attribute, stored, value)
}

/** Whether one stored value of an attribute equals another, so that a write changes nothing. */
export function isSameOne(attribute: Attribute, stored: unknown, value: unknown): boolean {
  if (stored === value) return true
  if (attribute.type === 'complex') {
    if (!isObject(stored) || !isObject(value)) return false
    if (haveSameProperties(stored, value)) return true
    return attribute.subAttributes.every((sub) =>
      isSamePart(sub, ownProperty(stored, sub.name), ownProperty(value, sub.name)),
    )
  }
  // Stores may use Date objects for dates, and numbers where the schema has text.
  if (attribute.type === 'dateTime') {
    const key = comparisonKey(attribute)
    return key(stored) !== undefined && key(stored) === key(value)
  }
  return typeof value === 'string' && readText(stored) === value
}

/**
 * Whether two objects have the same simple values. It takes a part of the time in which their sub-attributes are
 * compared.
 */
function haveSameProperties(one: JsonObject, other: JsonObject): boolean {
  let count = 0
  for (const name in one) {
    if (!hasOwn.call(one, name)) continue
    if (one[name] !== other[name]) return false
    count += 1
  }
  for (const name in other) if (hasOwn.call(other, name)) count -= 1
  return count === 0
}

/**
 * Whether a stored value of a sub-attribute equals another. RFC 7643 section 2.4: a value without "primary" counts as
 * one with false.
 */
export function isSamePart(sub: Attribute, stored: unknown, value: unknown): boolean {
  return isSame(sub, stored, value) || (sub.name === 'primary' && !stored && !value)
}

/** The order of values does not matter. */
function haveSameValues(attribute: Attribute, stored: unknown, value: unknown): boolean {
  if (!Array.isArray(stored) || !Array.isArray(value) || stored.length !== value.length) return false
  const counts = new Map<string, number>()
  const print = printer(attribute)
  for (const one of stored) {
    const text = print(one)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return value.every((one) => {
    const text = print(one)
    const count = counts.get(text) ?? 0
    counts.set(text, count - 1)
    return count > 0
  })
}

/** Writes a value as a text that is the same for equal values, with letter case. */
export function printer(attribute: Attribute): (value: unknown) => string {
  if (attribute.type === 'complex') {
    const parts = attribute.subAttributes.map((sub) => [sub, printer(sub)] as const)
    return (value) => {
      if (!isObject(value)) return JSON.stringify(value) ?? ''
      return JSON.stringify(
        parts.map(([sub, print]) => {
          const part = ownProperty(value, sub.name)
          if (!isAssigned(part) || (sub.name === 'primary' && part === false)) return null
          return Array.isArray(part) ? part.map(print).sort() : print(part)
        }),
      )
    }
  }
  if (attribute.type === 'dateTime') {
    const key = comparisonKey(attribute)
    return (value) => String(key(value) ?? value)
  }
  return (value) => readText(value) ?? JSON.stringify(value) ?? ''
}
