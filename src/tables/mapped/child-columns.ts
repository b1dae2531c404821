import type { TableDialect } from '../../database/store-dialect.js'
import type { Attribute } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import type { SqlFragment } from '../../sql/fragment.js'
import type { ChildTableMapping, ColumnMapping } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import { readDate } from './read-date.js'

/** A column of a child table; of a simple attribute its values. */
export interface ChildColumn {
  readonly sub: Attribute
  readonly column: ColumnMapping
}

/** The columns of a child table with the sub-attributes that they hold. */
export function childColumns(attribute: Attribute, { attributes }: ChildTableMapping): readonly ChildColumn[] {
  return Object.entries(attributes).flatMap(([name, entry]) => {
    const sub = attribute.type === 'complex' ? attribute.subAttribute(name) : attribute
    return sub ? [{ sub, column: typeof entry === 'string' ? { column: entry } : entry }] : []
  })
}

/** The selected columns of a row `v` of a child table, as an array. */
export function selectCells(store: TableDialect, columns: readonly ChildColumn[]): SqlFragment {
  return store.json.array(columns.map(({ sub, column }) => selectColumn(store, sub, column, 'v')))
}

/** A column as it is selected. */
export function selectColumn(
  { instant }: TableDialect,
  attribute: Attribute,
  { column, read }: ColumnMapping,
  alias: string,
): SqlFragment {
  const own = columnOf(alias, column)
  return instant && attribute.type === 'dateTime' && !read ? instant.select(own) : own
}

/** A value of a child table, from the columns of its row. */
export function readElement(attribute: Attribute, columns: readonly ChildColumn[], row: readonly unknown[]): unknown {
  const values = columns.map(({ sub, column }, index) => {
    const value = row[index]
    return column.read ? column.read(value) : readValue(sub, value)
  })
  if (attribute.type !== 'complex') return values[0]
  const element: JsonObject = {}
  columns.forEach(({ sub }, index) => {
    const value = values[index]
    if (value !== undefined && value !== null) element[sub.name] = value
  })
  return element
}

/** What drivers give otherwise than the schema has it. */
export function readValue(attribute: Attribute, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  switch (attribute.type) {
    case 'integer':
    case 'decimal':
      return typeof value === 'string' ? Number(value) : value
    case 'string':
    case 'reference':
      return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
    case 'boolean':
      // SQLite and MySQL have numbers for them, and MySQL bits.
      if (value instanceof Uint8Array) return value.some((byte) => byte !== 0)
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) !== 0 : value
    case 'binary':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
    case 'dateTime':
      return readDate(value)
    default:
      return value
  }
}
