import { createHash } from 'node:crypto'
import { propertiesOf } from '../../is-object.js'
import type { Connection, Database, Queryable, QueryResult } from '../database.js'

/** A statement is prepared when it has come so often: filters come in endless shapes, and most of them once. */
const OFTEN = 3
/**
 * The most prepared statements of a connection; the least recently used is dropped. Each one takes memory of the
 * server.
 */
const AT_MOST = 100
/** The memory of a statement grows with its length: a filter of a hundred conditions takes megabytes. */
const LONGEST = 4_000
/** So many texts are counted. */
const COUNTED = 1_000

/** A statement for `pg` in place of a text: each connection parses and plans it once. */
interface NamedStatement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[] | undefined
}

/**
 * A database whose connections prepare recurring statements. Parsing and planning take most of the time of a small
 * statement.
 */
export function prepared(database: Database): Database {
  if (!('connect' in database)) return database
  const names = new Names()
  // One wrapper for each connection, however often it is checked out.
  const wrappers = new WeakMap<Connection, Connection>()
  const connect = async (): Promise<Connection> => {
    const connection = await database.connect()
    const wrapper = wrappers.get(connection) ?? wrap(connection, names)
    wrappers.set(connection, wrapper)
    return wrapper
  }
  return {
    connect,
    query: async (text, values) => {
      const connection = await connect()
      let failure: Error | undefined
      try {
        return await connection.query(text, values)
      } catch (error) {
        failure = error as Error
        throw error
      } finally {
        // A pool treats a connection whose query failed in the same way.
        connection.release(failure)
      }
    },
  }
}

function wrap(connection: Connection, names: Names): Connection {
  const statements = new HeldStatements(connection)
  const { cancelStatement } = connection
  const { processID } = propertiesOf(connection)
  const wrapped = {
    query: (text: string, values?: unknown[]) => {
      const name = values && names.of(text)
      if (name === undefined) return connection.query(text, values)
      if (statements.holds(name)) return queryNamed(connection, { name, text, values })
      return statements
        .make(name)
        .then((isMade) => (isMade ? queryNamed(connection, { name, text, values }) : connection.query(text, values)))
    },
    release: (error?: Error | boolean) => connection.release(error),
    // The data for cancelling a statement.
    processID,
    ...(cancelStatement && { cancelStatement: cancelStatement.bind(connection) }),
  }
  return withEvents(wrapped, connection)
}

function queryNamed(connection: Queryable, statement: NamedStatement): Promise<QueryResult> {
  return (connection.query as unknown as (statement: NamedStatement) => Promise<QueryResult>).call(
    connection,
    statement,
  )
}

/** Names by text: the same in all processes, so that an operator recognises them at the server. */
class Names {
  // In the order of their last use.
  readonly #seen = new Map<string, { count: number; name: string | undefined }>()

  of(text: string): string | undefined {
    if (text.length > LONGEST) return undefined
    const seen = this.#seen.get(text) ?? { count: 0, name: undefined }
    this.#seen.delete(text)
    this.#seen.set(text, seen)
    // A client that always sends new filters must not fill the memory.
    if (this.#seen.size > COUNTED) removeFirst(this.#seen)
    seen.count += 1
    if (seen.count >= OFTEN) seen.name ??= `scim_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
    return seen.name
  }
}

/** The statements that a connection of `pg` holds, in the order in which they were used last. */
class HeldStatements {
  readonly #names = new Map<string, true>()

  constructor(private readonly connection: Connection) {}

  /** Whether a statement is there, which is the one used last from now on. */
  holds(name: string): boolean {
    const isHeld = this.#names.delete(name)
    if (isHeld) this.#names.set(name, true)
    return isHeld
  }

  /** Makes room for another statement; false when there is none. */
  async make(name: string): Promise<boolean> {
    if (this.#names.size >= AT_MOST) {
      const parsed = parsedStatements(this.connection)
      // If the driver cannot forget a statement, the statement cannot be released.
      if (!parsed) return false
      const oldest = removeFirst(this.#names)
      if (oldest !== undefined && Object.hasOwn(parsed, oldest)) {
        const text = parsed[oldest]
        delete parsed[oldest]
        try {
          await this.connection.query(`DEALLOCATE ${oldest}`)
        } catch (error) {
          // The server still holds the statement, because the transaction had failed or the DEALLOCATE was cancelled:
          // the name is in use.
          parsed[oldest] = text
          this.#names.set(oldest, true)
          throw error
        }
      }
    }
    this.#names.set(name, true)
    return true
  }
}

/** The record that a connection of `pg` keeps of the statements it has sent. */
function parsedStatements(connection: Connection): Record<string, unknown> | undefined {
  const { connection: wire } = connection as {
    readonly connection?: { readonly parsedStatements?: Record<string, unknown> }
  }
  return wire?.parsedStatements
}

function removeFirst<Key>(map: Map<Key, unknown>): Key | undefined {
  for (const key of map.keys()) {
    map.delete(key)
    return key
  }
  return undefined
}

/** A connection that breaks emits an event. */
function withEvents(wrapped: Connection, connection: Connection): Connection {
  const { on, removeListener } = propertiesOf(connection)
  return typeof on === 'function' && typeof removeListener === 'function'
    ? Object.assign(wrapped, { on: on.bind(connection), removeListener: removeListener.bind(connection) })
    : wrapped
}
