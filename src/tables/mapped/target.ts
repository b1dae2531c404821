import type { Call } from '../../adapter/contract.js'
import { ID_PATTERNS } from '../../adapter/id-shape.js'
import type { OpenDatabase } from '../../database/open-database.js'
import type { IdType } from '../../database/store-dialect.js'
import type { ScimError } from '../../error.js'
import { isStorable } from '../../filter/stored-text.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { mappingOf } from '../../sql/read-mapping.js'
import { columnOf, rowCondition } from '../../sql/table-place.js'
import type { Protect } from '../shared/secret-hash.js'
import { scopeOf, type TableType } from './mapped-type.js'

/** The settings that resource types in existing tables share. */
export interface Tables {
  readonly database: OpenDatabase
  readonly types: readonly TableType[]
  readonly protect: Protect
  readonly unknownMembers: 'refuse' | 'skip'
  readonly mapError: ((error: unknown) => ScimError | undefined) | undefined
}

/** The resources of one type for one call. */
export interface TableTarget {
  readonly tables: Tables
  readonly type: TableType
  readonly call: Call
}

/** The table of a type under an alias. */
export function tableAs({ mapping }: TableType, alias: string): SqlFragment {
  return sql`${identifier(mapping.table)} AS ${raw(alias)}`
}

/**
 * The condition that a row belongs to the tenant of the call, meets the condition of the declaration and is not
 * deleted.
 */
export function ownRows(type: TableType, call: Call, alias: string): SqlFragment {
  const conditions = scopeOf(type, call).map(([column, value]) => sql`${columnOf(alias, column)} = ${value}`)
  if (type.where) conditions.push(rowCondition(type.store.dialect, type.where, alias))
  if (type.deleted !== undefined) conditions.push(sql`${columnOf(alias, type.deleted)} IS NULL`)
  return conditions.length === 0 ? raw('TRUE') : join(conditions, ' AND ')
}

/** An identifier as the column has it; undefined for a text that can be none. */
export function idValue({ id: { type }, store: { dialect } }: TableType, id: string): SqlFragment | undefined {
  if (!isId(type, id)) return undefined
  if (type === 'uuid') return dialect.uuid(id)
  return type === 'integer' ? dialect.integer(id) : sql`${id}`
}

/** The condition that finds the row `r` of a resource in the scope of the caller. */
export function ownRow({ type, call }: TableTarget, id: string): SqlFragment {
  return sql`${isResource(type, id)} AND ${ownRows(type, call, 'r')}`
}

/** Whether the row `r` is that of a resource. */
function isResource(type: TableType, id: string): SqlFragment {
  const own = columnOf('r', type.id.column)
  // A collation may take another id for the same.
  if (type.id.type === undefined && type.store.dialect.exact) return namesOneOf(type, own, [id])
  return sql`${own} = ${idValue(type, id) ?? raw('NULL')}`
}

/** Whether a column names a resource of a type by one of some identifiers; impossible identifiers are left out. */
export function namesOneOf(
  { id: { type }, store }: TableType,
  column: SqlFragment,
  ids: readonly string[],
): SqlFragment {
  return store.among(column, idsOf(type, ids), type)
}

function idsOf(type: IdType, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => isId(type, id))
}

function isId(type: IdType, id: string): boolean {
  if (type === undefined) return isStorable(id)
  return ID_PATTERNS[type].test(id)
}

/**
 * How other resources call a row: the first of some texts that is not empty, as far as columns hold them as they are.
 */
export function displayOf(type: TableType, alias: string): SqlFragment {
  const texts = type.display.flatMap((attribute) => {
    const text = textOf(type, attribute, alias)
    return text ? [sql`nullif(${text}, '')`] : []
  })
  const [text = type.store.dialect.text(raw('NULL')), ...others] = texts
  // SQLite takes no coalesce of one.
  return others.length === 0 ? text : sql`coalesce(${join(texts, ', ')})`
}

function textOf(
  { mapping, store: { dialect } }: TableType,
  attribute: Attribute,
  alias: string,
): SqlFragment | undefined {
  const entry = mappingOf(mapping, attribute)
  if (entry) return 'column' in entry && !entry.read ? dialect.text(columnOf(alias, entry.column)) : undefined
  return mapping.rest && dialect.json.text(columnOf(alias, mapping.rest.json), attribute.keys)
}
