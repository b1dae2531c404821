import type { CredentialRecord } from '../store/record.js'
import { numberText, randomText, readNumber } from '../tokens/base62.js'
import { type CredentialPlace, hmac, isSame, type Keys } from '../tokens/keys.js'
import { tokenText } from '../tokens/token-text.js'

const EXPIRY = 7
const NONCE = 16
const DIGEST = 43

/**
 * Makes an access token: its end, a nonce, and an HMAC under a key that is derived from the salt in the row of its
 * credential. It is stored nowhere, and ends with its credential.
 */
export function newAccessToken(
  prefix: string,
  keys: Keys,
  bound: CredentialPlace,
  salt: string,
  expires: number,
): string {
  const head = numberText(Math.floor(expires / 1_000), EXPIRY) + randomText(NONCE)
  const [key] = keys.accessKeys(bound, salt)
  return tokenText(prefix, 'access', bound.credential, head + digestOf(key as Buffer, bound, head))
}

/** Whether an access token was made for a credential. It may have ended. */
export function isAccessToken(keys: Keys, bound: CredentialPlace, { salt }: CredentialRecord, secret: string): boolean {
  if (salt === undefined) return false
  const head = secret.slice(0, EXPIRY + NONCE)
  const given = secret.slice(EXPIRY + NONCE)
  return keys.accessKeys(bound, salt).some((key) => isSame(given, digestOf(key, bound, head)))
}

/** When an access token ends, in milliseconds. */
export function accessEnd(secret: string): number {
  return readNumber(secret.slice(0, EXPIRY)) * 1_000
}

function digestOf(key: Buffer, { tenant, connection, credential }: CredentialPlace, head: string): string {
  return numberText(BigInt(`0x${hmac(key, ['access', tenant, connection, credential, head])}`), DIGEST)
}
