import type { AttributeChange, Draft, Patch, PatchResult, Stored } from '../adapter/contract.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { join, raw, render, type SqlFragment, sql } from '../sql/fragment.js'
import type { Queryable } from './database.js'
import { type Document, documentAttributes, documentOf } from './document.js'
import { refusal, unavailable } from './failure.js'
import { newId, newVersion } from './identifier.js'
import { readRow } from './read.js'
import { listDelta, writeReferences } from './references.js'
import type { Row } from './row.js'
import { ALL, type Lists, listsOf, listValues, NO_LISTS, rowColumns } from './select.js'
import { type Target, viewRow } from './store.js'
import type { StoredType } from './stored-type.js'
import { inTransaction } from './transaction.js'
import { protectUnreadable } from './unreadable.js'

/** What a write is told by its call. */
export interface WriteOptions {
  readonly transaction: unknown
  readonly ifMatch: readonly string[] | undefined
  /** Whether a list of the resource is needed in the answer. */
  readonly isNeeded: (attribute: string) => boolean
}

type Written = Stored | 'conflict' | undefined

/** Stores a new resource. */
export async function createResource(target: Target, draft: Draft, options: WriteOptions): Promise<Stored> {
  const { store, type } = target
  const attributes = documentAttributes(type, draft as JsonObject)
  const document = documentOf(
    type,
    await protectUnreadable(attributes, undefined, type.unreadable, store.protect, false),
  )
  const deltas = listDeltas(type, draft as JsonObject).filter(([, { add }]) => add.length > 0)
  const now = new Date()
  const id = newId(now.getTime())
  // A new resource is in no group yet.
  const isNeeded = (name: string): boolean => name !== type.memberOf?.name && options.isNeeded(name)
  const lists = answeredLists(type, { ...options, isNeeded })
  return write(target, options, deltas.length > 0 || hasLookups(document), async (connection) => {
    const { text, values } = render(insertRow(target, id, now, document))
    const [inserted] = (await connection.query(text, values as unknown[])).rows
    await writeLookups(connection, target, id, undefined, document)
    for (const [attribute, delta] of deltas)
      await writeReferences(connection, target, id, attribute, delta, 'overwrite')
    if (deltas.length > 0 && lists.attributes.length > 0) {
      const row = await readRow(connection, target, id, lists, false)
      if (row) return viewRow(target, lists, row, options.transaction ? connection : store.database)
    }
    return viewRow(target, NO_LISTS, { ...inserted, id, data: document.data })
  })
}

/** Puts a draft in the place of what is stored. */
export async function replaceResource(
  target: Target,
  id: string,
  draft: Draft,
  options: WriteOptions,
): Promise<Written> {
  const { store, type } = target
  const attributes = documentAttributes(type, draft as JsonObject)
  const lists = answeredLists(type, options)
  return write(target, options, true, async (connection) => {
    const current = await readRow(connection, target, id, NO_LISTS, true)
    if (!current) return undefined
    if (isStale(current, options)) return 'conflict'
    const data = await protectUnreadable(attributes, current.data, type.unreadable, store.protect, true)
    const document = documentOf(type, data)
    for (const [attribute, delta] of listDeltas(type, draft as JsonObject)) {
      await writeReferences(connection, target, id, attribute, delta, 'overwrite')
    }
    const row = await updateRow(connection, target, id, current, document, lists)
    return viewRow(target, lists, row, options.transaction ? connection : store.database)
  })
}

