import { setImmediate } from 'node:timers/promises'

/**
 * A store of JSON texts with no other work. Each of its calls ends in a turn of its own: the measurement of the router
 * leaves this turn out.
 */
export function documents() {
  const texts = new Map()
  let count = 0
  const read = async (id) => {
    const text = texts.get(id)
    const stored = text === undefined ? undefined : JSON.parse(text)
    await setImmediate()
    return stored
  }
  const write = async (id, draft) => {
    count += 1
    const meta = { created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z', version: `${count}` }
    texts.set(id, JSON.stringify({ ...draft, id, meta }))
    await setImmediate()
    return read(id)
  }
  return {
    supports: { versions: true },
    create: (draft) => write(`d${count}`, draft),
    get: read,
    list: () => [],
    replace: async (id, draft, { ifMatch }) => {
      const stored = await read(id)
      if (stored === undefined) return undefined
      if (ifMatch && !ifMatch.includes(stored.meta.version)) return 'stale'
      return write(id, draft)
    },
    delete: async (id) => texts.delete(id),
  }
}
