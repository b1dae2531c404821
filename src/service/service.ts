import { type Connections, type Middleware, scimConnections } from '../connections/index.js'
import { type ScimRouter, SetupError, scimRouter } from '../index.js'
import { type AuditTrail, auditTrail, type Journal, journal } from '../journal/index.js'
import {
  type AuthenticatePages,
  type CustomerIdentity,
  customerPages,
  type PagesOptions,
  type StaffIdentity,
  staffPages,
} from '../pages/index.js'
import { cursorSecrets } from './cursor-secrets.js'
import { apart } from './hooks.js'
import type { ScimServiceOptions } from './options.js'

/** A whole service: the router with connections, log, audit trail and pages around it. */
export interface ScimService
  extends Middleware,
    Pick<ScimRouter, 'errors' | 'as' | 'settled' | 'describe' | 'openapi'> {
  readonly connections: Connections
  readonly log: Journal
  readonly trail: AuditTrail
  /** Middleware for the root of the application, for OAuth: RFC 8414 metadata. */
  readonly metadata: Middleware
  /** Pages for the administrators of one customer. */
  readonly customerPages: (authenticate: AuthenticatePages<CustomerIdentity>) => Middleware
  /** Pages for your own staff. */
  readonly staffPages: (authenticate: AuthenticatePages<StaffIdentity>) => Middleware
  /** Makes all tables, and refuses to start without a secret that is still needed. */
  readonly migrate: () => Promise<void>
}

/**
 * Puts the parts together: `scimConnections`, `journal`, `auditTrail`, `scimRouter`, `customerPages` and `staffPages`. Its source shows
 * how to take it apart. Throws a {@link SetupError} for a mistake in the options.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { memoryAdapters } from 'express-scim/memory'
 * import { memoryStores, scimService } from 'express-scim/service'
 *
 * const { users, groups } = memoryAdapters()
 * const scim = scimService({
 *   store: memoryStores({ User: { adapter: users }, Group: { adapter: groups } }),
 *   secret: process.env.SCIM_SECRET,
 *   url: 'https://app.example/scim/v2',
 *   product: { name: 'Acme', support: 'help@acme.example' },
 *   on: { 'user.deactivated': ({ tenant, id }) => console.log('end the sessions of', tenant, id) },
 * })
 * await scim.migrate()
 * const app = express()
 * app.use('/scim/v2', scim)
 * app.use('/settings/scim', scim.customerPages(({ user }) => user?.isAdmin && { tenant: user.orgId, actor: user.id, can: ['read'] }))
 * app.use('/admin/scim', scim.staffPages(({ user }) => user?.isStaff && { actor: user.id }))
 * ```
 */
export function scimService(options: ScimServiceOptions): ScimService {
  const {
    store,
    resources = store?.resources,
    secret,
    url,
    on = {},
    onError,
    ids,
    strict = false,
    router = {},
  } = options
  const { product, confirm, people, guides, colours, texts, frameAncestors, ...rest } = options
  if (resources === undefined) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option resources of scimService is missing, and its store has none.')
  }
  const {
    store: _store,
    resources: _resources,
    onError: _onError,
    ids: _ids,
    strict: _strict,
    router: _router,
    ...of
  } = rest
  const told = (error: unknown): void =>
    onError?.(error instanceof Error ? error : new Error('A part has failed.', { cause: error }))
  const [ofConnections, ofRouter] = apart(on)
  const connections = scimConnections({ ...of, store: store.connections, on: { ...ofConnections, error: told } })
  const log = journal({ store: store.log, secret, ...(ids && { ids }), onError: told })
  const trail = auditTrail({ store: store.audit, secret, strict })
  const transaction = store.transaction
  const all = {
    cursor: { secrets: cursorSecrets(secret) },
    ...(transaction && { transaction }),
    ...router,
    authenticate: connections,
    tenants: 'required' as const,
    baseUrl: connections.baseUrl,
    resources,
    on: [ofRouter, log, trail],
  }
  // The types of the resources are lost in options that are passed on; the router checks them at start.
  const scim = scimRouter(all as never)
  const pages: PagesOptions = {
    scim,
    connections,
    log,
    trail,
    url,
    product,
    ...(options.credentials && { credentials: options.credentials }),
    ...(confirm && { confirm }),
    ...(people && { people }),
    ...(guides && { guides }),
    ...(colours && { colours }),
    ...(texts && { texts }),
    ...(frameAncestors && { frameAncestors }),
    on: { error: told },
  }
  const middleware: Middleware = (request, response, next) => {
    connections.endpoint(request, response, (error) => (error ? next(error) : scim(request, response, next)))
  }
  return Object.assign(middleware, {
    errors: scim.errors,
    as: scim.as,
    settled: scim.settled,
    describe: scim.describe,
    openapi: scim.openapi,
    connections,
    log,
    trail,
    metadata: connections.metadata,
    customerPages: (authenticate: AuthenticatePages<CustomerIdentity>) => customerPages(authenticate, pages),
    staffPages: (authenticate: AuthenticatePages<StaffIdentity>) => staffPages(authenticate, pages),
    async migrate() {
      await store.migrate?.()
      await connections.migrate()
      await log.migrate()
      await trail.migrate()
    },
  })
}
