import { timingSafeEqual } from 'node:crypto'
import type { Awaitable, Identity } from '../../adapter/contract.js'
import { kindOf } from '../../check-options.js'
import { SetupError } from '../../setup-error.js'
import type { Authenticate, Credentials } from '../setup/options.js'

/** Looks a token up, e.g. by its hash in a database; null or undefined: 401. */
export type VerifyToken<Auth extends Identity> = (
  token: string,
  credentials: Credentials,
) => Awaitable<Auth | null | undefined>

/**
 * The `authenticate` function that `bearer` returns. An intersection: TypeScript looks at a generic call that returns a
 * mere function too late to infer the `auth` of other options from it.
 */
export type BearerAuthenticate<Auth extends Identity = Identity> = Authenticate<Auth> & { readonly schemes?: undefined }

// The characters that a request can carry after "Bearer ", RFC 6750 section 2.1 and more. A file often ends in a line
// end, which no client sends.
const SENDABLE = /^[\x21-\x7e]+$/

/**
 * Makes an `authenticate` function for bearer tokens (RFC 6750): one token, several of which each is good (for
 * rotation), or a function that verifies one. Given tokens are compared in constant time.
 *
 * Throws a {@link SetupError} with code `ERR_SCIM_TOKEN` for a token that is missing or empty, so that a forgotten
 * environment variable does not open the service, and for a token that no client can send.
 *
 * @example
 * ```ts
 * import { bearer } from 'express-scim'
 *
 * export const authenticate = bearer(process.env.SCIM_TOKEN)
 * ```
 */
export function bearer(accepted: string | undefined | readonly (string | undefined)[]): BearerAuthenticate
export function bearer<Auth extends Identity>(accepted: VerifyToken<Auth>): BearerAuthenticate<Auth>
export function bearer(
  accepted: string | undefined | readonly (string | undefined)[] | VerifyToken<Identity>,
): Authenticate {
  if (typeof accepted === 'function') {
    return (credentials) => (credentials.token === undefined ? null : accepted(credentials.token, credentials))
  }
  const tokens = checkedTokens(accepted)
  const matches = tokenMatcher(tokens)
  const identity: Identity = Object.freeze({})
  return ({ token }) => (token !== undefined && matches(token) ? identity : null)
}

function checkedTokens(accepted: unknown): readonly string[] {
  if (!Array.isArray(accepted)) return [checkedToken(accepted, 'The token of bearer()')]
  if (accepted.length === 0) throw invalid('The list of tokens of bearer() must not be empty.')
  return accepted.map((token, index) => checkedToken(token, `The token of bearer() at index ${index}`))
}

/** No message shows a token. */
function checkedToken(token: unknown, name: string): string {
  if (token === undefined) throw invalid(`${name} is missing: is the environment variable set?`)
  if (typeof token !== 'string') throw invalid(`${name} must be a string, got ${kindOf(token)}.`)
  if (token.trim() === '') throw invalid(`${name} must not be empty: is the environment variable set?`)
  if (SENDABLE.test(token)) return token
  throw invalid(`${name} must not have blanks, line ends or other characters that no header can carry.`)
}

function invalid(sentence: string): SetupError {
  return new SetupError('ERR_SCIM_TOKEN', sentence)
}

/**
 * Compares with every token, and each one whole, so that the time reveals neither a similar token nor its length.
 */
function tokenMatcher(tokens: readonly string[]): (token: string) => boolean {
  const accepted = tokens.map((token) => Buffer.from(token))
  const longest = Math.max(...accepted.map(({ length }) => length))
  const padded = accepted.map((bytes) => Buffer.concat([bytes, Buffer.alloc(longest - bytes.length)]))
  const given = Buffer.alloc(longest)
  return (token) => {
    given.write(token)
    let found = 0
    for (let index = 0; index < padded.length; index += 1) {
      const same = Number(timingSafeEqual(padded[index] as Buffer, given))
      // Each character of an accepted token is one byte: a longer token has another length.
      found |= same & Number(accepted[index]?.length === token.length)
    }
    given.fill(0)
    return found === 1
  }
}
