import type { ResourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { comparisonKey } from '../../src/schema/values/compare.js'
import { keyWriter } from '../../src/sql/document-keys.js'
import type { ChildTableMapping, ColumnMapping, JsonMapping, TableMapping } from '../../src/sql/index.js'
import { restOfValues } from '../../src/sql/read-mapping.js'

type Cells = Record<string, unknown>

/** A table that is to be made, with its rows. */
export interface FilledTable {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: Attribute['type'] }[]
  readonly rows: readonly (readonly unknown[])[]
}

/**
 * The tables that a mapping names, with a row for each resource: folded columns filled, attributes without a column in
 * the JSON of `'*'`.
 */
export function filledTables(
  mapping: TableMapping,
  schema: ResourceSchema,
  resources: readonly JsonObject[],
): readonly FilledTable[] {
  const entries = Object.entries(mapping.attributes).filter(([path]) => path !== '*')
  const mapped = new Set(entries.map(([path]) => path.toLowerCase()))
  const isRest = (attribute: Attribute): boolean => !mapped.has(attribute.path.toLowerCase())
  const tables = new Map<string, Cells[]>([[mapping.table, []]])
  const types = new Map<string, Attribute['type']>()

  const assign = (cells: Cells, entry: string | ColumnMapping, attribute: Attribute, value: unknown): void => {
    const { column, folded } = typeof entry === 'string' ? { column: entry } : entry
    types.set(column, attribute.type)
    cells[column] = typeof value === 'boolean' ? Number(value) : value
    if (typeof folded === 'string') cells[folded] = comparisonKey(attribute)(value)
  }
  const assignRest = (
    cells: Cells,
    { json, keys }: JsonMapping,
    holder: Attribute,
    object: JsonObject,
    isKept: (attribute: Attribute) => boolean,
  ): void => {
    cells[json] = JSON.stringify(pick(holder, object, isKept))
    if (keys !== undefined) cells[keys] = JSON.stringify(keyWriter(holder, isKept)(object))
  }
  const assignChildren = (row: Cells, entry: ChildTableMapping, attribute: Attribute, value: unknown): void => {
    const rows = tables.get(entry.table) ?? []
    tables.set(entry.table, rows)
    for (const element of Array.isArray(value) ? value : []) {
      const cells = Object.fromEntries(Object.entries(entry.on).map(([own, other]) => [own, row[other]]))
      const columns = Object.entries(entry.attributes).flatMap(([name, column]) =>
        typeof column === 'object' && 'json' in column ? [] : [[name, column] as const],
      )
      for (const [name, column] of columns)
        assign(cells, column, attribute.subAttribute(name) as Attribute, element[name])
      const inDocument = restOfValues(entry)
      if (inDocument) {
        const own = new Set(columns.map(([name]) => name.toLowerCase()))
        assignRest(cells, inDocument, attribute, element, (sub) => !own.has(sub.name.toLowerCase()))
      }
      rows.push(cells)
    }
  }

  for (const resource of resources) {
    const row: Cells = {}
    const children: (() => void)[] = []
    for (const [path, entry] of entries) {
      const attribute = attributeNamed(schema, path) as Attribute
      const value = attribute.keys.reduce<any>((holder, key) => holder?.[key], resource)
      if (typeof entry === 'string' || 'column' in entry) assign(row, entry, attribute, value)
      else if ('attributes' in entry) children.push(() => assignChildren(row, entry, attribute, value))
      else throw new Error(`"${path}" is mapped in a way that is not written here.`)
    }
    for (const write of children) write()
    assignRest(row, mapping.attributes['*'] as JsonMapping, schema.root, resource, isRest)
    tables.get(mapping.table)?.push(row)
  }
  return [...tables].map(([name, rows]) => {
    const columns = [...new Set(rows.flatMap(Object.keys))]
    return {
      name,
      columns: columns.map((column) => ({ name: column, type: types.get(column) ?? 'string' })),
      rows: rows.map((row) => columns.map((column) => row[column] ?? null)),
    }
  })
}

/** The members of an object whose attributes are kept; nulls and empty lists as they are. */
function pick(holder: Attribute, object: JsonObject, isKept: (attribute: Attribute) => boolean): JsonObject {
  const picked: JsonObject = {}
  for (const attribute of holder.subAttributes.filter(isKept)) {
    const value = object[attribute.name]
    const isPart = attribute.type === 'complex' && !attribute.multiValued && typeof value === 'object' && value !== null
    if (value !== undefined)
      picked[attribute.name] = isPart ? pick(attribute, value as JsonObject, isKept) : (value as never)
  }
  return picked
}
