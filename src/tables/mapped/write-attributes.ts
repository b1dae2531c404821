import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { isSame } from '../../patch/same.js'
import { ASSIGNED } from '../../schema/model/assigned.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { identifier, join, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ColumnMapping } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import { type Assignment, assignments, timeFor } from './assign.js'
import { writeChildren } from './children.js'
import type { TableType } from './mapped-type.js'
import { namesOneOf, ownRows, type TableTarget, tableAs } from './target.js'

/**
 * Writes the changed attributes that lie in other tables, and returns the changed columns of the row itself; undefined
 * when none differs.
 */
export async function writeAttributes(
  connection: Queryable,
  target: TableTarget,
  id: string,
  current: JsonObject,
  next: JsonObject,
  attributes: readonly Attribute[],
  cleared: ReadonlySet<string>,
): Promise<readonly Assignment[] | undefined> {
  const { type } = target
  const changed = attributes
    .filter(
      (attribute) =>
        !isReference(type, attribute.name) &&
        attribute.name !== type.memberOf?.name &&
        // An attribute that no client can read stays unchanged if it is not given.
        !(isUnreadable(attribute) && next[attribute.name] === undefined && !cleared.has(attribute.name)) &&
        !ASSIGNED.has(attribute.name),
    )
    .filter((attribute) => !isSame(attribute, current[attribute.name], next[attribute.name]))
  if (changed.length === 0) return undefined
  const assigned = await assignments(target, current, next, changed, cleared)
  await writeChildren(connection, target, id, current, next, new Set(changed.map(({ name }) => name)))
  return assigned
}

/**
 * The columns to write: the assignments, a new version and time, and always at least one, since every update gives
 * a row another xmin.
 */
function settings({ type }: TableTarget, assigned: readonly Assignment[]): readonly SqlFragment[] {
  const { lastModified, version } = type
  const set = [
    ...assigned.map(({ column, value }) => sql`${identifier(column)} = ${value}`),
    ...(isWritten(lastModified) ? [sql`${identifier(lastModified.column)} = ${timeFor(type, new Date())}`] : []),
    ...(isWritten(version) ? [sql`${identifier(version.column)} = ${columnOf('r', version.column)} + 1`] : []),
  ]
  if (set.length > 0) return set
  // The id itself may be a column that only the database writes.
  const own = type.columns.find(({ entry }) => !entry.readOnly)
  const column = own?.entry.column ?? type.mapping.rest?.json ?? type.id.column
  return [sql`${identifier(column)} = ${columnOf('r', column)}`]
}

/** Writes rows once, with a new version and time, also if the changed values lie in other tables. */
export async function touch(
  connection: Queryable,
  target: TableTarget,
  ids: readonly string[],
  assigned: readonly Assignment[] = [],
): Promise<void> {
  const { type, call } = target
  const own = sql`${namesOneOf(type, columnOf('r', type.id.column), ids)} AND ${ownRows(type, call, 'r')}`
  const set = join(settings(target, assigned), ', ')
  await execute(connection, sql`UPDATE ${tableAs(type, 'r')} SET ${set} WHERE ${own}`)
}

/** Whether an attribute is kept in a table of memberships. */
export function isReference({ references }: TableType, name: string): boolean {
  return references.some(({ attribute }) => attribute.name === name)
}

/** Whether there is a column for it that the adapter writes. */
export function isWritten(column: ColumnMapping | undefined): column is ColumnMapping {
  return column !== undefined && !column.readOnly
}