/** Does a patch. Of a long list it looks at those values alone that come or go. */
export async function patchResource(
  target: Target,
  id: string,
  patch: Patch,
  options: WriteOptions,
): Promise<PatchResult | 'conflict' | undefined> {
  const { store, type } = target
  // What is given is answered whole, so a resource with lists that may be long is not given.
  const isShort = type.references.length === 0
  const touched = new Set(patch.attributes)
  const deltas = type.references.flatMap((attribute) => {
    const delta = touched.has(attribute.name) ? patch.delta(attribute.name as never) : undefined
    return delta ? [{ attribute, delta }] : []
  })
  for (const { attribute } of deltas) touched.delete(attribute.name)
  const lists = listsOf(type, (name) => isShort || touched.has(name))
  // What a patch is applied to has all of its values.
  const whole: Lists = { ...lists, limit: ALL }

  return write(target, options, true, async (connection) => {
    const current = await lockRow(connection, target, id, whole)
    if (!current) return undefined
    if (isStale(current, options)) return 'conflict'
    const values = listValues(connection, type, store.schema, target.tenant, whole, current)
    // Undefined when nothing is left to apply, or when that changes nothing.
    const applied = touched.size === 0 ? undefined : applyTo(current, values, patch)
    const changes: Record<string, AttributeChange> = {}
    let changed = false
    const note = (attribute: Attribute, change: AttributeChange & { readonly updated: number }): void => {
      const { added, removed, updated } = change
      if (added.length + removed.length + updated === 0) return
      changed = true
      changes[attribute.name] = { added, removed }
    }
    for (const { attribute, delta } of deltas) {
      note(attribute, await writeReferences(connection, target, id, attribute, delta, 'keep'))
    }
    for (const attribute of type.references) {
      if (!applied || !touched.has(attribute.name) || applied[attribute.name] === values[attribute.name]) continue
      const delta = listDelta(attribute, applied[attribute.name])
      note(attribute, await writeReferences(connection, target, id, attribute, delta, 'overwrite'))
    }
    const attributes = applied ? documentAttributes(type, applied) : current.data
    if (!haveSameValues(attributes, current.data)) changed = true
    const view = (row: Row): Stored => viewRow(target, whole, row, connection)
    const before = isShort ? view(current) : undefined
    const told = { ...(before && { before }), ...(Object.keys(changes).length > 0 && { changes }) }
    if (!changed) return { changed, version: current.version, ...(before && { resource: before }), ...told }
    const kept = await protectUnreadable(attributes, current.data, type.unreadable, store.protect, false)
    const row = await updateRow(connection, target, id, current, documentOf(type, kept), isShort ? whole : NO_LISTS)
    return { changed, version: row.version, ...(isShort && { resource: view(row) }), ...told }
  })
}

/** Removes a resource, and the memberships that it had; the versions of those groups change (decision A-124). */
export async function deleteResource(target: Target, id: string, options: WriteOptions): Promise<boolean | 'conflict'> {
  const { store, type, tenant } = target
  const schema = raw(store.schema)
  return write(target, options, true, async (connection) => {
    const run = async (statement: SqlFragment) => {
      const { text, values } = render(statement)
      return (await connection.query(text, values as unknown[])).rows
    }
    const isHeld = sql`f.tenant = ${tenant} AND f.value_key = lower(${id}) AND f.value = ${id} AND f.target = ${type.name}`
    // Groups first, in one order, and then who is in them: as those do who add members, so that nobody waits in a circle.
    const lockHolders = () =>
      run(sql`SELECT g.type, g.id FROM ${schema}.resource AS g WHERE g.tenant = ${tenant} AND (g.type, g.id) IN
  (SELECT f.type, f.id FROM ${schema}.reference AS f WHERE ${isHeld}) ORDER BY g.type, g.id FOR NO KEY UPDATE`)
    await lockHolders()
    const condition = options.ifMatch === undefined ? raw('') : sql` AND version = ANY(${options.ifMatch}::text[])`
    const own = sql`tenant = ${tenant} AND type = ${type.name} AND id = ${id}`
    const gone = await run(sql`DELETE FROM ${schema}.resource WHERE ${own}${condition} RETURNING id`)
    if (gone.length === 0) return options.ifMatch === undefined ? false : 'conflict'
    if (type.references.length > 0) await run(sql`DELETE FROM ${schema}.reference WHERE ${own}`)
    if (type.lookups.length > 0) await run(sql`DELETE FROM ${schema}.lookup WHERE ${own}`)
    // Some more may have come meanwhile. From now on none can.
    const holders = await lockHolders()
    if (holders.length === 0) return true
    await run(sql`DELETE FROM ${schema}.reference AS f WHERE ${isHeld}`)
    await run(sql`UPDATE ${schema}.resource AS r SET version = ${newVersion()}, last_modified = ${later(new Date())}
  FROM unnest(${holders.map((holder) => holder.type)}::text[], ${holders.map((holder) => holder.id)}::text[]) AS h(type, id)
  WHERE r.tenant = ${tenant} AND r.type = h.type AND r.id = h.id`)
    return true
  })
}

/**
 * The row of a resource, locked against other writers of it. What a statement sees is older than a lock that it had to
 * wait for, so lists that writers of the resource change are read by a second one.
 */
async function lockRow(connection: Queryable, target: Target, id: string, lists: Lists): Promise<Row | undefined> {
  if (lists.attributes.every((attribute) => attribute === target.type.memberOf)) {
    return readRow(connection, target, id, lists, true)
  }
  const locked = await readRow(connection, target, id, NO_LISTS, true)
  return locked && readRow(connection, target, id, lists, false)
}

/** The lists of an answer; whole when the transaction is over before the answer is written. */
function answeredLists(type: StoredType, { isNeeded, transaction }: WriteOptions): Lists {
  return transaction === undefined ? listsOf(type, isNeeded) : listsOf(type, isNeeded, ALL)
}

