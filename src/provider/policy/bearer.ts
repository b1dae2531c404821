import { timingSafeEqual } from 'node:crypto'
import type { Awaitable, Identity } from '../../adapter/contract.js'
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
  const tokens: readonly unknown[] = Array.isArray(accepted) ? accepted : [accepted]
  if (tokens.length === 0 || !tokens.every(isToken)) {
    throw new SetupError('ERR_SCIM_TOKEN', 'bearer() must be given a token that is not empty.')
  }
  if (!tokens.every((token) => SENDABLE.test(token))) {
    throw new SetupError(
      'ERR_SCIM_TOKEN',
      'bearer() must be given a token without blanks, line ends and other characters that no header can carry.',
    )
  }
  const matches = tokenMatcher(tokens)
  const identity: Identity = Object.freeze({})
  return ({ token }) => (token !== undefined && matches(token) ? identity : null)
}

function isToken(token: unknown): token is string {
  return typeof token === 'string' && token.trim() !== ''
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
