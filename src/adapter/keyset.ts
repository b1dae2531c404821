import { ScimError } from '../error.js'
import type { Json } from '../schema/model/definition.js'
import type { CursorPage, Sort, Stored } from './contract.js'
import type { Entry, SortPosition } from './entry.js'
import { Smallest } from './smallest.js'

/** Takes every match and makes the page by cursor. */
export interface KeysetCollector<R> {
  readonly add: (entry: Entry<Stored<R>>) => void
  readonly page: () => CursorPage<R>
}

type Order = (a: SortPosition, b: SortPosition) => number

// The position before the first resource or after the last: a client goes on from it if all resources of its page are
// gone.
const END: Json = Object.freeze([])

/** The page that begins after a position; undefined: the first page. */
export function pageAfter<R>(
  after: Json | undefined,
  count: number,
  sort: Sort | undefined,
  order: Order,
): KeysetCollector<R> {
  const from = after === undefined ? undefined : readPosition(after, sort)
  const nearest = new Smallest<Entry<Stored<R>>>(count === 0 ? 0 : count + 1, order)
  let totalResults = 0
  let hasEarlier = false
  return {
    add: (entry) => {
      totalResults += 1
      if (from && order(entry, from) <= 0) hasEarlier = true
      else nearest.add(entry)
    },
    page: () => {
      const found = nearest.sorted()
      const entries = found.slice(0, count)
      return cursorPage(entries, totalResults, {
        next: found.length > count ? writePosition(entries.at(-1), sort) : undefined,
        // RFC 9865 section 2: the first page has no previousCursor.
        previous: hasEarlier && count > 0 ? writePosition(entries[0], sort) : undefined,
      })
    },
  }
}

/** The page that ends before a position. */
export function pageBefore<R>(before: Json, count: number, sort: Sort | undefined, order: Order): KeysetCollector<R> {
  const to = readPosition(before, sort)
  const nearest = new Smallest<Entry<Stored<R>>>(count === 0 ? 0 : count + 1, (a, b) => order(b, a))
  let totalResults = 0
  let hasLater = false
  return {
    add: (entry) => {
      totalResults += 1
      if (to && order(entry, to) >= 0) hasLater = true
      else nearest.add(entry)
    },
    page: () => {
      const found = nearest.sorted()
      const entries = found.slice(0, count).reverse()
      return cursorPage(entries, totalResults, {
        next: hasLater && count > 0 ? writePosition(entries.at(-1), sort) : undefined,
        previous: found.length > count ? writePosition(entries[0], sort) : undefined,
      })
    },
  }
}

function cursorPage<R>(
  entries: readonly Entry<Stored<R>>[],
  totalResults: number,
  { next, previous }: { readonly next: Json | undefined; readonly previous: Json | undefined },
): CursorPage<R> {
  return {
    resources: entries.map(({ resource }) => resource),
    totalResults,
    ...(next !== undefined && { next }),
    ...(previous !== undefined && { previous }),
  }
}

function writePosition(place: SortPosition | undefined, sort: Sort | undefined): Json {
  if (!place) return END
  return sort ? [place.key ?? null, place.id] : [place.id]
}

function readPosition(position: Json, sort: Sort | undefined): SortPosition | undefined {
  if (!Array.isArray(position)) throw ScimError.of('invalidCursor')
  if (position.length === 0) return undefined
  const [key, id] = sort ? position : [null, position[0]]
  if (typeof id !== 'string' || key === undefined || (typeof key === 'object' && key !== null))
    throw ScimError.of('invalidCursor')
  return { key: key ?? undefined, id }
}
