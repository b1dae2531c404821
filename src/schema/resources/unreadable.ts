import { isObject } from '../../is-object.js'
import { memo } from '../../memo.js'
import type { ResourceSchema } from '../define/schema.js'
import type { Attribute } from '../model/attribute.js'
import type { AttributeDefinition } from '../model/definition.js'
import type { JsonObject } from '../model/resource.js'
import { valueAt, withValue } from '../values/values.js'

/** The attributes that no client can read, at every level. */
export const unreadableAttributes = memo((schema: ResourceSchema): readonly Attribute[] =>
  Object.freeze([...walk(schema.root)]),
)

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
export function isUnreadable({ returned, mutability }: Pick<AttributeDefinition, 'returned' | 'mutability'>): boolean {
  return returned === 'never' || mutability === 'writeOnly'
}

/** Whether no client can read an attribute, or the attribute that contains it. */
export function isWithinUnreadable(attribute: Attribute): boolean {
  return isUnreadable(attribute) || (attribute.parent !== undefined && isWithinUnreadable(attribute.parent))
}

/**
 * The attributes, without attributes that no client can read; the same object if it has none of these. `id` and `meta`
 * can be read, so a stored resource is one afterwards.
 */
export function withoutUnreadable<T extends JsonObject>(attributes: T, unreadable: readonly Attribute[]): T {
  return unreadable.reduce((rest, attribute) => without(rest, attribute.keys, 0) as T, attributes)
}

/**
 * Adds the values that a client could not send back because it cannot read them. RFC 7644 section 3.5.1 leaves a server
 * free to keep attributes that a PUT leaves out; a password that vanished with every PUT would lock people out
 * (decision A-20).
 */
export function keepUnreadable(draft: JsonObject, stored: JsonObject, unreadable: readonly Attribute[]): JsonObject {
  return unreadable.reduce((whole, { keys }) => {
    const value = valueAt(stored, keys)
    return value === undefined || valueAt(whole, keys) !== undefined ? whole : withValue(whole, keys, value)
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
