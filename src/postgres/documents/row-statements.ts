import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { type Document, documentOf } from './document.js'
import { newVersion } from './identifier.js'
import { refusal } from './refusal.js'
import { type DocumentRow, type DocumentRowText, readRowText, TIMES } from './row.js'
import { type Lists, rowColumns } from './select.js'
import type { DocumentTarget } from './store.js'

/** Two changes within a millisecond differ all the same. */
export function later(now: Date): SqlFragment {
  return sql`greatest(${now.toISOString()}::timestamptz, r.last_modified + interval '1 millisecond')`
}

const COLUMNS = ['unique_key', 'external_key', 'name_key'] as const

/** The statement that stores a new resource. JSON is bound as text: some drivers would make JSON of it once more. */
export function insertRow(
  { store, type, tenant }: DocumentTarget,
  id: string,
  now: Date,
  document: Document,
): SqlFragment {
  const { columns, display, data, keys } = document
  const at = now.toISOString()
  return sql`INSERT INTO ${raw(store.schema)}.resource AS r (tenant, type, id, version, created, last_modified, ${raw(COLUMNS.join(', '))}, display, data, keys)
VALUES (${tenant}, ${type.name}, ${id}, ${newVersion()}, ${at}, ${at}, ${join(
    COLUMNS.map((name) => sql`${columns[name]}`),
    ', ',
  )}, ${display}, ${JSON.stringify(data)}::text::jsonb, ${JSON.stringify(keys)}::text::jsonb)
RETURNING version, ${raw(TIMES)}`
}

/**
 * Gives a resource other content and a new version; undefined when it has another version by now.
 *
 * @param locked Whether the row is locked since it was read.
 */
export async function updateRow(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  current: DocumentRow,
  document: Document,
  lists: Lists,
  locked: boolean,
): Promise<DocumentRow | undefined> {
  const { store, type, tenant } = target
  const { columns, display, data, keys } = document
  // What has not changed is not sent again: of a large group only the version is written.
  const content =
    data === current.data
      ? raw('')
      : sql`, ${join(
          COLUMNS.map((name) => sql`${raw(name)} = ${columns[name]}`),
          ', ',
        )}, display = ${display}, data = ${JSON.stringify(data)}::text::jsonb, keys = ${JSON.stringify(keys)}::text::jsonb`
  const found: DocumentRowText | undefined = (
    await execute(
      connection,
      sql`UPDATE ${raw(store.schema)}.resource AS r SET version = ${newVersion()}, last_modified = ${later(new Date())}${content}
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}${locked ? raw('') : sql` AND r.version = ${current.version}`}
  RETURNING ${rowColumns(target, lists)}`,
    )
  ).rows[0]
  const row = found && readRowText(found)
  if (row && data !== current.data) await writeLookups(connection, target, id, documentOf(type, current.data), document)
  return row
}

const NO_KEYS: ReadonlySet<string> = new Set()

/** Brings the table of lookups up to date: one statement for each attribute that has changed, which names it on conflict. */
export async function writeLookups(
  connection: Queryable,
  { store, type, tenant }: DocumentTarget,
  id: string,
  before: Document | undefined,
  { lookups }: Document,
): Promise<void> {
  for (const [index, { attribute, keys }] of lookups.entries()) {
    const present = before?.lookups[index]?.keys ?? NO_KEYS
    const gone = [...present].filter((key) => !keys.has(key))
    const come = [...keys].filter((key) => !present.has(key))
    const where = sql`tenant = ${tenant} AND type = ${type.name} AND attribute = ${attribute.path}`
    if (gone.length > 0) {
      await execute(
        connection,
        sql`DELETE FROM ${raw(store.schema)}.lookup WHERE ${where} AND id = ${id} AND key = ANY(${gone}::text[])`,
      )
    }
    if (come.length === 0) continue
    await execute(
      connection,
      sql`INSERT INTO ${raw(store.schema)}.lookup (tenant, type, attribute, key, id, is_unique)
  SELECT ${tenant}, ${type.name}, ${attribute.path}, key, ${id}, ${attribute.uniqueness !== 'none'}::boolean FROM unnest(${come}::text[]) AS k(key)`,
    ).catch((error: unknown) => {
      throw refusal(error, type, attribute) ?? error
    })
  }
}
