import { ScimError } from '../error.js'
import type { Dialect } from '../sql/dialect.js'
import { identifier, type SqlFragment } from '../sql/fragment.js'
import type { Queryable } from './database.js'
import { execute } from './execute.js'
import type { OpenDatabase } from './open-database.js'
import type { TableLayout } from './table-layout.js'
import { guard, queryableOf, type Run, withTransaction } from './transaction.js'

/** The result of a statement. */
export interface SqlResult {
  /** The rows, each an object with the columns as members. */
  // biome-ignore lint/suspicious/noExplicitAny: drivers type their rows so.
  readonly rows: readonly any[]
  /** How many rows came, or were written or removed. */
  readonly count: number
}

/** Runs statements, in a transaction or each for itself. */
export interface SqlConnection {
  /**
   * Runs one statement. Values are bound: texts, numbers, null, and `0` and `1` for booleans, since SQLite has no
   * others.
   *
   * @example
   * ```ts
   * import { sql } from 'express-scim/sql'
   * import type { SqlDatabase } from 'express-scim/sqlite'
   *
   * export const connectionsOf = (database: SqlDatabase, tenant: string) =>
   *   database.execute(sql`SELECT id, since FROM ${database.table('connection')} WHERE tenant = ${tenant}`)
   * ```
   */
  readonly execute: (statement: SqlFragment) => Promise<SqlResult>
}

/**
 * A SQL database as the parts of the library use it that keep something of their own: connections, logs, audit trails.
 * The same statements run in PostgreSQL and in SQLite; `dialect` holds their differences.
 *
 * `failureKind(error)` classifies errors of the database. A lost connection, a timeout, and contention that did not
 * end come as a `ScimError` 503 with Retry-After, whose `cause` is the error of the driver.
 */
export interface SqlDatabase extends SqlConnection {
  /** The dialect of SQL of the database. */
  readonly dialect: Dialect
  /** How tables of the library are made in it, for `migrateComponent`. */
  readonly layout: TableLayout
  /**
   * The quoted name of a table of the library: `"scim"."connection"` in PostgreSQL, `"scim_connection"` in SQLite. Make
   * tables with `migrateComponent`.
   */
  readonly table: (name: string) => SqlFragment
  /**
   * Runs work in one transaction, which an error rolls back. Work that another transaction was in the way of is done
   * again, so it must change nothing but the database. SQLite has one writer: keep the work short, and wait for nothing
   * else in it.
   */
  readonly transaction: <T>(work: (connection: SqlConnection) => Promise<T>, signal?: AbortSignal) => Promise<T>
  /**
   * Runs statements in the transaction that a call of the router is part of, or each for itself when it is in none.
   * Statements that must be written with a change, or not at all, belong there: pass the call that `outbox` gets.
   */
  readonly within: (call: Run) => SqlConnection
  /**
   * Accepts no more work, and settles when all running work has ended. The pool or the file stays open: it belongs to
   * the application.
   */
  readonly close: () => Promise<void>
}

/**
 * Makes one of an open database.
 *
 * @param layout How tables of the library are named and made in it.
 */
export function sqlDatabase(open: OpenDatabase, layout: TableLayout): SqlDatabase {
  const running = new Set<Promise<unknown>>()
  let isClosed = false
  const track = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isClosed) throw ScimError.unavailable()
    const result = work()
    running.add(result)
    try {
      return await result
    } finally {
      running.delete(result)
    }
  }
  const connectionOf = (queryable: Queryable): SqlConnection => ({
    execute: async (statement) => {
      const { rows, rowCount } = await guard(execute(queryable, statement))
      return { rows, count: rowCount ?? rows.length }
    },
  })
  const within = (call: Run): SqlConnection => {
    const connection = connectionOf(queryableOf(open, call))
    return { execute: (statement) => track(() => connection.execute(statement)) }
  }
  return Object.freeze({
    dialect: open.store.dialect,
    layout,
    table: (name: string) => identifier(layout.nameOf(name)),
    execute: within({}).execute,
    transaction: <T>(work: (connection: SqlConnection) => Promise<T>, signal?: AbortSignal) =>
      track(() => withTransaction(open, signal ? { signal } : {}, (connection) => work(connectionOf(connection)))),
    within,
    close: async () => {
      isClosed = true
      await Promise.allSettled(running)
    },
  })
}
