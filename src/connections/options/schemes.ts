import type { AuthenticationScheme } from '../../index.js'
import type { Method } from '../store/record.js'

const BEARER: AuthenticationScheme = {
  type: 'oauthbearertoken',
  name: 'Bearer token',
  description: 'A token of a connection, sent as OAuth 2.0 bearer token.',
  specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
}
const OAUTH: AuthenticationScheme = {
  type: 'oauth2',
  name: 'OAuth 2.0 client credentials',
  description:
    'An access token of the token endpoint, for a client with a secret or with assertions of its identity provider.',
  specUri: 'https://www.rfc-editor.org/rfc/rfc6749',
}

/** The authentication schemes of ServiceProviderConfig: the methods that connections may have. */
export function schemesOf(methods: readonly Method[]): readonly AuthenticationScheme[] {
  const schemes = [
    ...(methods.includes('token') ? [BEARER] : []),
    ...(methods.includes('oauth') || methods.includes('federated') ? [OAUTH] : []),
  ]
  return schemes.map((scheme, index) => ({ ...scheme, primary: index === 0 }))
}
