import type { Stored } from '../../adapter/contract.js'
import type { Queryable } from '../../database/database.js'
import type { StoreDialect } from '../../database/store-dialect.js'
import type { Attribute } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { isUnreadable } from '../../schema/unreadable.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ChildTableMapping, ColumnMapping } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import { type HolderGraph, HolderLists } from '../shared/holder-lists.js'
import { withoutUnreadable } from '../shared/unreadable.js'
import { selectGroups } from './groups.js'
import type { Mapped } from './mapped-type.js'
import { belongsTo, type MemberRows, membersOf, selectMembers } from './members.js'
import { readDate } from './read-date.js'
import type { TableTarget } from './target.js'

/** A row of an existing table: what every resource has, and what was selected besides as `c0`, `c1` and so on. */
export interface TableRow {
  readonly id: string
  readonly version: string | null
  readonly created: Date | null
  readonly modified: Date | null
  readonly [part: `c${number}`]: unknown
}

/** One thing to select, and what it adds to a resource. */
interface Part {
  readonly select: SqlFragment
  /** JSON is read as text: what a driver makes of it depends on parsers that anybody in the process may have set. */
  readonly json?: boolean
  readonly add: (resource: JsonObject, value: unknown, id: string) => void
}

/** What is selected of a table `r`, and what is made of it. */
export interface TableReader {
  readonly columns: SqlFragment
  readonly view: (row: TableRow) => Stored
  readonly idOf: (row: TableRow) => string
  /** Undefined where there is no column for it, and none in the row itself. */
  readonly versionOf: (row: TableRow) => string | undefined
}

/**
 * Works out how rows become resources.
 *
 * @param isNeeded Whether the resources are to have an attribute.
 * @param limit So many members at most at a time; the rest is read when it is written.
 * @param secrets Whether attributes that no client can read are needed as well, because a patch is applied to them.
 */
export function tableReader(
  database: Queryable,
  target: TableTarget,
  isNeeded: (attribute: string) => boolean,
  limit: number,
  secrets = false,
): TableReader {
  const { type } = target
  const { store } = type
  const { dialect } = store
  const isWanted = ({ attribute }: { readonly attribute: Attribute }): boolean => isNeeded(attribute.keys[0] ?? '')
  const parts: Part[] = [
    ...restPart(target, secrets),
    ...type.columns.filter((one) => isWanted(one) && (secrets || !isUnreadable(one.attribute))).map(columnPart),
    ...type.documents.filter(isWanted).map(({ attribute, entry }) => ({
      select: columnOf('r', entry.json),
      json: true,
      add: (resource: JsonObject, value: unknown) => put(resource, attribute.keys, value),
    })),
    ...type.children.filter(isWanted).map((child) => childPart(store, child)),
    ...type.references.filter(isWanted).map((reference) => ({
      select: selectMembers(target, reference, limit),
      json: true,
      add: (resource: JsonObject, value: unknown, id: string) =>
        put(resource, reference.attribute.keys, membersOf(database, target, reference, id, value as MemberRows, limit)),
    })),
    ...groupsPart(target, isNeeded),
  ]
  const fixed = [
    sql`${dialect.text(columnOf('r', type.id.column))} AS id`,
    sql`${versionColumn(target)} AS version`,
    sql`${type.created ? columnOf('r', type.created.column) : raw('NULL')} AS created`,
    sql`${type.lastModified ? columnOf('r', type.lastModified.column) : raw('NULL')} AS modified`,
  ]
  const selected = parts.map(
    ({ select, json }, index) => sql`${json ? store.json.text(select) : select} AS ${raw(`c${index}`)}`,
  )
  return {
    columns: join([...fixed, ...selected], ', '),
    idOf: ({ id }) => id,
    versionOf: ({ version }) => version ?? undefined,
    view: (row) => {
      const resource: JsonObject = {}
      parts.forEach(({ add, json }, index) => {
        const value = row[`c${index}`]
        add(resource, json && typeof value === 'string' ? JSON.parse(value) : value, row.id)
      })
      const { id, version, created, modified } = row
      const meta = {
        created: readDate(created),
        lastModified: readDate(modified),
        ...(version !== null && { version }),
      }
      return { ...resource, id, meta } as Stored
    },
  }
}

