import type { Core } from '../core/core.js'
import { audiencesOf, keysAt } from '../federated/federation.js'
import { httpsGet } from '../federated/https-get.js'
import { type JoseModule, loadJose } from '../federated/jose.js'
import { type KeySet, KeySets, readKeySet } from '../federated/key-sets.js'
import type { Federation } from '../store/record.js'
import { invalidClient, OAuthError } from './oauth-error.js'
import type { VerifyAssertion } from './token-endpoint.js'

export const ALGORITHMS = ['RS256', 'PS256', 'ES256']
const MOST_CHARACTERS = 8_192
/** Seconds that clocks of others may be off. */
const SKEW = 60
/** Seconds between `iat` and `exp`: those of Microsoft Entra ID live 65 minutes. */
const LONGEST = 24 * 3_600

/** Codes of `jose`, and the reason that reports have for them. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JWKS_NO_MATCHING_KEY: 'key',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'key',
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm',
  ERR_JOSE_NOT_SUPPORTED: 'algorithm',
  ERR_JWT_EXPIRED: 'expired',
}
const TIMES: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf'])
const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'issuer',
  sub: 'subject',
  aud: 'audience',
  nbf: 'notYet',
  iat: 'notYet',
}

/**
 * Verifies assertions of another party, such as a workload identity of Microsoft Entra ID. In form it is RFC 7523
 * section 2.2; `sub` is the identity there and not the `client_id`. Entra ID signs for all of its tenants with the same
 * keys, so a good signature does not tell who signed: each value is compared with the row of the `client_id`.
 */
export function assertionVerifier(core: Core): VerifyAssertion {
  const keySets = new KeySets(httpsGet, core.ticks)
  let loading: Promise<JoseModule> | undefined
  return async (_row, { federation }, assertion) => {
    loading ??= loadJose()
    const jose = await loading
    if (federation === undefined) throw invalidClient('unknown')
    if (assertion.length > MOST_CHARACTERS) throw invalidClient('malformed')
    const { alg, kid } = headerOf(jose, assertion)
    if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) throw invalidClient('algorithm')
    if (typeof kid !== 'string') throw invalidClient('key')
    const keys = await keysOf(core, keySets, federation, kid)
    await verify(core, jose, federation, keys, assertion)
  }
}

function headerOf(jose: JoseModule, assertion: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    return jose.decodeProtectedHeader(assertion)
  } catch {
    throw invalidClient('malformed')
  }
}

async function keysOf(
  { listeners, settings }: Core,
  keySets: KeySets,
  { issuer }: Federation,
  kid: string,
): Promise<KeySet> {
  const at = keysAt(issuer, settings.federation)
  if (at === undefined) throw invalidClient('issuer')
  try {
    return typeof at === 'string' ? await keySets.get(at, kid) : readKeySet(await at())
  } catch (error) {
    // The assertion may be good: the client is to come again.
    listeners.fail(error)
    throw new OAuthError('temporarily_unavailable')
  }
}

async function verify(
  { now }: Core,
  jose: JoseModule,
  federation: Federation,
  keys: KeySet,
  assertion: string,
): Promise<void> {
  try {
    const { payload } = await jose.jwtVerify(
      assertion,
      jose.createLocalJWKSet(keys as Parameters<JoseModule['createLocalJWKSet']>[0]),
      {
        algorithms: ALGORITHMS,
        issuer: federation.issuer,
        subject: federation.subject,
        audience: [...audiencesOf(federation)],
        clockTolerance: SKEW,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'iat'],
      },
    )
    if (typeof payload.aud !== 'string') throw invalidClient('audience')
    const { exp = 0, iat = 0, tid } = payload
    if (federation.tenantId !== undefined && tid !== federation.tenantId) throw invalidClient('tenant')
    if (exp - iat > LONGEST) throw invalidClient('lifetime')
    if (iat > now() / 1_000 + SKEW) throw invalidClient('notYet')
  } catch (error) {
    if (error instanceof OAuthError) throw error
    const { code = '', claim = '', reason } = error as Readonly<Partial<Record<'code' | 'claim' | 'reason', string>>>
    // Without its times, or with other values in their place, it is no assertion at all.
    if (TIMES.has(claim) && (reason === 'missing' || reason === 'invalid')) throw invalidClient('malformed')
    throw invalidClient(REASONS[code] ?? CLAIMS[claim] ?? 'malformed')
  }
}
