import { checkGiven } from '../../check-options.js'
import { ALL_TENANTS } from '../shared/tenant.js'
import type { LogEntry } from './entry.js'
import type { ExchangeStore } from './exchange.js'
import { Form } from './form.js'
import { memoryExchanges } from './memory-exchanges.js'
import { NONE, NotedEntry } from './noted-entry.js'
import { MEMORY } from './option-table.js'
import { Ring } from './ring.js'
import type { LogQuery, LogStore } from './store.js'

/**
 * The log in memory: the latest entries of all tenants together, for one process and until it ends.
 *
 * @param options `entries`: how many are kept, 10,000 by default.
 *
 * @example
 * ```ts
 * import { journal, memoryLog } from 'express-scim/journal'
 *
 * export const log = journal({ store: memoryLog({ entries: 1_000 }), secret: process.env.SCIM_SECRET })
 * ```
 */
export function memoryLog(options: { readonly entries?: number } = {}): LogStore {
  checkGiven(options, MEMORY, { owner: 'memoryLog', code: 'ERR_SCIM_OPTION' })
  return new MemoryLog(new Ring(options.entries ?? 10_000))
}

/** The functions are members of the object: a store of the application may use some of them. */
class MemoryLog implements LogStore {
  readonly #ring: Ring
  readonly #append: LogStore['append']
  readonly append: LogStore['append']
  readonly page: LogStore['page']
  readonly prune: LogStore['prune']
  readonly erase: LogStore['erase']
  readonly exchanges: ExchangeStore = memoryExchanges()

  constructor(ring: Ring) {
    this.#ring = ring
    this.#append = async (entries) => {
      for (const entry of entries) ring.put(notedEntry(entry))
    }
    this.append = this.#append
    this.page = async (query) =>
      ring.latest((entry) => isWanted(entry, query), query.count).map((entry) => entry.toEntry())
    this.prune = async ({ before, count }) => ring.remove(({ last }) => last < before.getTime(), count)
    this.erase = async (what) => ring.remove((entry) => isWanted(entry, what), what.count)
  }

  static ringOf(store: LogStore): Ring | undefined {
    return #ring in store && store.append === store.#append ? store.#ring : undefined
  }
}

/**
 * The entries of a log in memory, for a journal that adds entries itself; undefined for any other store, and for a
 * store whose functions were replaced.
 */
export function ringOf(store: LogStore): Ring | undefined {
  return MemoryLog.ringOf(store)
}

function notedEntry(entry: LogEntry): NotedEntry {
  const { key, path, resourceId, refusal, changes, bulk, tolerated, tolerances, persons } = entry
  const details = { refusal, changes, bulk, tolerated, tolerances }
  const noted = new NotedEntry(key, new Form(entry), entry, path, resourceId, details, NONE)
  noted.times = entry.times
  noted.last = entry.last.getTime()
  noted.persons = persons
  return noted
}

function isWanted(entry: NotedEntry, query: LogQuery): boolean {
  const { tenant, before, after, connection, from, to, status, code, resourceId, persons } = query
  const { form } = entry
  if (tenant !== ALL_TENANTS && form.tenant !== tenant) return false
  if (before !== undefined && entry.key >= before) return false
  if (after !== undefined && entry.key <= after) return false
  if (connection !== undefined && form.connection !== connection) return false
  if (from !== undefined && entry.last < from.getTime()) return false
  if (to !== undefined && entry.time >= to.getTime()) return false
  if (code !== undefined && form.code !== code) return false
  if (resourceId !== undefined && entry.resourceId !== resourceId) return false
  if (persons !== undefined && !entry.persons.some((person) => persons.includes(person))) return false
  if (status === undefined) return true
  const { min, max } = typeof status === 'number' ? { min: status, max: status } : status
  return form.status >= min && form.status <= max
}
