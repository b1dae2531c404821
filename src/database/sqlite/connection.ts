/**
 * A connection to SQLite whose statements run at once: the Database of better-sqlite3 or libsql, the DatabaseSync of
 * node:sqlite. Give the library one of its own: a statement that you run on the same connection while a transaction of
 * the library is open becomes part of that transaction.
 */
export interface SqliteConnection {
  /** Prepares a statement. */
  prepare(text: string): SqliteStatement
  /** Runs a statement without values or rows. */
  exec?(text: string): unknown
}

/** A prepared statement, as those drivers have it. */
export interface SqliteStatement {
  /** Runs the statement, and returns its rows. */
  all(...values: unknown[]): unknown
  /** Runs the statement, and returns the number of changed rows as `changes`. */
  run(...values: unknown[]): unknown
  /** Whether the statement returns rows, if the driver reports it. */
  readonly reader?: boolean
}
