import { CompiledStatements, parameter } from '../../database/compiled-statement.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { copiedKeys, type Document, documentOf } from './document.js'
import { newVersion } from './identifier.js'
import { readRow } from './read.js'
import { refusal } from './refusal.js'
import { type DocumentRow, readRowText } from './row.js'
import { type Lists, listsKey, rowColumns } from './select.js'
import type { DocumentTarget, Store } from './store.js'
import type { StoredType } from './stored-type.js'
import { withHolders } from './with-holders.js'

/** The time of a change. Two within a millisecond differ all the same. */
export function later({ store }: DocumentTarget, now: Date): SqlFragment {
  return store.database.store.time.later(sql`${now.toISOString()}`, raw('r.last_modified'))
}

/** The columns with keys that are looked up. */
export const KEYS = ['unique_key', 'external_key', 'name_key'] as const
/** The columns with the content of a resource in every database. */
const CONTENT = [...KEYS, 'display', 'data', 'keys'] as const

/** The columns with the content of a resource. */
function contentColumns({ copied = [] }: Store): readonly string[] {
  return [...CONTENT, ...copied.map(({ column }) => column)]
}

/** A type belongs to one store. */
const inserts = new CompiledStatements<StoredType>()
const updates = new CompiledStatements<StoredType>()

/** Stores a new resource. */
export async function insertRow(
  connection: Queryable,
  { store, type, tenant }: DocumentTarget,
  id: string,
  version: string,
  now: Date,
  document: Document,
): Promise<void> {
  await inserts
    .of(type, '', () => {
      const time = parameter('time')
      return sql`INSERT INTO ${raw(store.prefix)}resource AS r (tenant, type, id, version, created, last_modified, ${raw(contentColumns(store).join(', '))})
VALUES (${parameter('tenant')}, ${type.name}, ${parameter('id')}, ${parameter('version')}, ${time}, ${time}, ${join(contentParameters(store), ', ')})`
    })
    .run(connection, { ...contentOf(store, document), tenant, id, version, time: now.toISOString() })
}

function contentParameters(store: Store): readonly SqlFragment[] {
  return contentColumns(store).map((name) => {
    const value = sql`${parameter(name)}`
    return name === 'data' || name === 'keys' ? store.database.store.json.bind(value) : value
  })
}

function contentOf(
  { copied = [] }: Store,
  { columns, display, data, keys }: Document,
): Readonly<Record<string, string | null>> {
  const content: Record<(typeof CONTENT)[number], string | null> = {
    unique_key: columns.unique_key,
    external_key: columns.external_key,
    name_key: columns.name_key,
    display,
    data: JSON.stringify(data),
    keys: JSON.stringify(keys),
  }
  return copied.length === 0 ? content : { ...content, ...copiedKeys(copied, keys) }
}

/**
 * Gives a resource other content and a new version; undefined if another writer has changed its version.
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
  const dialect = store.database.store
  // Unchanged values are not sent again: for a large group only the version is written.
  const hasContent = document.data !== current.data
  const statement = updates.of(type, `${hasContent} ${locked}${listsKey(target, lists)}`, () => {
    const parameters = contentParameters(store)
    const content = hasContent
      ? contentColumns(store).map((name, index) => sql`, ${raw(name)} = ${parameters[index]}`)
      : []
    const modified = dialect.time.later(sql`${parameter('time')}`, raw('r.last_modified'))
    const isCurrent = locked ? raw('') : sql` AND r.version = ${parameter('current')}`
    const returning = dialect.returning === 'anything' ? sql` RETURNING ${rowColumns(target, lists)}` : raw('')
    return sql`UPDATE ${raw(store.prefix)}resource AS r SET version = ${parameter('version')}, last_modified = ${modified}${join(content, '')}
  WHERE r.tenant = ${parameter('tenant')} AND r.type = ${type.name} AND r.id = ${parameter('id')}${isCurrent}${returning}`
  })
  const { rows, rowCount } = await statement.run(connection, {
    ...(hasContent ? contentOf(store, document) : undefined),
    tenant,
    id,
    version: newVersion(),
    current: current.version,
    time: new Date().toISOString(),
  })
  const row =
    dialect.returning === 'anything'
      ? rows[0] && readRowText(dialect, await withHolders(connection, target, lists, rows[0]))
      : rowCount === 0
        ? undefined
        : await readRow(connection, target, id, lists, false)
  if (row && hasContent && type.lookups.length > 0) {
    await writeLookups(connection, target, id, documentOf(type, current.data), document)
  }
  return row
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
