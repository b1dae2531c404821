import type { TransactionRunner } from '../database/database.js'
import type { OpenDatabase } from '../database/open-database.js'
import { openDatabase } from '../database/postgresql/open.js'
import type { SqliteConnection } from '../database/sqlite/connection.js'
import { sqliteDriver } from '../database/sqlite/driver.js'
import { sqliteStore } from '../database/sqlite/store-dialect.js'
import type { StoreDialect } from '../database/store-dialect.js'
import { type ByTenant, NO_DATABASE } from '../tables/shared/by-tenant.js'

/** The options of `sqliteDatabase`. */
export interface SqliteDatabaseOptions {
  /**
   * A connection of better-sqlite3, libsql or node:sqlite that no other code uses; or a query builder's statements and
   * transactions.
   */
  readonly database: SqliteConnection | TransactionRunner
}

/** One connection, or a connection for each tenant. */
export interface SqliteOptionsByTenant {
  /**
   * A connection of better-sqlite3, libsql or node:sqlite that no other code uses; or an object that runs statements
   * and transactions on SQLite, such as a query builder (docs/sqlite.md#query-builders); or a function that returns the
   * connection of a tenant, if each tenant has its own file (docs/scale.md).
   */
  readonly database: ByTenant<SqliteConnection | TransactionRunner>
}

/** Stands in for a database while adapters are declared. */
export function openNothing(): OpenDatabase<StoreDialect> {
  return openDatabase(NO_DATABASE, false, 'pool', sqliteStore)
}

/** Opens a connection. Throws a `SetupError` if it has neither `prepare` nor `query` and `transaction`. */
export function openSqlite(connection: SqliteConnection | TransactionRunner): OpenDatabase<StoreDialect> {
  return openDatabase(sqliteDriver(connection), false, 'pool', sqliteStore)
}
