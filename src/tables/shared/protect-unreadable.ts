import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { valueAt, withValue } from '../../schema/values/values.js'
import type { Protect } from './secret-hash.js'

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
