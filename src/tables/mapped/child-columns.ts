import type { TableDialect } from '../../database/store-dialect.js'
import { isObject } from '../../is-object.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { type KeyWriter, keyWriter } from '../../sql/document-keys.js'
import type { SqlFragment } from '../../sql/fragment.js'
import type { ChildTableMapping, ColumnMapping, JsonMapping } from '../../sql/mapping.js'
import { restOfValues } from '../../sql/read-mapping.js'
import { columnOf } from '../../sql/table-place.js'
import { readDate } from './read-date.js'

/** A column of a child table; of a simple attribute its values. */
export interface ChildColumn {
  readonly sub: Attribute
  readonly column: ColumnMapping
}

/** The columns of `'*'` in a child table, and the sub-attributes in them. */
export interface ChildRest extends JsonMapping {
  /** The sub-attributes without a column of their own. */
  readonly subs: readonly Attribute[]
  /** Makes the document of the column `keys`, which filters compare. */
  readonly toKeys: KeyWriter
}

/** How the values of an attribute lie in the rows of a child table. */
export interface ChildLayout {
  readonly columns: readonly ChildColumn[]
  readonly rest: ChildRest | undefined
}

/** Reads the declaration of a child table. */
export function childLayout(attribute: Attribute, entry: ChildTableMapping): ChildLayout {
  const columns = Object.entries(entry.attributes).flatMap(([name, own]) => {
    if (typeof own === 'object' && 'json' in own) return []
    const sub = attribute.type === 'complex' ? attribute.subAttribute(name) : attribute
    return sub ? [{ sub, column: typeof own === 'string' ? { column: own } : own }] : []
  })
  const rest = restOfValues(entry)
  if (!rest) return { columns, rest: undefined }
  const subs = attribute.subAttributes.filter((sub) => !columns.some((column) => column.sub === sub))
  return { columns, rest: { ...rest, subs, toKeys: keyWriter(attribute, (sub) => subs.includes(sub)) } }
}

/** The selected columns of a row `v` of a child table, as an array; the last one is its document as text. */
export function selectCells(store: TableDialect, { columns, rest }: ChildLayout): SqlFragment {
  const cells = columns.map(({ sub, column }) => selectColumn(store, sub, column, 'v'))
  if (rest) cells.push(store.json.text(columnOf('v', rest.json)))
  return store.json.array(cells)
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
export function readElement(attribute: Attribute, { columns, rest }: ChildLayout, row: readonly unknown[]): unknown {
  const values = columns.map(({ sub, column }, index) => {
    const value = row[index]
    return column.read ? column.read(value) : readValue(sub, value)
  })
  if (attribute.type !== 'complex') return values[0]
  const element: JsonObject = rest ? partOf(rest, readDocument(row[columns.length])) : {}
  columns.forEach(({ sub }, index) => {
    const value = values[index]
    if (value !== undefined && value !== null) element[sub.name] = value
  })
  return element
}

/** The part of a value that the column of `'*'` holds. */
export function partOf({ subs }: ChildRest, element: JsonObject): JsonObject {
  const part: JsonObject = {}
  for (const { name } of subs) {
    const value = Object.hasOwn(element, name) ? element[name] : undefined
    if (value !== undefined && value !== null) part[name] = value
  }
  return part
}

/** The document of a row. Other programs may have written another JSON value into the column. */
function readDocument(text: unknown): JsonObject {
  const document = typeof text === 'string' ? JSON.parse(text) : text
  return isObject(document) ? document : {}
}

/** The values of drivers that differ from the values of the schema. */
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