/** Runs a write; in a transaction if it takes several statements or the call is in one. */
async function write<T>(
  { store, type }: Target,
  { transaction }: WriteOptions,
  several: boolean,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  try {
    return several || transaction !== undefined
      ? await inTransaction(store.database, transaction, work)
      : await work(store.database)
  } catch (error) {
    throw refusal(error, type) ?? unavailable(error) ?? error
  }
}

function isStale({ version }: Row, { ifMatch }: WriteOptions): boolean {
  // RFC 9110 section 13.1.1: "An origin server that evaluates an If-Match condition MUST NOT perform the requested method
  // if the condition evaluates to false."
  return ifMatch !== undefined && !ifMatch.includes(version)
}

function listDeltas(type: StoredType, draft: JsonObject) {
  return type.references.map((attribute) => [attribute, listDelta(attribute, draft[attribute.name])] as const)
}

/** The attributes after a patch, those that were taken out of it for their deltas aside; undefined when they stay. */
function applyTo(current: Row, lists: JsonObject, patch: Patch): JsonObject | undefined {
  const { id, version, created, last_modified: lastModified, data } = current
  const stored = { ...lists, ...data, id, meta: { created, lastModified, version } } as unknown as Stored
  const draft: object = patch.apply(stored)
  return draft === stored ? undefined : (draft as JsonObject)
}

function haveSameValues(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
}

/** Two changes within a millisecond differ all the same. */
function later(now: Date): SqlFragment {
  return sql`greatest(${now.toISOString()}::timestamptz, r.last_modified + interval '1 millisecond')`
}

const COLUMNS = ['unique_key', 'external_key', 'name_key'] as const

function insertRow({ store, type, tenant }: Target, id: string, now: Date, document: Document): SqlFragment {
  const { columns, display, data, keys } = document
  const at = now.toISOString()
  return sql`INSERT INTO ${raw(store.schema)}.resource (tenant, type, id, version, created, last_modified, ${raw(COLUMNS.join(', '))}, display, data, keys)
VALUES (${tenant}, ${type.name}, ${id}, ${newVersion()}, ${at}, ${at}, ${join(
    COLUMNS.map((name) => sql`${columns[name]}`),
    ', ',
  )}, ${display}, ${JSON.stringify(data)}::jsonb, ${JSON.stringify(keys)}::jsonb)
RETURNING version, created, last_modified`
}

async function updateRow(
  connection: Queryable,
  target: Target,
  id: string,
  current: Row,
  document: Document,
  lists: Lists,
): Promise<Row> {
  const { store, type, tenant } = target
  const { columns, display, data, keys } = document
  // What has not changed is not sent again: of a large group only the version is written.
  const content =
    data === current.data
      ? raw('')
      : sql`, ${join(
          COLUMNS.map((name) => sql`${raw(name)} = ${columns[name]}`),
          ', ',
        )}, display = ${display}, data = ${JSON.stringify(data)}::jsonb, keys = ${JSON.stringify(keys)}::jsonb`
  const { text, values } = render(
    sql`UPDATE ${raw(store.schema)}.resource AS r SET version = ${newVersion()}, last_modified = ${later(new Date())}${content}
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}
  RETURNING ${rowColumns(type, store.types, store.schema, lists)}`,
  )
  const row = (await connection.query(text, values as unknown[])).rows[0]
  if (data !== current.data) await writeLookups(connection, target, id, documentOf(type, current.data), document)
  return row
}

function hasLookups({ lookups }: Document): boolean {
  return lookups.some(({ keys }) => keys.length > 0)
}

/** Brings the table of lookups up to date: one statement for each attribute that has changed, which names it on conflict. */
async function writeLookups(
  connection: Queryable,
  { store, type, tenant }: Target,
  id: string,
  before: Document | undefined,
  { lookups }: Document,
): Promise<void> {
  for (const [index, { attribute, keys }] of lookups.entries()) {
    const present = before?.lookups[index]?.keys ?? []
    const gone = present.filter((key) => !keys.includes(key))
    const come = keys.filter((key) => !present.includes(key))
    const where = sql`tenant = ${tenant} AND type = ${type.name} AND attribute = ${attribute.path}`
    if (gone.length > 0) {
      const { text, values } = render(
        sql`DELETE FROM ${raw(store.schema)}.lookup WHERE ${where} AND id = ${id} AND key = ANY(${gone}::text[])`,
      )
      await connection.query(text, values as unknown[])
    }
    if (come.length === 0) continue
    const { text, values } = render(
      sql`INSERT INTO ${raw(store.schema)}.lookup (tenant, type, attribute, key, id, is_unique)
  SELECT ${tenant}, ${type.name}, ${attribute.path}, key, ${id}, ${attribute.uniqueness !== 'none'}::boolean FROM unnest(${come}::text[]) AS k(key)`,
    )
    await connection.query(text, values as unknown[]).catch((error: unknown) => {
      throw refusal(error, type, attribute) ?? error
    })
  }
}
