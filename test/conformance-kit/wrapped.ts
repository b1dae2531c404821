import { setImmediate } from 'node:timers/promises'
import type { Call, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { asWriteResult } from '../../src/adapter/write-result.js'
import type { JsonObject } from '../../src/schema/model/resource.js'

/** An adapter that cannot do more than it must: no patch, no pages, no versions, and an answer only after a while. */
export function withoutFrills(sound: ResourceAdapter, versions = false): ResourceAdapter {
  const strip = (stored: Stored): Stored => (versions ? stored : ({ ...stored, meta: undefined } as Stored))
  const late = async <T>(work: () => T): Promise<Awaited<T>> => {
    await setImmediate()
    return await work()
  }
  const shown = <T>(found: T): T | Stored =>
    typeof found === 'object' && found !== null ? strip(found as never) : found
  return {
    supports: { versions },
    create: async (draft, call) => strip(asWriteResult(await late(() => sound.create(draft, call))).resource),
    get: async (id, call) => shown(await late(() => sound.get(id, call))),
    list: (_query, call) => everything(sound, call, (stored) => needed(strip(stored), call)),
    replace: async (id, draft, call) => shown(await late(() => sound.replace(id, draft, call))),
    delete: (id, call) => late(() => sound.delete(id, call)),
  }
}

/** The attributes that a call needs, and no others. */
function needed(stored: Stored, { select }: Call): Stored {
  const kept = Object.entries(stored).filter(([name]) => name === 'id' || name === 'meta' || select.has(name))
  return Object.fromEntries(kept) as unknown as Stored
}

async function* everything(
  sound: ResourceAdapter,
  call: Call,
  strip: (stored: Stored) => Stored,
): AsyncGenerator<Stored> {
  const all = { filter: undefined, sort: undefined, count: 100_000, equals: () => undefined } as const
  const page = await sound.list({ ...all, pagination: 'index', startIndex: 1 }, call)
  for (const stored of (page as { readonly resources: Iterable<Stored> }).resources) {
    await setImmediate()
    yield strip(stored)
  }
}

/** Values as a database gives them: numbers as ids and versions, Date objects, null in empty columns. */
export function asFromDatabase(sound: ResourceAdapter): ResourceAdapter {
  const numbers = new Map<string, number>()
  const ids = new Map<number, string>()
  const numberOf = (id: string): number => {
    const number = numbers.get(id) ?? numbers.size + 1
    numbers.set(id, number)
    ids.set(number, id)
    return number
  }
  // "007" and "7.0" are no numbers that this store has given.
  const idOf = (text: string): string => (/^[1-9]\d{0,8}$/.test(text) ? (ids.get(Number(text)) ?? text) : `no ${text}`)
  const show = <T>(found: T): T => {
    if (typeof found !== 'object' || found === null) return found
    const { id, meta, ...rest } = found as unknown as JsonObject & {
      readonly meta: { readonly [name: string]: string }
    }
    const times = { created: new Date(meta['created'] ?? 0), lastModified: new Date(meta['lastModified'] ?? 0) }
    const lists = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, streamed(name, value)]))
    const empty = { title: null, emails: null, name: null }
    return { ...empty, ...lists, id: numberOf(String(id)), meta: { ...times, version: Number(meta['version']) } } as T
  }
  return {
    supports: { versions: true },
    create: async (draft, call) => show(await sound.create(draft, call)),
    get: async (id, call) => show(await sound.get(idOf(id), call)),
    replace: async (id, draft, call) => show(await sound.replace(idOf(id), draft, call)),
    delete: (id, call) => sound.delete(idOf(id), call),
    list: async (_query, call) => {
      const all: Stored[] = []
      for await (const stored of everything(sound, call, (each) => each)) all.push(stored)
      return all.map(
        (stored) => ({ ...(show(stored) as unknown as JsonObject), ...listsOf(stored) }) as unknown as Stored,
      )
    },
  }
}

/** The filters of this store read arrays alone; the router asks for them when it must finish a list. */
function listsOf(stored: Stored): JsonObject {
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => Array.isArray(value)))
}

function streamed(name: string, value: unknown): unknown {
  return name === 'phoneNumbers' && Array.isArray(value) ? bitByBit(value) : value
}

async function* bitByBit(values: readonly unknown[]): AsyncGenerator<unknown> {
  for (const value of values) {
    await setImmediate()
    yield value
  }
}
