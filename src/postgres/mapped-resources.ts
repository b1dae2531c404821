import { checkGiven } from '../check-options.js'
import type { Database } from '../database/database.js'
import { openDatabase } from '../database/postgresql/open.js'
import type { MappedType } from '../tables/mapped/declaration.js'
import type { CheckedDeclaration } from '../tables/mapped/known-keys.js'
import {
  type MappedResources,
  type MappedTablesOptions,
  mappedByTenant,
  mappedTables,
} from '../tables/mapped/mapped-tables.js'
import { type ByTenant, isByTenant, madeFor, NO_DATABASE } from '../tables/shared/by-tenant.js'
import { type OneReader, openReplica, type ReaderOptions } from '../tables/shared/replica.js'
import { MAPPED } from './option-table.js'

/** The options of {@link mappedResources}. */
export interface MappedOptions extends ReaderOptions, MappedTablesOptions {
  /**
   * The Pool of `pg`, a PGlite, or anything that runs statements and transactions (docs/postgres.md#drivers); or a
   * function that returns the pool of a tenant, if each tenant has a database of its own (docs/scale.md).
   */
  readonly pool: ByTenant<Database>
  /**
   * Prepares recurring statements, as the option of `postgresAdapters` does.
   *
   * @defaultValue `false`
   */
  readonly prepare?: boolean
}

/**
 * Resources in tables that exist. One declaration for each type ties attributes to columns, and drives reading,
 * writing, filters, sorting, uniqueness and /Schemas. docs/postgres.md describes it.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { mappedResources, tenant } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const app = express()
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * const resources = mappedResources({ pool }, {
 *   User: {
 *     table: 'accounts',
 *     scope: { org_id: tenant },
 *     attributes: { id: { column: 'id', type: 'uuid' }, userName: 'email', 'name.givenName': 'first_name', '*': { json: 'scim' } },
 *   },
 *   Group: {
 *     table: 'teams',
 *     scope: { org_id: tenant },
 *     attributes: {
 *       id: { column: 'id', type: 'uuid' },
 *       displayName: 'name',
 *       members: { table: 'team_members', on: { team_id: 'id' }, references: { User: 'account_id' } },
 *     },
 *   },
 * })
 * app.use('/scim/v2', scimRouter({ authenticate: bearer(process.env.SCIM_TOKEN), resources }))
 * ```
 */
export function mappedResources<const Types extends Readonly<Record<string, MappedType>>>(
  options: MappedOptions,
  given: CheckedDeclaration<Types>,
): MappedResources<Types> {
  checkGiven(options, MAPPED, {
    owner: 'mappedResources',
    code: 'ERR_SCIM_OPTION',
    section: 'postgres.md#existing-tables',
  })
  const { pool, reader, readerLag, prepare = false, ...common } = options
  const over = (database: Database, replica: OneReader): MappedResources<Types> =>
    mappedTables({ database: openDatabase(database, prepare), replica: openReplica(replica, prepare) }, common, given)
  if (!isByTenant(pool) && !isByTenant(reader)) return over(pool, { reader, readerLag })
  const resourcesFor = madeFor(isByTenant(pool) ? pool : () => pool, 'pool', async (own, call) =>
    over(own, { reader: isByTenant(reader) ? await reader(call) : reader, readerLag }),
  )
  return mappedByTenant(over(NO_DATABASE, {}), resourcesFor)
}
