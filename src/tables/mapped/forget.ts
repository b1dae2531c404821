import type { Queryable } from '../../database/database.js'
import type { Filter } from '../../filter/ast.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { withoutReference } from '../../schema/resources/without-reference.js'
import { filterSql } from '../../sql/compile-filter.js'
import { isFragment, join, raw, render, sql } from '../../sql/fragment.js'
import { columnOf } from '../../sql/table-place.js'
import { ALL } from '../documents/select.js'
import type { Assignment } from './assign.js'
import { lockRows } from './lock-rows.js'
import type { Pointer } from './mapped-type.js'
import { resourcePlace } from './place.js'
import { type TableRow, tableReader } from './read.js'
import { idValue, ownRows, type TableTarget } from './target.js'
import { isReference, touch, writeAttributes } from './write-attributes.js'

/**
 * Takes a resource that goes away out of all references that are in no table of memberships: `manager` of users, and
 * lists that are kept in columns and tables of values. The versions of the holders change.
 */
export async function forget(connection: Queryable, target: TableTarget, id: string): Promise<void> {
  for (const type of target.tables.types) {
    const pointers = type.pointers.filter(({ types }) => types.length === 0 || types.includes(target.type.name))
    if (pointers.length > 0) await forgetBy(connection, { ...target, type }, pointers, target, id)
  }
}

async function forgetBy(
  connection: Queryable,
  holder: TableTarget,
  pointers: readonly Pointer[],
  { type: gone }: TableTarget,
  id: string,
): Promise<void> {
  const { type, call } = holder
  const place = resourcePlace(holder)
  const conditions = pointers.flatMap(({ value: attribute }) => {
    const filter: Filter = { kind: 'compare', attribute, operator: 'eq', value: id }
    const { condition, rest } = filterSql(filter, place, type.store.dialect)
    // Columns that only a function can read are left alone: all rows would have to be read.
    return rest ? [] : [condition]
  })
  if (conditions.length === 0) return
  const own = columnOf('r', type.id.column)
  const itself = type.name === gone.name ? sql` AND ${own} <> ${idValue(type, id) ?? raw('NULL')}` : raw('')
  const isNeeded = (name: string): boolean => name !== type.memberOf?.name && !isReference(type, name)
  const reader = tableReader(connection, holder, isNeeded, ALL, true)
  const refers = sql`${ownRows(type, call, 'r')} AND (${join(conditions, ' OR ')})${itself}`
  const { rows: found } = await lockRows(connection, type, reader.columns, refers)
  const rows: readonly TableRow[] = reader.complete ? await reader.complete(connection, found) : found
  // Most rows are written alike: a column becomes NULL.
  const alike = new Map<string, { readonly assigned: readonly Assignment[]; readonly ids: string[] }>()
  for (const row of rows) {
    const current: JsonObject = reader.view(row)
    const next = pointers.reduce((resource, { attribute }) => withoutReference(resource, attribute, id), current)
    const attributes = type.schema.root.subAttributes.filter(({ name }) => next[name] !== current[name])
    const assigned = await writeAttributes(connection, holder, row.id, current, next, attributes, NONE)
    if (!assigned) continue
    const key = JSON.stringify(assigned.map(({ column, value }) => [column, isFragment(value) ? render(value) : value]))
    const group = alike.get(key)
    if (group) group.ids.push(row.id)
    else alike.set(key, { assigned, ids: [row.id] })
  }
  for (const { assigned, ids } of alike.values()) await touch(connection, holder, ids, assigned)
}

const NONE: ReadonlySet<string> = new Set()
