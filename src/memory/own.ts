import type { JsonObject } from '../schema/resource.js'

/**
 * The store's own copy of a value: frozen through and through, so that it can be handed out as it is. What is frozen
 * already, such as the parts of a patched resource that did not change, is kept.
 */
export function own(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? ownArray(value) : ownObject(value as JsonObject)
}

function ownArray(values: readonly unknown[]): readonly unknown[] {
  const copy = values.map(own)
  return Object.isFrozen(values) && copy.every((value, index) => value === values[index]) ? values : Object.freeze(copy)
}

function ownObject(object: JsonObject): JsonObject {
  let copy: JsonObject | undefined
  for (const key in object) {
    const value = object[key]
    // RFC 7643 section 2.5: an attribute without a value is unassigned, as if it were not there.
    if (value === undefined || value === null) return ownAssigned(object)
    if (typeof value !== 'object') continue
    const owned = own(value)
    if (owned === value) continue
    copy ??= { ...object }
    copy[key] = owned
  }
  if (copy === undefined && Object.isFrozen(object)) return object
  return Object.freeze(copy ?? { ...object })
}

function ownAssigned(object: JsonObject): JsonObject {
  const copy: JsonObject = {}
  for (const key of Object.keys(object)) {
    const value = own(object[key])
    if (value !== undefined && value !== null) copy[key] = value
  }
  return Object.freeze(copy)
}
