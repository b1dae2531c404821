import { setTimeout as delay } from 'node:timers/promises'
import { SetupError } from '../../error.js'
import type { Connection, Database, Queryable } from './database.js'
import { codeOf, FAILED_TRANSACTION, isConnectionLoss, isContention, unavailable } from './failure.js'

// Writers of one group wait for each other; only circles of locks end here, and those dissolve after a try or two.
const ATTEMPTS = 8

/** What runs statements for a call: the transaction it is part of, or else the pool. */
export function queryableOf(database: Database, transaction: unknown): Queryable {
  if (transaction === undefined) return database
  if (isQueryable(transaction)) return transaction
  throw new SetupError(
    'ERR_SCIM_OPTION',
    'The transaction option hands in something without query(text, values): pass postgres.transaction, or the connection itself.',
    'docs/postgres.md#transactions',
  )
}

/** Runs one statement. */
// biome-ignore lint/suspicious/noExplicitAny: drivers type their rows so.
export async function run(database: Queryable, text: string, values: readonly unknown[]): Promise<readonly any[]> {
  return (await guard(database.query(text, values as unknown[]))).rows
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
 * Runs work in one transaction: of its own, or a part of the one that the call is in, which an error then leaves as it
 * was. A transaction of its own is done again when others were in its way, a bounded number of times.
 */
export async function inTransaction<T>(
  database: Database,
  transaction: unknown,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  if (transaction !== undefined) return inSavepoint(queryableOf(database, transaction), work)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transact(database, work)
    } catch (error) {
      if (attempt < ATTEMPTS && isContention(error)) await delay(Math.random() * 2 ** attempt)
      else throw unavailable(error) ?? error
    }
  }
}

/** Runs work in a transaction and commits it. */
export async function transact<T>(database: Database, work: (connection: Queryable) => Promise<T>): Promise<T> {
  if ('connect' in database) return transactOn(await database.connect(), work)
  return database.transaction(async (connection) => {
    const result = await work(connection)
    await requireIntact(connection)
    return result
  })
}

async function transactOn<T>(connection: Connection, work: (connection: Queryable) => Promise<T>): Promise<T> {
  const unlisten = ignoreErrorEvents(connection)
  let broken: Error | undefined
  try {
    const { command: tells } = await connection.query('BEGIN')
    const result = await work(connection)
    if (tells === undefined) await requireIntact(connection)
    const { command } = await connection.query('COMMIT')
    if (command === 'ROLLBACK') throw new Error(ROLLED_BACK)
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
    connection.release(broken)
  }
}

const ROLLED_BACK =
  'PostgreSQL has rolled the transaction back, because a statement in it failed and its error was caught. Put such a statement between SAVEPOINT and ROLLBACK TO SAVEPOINT.'

/**
 * PostgreSQL answers the COMMIT of a transaction in which a statement has failed with ROLLBACK, and without an error. It
 * refuses every other statement, so one that does nothing finds that out, where the driver does not tell the answer.
 */
async function requireIntact(connection: Queryable): Promise<void> {
  try {
    await connection.query('SELECT 1')
  } catch (cause) {
    throw codeOf(cause) === FAILED_TRANSACTION ? new Error(ROLLED_BACK, { cause }) : cause
  }
}

/** An error leaves the transaction usable, as if the work had not begun. */
async function inSavepoint<T>(connection: Queryable, work: (connection: Queryable) => Promise<T>): Promise<T> {
  await connection.query('SAVEPOINT scim')
  try {
    const result = await work(connection)
    await connection.query('RELEASE SAVEPOINT scim')
    return result
  } catch (error) {
    if (!isConnectionLoss(error)) await connection.query('ROLLBACK TO SAVEPOINT scim')
    throw unavailable(error) ?? error
  }
}

/** A connection that breaks between two statements says so by an event, which ends the process when nobody listens. */
function ignoreErrorEvents(connection: Connection): () => void {
  const emitter = connection as Partial<Emitter>
  if (!emitter.on || !emitter.removeListener) return NOTHING_TO_DO
  const ignore = (): void => {}
  emitter.on('error', ignore)
  return () => emitter.removeListener?.('error', ignore)
}

interface Emitter {
  on(event: 'error', listener: () => void): unknown
  removeListener(event: 'error', listener: () => void): unknown
}

const NOTHING_TO_DO = (): void => {}

function isQueryable(value: unknown): value is Queryable {
  return typeof (value as Partial<Queryable> | null)?.query === 'function'
}
