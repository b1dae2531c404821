import type { Pool } from 'pg'
import type { Connection, ConnectionPool, QueryResult } from '../../src/postgres/index.js'

/** A pool that keeps the statements that it ran. */
export interface CountedPool extends ConnectionPool {
  /** The statements since the last look. */
  readonly take: () => readonly string[]
}

/** Tells of each statement that goes through a pool. `before` may throw in its place. */
export function countedPool(pool: Pool, before: (text: string) => void | Promise<void> = () => {}): CountedPool {
  let statements: string[] = []
  const counted = async (text: string, run: () => Promise<QueryResult>): Promise<QueryResult> => {
    statements.push(text)
    await before(text)
    return run()
  }
  // The adapters take this pool for a Pool of `pg`.
  const { Client, options } = pool as Pool & { readonly Client: unknown }
  return Object.assign(pooled(), { Client, options })

  function pooled(): CountedPool {
    return {
      query: (text, values) => counted(text, () => pool.query(text, values)),
      connect: async (): Promise<Connection> => {
        const client = await pool.connect()
        return {
          query: (text, values) => counted(text, () => client.query(text, values)),
          release: (error) => client.release(error),
          // A connection that breaks while it is checked out says so by an event.
          on: client.on.bind(client),
          removeListener: client.removeListener.bind(client),
        } as Connection
      },
      take: () => {
        const taken = statements
        statements = []
        return taken
      },
    }
  }
}
