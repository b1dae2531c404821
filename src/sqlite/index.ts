import { openDatabase } from '../database/open.js'
import { type SqlDatabase, sqlDatabase } from '../database/sql-database.js'
import type { SqliteConnection } from '../database/sqlite/connection.js'
import { sqliteDriver } from '../database/sqlite/driver.js'
import { sqliteLayout } from '../database/sqlite/table-layout.js'

export { type FailureKind, failureKind } from '../database/failure.js'
export { type ComponentMigration, type MigrationParts, migrateComponent } from '../database/migrate-component.js'
export type { SqlConnection, SqlDatabase, SqlResult } from '../database/sql-database.js'
export type { SqliteConnection, SqliteStatement } from '../database/sqlite/connection.js'
export type { TableLayout } from '../database/table-layout.js'

/** The options of {@link sqliteDatabase}. */
export interface SqliteDatabaseOptions {
  /** A connection of better-sqlite3, libsql or node:sqlite, which nobody else uses. */
  readonly database: SqliteConnection
}

/**
 * SQLite for those parts of the library that keep something of their own. Their tables have names that begin with `scim_`.
 *
 * Switches foreign keys on. SQLite has one writer: transactions stand in line, also with other processes, for five seconds at
 * most; then they end in 503. Throws a `SetupError` for something without `prepare`.
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
export function sqliteDatabase({ database }: SqliteDatabaseOptions): SqlDatabase {
  return sqlDatabase(openDatabase(sqliteDriver(database), false), sqliteLayout('scim_'))
}
