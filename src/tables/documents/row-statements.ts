import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { type Document, documentOf } from './document.js'
import { newVersion } from './identifier.js'
import { readRow } from './read.js'
import { refusal } from './refusal.js'
import { type DocumentRow, type DocumentRowText, readRowText } from './row.js'
import { type Lists, rowColumns } from './select.js'
import type { DocumentTarget } from './store.js'
import { withHolders } from './with-holders.js'

/** The time of a change. Two within a millisecond differ all the same. */
export function later({ store }: DocumentTarget, now: Date): SqlFragment {
  return store.database.store.time.later(now, raw('r.last_modified'))
}

const COLUMNS = ['unique_key', 'external_key', 'name_key'] as const

/** The statement that stores a new resource. */
export function insertRow(
  { store, type, tenant }: DocumentTarget,
  id: string,
  version: string,
  now: Date,
  document: Document,
): SqlFragment {
  const { columns, display, data, keys } = document
  const { json, time } = store.database.store
  const at = time.bind(now)
  return sql`INSERT INTO ${raw(store.prefix)}resource AS r (tenant, type, id, version, created, last_modified, ${raw(COLUMNS.join(', '))}, display, data, keys)
VALUES (${tenant}, ${type.name}, ${id}, ${version}, ${at}, ${at}, ${join(
    COLUMNS.map((name) => sql`${columns[name]}`),
    ', ',
  )}, ${display}, ${json.bind(JSON.stringify(data))}, ${json.bind(JSON.stringify(keys))})`
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
  const dialect = store.database.store
  const { json } = dialect
  // Unchanged values are not sent again: for a large group only the version is written.
  const content =
    data === current.data
      ? raw('')
      : sql`, ${join(
          COLUMNS.map((name) => sql`${raw(name)} = ${columns[name]}`),
          ', ',
        )}, display = ${display}, data = ${json.bind(JSON.stringify(data))}, keys = ${json.bind(JSON.stringify(keys))}`
  const update = sql`UPDATE ${raw(store.prefix)}resource AS r SET version = ${newVersion()}, last_modified = ${later(target, new Date())}${content}
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}${locked ? raw('') : sql` AND r.version = ${current.version}`}`
  const row =
    dialect.returning === 'anything'
      ? await updated(connection, target, lists, sql`${update} RETURNING ${rowColumns(target, lists)}`)
      : await updatedThenRead(connection, target, id, update, lists)
  if (row && data !== current.data && type.lookups.length > 0) {
    await writeLookups(connection, target, id, documentOf(type, current.data), document)
  }
  return row
}

async function updated(
  connection: Queryable,
  target: DocumentTarget,
  lists: Lists,
  statement: SqlFragment,
): Promise<DocumentRow | undefined> {
  const found: DocumentRowText | undefined = (await execute(connection, statement)).rows[0]
  return found && readRowText(target.store.database.store, await withHolders(connection, target, lists, found))
}

async function updatedThenRead(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  update: SqlFragment,
  lists: Lists,
): Promise<DocumentRow | undefined> {
  const { rowCount } = await execute(connection, update)
  return rowCount === 0 ? undefined : readRow(connection, target, id, lists, false)
}

const NO_KEYS: ReadonlySet<string> = new Set()

/**
 * Brings the table of lookups up to date: one statement for each attribute that has changed, which names it on
 * conflict.
 */
export async function writeLookups(
  connection: Queryable,
  { store, type, tenant }: DocumentTarget,
  id: string,
  before: Document | undefined,
  { lookups }: Document,
): Promise<void> {
  const { among, ids } = store.database.store
  const { boolean } = store.database.store.dialect
  for (const [index, { attribute, keys }] of lookups.entries()) {
    const present = before?.lookups[index]?.keys ?? NO_KEYS
    const gone = [...present].filter((key) => !keys.has(key))
    const come = [...keys].filter((key) => !present.has(key))
    const where = sql`tenant = ${tenant} AND type = ${type.name} AND attribute = ${attribute.path}`
    if (gone.length > 0) {
      await execute(
        connection,
        sql`DELETE FROM ${raw(store.prefix)}lookup WHERE ${where} AND id = ${id} AND ${among(raw('key'), gone)}`,
      )
    }
    if (come.length === 0) continue
    await execute(
      connection,
      sql`INSERT INTO ${raw(store.prefix)}lookup (tenant, type, attribute, key, id, is_unique)
  SELECT ${tenant}, ${type.name}, ${attribute.path}, key, ${id}, ${boolean(attribute.uniqueness !== 'none')} FROM ${ids(come, undefined, 'k', 'key')}`,
    ).catch((error: unknown) => {
      throw refusal(error, type, attribute) ?? error
    })
  }
}
