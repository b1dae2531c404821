import type { Attribute } from './attribute.js'
import type { JsonObject } from './resource.js'
import type { ResourceSchema } from './schema.js'

// Made on first use and kept as long as the schema is.
const attributes = new WeakMap<ResourceSchema, readonly Attribute[]>()

/** The attributes that no client can read, at every level. */
export function unreadableAttributes(schema: ResourceSchema): readonly Attribute[] {
  let found = attributes.get(schema)
  if (!found) {
    found = Object.freeze([...walk(schema.root)])
    attributes.set(schema, found)
  }
  return found
}

function* walk(holder: Attribute): Generator<Attribute> {
  for (const attribute of holder.subAttributes) {
    if (isUnreadable(attribute)) yield attribute
    else yield* walk(attribute)
  }
}

/**
 * Whether no client can read an attribute. RFC 7643 section 7: never is "never returned", and values of a writeOnly
 * attribute "SHALL NOT be returned".
 */
export function isUnreadable({ returned, mutability }: Attribute): boolean {
  return returned === 'never' || mutability === 'writeOnly'
}

/** The attributes without those that no client can read; the same object when it has none of them. */
export function withoutUnreadable(attributes: JsonObject, unreadable: readonly Attribute[]): JsonObject {
  return unreadable.reduce((rest, attribute) => without(rest, attribute.keys, 0) as JsonObject, attributes)
}

/**
 * Adds what a client could not send back because it cannot read it. RFC 7644 section 3.5.1 leaves a server free to keep
 * what a PUT leaves out; a password that vanished with every PUT would lock people out (decision A-20).
 */
export function keepUnreadable(draft: JsonObject, stored: JsonObject, unreadable: readonly Attribute[]): JsonObject {
  return unreadable.reduce((whole, { keys }) => {
    const value = valueAt(stored, keys)
    return value === undefined || valueAt(whole, keys) !== undefined ? whole : withValue(whole, keys, 0, value)
  }, draft)
}

function without(value: unknown, keys: readonly string[], depth: number): unknown {
  if (Array.isArray(value)) {
    const rest = value.map((element) => without(element, keys, depth)).filter((element) => element !== undefined)
    return rest.length === value.length && rest.every((element, index) => element === value[index])
      ? value
      : Object.freeze(rest)
  }
  const key = keys[depth] as string
  if (!isObject(value) || !Object.hasOwn(value, key)) return value
  const rest = depth + 1 < keys.length ? without(value[key], keys, depth + 1) : undefined
  if (rest === value[key]) return value
  const { [key]: _, ...others } = value
  if (rest !== undefined) others[key] = rest
  // Nothing left of it: unassigned. The resource itself stays.
  return depth > 0 && Object.keys(others).length === 0 ? undefined : Object.freeze(others)
}

/** The value below singular attributes; undefined inside of multi-valued ones, whose values have no place of their own. */
function valueAt(attributes: JsonObject, keys: readonly string[]): unknown {
  let value: unknown = attributes
  for (const key of keys) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

function withValue(object: JsonObject, keys: readonly string[], depth: number, value: unknown): JsonObject {
  const key = keys[depth] as string
  if (depth + 1 === keys.length) return { ...object, [key]: value }
  const below = Object.hasOwn(object, key) ? object[key] : undefined
  return { ...object, [key]: withValue(isObject(below) ? below : {}, keys, depth + 1, value) }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
