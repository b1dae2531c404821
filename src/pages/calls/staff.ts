import { LIMITS, type LimitName } from '../../index.js'
import { ALL_TENANTS } from '../../journal/index.js'
import type { ConnectionView, TenantRow } from '../contract/contract.js'
import type { Handlers } from '../request/call.js'
import { viewOf } from '../views/connection.js'
import { lastHour } from '../views/health.js'

/** The worst first. */
const ORDER: readonly ConnectionView['health']['state'][] = [
  'lockedOut',
  'failing',
  'silent',
  'late',
  'paused',
  'waiting',
  'good',
  'closed',
]

/** The data that staff see of all tenants. */
export const staffCalls: Handlers<'getService' | 'listTenants'> = {
  async getService({ settings }) {
    const { scim, log, connections, url } = settings
    const { resourceTypes, tolerances, limits } = scim.describe()
    const { keys } = await connections.describe()
    return {
      url,
      resourceTypes,
      tolerances,
      limits: Object.entries(LIMITS).map(([name, { unit, description }]) => ({
        name,
        value: limits[name as LimitName],
        unit,
        description,
      })),
      dropped: log.dropped(),
      keys,
    }
  },

  async listTenants({ settings }) {
    const [connections, hour] = await Promise.all([
      settings.connections.list({ tenant: ALL_TENANTS }),
      lastHour(settings, ALL_TENANTS),
    ])
    const byTenant = new Map<string, ConnectionView[]>()
    for (const connection of connections) {
      const own = byTenant.get(connection.tenant) ?? []
      own.push(viewOf(settings, connection, hour.get(connection.id)))
      byTenant.set(connection.tenant, own)
    }
    const tenants = [...byTenant].map(([tenant, all]): TenantRow => {
      const own = all.sort((one, other) => rankOf(one) - rankOf(other))
      return { tenant, state: (own[0] as ConnectionView).health, connections: own }
    })
    return { tenants: tenants.sort((one, other) => rankOf(one.connections[0]) - rankOf(other.connections[0])) }
  },
}

function rankOf(connection: ConnectionView | undefined): number {
  return connection === undefined ? ORDER.length : ORDER.indexOf(connection.health.state)
}
