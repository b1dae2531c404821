import { isObject } from '../../is-object.js'
import type { JsonObject } from '../model/resource.js'

/** The property of an object that is its own: names such as `constructor` are attributes like others. */
export function ownProperty(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Whether a value is the preferred one of its list, RFC 7643 section 2.4. */
export function isPrimary(value: unknown): boolean {
  return isObject(value) && ownProperty(value, 'primary') === true
}

/** The object without the members that are undefined; the same object if it has none. */
export function withoutUndefined<T extends object>(object: T): T {
  for (const name in object) {
    if (object[name] !== undefined) continue
    return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
  }
  return object
}

/**
 * The value below singular attributes; undefined inside of multi-valued ones, whose values have no place of their own.
 */
export function valueAt(resource: JsonObject, keys: readonly string[]): unknown {
  let value: unknown = resource
  for (const key of keys) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

/** A copy in which the value that keys lead to is another; objects on the way are made where there are none. */
export function withValue(resource: JsonObject, keys: readonly string[], value: unknown, depth = 0): JsonObject {
  const key = keys[depth] as string
  if (depth + 1 === keys.length) return { ...resource, [key]: value }
  const below = ownProperty(resource, key)
  return { ...resource, [key]: withValue(isObject(below) ? below : {}, keys, value, depth + 1) }
}

/** Every value that keys lead to, through the values of multi-valued attributes. */
export function valuesAt(holder: unknown, keys: readonly string[], depth = 0): readonly unknown[] {
  if (holder === undefined || holder === null) return []
  if (Array.isArray(holder)) return holder.flatMap((element) => valuesAt(element, keys, depth))
  const key = keys[depth]
  if (key === undefined) return [holder]
  return isObject(holder) ? valuesAt(ownProperty(holder, key), keys, depth + 1) : []
}
