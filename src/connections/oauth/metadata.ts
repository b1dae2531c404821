import type { Settings } from '../options/options.js'
import { ALL_SCOPE } from '../options/scopes.js'
import type { Middleware } from './endpoint.js'
import { TOKEN_PATH } from './token-endpoint.js'

/**
 * RFC 8414 metadata, for the root of the application: section 3.1 puts the well-known part between host and path of the
 * issuer, where a router below the path never sees it.
 */
export function metadataOf({ methods, scopes, url }: Settings, algorithms: readonly string[]): Middleware {
  const hasOAuth = methods.includes('oauth')
  const isFederated = methods.includes('federated')
  const { pathname } = new URL(url)
  const path = `/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`
  const body = JSON.stringify({
    issuer: url,
    token_endpoint: `${url}${TOKEN_PATH}`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: [ALL_SCOPE, ...Object.keys(scopes).flatMap((name) => [name, `${name}:read`])],
    token_endpoint_auth_methods_supported: [
      ...(hasOAuth ? ['client_secret_basic', 'client_secret_post'] : []),
      ...(isFederated ? ['private_key_jwt'] : []),
    ],
    ...(isFederated && { token_endpoint_auth_signing_alg_values_supported: algorithms }),
  })
  return (request, response, next) => {
    const requestPath = (request.url ?? '').replace(/[?#].*$/s, '')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (requestPath !== path || !isRead || (!hasOAuth && !isFederated)) return next()
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=3600' })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}
