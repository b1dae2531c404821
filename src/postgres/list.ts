import type { Candidates, CursorPage, IndexPage, ListQuery, Page, Stored } from '../adapter/contract.js'
import type { Filter } from '../filter/ast.js'
import { visitFilter } from '../filter/visit.js'
import { filterSql } from '../sql/compile-filter.js'
import { raw, render, type SqlFragment, sql } from '../sql/fragment.js'
import { postgresql } from '../sql/postgresql.js'
import type { Queryable } from './database.js'
import { type Position, readPosition, type Stretch, stretches, writePosition } from './keyset.js'
import type { ResourcePlace } from './resource-place.js'
import type { Row } from './row.js'
import { ALL, type Lists, listsOf, rowColumns } from './select.js'
import { type SortColumn, sortColumn } from './sort.js'
import { type Target, viewRow } from './store.js'
import { run } from './transaction.js'

/** So many values of a long list come with each resource of a page; the rest is read when it is written. */
const LISTED = 100
/** So many candidates are read at a time. */
const BATCH = 500

/** A list that is being read. */
interface Reading {
  readonly target: Target
  readonly database: Queryable
  /** What every match meets. */
  readonly condition: SqlFragment
  readonly lists: Lists
}

interface SortedRow extends Row {
  readonly sort_key?: unknown
}

/** The page when SQL can say filter and order; else candidates, which meet as much of the filter as SQL can say. */
export async function listResources(
  target: Target,
  place: ResourcePlace,
  query: ListQuery,
  database: Queryable,
  isNeeded: (attribute: string) => boolean,
): Promise<Page | Candidates> {
  const { store, type, tenant } = target
  const at = place(tenant)
  const { condition, rest } = query.filter
    ? filterSql(query.filter, at, postgresql)
    : { condition: undefined, rest: undefined }
  const own = sql`r.tenant = ${tenant} AND r.type = ${type.name}`
  const whole = condition ? sql`${own} AND (${condition})` : own
  const column = query.sort && sortColumn(type, at, query.sort)
  if (rest || (query.sort && !column)) {
    // What remains of the filter, and the order, may look at what the answer does not show, and at all of it.
    const named = namesIn(query.filter, query.sort?.attribute.keys[0])
    const lists = listsOf(type, (name) => named.has(name) || isNeeded(name))
    const complete = lists.attributes.some(({ name }) => named.has(name))
    return candidates({ target, database, condition: whole, lists: complete ? { ...lists, limit: ALL } : lists })
  }
  const limit = store.database === database ? LISTED : ALL
  const reading: Reading = { target, database, condition: whole, lists: listsOf(type, isNeeded, limit) }
  return query.pagination === 'cursor' ? cursorPage(reading, query, column) : indexPage(reading, query, column)
}

function namesIn(filter: Filter | undefined, sorted: string | undefined): ReadonlySet<string> {
  const names = new Set(sorted === undefined ? [] : [sorted])
  if (filter) {
    visitFilter(filter, (node) => {
      if ('attribute' in node) names.add(node.attribute.keys[0] ?? '')
    })
  }
  return names
}

/** RFC 7644 section 3.4.2.4. One resource more than asked for tells whether the total has to be counted. */
async function indexPage(
  reading: Reading,
  { count, startIndex }: { readonly count: number; readonly startIndex: number },
  column: SortColumn | undefined,
): Promise<IndexPage> {
  const offset = startIndex - 1
  const [stretch] = stretches(column, undefined, true)
  const rows = count === 0 ? [] : await readStretch(reading, stretch as Stretch, column, count + 1, offset)
  const isLast = count > 0 && rows.length <= count && (rows.length > 0 || offset === 0)
  return {
    resources: viewAll(reading, rows.slice(0, count)),
    totalResults: isLast ? offset + rows.length : await countAll(reading),
  }
}

/** RFC 9865: the page behind a position, or the one that ends before it. */
async function cursorPage(
  reading: Reading,
  { count, after, before }: Pick<ListQuery & { readonly pagination: 'cursor' }, 'count' | 'after' | 'before'>,
  column: SortColumn | undefined,
): Promise<CursorPage> {
  if (count === 0) return { resources: [], totalResults: await countAll(reading) }
  const forward = before === undefined
  const given = forward ? after : before
  const position = given === undefined ? undefined : readPosition(given, column)
  const rows: SortedRow[] = []
  for (const stretch of stretches(column, position, forward)) {
    if (rows.length > count) break
    rows.push(...(await readStretch(reading, stretch, column, count + 1 - rows.length, 0)))
  }
  const hasMore = rows.length > count
  const page = rows.slice(0, count)
  if (!forward) page.reverse()
  const isFirst = forward ? given === undefined : !hasMore
  const isLast = forward ? !hasMore : false
  return {
    resources: viewAll(reading, page),
    ...(!isLast && { next: writePosition(positionOf(page.at(-1), column), column) }),
    ...(!isFirst && { previous: writePosition(positionOf(page[0], column), column) }),
    // RFC 9865 section 2 lets it be left out where it is costly.
    ...(isFirst && isLast && { totalResults: page.length }),
  }
}

function positionOf(row: SortedRow | undefined, column: SortColumn | undefined): Position | undefined {
  return row && { key: column ? column.toJson(row.sort_key) : null, id: row.id }
}

async function readStretch(
  reading: Reading,
  { where, orderBy }: Stretch,
  column: SortColumn | undefined,
  limit: number,
  offset: number,
): Promise<readonly SortedRow[]> {
  const { target, database, condition, lists } = reading
  const { store, type } = target
  const columns = rowColumns(type, store.types, store.schema, lists)
  const key = column ? sql`, ${column.sql} AS sort_key` : raw('')
  const { text, values } = render(sql`SELECT ${columns}${key} FROM ${raw(store.schema)}.resource AS r
  WHERE ${condition}${where ? sql` AND ${where}` : raw('')}
  ORDER BY ${orderBy} LIMIT ${limit}${offset > 0 ? sql` OFFSET ${offset}` : raw('')}`)
  return (await run(database, text, values)) as readonly SortedRow[]
}

async function countAll({ target, database, condition }: Reading): Promise<number> {
  const { text, values } = render(
    sql`SELECT count(*)::int AS total FROM ${raw(target.store.schema)}.resource AS r WHERE ${condition}`,
  )
  return (await run(database, text, values))[0]?.total
}

/** Batch by batch in the order of ids, so that no more is in memory at a time. It is no snapshot. */
async function* candidates(reading: Reading): AsyncGenerator<Stored> {
  for (let position: Position | undefined; ; ) {
    const [stretch] = stretches(undefined, position, true)
    const rows = await readStretch(reading, stretch as Stretch, undefined, BATCH, 0)
    yield* viewAll(reading, rows)
    if (rows.length < BATCH) return
    position = positionOf(rows.at(-1), undefined)
  }
}

function viewAll({ target, database, lists }: Reading, rows: readonly Row[]): readonly Stored[] {
  return rows.map((row) => viewRow(target, lists, row, database))
}
