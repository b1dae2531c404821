import { checkOption } from '../../check-options.js'
import { COMPATIBILITY } from '../../compatibility.js'
import { type Compatibility, SetupError } from '../../index.js'
import { didYouMean } from '../../suggest.js'
import { type Core, emitChange } from '../core/core.js'
import { defaultLife, issue } from '../credentials/credentials.js'
import { type FederationChoice, federationOf } from '../federated/federation.js'
import type { Life } from '../options/duration.js'
import { lifeOf } from '../options/options.js'
import { checkScopes } from '../options/scopes.js'
import { importKey, type Method, type Row } from '../store/record.js'
import { changedSetup, type SetupNotes } from '../store/setup-notes.js'
import { requireActor, requireTenant } from '../store/tenant.js'
import { sha256 } from '../tokens/keys.js'
import { newConnectionId, newCredentialId, readToken } from '../tokens/token-text.js'
import { shown } from './place.js'
import type { Connection } from './view.js'

/** The members of a new connection. */
export interface NewConnection {
  /** The tenant that gets the connection. */
  readonly tenant: string
  /** The identity provider, in one word: `entra`, `okta`. */
  readonly provider: string
  /** For people. */
  readonly name?: string
  /**
   * The kind of credential.
   *
   * @defaultValue the first of the option `credentials`
   */
  readonly method?: Method
  /**
   * Whether the first credential is made too. If not, `rotate` makes the first one.
   *
   * @defaultValue true
   */
  readonly credential?: boolean
  /**
   * The names of scopes that the connection may use.
   *
   * @defaultValue all
   */
  readonly scopes?: readonly string[]
  /** Replaces the option `compatibility` of the router. */
  readonly compatibility?: Compatibility
  /**
   * The lifetime of the first credential.
   *
   * @defaultValue the option `life`
   */
  readonly life?: Life
  /** For the method `federated`: whose assertions are taken. */
  readonly federation?: FederationChoice
  /**
   * How far the set-up is, for pages: a JSON object of at most 4,096 characters.
   *
   * @defaultValue empty
   */
  readonly setup?: SetupNotes
  /** The person or part of the application that makes the connection. */
  readonly by: string
}

/** The new connection. Only this result has the secret. */
export interface MadeCredential {
  /** The connection with its new credential. */
  readonly connection: Connection
  /** The token, for the method `token`. */
  readonly token?: string
  /** For the methods `oauth` and `federated`. */
  readonly clientId?: string
  /** For the method `oauth`. */
  readonly clientSecret?: string
}

/** A token of the application's own that moves in: the token, or its SHA-256. */
export type ImportedToken = Omit<NewConnection, 'method' | 'credential' | 'federation'> &
  ({ readonly token: string } | { readonly digest: { readonly algorithm: 'sha256'; readonly hex: string } })

export async function createConnection(core: Core, given: NewConnection): Promise<MadeCredential> {
  const { method = firstMethod(core), credential: isIssued = true } = given
  const place = newRow(core, 'create', given, method)
  if (!isIssued) {
    await core.rows.insert(place)
    emitChange(core, place, given.by, [{ name: 'connection.created' }])
    return made(core, place, undefined)
  }
  const life = lifeOf('life', given.life, defaultLife(core, place))
  const federation =
    method === 'federated'
      ? federationOf(given.federation ?? ({} as FederationChoice), core.settings.federation)
      : undefined
  const { credential, token } = issue(core, place, place.created, life, federation)
  const row: Row = { ...place, credentials: [credential] }
  await core.rows.insert(row)
  emitChange(core, row, given.by, [
    { name: 'connection.created' },
    { name: 'credential.created', credential: credential.id },
  ])
  return made(core, row, token)
}

/** Makes a connection for an invitation: the invited person makes its credential. */
export async function createInvited(core: Core, given: Omit<NewConnection, 'credential'>): Promise<Row> {
  const row = newRow(core, 'invite', given, given.method ?? firstMethod(core))
  await core.rows.insert(row)
  emitChange(core, row, given.by, [{ name: 'connection.created' }])
  return row
}

