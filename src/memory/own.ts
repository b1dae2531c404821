import type { JsonObject } from '../schema/resource.js'

/**
 * The store's own copy of a value: frozen through and through, so that it can be handed out as it is. What is frozen
 * already, such as the parts of a patched resource that did not change, is kept.
 */
export function own(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  const kept = Object.isFrozen(value)
  return Array.isArray(value) ? ownArray(value, kept) : ownObject(value as JsonObject, kept)
}

function ownArray(values: readonly unknown[], kept: boolean): readonly unknown[] {
  const copy = values.map(own)
  return kept && copy.every((value, index) => value === values[index]) ? values : Object.freeze(copy)
}

function ownObject(object: JsonObject, kept: boolean): JsonObject {
  const copy: JsonObject = {}
  let same = kept
  for (const key of Object.keys(object)) {
    const value = own(object[key])
    if (value !== object[key]) same = false
    // RFC 7643 section 2.5: an attribute without a value is unassigned, as if it were not there.
    if (value !== undefined && value !== null) copy[key] = value
    else same = false
  }
  return same ? object : Object.freeze(copy)
}
