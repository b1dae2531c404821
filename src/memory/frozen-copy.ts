import { hasOwn } from '../has-own.js'
import type { JsonObject } from '../schema/model/resource.js'

/**
 * The store's own copy of a value: frozen through and through, so that it can be returned as it is. A frozen
 * object, such as an unchanged part of a patched resource, is kept.
 */
export function frozenCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? ownArray(value) : ownObject(value as JsonObject)
}

function ownArray(values: readonly unknown[]): readonly unknown[] {
  const copy = values.map(frozenCopy)
  return isFrozen(values) && copy.every((value, index) => value === values[index]) ? values : Object.freeze(copy)
}

function ownObject(object: JsonObject): JsonObject {
  // Key by key: an object made by spreading takes twice as long to freeze.
  const copy: JsonObject = {}
  let same = isFrozen(object)
  for (const key in object) {
    if (!hasOwn.call(object, key)) continue
    const value = object[key]
    const owned = typeof value === 'object' ? frozenCopy(value) : value
    if (owned !== value) same = false
    // RFC 7643 section 2.5: an attribute without a value is unassigned, as if it were not there.
    if (owned === undefined || owned === null) same = false
    else copy[key] = owned
  }
  return same ? object : Object.freeze(copy)
}

// An object that can still grow is not frozen: this check is faster.
function isFrozen(value: object): boolean {
  return !Object.isExtensible(value) && Object.isFrozen(value)
}
