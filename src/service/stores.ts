import { checkGiven } from '../check-options.js'
import { type ConnectionStore, memoryStore, sqlStore } from '../connections/index.js'
import type { SqlDatabase } from '../database/sql-database.js'
import type { ScimRouterOptions } from '../index.js'
import { type AuditStore, type LogStore, memoryAudit, memoryLog, sqlAudit, sqlLog } from '../journal/index.js'
import { STORES } from './option-table.js'

/** Where a service keeps everything. */
export interface ServiceStores {
  /** The store of connections. */
  readonly connections: ConnectionStore
  /** The store of the log. */
  readonly log: LogStore
  /** The store of the audit trail. */
  readonly audit: AuditStore
  /** Where people and groups are kept, unless the option `resources` says so. */
  readonly resources?: ScimRouterOptions['resources']
  /** The option `transaction` of the router; undefined: no transactions. */
  readonly transaction?: ScimRouterOptions['transaction'] | undefined
  /** Makes the tables of the resources. Those of the others make theirs. */
  readonly migrate?: (() => Promise<unknown>) | undefined
}

/** The members of `postgresAdapters`, `sqliteAdapters` and `memoryAdapters` that a service needs. */
export interface ResourceStores {
  /** The option `resources` of the router. */
  readonly resources?: ScimRouterOptions['resources']
  /** The option `transaction` of the router. */
  readonly transaction?: ScimRouterOptions['transaction'] | undefined
  /** Makes the tables. */
  readonly migrate?: () => Promise<unknown>
}

/**
 * Connections, log and audit trail in one SQL database, beside the resources of `adapters`.
 *
 * @param options `database` is made by `postgresDatabase` or `sqliteDatabase`; `adapters` by `postgresAdapters` or
 * `sqliteAdapters` over the same database. Without `adapters` the option `resources` of the service is required.
 *
 * @example
 * ```ts
 * import { postgresAdapters, postgresDatabase } from 'express-scim/postgres'
 * import { sqlStores } from 'express-scim/service'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * export const store = sqlStores({ database: postgresDatabase({ pool }), adapters: postgresAdapters({ pool }) })
 * ```
 */
export function sqlStores(options: {
  readonly database: SqlDatabase
  readonly adapters?: ResourceStores
}): ServiceStores {
  checkGiven(options, STORES, { owner: 'sqlStores', code: 'ERR_SCIM_OPTION' })
  const { database, adapters = {} } = options
  const { resources, transaction, migrate } = adapters
  return {
    connections: sqlStore({ database }),
    log: sqlLog({ database }),
    audit: sqlAudit({ database }),
    ...(resources && { resources }),
    transaction,
    migrate,
  }
}

/**
 * All stores in memory, until the process ends: for first steps and tests.
 *
 * @param resources Where people and groups are kept: `memoryAdapters()` has the adapters.
 *
 * @example
 * ```ts
 * import { memoryAdapters } from 'express-scim/memory'
 * import { memoryStores } from 'express-scim/service'
 *
 * const { users, groups } = memoryAdapters()
 * export const store = memoryStores({ User: { adapter: users }, Group: { adapter: groups } })
 * ```
 */
export function memoryStores(resources?: ScimRouterOptions['resources']): ServiceStores {
  return {
    connections: memoryStore(),
    log: memoryLog(),
    audit: memoryAudit(),
    ...(resources && { resources }),
  }
}
