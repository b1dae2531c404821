import { checkGiven } from '../check-options.js'
import type { OpenDatabase } from '../database/open-database.js'
import { type SqlDatabase, sqlDatabase } from '../database/sql-database.js'
import { sqliteLayout } from '../database/sqlite/table-layout.js'
import type { StoreDialect } from '../database/store-dialect.js'
import {
  type DocumentAdapters,
  type DocumentOptions,
  type DocumentResource,
  documentAdapters,
} from '../tables/documents/adapters.js'
import { documentsByTenant } from '../tables/documents/by-tenant.js'
import { isByTenant, madeFor } from '../tables/shared/by-tenant.js'
import { migrateDocuments } from './migrate.js'
import { openNothing, openSqlite, type SqliteDatabaseOptions, type SqliteOptionsByTenant } from './open.js'
import { ADAPTERS, DATABASE } from './option-table.js'

export type { Queryable, QueryResult, TransactionRunner } from '../database/database.js'
export { type FailureKind, failureKind } from '../database/failure.js'
export { type ComponentMigration, type MigrationParts, migrateComponent } from '../database/migrate-component.js'
export type { SqlConnection, SqlDatabase, SqlResult } from '../database/sql-database.js'
export type { SqliteConnection, SqliteStatement } from '../database/sqlite/connection.js'
export type { TableLayout } from '../database/table-layout.js'
export type { OwnType, TypeOptions } from '../tables/documents/adapters.js'
export { type MappedType, type ScopeValue, tenant } from '../tables/mapped/declaration.js'
export type { MappedResource } from '../tables/mapped/mapped-tables.js'
export type { ByTenant, OfTenant } from '../tables/shared/by-tenant.js'
export { type Protect, verifySecret } from '../tables/shared/secret-hash.js'
export { type MappedOptions, mappedResources } from './mapped-resources.js'
export type { SqliteDatabaseOptions } from './open.js'

/** The options of {@link sqliteAdapters}. */
export interface SqliteOptions extends DocumentOptions, SqliteOptionsByTenant {}

/** Users, groups and other resources in SQLite. */
export type SqliteAdapters = DocumentAdapters

/** A resource type for the `resources` option of the router. */
export type SqliteResource<R> = DocumentResource<R>

/**
 * Stores users and groups in tables of the library, as JSON documents beside indexed columns: the same as
 * `postgresAdapters`, in a file. The names of the tables begin with `scim_`. docs/sqlite.md describes them.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { sqliteAdapters } from 'express-scim/sqlite'
 * import Database from 'libsql'
 *
 * const app = express()
 * const file = new Database('scim.db')
 * file.exec('PRAGMA journal_mode = WAL')
 * const sqlite = sqliteAdapters({ database: file })
 * await sqlite.migrate()
 * app.use('/scim/v2', scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: sqlite.resources,
 *   transaction: sqlite.transaction,
 * }))
 * ```
 */
export function sqliteAdapters(options: SqliteOptions): SqliteAdapters {
  checkGiven(options, ADAPTERS, { owner: 'sqliteAdapters', code: 'ERR_SCIM_OPTION', section: 'sqlite.md' })
  const { database } = options
  if (!isByTenant(database)) return adaptersOf(openSqlite(database), options)
  const adaptersFor = madeFor(database, 'database', (own) => adaptersOf(openSqlite(own), options))
  return documentsByTenant(adaptersOf(openNothing(), options), adaptersFor)
}

function adaptersOf(database: OpenDatabase<StoreDialect>, options: SqliteOptions): SqliteAdapters {
  const tables = sqlDatabase(database, sqliteLayout(PREFIX))
  return documentAdapters(
    {
      database,
      prefix: PREFIX,
      page: 'sqlite.md',
      migrate: (types, reindex) => migrateDocuments(tables, types, reindex),
    },
    options,
  )
}

/**
 * SQLite for those parts of the library that have tables of their own. The names of the tables begin with `scim_`.
 *
 * Switches foreign keys on. SQLite allows one writer at a time: a transaction waits for others, also of other
 * processes, for at most five seconds and then fails with 503. Throws a `SetupError` if `database` has no `prepare`.
 *
 * @example
 * ```ts
 * import Database from 'libsql'
 * import { sqliteDatabase } from 'express-scim/sqlite'
 *
 * const file = new Database('scim.db')
 * file.exec('PRAGMA journal_mode = WAL')
 * export const database = sqliteDatabase({ database: file })
 * ```
 */
export function sqliteDatabase(options: SqliteDatabaseOptions): SqlDatabase {
  checkGiven(options, DATABASE, { owner: 'sqliteDatabase', code: 'ERR_SCIM_OPTION', section: 'sqlite.md' })
  return sqlDatabase(openSqlite(options.database), sqliteLayout(PREFIX))
}

const PREFIX = 'scim_'
