import { ScimError, SetupError } from '../error.js'
import type { Context } from './context.js'
import type { AuthenticationScheme, Credentials, ScimRouterOptions } from './options.js'
import { isPending } from './pending.js'
import { headerOf, type ScimRequest } from './request.js'

const BEARER = /^bearer +([^\s]+) *$/i

/**
 * RFC 7644 section 2: maps the client to a subject before anything else is done. Without an identity it is a 401.
 * Waits only for an `authenticate` that has to be waited for.
 */
export function identify(context: Context): void | Promise<void> {
  const { request, provider } = context
  const authorization = headerOf(request, 'authorization')
  const auth: unknown = provider.options.authenticate(new RequestCredentials(request, authorization))
  return isPending(auth) ? Promise.resolve(auth).then((found) => accept(context, found)) : accept(context, auth)
}

/** What a request tells of its sender. The mount path is looked at only by those who ask for its parameters. */
class RequestCredentials implements Credentials {
  readonly token: string | undefined
  readonly headers: Credentials['headers']
  readonly method: string
  readonly path: string
  readonly request: unknown
  readonly #request: ScimRequest

  constructor(
    request: ScimRequest,
    readonly authorization: string | undefined,
  ) {
    this.token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
    this.headers = request.headers
    this.method = request.method
    this.path = request.path
    this.request = request.request
    this.#request = request
  }

  get params(): Readonly<Record<string, string>> {
    return this.#request.params
  }
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
