import { type Compatibility, SetupError } from '../index.js'
import { announce, type Core } from './core.js'
import { boundTo, defaultLife, issue, revoked, succeeded } from './credentials.js'
import { type Duration, type Life, readDuration } from './duration.js'
import { ConnectionsError } from './errors.js'
import type { ConnectionEventName } from './events.js'
import { type FederationChoice, federationOf } from './federated/federation.js'
import { isSame, sha256 } from './keys.js'
import { lifeOf } from './options.js'
import { credentialKey, type Deed, importKey, type Method, type Row } from './record.js'
import { checkScopes } from './scopes.js'
import { requireActor, requireTenant, requireTenantChoice, type TenantChoice } from './tenant.js'
import { newConnectionId, newCredentialId, readToken } from './token-text.js'
import { type Connection, viewOf } from './view.js'

/** Names a connection: never without its tenant. */
export interface ConnectionPlace {
  readonly tenant: TenantChoice
  readonly id: string
}

/** A change of a connection, and who makes it. */
export interface ConnectionChange extends ConnectionPlace {
  /** The person or part of the application that does it. */
  readonly by: string
}

/** What a new connection is. */
export interface NewConnection {
  readonly tenant: string
  /** The identity provider, in one word: `entra`, `okta`. */
  readonly provider: string
  /** For people. */
  readonly name?: string
  /** @defaultValue the first of the option `credentials` */
  readonly method?: Method
  /** @defaultValue all */
  readonly scopes?: readonly string[]
  /** Replaces the option `compatibility` of the router. */
  readonly compatibility?: Compatibility
  /** @defaultValue the option `life` */
  readonly life?: Life
  /** For the method `federated`: whose assertions are taken. */
  readonly federation?: FederationChoice
  readonly by: string
}

/** What was made. The secret is told here and never again. */
export interface MadeCredential {
  readonly connection: Connection
  /** The token, for the method `token`. */
  readonly token?: string
  /** For the methods `oauth` and `federated`. */
  readonly clientId?: string
  /** For the method `oauth`. */
  readonly clientSecret?: string
}

/** What may be changed about a connection. */
export interface ConnectionUpdate extends ConnectionChange {
  readonly provider?: string
  readonly name?: string
  /** Null: all. */
  readonly scopes?: readonly string[] | null
  /** Null: that of the router. */
  readonly compatibility?: Compatibility | null
}

/** Makes, changes and ends connections. */
export class Manager {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  view(row: Row): Connection {
    return viewOf(row, this.#core.settings.url, this.#core.now())
  }

