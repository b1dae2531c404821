import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { isObject } from '../../is-object.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { normalFormC } from '../../schema/values/unicode-form.js'
import { valueAt, withValue } from '../../schema/values/values.js'

/** Makes the stored form of a value that no client may read, such as a password. */
export type Protect = (value: string) => string | Promise<string>

const COST = 16_384
const KEY_BYTES = 32

/** The default of {@link Protect}: scrypt with a salt of its own, as `scrypt$N$salt$key`. */
export function hashSecret(value: string): Promise<string> {
  const salt = randomBytes(16)
  return derive(value, salt, COST).then(
    (key) => `scrypt$${COST}$${salt.toString('base64url')}$${key.toString('base64url')}`,
  )
}

/**
 * Whether {@link hashSecret} made a hash from this value, for a login of your own.
 *
 * @example
 * ```ts
 * import { verifySecret } from 'express-scim/postgres'
 *
 * export const mayLogIn = (typed: string, stored: { password: string }): Promise<boolean> =>
 *   verifySecret(typed, stored.password)
 * ```
 */
export async function verifySecret(value: string, hash: string): Promise<boolean> {
  const [scheme, cost, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || !salt || !key || !/^\d{1,8}$/.test(cost ?? '')) return false
  const expected = Buffer.from(key, 'base64url')
  const actual = await derive(value, Buffer.from(salt, 'base64url'), Number(cost))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function derive(value: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(normalFormC(value), salt, KEY_BYTES, { N: cost }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** The attributes, without attributes that no client can read; the same object if it has none of these. */
export function withoutUnreadable(attributes: JsonObject, unreadable: readonly Attribute[]): JsonObject {
  let result = attributes
  for (const { keys } of unreadable) result = changed(result, keys, 0, () => undefined) as JsonObject
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
