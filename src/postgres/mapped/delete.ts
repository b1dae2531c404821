import { identifier, raw, render, type SqlFragment, sql } from '../../sql/fragment.js'
import { columnOf } from '../../sql/table-place.js'
import type { Queryable } from '../database/database.js'
import type { TableType } from './mapped-type.js'
import { belongsTo } from './members.js'
import type { TableRow } from './read.js'
import { idValue, ownRows, type TableTarget, tableAs } from './target.js'
import { type Condition, change, ownRow, touch } from './write.js'

/** Removes a row, or marks it as deleted, with the rows that belong to it; the versions of its groups change. */
export async function deleteRow(target: TableTarget, id: string, condition: Condition): Promise<boolean | 'stale'> {
  const { type } = target
  const remove = async (connection: Queryable): Promise<true> => {
    await leaveGroups(connection, target, id)
    const own = ownRow(target, id)
    for (const { entry } of [...type.references, ...(type.deleted === undefined ? type.children : [])]) {
      await run(
        connection,
        sql`DELETE FROM ${identifier(entry.table)} AS f USING ${tableAs(type, 'r')} WHERE ${belongsTo(entry, 'f', 'r')} AND ${own}`,
      )
    }
    await run(
      connection,
      type.deleted === undefined
        ? sql`DELETE FROM ${tableAs(type, 'r')} WHERE ${own}`
        : sql`UPDATE ${tableAs(type, 'r')} SET ${identifier(type.deleted)} = ${new Date()} WHERE ${own}`,
    )
    return true
  }
  // Groups first, and then who is in them: as those do who add members, so that nobody waits in a circle.
  const outcome = await change(target, id, condition, remove, undefined, (connection) =>
    lockGroups(connection, target, id),
  )
  return outcome ?? false
}

/** A group type that a resource is in, with its groups, locked in the order of their ids. */
interface LockedGroups {
  readonly holder: TableType
  readonly isHeld: SqlFragment
  readonly table: string
  readonly ids: readonly string[]
}

async function lockGroups(connection: Queryable, target: TableTarget, id: string): Promise<readonly LockedGroups[]> {
  const { tables, type, call } = target
  const locked: LockedGroups[] = []
  for (const holder of tables.types) {
    for (const { entry } of holder.references) {
      const found = Object.hasOwn(entry.references, type.name) ? entry.references[type.name] : undefined
      if (found === undefined) continue
      const column = columnOf('f', typeof found === 'string' ? found : found.column)
      const isHeld = sql`${column} = ${idValue(type.id, id) ?? raw('NULL')}`
      const own = columnOf('r', holder.id.column)
      const groups = await run(
        connection,
        sql`SELECT ${own}::text AS id FROM ${tableAs(holder, 'r')} WHERE ${ownRows(holder, call, 'r')}
  AND EXISTS (SELECT 1 FROM ${identifier(entry.table)} AS f WHERE ${belongsTo(entry, 'f', 'r')} AND ${isHeld})
  ORDER BY ${own} FOR NO KEY UPDATE`,
      )
      if (groups.length > 0) locked.push({ holder, isHeld, table: entry.table, ids: groups.map((group) => group.id) })
    }
  }
  return locked
}

/** The resource is locked by now, so no more groups can take it in. */
async function leaveGroups(connection: Queryable, target: TableTarget, id: string): Promise<void> {
  for (const { holder, isHeld, table, ids } of await lockGroups(connection, target, id)) {
    await run(connection, sql`DELETE FROM ${identifier(table)} AS f WHERE ${isHeld}`)
    for (const group of ids) await touch(connection, { ...target, type: holder }, group)
  }
}

async function run(connection: Queryable, statement: SqlFragment): Promise<readonly TableRow[]> {
  const { text, values } = render(statement)
  return (await connection.query(text, values as unknown[])).rows
}
