import { SetupError } from '../../index.js'
import { ALL_TENANTS } from '../tenant.js'
import type { LogEntry } from './entry.js'
import { memoryExchanges } from './memory-exchanges.js'
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
export function memoryLog({ entries: most = 10_000 }: { readonly entries?: number } = {}): LogStore {
  if (!Number.isSafeInteger(most) || most < 1) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option entries of memoryLog must be a whole number of 1 or more.')
  }
  const kept = new Ring(most)
  return {
    append: async (entries) => {
      for (const entry of entries) kept.put(entry)
    },
    page: async (query) => kept.latest((entry) => isWanted(entry, query), query.count),
    prune: async ({ before, count }) => kept.remove(({ last }) => last < before, count),
    exchanges: memoryExchanges(),
    erase: async (what) => kept.remove((entry) => isWanted(entry, what), what.count),
  }
}

function isWanted(entry: LogEntry, query: LogQuery): boolean {
  const { tenant, before, after, connection, from, to, status, code, resourceId, persons } = query
  if (tenant !== ALL_TENANTS && entry.tenant !== tenant) return false
  if (before !== undefined && entry.key >= before) return false
  if (after !== undefined && entry.key <= after) return false
  if (connection !== undefined && entry.connection !== connection) return false
  if (from !== undefined && entry.last < from) return false
  if (to !== undefined && entry.time >= to) return false
  if (code !== undefined && entry.code !== code) return false
  if (resourceId !== undefined && entry.resourceId !== resourceId) return false
  if (persons !== undefined && !entry.persons.some((person) => persons.includes(person))) return false
  if (status === undefined) return true
  const { min, max } = typeof status === 'number' ? { min: status, max: status } : status
  return entry.status >= min && entry.status <= max
}