  async create(given: NewConnection): Promise<MadeCredential> {
    const { settings } = this.#core
    const { method = settings.methods[0] as Method } = given
    const place = this.#newRow('create', given, method)
    const life = lifeOf('life', given.life, defaultLife(this.#core, place))
    const federation =
      method === 'federated'
        ? federationOf(given.federation ?? ({} as FederationChoice), settings.federation)
        : undefined
    const { credential, token } = issue(this.#core, place, place.created, life, federation)
    const row: Row = { ...place, credentials: [credential] }
    await this.#core.rows.insert(row)
    announce(this.#core, row, given.by, [['connection.created'], ['credential.created', credential.id]])
    return this.#made(row, token)
  }

  /** A connection without credentials, in the state `new`. */
  async createEmpty(call: string, given: NewConnection): Promise<Row> {
    const row = this.#newRow(call, given, given.method ?? (this.#core.settings.methods[0] as Method))
    await this.#core.rows.insert(row)
    announce(this.#core, row, given.by, [['connection.created']])
    return row
  }

  async importToken(
    given: Omit<NewConnection, 'method'> &
      ({ readonly token: string } | { readonly digest: { readonly algorithm: 'sha256'; readonly hex: string } }),
  ): Promise<{ readonly connection: Connection }> {
    const place = this.#newRow('import', given, 'token')
    const [hash] = this.#core.keys.imported(importedDigest(given))
    const life = lifeOf('life', given.life, defaultLife(this.#core, place))
    const { created } = place
    const expires = life === null ? null : created.at + life
    // A text of the application's own may be short: not even its last characters are told.
    const credential = { id: newCredentialId(), kind: 'import', hash, created, expires, told: [] } as const
    const row: Row = { ...place, credentials: [credential] }
    await this.#core.rows.insert(row)
    announce(this.#core, row, given.by, [['connection.created'], ['credential.created', credential.id]])
    return { connection: this.view(row) }
  }

  async get({ tenant, id }: ConnectionPlace): Promise<Connection | undefined> {
    requireTenantChoice('get', tenant)
    const row = await this.#core.rows.get(tenant, id)
    return row && this.view(row)
  }

  async list({ tenant }: { readonly tenant: TenantChoice }): Promise<readonly Connection[]> {
    requireTenantChoice('list', tenant)
    const connections: Connection[] = []
    for await (const row of this.#core.rows.each(tenant)) connections.push(this.view(row))
    return connections
  }

  async update({ tenant, id, by, ...given }: ConnectionUpdate): Promise<Connection> {
    const scopes = given.scopes === undefined ? undefined : checkScopes(this.#core.settings.scopes, given.scopes)
    const row = await this.#change('update', { tenant, id, by }, ['connection.updated'], (row) => ({
      ...row,
      provider: given.provider ?? row.provider,
      name: given.name ?? row.name,
      scopes: scopes === undefined ? row.scopes : scopes,
      compatibility: given.compatibility === undefined ? row.compatibility : given.compatibility,
    }))
    return this.view(row)
  }

  async rotate({
    overlap = '7d',
    life,
    ...change
  }: ConnectionChange & { readonly overlap?: Duration; readonly life?: Life }): Promise<MadeCredential> {
    const milliseconds = readDuration(overlap)
    if (milliseconds === undefined) {
      throw new SetupError('ERR_SCIM_OPTION', "Member overlap must be a length of time such as '7d' or '0s'.")
    }
    let token: string | undefined
    let made = ''
    const row = await this.#change('rotate', change, ['connection.rotated'], (row, deed) => {
      if (row.method === 'federated')
        throw new ConnectionsError('method', 'A federated connection has no secret of its own.')
      const issued = issue(this.#core, row, deed, lifeOf('life', life, defaultLife(this.#core, row)))
      token = issued.token
      made = issued.credential.id
      return { ...row, credentials: succeeded(row, issued.credential, milliseconds, deed) }
    })
    announce(this.#core, row, change.by, [['credential.created', made]])
    return this.#made(row, token)
  }

  async revoke({ credential, ...change }: ConnectionChange & { readonly credential?: string }): Promise<Connection> {
    const row = await this.#change('revoke', change, [], (row, deed) => {
      const isKnown = credential === undefined || row.credentials.some(({ id }) => id === credential)
      if (!isKnown) throw new ConnectionsError('unknown', 'The connection has no such credential.')
      return { ...row, credentials: revoked(row, credential, deed) }
    })
    announce(this.#core, row, change.by, [['credential.revoked', credential]])
    return this.view(row)
  }

  async pause({ reason, ...change }: ConnectionChange & { readonly reason?: string }): Promise<{
    readonly connection: Connection
    readonly consequence: string
  }> {
    const row = await this.#change('pause', change, ['connection.paused'], (row, deed) => ({
      ...row,
      state: 'paused',
      paused: { ...deed, reason },
    }))
    return { connection: this.view(row), consequence: consequenceOf(row.provider) }
  }

  async resume(change: ConnectionChange): Promise<Connection> {
    const row = await this.#change('resume', change, ['connection.resumed'], ({ paused: _paused, ...row }) => ({
      ...row,
      state: row.credentials.some(({ firstUsed }) => firstUsed !== undefined) ? 'active' : 'new',
    }))
    return this.view(row)
  }

