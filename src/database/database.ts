import type { Dialect } from '../sql/dialect.js'

/** Rows as a driver gives them. */
export interface QueryResult {
  /** The rows, each an object with the columns as members. */
  // biome-ignore lint/suspicious/noExplicitAny: drivers type their rows so.
  readonly rows: readonly any[]
  /**
   * The command that the server reports, as in `pg`: a COMMIT of a transaction in which a statement has failed is
   * answered with `ROLLBACK`. If a driver does not report it, the adapters ask the server before they commit.
   */
  readonly command?: string
  /** How many rows a statement has written or removed, if the driver reports it. */
  readonly rowCount?: number | null
  /** The number that the database has given to the row of an INSERT, if the driver reports it. */
  readonly insertId?: string
}

/** Runs one statement with bound values: `$1` is the first in PostgreSQL, `?` the next in SQLite and MySQL. */
export interface Queryable {
  /** Runs one statement. */
  readonly query: (text: string, values?: unknown[]) => Promise<QueryResult>
  /**
   * The dialect of SQL that it takes.
   *
   * @defaultValue PostgreSQL
   */
  readonly dialect?: Dialect
}

/** A connection that was checked out. */
export interface Connection extends Queryable {
  /** Gives it back; with an error or true it is closed, because it is broken. */
  readonly release: (error?: Error | boolean) => void
  /**
   * Cancels the running statement of the connection, after the client has gone or the time of its request is over.
   * Connections of `pg` need none: another connection sends the cancellation.
   */
  readonly cancelStatement?: () => unknown
}

/** A pool of connections: the Pool of `pg`, or another object with these two functions. */
export interface ConnectionPool extends Queryable {
  /** Takes a connection from the pool; its `release()` gives it back. */
  readonly connect: () => Promise<Connection>
}

/** A single database that runs transactions itself, such as PGlite. */
export interface TransactionRunner extends Queryable {
  /** Runs work in a transaction: commits when the work resolves, rolls back when it rejects. */
  readonly transaction: <T>(work: (transaction: Queryable) => Promise<T>) => Promise<T>
  /** This database for one request: statements that still wait in line when the signal aborts are not begun. */
  readonly during?: (signal: AbortSignal) => TransactionRunner
}

/** The part of a driver that adapters need: statements, and transactions in one of two ways. */
export type Database = ConnectionPool | TransactionRunner
