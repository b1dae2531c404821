import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConnectionsError } from '../connections/index.js'
import { calls } from './calls/index.js'
import type { RouteName } from './contract/contract.js'
import { type Route, routeEntries } from './contract/routes.js'
import type { Call } from './request/call.js'
import { forbidden, notFound, PagesFailure } from './request/failure.js'
import { findRoute } from './request/find-route.js'
import { confirmed, limitCredentials, reasonOf } from './request/guards.js'
import type { Settings } from './request/options.js'
import { bodyOf, queryOf, readerOf } from './request/read-call.js'
import { isFromPages } from './request/same-origin.js'
import type { FindVisitor, Visitor } from './request/visitor.js'

const readers = new Map(
  routeEntries.map(([name, { query, body }]) => [
    name,
    { query: query && readerOf(query, 'query'), body: body && readerOf(body, 'body') },
  ]),
)

/** Answers the requests below `api/`. */
export function answerApi(
  settings: Settings,
  findVisitor: FindVisitor,
): (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void> {
  return async (request, response, path) => {
    try {
      const visitor = await findVisitor(request)
      const { status, body } = await answerOf(settings, visitor, request, path)
      sendJson(response, status, body)
    } catch (error) {
      sendFailure(response, failureOf(error, settings, request))
    }
  }
}

async function answerOf(
  settings: Settings,
  visitor: Visitor,
  request: IncomingMessage,
  path: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const { name, route, params, tenant } = findRoute(request.method ?? '', path, visitor.audience === 'staff')
  const isChange = route.method !== 'GET'
  if (isChange && !isFromPages(request, settings.origin)) {
    throw forbidden('A change must come from the pages: with the header X-Scim-Pages: 1, from the same origin.')
  }
  permit(visitor, route, params)
  const own = visitor.tenant ?? tenant ?? ''
  // A connection of another tenant is unknown to every route.
  if (params.connection !== undefined) await requireConnection(settings, own, params.connection)
  const reason = reasonOf(request, visitor, route, settings)
  const reader = readers.get(name)
  const query = reader?.query?.({ ...queryOf(request) })
  const body = reader?.body?.(await bodyOf(request))
  const call = {
    settings,
    visitor,
    tenant: own,
    params,
    query,
    body,
    reason,
    request,
  }
  if (MAKES.has(name)) await limitCredentials(settings, visitor, own)
  if (route.confirm) await confirmed(settings, { request, action: name, tenant: own, actor: visitor.actor })
  const handler = calls[name] as (call: Call<RouteName>) => unknown
  return { status: route.status, body: await handler(call as Call<RouteName>) }
}

/** Routes that make credentials, or links to make them. */
const MAKES: ReadonlySet<RouteName> = new Set<RouteName>(['createConnection', 'rotateCredential', 'invite'])

async function requireConnection({ connections }: Settings, tenant: string, id: string): Promise<void> {
  if ((await connections.get({ tenant, id })) === undefined) throw notFound()
}

function permit(visitor: Visitor, route: Route, params: Readonly<Record<string, string>>): void {
  if (visitor.audience === 'invited') {
    if (route.invited !== true) throw forbidden('The invitation is for setting up one connection.')
    if ('connection' in params && params.connection !== visitor.connection) throw notFound()
    return
  }
  if (route.can === 'any' || visitor.can.includes(route.can)) return
  throw forbidden(`You may not do this: it needs the permission "${route.can}".`)
}

function failureOf(error: unknown, { on }: Settings, request: IncomingMessage): PagesFailure {
  const failure = knownFailure(error)
  if (failure !== undefined && failure.status !== 403) return failure
  on?.error?.(error instanceof Error ? error : new Error('The pages have failed.', { cause: error }), { request })
  return (
    failure ?? new PagesFailure(500, 'failed', 'Something went wrong on our side. Try it again, or ask the support.')
  )
}

const STATUS_OF: Readonly<Record<string, number>> = { unknown: 404, federation: 400 }

function knownFailure(error: unknown): PagesFailure | undefined {
  if (error instanceof PagesFailure) return error
  if (!(error instanceof ConnectionsError)) return undefined
  if (error.code === 'unknown') return notFound()
  return new PagesFailure(STATUS_OF[error.code] ?? 409, error.code, error.message)
}

function sendFailure(response: ServerResponse, { status, code, message, url }: PagesFailure): void {
  sendJson(response, status, { code, message, url })
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}
