import { type Authenticate, type AuthenticationScheme, SetupError } from '../index.js'
import { type Core, coreOf } from './core/core.js'
import type { ConnectionIdentity } from './core/identity.js'
import { authenticateBy } from './credentials/authenticate.js'
import { loadJose } from './federated/jose.js'
import { type Middleware, Paths } from './oauth/endpoint.js'
import { metadataOf } from './oauth/metadata.js'
import { tokenEndpoint } from './oauth/token-endpoint.js'
import { ALGORITHMS, assertionVerifier } from './oauth/verify-assertion.js'
import { type CallName, checkCall } from './operations/call-table.js'
import {
  createConnection,
  type ImportedToken,
  importToken,
  type MadeCredential,
  type NewConnection,
} from './operations/create.js'
import { Invitations } from './operations/invitations.js'
import { reportLeak } from './operations/leak.js'
import {
  type ConnectionChange,
  type ConnectionPlace,
  eachConnection,
  getConnection,
  listConnections,
} from './operations/place.js'
import { type NewRecording, recordConnection, stopRecording } from './operations/recording.js'
import { type Rotation, revokeCredential, rotateCredential } from './operations/rotate.js'
import { closeConnection, type PausedConnection, pauseConnection, resumeConnection } from './operations/states.js'
import { TenantDataKeeper } from './operations/tenant-data.js'
import { endTest, startTest } from './operations/testing.js'
import { type ConnectionUpdate, updateConnection } from './operations/update.js'
import type { Connection } from './operations/view.js'
import { type ConnectionsOptions, settingsOf } from './options/options.js'
import { schemesOf } from './options/schemes.js'
import { isUsable } from './store/record.js'
import { ALL_TENANTS } from './store/tenant.js'
import { tokenPattern } from './tokens/token-text.js'

/**
 * The connections of all tenants, with their credentials. It is the function that `scimRouter` gets as `authenticate`,
 * and has the calls for pages and support. Each call that names a connection names its tenant too; a connection of
 * another tenant is unknown. Calls reject with a {@link ConnectionsError}, or a {@link SetupError} for a wrong
 * argument.
 */
export interface Connections {
  (credentials: Parameters<Authenticate>[0]): ReturnType<Authenticate<ConnectionIdentity>>
  /** The authentication schemes that ServiceProviderConfig shows; the router reads them here. */
  readonly schemes: readonly AuthenticationScheme[]
  /**
   * Middleware in front of the router, at the same path: `app.use('/scim/v2', connections.endpoint, scim)`. It makes
   * the URL of each connection work, and answers token requests at `<url>/oauth/token` if `credentials` names `oauth`
   * or `federated`.
   */
  readonly endpoint: Middleware
  /**
   * Middleware for the root of the application, `app.use(connections.metadata)`: RFC 8414 metadata, whose path lies
   * there.
   */
  readonly metadata: Middleware
  /**
   * For the option `baseUrl` of the router: locations lie below the URL that was asked, `<url>` or that of a
   * connection. With another `baseUrl` all lie below that one, which works as well.
   */
  readonly baseUrl: (request: unknown) => string
  /** Makes a connection and its first credential. Only this result has the secret. */
  readonly create: (connection: NewConnection) => Promise<MadeCredential>
  /** A connection; undefined if the tenant has none of this id. */
  readonly get: (place: ConnectionPlace) => Promise<Connection | undefined>
  /** The connections of a tenant; of all with `ALL_TENANTS`. */
  readonly list: (place: Pick<ConnectionPlace, 'tenant'>) => Promise<readonly Connection[]>
  /** Changes names, scopes, tolerances and the notes of the set-up. */
  readonly update: (update: ConnectionUpdate) => Promise<Connection>
  /**
   * Makes another credential. The one in use ends when the new one has been used and the overlap is over, never before;
   * `overlap: '0s'` ends it at once.
   */
  readonly rotate: (rotation: Rotation) => Promise<MadeCredential>
  /** Ends one credential, or all of them: 401 at once in this process, within `cacheTime` in others. */
  readonly revoke: (change: ConnectionChange & { readonly credential?: string }) => Promise<Connection>
  /**
   * Puts a connection into the state `testing`: the identity provider may read as before, but write only the test
   * people, who are named by up to five user names or e-mail addresses. Every other write is 403 and stores nothing.
   * Called again, it replaces the names.
   */
  readonly startTest: (change: ConnectionChange & { readonly people: readonly string[] }) => Promise<Connection>
  /** Ends the test: from now on everybody is let through. The names of the test people are forgotten. */
  readonly endTest: (change: ConnectionChange) => Promise<Connection>
  /** Refuses all requests until `resume`; returns a sentence about the reaction of the identity provider. */
  readonly pause: (change: ConnectionChange & { readonly reason?: string }) => Promise<PausedConnection>
  /** Accepts the requests of a paused connection again. */
  readonly resume: (change: ConnectionChange) => Promise<Connection>
  /**
   * Passes the requests of a connection and their answers to `on.exchange` of the router for a time, 15 minutes by
   * default: in this process at once, within `cacheTime` in others. It ends by itself everywhere.
   */
  readonly record: (recording: NewRecording) => Promise<Connection>
  /** Ends a recording before its time. */
  readonly stopRecording: (change: ConnectionChange) => Promise<Connection>
  /** Ends a connection for good. The application decides about the people that came by it. */
  readonly close: (change: ConnectionChange) => Promise<Connection>
  /**
   * Takes over a token that the application has given out, by its SHA-256 or as it is. It must not begin with the
   * option `prefix`. Rejects with a `ConnectionsError` of code `taken` if a connection of any tenant has it.
   */
  readonly import: (token: ImportedToken) => Promise<{ readonly connection: Connection }>
  /**
   * Ends a leaked token, and emits `credential.leaked`. A token, client secret or imported token is
   * revoked, an invitation taken back. An access token ends together with all others that were made by its client
   * secret, which stays.
   *
   * @returns false if the token is none of these, or has ended.
   */
  readonly reportLeak: (token: string) => Promise<boolean>
  /** Makes a link for an administrator without an account: one connection, its credentials. */
  readonly invite: Invitations['invite']
  /** The rights of the token of an invitation; undefined if it has ended. */
  readonly invitation: Invitations['invitation']
  /** Takes an invitation back. */
  readonly uninvite: Invitations['uninvite']
  /** All data of a tenant: its connections, and with `scim` its resources. Write it as lines of JSON. */
  readonly export: TenantDataKeeper['exportAll']
  /**
   * Ends a tenant: closes its connections, deletes its resources by the router (`scim`) with events and hooks, and
   * removes the connections. It stops after `most` resources and connections; call it again until `done`.
   */
  readonly forget: TenantDataKeeper['forget']
  /** Finds tokens in texts: for secret scanners. */
  readonly pattern: RegExp
  /**
   * How many digests are stored under which key, by the names of keys: a secret may be left out of the option `secret`
   * when its key has none.
   */
  readonly describe: () => Promise<{ readonly newest: string; readonly keys: Readonly<Record<string, number>> }>
  /** Makes the tables of the store, and refuses to start without a secret that is still needed. */
  readonly migrate: () => Promise<void>
}

