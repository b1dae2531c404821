import { execute } from '../../database/execute.js'
import { isStorable } from '../../filter/stored-text.js'
import type { Delta } from '../../patch/patch.js'
import { type Attribute, isMembership, targetTypes } from '../../schema/model/attribute.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { PatchedOnce } from '../../tables/documents/combined-writes.js'
import { newVersion } from '../../tables/documents/identifier.js'
import { mustExist, referenceElements } from '../../tables/documents/references.js'
import { selectTimes } from '../../tables/documents/row.js'
import { later } from '../../tables/documents/row-statements.js'
import type { DocumentTarget } from '../../tables/documents/store.js'
import { isStale, OVERTAKEN, type WriteOptions, writeOnce } from '../../tables/documents/write.js'

interface ChangedMembers {
  readonly version: string
  readonly created: string
  readonly last_modified: string
  readonly data: string
  /** Whether the statement could decide, as `'true'`. */
  readonly decides: string
  readonly next_version: string | null
  readonly next_modified: string | null
  readonly added: string
  readonly removed: string
}

/**
 * Applies a delta to a list of members, and returns the real additions and removals. The statement locks the group
 * first and its members then, as every write does. It sees data older than a lock that it has waited for:
 *
 * - An added member is inserted with ON CONFLICT DO NOTHING, which respects rows that the statement does not see, and
 *   must still be there when it is locked.
 * - A removed member is searched among the rows that the statement sees. If the group has another version once it is
 *   locked, nothing is written, and the write that locks first does it.
 *
 * @param isTold Whether the attributes of the group are needed.
 */
export async function changeMembers(
  target: DocumentTarget,
  id: string,
  { attribute, delta }: { readonly attribute: Attribute; readonly delta: Delta },
  isTold: boolean,
  options: WriteOptions,
): Promise<PatchedOnce> {
  const { store, type } = target
  // The other write makes the refusal: it first finds out whether the group exists.
  if (!isMembership(attribute) || delta.add.some(({ value }) => value === id || !isStorable(value))) return OVERTAKEN
  return writeOnce<PatchedOnce>(target, options, async (connection) => {
    const row: ChangedMembers | undefined = (
      await execute(connection, statement(target, id, attribute, delta, isTold, options.ifMatch))
    ).rows[0]
    if (!row) return undefined
    const { time } = store.database.store
    const before = {
      id,
      version: row.version,
      created: time.read(row.created),
      last_modified: time.read(row.last_modified),
      data: JSON.parse(row.data),
    }
    if (isStale(before, options)) return 'stale'
    if (row.decides !== 'true') return OVERTAKEN
    if (row.next_version === null || row.next_modified === null) return { before, after: undefined, changes: [] }
    const after = { ...before, version: row.next_version, last_modified: time.read(row.next_modified) }
    const change = { added: JSON.parse(row.added), removed: JSON.parse(row.removed) }
    return { before, after, changes: [[attribute.name, change]] }
  })

  function statement(
    { tenant }: DocumentTarget,
    group: string,
    { name }: Attribute,
    { clear, remove, add }: Delta,
    showsData: boolean,
    ifMatch: readonly string[] | undefined,
  ): SqlFragment {
    const { among, rows, time } = store.database.store
    const [resources, references] = [raw(`${store.prefix}resource`), raw(`${store.prefix}reference`)]
    const values = add.map(({ value }) => value)
    const own = sql`tenant = ${tenant} AND type = ${type.name} AND id = ${group}`
    const named = clear ? sql`NOT (${among(raw('value'), values)})` : among(raw('value'), remove.filter(isStorable))
    const sees =
      clear || remove.length > 0 ? sql` AND l.version = (SELECT version FROM ${resources} WHERE ${own})` : raw('')
    const fits = ifMatch === undefined ? raw('') : sql` AND ${among(raw('l.version'), ifMatch)}`
    const exist = mustExist(store, attribute)
      ? sql`(SELECT count(DISTINCT id) FROM known) = ${new Set(values).size}::int`
      : raw('TRUE')
    return sql`WITH locked AS (
  SELECT version, created, last_modified, ${showsData ? raw('data') : raw(`'{}'::jsonb`)} AS data FROM ${resources} WHERE ${own} FOR NO KEY UPDATE
), bound AS (
  SELECT l.version FROM locked AS l WHERE TRUE${fits}${sees}
), known AS (
  SELECT k.type, k.id FROM ${resources} AS k
  WHERE EXISTS (SELECT 1 FROM bound) AND k.tenant = ${tenant} AND ${among(raw('k.type'), targetTypes(attribute))} AND ${among(raw('k.id'), values)} FOR KEY SHARE
), decided AS (
  SELECT 1 AS one FROM bound WHERE ${exist}
), removed AS (
  DELETE FROM ${references} WHERE EXISTS (SELECT 1 FROM decided) AND ${own} AND attribute = ${name} AND ${named} RETURNING value
), added AS (
  INSERT INTO ${references} (tenant, type, id, attribute, value, value_key, target, data)
  SELECT ${tenant}, ${type.name}, ${group}, ${name}, w.value, w.key, k.type, (CASE WHEN k.id IS NULL THEN w.all_data ELSE w.own_data END)::jsonb
  FROM decided CROSS JOIN ${rows(referenceElements(attribute, add), 'w', ['value', 'key', 'all_data', 'own_data'])} LEFT JOIN known AS k ON k.id = w.value
  ON CONFLICT DO NOTHING RETURNING value
), written AS (
  UPDATE ${resources} AS r SET version = ${newVersion()}, last_modified = ${later(target, new Date())}
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${group} AND (EXISTS (SELECT 1 FROM added) OR EXISTS (SELECT 1 FROM removed))
  RETURNING r.version, r.last_modified
)
SELECT r.version, ${selectTimes(store.database.store)}, r.data::text AS data, EXISTS (SELECT 1 FROM decided)::text AS decides,
  w.version AS next_version, ${time.select(raw('w.last_modified'))} AS next_modified,
  (SELECT coalesce(json_agg(value), '[]')::text FROM added) AS added, (SELECT coalesce(json_agg(value), '[]')::text FROM removed) AS removed
FROM locked AS r LEFT JOIN written AS w ON TRUE`
  }
}
