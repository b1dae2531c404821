import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { normalFormC } from '../../schema/values/unicode-form.js'

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
