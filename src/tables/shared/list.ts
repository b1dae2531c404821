import { finishCandidates } from '../../adapter/candidates.js'
import type { Call, Candidates, CursorPage, IndexPage, ListQuery, Page, Sort, Stored } from '../../adapter/contract.js'
import { attributesNamedBy } from '../../adapter/selections.js'
import type { Queryable } from '../../database/database.js'
import type { TableDialect } from '../../database/store-dialect.js'
import { run } from '../../database/transaction.js'
import { filterSql } from '../../sql/compile-filter.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { AttributePlace } from '../../sql/place.js'
import { type IdColumn, type Position, readPosition, type Stretch, stretches, writePosition } from './keyset.js'
import type { SortColumn } from './sort.js'

/** So many candidates are read at a time. */
const BATCH = 500

/** The resources that a list is made of: rows of a table, which has the alias `r`. */
export interface ListSource<Row> {
  readonly database: Queryable
  readonly store: TableDialect
  /** The FROM clause. */
  readonly from: SqlFragment
  /** The condition that keeps tenants and types apart. */
  readonly own: SqlFragment
  readonly place: AttributePlace
  readonly id: IdColumn
  readonly sort: (sort: Sort) => SortColumn | undefined
  /**
   * How rows are read.
   *
   * @param isNeeded Whether the resources are to have an attribute.
   * @param whole Whether long lists are needed as arrays, to be looked at by a filter.
   */
  readonly reader: (isNeeded: (attribute: string) => boolean, whole: boolean) => RowReader<Row>
  /** Values that are computed for all resources of an answer together, such as the groups of users. */
  readonly together?: AddedAttribute | undefined
  /** Whether the statement of a page counts all resources too: the database works such a subquery out once. */
  readonly countsWithPage?: boolean
}

/**
 * An attribute that no row has, and the function that adds it to resources. Filters treat it like any other (decision
 * A-129).
 */
export interface AddedAttribute {
  readonly attribute: string
  /**
   * Whether any resource of the source may have a value, as the text `'true'` or `'false'`. It is selected with a page.
   * Default: any may.
   */
  readonly mayExist?: SqlFragment
  readonly add: (resources: readonly Stored[]) => Promise<readonly Stored[]>
}

/** The selected columns, and the resource that is made from them. */
export interface RowReader<Row> {
  readonly columns: SqlFragment
  readonly view: (row: Row) => Stored
  readonly idOf: (row: Row) => string
  /** Adds the values that were not read with the rows. Default: no values. */
  readonly complete?: ((connection: Queryable, rows: readonly Row[]) => Promise<readonly Row[]>) | undefined
}

/** A list that is being read. */
interface RowListing<Row> extends RowReader<Row> {
  readonly source: ListSource<Row>
  /** The condition that each row of the list meets. */
  readonly condition: SqlFragment
  /** Attributes that are added to the resources afterwards. */
  readonly together?: AddedAttribute | undefined
}

/** Columns of a row that are no part of the resource. */
interface ExtraColumns {
  readonly sort_key?: unknown
  /** How many resources there are. */
  readonly total?: string
  /** Whether `together` may have values. */
  readonly may_exist?: string
}

interface ReadPage<Kind extends Page> {
  readonly page: Kind
  readonly mayExist: boolean
}

/** The page when SQL can say filter and order; else candidates, which meet as much of the filter as SQL can say. */
export async function listRows<Row>(
  source: ListSource<Row>,
  query: ListQuery,
  { select, limits, signal }: Pick<Call, 'select' | 'limits' | 'signal'>,
): Promise<Page | Candidates> {
  const { own, place, together } = source
  const { condition, rest } = query.filter
    ? filterSql(query.filter, place, source.store.dialect)
    : { condition: undefined, rest: undefined }
  const whole = condition ? sql`${own} AND (${condition})` : own
  const column = query.sort && source.sort(query.sort)
  if (rest || (query.sort && !column)) {
    // The rest of the filter, and the order, may read attributes that the answer does not show, and all of their
    // values.
    // The router applies the whole filter to the candidates again, so all of it counts.
    const named = attributesNamedBy(query)
    const reader = source.reader((name) => named.has(name) || select.has(name), true)
    const isNamed = together && named.has(together.attribute)
    const found = candidates({ source, condition: whole, ...reader }, isNamed ? together : undefined)
    if (!together || isNamed || !select.shows(together.attribute)) return found
    // Attributes that neither filter nor order looks at are worked out for the resources on the page alone, which are
    // known at the end.
    const budget = { resources: limits.scanResources, milliseconds: limits.scanTime }
    return withTogether(await finishCandidates(found, query, { budget, signal }), together)
  }
  const reader = source.reader(select.shows, false)
  const shown = together && select.shows(together.attribute) ? together : undefined
  const reading: RowListing<Row> = { source, condition: whole, together: shown, ...reader }
  const { page, mayExist } = await (query.pagination === 'cursor'
    ? cursorPage(reading, query, column)
    : indexPage(reading, query, column))
  return shown && mayExist ? withTogether(page, shown) : page
}

async function withTogether(page: Page, { add }: AddedAttribute): Promise<Page> {
  return { ...page, resources: await add([...page.resources]) }
}

