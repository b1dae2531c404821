import type { ResourceAdapter } from '../../src/index.js'

/** An adapter whose first writes to stored resources find that another writer was faster. */
export function staleAtFirst(adapter: ResourceAdapter, times: number): ResourceAdapter {
  let left = times
  const isStale = (): boolean => left-- > 0
  const { patch } = adapter
  return {
    ...adapter,
    replace: async (id, draft, call) => (isStale() ? 'stale' : adapter.replace(id, draft, call)),
    delete: async (id, call) => (isStale() ? 'stale' : adapter.delete(id, call)),
    ...(patch && { patch: async (id, change, call) => (isStale() ? 'stale' : patch(id, change, call)) }),
  }
}
