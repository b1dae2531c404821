import { setTimeout as delay } from 'node:timers/promises'
import type { Call } from '../adapter/contract.js'
import { propertiesOf } from '../is-object.js'
import { SetupError } from '../setup-error.js'
import type { SqlFragment } from '../sql/fragment.js'
import type { Connection, Queryable } from './database.js'
import { ignoreErrorEvents } from './error-events.js'
import { execute } from './execute.js'
import { codeOf, FAILED_TRANSACTION, isConnectionLoss, isContention, unavailable } from './failure.js'
import type { OpenDatabase } from './open-database.js'
import { connectFor, connectionFor, poolFor, runnerFor, type Signal } from './waiting.js'

// Writers of one group wait for each other; only circles of locks end here, and those dissolve after a try or two.
const ATTEMPTS = 8

/** The parts of a call that its statements depend on: the transaction, and whether a client still waits. */
export interface Run {
  readonly transaction?: unknown
  readonly signal?: Signal
}

/** A connection in a transaction, and the connection for the statements of a call. */
interface Handles {
  readonly connection: Queryable
  /** Runs statements only while the request waits for them. */
  readonly waiting: Queryable
}

/** Runs the statements of a call: the transaction that it is part of, or else the pool. */
export function queryableOf(database: OpenDatabase, { transaction, signal }: Run): Queryable {
  if (transaction === undefined) return poolFor(database, signal)
  return connectionFor(database, queryableIn(database, transaction), signal)
}

function queryableIn({ adopt }: OpenDatabase, transaction: unknown): Queryable {
  const adopted = adopt?.(transaction)
  if (adopted) return adopted
  if (isQueryable(transaction)) return transaction
  throw new SetupError(
    'ERR_SCIM_OPTION',
    'Option transaction must pass an object with query(text, values) to its work: use postgres.transaction, or pass the connection itself.',
    'postgres.md#transactions',
  )
}

/** Runs one statement. */
// biome-ignore lint/suspicious/noExplicitAny: drivers type their rows so.
export async function run(database: Queryable, statement: SqlFragment): Promise<readonly any[]> {
  return (await guard(execute(database, statement))).rows
}

/** Turns the loss of a connection into the answer for clients. */
export async function guard<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw unavailable(error) ?? error
  }
}

/**
 * Runs work in one transaction: of its own, or a part of the call's transaction, which an error then leaves as it
 * was. If the request has ended, the work neither begins nor commits.
 */
export async function withTransaction<T>(
  database: OpenDatabase,
  { transaction, signal }: Run,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  if (transaction === undefined) return ownTransaction(database, signal, ({ waiting }) => work(waiting))
  const connection = queryableIn(database, transaction)
  return inSavepoint(connection, () => work(connectionFor(database, connection, signal)), signal)
}

/** The `transaction` option of the router: work gets the connection as the pool has it. */
export function transactionOption(database: OpenDatabase) {
  return <T>(work: (connection: Queryable) => Promise<T>, call?: Call): Promise<T> =>
    ownTransaction(database, call?.signal, ({ connection }) => work(connection))
}

/** It is done again when others were in its way, a bounded number of times. */
async function ownTransaction<T>(
  database: OpenDatabase,
  signal: Signal,
  work: (handles: Handles) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transact(database, signal, work)
    } catch (error) {
      if (signal?.aborted || attempt >= ATTEMPTS || !isContention(error)) throw unavailable(error) ?? error
      await delay(Math.random() * 2 ** attempt)
    }
  }
}

async function transact<T>(database: OpenDatabase, signal: Signal, work: (handles: Handles) => Promise<T>): Promise<T> {
  const { pool } = database
  if ('connect' in pool) return transactOn(database, await connectFor(pool, signal), signal, work)
  signal?.throwIfAborted()
  return runnerFor(pool, signal).transaction(async (connection) => {
    const result = await work({ connection, waiting: connectionFor(database, connection, signal) })
    await requireIntact(connection)
    signal?.throwIfAborted()
    return result
  })
}

async function transactOn<T>(
  database: OpenDatabase,
  connection: Connection,
  signal: Signal,
  work: (handles: Handles) => Promise<T>,
): Promise<T> {
  const unlisten = ignoreErrorEvents(connection)
  let broken: Error | undefined
  try {
    signal?.throwIfAborted()
    const tells = await begin(connection, database.store.begin)
    const result = await work({ connection, waiting: connectionFor(database, connection, signal) })
    if (tells === undefined) await requireIntact(connection)
    signal?.throwIfAborted()
    const { command } = await connection.query('COMMIT')
    if (command === 'ROLLBACK') throw rolledBack()
    return result
  } catch (error) {
    if (isConnectionLoss(error)) broken = error as Error
    else {
      await connection.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
    }
    throw error
  } finally {
    unlisten()
    // A late cancel would end a statement of the next user of the connection.
    connection.release(broken ?? signal?.aborted)
  }
}

function rolledBack(cause?: unknown): SetupError {
  const fault = 'PostgreSQL has rolled the transaction back, because a statement in it failed and its error was caught.'
  const mend = 'Put such a statement between SAVEPOINT and ROLLBACK TO SAVEPOINT.'
  const error = new SetupError('ERR_SCIM_ADAPTER', `${fault} ${mend}`, 'postgres.md')
  if (cause !== undefined) error.cause = cause
  return error
}

/**
 * PostgreSQL answers the COMMIT of a transaction in which a statement has failed with ROLLBACK, and without an error.
 * It refuses every other statement, so an empty statement finds that out, if the driver does not report the answer.
 */
async function requireIntact(connection: Queryable): Promise<void> {
  try {
    await connection.query('SELECT 1')
  } catch (cause) {
    throw codeOf(cause) === FAILED_TRANSACTION ? rolledBack(cause) : cause
  }
}

/** The report of the server, if the driver has it. */
async function begin(connection: Queryable, statements: readonly string[] = ['BEGIN']): Promise<string | undefined> {
  let told: string | undefined
  for (const statement of statements) told = (await connection.query(statement)).command
  return told
}

/** An error leaves the transaction usable, as if the work had not begun. */
async function inSavepoint<T>(connection: Queryable, work: () => Promise<T>, signal: Signal): Promise<T> {
  signal?.throwIfAborted()
  await connection.query('SAVEPOINT scim')
  try {
    const result = await work()
    await connection.query('RELEASE SAVEPOINT scim')
    return result
  } catch (error) {
    if (!isConnectionLoss(error)) await toSavepoint(connection)
    throw unavailable(error) ?? error
  }
}

/**
 * If a deadlock ends the whole transaction, there is no savepoint to return to, and the outer transaction gets the
 * deadlock.
 */
async function toSavepoint(connection: Queryable): Promise<void> {
  try {
    await connection.query('ROLLBACK TO SAVEPOINT scim')
  } catch (error) {
    if (codeOf(error) !== FAILED_TRANSACTION) throw error
  }
}

function isQueryable(value: unknown): value is Queryable {
  return typeof propertiesOf(value).query === 'function'
}
