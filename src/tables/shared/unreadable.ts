import { isObject } from '../../is-object.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { valueAt, withValue } from '../../schema/values/values.js'
import type { Protect } from './secret-hash.js'

/** The attributes, without attributes that no client can read; the same object if it has none of these. */
export function withoutUnreadable<T extends JsonObject>(attributes: T, unreadable: readonly Attribute[]): T {
  let result = attributes
  for (const { keys } of unreadable) result = changed(result, keys, 0, () => undefined) as T
  return result
}

/**
 * The stored form of the attributes that no client can read: unchanged values stay, others are hashed, and
 * missing attributes are kept on request. RFC 7644 section 3.5.1 leaves a server free to keep what a PUT leaves
 * out; a password that vanished with every PUT would lock people out.
 */
export async function protectUnreadable(
  attributes: JsonObject,
  stored: JsonObject | undefined,
  unreadable: readonly Attribute[],
  protect: Protect,
  keep: boolean,
): Promise<JsonObject> {
  let result = attributes
  for (const { keys } of unreadable) {
    const before = stored && valueAt(stored, keys)
    const value = valueAt(result, keys)
    if (value === undefined || value === null) {
      if (keep && before !== undefined) result = withValue(result, keys, before)
    } else if (value !== before) {
      const hash = typeof value === 'string' ? await protect(value) : value
      result = withValue(result, keys, hash)
    }
  }
  return result
}

/** A copy in which the value at a path is another; the same object when there is none. */
function changed(value: unknown, keys: readonly string[], depth: number, change: () => unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => changed(element, keys, depth, change))
  const key = keys[depth] as string
  if (!isObject(value) || !Object.hasOwn(value, key)) return value
  const { [key]: present, ...others } = value
  const next = depth + 1 < keys.length ? changed(present, keys, depth + 1, change) : change()
  if (next === present) return value
  return next === undefined || (isObject(next) && Object.keys(next).length === 0) ? others : { ...others, [key]: next }
}
