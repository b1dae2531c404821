import { type OpenDatabase, openDatabase } from '../database/open.js'
import type { SqliteConnection } from '../database/sqlite/connection.js'
import { sqliteDriver } from '../database/sqlite/driver.js'
import { sqliteStore } from '../database/sqlite/store-dialect.js'
import type { StoreDialect } from '../database/store-dialect.js'
import { type ByTenant, NO_DATABASE } from '../tables/shared/by-tenant.js'

/** The options of `sqliteDatabase`. */
export interface SqliteDatabaseOptions {
  /** A connection of better-sqlite3, libsql or node:sqlite that no other code uses. */
  readonly database: SqliteConnection
}

/** One connection, or a connection for each tenant. */
export interface SqliteOptionsByTenant {
  /**
   * A connection of better-sqlite3, libsql or node:sqlite that no other code uses; or a function that returns the
   * connection of a tenant, if each tenant has its own file (docs/scale.md).
   */
  readonly database: ByTenant<SqliteConnection>
}

/** Stands in for a database while adapters are declared. */
export function openNothing(): OpenDatabase<StoreDialect> {
  return openDatabase(NO_DATABASE, false, 'pool', sqliteStore)
}

/** Opens a connection. Throws a `SetupError` if it has no `prepare`. */
export function openSqlite(connection: SqliteConnection): OpenDatabase<StoreDialect> {
  return openDatabase(sqliteDriver(connection), false, 'pool', sqliteStore)
}
