import type { ScimError } from '../../error.js'
import type { ScimRequest } from '../request/request.js'
import { type AuthenticationScheme, type ScimRouterOptions, schemesOf } from '../setup/options.js'

const SCHEMES: Readonly<Record<AuthenticationScheme['type'], string | undefined>> = {
  oauth: 'OAuth',
  oauth2: 'Bearer',
  oauthbearertoken: 'Bearer',
  httpbasic: 'Basic',
  // Without a nonce, which only the application has, Digest is no challenge.
  httpdigest: undefined,
}

/** The schemes that a client may be asked for, each once. */
export function announcedSchemes(options: ScimRouterOptions): readonly string[] {
  const announced = (schemesOf(options) ?? []).flatMap(({ type }) => SCHEMES[type] ?? [])
  return [...new Set(announced.length > 0 ? announced : ['Bearer'])]
}

/**
 * The challenge of a 401 unless the application has one of its own. RFC 7644 section 2: "a SCIM service provider SHALL
 * indicate supported HTTP authentication schemes via the "WWW-Authenticate" header."
 */
export function challenge(
  options: ScimRouterOptions,
  headers: ScimError['headers'],
  { authorization }: ScimRequest['headers'],
): Record<string, string> {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'www-authenticate')) return {}
  // RFC 6750 section 3.1: "If the request lacks any authentication information ..., the resource server SHOULD NOT
  // include an error code"; with a token that is not accepted it is "invalid_token".
  const error = authorization === undefined ? '' : ', error="invalid_token"'
  const challenges = announcedSchemes(options).map(
    (scheme) => `${scheme} realm="SCIM"${scheme === 'Bearer' ? error : ''}`,
  )
  return { 'WWW-Authenticate': challenges.join(', ') }
}
