import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { Breather } from '../../breather.js'
import { propertiesOf } from '../../is-object.js'
import { SetupError } from '../../setup-error.js'
import { sqlite } from '../../sql/sqlite.js'
import type { Queryable, QueryResult, TransactionRunner } from '../database.js'
import { toBound } from './bound.js'
import type { SqliteConnection, SqliteStatement } from './connection.js'
import { isLocked, sqliteFailure } from './failure.js'
import { sqliteRunner } from './runner.js'
import { Turns } from './turns.js'

/** Milliseconds for which a statement waits until another process has written. */
const PATIENCE = 5_000
/** SQLite itself would block the process while it waits. */
const BUSY_TIMEOUT = 5
/** So many prepared statements are held, none longer than this. */
const HELD = 200
const LONGEST = 4_000

const drivers = new WeakMap<SqliteConnection, SqliteDriver>()

/** The driver of a connection: one for all users, since all statements stand in one line. */
export function sqliteDriver(connection: SqliteConnection | TransactionRunner): TransactionRunner {
  if (isRunner(connection)) return sqliteRunner(connection)
  if (typeof connection?.prepare !== 'function') {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      'Option database must be a connection with prepare(text), as better-sqlite3, libsql and node:sqlite have it, or have query(text, values) and transaction(work).',
      'sqlite.md',
    )
  }
  const driver = drivers.get(connection) ?? new SqliteDriver(connection)
  drivers.set(connection, driver)
  return driver
}

function isRunner(given: SqliteConnection | TransactionRunner | undefined): given is TransactionRunner {
  const { query, transaction } = propertiesOf(given)
  return typeof query === 'function' && typeof transaction === 'function'
}

/**
 * SQLite behind the interface that the adapters know. It has one connection: transactions stand in line, and a
 * statement outside of them waits until none is open, because it would be part of it. Long work lets others have their
 * turn.
 */
class SqliteDriver implements TransactionRunner {
  readonly dialect = sqlite
  readonly #turns = new Turns()
  readonly #statements = new Map<string, SqliteStatement>()
  readonly #open = new AsyncLocalStorage<OpenTransaction>()
  readonly #breather = new Breather(performance.now())

  constructor(private readonly connection: SqliteConnection) {
    for (const pragma of ['foreign_keys = ON', `busy_timeout = ${BUSY_TIMEOUT}`]) {
      connection.prepare(`PRAGMA ${pragma}`).all()
    }
  }

  readonly query = (text: string, values?: unknown[]): Promise<QueryResult> => this.#query(text, values)

  readonly transaction = <T>(work: (transaction: Queryable) => Promise<T>): Promise<T> => this.#transaction(work)

  readonly during = (signal: AbortSignal): TransactionRunner => ({
    dialect: sqlite,
    query: (text, values) => this.#query(text, values, signal),
    transaction: (work) => this.#transaction(work, signal),
  })

