import type { Stored } from '../../adapter/contract.js'
import { storedOf } from '../../adapter/stored-of.js'
import type { Queryable } from '../../database/database.js'
import type { TableDialect } from '../../database/store-dialect.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable, withoutUnreadable } from '../../schema/resources/unreadable.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ColumnMapping } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import { type HolderGraph, HolderLists } from '../shared/holder-lists.js'
import { readElement, readValue, selectCells, selectColumn } from './child-columns.js'
import { readGroups, selectGroups } from './groups.js'
import { loadValues } from './load-values.js'
import type { MappedAttribute, MappedChild } from './mapped-type.js'
import { belongsTo, loadMembers, type MemberRows, membersOf, selectMembers } from './members.js'
import { readDate } from './read-date.js'
import type { TableTarget } from './target.js'

/**
 * A row of an existing table: the columns of every resource, and the other selected columns as `c0`, `c1` and so on.
 */
export interface TableRow {
  readonly id: string
  readonly version: string | null
  readonly created: Date | null
  readonly modified: Date | null
  readonly [part: `c${number}`]: unknown
}

/** One expression to select, and its addition to a resource. */
interface Part {
  /** Undefined where it is read by a statement of its own. */
  readonly select: SqlFragment | undefined
  /** Reads it for some rows, each by its id. */
  readonly load?: ((connection: Queryable, ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>) | undefined
  /** JSON is read as text: any code in the process may have changed the JSON parser of a driver. */
  readonly json?: boolean
  readonly add: (resource: JsonObject, value: unknown, id: string) => void
}

/** The selection from a table `r`, and the resource that is made from it. */
export interface TableReader {
  readonly columns: SqlFragment
  readonly view: (row: TableRow) => Stored
  /** Adds the values that statements of their own read; undefined if there are none. */
  readonly complete: ((connection: Queryable, rows: readonly TableRow[]) => Promise<readonly TableRow[]>) | undefined
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
    ...type.columns
      .filter((one) => isWanted(one) && (secrets || !isUnreadable(one.attribute)))
      .map((column) => columnPart(store, column)),
    ...type.documents.filter(isWanted).map(({ attribute, entry }) => ({
      select: columnOf('r', entry.json),
      json: true,
      add: (resource: JsonObject, value: unknown) => put(resource, attribute.keys, value),
    })),
    ...type.children.filter(isWanted).map((child) => childPart(target, child)),
    ...type.references.filter(isWanted).map((reference) => ({
      ...(store.nests
        ? { select: selectMembers(target, reference, limit) }
        : {
            select: undefined,
            load: (connection: Queryable, ids: readonly string[]) =>
              loadMembers(connection, target, reference, ids, limit),
          }),
      json: true,
      add: (resource: JsonObject, value: unknown, id: string) =>
        put(resource, reference.attribute.keys, membersOf(database, target, reference, id, value as MemberRows, limit)),
    })),
    ...groupsPart(target, isNeeded),
  ]
  const fixed = [
    sql`${dialect.text(columnOf('r', type.id.column))} AS id`,
    sql`${versionColumn(target)} AS version`,
    sql`${timeOf(store, type.created)} AS created`,
    sql`${timeOf(store, type.lastModified)} AS modified`,
  ]
  const selected = parts.flatMap(({ select, json }, index) =>
    select ? [sql`${json ? store.json.text(select) : select} AS ${raw(`c${index}`)}`] : [],
  )
  return {
    columns: join([...fixed, ...selected], ', '),
    complete: completion(parts),
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
      return storedOf(id, meta, resource)
    },
  }
}

/** Adds the values that the statement of the rows has not read. */
function completion(parts: readonly Part[]): TableReader['complete'] {
  const apart = parts.flatMap(({ load }, index) => (load ? [{ load, name: `c${index}` as const }] : []))
  if (apart.length === 0) return undefined
  return async (connection, rows) => {
    if (rows.length === 0) return rows
    const ids = rows.map(({ id }) => id)
    let whole = rows
    for (const { load, name } of apart) {
      const found = await load(connection, ids)
      whole = whole.map((row) => ({ ...row, [name]: found.get(row.id) }))
    }
    return whole
  }
}

function timeOf({ instant }: TableDialect, column: ColumnMapping | undefined): SqlFragment {
  if (!column) return raw('NULL')
  const own = columnOf('r', column.column)
  return instant ? instant.select(own) : own
}

/**
 * The version of a resource: a column of the application, or the transaction that wrote the row, which every row has.
 * Other programs write tables of values without a change of the row, so the version covers these values.
 * Members are too many for that: types that have some have versions by a column alone, as all have where rows tell no
 * transaction.
 */
export function versionColumn({ type }: TableTarget): SqlFragment {
  const { store } = type
  if (type.version) return store.dialect.text(columnOf('r', type.version.column))
  const parts = type.children.map(({ entry, layout }) => ({
    row: selectCells(store, layout),
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

function columnPart(store: TableDialect, { attribute, entry }: MappedAttribute<ColumnMapping>): Part {
  return {
    select: selectColumn(store, attribute, entry, 'r'),
    add: (resource, value) =>
      put(resource, attribute.keys, entry.read ? entry.read(value) : readValue(attribute, value)),
  }
}

function childPart({ type }: TableTarget, { attribute, entry, layout }: MappedChild): Part {
  const { store } = type
  const { json } = store
  const cells = selectCells(store, layout)
  const [first] = layout.columns
  const order = first ? columnOf('v', first.column.column) : raw('1')
  return {
    ...(store.nests
      ? {
          select: sql`(SELECT ${json.group(cells, order)} FROM ${identifier(entry.table)} AS v WHERE ${belongsTo(store, entry, 'v', 'r')})`,
        }
      : {
          select: undefined,
          load: (connection: Queryable, ids: readonly string[]) =>
            loadValues(connection, type, entry, { cells, order, ids }),
        }),
    json: true,
    add: (resource, found) => {
      const rows = (found ?? []) as readonly (readonly unknown[])[]
      if (rows.length === 0) return
      const elements = rows.map((row) => readElement(attribute, layout, row)).filter((element) => element !== undefined)
      put(resource, attribute.keys, elements)
    },
  }
}

function groupsPart(target: TableTarget, isNeeded: (attribute: string) => boolean): readonly Part[] {
  const { memberOf } = target.type
  if (!memberOf || !isNeeded(memberOf.name)) return []
  const lists = new HolderLists(memberOf, target.call)
  const own = columnOf('r', target.type.id.column)
  return [
    {
      ...(target.type.store.nests
        ? { select: selectGroups(target, (column) => sql`${column} = ${own}`) }
        : {
            select: undefined,
            load: async (connection: Queryable, ids: readonly string[]) => {
              const graphs = await readGroups(connection, target, ids)
              return new Map(ids.map((id) => [id, graphs]))
            },
          }),
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
