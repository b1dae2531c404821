import type { ExchangeStore, LoggedExchange } from './exchange.js'

/** Recordings in memory. */
export function memoryExchanges(): ExchangeStore {
  let kept: LoggedExchange[] = []
  const remove = (isGone: (exchange: LoggedExchange) => boolean, count: number): number => {
    const gone = new Set(kept.filter(isGone).slice(0, count))
    kept = kept.filter((exchange) => !gone.has(exchange))
    return gone.size
  }
  return {
    append: async (exchanges, most) => {
      kept.push(...exchanges)
      for (const { tenant, connection } of exchanges) {
        const own = kept.filter((one) => one.tenant === tenant && one.connection === connection)
        const gone = new Set(own.slice(0, Math.max(0, own.length - most)))
        if (gone.size > 0) kept = kept.filter((one) => !gone.has(one))
      }
    },
    page: async ({ tenant, connection, before, after, count }) =>
      kept
        .filter((one) => one.tenant === tenant && (connection === undefined || one.connection === connection))
        .filter(({ key }) => (before === undefined || key < before) && (after === undefined || key > after))
        .sort((a, b) => (a.key < b.key ? 1 : -1))
        .slice(0, count),
    prune: async ({ before, count }) => remove(({ time }) => time < before, count),
    erase: async ({ tenant, count }) => remove((one) => one.tenant === tenant, count),
  }
}
