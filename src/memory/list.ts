import { finishCandidates } from '../adapter/candidates.js'
import type { Awaitable, Call, Candidates, CursorPage, ListQuery, Page, Stored } from '../adapter/contract.js'
import { attributesNamedBy } from '../adapter/selections.js'
import { ScimError } from '../error.js'
import type { Json } from '../schema/model/definition.js'
import type { Collection } from './collection.js'
import type { MemoryRow } from './row.js'
import { RowList } from './row-list.js'
import { searchFor } from './search.js'
import type { Store } from './store.js'
import { addMemberOf, lookOf, type View, viewOf, viewPage } from './view.js'

/** The page when an index has its order and its matches; else candidates, as few as an index can make them. */
export function listRows(
  store: Store,
  collection: Collection,
  query: ListQuery,
  call: Call,
): Awaitable<Page | Candidates> {
  const search = searchFor(collection, query)
  if (search === undefined) return answer(store, collection, query, call, undefined, false)
  const { lookup, value, exact } = search
  const find = () => answer(store, collection, query, call, lookup.find(value), exact)
  const preparing = lookup.prepare()
  return preparing ? preparing.then(find) : find()
}

function answer(
  store: Store,
  collection: Collection,
  query: ListQuery,
  call: Call,
  found: readonly MemoryRow[] | undefined,
  exact: boolean,
): Awaitable<Page | Candidates> {
  const { filter, sort } = query
  const isNeeded = call.select.shows
  if (!sort && (exact || !filter)) {
    const rows = found ? RowList.of(found) : collection.list
    return pageOf(cut(rows, query), (page) => viewPage(store, collection, page, isNeeded, call))
  }
  // Filter and order may read attributes that the answer does not show.
  const named = attributesNamedBy(query)
  const memberOf = collection.type.memberOf?.name
  const rows = found ?? collection.list
  if (memberOf !== undefined && (named.has(memberOf) || !isNeeded(memberOf))) {
    const isUsed = (attribute: string): boolean => named.has(attribute) || call.select.has(attribute)
    return candidatesOf(rows, viewOf(store, collection, isUsed, call))
  }
  // Where the matches are members is worked out for those on the page alone, which are known at the end.
  const isUsed = (attribute: string): boolean =>
    attribute !== memberOf && (named.has(attribute) || call.select.has(attribute))
  return finish(store, collection, query, call, candidatesOf(rows, lookOf(collection, isUsed)))
}

async function finish(
  store: Store,
  collection: Collection,
  query: ListQuery,
  call: Call,
  candidates: Candidates,
): Promise<Page> {
  const { scanResources, scanTime } = call.limits
  const budget = { resources: scanResources, milliseconds: scanTime }
  const page = await finishCandidates(candidates, query, { budget, signal: call.signal })
  const resources = Array.from(page.resources, (resource) => ({ ...resource }))
  const { rows } = collection
  // A resource that was deleted meanwhile is a member of no group.
  const found = resources.map(({ id }) => rows.get(String(id)))
  const there = resources.filter((_, index) => found[index])
  await addMemberOf(
    store,
    collection,
    found.filter((row) => row !== undefined),
    there,
    call.select.shows,
    call,
  )
  return { ...page, resources }
}

function* candidatesOf(rows: Iterable<MemoryRow>, view: View): Generator<Stored> {
  for (const row of rows) yield view(row)
}

/** The rows of a page, and the totals beside them. */
type Cut = Omit<CursorPage, 'resources'> & { readonly rows: readonly MemoryRow[] }

function pageOf(
  { rows, ...rest }: Cut,
  view: (rows: readonly MemoryRow[]) => Awaitable<readonly Stored[]>,
): Awaitable<Page> {
  const finish = (resources: readonly Stored[]): Page => ({ ...rest, resources })
  const resources = view(rows)
  return resources instanceof Promise ? resources.then(finish) : finish(resources)
}

function cut(rows: RowList, query: ListQuery): Cut {
  if (query.pagination === 'cursor') return cutByCursor(rows, query)
  const page = query.count === 0 ? [] : rows.slice(Math.max(0, query.startIndex - 1), query.count)
  return { rows: page, totalResults: rows.length }
}

// The first resource has 1.
const START = 0

/** Positions are sequence numbers. New resources come last, so a walk meets them at its end. */
function cutByCursor(rows: RowList, { count, after, before }: ListQuery & { readonly pagination: 'cursor' }): Cut {
  const totalResults = rows.length
  if (count === 0) return { rows: [], totalResults }
  const position = positionOf(before ?? (after === undefined ? START : after))
  const page = before === undefined ? rows.after(position, count) : rows.before(position, count)
  // A page that has lost its resources lies between those ahead of the position and those behind it.
  const first = page[0]?.sequence ?? (before === undefined ? position + 1 : position)
  const last = page.at(-1)?.sequence ?? first - 1
  return {
    rows: page,
    totalResults,
    ...(rows.after(last, 1).length > 0 && { next: last }),
    ...(rows.before(first, 1).length > 0 && { previous: first }),
  }
}

function positionOf(position: Json): number {
  if (typeof position === 'number' && Number.isSafeInteger(position)) return position
  throw ScimError.of('invalidCursor')
}
