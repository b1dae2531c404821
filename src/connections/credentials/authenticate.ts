import { type Authenticate, type RefusalReason, ScimError, SetupError } from '../../index.js'
import { MINUTE } from '../../time.js'
import type { CachedCredential, Core, KnownCredential } from '../core/core.js'
import { type ConnectionIdentity, identityOf } from '../core/identity.js'
import { connectionKey, credentialKey, credentialState, endOf, importKey, isUsable, type Row } from '../store/record.js'
import { sha256 } from '../tokens/keys.js'
import { type ReadToken, readToken } from '../tokens/token-text.js'
import { accessEnd, isAccessToken } from './access-token.js'
import { boundTo } from './credentials.js'
import { refusalOf } from './refusal.js'
import { noteUse, rehash } from './use.js'

type Credentials = Parameters<Authenticate>[0]

/**
 * Finds the connection of a request: the function that `scimRouter` gets. A good token of a moment ago is answered
 * without waiting.
 *
 * @param connectionOf The connection that the URL of a request names.
 */
export function authenticateBy(
  core: Core,
  connectionOf: (request: unknown) => string | undefined,
): (credentials: Credentials) => ConnectionIdentity | null | Promise<ConnectionIdentity | null> {
  return (credentials) => {
    const { token, request } = credentials
    const path = connectionOf(request)
    const known = token === undefined || core.cache.isOff ? undefined : ofLately(core, token)
    if (known && !isElsewhere(core, known.row, path, credentials)) {
      return core.perConnection === undefined ? known.identity : withinRate(core, known.row, known.identity)
    }
    return token === undefined ? withoutToken(core, credentials, path) : withToken(core, credentials, token, path)
  }
}

/** The connection of a token of a moment ago, if nothing has to be noted about its use. */
function ofLately({ cache, now }: Core, token: string): CachedCredential | undefined {
  const known = cache.get(sha256(token))
  return known?.row.lastUsed && now() - known.row.lastUsed.at < MINUTE ? known : undefined
}

/** Takes one of the requests that a connection may make; 429 if there is none. */
async function withinRate<T>({ perConnection }: Core, row: Row, value: T): Promise<T> {
  const allowed = await safely(async () => perConnection?.take(`${row.tenant} ${row.id}`))
  if (allowed && !allowed.ok) throw ScimError.tooManyRequests({ retryAfter: allowed.retryAfter ?? 1 })
  return value
}

async function withoutToken(core: Core, credentials: Credentials, path: string | undefined): Promise<null> {
  if (path === undefined) return null
  throw await refusalOf(core, credentials, 'missing', await ownerOf(core, path))
}

async function withToken(
  core: Core,
  credentials: Credentials,
  token: string,
  path: string | undefined,
): Promise<ConnectionIdentity> {
  const { changes } = core.cache
  const found = await safely(() => lookUp(core, token))
  if (found === 'unknown' && path === undefined && core.settings.fallback && isForeign(core, token)) {
    return fallback(core, credentials)
  }
  if (typeof found === 'string') throw await refusalOf(core, credentials, found, await ownerOf(core, path))
  if (isElsewhere(core, found.row, path, credentials)) {
    throw await refusalOf(core, credentials, 'otherConnection', await ownerOf(core, path))
  }
  const reason = reasonAgainst(found, core.now())
  if (reason !== undefined) throw await refusalOf(core, credentials, reason, found.row, found.credential)
  await withinRate(core, found.row, undefined)

  const userAgent = userAgentOf(credentials)
  const { rehashed: _, ...used } = await noteUse(core, found, {
    address: core.settings.address(credentials.request),
    userAgent,
  })
  const identity = identityOf(used, core.settings.scopes)
  // The rotation of a moment ago may have given it an end.
  const until = Math.min(used.until, endOf(used.row.credentials, used.credential) ?? Number.POSITIVE_INFINITY)
  core.cache.set(sha256(token), { ...used, identity }, until, changes)
  return identity
}

/** Whether the URL names another connection, or the request another tenant. */
function isElsewhere({ settings }: Core, row: Row, path: string | undefined, credentials: Credentials): boolean {
  if (path !== undefined && path !== row.id) return true
  return settings.tenantOf !== undefined && settings.tenantOf(credentials) !== row.tenant
}

