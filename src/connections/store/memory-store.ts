import type { ConnectionPage, ConnectionStore, ConnectionWrite, StoredConnection } from './store.js'

/** Connections in the memory of this process, for tests and first steps: they are gone when it ends. */
export function memoryStore(): ConnectionStore {
  const rows = new Map<string, ConnectionWrite>()
  const keys = new Map<string, string>()
  const placeOf = (tenant: string, id: string): string => JSON.stringify([tenant, id])
  const isFree = (key: string, place: string): boolean => (keys.get(key) ?? place) === place
  const put = (place: string, connection: ConnectionWrite): void => {
    for (const key of rows.get(place)?.keys ?? []) keys.delete(key)
    for (const key of connection.keys) keys.set(key, place)
    rows.set(place, Object.freeze({ ...connection, keys: Object.freeze([...connection.keys]) }))
  }
  return Object.freeze({
    find: async (key) => rows.get(keys.get(key) ?? ''),
    get: async (tenant, id) => rows.get(placeOf(tenant, id)),
    list: async ({ tenant, after, count }: ConnectionPage) =>
      [...rows.values()]
        .filter((row) => (tenant === undefined || row.tenant === tenant) && (!after || compare(row, after) > 0))
        .sort(compare)
        .slice(0, count),
    insert: async (connection) => {
      const place = placeOf(connection.tenant, connection.id)
      if (rows.has(place) || connection.keys.some((key) => keys.has(key))) return false
      put(place, connection)
      return true
    },
    update: async (connection) => {
      const place = placeOf(connection.tenant, connection.id)
      if (rows.get(place)?.version !== connection.version - 1) return false
      if (!connection.keys.every((key) => isFree(key, place))) return false
      put(place, connection)
      return true
    },
    remove: async (tenant, id) => {
      const place = placeOf(tenant, id)
      for (const key of rows.get(place)?.keys ?? []) keys.delete(key)
      return rows.delete(place)
    },
  } satisfies ConnectionStore)
}

type ConnectionKey = Pick<StoredConnection, 'tenant' | 'id'>

function compare(a: ConnectionKey, b: ConnectionKey): number {
  return order(a.tenant, b.tenant) || order(a.id, b.id)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
