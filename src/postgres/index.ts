import { checkGiven } from '../check-options.js'
import type { Database } from '../database/database.js'
import { openDatabase } from '../database/postgresql/open.js'
import { postgresLayout } from '../database/postgresql/table-layout.js'
import { type SqlDatabase, sqlDatabase } from '../database/sql-database.js'
import { identifier, render } from '../sql/fragment.js'
import {
  type DocumentAdapters,
  type DocumentOptions,
  type DocumentResource,
  documentAdapters,
} from '../tables/documents/adapters.js'
import { documentsByTenant } from '../tables/documents/by-tenant.js'
import { type ByTenant, isByTenant, madeFor, NO_DATABASE } from '../tables/shared/by-tenant.js'
import { openReplica, type ReaderOptions } from '../tables/shared/replica.js'
import { combinedWrites } from './combined/combined-writes.js'
import { migrate } from './migrations/migrate.js'
import { COPIED } from './migrations/migrations.js'
import { ADAPTERS, DATABASE } from './option-table.js'

export type { UnknownMembers } from '../adapter/unknown-members.js'
export type {
  Connection,
  ConnectionPool,
  Database,
  Queryable,
  QueryResult,
  TransactionRunner,
} from '../database/database.js'
export { type FailureKind, failureKind } from '../database/failure.js'
export { type ComponentMigration, type MigrationParts, migrateComponent } from '../database/migrate-component.js'
export type { SqlConnection, SqlDatabase, SqlResult } from '../database/sql-database.js'
export type { TableLayout } from '../database/table-layout.js'
export type { OwnType, TypeOptions } from '../tables/documents/adapters.js'
export { type MappedType, type ScopeValue, tenant } from '../tables/mapped/declaration.js'
export type { MappedResource } from '../tables/mapped/mapped-tables.js'
export type { ByTenant, OfTenant } from '../tables/shared/by-tenant.js'
export { type Protect, verifySecret } from '../tables/shared/secret-hash.js'
export { type MappedOptions, mappedResources } from './mapped-resources.js'
export { type Migration, migrations } from './migrations/migrations.js'
export { exportTenant, importTenant, type TenantDigest, type TenantPlace, tenantDigest } from './tenant-lines.js'

/** The options of {@link postgresAdapters}. */
export interface PostgresOptions extends ReaderOptions, DocumentOptions {
  /**
   * The Pool of `pg`, a PGlite, or anything that runs statements and transactions (docs/postgres.md#drivers); or a
   * function that returns the pool of a tenant, if each tenant has a database of its own: `({ tenant }) =>
   * pools.get(tenant)` (docs/scale.md).
   */
  readonly pool: ByTenant<Database>
  /**
   * Prepares recurring statements, the last hundred of each connection: for a small request the database then needs
   * only a quarter of the time. For `pg`; not behind a pooler that gives each transaction another connection, such as
   * PgBouncer in transaction mode.
   *
   * @defaultValue `false`
   */
  readonly prepare?: boolean
  /**
   * Database schema of the tables.
   *
   * @defaultValue `'scim'`
   */
  readonly schema?: string
}

interface OneDatabase extends Omit<PostgresOptions, 'pool' | 'reader' | 'readerLag'> {
  readonly pool: Database
  readonly reader: Database | undefined
  readonly readerLag?: number | undefined
}

/** A resource type for the `resources` option of the router. */
export type PostgresResource<R> = DocumentResource<R>

/** Users, groups and other resources in PostgreSQL. */
export type PostgresAdapters = DocumentAdapters

/**
 * Users and groups in tables of their own, as JSON documents beside the columns that are looked up. Any number of
 * processes may work on one database. docs/postgres.md describes it.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { postgresAdapters } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const app = express()
 * const postgres = postgresAdapters({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) })
 * await postgres.migrate()
 * app.use('/scim/v2', scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: postgres.resources,
 *   transaction: postgres.transaction,
 * }))
 * ```
 */
export function postgresAdapters(options: PostgresOptions): PostgresAdapters {
  checkGiven(options, ADAPTERS, { owner: 'postgresAdapters', code: 'ERR_SCIM_OPTION', section: 'postgres.md' })
  const { pool, reader } = options
  if (!isByTenant(pool) && !isByTenant(reader)) return adaptersOf({ ...options, pool, reader })
  const choose = isByTenant(pool) ? pool : () => pool
  const adaptersFor = madeFor(choose, 'pool', async (own, call) => {
    const copy = isByTenant(reader) ? await reader(call) : reader
    return adaptersOf({ ...options, pool: own, reader: copy })
  })
  return documentsByTenant(
    adaptersOf({ ...options, pool: NO_DATABASE, reader: undefined, readerLag: undefined }),
    adaptersFor,
  )
}

function adaptersOf(options: OneDatabase): PostgresAdapters {
  const { pool, schema = 'scim', prepare = false } = options
  const database = openDatabase(pool, prepare)
  const quoted = render(identifier(schema)).text
  return documentAdapters(
    {
      database,
      prefix: `${quoted}.`,
      copied: COPIED,
      combined: combinedWrites,
      replica: openReplica(options, prepare),
      page: 'postgres.md',
      migrate: (types, reindex) => migrate(database, quoted, types, reindex),
    },
    options,
  )
}

/** The options of {@link postgresDatabase}. */
export type PostgresDatabaseOptions = Pick<PostgresOptions, 'prepare' | 'schema'> & { readonly pool: Database }

/**
 * PostgreSQL for those parts of the library that keep something of their own. Their tables are in the database schema
 * of the documents, `scim` if none is given.
 *
 * @example
 * ```ts
 * import { postgresDatabase } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * export const database = postgresDatabase({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) })
 * ```
 */
export function postgresDatabase(options: PostgresDatabaseOptions): SqlDatabase {
  checkGiven(options, DATABASE, { owner: 'postgresDatabase', code: 'ERR_SCIM_OPTION', section: 'postgres.md' })
  const { pool, schema = 'scim', prepare = false } = options
  return sqlDatabase(openDatabase(pool, prepare), postgresLayout(schema))
}
