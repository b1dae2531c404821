import { createHash } from 'node:crypto'
import type { Connection, Database, Queryable, QueryResult } from './database.js'

/** A statement is prepared when it has come so often, and no more than so many are: filters come in endless shapes. */
const OFTEN = 3
const AT_MOST = 300

/** What `pg` takes in place of a text: a statement that each connection parses and plans once. */
interface NamedStatement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[] | undefined
}

/**
 * A database whose connections prepare the statements that come again and again. Parsing and planning is most of what a
 * small statement costs.
 */
export function prepared(database: Database): Database {
  if (!('connect' in database)) return database
  const names = new Names()
  const wrap = (queryable: Queryable): Queryable['query'] => {
    const query = queryable.query.bind(queryable) as (
      statement: NamedStatement | string,
      values?: unknown[],
    ) => Promise<QueryResult>
    return (text, values) => {
      const name = values && names.of(text)
      return name ? query({ name, text, values }) : query(text, values)
    }
  }
  return {
    query: wrap(database),
    connect: async () => {
      const connection = await database.connect()
      const { processID, cancelStatement } = connection as Connection & { readonly processID?: unknown }
      const wrapped = {
        query: wrap(connection),
        release: (error?: Error | boolean) => connection.release(error),
        // What a statement is cancelled by.
        processID,
        ...(cancelStatement && { cancelStatement: cancelStatement.bind(connection) }),
      }
      return withEvents(wrapped, connection)
    },
  }
}

/** Names by text: the same in all processes, so that whoever looks at a server knows them again. */
class Names {
  readonly #seen = new Map<string, number>()
  readonly #names = new Map<string, string>()

  of(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= AT_MOST) return known
    // Whoever sends ever new filters must not fill the memory.
    if (this.#seen.size > 10 * AT_MOST) this.#seen.clear()
    const count = (this.#seen.get(text) ?? 0) + 1
    this.#seen.set(text, count)
    if (count < OFTEN) return undefined
    const name = `scim_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
    this.#names.set(text, name)
    this.#seen.delete(text)
    return name
  }
}

/** A connection that breaks says so by an event, for those who listen. */
function withEvents(wrapped: Connection, connection: Connection): Connection {
  const { on, removeListener } = connection as { on?: unknown; removeListener?: unknown }
  return typeof on === 'function' && typeof removeListener === 'function'
    ? Object.assign(wrapped, { on: on.bind(connection), removeListener: removeListener.bind(connection) })
    : wrapped
}
