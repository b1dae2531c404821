import type { Attribute } from '../../src/schema/attribute.js'
import { comparisonKey } from '../../src/schema/compare.js'
import { attributeNamed } from '../../src/schema/project.js'
import type { JsonObject } from '../../src/schema/resource.js'
import type { ResourceSchema } from '../../src/schema/schema.js'
import { keyWriter } from '../../src/sql/document-keys.js'
import type { ChildTableMapping, ColumnMapping, JsonMapping, TableMapping } from '../../src/sql/index.js'
import type { TestSqlite } from './sqlite.js'

type Cells = Record<string, unknown>

/**
 * Creates the tables that a mapping names in SQLite, with a row for each resource: columns of the affinity that an
 * application would give them, folded columns filled, what has no column in the JSON of `'*'`.
 */
export function fillTables(
  database: TestSqlite,
  mapping: TableMapping,
  schema: ResourceSchema,
  resources: readonly JsonObject[],
): void {
  const entries = Object.entries(mapping.attributes).filter(([path]) => path !== '*')
  const mapped = new Set(entries.map(([path]) => path.toLowerCase()))
  const isRest = (attribute: Attribute): boolean => !mapped.has(attribute.path.toLowerCase())
  const restKeys = keyWriter(schema.root, isRest)
  const tables = new Map<string, Cells[]>([[mapping.table, []]])
  const types = new Map<string, string>()

  const assign = (cells: Cells, entry: string | ColumnMapping, attribute: Attribute, value: unknown): void => {
    const { column, folded } = typeof entry === 'string' ? { column: entry } : entry
    types.set(column, AFFINITIES[attribute.type] ?? 'TEXT')
    cells[column] = typeof value === 'boolean' ? Number(value) : value
    if (typeof folded === 'string') cells[folded] = comparisonKey(attribute)(value)
  }
  const assignChildren = (row: Cells, entry: ChildTableMapping, attribute: Attribute, value: unknown): void => {
    const rows = tables.get(entry.table) ?? []
    tables.set(entry.table, rows)
    for (const element of Array.isArray(value) ? value : []) {
      const cells = Object.fromEntries(Object.entries(entry.on).map(([own, other]) => [own, row[other]]))
      for (const [name, column] of Object.entries(entry.attributes))
        assign(cells, column, attribute.subAttribute(name) as Attribute, element[name])
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
    const { json, keys } = mapping.attributes['*'] as JsonMapping
    row[json] = JSON.stringify(pick(schema.root, resource, isRest))
    if (keys !== undefined) row[keys] = JSON.stringify(restKeys(resource))
    tables.get(mapping.table)?.push(row)
  }
  for (const [table, rows] of tables) writeTable(database, table, rows, types)
}

const AFFINITIES: Readonly<Record<string, string>> = { boolean: 'INTEGER', integer: 'INTEGER', decimal: 'REAL' }

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

function writeTable(
  database: TestSqlite,
  table: string,
  rows: readonly Cells[],
  types: ReadonlyMap<string, string>,
): void {
  const columns = [...new Set(rows.flatMap(Object.keys))]
  const declared = columns.map((column) => `"${column}" ${types.get(column) ?? 'TEXT'}`)
  database.rows(`CREATE TABLE ${table} (${declared.join(', ')})`)
  const insert = `INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`
  for (const row of rows) {
    database.rows(
      insert,
      columns.map((column) => row[column] ?? null),
    )
  }
}
