import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { propertiesOf } from '../../is-object.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { valueAt } from '../../schema/values/values.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { columnOf } from '../../sql/table-place.js'
import { jsonOf, plain } from './assign.js'
import { type ChildLayout, type ChildRest, partOf, readElement, selectCells } from './child-columns.js'
import type { TableType } from './mapped-type.js'
import { belongsTo } from './members.js'
import { removeRows } from './remove-rows.js'
import { ownRow, type TableTarget, tableAs } from './target.js'

/** So many rows are inserted by one statement, which has room for 65,535 values. */
const ROWS = 500

/**
 * Brings child tables up to date: rows of values that stay are left alone, since they may have columns of their own.
 */
export async function writeChildren(
  connection: Queryable,
  target: TableTarget,
  id: string,
  current: JsonObject | undefined,
  next: JsonObject,
  names?: ReadonlySet<string>,
): Promise<void> {
  const { type } = target
  const { among, json } = type.store
  const run = async (statement: SqlFragment) => {
    return (await execute(connection, statement)).rows
  }
  for (const { attribute, entry, layout } of type.children) {
    if (names && !names.has(attribute.keys[0] ?? '')) continue
    const elements = valueAt(next, attribute.keys)
    const { columns, rest } = layout
    const keyOf = (element: unknown): string => childKey(attribute, layout, element)
    const wanted = grouped<unknown>(Array.isArray(elements) ? elements : [], keyOf)
    const own = ownRow(target, id)
    if (current) {
      const cells = json.text(selectCells(type.store, layout))
      const isOwn = sql`${belongsTo(type.store, entry, 'v', 'r')} AND ${own}`
      const rows = await run(
        sql`SELECT ${cells} AS cells FROM ${identifier(entry.table)} AS v, ${tableAs(type, 'r')} WHERE ${isOwn}`,
      )
      const present = grouped(rows, (row) => keyOf(readElement(attribute, layout, JSON.parse(row.cells))))
      const gone: string[] = []
      for (const [key, same] of present) {
        if (wanted.get(key)?.length === same.length) wanted.delete(key)
        else gone.push(...same.map((row) => row.cells))
      }
      if (gone.length > 0) {
        await removeRows(connection, type.store, entry, {
          alias: 'v',
          using: tableAs(type, 'r'),
          where: sql`${isOwn} AND ${among(cells, gone)}`,
        })
      }
    }
    const list = [...wanted.values()].flat()
    if (list.length === 0) continue
    const links = Object.entries(entry.on)
    const selected = links.map(([, other], index) => sql`${columnOf('r', other)} AS ${raw(`o${index}`)}`)
    const [row] = await run(sql`SELECT ${join(selected, ', ')} FROM ${tableAs(type, 'r')} WHERE ${own}`)
    const fixed = Object.entries(entry.fixed ?? {})
    const written = [
      ...links.map(([mine]) => mine),
      ...fixed.map(([column]) => column),
      ...columns.map(({ column }) => column.column),
      ...(rest ? [rest.json, ...(rest.keys === undefined ? [] : [rest.keys])] : []),
    ]
    for (let first = 0; first < list.length; first += ROWS) {
      const rows: SqlFragment[] = []
      for (const element of list.slice(first, first + ROWS)) {
        const cells: unknown[] = [...links.map((_link, index) => row[`o${index}`]), ...fixed.map(([, value]) => value)]
        for (const { sub, column } of columns) {
          const value = attribute.type === 'complex' ? propertiesOf(element)[sub.name] : element
          cells.push(column.write ? await column.write(value) : plain(type, sub, value))
        }
        if (rest) cells.push(...restCells(type, rest, propertiesOf(element)))
        rows.push(
          sql`(${join(
            cells.map((cell) => sql`${cell}`),
            ', ',
          )})`,
        )
      }
      await run(
        sql`INSERT INTO ${identifier(entry.table)} (${join(written.map(identifier), ', ')}) VALUES ${join(rows, ', ')}`,
      )
    }
  }
}

/** The values of the columns of `'*'` of a row. */
function restCells(type: TableType, rest: ChildRest, element: JsonObject): readonly unknown[] {
  const part = partOf(rest, element)
  const document = Object.keys(part).length > 0 ? part : undefined
  const own = jsonOf(type, document)
  return rest.keys === undefined ? [own] : [own, jsonOf(type, document && rest.toKeys(document))]
}

/** The key that identifies a value of a child table: all of its columns. */
function childKey(attribute: Attribute, { columns, rest }: ChildLayout, element: unknown): string {
  const subs = [...columns.map(({ sub }) => sub), ...(rest?.subs ?? [])]
  const parts = subs.map((sub) => {
    const value = attribute.type === 'complex' ? propertiesOf(element)[sub.name] : element
    if (value === undefined || value === null) return null
    return sub.type === 'dateTime' ? comparisonKey(sub)(value) : value
  })
  return JSON.stringify(parts)
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}
