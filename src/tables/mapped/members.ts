import type { Queryable } from '../../database/database.js'
import type { TableDialect } from '../../database/store-dialect.js'
import { run } from '../../database/transaction.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ChildTableMapping, ColumnMapping, ReferenceMapping } from '../../sql/mapping.js'
import { columnOf, rowConditions } from '../../sql/table-place.js'
import type { MappedAttribute, TableType } from './mapped-type.js'
import { displayOf, idValue, ownRow, ownRows, type TableTarget, tableAs } from './target.js'

/** A target of references: a type and the column that holds the id. */
export interface ReferenceColumn {
  readonly type: TableType
  readonly column: ColumnMapping
}

/** The types that a membership table may point to, in the order of the mapping. */
export function referenceColumns(
  { tables }: TableTarget,
  { references }: ReferenceMapping,
): readonly ReferenceColumn[] {
  return Object.entries(references).flatMap(([name, entry]) => {
    const type = tables.types.find((one) => one.name === name)
    return type ? [{ type, column: typeof entry === 'string' ? { column: entry } : entry }] : []
  })
}

/**
 * `f.team_id = r.id` and so on: the rows of a table of values or memberships that name the resource, whether they count
 * or not.
 */
export function namesOwner({ on }: Pick<ReferenceMapping, 'on'>, alias: string, owner: string): SqlFragment {
  return join(
    Object.entries(on).map(([own, other]) => sql`${columnOf(alias, own)} = ${columnOf(owner, other)}`),
    ' AND ',
  )
}

/** The rows of such a table that belong to the resource and count. */
export function belongsTo(
  { dialect }: TableDialect,
  entry: ChildTableMapping | ReferenceMapping,
  alias: string,
  owner: string,
): SqlFragment {
  return join([namesOwner(entry, alias, owner), ...rowConditions(dialect, entry, alias)], ' AND ')
}

/** The condition that a row of a membership table names a resource in the scope of the caller. */
export function namesOwn({ call }: TableTarget, { type, column }: ReferenceColumn, alias: string): SqlFragment {
  return sql`EXISTS (SELECT 1 FROM ${tableAs(type, 't')} WHERE ${columnOf('t', type.id.column)} = ${columnOf(alias, column.column)} AND ${ownRows(type, call, 't')})`
}

/**
 * Selects the values of one column of a membership table for the resource `r`, in the order of their ids, as JSON
 * arrays of id and display name.
 */
function selectColumn(
  target: TableTarget,
  entry: ReferenceMapping,
  { type, column }: ReferenceColumn,
  limit: number,
): SqlFragment {
  const { json, dialect } = type.store
  const own = columnOf('f', column.column)
  return sql`SELECT ${json.array([dialect.text(own), displayOf(type, 't')])} AS reference, ${own} AS position
    FROM ${identifier(entry.table)} AS f JOIN ${tableAs(type, 't')} ON ${columnOf('t', type.id.column)} = ${own} AND ${ownRows(type, target.call, 't')}
    WHERE ${belongsTo(type.store, entry, 'f', 'r')}
    ORDER BY ${own}${atMost(type.store, limit)}`
}

/** The column of a select that holds the values of a reference attribute: an array for each type they may have. */
export function selectMembers(
  target: TableTarget,
  { entry }: MappedAttribute<ReferenceMapping>,
  limit: number,
): SqlFragment {
  const lists = referenceColumns(target, entry).map((column) =>
    listOf(target, selectColumn(target, entry, column, limit + 1)),
  )
  const { json } = target.type.store
  return json.array(lists.map(json.part))
}

function listOf({ type: { store } }: TableTarget, references: SqlFragment): SqlFragment {
  const { json } = store
  return sql`(SELECT ${json.group(json.part(raw('l.reference')), raw('l.position'))} FROM (${references}) AS l)`
}

type MemberRow = readonly [id: string, display: string | null]

/** Members as they are selected: an array for each type that they may have. */
export type MemberRows = readonly (readonly MemberRow[])[]

/**
 * The values of a reference attribute: an array, or an AsyncIterable that reads on when there are more than `limit`.
 */
export function membersOf(
  database: Queryable,
  target: TableTarget,
  { attribute, entry }: MappedAttribute<ReferenceMapping>,
  id: string,
  found: MemberRows,
  limit: number,
): readonly JsonObject[] | AsyncIterable<JsonObject> | undefined {
  const columns = referenceColumns(target, entry)
  const describe = (index: number) => (row: MemberRow) =>
    describeMember(attribute, columns[index]?.type.name ?? '', row)
  if (found.every((rows) => rows.length <= limit)) {
    const members = found.flatMap((rows, index) => rows.map(describe(index)))
    return members.length === 0 ? undefined : members
  }
  return {
    async *[Symbol.asyncIterator]() {
      for (const [index, column] of columns.entries()) {
        for (let rows = found[index] ?? []; rows.length > 0; ) {
          for (const row of rows) yield describe(index)(row)
          if (rows === found[index] && rows.length <= limit) break
          rows = await readOn(database, target, entry, column, id, { after: rows.at(-1)?.[0], limit: BATCH })
        }
      }
    },
  }
}

const BATCH = 1_000

/** The members of one column behind an id, in the order of their ids. */
async function readOn(
  database: Queryable,
  target: TableTarget,
  entry: ReferenceMapping,
  { type: member, column }: ReferenceColumn,
  id: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly MemberRow[]> {
  const { type, call } = target
  const { dialect } = type.store
  const own = columnOf('f', column.column)
  const last = after === undefined ? undefined : idValue(member, after)
  const rows = await run(
    database,
    sql`SELECT ${dialect.text(own)} AS id, ${displayOf(member, 't')} AS display
  FROM ${tableAs(type, 'r')}, ${identifier(entry.table)} AS f, ${tableAs(member, 't')}
  WHERE ${ownRow(target, id)} AND ${belongsTo(type.store, entry, 'f', 'r')} AND ${columnOf('t', member.id.column)} = ${own}
  AND ${ownRows(member, call, 't')}${last ? sql` AND ${own} > ${last}` : raw('')}
  ORDER BY ${own}${atMost(type.store, limit)}`,
  )
  return rows.map((row) => [row.id, row.display])
}

/**
 * Reads the values of a reference attribute that {@link selectMembers} selects, by statements for each of some
 * resources: each reads no more rows than it needs.
 */
export async function loadMembers(
  connection: Queryable,
  target: TableTarget,
  { entry }: MappedAttribute<ReferenceMapping>,
  ids: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, MemberRows>> {
  const found = new Map<string, MemberRows>()
  for (const id of ids) {
    const lists: (readonly MemberRow[])[] = []
    for (const column of referenceColumns(target, entry))
      lists.push(await readOn(connection, target, entry, column, id, { limit: limit + 1 }))
    found.set(id, lists)
  }
  return found
}

function atMost({ limit }: TableDialect, count: number): SqlFragment {
  return Number.isFinite(count) ? sql` LIMIT ${limit(count)}` : raw('')
}

function describeMember(attribute: Attribute, type: string, [value, display]: MemberRow): JsonObject {
  return {
    value,
    ...(attribute.subAttribute('type') && { type }),
    ...(display !== null && attribute.subAttribute('display') && { display }),
  }
}
