import { checkGiven } from '../check-options.js'
import { type Connections, type Middleware, scimConnections } from '../connections/index.js'
import { type ScimRouter, scimRouter } from '../index.js'
import { type AuditTrail, auditTrail, type Journal, journal } from '../journal/index.js'
import {
  type AuthenticatePages,
  type CustomerIdentity,
  customerPages,
  type PagesOptions,
  type StaffIdentity,
  staffPages,
} from '../pages/index.js'
import { OPTIONS } from './option-table.js'
import type { ScimServiceOptions } from './options.js'
import { optionsOfParts } from './parts.js'

/** A whole service: the router with connections, log, audit trail and pages around it. */
export interface ScimService
  extends Middleware,
    Pick<ScimRouter, 'errors' | 'as' | 'settled' | 'describe' | 'openapi'> {
  /** The connections. */
  readonly connections: Connections
  /** The log of requests. */
  readonly log: Journal
  /** The audit trail. */
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
 * Puts the parts together: `scimConnections`, `journal`, `auditTrail`, `scimRouter`, `customerPages` and `staffPages`.
 * Its source shows how to take it apart. Throws a {@link SetupError} for a mistake in the options.
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
  checkGiven(options, OPTIONS, { owner: 'scimService', code: 'ERR_SCIM_OPTION' })
  const of = optionsOfParts(options)
  const connections = scimConnections(of.connections)
  const log = journal(of.log)
  const trail = auditTrail(of.trail)
  const scim = scimRouter({
    ...of.router,
    baseUrl: connections.baseUrl,
    authenticate: connections,
    tenants: 'required',
    on: [of.hooks, log, trail],
  })
  const pages: PagesOptions = { ...of.pages, scim, connections, log, trail }

  const { errors, as, settled, describe, openapi } = scim
  const middleware: Middleware = (request, response, next) => {
    connections.endpoint(request, response, (error) => (error ? next(error) : scim(request, response, next)))
  }
  return Object.assign(middleware, {
    ...{ connections, log, trail, errors, as, settled, describe, openapi },
    metadata: connections.metadata,
    customerPages: (authenticate: AuthenticatePages<CustomerIdentity>) => customerPages(authenticate, pages),
    staffPages: (authenticate: AuthenticatePages<StaffIdentity>) => staffPages(authenticate, pages),
    async migrate() {
      for (const part of [options.store, connections, log, trail]) await part.migrate?.()
    },
  })
}
