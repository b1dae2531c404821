import type { AttributeChange, Changes } from '../../adapter/contract.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { identifier, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ReferenceMapping, RowConditions } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import { timeFor } from './assign.js'
import { forget } from './forget.js'
import { lockRows } from './lock-rows.js'
import type { TableType } from './mapped-type.js'
import { belongsTo, namesOwn, namesOwner, referenceColumns } from './members.js'
import type { TableRow } from './read.js'
import { refusedByTrigger } from './refusal.js'
import { removeRows } from './remove-rows.js'
import { idValue, ownRow, ownRows, type TableTarget, tableAs } from './target.js'
import { change, type WriteCondition } from './write.js'
import { touch } from './write-attributes.js'

/** The deleted resource: the members that left with it, if an event reports them. */
type DeletedRow = true | { readonly changes: Changes }

/** Removes a row, or marks it as deleted, with the rows that belong to it; the versions of its groups change. */
export async function deleteRow(
  target: TableTarget,
  id: string,
  condition: WriteCondition,
): Promise<boolean | { readonly changes: Changes } | 'stale'> {
  const { type } = target
  const { store } = type
  const isTold = target.call.limits.memberEvents > 0 && type.references.length > 0
  const remove = async (connection: Queryable): Promise<DeletedRow> => {
    await leaveGroups(connection, target, id)
    await forget(connection, target, id)
    const own = ownRow(target, id)
    const rows = tableAs(type, 'r')
    const removeFrom = (
      entry: RowConditions & { readonly table: string },
      condition: SqlFragment,
      returning?: string,
    ) => {
      const where = sql`${condition} AND ${own}`
      const from = { table: entry.table, until: type.deleted === undefined ? undefined : entry.until }
      return removeRows(connection, store, from, { alias: 'f', using: rows, where, returning })
    }
    const changes: Record<string, AttributeChange> = {}
    for (const { attribute, entry } of type.references) {
      const isHeld = belongsTo(store, entry, 'f', 'r')
      const removed: string[] = []
      for (const reference of isTold || type.deleted !== undefined ? referenceColumns(target, entry) : []) {
        const isSeen = sql`${isHeld} AND ${namesOwn(target, reference, 'f')}`
        const gone = await removeFrom(entry, isSeen, reference.column.column)
        removed.push(...gone)
      }
      // Where the row is still there for the application, the members that only the application knows of are so too.
      if (type.deleted === undefined) await removeFrom(entry, namesOwner(entry, 'f', 'r'))
      changes[attribute.path] = { added: [], removed }
    }
    const outcome: DeletedRow = isTold ? { changes } : true
    if (type.deleted !== undefined) {
      await run(
        connection,
        sql`UPDATE ${rows} SET ${identifier(type.deleted)} = ${timeFor(type, new Date())} WHERE ${own}`,
      )
      return outcome
    }
    for (const { entry } of type.children) await removeFrom(entry, namesOwner(entry, 'f', 'r'))
    const { rowCount } = await execute(connection, store.remove({ table: type.mapping.table, alias: 'r', where: own }))
    // A trigger may keep the row without a word, or mark it in its own way.
    if (rowCount === 0 && (await run(connection, sql`SELECT 1 FROM ${rows} WHERE ${own}`)).length > 0)
      throw refusedByTrigger()
    return outcome
  }
  // Locks the groups first, and then their members, as an addition of members does: no deadlock.
  const outcome = await change(target, id, condition, remove, {
    beforeDelete: (connection) => lockGroups(connection, target, id),
  })
  return outcome ?? false
}

/** A group type that a resource is in, with its groups, locked in the order of their ids. */
interface LockedGroups {
  readonly holder: TableType
  readonly entry: ReferenceMapping
  /**
   * The condition that a row `f` of the membership table is one of the resource in a group `r` of the caller's scope.
   */
  readonly isHeld: SqlFragment
  readonly ids: readonly string[]
}

async function lockGroups(connection: Queryable, target: TableTarget, id: string): Promise<readonly LockedGroups[]> {
  const { tables, type, call } = target
  const { dialect } = type.store
  const locked: LockedGroups[] = []
  for (const holder of tables.types) {
    for (const { entry } of holder.references) {
      const found = Object.hasOwn(entry.references, type.name) ? entry.references[type.name] : undefined
      if (found === undefined) continue
      const column = columnOf('f', typeof found === 'string' ? found : found.column)
      // Of a resource that really goes no row may be left, whether it counts or not.
      const isIn = type.deleted === undefined ? namesOwner(entry, 'f', 'r') : belongsTo(type.store, entry, 'f', 'r')
      const isHeld = sql`${column} = ${idValue(type, id) ?? raw('NULL')} AND ${isIn}`
      const isOwn = ownRows(holder, call, 'r')
      const own = columnOf('r', holder.id.column)
      const holds = sql`${isOwn} AND EXISTS (SELECT 1 FROM ${identifier(entry.table)} AS f WHERE ${isHeld})`
      const { rows: groups } = await lockRows(connection, holder, sql`${dialect.text(own)} AS id`, holds)
      const ids: readonly string[] = groups.map((group) => group.id)
      if (ids.length > 0) locked.push({ holder, entry, isHeld: sql`${isHeld} AND ${isOwn}`, ids })
    }
  }
  return locked
}

/**
 * The resource is locked by now, so no more groups can take it in. Groups of others, and their rows, are left alone.
 */
async function leaveGroups(connection: Queryable, target: TableTarget, id: string): Promise<void> {
  for (const { holder, entry, isHeld, ids } of await lockGroups(connection, target, id)) {
    const { store } = holder
    const from = { table: entry.table, until: target.type.deleted === undefined ? undefined : entry.until }
    await removeRows(connection, store, from, { alias: 'f', using: tableAs(holder, 'r'), where: isHeld })
    await touch(connection, { ...target, type: holder }, ids)
  }
}

async function run(connection: Queryable, statement: SqlFragment): Promise<readonly TableRow[]> {
  return (await execute(connection, statement)).rows
}
