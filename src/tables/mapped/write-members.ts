import { refuseUnknown } from '../../adapter/unknown-members.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { ScimError } from '../../error.js'
import type { Delta } from '../../patch/patch.js'
import type { Dialect } from '../../sql/dialect.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ReferenceMapping } from '../../sql/mapping.js'
import { columnOf, rowConditions } from '../../sql/table-place.js'
import type { ReferenceChange } from '../shared/reference-change.js'
import type { Mapped, TableType } from './mapped-type.js'
import { belongsTo, namesOwn, namesOwner, referenceColumns } from './members.js'
import { removeRows } from './remove-rows.js'
import { idTable, idValue, namesOneOf, ownRows, type TableTarget, tableAs } from './target.js'

/**
 * Does to a membership table what a delta says, and tells what really came and went. It touches the values that the delta
 * names, and all of them only to clear them. Members that the client cannot see stay. The group is locked by then.
 *
 * @param named How many members the request names.
 */
export async function writeMembers(
  connection: Queryable,
  target: TableTarget,
  id: string,
  { attribute, entry }: Mapped<ReferenceMapping>,
  { clear, remove, add }: Delta,
  named = add.length,
): Promise<ReferenceChange> {
  const { type, call } = target
  const { store } = type
  const { dialect } = store
  const ids = add.map(({ value }) => value)
  // Decision A-122. Longer circles are legal, and whoever walks them minds it. Where ids are numbers of each table, a user
  // may have the number of the group.
  if (Object.hasOwn(entry.references, type.name) && ids.includes(id))
    throw ScimError.invalidValue(`A resource cannot be among its own "${attribute.path}".`)
  const run = async (statement: SqlFragment): Promise<readonly { readonly id: string }[]> => {
    return (await execute(connection, statement)).rows
  }
  const own = sql`${columnOf('r', type.id.column)} = ${idValue(type, id) ?? raw('NULL')} AND ${ownRows(type, call, 'r')}`
  const links = Object.entries(entry.on)
  const removed: string[] = []
  const added: string[] = []
  const missing = new Set(ids)
  const columns = referenceColumns(target, entry)
  for (const reference of clear || remove.length > 0 ? columns : []) {
    const { type: member, column } = reference
    const value = columnOf('f', column.column)
    const which = clear
      ? sql`${value} IS NOT NULL AND NOT (${namesOneOf(member, value, ids)})`
      : namesOneOf(member, value, remove)
    const gone = await run(
      removeRows(store, entry, {
        table: entry.table,
        alias: 'f',
        using: tableAs(type, 'r'),
        where: sql`${belongsTo(store, entry, 'f', 'r')} AND ${own} AND ${which} AND ${namesOwn(target, reference, 'f')}`,
        returning: column.column,
      }),
    )
    removed.push(...gone.map((row) => row.id))
  }
  for (const { type: member, column } of columns) {
    if (missing.size === 0) break
    const memberId = columnOf('t', member.id.column)
    // Who is a member is locked against being deleted meanwhile, the way a foreign key would.
    const known = await run(
      sql`SELECT ${dialect.text(memberId)} AS id FROM ${tableAs(member, 't')} WHERE ${namesOneOf(member, memberId, [...missing])} AND ${ownRows(member, call, 't')}${store.lock('FOR KEY SHARE')}`,
    )
    if (known.length === 0) continue
    for (const row of known) missing.delete(row.id)
    const fixed = Object.entries(entry.fixed ?? {})
    const names = [...links.map(([mine]) => mine), ...fixed.map(([name]) => name), column.column]
    const come = await run(
      sql`INSERT INTO ${identifier(entry.table)} AS f (${join(names.map(identifier), ', ')})
  SELECT ${join([...links.map(([, other]) => columnOf('r', other)), ...fixed.map(([, fixedValue]) => fixedLiteral(dialect, fixedValue)), raw('k.id')], ', ')}
  FROM ${tableAs(type, 'r')}, ${idTable(
    member,
    known.map((row) => row.id),
    'k',
  )}
  WHERE ${own} AND NOT EXISTS (SELECT 1 FROM ${identifier(entry.table)} AS p WHERE ${belongsTo(store, entry, 'p', 'r')} AND ${columnOf('p', column.column)} = k.id)${entry.until === undefined ? raw('') : raw('\n  ON CONFLICT DO NOTHING')}
  RETURNING ${dialect.text(identifier(column.column))} AS id`,
    )
    added.push(...come.map((row) => row.id))
    const { until } = entry
    const left = known.map((row) => row.id).filter((one) => !added.includes(one))
    if (until === undefined || left.length === 0) continue
    const back = await run(reviveRows(target, entry, until, { own, column: column.column, member, ids: left }))
    added.push(...back.map((row) => row.id))
  }
  refuseUnknown(call, target.tables.unknownMembers, attribute, [...missing], named)
  return { attribute: attribute.name, added, removed }
}

/** Members whose rows count no longer, and which an index keeps from getting new ones. */
interface Gone {
  /** The condition that `r` is the group. */
  readonly own: SqlFragment
  readonly column: string
  readonly member: TableType
  readonly ids: readonly string[]
}

/** Makes the last row of each count again, unless one counts already. */
function reviveRows(
  { type }: TableTarget,
  entry: ReferenceMapping,
  until: string,
  { own, column, member, ids }: Gone,
): SqlFragment {
  const { store } = type
  const { dialect } = store
  const { until: _until, ...fixed } = entry
  const value = columnOf('f', column)
  const table = identifier(entry.table)
  const others = (alias: string): SqlFragment =>
    sql`FROM ${table} AS ${raw(alias)} WHERE ${columnOf(alias, column)} = ${value} AND ${namesOwner(entry, alias, 'r')}`
  return sql`UPDATE ${table} AS f SET ${identifier(until)} = NULL
  WHERE ${join([namesOneOf(member, value, ids), ...rowConditions(dialect, fixed, 'f')], ' AND ')} AND EXISTS (
    SELECT 1 FROM ${tableAs(type, 'r')} WHERE ${own} AND ${namesOwner(entry, 'f', 'r')}
    AND NOT EXISTS (SELECT 1 ${others('p')} AND ${join(rowConditions(dialect, entry, 'p'), ' AND ')})
    AND ${columnOf('f', until)} = (SELECT max(${columnOf('q', until)}) ${others('q')}))
  RETURNING ${dialect.text(identifier(column))} AS id`
}

function fixedLiteral(dialect: Dialect, value: string | number | boolean): SqlFragment {
  if (typeof value === 'boolean') return dialect.boolean(value)
  return typeof value === 'number' ? raw(String(value)) : dialect.literal(value)
}
