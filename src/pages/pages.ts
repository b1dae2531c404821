import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from '../connections/index.js'
import { answerApi } from './api.js'
import {
  type AuthenticatePages,
  type CustomerIdentity,
  type PagesOptions,
  type Settings,
  type StaffIdentity,
  settingsOf,
} from './request/options.js'
import { customerOf, type FindVisitor, staffOf } from './request/visitor.js'
import { files, headersOf, type PageFile, shellOf } from './shell.js'

/**
 * Pages for the administrators of one customer: middleware for Express 4 and 5, mounted at any path behind the sign-in
 * of the application. The tenant comes from `authenticate` alone; without an identity, and without its `tenant`,
 * everything is 403. Throws a `SetupError` for a mistake in the options.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { scimRouter } from 'express-scim'
 * import { memoryStore, scimConnections } from 'express-scim/connections'
 * import { journal, memoryLog } from 'express-scim/journal'
 * import { memoryAdapters } from 'express-scim/memory'
 * import { customerPages } from 'express-scim/pages'
 *
 * const url = 'https://app.example/scim/v2'
 * const secret = process.env.SCIM_SECRET
 * const connections = scimConnections({ store: memoryStore(), secret, url })
 * const log = journal({ store: memoryLog(), secret })
 * const { users, groups } = memoryAdapters()
 * const scim = scimRouter({
 *   authenticate: connections,
 *   tenants: 'required',
 *   resources: { User: { adapter: users }, Group: { adapter: groups } },
 *   on: [log],
 * })
 * const pages = customerPages(
 *   ({ user }) => user?.isAdmin && { tenant: user.orgId, actor: user.id, can: ['read', 'people', 'credentials'] },
 *   { scim, connections, log, url, product: { name: 'Acme' } },
 * )
 * express().use('/scim/v2', connections.endpoint, scim).use('/settings/scim', pages)
 * ```
 */
export function customerPages(authenticate: AuthenticatePages<CustomerIdentity>, options: PagesOptions): Middleware {
  const settings = settingsOf('customerPages', authenticate, options)
  return pagesOf(settings, customerOf(authenticate, settings), true)
}

/**
 * Pages for your own staff, over all customers: the same, with the tenant in the URL. An identity with a `tenant` is
 * refused. Staff write a reason before they look at people, and the customer reads it. Throws a `SetupError` for a
 * mistake in the options.
 */
export function staffPages(authenticate: AuthenticatePages<StaffIdentity>, options: PagesOptions): Middleware {
  const settings = settingsOf('staffPages', authenticate, options)
  return pagesOf(settings, staffOf(authenticate), false)
}

/** The members of a request that Express sets below a mount path. */
type MountedRequest = IncomingMessage & { readonly originalUrl?: string }

function pagesOf(settings: Settings, findVisitor: FindVisitor, invites: boolean): Middleware {
  const headers = headersOf(settings)
  const shell = shellOf(settings, './')
  const invitation = shellOf(settings, '../')
  const api = answerApi(settings, findVisitor)

  return (request, response, next) => {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '')
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (path.startsWith('/api/')) {
      void api(request, response, path.slice('/api/'.length))
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      return
    }
    const file = files[path]
    if (file !== undefined) return send(request, response, file)
    if (invites && path === '/i/') return send(request, response, invitation)
    if (path !== '/') return next()
    // Below a path without a slash at its end, relative URLs would lead beside the pages.
    const last = withoutSlash(request)
    if (last !== undefined) return redirect(response, `${last}/`)
    // A visitor without a permission gets the empty page, which says so in words.
    findVisitor(request).then(
      () => send(request, response, shell),
      () => send(request, response, shell, 403),
    )
  }
}

/** The last segment of the URL, if it does not end in a slash. */
function withoutSlash({ originalUrl, url = '/' }: MountedRequest): string | undefined {
  const path = (originalUrl ?? url).replace(/[?#].*$/s, '')
  return path.endsWith('/') ? undefined : path.slice(path.lastIndexOf('/') + 1)
}

function redirect(response: ServerResponse, place: string): void {
  // Relative, since a proxy may have stripped a prefix: the browser knows the whole URL.
  response.writeHead(302, { Location: `./${place}`, 'Cache-Control': 'no-store' }).end()
}

function send({ method }: IncomingMessage, response: ServerResponse, file: PageFile, status = 200): void {
  const { type, text, cache } = file
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': cache,
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(method === 'HEAD' ? undefined : text)
}
