import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, ConnectionPool, Queryable, QueryResult, TransactionRunner } from './database.js'
import { ignoreErrorEvents } from './error-events.js'
import { codeOf, isConnectionLoss, QUERY_CANCELED } from './failure.js'
import type { OpenDatabase } from './open-database.js'

/** Whether a client still waits for the result. Missing if a call was copied without its signal. */
export type Signal = AbortSignal | undefined

// A statement that was on its way when it was to be cancelled is found by the next try.
const TRIES = 5
const PAUSE = 50
// The server may be out of reach for the connection that cancels.
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
      giveBack(coming)
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

/** A caller that has left the queue of the pool takes no connection: the next caller gets it. */
function giveBack(coming: Promise<Connection>): void {
  coming.then(
    (connection) => connection.release(),
    () => {},
  )
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
  return speaking(pool, (text, values) => queryOnOwn(database, pool, signal, text, values))
}

/** A statement on a connection of its own. One listener sees it through the queue of the pool and the server. */
async function queryOnOwn(
  database: OpenDatabase,
  pool: ConnectionPool,
  signal: AbortSignal,
  text: string,
  values: unknown[] | undefined,
): Promise<QueryResult> {
  signal.throwIfAborted()
  const coming = pool.connect()
  let statement: RunningStatement | undefined
  let leave: (reason: unknown) => void = () => {}
  const abort = (): void => {
    if (statement) statement.cancel()
    else leave(signal.reason)
  }
  signal.addEventListener('abort', abort)
  try {
    const connection = await new Promise<Connection>((resolve, reject) => {
      leave = (reason) => {
        reject(reason)
        giveBack(coming)
      }
      coming.then((own) => {
        // From here on the statement gives it back.
        leave = () => {}
        resolve(own)
      }, reject)
    })
    const unlisten = ignoreErrorEvents(connection)
    let lost = false
    try {
      signal.throwIfAborted()
      statement = new RunningStatement(database, connection, text)
      return await connection.query(text, values)
    } catch (error) {
      lost = isConnectionLoss(error)
      throw signal.aborted && codeOf(error) === QUERY_CANCELED ? signal.reason : error
    } finally {
      const ending = statement?.end()
      if (ending) await ending
      unlisten()
      // A late cancel would end a statement of the next user of the connection.
      connection.release(lost || signal.aborted)
    }
  } finally {
    signal.removeEventListener('abort', abort)
  }
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
    const statement = new RunningStatement(database, connection as Connection, text)
    const abort = (): void => statement.cancel()
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await connection.query(text, values)
    } catch (error) {
      if (signal.aborted && codeOf(error) === QUERY_CANCELED) throw signal.reason
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
      const ending = statement.end()
      if (ending) await ending
    }
  })
}

/** A statement that a server works on, and that can be cancelled. */
class RunningStatement {
  #runs = true
  #cancelling: Promise<void> | undefined

  constructor(
    private readonly database: OpenDatabase,
    private readonly connection: Connection,
    private readonly text: string,
  ) {}

  cancel(): void {
    this.#cancelling ??= this.#try().catch(() => {})
  }

  async #try(): Promise<void> {
    for (let tries = 0; tries < TRIES && this.#runs; tries += 1) {
      if (tries > 0) await delay(PAUSE * 2 ** tries, undefined, { ref: false })
      if (this.#runs) await this.database.cancel(this.connection, this.text)
    }
  }

  /** The statement has ended; a cancel that is on its way must come before the next statement. */
  end(): Promise<void> | undefined {
    this.#runs = false
    return this.#cancelling && Promise.race([this.#cancelling, delay(PATIENCE, undefined, { ref: false })])
  }
}

/** Another way to run statements, in the dialect of the connection behind it. */
function speaking({ dialect }: Queryable, query: Queryable['query']): Queryable {
  return dialect ? { query, dialect } : { query }
}
