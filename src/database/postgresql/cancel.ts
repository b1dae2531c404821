import { propertiesOf } from '../../is-object.js'
import type { Database } from '../database.js'
import type { Cancel } from '../open-database.js'
import { isPgPool, type PgPool } from './pg-pool.js'

/** A statement to cancel, and the process of the database that runs it. */
interface Cancellation {
  readonly process: number
  readonly text: string
  readonly done: () => void
}

/**
 * How statements are cancelled in a pool. A connection that has `cancelStatement()` does it itself. For those of `pg` a
 * separate connection sends the cancellation, because all others may be waiting. There is one such connection at a
 * time, and it is closed afterwards.
 */
export function cancelOf(pool: Database): Cancel {
  const beside = isPgPool(pool) ? new Canceller(pool) : undefined
  return async (connection, text) => {
    const { processID: process } = propertiesOf(connection)
    if (connection.cancelStatement) await connection.cancelStatement()
    else if (beside && typeof process === 'number') await beside.cancel(process, text)
  }
}

// A pooler in between reports a process id of its own, which may belong to another client. Only our own statement may
// be cancelled.
const CANCEL = `SELECT pg_cancel_backend(a.pid) FROM pg_stat_activity AS a
  JOIN unnest($1::int[], $2::text[]) AS w(pid, text) ON a.pid = w.pid
  WHERE a.state = 'active' AND a.usename = current_user AND a.query <> '' AND starts_with(w.text, a.query)`

class Canceller {
  #waiting: Cancellation[] = []
  #runs = false

  constructor(private readonly pool: PgPool) {}

  cancel(process: number, text: string): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ process, text, done })
      if (!this.#runs) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#runs = true
    const { Client, options } = this.pool
    let client: InstanceType<PgPool['Client']> | undefined
    try {
      client = new Client(options)
      client.on('error', () => {})
      await client.connect()
      while (this.#waiting.length > 0) {
        const batch = this.#take()
        try {
          await client.query(CANCEL, [batch.map(({ process }) => process), batch.map(({ text }) => text)])
        } finally {
          for (const { done } of batch) done()
        }
      }
    } catch {
      // The statements run on to their ends, as without a cancellation.
    } finally {
      this.#runs = false
      for (const { done } of this.#take()) done()
      await client?.end().catch(() => {})
    }
  }

  #take(): Cancellation[] {
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }
}
