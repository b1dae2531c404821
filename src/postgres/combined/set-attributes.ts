import { execute } from '../../database/execute.js'
import { type Attribute, isInList } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { PatchedOnce } from '../../tables/documents/combined-writes.js'
import { newVersion } from '../../tables/documents/identifier.js'
import { type DocumentRowText, readRowText } from '../../tables/documents/row.js'
import { later } from '../../tables/documents/row-statements.js'
import { type Lists, rowColumns } from '../../tables/documents/select.js'
import type { DocumentTarget } from '../../tables/documents/store.js'
import type { KeyColumn } from '../../tables/documents/stored-type.js'
import { withHolders } from '../../tables/documents/with-holders.js'
import { isStale, OVERTAKEN, type WriteOptions, writeOnce } from '../../tables/documents/write.js'
import type { Assignments } from './assignments.js'

interface SetRow extends DocumentRowText {
  /** Whether anything is different then, as `'true'`. */
  readonly differs: string
  readonly next_version: string | null
  readonly next_modified: string | null
  readonly next_data: string | null
}

const COLUMNS: readonly KeyColumn[] = ['unique_key', 'external_key', 'name_key']

/**
 * Gives attributes other values. The result of the statement is bound to the version that it has seen: a faster writer
 * leaves nothing to update, and the patch is done under a lock.
 */
export async function setAttributes(
  target: DocumentTarget,
  id: string,
  assignments: Assignments,
  lists: Lists,
  options: WriteOptions,
): Promise<PatchedOnce> {
  const statement = updateOf(target, id, assignments, lists, options.ifMatch)
  if (!statement) return OVERTAKEN
  const { store } = target
  return writeOnce<PatchedOnce>(target, options, async (connection) => {
    const row: SetRow | undefined = (await execute(connection, statement)).rows[0]
    if (!row) return undefined
    const { differs, next_version, next_modified, next_data, ...text } = row
    const before = readRowText(store.database.store, await withHolders(connection, target, lists, text))
    if (isStale(before, options)) return 'stale'
    if (differs !== 'true') return { before, after: undefined, changes: [] }
    if (next_version === null || next_modified === null || next_data === null) return OVERTAKEN
    const last_modified = store.database.store.time.read(next_modified)
    // Lists that are made of other resources are as they were.
    const after = { ...before, version: next_version, last_modified, data: JSON.parse(next_data) }
    return { before, after, changes: [] }
  })
}

/** Undefined if not all of it can be said in SQL. */
function updateOf(
  target: DocumentTarget,
  id: string,
  assignments: Assignments,
  lists: Lists,
  ifMatch: readonly string[] | undefined,
): SqlFragment | undefined {
  const { store, type, tenant } = target
  const { set, unset, within, paths } = assignments
  const written = { ...set, ...within }
  const keys = type.keysOf(written)
  const isKeyed = (name: string): boolean => Object.hasOwn(keys, name)
  const keysWithin = Object.fromEntries(Object.keys(within).map((name) => [name, (keys[name] ?? {}) as JsonObject]))
  const keysSet = Object.fromEntries(
    Object.keys(set)
      .filter(isKeyed)
      .map((name) => [name, keys[name]]),
  )
  const unkeyed = [...Object.keys(set).filter((name) => !isKeyed(name)), ...unset]
  const columns = COLUMNS.flatMap((name) => {
    const column = type.columns[name]
    if (!column || !paths.has(column.attribute.path)) return []
    const value = column.attribute.keys.reduce<unknown>(
      (holder, key) => (holder as JsonObject | undefined)?.[key],
      written,
    )
    const key = value === undefined ? undefined : column.toKey(value)
    return [sql`, ${raw(name)} = ${key === undefined ? null : String(key)}`]
  })
  const isShown = type.display.some(({ path }) => paths.has(path))
  if (isShown && type.display.some(isInList)) return undefined
  const display = isShown ? sql`, display = coalesce(${join(type.display.map(textOf), ', ')})` : raw('')

  const { among, time } = store.database.store
  const own = sql`r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}`
  const resources = raw(`${store.prefix}resource AS r`)
  const fits = ifMatch === undefined ? raw('') : sql` AND ${among(raw('b.version'), ifMatch)}`
  return sql`WITH b AS (
  SELECT r.tenant, r.type, r.id, r.version, r.created, r.last_modified, r.data, ${assignedSql(raw('r.data'), set, within, unset)} AS next
  FROM ${resources} WHERE ${own}
), w AS (
  UPDATE ${resources} SET version = ${newVersion()}, last_modified = ${later(target, new Date())}, data = b.next,
    keys = ${assignedSql(raw('r.keys'), keysSet, keysWithin, unkeyed)}${join(columns, '')}${display}
  FROM b WHERE ${own} AND r.version = b.version AND b.next IS DISTINCT FROM b.data${fits}
  RETURNING r.version, r.last_modified, r.data::text AS data
)
SELECT ${rowColumns(target, lists)}, (r.next IS DISTINCT FROM r.data)::text AS differs,
  w.version AS next_version, ${time.select(raw('w.last_modified'))} AS next_modified, w.data AS next_data
FROM b AS r LEFT JOIN w ON TRUE`
}

/** The text at a path of the written document, unless it is empty. */
function textOf({ keys }: Attribute): SqlFragment {
  return sql`nullif(b.next #>> ${keys}::text[], '')`
}

function assignedSql(
  document: SqlFragment,
  set: JsonObject,
  within: Readonly<Record<string, JsonObject>>,
  unset: readonly string[],
): SqlFragment {
  const jsonb = (value: JsonObject): SqlFragment => sql`${JSON.stringify(value)}::text::jsonb`
  const parts = Object.entries(within).map(
    ([name, part]) =>
      sql` || jsonb_build_object(${name}::text, coalesce(${document} -> ${name}::text, '{}') || ${jsonb(part)})`,
  )
  return sql`(${document} || ${jsonb(set)}${join(parts, '')}) - ${unset}::text[]`
}
