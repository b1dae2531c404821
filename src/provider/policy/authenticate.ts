import { isStorable } from '../../filter/stored-text.js'
import { propertiesOf } from '../../is-object.js'
import { SetupError } from '../../setup-error.js'
import type { Context } from '../request/context.js'
import { isPending } from '../request/pending.js'
import { headerOf } from '../request/request.js'
import { bearerTokenOf, missingCredentials } from './bearer-token.js'

/**
 * RFC 7644 section 2: maps the client to a subject before anything else is done. Without an identity it is a 401.
 * Waits only for an `authenticate` that has to be waited for.
 */
export function identify(context: Context): void | Promise<void> {
  const { request, provider } = context
  if (request.inProcess) return accept(context, request.inProcess.identity)
  const auth: unknown = provider.options.authenticate({
    token: bearerTokenOf(context),
    authorization: headerOf(request, 'authorization'),
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
  if (!auth) throw missingCredentials(context)
  if (typeof auth !== 'object') {
    throw new SetupError('ERR_SCIM_AUTHENTICATE', 'authenticate must return an object or null.')
  }
  requireTenant(context, propertiesOf(auth).tenant)
  context.identify(auth)
}

/**
 * The credentials were good, but the identity that the application returned is not: a mistake of the application.
 * PostgreSQL stores no NUL and no half of a surrogate pair, and an ORM drops an undefined tenant from its WHERE.
 */
function requireTenant({ provider: { options } }: Context, tenant: unknown): void {
  if (tenant === undefined && options.tenants !== 'required') return
  if (typeof tenant === 'string' && isStorable(tenant)) {
    if (tenant !== '' || options.tenants !== 'required') return
  }
  const given = typeof tenant === 'string' ? 'a text that is empty or cannot be stored' : String(typeof tenant)
  throw new SetupError('ERR_SCIM_TENANT', `authenticate must return a tenant that is a text, got ${given}.`)
}
