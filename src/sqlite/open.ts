import { type OpenDatabase, openDatabase } from '../database/open.js'
import type { SqliteConnection } from '../database/sqlite/connection.js'
import { sqliteDriver } from '../database/sqlite/driver.js'
import { sqliteStore } from '../database/sqlite/store-dialect.js'
import type { StoreDialect } from '../database/store-dialect.js'
import { type ByTenant, NO_DATABASE } from '../tables/shared/by-tenant.js'

/** The options of `sqliteDatabase`. */
export interface SqliteDatabaseOptions {
  /** A connection of better-sqlite3, libsql or node:sqlite, which nobody else uses. */
  readonly database: SqliteConnection
}

/** The same, or the connection of each tenant. */
export interface SqliteOptionsByTenant {
  /**
   * A connection of better-sqlite3, libsql or node:sqlite, which nobody else uses; or a function that gives the one of a tenant,
   * where each has a file of its own (docs/scale.md).
   */
  readonly database: ByTenant<SqliteConnection>
}

/** Stands for a database while adapters are declared. */
export function openNothing(): OpenDatabase<StoreDialect> {
  return openDatabase(NO_DATABASE, false, 'pool', sqliteStore)
}

/** Takes a connection into use. Throws a `SetupError` for something without `prepare`. */
export function openSqlite(connection: SqliteConnection): OpenDatabase<StoreDialect> {
  return openDatabase(sqliteDriver(connection), false, 'pool', sqliteStore)
}
