import { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'
import { headerOf } from '../request/request.js'
import { announcedSchemes } from './challenge.js'

const BEARER = /^bearer +([^\s]+) *$/i
const ONE_WORD = /^[\x21-\x7e]+$/

// The registry of HTTP authentication schemes (RFC 9110 section 16.4.1), and names that servers made up.
const SCHEMES = new Set([
  ...['apikey', 'aws4-hmac-sha256', 'basic', 'bearer', 'concealed', 'digest', 'dpop', 'gnap', 'hawk', 'hoba', 'jwt'],
  ...['mutual', 'negotiate', 'ntlm', 'oauth', 'privatetoken', 'scram-sha-1', 'scram-sha-256', 'ssws', 'token', 'vapid'],
])

/**
 * The bearer token of a request, RFC 6750 section 2.1: `Authorization: Bearer …`. By tolerance the header is the token
 * alone. That is asked before `authenticate` can tell of another mode, so the mode of the router counts.
 */
export function bearerTokenOf({ request, tolerate }: Pick<Context, 'request' | 'tolerate'>): string | undefined {
  const authorization = headerOf(request, 'authorization')
  if (authorization === undefined) return undefined
  return (
    BEARER.exec(authorization)?.[1] ?? (isBareToken(authorization) && tolerate('bareToken') ? authorization : undefined)
  )
}

/** Whether a header is one word that could be a token: the name of a scheme alone is none. */
function isBareToken(authorization: string): boolean {
  return ONE_WORD.test(authorization) && !SCHEMES.has(authorization.toLowerCase())
}

/** The 401 for an unknown client. Its detail names the missing part of the header, and repeats no part of it. */
export function missingCredentials({ provider, request }: Pick<Context, 'provider' | 'request'>): ScimError {
  const authorization = headerOf(request, 'authorization')
  const [scheme = 'Bearer'] = announcedSchemes(provider.options)
  if (authorization === undefined || authorization === '') {
    return ScimError.unauthorized(`The request has no Authorization header. It must be "${scheme}" and credentials.`)
  }
  if (isBareToken(authorization) && !provider.tolerances.has('bareToken')) {
    return ScimError.unauthorized(
      `The Authorization header lacks a scheme. "${scheme}" must stand before the credentials.`,
    )
  }
  if (ONE_WORD.test(authorization) && !isBareToken(authorization)) {
    return ScimError.unauthorized('The Authorization header has a scheme and no credentials behind it.')
  }
  return ScimError.unauthorized('The credentials are not accepted.')
}