  async #query(text: string, values?: unknown[], signal?: AbortSignal): Promise<QueryResult> {
    // A caller inside a transaction that waited for the line would wait for itself.
    const open = this.#open.getStore()
    if (open?.isOpen) return open.query(text, values)
    // Some drivers leave a write that found the database locked half done, and are locked by it themselves. In a
    // transaction none finds it locked.
    if (WRITES.test(text)) return this.#transact((connection) => connection.query(text, values), signal)
    return this.#turns.take(() => this.#run(text, values, signal))
  }

  #transaction<T>(work: (transaction: Queryable) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#open.getStore()?.isOpen) {
      throw new SetupError(
        'ERR_SCIM_ADAPTER',
        'A transaction of this SQLite database is open already: hand call.transaction on to the adapters.',
        'sqlite.md',
      )
    }
    return this.#transact(work, signal)
  }

  /**
   * Runs a transaction in its turn. If another process writes then, the line goes on without it, because readers need
   * not wait for a writer; it stands in line again after a pause.
   */
  async #transact<T>(work: (transaction: Queryable) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (const wait = new Wait(); ; await wait.pause()) {
      const done = await this.#turns.take(async () => {
        await this.#breather.pauseIfDue()
        signal?.throwIfAborted()
        // Decision A-163.
        return wait.unlessLocked(() => this.#command('BEGIN IMMEDIATE')) && { result: await this.#inTransaction(work) }
      })
      if (done) return done.result
    }
  }

  async #inTransaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const open = new OpenTransaction((text, values) => this.#run(text, values))
    try {
      const result = await this.#open.run(open, () => work(open))
      open.isOpen = false
      await this.#whenUnlocked(() => this.#command('COMMIT'))
      return result
    } catch (error) {
      open.isOpen = false
      try {
        this.#command('ROLLBACK')
      } catch {
        // SQLite has ended the transaction itself after some errors, such as a full disk.
      }
      throw error
    }
  }

  #command(text: string): void {
    if (this.connection.exec) this.connection.exec(text)
    else this.connection.prepare(text).run()
  }

  /** Runs one statement. */
  #run(text: string, values: readonly unknown[] = [], signal?: AbortSignal): Promise<QueryResult> {
    return this.#whenUnlocked(() => this.#runNow(text, values.map(toBound)), signal)
  }

  /** Does something in SQLite, waiting while another process has the database, until the signal aborts. */
  async #whenUnlocked<T>(work: () => T, signal?: AbortSignal): Promise<T> {
    await this.#breather.pauseIfDue()
    for (const wait = new Wait(); ; await wait.pause()) {
      signal?.throwIfAborted()
      const done = wait.unlessLocked(work)
      if (done) return done.result
    }
  }

  #runNow(text: string, values: readonly unknown[]): QueryResult {
    const statement = this.#prepared(text)
    const { reader: isReader = RETURNS_ROWS.test(text) } = statement
    // Drivers with `reader` take values as one list, and libsql takes a single null in no other way.
    const bound = statement.reader === undefined ? values : [values]
    if (isReader) {
      const rows = statement.all(...bound) as QueryResult['rows']
      return { rows, rowCount: rows.length }
    }
    const { changes } = statement.run(...bound) as { readonly changes: number | bigint }
    return { rows: [], rowCount: Number(changes) }
  }

  #prepared(text: string): SqliteStatement {
    const held = this.#statements.get(text)
    if (held) {
      this.#statements.delete(text)
      this.#statements.set(text, held)
      return held
    }
    const statement = this.connection.prepare(text)
    // A change of the tables would leave some drivers with the columns of before.
    if (text.length > LONGEST || !IS_HELD.test(text)) return statement
    this.#statements.set(text, statement)
    if (this.#statements.size > HELD) this.#forgetOldest()
    return statement
  }

  #forgetOldest(): void {
    for (const text of this.#statements.keys()) {
      this.#statements.delete(text)
      return
    }
  }
}

const RETURNS_ROWS = /^\s*(?:SELECT|WITH|VALUES|PRAGMA|EXPLAIN)\b|\bRETURNING\b/i
const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP)\b/i
const IS_HELD = /^\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b/i

/** The time for which something waits until another process has written. */
class Wait {
  #started: number | undefined
  #time = 1

  /** The result, or undefined if another process has the database. Throws if that has lasted too long. */
  unlessLocked<T>(work: () => T): { readonly result: T } | undefined {
    try {
      return { result: work() }
    } catch (error) {
      this.#started ??= performance.now()
      if (!isLocked(error) || performance.now() - this.#started > PATIENCE) throw sqliteFailure(error)
      return undefined
    }
  }

  async pause(): Promise<void> {
    await delay(this.#time)
    this.#time = Math.min(this.#time * 2, 50)
  }
}

/** The statements of one transaction. After its end they are refused. */
class OpenTransaction implements Queryable {
  readonly dialect = sqlite
  isOpen = true

  constructor(private readonly run: (text: string, values?: unknown[]) => Promise<QueryResult>) {}

  readonly query = async (text: string, values?: unknown[]): Promise<QueryResult> => {
    if (!this.isOpen) {
      const sentence =
        'The transaction has ended, and its connection was used after that: wait for all work inside of it.'
      throw new SetupError('ERR_SCIM_ADAPTER', sentence, 'sqlite.md')
    }
    return this.run(text, values)
  }
}