function isForeign({ settings }: Core, token: string): boolean {
  return readToken(settings.prefix, token) === 'foreign'
}

async function fallback(core: Core, credentials: Credentials): Promise<ConnectionIdentity> {
  const identity = await core.settings.fallback?.(credentials)
  if (!identity) throw await refusalOf(core, credentials, 'unknown', undefined)
  if (typeof identity.tenant !== 'string' || identity.tenant === '') {
    throw new SetupError('ERR_SCIM_TENANT', 'Option fallback must return an identity with a tenant that is not empty.')
  }
  const { tenantOf } = core.settings
  if (tenantOf !== undefined && tenantOf(credentials) !== identity.tenant) {
    throw await refusalOf(core, credentials, 'otherConnection', undefined)
  }
  return identity
}

/**
 * Calls a store or a limiter. If it fails, the client may come again: while a store fails, the owner of a token is
 * unknown, and the next rule must not give it to another owner.
 */
async function safely<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (SetupError.is(error)) throw error
    throw ScimError.unavailable({ retryAfter: 5, cause: error })
  }
}

/** The connection that the URL of a request names. */
async function ownerOf({ rows }: Core, path: string | undefined): Promise<Row | undefined> {
  return path === undefined ? undefined : safely(() => rows.find(connectionKey(path)))
}

/** The connection that a token belongs to, in any state; a reason if it belongs to none. */
async function lookUp(core: Core, token: string): Promise<KnownCredential | RefusalReason> {
  const read = readToken(core.settings.prefix, token)
  if (read === 'foreign') return lookUpImport(core, token)
  return typeof read === 'string' ? read : lookUpCredential(core, read)
}

async function lookUpCredential(
  { keys, now, rows }: Core,
  { kind, id, secret }: ReadToken,
): Promise<KnownCredential | 'unknown'> {
  // A client secret opens the token endpoint, an invitation its page, and neither opens this.
  if (kind !== 'token' && kind !== 'access') return 'unknown'
  const row = await rows.find(credentialKey(id))
  const credential = row?.credentials.find((each) => each.id === id)
  if (row === undefined || credential === undefined) return 'unknown'
  const bound = boundTo(row, id)
  const known = { connection: row.id, row, credential }
  const end = credential.expires ?? Number.POSITIVE_INFINITY
  if (kind === 'access') {
    if (!isAccessToken(keys, bound, credential, secret)) return 'unknown'
    return { ...known, until: Math.min(end, accessEnd(secret)) }
  }
  const { hash } = credential
  if (credential.kind !== 'token' || hash === undefined) return 'unknown'
  // The key of a credential that has ended may be gone; that of one in use must not be.
  if (!keys.has(hash.key) && !isUsable(row, credential, now())) return 'unknown'
  if (!keys.matches(bound, hash, secret)) return 'unknown'
  return { ...known, until: end, rehashed: rehash(hash, keys.newest, () => keys.digest(bound, secret)) }
}

async function lookUpImport({ keys, rows }: Core, token: string): Promise<KnownCredential | 'unknown'> {
  const digests = keys.imported(sha256(token))
  for (const digest of digests) {
    const row = await rows.find(importKey(digest))
    const credential = row?.credentials.find(({ hash }) => hash?.key === digest.key && hash.digest === digest.digest)
    if (row === undefined || credential === undefined) continue
    const until = credential.expires ?? Number.POSITIVE_INFINITY
    const rehashed = digest === digests[0] ? undefined : digests[0]
    return { connection: row.id, row, credential, until, rehashed }
  }
  return 'unknown'
}

/** Why a token that is known is not good; undefined if it is. */
function reasonAgainst({ row, credential, until }: KnownCredential, now: number): RefusalReason | undefined {
  if (row.state === 'closed' || row.state === 'paused') return row.state
  const state = credentialState(row, credential, now)
  if (state === 'revoked' || state === 'expired') return state
  return until <= now ? 'expired' : undefined
}

/** At most 100 printable characters. */
function userAgentOf({ headers }: Credentials): string | undefined {
  const given = headers['user-agent']
  return typeof given === 'string' ? given.replace(/[^\x20-\x7e]/g, '').slice(0, 100) : undefined
}
