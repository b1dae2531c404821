import { refuseUnknown } from '../../adapter/unknown-members.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { ScimError } from '../../error.js'
import type { Delta } from '../../patch/patch.js'
import { sql } from '../../sql/fragment.js'
import type { ReferenceMapping } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import type { ReferenceChange } from '../shared/reference-change.js'
import { addMembers } from './add-members.js'
import type { MappedAttribute } from './mapped-type.js'
import { belongsTo, namesOwn, referenceColumns } from './members.js'
import { removeRows } from './remove-rows.js'
import { namesOneOf, ownRow, ownRows, type TableTarget, tableAs } from './target.js'

/**
 * Applies a delta to a membership table, and returns the real additions and removals. It touches the values that the
 * delta names, and all of them only to clear them. Members that the client cannot see stay. The group is locked by
 * then.
 *
 * @param named How many members the request names.
 */
export async function writeMembers(
  connection: Queryable,
  target: TableTarget,
  id: string,
  { attribute, entry }: MappedAttribute<ReferenceMapping>,
  { clear, remove, add }: Delta,
  named = add.length,
): Promise<ReferenceChange> {
  const { type, call } = target
  const { store } = type
  const { dialect } = store
  const ids = add.map(({ value }) => value)
  // Decision A-122. Longer circles are legal; a walk visits each group once. Where ids are numbers of each table, a
  // user may have the number of the group.
  if (Object.hasOwn(entry.references, type.name) && ids.includes(id))
    throw ScimError.invalidValue(`A resource cannot be among its own "${attribute.path}".`)
  const own = ownRow(target, id)
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
    const gone = await removeRows(connection, store, entry, {
      alias: 'f',
      using: tableAs(type, 'r'),
      where: sql`${belongsTo(store, entry, 'f', 'r')} AND ${own} AND ${which} AND ${namesOwn(target, reference, 'f')}`,
      returning: column.column,
    })
    removed.push(...gone)
  }
  for (const { type: member, column } of columns) {
    if (missing.size === 0) break
    const memberId = columnOf('t', member.id.column)
    // A member is locked against a concurrent delete, as by a foreign key.
    const { rows: known } = await execute(
      connection,
      sql`SELECT ${dialect.text(memberId)} AS id FROM ${tableAs(member, 't')} WHERE ${namesOneOf(member, memberId, [...missing])} AND ${ownRows(member, call, 't')}${store.lock('FOR KEY SHARE')}`,
    )
    const found: readonly string[] = known.map((row) => row.id)
    for (const one of found) missing.delete(one)
    added.push(...(await addMembers(connection, { type, entry, own, column: column.column, member }, found)))
  }
  refuseUnknown(call, target.tables.unknownMembers, attribute, [...missing], named)
  return { attribute: attribute.name, added, removed }
}
