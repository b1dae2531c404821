import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import type { Dialect } from '../../sql/dialect.js'
import { identifier, join, NOTHING, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ReferenceMapping } from '../../sql/mapping.js'
import { columnOf, rowConditions } from '../../sql/table-place.js'
import type { TableType } from './mapped-type.js'
import { belongsTo, namesOwner } from './members.js'
import { namesOneOf, tableAs } from './target.js'

/** One column of a membership table, for one group. */
interface Memberships {
  /** The type of the group. */
  readonly type: TableType
  readonly entry: ReferenceMapping
  /** The condition that `r` is the group, which is locked. */
  readonly own: SqlFragment
  readonly column: string
  /** The type of the members. */
  readonly member: TableType
}

/** Adds the resources that are not members yet, and returns them. They exist and are locked. */
export async function addMembers(
  connection: Queryable,
  memberships: Memberships,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const added = [...(await insertRows(connection, memberships, ids))]
  const { until } = memberships.entry
  const left = until === undefined ? [] : without(ids, added)
  if (until === undefined || left.length === 0) return added
  return [...added, ...(await reviveRows(connection, memberships, until, left))]
}

async function insertRows(
  connection: Queryable,
  memberships: Memberships,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { type, entry, own, column, member } = memberships
  const { dialect, returning } = type.store
  const tells = returning !== 'nothing'
  const come = tells ? ids : without(ids, await heldOf(connection, memberships, ids))
  if (come.length === 0) return []
  const links = Object.entries(entry.on)
  const fixed = Object.entries(entry.fixed ?? {})
  const names = [...links.map(([mine]) => mine), ...fixed.map(([name]) => name), column]
  const id = columnOf('k', member.id.column)
  const values = [
    ...links.map(([, other]) => columnOf('r', other)),
    ...fixed.map(([, value]) => fixedLiteral(dialect, value)),
    id,
  ]
  const isHeld = sql`SELECT 1 FROM ${identifier(entry.table)} AS p WHERE ${belongsTo(type.store, entry, 'p', 'r')} AND ${columnOf('p', column)} = ${id}`
  const insert = sql`INSERT INTO ${identifier(entry.table)} (${join(names.map(identifier), ', ')})
  SELECT ${join(values, ', ')} FROM ${tableAs(type, 'r')}, ${tableAs(member, 'k')}
  WHERE ${own} AND ${namesOneOf(member, id, come)} AND NOT EXISTS (${isHeld})`
  // An index may keep those from getting a second row whose first does not count any more.
  const mayClash = entry.until !== undefined
  if (tells) {
    const clash = mayClash ? raw(' ON CONFLICT DO NOTHING') : NOTHING
    const { rows } = await execute(
      connection,
      sql`${insert}${clash} RETURNING ${dialect.text(identifier(column))} AS id`,
    )
    return rows.map((row) => row.id)
  }
  if (!mayClash) {
    await execute(connection, insert)
    return come
  }
  const same = columnOf(entry.table, column)
  await execute(connection, sql`${insert} ON DUPLICATE KEY UPDATE ${identifier(column)} = ${same}`)
  return heldOf(connection, memberships, come)
}

/** Which of some resources are members. */
async function heldOf(
  connection: Queryable,
  { type, entry, own, column, member }: Memberships,
  ids: readonly string[],
): Promise<readonly string[]> {
  const value = columnOf('f', column)
  const { rows } = await execute(
    connection,
    sql`SELECT ${type.store.dialect.text(value)} AS id FROM ${tableAs(type, 'r')}, ${identifier(entry.table)} AS f
  WHERE ${own} AND ${belongsTo(type.store, entry, 'f', 'r')} AND ${namesOneOf(member, value, ids)}`,
  )
  return rows.map((row) => row.id)
}

/** Makes the last row of each member count again, unless one counts already, if an index forbids a new row. */
async function reviveRows(
  connection: Queryable,
  memberships: Memberships,
  until: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { type, entry, own, column, member } = memberships
  const { dialect, returning } = type.store
  const { until: _until, ...fixed } = entry
  const value = columnOf('f', column)
  const table = identifier(entry.table)
  if (returning === 'nothing') {
    const come = without(ids, await heldOf(connection, memberships, ids))
    if (come.length === 0) return []
    const before = columnOf('q', column)
    const last = sql`SELECT ${before} AS member, max(${columnOf('q', until)}) AS ended FROM ${tableAs(type, 'r')}, ${table} AS q
    WHERE ${own} AND ${namesOwner(entry, 'q', 'r')} AND ${namesOneOf(member, before, come)} GROUP BY ${before}`
    const conditions = [
      ...[own, namesOwner(entry, 'f', 'r'), namesOneOf(member, value, come), ...rowConditions(dialect, fixed, 'f')],
      sql`${value} = l.member AND ${columnOf('f', until)} = l.ended`,
    ]
    // The rows that are written may not be looked at but by a query that is finished before.
    await execute(
      connection,
      sql`UPDATE ${table} AS f, ${tableAs(type, 'r')}, (${last}) AS l SET ${columnOf('f', until)} = NULL WHERE ${join(conditions, ' AND ')}`,
    )
    return heldOf(connection, memberships, come)
  }
  const others = (alias: string): SqlFragment =>
    sql`FROM ${table} AS ${raw(alias)} WHERE ${columnOf(alias, column)} = ${value} AND ${namesOwner(entry, alias, 'r')}`
  const { rows } = await execute(
    connection,
    sql`UPDATE ${table} AS f SET ${identifier(until)} = NULL
  WHERE ${join([namesOneOf(member, value, ids), ...rowConditions(dialect, fixed, 'f')], ' AND ')} AND EXISTS (
    SELECT 1 FROM ${tableAs(type, 'r')} WHERE ${own} AND ${namesOwner(entry, 'f', 'r')}
    AND NOT EXISTS (SELECT 1 ${others('p')} AND ${join(rowConditions(dialect, entry, 'p'), ' AND ')})
    AND ${columnOf('f', until)} = (SELECT max(${columnOf('q', until)}) ${others('q')}))
  RETURNING ${dialect.text(identifier(column))} AS id`,
  )
  return rows.map((row) => row.id)
}

function without(ids: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Set(others)
  return ids.filter((id) => !left.has(id))
}

function fixedLiteral(dialect: Dialect, value: string | number | boolean): SqlFragment {
  if (typeof value === 'boolean') return dialect.boolean(value)
  return typeof value === 'number' ? raw(String(value)) : dialect.literal(value)
}
