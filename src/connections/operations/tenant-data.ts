import type { InProcessClient, ScimRouter } from '../../index.js'
import { type Core, emitChange } from '../core/core.js'
import { requireActor, requireTenant } from '../store/tenant.js'
import { checkCall } from './call-table.js'
import { eachConnection, shown } from './place.js'
import { closeConnection } from './states.js'
import type { Connection } from './view.js'

/** One thing of a tenant, for a file of lines of JSON. */
export type ExportedRow =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'resource'; readonly resourceType: string; readonly resource: unknown }

/** The tenant, the person who asks, and the router that has the resources. */
export interface TenantData {
  /** The tenant whose data it is. */
  readonly tenant: string
  /** The person who makes the call. */
  readonly by: string
  /** Without it connections alone are exported or forgotten. */
  readonly scim?: Pick<ScimRouter, 'as' | 'describe'>
}

/** How far the end of a tenant has come. */
export interface ForgetResult {
  /** How many resources this call deleted. */
  readonly resources: number
  /** How many connections this call removed. */
  readonly connections: number
  /** False: call again. */
  readonly done: boolean
}

const PAGE = 100

interface ListMessage {
  readonly totalResults: number
  readonly Resources?: readonly { readonly id: string }[]
}

/** Exports and removes all data of a tenant. */
export class TenantDataKeeper {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  async *exportAll(given: TenantData): AsyncGenerator<ExportedRow> {
    checkCall('export', given)
    const { tenant, by, scim } = given
    requireTenant('export', tenant)
    requireActor('export', by)
    for await (const row of eachConnection(this.#core, tenant))
      yield { kind: 'connection', connection: shown(this.#core, row) }
    if (scim === undefined) return
    const client = scim.as({ tenant, actor: by, via: 'export' })
    for (const { name: resourceType, endpoint } of scim.describe().resourceTypes) {
      let startIndex = 1
      for (;;) {
        const { Resources = [], totalResults } = await list(
          client,
          `${endpoint}?startIndex=${startIndex}&count=${PAGE}`,
        )
        for (const resource of Resources) yield { kind: 'resource', resourceType, resource }
        startIndex += Resources.length
        // A page may be shorter than was asked for: the service has a limit of its own.
        if (Resources.length === 0 || startIndex > totalResults) break
      }
    }
  }

  async forget({
    tenant,
    by,
    scim,
    most = Number.POSITIVE_INFINITY,
  }: TenantData & { readonly most?: number }): Promise<ForgetResult> {
    requireTenant('forget', tenant)
    requireActor('forget', by)
    // First nothing new may come.
    for await (const { id, state } of this.#core.rows.each(tenant)) {
      if (state !== 'closed') await closeConnection(this.#core, { tenant, id, by })
    }
    const resources = scim === undefined ? 0 : await deleteResources(scim, tenant, by, most)
    if (resources >= most) return { resources, connections: 0, done: false }
    let connections = 0
    for await (const row of this.#core.rows.each(tenant)) {
      if (resources + connections >= most) return { resources, connections, done: false }
      if (!(await this.#core.rows.remove(tenant, row.id))) continue
      emitChange(this.#core, row, by, [{ name: 'connection.removed' }])
      connections += 1
    }
    return { resources, connections, done: true }
  }
}

/** Deletes at most so many resources of a tenant, first the types that refer to others; returns the number. */
async function deleteResources(
  scim: Pick<ScimRouter, 'as' | 'describe'>,
  tenant: string,
  actor: string,
  most: number,
): Promise<number> {
  const client = scim.as({ tenant, actor, via: 'forget' })
  let count = 0
  // Groups are declared behind users, and refer to them.
  for (const { endpoint } of [...scim.describe().resourceTypes].reverse()) {
    const deleted = new Set<string>()
    for (;;) {
      if (count >= most) return count
      const page = Math.min(PAGE, most - count)
      const { Resources = [] } = await list(client, `${endpoint}?count=${page}&attributes=id`)
      const ids = Resources.map(({ id }) => id).filter((id) => !deleted.has(id))
      // A store that still shows resources after their delete has no others to give.
      if (ids.length === 0) break
      for (const id of ids) {
        const { status } = await client.request({ method: 'DELETE', path: `${endpoint}/${encodeURIComponent(id)}` })
        if (status !== 204 && status !== 404) throw new Error(`DELETE of ${endpoint} was answered with ${status}.`)
        deleted.add(id)
        count += 1
      }
    }
  }
  return count
}

async function list(client: InProcessClient, path: string): Promise<ListMessage> {
  const { status, body } = await client.request({ method: 'GET', path })
  if (status !== 200) throw new Error(`GET of ${path.split('?')[0]} was answered with ${status}.`)
  return body as ListMessage
}