  async close(change: ConnectionChange): Promise<Connection> {
    const row = await this.#change('close', change, ['connection.closed'], (row, deed) => ({
      ...row,
      state: 'closed',
      closed: deed,
      credentials: revoked(row, undefined, deed),
      invitations: row.invitations.map((each) => (each.revoked ? each : { ...each, revoked: deed })),
    }))
    return this.view(row)
  }

  /** Revokes the credential of a token that somebody has found; false if it is none of ours, or dead already. */
  async reportLeak(token: string): Promise<boolean> {
    const found = await this.#holderOf(token)
    const credential = found?.row.credentials.find(({ id }) => id === found.credential)
    if (found === undefined || credential === undefined || credential.revoked) return false
    const deed: Deed = { at: this.#core.now(), by: 'leak report' }
    const row = await this.#core.rows.change(found.row.tenant, found.row.id, (row) => ({
      ...row,
      credentials: revoked(row, credential.id, deed),
    }))
    announce(this.#core, row, deed.by, [
      ['credential.leaked', credential.id],
      ['credential.revoked', credential.id],
    ])
    return true
  }

  async #holderOf(token: string): Promise<{ readonly row: Row; readonly credential: string } | undefined> {
    const { keys, rows, settings } = this.#core
    const read = readToken(settings.prefix, token)
    if (read === 'foreign') {
      for (const digest of keys.imported(sha256(token))) {
        const row = await rows.find(importKey(digest))
        const credential = row?.credentials.find(({ hash }) => hash && isSame(hash.digest, digest.digest))
        if (row && credential) return { row, credential: credential.id }
      }
      return undefined
    }
    if (typeof read === 'string' || (read.kind !== 'token' && read.kind !== 'secret')) return undefined
    const row = await rows.find(credentialKey(read.id))
    const hash = row?.credentials.find(({ id }) => id === read.id)?.hash
    if (row === undefined || hash === undefined) return undefined
    return keys.matches(boundTo(row, read.id), hash, read.secret) ? { row, credential: read.id } : undefined
  }

  #newRow(call: string, given: Omit<NewConnection, 'method'>, method: Method): Row {
    const { settings, now } = this.#core
    requireTenant(call, given.tenant)
    requireActor(call, given.by)
    for (const name of ['provider', 'name'] as const) {
      const value = given[name]
      if (typeof value === 'string' ? value === '' : name === 'provider' || value !== undefined) {
        throw new SetupError(
          'ERR_SCIM_OPTION',
          `Member ${name} of connections.${call} must be a text that is not empty.`,
        )
      }
    }
    if (!settings.methods.includes(method)) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `Option credentials must name the method ${method} that a connection is to have.`,
      )
    }
    return {
      tenant: given.tenant,
      id: newConnectionId(),
      version: 1,
      provider: given.provider,
      name: given.name ?? given.provider,
      method,
      state: 'new',
      scopes: checkScopes(settings.scopes, given.scopes),
      compatibility: given.compatibility ?? null,
      created: { at: now(), by: given.by },
      credentials: [],
      invitations: [],
    }
  }

  async #change(
    call: string,
    { tenant, id, by }: ConnectionChange,
    events: readonly ConnectionEventName[],
    change: (row: Row, deed: Deed) => Row,
  ): Promise<Row> {
    requireTenantChoice(call, tenant)
    requireActor(call, by)
    const row = await this.#core.rows.change(tenant, id, (row) => {
      if (row.state === 'closed') throw new ConnectionsError('closed', 'The connection is closed; make a new one.')
      return change(row, { at: this.#core.now(), by })
    })
    announce(
      this.#core,
      row,
      by,
      events.map((name) => [name]),
    )
    return row
  }

  #made(row: Row, token: string | undefined): MadeCredential {
    const connection = this.view(row)
    if (row.method === 'token') return { connection, ...(token !== undefined && { token }) }
    return { connection, clientId: row.id, ...(token !== undefined && { clientSecret: token }) }
  }
}

function importedDigest(given: {
  readonly token?: unknown
  readonly digest?: { readonly algorithm?: unknown; readonly hex?: unknown }
}): string {
  const { token, digest } = given
  if (typeof token === 'string' && token.length >= 32) return sha256(token)
  const hex = digest?.algorithm === 'sha256' && typeof digest.hex === 'string' ? digest.hex.toLowerCase() : ''
  if (token === undefined && /^[0-9a-f]{64}$/.test(hex)) return hex
  throw new SetupError(
    'ERR_SCIM_OPTION',
    "Member token of connections.import must have 32 characters or more, or member digest must be { algorithm: 'sha256', hex }.",
  )
}

/** What happens at the identity provider while a connection is paused, for the button that does it. */
function consequenceOf(provider: string): string {
  if (provider === 'entra') {
    return 'Requests are refused. Microsoft Entra ID puts the job into quarantine, tries once a day, and turns it off after four weeks.'
  }
  if (provider.startsWith('okta')) {
    return 'Requests are refused. Okta lists each failed change under Dashboard › Tasks; retry them there after the pause.'
  }
  return 'Requests are refused. The identity provider shows errors until the connection is resumed, and may stop by itself.'
}
