import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, ConnectionPool, Queryable, TransactionRunner } from './database.js'
import { ignoreErrorEvents } from './error-events.js'
import { codeOf, isConnectionLoss, QUERY_CANCELED } from './failure.js'
import type { OpenDatabase } from './open.js'

/** Whether a client still waits for the result. Missing if a call was copied without its signal. */
export type Signal = AbortSignal | undefined

// A statement that was on its way when it was to be cancelled is found by the next try.
const TRIES = 5
const PAUSE = 50
// The server may be out of reach for who cancels.
const PATIENCE = 1_000

/**
 * A connection from the pool, for as long as a client waits for it. A request that has ended leaves the queue of the
 * pool: a connection that comes for them goes to the next.
 */
export async function connectFor(pool: ConnectionPool, signal: Signal): Promise<Connection> {
  signal?.throwIfAborted()
  const coming = pool.connect()
  if (!signal) return coming
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason)
      coming.then(
        (connection) => connection.release(),
        () => {},
      )
    }
    signal.addEventListener('abort', leave, { once: true })
    coming.then(
      (connection) => {
        signal.removeEventListener('abort', leave)
        resolve(connection)
      },
      (error: unknown) => {
        signal.removeEventListener('abort', leave)
        reject(error)
      },
    )
  })
}

/** The statements of a call over a pool, each on a connection of its own. */
export function poolFor(database: OpenDatabase, signal: Signal): Queryable {
  const { pool } = database
  if (!('connect' in pool)) {
    const own = runnerFor(pool, signal)
    return speaking(own, async (text, values) => {
      signal?.throwIfAborted()
      return own.query(text, values)
    })
  }
  if (!signal) return pool
  return speaking(pool, async (text, values) => {
    const connection = await connectFor(pool, signal)
    const unlisten = ignoreErrorEvents(connection)
    let lost = false
    try {
      return await connectionFor(database, connection, signal).query(text, values)
    } catch (error) {
      lost = isConnectionLoss(error)
      throw error
    } finally {
      unlisten()
      // A late cancel would end a statement of the next user of the connection.
      connection.release(lost || signal.aborted)
    }
  })
}

/** Runs transactions itself, for as long as a client waits. */
export function runnerFor(database: TransactionRunner, signal: Signal): TransactionRunner {
  return (signal && database.during?.(signal)) ?? database
}

/**
 * The statements of a call over one connection: none begins if no client waits any more, and the running statement is
 * cancelled.
 */
export function connectionFor(database: OpenDatabase, connection: Queryable, signal: Signal): Queryable {
  if (!signal) return connection
  return speaking(connection, async (text, values) => {
    signal.throwIfAborted()
    let runs = true
    let cancelling: Promise<void> | undefined
    const cancel = async (): Promise<void> => {
      for (let tries = 0; tries < TRIES && runs; tries += 1) {
        if (tries > 0) await delay(PAUSE * 2 ** tries, undefined, { ref: false })
        if (runs) await database.cancel(connection as Connection, text)
      }
    }
    const abort = (): void => {
      cancelling = cancel().catch(() => {})
    }
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await connection.query(text, values)
    } catch (error) {
      if (signal.aborted && codeOf(error) === QUERY_CANCELED) throw signal.reason
      throw error
    } finally {
      runs = false
      signal.removeEventListener('abort', abort)
      if (cancelling) await Promise.race([cancelling, delay(PATIENCE, undefined, { ref: false })])
    }
  })
}

/** Another way to run statements, in the dialect of the connection behind it. */
function speaking({ dialect }: Queryable, query: Queryable['query']): Queryable {
  return dialect ? { query, dialect } : { query }
}
