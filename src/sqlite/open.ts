import { type OpenDatabase, openDatabase } from '../database/open.js'
import type { SqliteConnection } from '../database/sqlite/connection.js'
import { sqliteDriver } from '../database/sqlite/driver.js'
import { sqliteStore } from '../database/sqlite/store-dialect.js'

/** The options of `sqliteDatabase`. */
export interface SqliteDatabaseOptions {
  /** A connection of better-sqlite3, libsql or node:sqlite, which nobody else uses. */
  readonly database: SqliteConnection
}

/** Takes a connection into use. Throws a `SetupError` for something without `prepare`. */
export function openSqlite(connection: SqliteConnection): OpenDatabase {
  return openDatabase(sqliteDriver(connection), false, 'pool', sqliteStore)
}
