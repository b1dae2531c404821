import { ScimError } from '../error.js'
import { isStorable } from '../filter/stored-text.js'
import { hasProperties } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { comparisonKey, type ToKey } from '../schema/values/compare.js'
import { instantText } from './operand.js'

/** Makes of a resource the document that filters look into: the same shape, with comparison keys for values. */
export type KeyWriter = (resource: JsonObject) => JsonObject

/**
 * Compiles the way to the keys of the attributes of `holder` that `isKept` names. Letter case, normalization, notations
 * of instants: they lack the differences between equal values, so that the database compares as `toPredicate` does.
 * Throws 400 invalidValue for a text that a database cannot hold.
 */
export function keyWriter(holder: Attribute, isKept: (attribute: Attribute) => boolean): KeyWriter {
  const members = holder.subAttributes
    .filter(isKept)
    .map((attribute) => [attribute.name, writerOf(attribute, isKept)] as const)
  return (object) => {
    const keys: JsonObject = {}
    for (const [name, write] of members) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined
      if (value === undefined || value === null) continue
      const key = write(value)
      if (key !== undefined) keys[name] = key
    }
    return keys
  }
}

function writerOf(attribute: Attribute, isKept: (attribute: Attribute) => boolean): (value: unknown) => unknown {
  const single = attribute.type === 'complex' ? complexWriter(attribute, isKept) : simpleWriter(attribute)
  if (!attribute.multiValued) return single
  return (value) => {
    const keys = (Array.isArray(value) ? value : [value])
      .filter((element) => element !== undefined && element !== null)
      .map(single)
      .filter((key) => key !== undefined)
    // RFC 7643 section 2.5: an empty list is no value.
    return keys.length === 0 ? undefined : keys
  }
}

function complexWriter(attribute: Attribute, isKept: (attribute: Attribute) => boolean): (value: unknown) => unknown {
  const write = keyWriter(attribute, isKept)
  return (value) => (hasProperties(value) ? write(value) : undefined)
}

function simpleWriter(attribute: Attribute): (value: unknown) => unknown {
  const toKey: ToKey = comparisonKey(attribute)
  return (value) => {
    const key = toKey(value)
    if (key === undefined) return undefined
    if (attribute.type === 'dateTime') return instantText(key)
    if (typeof key === 'string') requireStorable(attribute, key)
    return key
  }
}

/** Throws 400 invalidValue for a text with U+0000 or half of a surrogate pair. */
export function requireStorable(attribute: Attribute, text: string): void {
  if (isStorable(text)) return
  throw ScimError.invalidValue(`Attribute "${attribute.path}" has a character that cannot be stored.`, {
    attribute: attribute.path,
  })
}