/**
 * Makes the connections of a service. Throws a {@link SetupError} for a mistake in the options.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { scimRouter } from 'express-scim'
 * import { memoryStore, scimConnections } from 'express-scim/connections'
 * import { memoryAdapters } from 'express-scim/memory'
 *
 * const { users, groups } = memoryAdapters()
 * const connections = scimConnections({
 *   store: memoryStore(),
 *   secret: process.env.SCIM_SECRET,
 *   url: 'https://app.example/scim/v2',
 * })
 * const scim = scimRouter({
 *   authenticate: connections,
 *   tenants: 'required',
 *   resources: { User: { adapter: users }, Group: { adapter: groups } },
 * })
 * express().use('/scim/v2', connections.endpoint, scim)
 *
 * export const made = await connections.create({ tenant: 'acme', provider: 'entra', by: 'user 1' })
 * // made.connection.url and made.token go to the identity provider
 * ```
 */
export function scimConnections(options: ConnectionsOptions): Connections {
  const settings = settingsOf(options)
  const core = coreOf(settings)
  const invitations = new Invitations(core)
  const keeper = new TenantDataKeeper(core)
  const paths = new Paths()
  const checked =
    <Given, Result>(name: CallName, call: (given: Given) => Promise<Result>) =>
    async (given: Given): Promise<Result> => {
      checkCall(name, given)
      return call(given)
    }
  const withCore = <Given, Result>(name: CallName, call: (core: Core, given: Given) => Promise<Result>) =>
    checked(name, (given: Given) => call(core, given))
  const hasOAuth = settings.methods.includes('oauth') || settings.methods.includes('federated')

  const describe: Connections['describe'] = async () => {
    const counts: Record<string, number> = {}
    const now = core.now()
    for await (const row of eachConnection(core, ALL_TENANTS)) {
      const open = row.invitations.filter(({ expires, revoked }) => !revoked && expires > now)
      for (const { hash } of [...row.credentials.filter((each) => isUsable(row, each, now)), ...open]) {
        if (hash) counts[hash.key] = (counts[hash.key] ?? 0) + 1
      }
    }
    return { newest: core.keys.newest, keys: counts }
  }
  const migrate = async (): Promise<void> => {
    await core.rows.migrate()
    if (settings.methods.includes('federated')) await loadJose()
    const missing = Object.keys((await describe()).keys).find((name) => !core.keys.has(name))
    if (missing === undefined) return
    throw new SetupError(
      'ERR_SCIM_SECRET',
      `Option secret lacks the secret of key ${missing}, under which credentials are stored. Add it behind the newer one.`,
    )
  }

  return Object.assign(authenticateBy(core, paths.of), {
    schemes: schemesOf(settings.methods),
    endpoint: paths.middleware(
      hasOAuth ? [tokenEndpoint({ core, verifyAssertion: assertionVerifier(core), connectionOf: paths.of })] : [],
    ),
    metadata: metadataOf(settings, ALGORITHMS),
    baseUrl: (request: unknown) => {
      const connection = paths.of(request)
      return connection === undefined ? settings.url : `${settings.url}/${connection}`
    },
    create: withCore('create', createConnection),
    get: withCore('get', getConnection),
    list: withCore('list', listConnections),
    update: withCore('update', updateConnection),
    rotate: withCore('rotate', rotateCredential),
    revoke: withCore('revoke', revokeCredential),
    startTest: withCore('startTest', startTest),
    endTest: withCore('endTest', endTest),
    pause: withCore('pause', pauseConnection),
    resume: withCore('resume', resumeConnection),
    record: withCore('record', recordConnection),
    stopRecording: withCore('stopRecording', stopRecording),
    close: withCore('close', closeConnection),
    import: withCore('import', importToken),
    reportLeak: (token: string) => reportLeak(core, token),
    invite: checked('invite', invitations.invite.bind(invitations)),
    invitation: invitations.invitation.bind(invitations),
    uninvite: checked('uninvite', invitations.uninvite.bind(invitations)),
    export: keeper.exportAll.bind(keeper),
    forget: checked('forget', keeper.forget.bind(keeper)),
    pattern: tokenPattern(settings.prefix),
    describe,
    migrate,
  })
}
