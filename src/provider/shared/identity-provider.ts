// User agents that identity providers were seen to send. The order counts: the first that fits.
const AGENTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/okta/i, 'okta'],
  [/azure|microsoft|entra/i, 'entra'],
  [/onelogin/i, 'onelogin'],
  [/jumpcloud/i, 'jumpcloud'],
  [/ping/i, 'ping'],
  [/authentik/i, 'authentik'],
  [/keycloak/i, 'keycloak'],
  [/google/i, 'google'],
]

// One look for agents that name none of them.
const ANY = /okta|azure|microsoft|entra|onelogin|jumpcloud|ping|authentik|keycloak|google/i

/**
 * The identity provider that a user agent names; undefined for any other. It is a guess: any client can say anything.
 */
export function identityProviderOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || !ANY.test(userAgent)) return undefined
  return AGENTS.find(([pattern]) => pattern.test(userAgent))?.[1]
}
