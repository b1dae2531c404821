import type { HookContext, Identity, RequestReport } from '../../index.js'
import type { LogEntry, LoggedOperation } from './entry.js'
import { ownText } from './own-texts.js'
import { type IsId, idShape, nameShape } from './shape.js'

const MOST_OPERATIONS = 100
const UNKNOWN_AGENT = 100
const ASCII = /^[\x00-\x7f]*$/
const NONE: readonly never[] = Object.freeze([])

/** The connection of a request, and its path as the log keeps it. */
export interface Shown {
  readonly connection: string
  readonly path: string
}

/** The entry of a request that was authenticated, but for `persons`. */
export function entryOf(report: RequestReport, key: string, { connection, path }: Shown, isId: IsId): LogEntry {
  const { status, changes } = report
  // The host has the report too, and may change what it got.
  const time = new Date(report.time)
  const tenant = report.tenant ?? ''
  const isKnown = status < 400
  return {
    key,
    id: report.id,
    clientId: report.clientId,
    time,
    ms: report.ms,
    tenant,
    connection,
    method: report.method.slice(0, 20),
    path,
    query: report.query,
    status,
    code: report.code?.slice(0, 100) ?? '',
    scimType: report.scimType,
    attribute: nameShape(report.attribute),
    text: ownText(report.detail),
    refusal: undefined,
    action: report.action,
    resourceType: report.resourceType,
    resourceId: idShape(report.resourceId, isKnown, isId),
    count: report.count,
    changes: changes && {
      attributes: changes.attributes.slice(0, 100),
      members: changes.members && {
        added: changes.members.added.map((id) => idShape(id, isKnown, isId) ?? ''),
        removed: changes.members.removed.map((id) => idShape(id, isKnown, isId) ?? ''),
        more: changes.members.more,
      },
    },
    bulk: report.bulk && operationsOf(report.bulk, isId),
    tolerated:
      report.tolerated.length === 0
        ? NONE
        : report.tolerated.map(({ name, attribute }) => ({ name, attribute: nameShape(attribute) })),
    tolerances: report.tolerances.length === 0 ? NONE : [...report.tolerances],
    userAgent: report.userAgent,
    provider: report.provider,
    via: report.via,
    persons: NONE,
    times: 1,
    last: time,
  }
}

/**
 * The entry of requests that were not authenticated: the connection whose credentials were named, the reason of the refusal, and no
 * text of the client's but its user agent and the end of a token that was cut. Anybody can send them.
 */
export function refusedEntry(report: RequestReport, key: string): LogEntry {
  const { refusal } = report
  const time = new Date(report.time)
  return {
    key,
    id: report.id,
    clientId: undefined,
    time,
    ms: report.ms,
    tenant: report.tenant ?? '',
    connection: refusal?.subject ?? '',
    method: '',
    path: '',
    query: undefined,
    status: report.status,
    code: report.code?.slice(0, 100) ?? '',
    scimType: undefined,
    attribute: undefined,
    text: undefined,
    refusal: refusal && {
      reason: refusal.reason.slice(0, 100),
      ...(refusal.ending !== undefined && { ending: refusal.ending.slice(-4) }),
    },
    action: undefined,
    resourceType: undefined,
    resourceId: undefined,
    count: undefined,
    changes: undefined,
    bulk: undefined,
    tolerated: NONE,
    tolerances: NONE,
    userAgent: report.userAgent?.slice(0, UNKNOWN_AGENT),
    provider: report.provider,
    via: report.via,
    persons: NONE,
    times: 1,
    last: time,
  }
}

/** The names of people that a request says, as they are compared. */
export function namesIn(context: HookContext): readonly string[] {
  return context.identifiers().map(({ value }) => normalName(value))
}

/** A name as it is compared. */
export function normalName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : name.normalize('NFKC').toLowerCase()
}

/** The id of the connection that an identity is of; its subject if it has none. */
export function connectionOf(auth: Identity | undefined): string {
  const { connection, subject } = (auth ?? {}) as { readonly connection?: unknown; readonly subject?: unknown }
  if (typeof connection === 'string') return connection
  const id = (connection as { readonly id?: unknown } | null | undefined)?.id
  if (typeof id === 'string') return id
  return typeof subject === 'string' ? subject : ''
}

function operationsOf(operations: NonNullable<RequestReport['bulk']>, isId: IsId): readonly LoggedOperation[] {
  const failed = operations.filter(({ status }) => status >= 400)
  const done = operations.filter(({ status }) => status < 400)
  return [...failed, ...done].slice(0, MOST_OPERATIONS).map(({ method, resourceType, resourceId, ...rest }) => ({
    method: method?.slice(0, 20),
    resourceType,
    resourceId: idShape(resourceId, rest.status < 400, isId),
    status: rest.status,
    code: rest.code?.slice(0, 100),
    attribute: nameShape(rest.attribute),
  }))
}
