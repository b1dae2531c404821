import type { Awaitable, Call, Candidates, CursorPage, ListQuery, Page, Stored } from '../adapter/contract.js'
import { isShown } from '../adapter/selection.js'
import { ScimError } from '../error.js'
import { visitFilter } from '../filter/visit.js'
import type { Json } from '../schema/definition.js'
import type { Collection } from './collection.js'
import type { Row } from './row.js'
import { RowList } from './row-list.js'
import { searchFor } from './search.js'
import type { Store } from './store.js'
import { type View, viewOf } from './view.js'

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
  found: readonly Row[] | undefined,
  exact: boolean,
): Page | Candidates {
  const { filter, sort } = query
  if (!sort && (exact || !filter)) {
    const rows = found ? RowList.of(found) : collection.list
    const isNeeded = (attribute: string): boolean => isShown(call.select, attribute)
    return pageOf(rows, query, viewOf(store, collection, isNeeded))
  }
  // Filter and order may look at what the answer does not show.
  const named = new Set(sort?.attribute.keys.slice(0, 1))
  if (filter) {
    visitFilter(filter, (node) => {
      if ('attribute' in node) named.add(node.attribute.keys[0] ?? '')
    })
  }
  const isNeeded = (attribute: string): boolean => named.has(attribute) || call.select.has(attribute)
  return candidatesOf(found ?? collection.list, viewOf(store, collection, isNeeded))
}

function* candidatesOf(rows: Iterable<Row>, view: View): Generator<Stored> {
  for (const row of rows) yield view(row)
}

function pageOf(rows: RowList, query: ListQuery, view: View): Page {
  if (query.pagination === 'cursor') return cursorPageOf(rows, query, view)
  const page = query.count === 0 ? [] : rows.slice(Math.max(0, query.startIndex - 1), query.count)
  return { resources: page.map(view), totalResults: rows.length }
}

// The first resource has 1.
const START = 0

/** Positions are sequence numbers. New resources come last, so a walk meets them at its end. */
function cursorPageOf(
  rows: RowList,
  { count, after, before }: ListQuery & { readonly pagination: 'cursor' },
  view: View,
): CursorPage {
  const totalResults = rows.length
  if (count === 0) return { resources: [], totalResults }
  const position = positionOf(before ?? (after === undefined ? START : after))
  const page = before === undefined ? rows.after(position, count) : rows.before(position, count)
  // A page that has lost its resources lies between those ahead of the position and those behind it.
  const first = page[0]?.sequence ?? (before === undefined ? position + 1 : position)
  const last = page.at(-1)?.sequence ?? first - 1
  return {
    resources: page.map(view),
    totalResults,
    ...(rows.after(last, 1).length > 0 && { next: last }),
    ...(rows.before(first, 1).length > 0 && { previous: first }),
  }
}

function positionOf(position: Json): number {
  if (typeof position === 'number' && Number.isSafeInteger(position)) return position
  throw ScimError.of('invalidCursor')
}