export async function importToken(core: Core, given: ImportedToken): Promise<{ readonly connection: Connection }> {
  const place = newRow(core, 'import', given, 'token')
  const [hash, ...older] = core.keys.imported(importedDigest(core, given))
  const life = lifeOf('life', given.life, defaultLife(core, place))
  const { created } = place
  const expires = life === null ? null : created.at + life
  // A text of the application's own may be short: not even its last characters are shown.
  const credential = { id: newCredentialId(), kind: 'import', hash, created, expires, told: [] } as const
  const row: Row = { ...place, credentials: [credential] }
  // The store keeps digests under the newest key unique. The token may have been imported when another one was.
  await core.rows.requireFree(older.map(importKey))
  await core.rows.insert(row)
  emitChange(core, row, given.by, [
    { name: 'connection.created' },
    { name: 'credential.created', credential: credential.id },
  ])
  return { connection: shown(core, row) }
}

/** The answer about a credential that was made. */
export function made(core: Core, row: Row, token: string | undefined): MadeCredential {
  const connection = shown(core, row)
  if (row.method === 'token') return { connection, ...(token !== undefined && { token }) }
  return { connection, clientId: row.id, ...(token !== undefined && { clientSecret: token }) }
}

function firstMethod({ settings }: Core): Method {
  return settings.methods[0] as Method
}

type NewRow = Omit<NewConnection, 'method' | 'credential' | 'federation'>

function newRow({ settings, now }: Core, call: string, given: NewRow, method: Method): Row {
  requireTenant(call, given.tenant)
  requireActor(call, given.by)
  requireText(call, 'provider', given.provider)
  if (given.name !== undefined) requireText(call, 'name', given.name)
  requireMethod(settings, method)
  const setup = given.setup === undefined ? undefined : changedSetup({}, given.setup)
  return {
    tenant: given.tenant,
    id: newConnectionId(),
    version: 1,
    provider: given.provider,
    name: given.name ?? given.provider,
    method,
    state: 'new',
    scopes: checkScopes(settings.scopes, given.scopes),
    compatibility: checkedCompatibility(call, given.compatibility),
    created: { at: now(), by: given.by },
    ...(setup && { setup }),
    credentials: [],
    invitations: [],
  }
}

/** A misspelt tolerance would be found by the first request otherwise, and refuse it. */
export function checkedCompatibility(
  call: string,
  compatibility: Compatibility | null | undefined,
): Compatibility | null {
  checkOption(compatibility ?? undefined, COMPATIBILITY, {
    owner: `connections.${call}`,
    code: 'ERR_SCIM_COMPATIBILITY',
    path: 'compatibility',
  })
  return compatibility ?? null
}

export function requireText(call: string, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw new SetupError('ERR_SCIM_OPTION', `Option ${name} of connections.${call} must be a text that is not empty.`)
}

export function requireMethod({ methods }: Core['settings'], method: Method): void {
  if (methods.includes(method)) return
  throw new SetupError(
    'ERR_SCIM_OPTION',
    `Option method of a connection must be one that the option credentials names: ${methods.join(', ')}.${didYouMean(String(method), methods)}`,
  )
}

function importedDigest(
  { settings: { prefix } }: Core,
  given: { readonly token?: unknown; readonly digest?: { readonly algorithm?: unknown; readonly hex?: unknown } },
): string {
  const { token, digest } = given
  if (typeof token === 'string' && readToken(prefix, token) !== 'foreign') {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      'Option token of connections.import must not begin with the option prefix: such a token is never looked for among imported ones. Choose another prefix.',
    )
  }
  if (typeof token === 'string' && token.length >= 32) return sha256(token)
  const hex = digest?.algorithm === 'sha256' && typeof digest.hex === 'string' ? digest.hex.toLowerCase() : ''
  if (token === undefined && /^[0-9a-f]{64}$/.test(hex)) return hex
  throw new SetupError(
    'ERR_SCIM_OPTION',
    "Option token of connections.import must have 32 characters or more, or option digest must be { algorithm: 'sha256', hex }.",
  )
}