/** RFC 7644 section 3.4.2.4. One resource more than requested shows whether the total must be counted. */
async function indexPage<Row>(
  reading: RowListing<Row>,
  { count, startIndex }: { readonly count: number; readonly startIndex: number },
  column: SortColumn | undefined,
): Promise<ReadPage<IndexPage>> {
  const { source, condition, view } = reading
  const offset = startIndex - 1
  const [stretch] = stretches(source.id, column, undefined, true)
  // Counting the matches of a filter may cost a second look at all resources, which the last page needs not.
  const counts = source.countsWithPage === true && condition === source.own
  const rows = count === 0 ? [] : await readStretch(reading, stretch as Stretch, column, count + 1, offset, counts)
  const isLast = count > 0 && rows.length <= count && (rows.length > 0 || offset === 0)
  const counted = rows[0]?.total
  const page = {
    resources: rows.slice(0, count).map(view),
    totalResults: isLast ? offset + rows.length : counted === undefined ? await countAll(reading) : Number(counted),
  }
  return { page, mayExist: mayExist(rows) }
}

function mayExist([first]: readonly ExtraColumns[]): boolean {
  return first !== undefined && first.may_exist !== 'false'
}

/** RFC 9865: the page behind a position, or the page that ends before it. */
async function cursorPage<Row>(
  reading: RowListing<Row>,
  { count, after, before }: Pick<ListQuery & { readonly pagination: 'cursor' }, 'count' | 'after' | 'before'>,
  column: SortColumn | undefined,
): Promise<ReadPage<CursorPage>> {
  if (count === 0) return { page: { resources: [], totalResults: await countAll(reading) }, mayExist: false }
  const forward = before === undefined
  const given = forward ? after : before
  const position = given === undefined ? undefined : readPosition(given, column)
  const rows: (Row & ExtraColumns)[] = []
  for (const stretch of stretches(reading.source.id, column, position, forward)) {
    if (rows.length > count) break
    rows.push(...(await readStretch(reading, stretch, column, count + 1 - rows.length, 0)))
  }
  const hasMore = rows.length > count
  const shown = rows.slice(0, count)
  if (!forward) shown.reverse()
  const isFirst = forward ? given === undefined : !hasMore
  const isLast = forward && !hasMore
  const page = {
    resources: shown.map(reading.view),
    ...(!isLast && { next: writePosition(positionOf(reading, shown.at(-1), column), column) }),
    ...(!isFirst && { previous: writePosition(positionOf(reading, shown[0], column), column) }),
    // RFC 9865 section 2 lets it be left out where it is costly.
    ...(isFirst && isLast && { totalResults: shown.length }),
  }
  return { page, mayExist: mayExist(rows) }
}

function positionOf<Row>(
  { idOf }: RowReader<Row>,
  row: (Row & ExtraColumns) | undefined,
  column: SortColumn | undefined,
): Position | undefined {
  return row && { key: column ? column.toJson(row.sort_key) : null, id: idOf(row) }
}

async function readStretch<Row>(
  { source, columns, condition, complete, together }: RowListing<Row>,
  { where, orderBy }: Stretch,
  column: SortColumn | undefined,
  limit: number,
  offset: number,
  counts = false,
): Promise<readonly (Row & ExtraColumns)[]> {
  const key = column ? sql`, ${column.selected} AS sort_key` : raw('')
  const total = counts ? sql`, (${countOf(source, condition)}) AS total` : raw('')
  const exist = together?.mayExist ? sql`, ${together.mayExist} AS may_exist` : raw('')
  const stretch = sql`${condition}${where ? sql` AND ${where}` : raw('')}`
  const count = source.store.limit
  const order = sql`ORDER BY ${orderBy} LIMIT ${count(limit)}`
  // Skipped resources are only counted: otherwise the lists of resources on earlier pages would be read as well.
  const wanted =
    offset === 0
      ? stretch
      : sql`${source.own} AND ${isOnPage(source, sql`${stretch} ${order} OFFSET ${count(offset)}`)}`
  const rows = await run(
    source.database,
    sql`SELECT ${columns}${key}${total}${exist} FROM ${source.from}
  WHERE ${wanted} ${order}`,
  )
  return complete ? ((await complete(source.database, rows)) as readonly (Row & ExtraColumns)[]) : rows
}

function isOnPage<Row>({ store, id, from }: ListSource<Row>, page: SqlFragment): SqlFragment {
  const ids = sql`SELECT ${id.sql} AS id FROM ${from} WHERE ${page}`
  return store.amongSelected?.(id.sql, ids) ?? sql`${id.sql} IN (SELECT page.id FROM (${ids}) AS page)`
}

async function countAll<Row>({ source, condition }: RowListing<Row>): Promise<number> {
  const [row] = await run(source.database, countOf(source, condition))
  return Number(row?.total)
}

function countOf<Row>({ store, from }: ListSource<Row>, condition: SqlFragment): SqlFragment {
  return sql`SELECT ${store.dialect.text(raw('count(*)'))} AS total FROM ${from} WHERE ${condition}`
}

/** Batch by batch in the order of ids, so that no more is in memory at a time. It is no snapshot. */
async function* candidates<Row>(
  reading: RowListing<Row>,
  together: AddedAttribute | undefined,
): AsyncGenerator<Stored> {
  for (let position: Position | undefined; ; ) {
    const [stretch] = stretches(reading.source.id, undefined, position, true)
    const rows = await readStretch(reading, stretch as Stretch, undefined, BATCH, 0)
    const resources = rows.map(reading.view)
    yield* together ? await together.add(resources) : resources
    if (rows.length < BATCH) return
    position = positionOf(reading, rows.at(-1), undefined)
  }
}
