import { ScimError } from '../error.js'
import type { Context } from './context.js'
import { headerOf } from './request.js'

const BEARER = /^bearer +([^\s]+) *$/i

/**
 * RFC 7644 section 2: maps the client to a subject before anything else is done. Without an identity it is a 401, with
 * the scheme in WWW-Authenticate (RFC 9110 section 15.5.2).
 */
export async function identify(context: Context): Promise<void> {
  const { request, provider } = context
  const authorization = headerOf(request, 'authorization')
  try {
    const auth = await provider.options.authenticate({
      token: authorization === undefined ? undefined : BEARER.exec(authorization)?.[1],
      authorization,
      headers: request.headers,
      params: request.params,
      method: request.method,
      path: request.path,
      request: request.request,
    })
    if (auth === null || auth === undefined) throw ScimError.unauthorized()
    context.identify(auth)
  } catch (error) {
    throw ScimError.is(error) && error.status === 401 ? challenge(error) : error
  }
}

function challenge(error: ScimError): ScimError {
  if (Object.keys(error.headers).some((name) => name.toLowerCase() === 'www-authenticate')) return error
  return new ScimError(401, error.message, {
    headers: { ...error.headers, 'WWW-Authenticate': 'Bearer realm="SCIM"' },
  })
}