/**
 * The version of a resource: a column of the application, or the transaction that wrote the row, which every row has. What
 * lies in tables of values is written by others without a change of the row, so what is in them is part of it. Members are
 * too many for that: types that have some have versions by a column alone, as all have where rows tell no transaction.
 */
export function versionColumn({ type }: TableTarget): SqlFragment {
  const { store } = type
  if (type.version) return store.dialect.text(columnOf('r', type.version.column))
  const parts = type.children.map(({ attribute, entry }) => ({
    row: store.json.array(childColumns(attribute, entry).map(({ column }) => columnOf('v', column.column))),
    from: sql`${identifier(entry.table)} AS v WHERE ${belongsTo(store, entry, 'v', 'r')}`,
  }))
  return store.rowVersion?.(parts) ?? raw('NULL')
}

function restPart({ type }: TableTarget, secrets: boolean): readonly Part[] {
  const { rest } = type.mapping
  if (!rest) return []
  const add = (resource: JsonObject, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const document = value as JsonObject
    Object.assign(resource, secrets ? document : withoutUnreadable(document, type.unreadable))
  }
  return [{ select: columnOf('r', rest.json), json: true, add }]
}

function columnPart({ attribute, entry }: Mapped<ColumnMapping>): Part {
  return {
    select: columnOf('r', entry.column),
    add: (resource, value) =>
      put(resource, attribute.keys, entry.read ? entry.read(value) : readValue(attribute, value)),
  }
}

/** What drivers give otherwise than the schema has it. */
function readValue(attribute: Attribute, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  switch (attribute.type) {
    case 'integer':
    case 'decimal':
      return typeof value === 'string' ? Number(value) : value
    case 'string':
    case 'reference':
      return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
    case 'boolean':
      // SQLite and MySQL have numbers for them.
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) !== 0 : value
    case 'binary':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
    case 'dateTime':
      return readDate(value)
    default:
      return value
  }
}

function childPart(store: StoreDialect, { attribute, entry }: Mapped<ChildTableMapping>): Part {
  const { json } = store
  const columns = childColumns(attribute, entry)
  const values = columns.map(({ column }) => columnOf('v', column.column))
  const order = values[0] ?? raw('1')
  return {
    select: sql`(SELECT ${json.group(json.array(values), order)} FROM ${identifier(entry.table)} AS v WHERE ${belongsTo(store, entry, 'v', 'r')})`,
    json: true,
    add: (resource, found) => {
      const rows = found as readonly (readonly unknown[])[]
      if (rows.length === 0) return
      const elements = rows
        .map((row) => readElement(attribute, columns, row))
        .filter((element) => element !== undefined)
      put(resource, attribute.keys, elements)
    },
  }
}

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

function groupsPart(target: TableTarget, isNeeded: (attribute: string) => boolean): readonly Part[] {
  const { memberOf } = target.type
  if (!memberOf || !isNeeded(memberOf.name)) return []
  const lists = new HolderLists(memberOf, target.call)
  const own = columnOf('r', target.type.id.column)
  return [
    {
      select: selectGroups(target, (column) => sql`${column} = ${own}`),
      json: true,
      add: (resource, graphs, id) => {
        const list = lists.of(graphs as readonly HolderGraph[], id)
        if (list.length > 0) resource[memberOf.name] = list
      },
    },
  ]
}

function put(resource: JsonObject, keys: readonly string[], value: unknown): void {
  if (value === undefined || value === null) return
  let holder = resource
  for (const key of keys.slice(0, -1)) {
    const below = Object.hasOwn(holder, key) ? holder[key] : undefined
    const next = typeof below === 'object' && below !== null ? (below as JsonObject) : {}
    holder[key] = next
    holder = next
  }
  holder[keys.at(-1) as string] = value
}
