import { ScimError } from '../../error.js'
import type { Json } from '../../schema/model/definition.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { SortColumn } from './sort.js'

/** Where a resource stands in the order of a list. */
export interface Position {
  readonly key: string | boolean | null
  readonly id: string
}

/** The column that identifies resources. */
export interface IdColumn {
  readonly sql: SqlFragment
  /** An id as the column has it. Throws 400 invalidCursor for a text that is none. */
  readonly bind: (id: string) => SqlFragment
}

/** A stretch of a list: a condition and the order to read it in. */
export interface Stretch {
  readonly where: SqlFragment | undefined
  readonly orderBy: SqlFragment
}

/**
 * The stretches of a list behind a position, or before it in reverse order, one after the other. Each is read from an
 * index if there is one for the order, however deep in the list it begins. Resources without a value come last when
 * ascending and first when descending (RFC 7644 section 3.4.2.3), as PostgreSQL has NULL by itself.
 */
export function stretches(
  id: IdColumn,
  column: SortColumn | undefined,
  position: Position | undefined,
  forward: boolean,
): readonly Stretch[] {
  const idOrder = forward ? id.sql : sql`${id.sql} DESC`
  const beyond = (last: string): SqlFragment => sql`${id.sql} ${raw(forward ? '>' : '<')} ${id.bind(last)}`
  if (!column) return [{ where: position && beyond(position.id), orderBy: idOrder }]
  const rising = column.descending !== forward
  const orderBy = sql`${column.order(rising)}, ${idOrder}`
  if (!position) return [{ where: undefined, orderBy }]
  const nulls = { where: sql`${column.sql} IS NULL`, orderBy: idOrder }
  if (position.key === null) {
    const rest = { where: sql`${nulls.where} AND ${beyond(position.id)}`, orderBy: idOrder }
    return rising ? [rest] : [rest, { where: sql`${column.sql} IS NOT NULL`, orderBy }]
  }
  const key = column.bind(position.key)
  const where =
    rising && forward
      ? sql`(${column.sql}, ${id.sql}) > (${key}, ${id.bind(position.id)})`
      : sql`${column.sql} ${raw(rising ? '>=' : '<=')} ${key} AND (${column.sql} <> ${key} OR ${beyond(position.id)})`
  return rising ? [{ where, orderBy }, nulls] : [{ where, orderBy }]
}

/**
 * Ahead of the first resource, or behind the last: where a walk goes on from a page that has lost all its resources.
 */
export const END: Json = Object.freeze([])

/** A position as JSON. */
export function writePosition(position: Position | undefined, column: SortColumn | undefined): Json {
  if (!position) return END
  return column ? [position.key, position.id] : [position.id]
}

/**
 * Reads a position that {@link writePosition} wrote; undefined for an end. Throws 400 invalidCursor for anything else.
 */
export function readPosition(json: Json, column: SortColumn | undefined): Position | undefined {
  if (!Array.isArray(json)) throw ScimError.of('invalidCursor')
  if (json.length === 0) return undefined
  const [key, id] = column ? json : [null, json[0]]
  const isKey = key === null || (column?.type === 'boolean' ? typeof key === 'boolean' : typeof key === 'string')
  if (json.length !== (column ? 2 : 1) || typeof id !== 'string' || !isKey) throw ScimError.of('invalidCursor')
  return { key: key, id }
}
