import { ScimError, SetupError } from '../../error.js'
import type { Context } from '../request/context.js'
import { isPending } from '../request/pending.js'
import { headerOf } from '../request/request.js'
import type { AuthenticationScheme, ScimRouterOptions } from '../setup/options.js'

const BEARER = /^bearer +([^\s]+) *$/i

/**
 * RFC 7644 section 2: maps the client to a subject before anything else is done. Without an identity it is a 401.
 * Waits only for an `authenticate` that has to be waited for.
 */
export function identify(context: Context): void | Promise<void> {
  const { request, provider } = context
  const authorization = headerOf(request, 'authorization')
  const auth: unknown = provider.options.authenticate({
    token: authorization === undefined ? undefined : BEARER.exec(authorization)?.[1],
    authorization,
    headers: request.headers,
    params: request.params,
    method: request.method,
    path: request.path,
    request: request.request,
  })
  return isPending(auth) ? Promise.resolve(auth).then((found) => accept(context, found)) : accept(context, auth)
}

function accept(context: Context, auth: unknown): void {
  // `known && { tenant }` in JavaScript gives false, '' or 0: nobody either.
  if (!auth) throw ScimError.unauthorized()
  if (typeof auth !== 'object') {
    throw new SetupError('ERR_SCIM_AUTHENTICATE', 'authenticate returns an object that tells who asks, or null.')
  }
  context.identify(auth)
}

const SCHEMES: Readonly<Record<AuthenticationScheme['type'], string | undefined>> = {
  oauth: 'OAuth',
  oauth2: 'Bearer',
  oauthbearertoken: 'Bearer',
  httpbasic: 'Basic',
  // Without a nonce, which only the application has, Digest is no challenge.
  httpdigest: undefined,
}

/**
 * What a 401 carries unless the application has a challenge of its own. RFC 7644 section 2: "a SCIM service provider SHALL
 * indicate supported HTTP authentication schemes via the "WWW-Authenticate" header."
 */
export function challenge(
  { authenticationSchemes = [] }: ScimRouterOptions,
  headers: ScimError['headers'],
): Record<string, string> {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'www-authenticate')) return {}
  const announced = authenticationSchemes.flatMap(({ type }) => SCHEMES[type] ?? [])
  const schemes = new Set(announced.length > 0 ? announced : ['Bearer'])
  return { 'WWW-Authenticate': [...schemes].map((scheme) => `${scheme} realm="SCIM"`).join(', ') }
}
