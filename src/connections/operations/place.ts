import { type Core, emitChange } from '../core/core.js'
import type { EventDraft } from '../options/events.js'
import { ConnectionsError } from '../store/errors.js'
import type { Deed, Row } from '../store/record.js'
import { requireActor, requireTenantChoice, type TenantChoice } from '../store/tenant.js'
import { isGone, removeGone } from './retention.js'
import { type Connection, viewOf } from './view.js'

/** Names a connection: never without its tenant. */
export interface ConnectionPlace {
  /** The tenant of the connection; `ALL_TENANTS` for calls of your own staff. */
  readonly tenant: TenantChoice
  /** Id of the connection. */
  readonly id: string
}

/** A change of a connection, and the person who makes it. */
export interface ConnectionChange extends ConnectionPlace {
  /** The person or part of the application that makes the change. */
  readonly by: string
}

/** A connection; undefined if the tenant has none of this id. */
export async function getConnection(core: Core, { tenant, id }: ConnectionPlace): Promise<Connection | undefined> {
  requireTenantChoice('get', tenant)
  const row = await core.rows.get(tenant, id)
  if (row === undefined) return undefined
  if (!isGone(core, row)) return shown(core, row)
  await removeGone(core, [row])
  return undefined
}

/** The connections of a tenant, or of all. */
export async function listConnections(
  core: Core,
  { tenant }: Pick<ConnectionPlace, 'tenant'>,
): Promise<readonly Connection[]> {
  requireTenantChoice('list', tenant)
  const connections: Connection[] = []
  for await (const row of eachConnection(core, tenant)) connections.push(shown(core, row))
  return connections
}

/** The rows of a tenant, or of all, without connections that count as gone; it removes some of these. */
export async function* eachConnection(core: Core, tenant: TenantChoice): AsyncGenerator<Row> {
  const gone: Row[] = []
  for await (const row of core.rows.each(tenant)) {
    if (isGone(core, row)) gone.push(row)
    else yield row
  }
  await removeGone(core, gone)
}

/** The part of a row that callers get. */
export function shown({ settings, now }: Core, row: Row): Connection {
  return viewOf(row, settings.url, now())
}

/**
 * Changes a connection that is not closed, and emits the events.
 *
 * @param events The events; a function of the changed row if they depend on it.
 */
export async function changeConnection(
  core: Core,
  call: string,
  { tenant, id, by }: ConnectionChange,
  change: (row: Row, deed: Deed) => Row,
  events: readonly EventDraft[] | ((row: Row) => readonly EventDraft[]),
): Promise<Row> {
  requireTenantChoice(call, tenant)
  requireActor(call, by)
  const row = await core.rows.change(tenant, id, (current) => {
    requireOpen(current)
    return change(current, { at: core.now(), by })
  })
  emitChange(core, row, by, typeof events === 'function' ? events(row) : events)
  return row
}

export function requireOpen({ state }: Row): void {
  if (state === 'closed') throw new ConnectionsError('closed', 'The connection is closed; make a new one.')
}
