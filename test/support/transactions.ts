import type { Call, ResourceAdapter, ScimRouterOptions, Stored, StoredMeta, WriteCall } from '../../src/index.js'
import { ScimError } from '../../src/index.js'

type Row = Stored & { readonly meta: StoredMeta }
type Rows = ReadonlyMap<string, Row>

/** A store with transactions like those of a database: one at a time, invisible to others until it commits. */
export interface TransactionalStore {
  readonly adapter: (type: string, unique?: string) => ResourceAdapter
  readonly transaction: NonNullable<ScimRouterOptions['transaction']>
  /** The events of transactions, in order. */
  readonly log: string[]
  /** The number of committed resources. */
  readonly count: (type: string) => number
}

interface Handle {
  readonly rows: Map<string, Rows>
  failed: boolean
}

/**
 * @param again how often the work of a transaction is run once more after it has succeeded, as databases do after a
 *   serialization failure.
 */
export function transactionalStore(again = 0): TransactionalStore {
  let committed: ReadonlyMap<string, Rows> = new Map()
  let tail: Promise<unknown> = Promise.resolve()
  let writes = 0
  const log: string[] = []

  const begin = (): Handle => ({ rows: new Map(committed), failed: false })
  const handleOf = ({ transaction }: Call): Handle => {
    if (transaction === undefined) throw new Error('The store was written without a transaction.')
    const handle = transaction as Handle
    // The error of PostgreSQL for each statement after a failed one.
    if (handle.failed) throw new Error('current transaction is aborted')
    return handle
  }
  const read = (call: Call, type: string): Rows => {
    const rows = call.transaction === undefined ? committed : handleOf(call).rows
    return rows.get(type) ?? new Map()
  }

  const transaction: TransactionalStore['transaction'] = (work) => {
    const turn = tail.then(async () => {
      for (let round = again; ; round -= 1) {
        const handle = begin()
        try {
          const value = await work(handle)
          if (round > 0) continue
          committed = handle.rows
          log.push('commit')
          return value
        } catch (error) {
          log.push('rollback')
          throw error
        }
      }
    })
    tail = turn.catch(() => undefined)
    return turn
  }

  const adapter: TransactionalStore['adapter'] = (type, unique) => {
    const write = (call: Call, id: string, row: Row | undefined): void => {
      const handle = handleOf(call)
      const rows = new Map(read(call, type))
      const taken = [...rows.values()].some((other) => other.id !== id && unique && other[unique] === row?.[unique])
      if (row && unique && taken) {
        handle.failed = true
        throw Object.assign(new Error('duplicate key'), { code: '23505' })
      }
      if (row) rows.set(id, row)
      else rows.delete(id)
      handle.rows.set(type, rows)
    }
    const stamped = (draft: object, id: string): Row => {
      writes += 1
      return { ...draft, id, meta: { version: `v${writes}` } }
    }
    const stale = (row: Row, { ifMatch }: WriteCall): boolean =>
      ifMatch !== undefined && !ifMatch.includes(String(row.meta.version))
    return {
      supports: { versions: true },
      create: (draft, call) => {
        const row = stamped(draft, `${type.toLowerCase()}-${writes + 1}`)
        write(call, String(row.id), row)
        return row
      },
      get: (id, call) => read(call, type).get(id),
      list: (_query, call) => read(call, type).values(),
      replace: (id, draft, call) => {
        const before = read(call, type).get(id)
        if (!before) return undefined
        if (stale(before, call)) return 'stale'
        const row = stamped(draft, id)
        write(call, id, row)
        return row
      },
      delete: (id, call) => {
        const before = read(call, type).get(id)
        if (!before) return false
        if (stale(before, call)) return 'stale'
        write(call, id, undefined)
        return true
      },
    }
  }
  return { adapter, transaction, log, count: (type) => committed.get(type)?.size ?? 0 }
}

/** Maps the error of a database, as an application does. */
export function mapDuplicateKey(error: unknown): ScimError | undefined {
  return (error as { readonly code?: string }).code === '23505' ? ScimError.uniqueness() : undefined
}
