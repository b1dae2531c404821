import type { Draft, Patch, PatchResult, Stored, WriteCall, WriteResult } from '../../adapter/contract.js'
import { META } from '../../adapter/selections.js'
import { storedOf } from '../../adapter/stored-of.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { queryableOf, withTransaction } from '../../database/transaction.js'
import { ScimError } from '../../error.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { withoutUnreadable } from '../../schema/resources/unreadable.js'
import { SetupError } from '../../setup-error.js'
import { raw, sql } from '../../sql/fragment.js'
import { listDelta } from '../documents/references.js'
import { ALL } from '../documents/select.js'
import { isChange, type ReferenceChange, withChanges } from '../shared/reference-change.js'
import { type Assignment, assignments, timeFor } from './assign.js'
import { writeChildren } from './children.js'
import { insertRow } from './insert-row.js'
import { scopeOf, type TableType } from './mapped-type.js'
import { type TableReader, type TableRow, tableReader } from './read.js'
import { tableRefusal } from './refusal.js'
import { idValue, ownRow, type TableTarget, tableAs } from './target.js'
import { isReference, isWritten, touch, writeAttributes } from './write-attributes.js'
import { writeMembers } from './write-members.js'

/** The versions that a write is bound to. */
export type WriteCondition = Pick<WriteCall, 'ifMatch'>

/** Stores a new resource in a row of its table. */
export function createRow(target: TableTarget, draft: Draft): Promise<Stored | WriteResult> {
  const { type, call } = target
  const attributes = draft
  return write(target, async (connection) => {
    const assigned = await assignments(target, undefined, attributes, type.schema.root.subAttributes, EMPTY)
    const columns: Assignment[] = [
      ...scopeOf(type, call).map(([column, value]) => ({ column, value })),
      ...[type.created, type.lastModified].flatMap((column) =>
        isWritten(column) ? [{ column: column.column, value: timeFor(type, new Date()) }] : [],
      ),
      ...(isWritten(type.version) ? [{ column: type.version.column, value: 1 }] : []),
      ...assigned,
    ]
    const id = await insertRow(connection, type, columns)
    await writeChildren(connection, target, id, undefined, attributes)
    const changes: [string, ReferenceChange][] = []
    for (const reference of type.references) {
      const delta = listDelta(reference.attribute, attributes[reference.attribute.name])
      if (delta.add.length === 0) continue
      changes.push([reference.attribute.path, await writeMembers(connection, target, id, reference, delta)])
    }
    const reader = answerReader(connection, target)
    const row = await selectRow(connection, target, id, reader)
    if (row === undefined) throw unmetCondition(type)
    return withChanges(call, reader.view(row), changes)
  })
}

/** A new row does not have the columns that the declaration requires, and no query would find it. */
function unmetCondition({ name }: TableType): SetupError {
  return new SetupError(
    'ERR_SCIM_OPTION',
    `A new row of ${name} does not satisfy the option where. Set the values by scope or by defaults of the table.`,
    'postgres.md#existing-tables',
  )
}

/** Replaces the stored resource by a draft. Only columns whose attribute has changed are written. */
export function replaceRow(
  target: TableTarget,
  id: string,
  draft: Draft,
  condition: WriteCondition,
): Promise<Stored | WriteResult | 'stale' | undefined> {
  const { type, call } = target
  return change<Stored | WriteResult>(target, id, condition, async (connection, current) => {
    const next = draft
    const assigned = await writeAttributes(connection, target, id, current, next, type.schema.root.subAttributes, EMPTY)
    const changes: [string, ReferenceChange][] = []
    for (const reference of type.references) {
      const delta = listDelta(reference.attribute, next[reference.attribute.name])
      changes.push([reference.attribute.path, await writeMembers(connection, target, id, reference, delta)])
    }
    await touch(connection, target, [id], assigned)
    const reader = answerReader(connection, target)
    const resource = reader.view((await selectRow(connection, target, id, reader)) as TableRow)
    return withChanges(call, resource, changes)
  })
}

/** Does a patch to a locked row. Of the members it looks at those alone that come or go. */
export function patchRow(
  target: TableTarget,
  id: string,
  patch: Patch,
  condition: WriteCondition,
): Promise<PatchResult | 'stale' | undefined> {
  const { type } = target
  const rest = new Set(patch.attributes)
  const deltas = type.references.flatMap((reference) => {
    const { name } = reference.attribute
    const delta = rest.has(name) ? patch.delta(name) : undefined
    return delta && rest.delete(name) ? [{ reference, delta }] : []
  })
  const isShort = type.references.length === 0
  const isTold = isShort || target.call.limits.memberEvents > 0
  // Where it is a member is worked out for an answer alone, and stays as it is. An answer for which the client names no
  // attributes is whole.
  const { memberOf } = type
  const { select } = target.call
  const showsGroups = isShort && memberOf !== undefined && (select === META || select.has(memberOf.name))
  const lists = (name: string): boolean =>
    name === memberOf?.name ? showsGroups : rest.has(name) || !isReference(type, name)
  return change(
    target,
    id,
    condition,
    async (connection, current, version) => {
      const draft: JsonObject = rest.size === 0 ? current : patch.apply(current)
      const changes: ReferenceChange[] = []
      for (const { reference, delta } of deltas)
        changes.push(await writeMembers(connection, target, id, reference, delta))
      for (const reference of type.references) {
        const { name } = reference.attribute
        if (!rest.has(name) || draft[name] === current[name]) continue
        const delta = listDelta(reference.attribute, draft[name])
        // The patch made the list: the request named the added values only.
        const present = new Set(listDelta(reference.attribute, current[name]).add.map(({ value }) => value))
        const named = delta.add.filter(({ value }) => !present.has(value)).length
        changes.push(await writeMembers(connection, target, id, reference, delta, named))
      }
      const touched = type.schema.root.subAttributes.filter(({ name }) => rest.has(name))
      const assigned =
        draft === current ? undefined : await writeAttributes(connection, target, id, current, draft, touched, rest)
      const real = changes.filter(isChange)
      const told = Object.fromEntries(real.map(({ attribute, added, removed }) => [attribute, { added, removed }]))
      const changed = assigned !== undefined || real.length > 0
      // Hooks get it, and they need no passwords.
      const readable = withoutUnreadable(current, type.secrets)
      const shown = isShort ? readable : withoutReferences(type, readable)
      const extra = {
        ...(isTold && { before: shown }),
        ...(real.length > 0 && { changes: told }),
      }
      if (!changed) return { changed, version, ...(isShort && { resource: shown }), ...extra }
      await touch(connection, target, [id], assigned)
      const reader = tableReader(
        connection,
        target,
        (name) => isTold && name !== memberOf?.name && !isReference(type, name),
        ALL,
      )
      const row = (await selectRow(connection, target, id, reader)) as TableRow
      const { id: ownId, meta, ...attributes } = reader.view(row)
      const groups = memberOf && memberOf.name in current ? { [memberOf.name]: current[memberOf.name] } : {}
      // In the order in which a GET has them.
      const after = isTold ? { ...attributes, ...groups, id: ownId, meta } : undefined
      return { changed, version: reader.versionOf(row), ...(isShort ? { resource: after } : { after }), ...extra }
    },
    { isNeeded: lists },
  )
}

/**
 * A resource without the attributes that only a change needs: a list may be long, and groups are read for an answer.
 */
function withoutReferences(type: TableType, resource: Stored): Stored {
  const isKept = (name: string): boolean => !isReference(type, name) && name !== type.memberOf?.name
  const kept = Object.entries(resource).filter(([name]) => isKept(name))
  return storedOf(resource.id, resource.meta, Object.fromEntries(kept))
}

const EMPTY: ReadonlySet<string> = new Set()

/** The settings of a change of a row. */
interface ChangeOptions {
  /** Whether the work looks at an attribute. Default: at all but members and groups. */
  readonly isNeeded?: (attribute: string) => boolean
  /** The row will be deleted: the work before it is locked. */
  readonly beforeDelete?: (connection: Queryable) => Promise<unknown>
}

/** Runs work on the locked row of a resource, if it is there and has the version that is asked for. */
export async function change<T>(
  target: TableTarget,
  id: string,
  { ifMatch }: WriteCondition,
  work: (connection: Queryable, current: Stored, version: string | undefined) => Promise<T>,
  {
    isNeeded = (name) => !isReference(target.type, name) && name !== target.type.memberOf?.name,
    beforeDelete,
  }: ChangeOptions = {},
): Promise<T | 'stale' | undefined> {
  if (!idValue(target.type, id)) return undefined
  const isDelete = beforeDelete !== undefined
  const changeRow = async (connection: Queryable): Promise<T | 'stale' | undefined> => {
    await beforeDelete?.(connection)
    // No group may add a member that is being deleted.
    const lock = isDelete ? 'FOR UPDATE' : 'FOR NO KEY UPDATE'
    const reader = tableReader(connection, target, isNeeded, ALL, true)
    const none = tableReader(connection, target, () => false, ALL)
    if (!(await selectRow(connection, target, id, none, lock))) return undefined
    // A statement sees data older than a lock that it had to wait for: a second statement sees the writes of the
    // others.
    const row = await selectRow(connection, target, id, reader)
    if (!row) return undefined
    // RFC 9110 section 13.1.1: "An origin server that evaluates an If-Match condition MUST NOT perform the requested
    // method if the condition evaluates to false."
    if (ifMatch && !ifMatch.includes(reader.versionOf(row) ?? '')) return 'stale'
    return work(connection, reader.view(row), reader.versionOf(row))
  }
  return write(target, changeRow, isDelete)
}

function answerReader(connection: Queryable, target: TableTarget): TableReader {
  const { call, tables } = target
  // Values that are read after the answer has begun are read outside of the transaction.
  const database = call.transaction === undefined ? queryableOf(tables.database, call) : connection
  return tableReader(database, target, (name) => call.select.has(name), call.transaction === undefined ? 1_000 : ALL)
}

/** The row of a resource. */
export async function selectRow(
  connection: Queryable,
  target: TableTarget,
  id: string,
  { columns, complete }: TableReader,
  lock?: 'FOR UPDATE' | 'FOR NO KEY UPDATE',
): Promise<TableRow | undefined> {
  const { rows } = await execute(
    connection,
    sql`SELECT ${columns} FROM ${tableAs(target.type, 'r')} WHERE ${ownRow(target, id)}${lock ? target.type.store.lock(lock, 'r') : raw('')}`,
  )
  const [row] = complete ? await complete(connection, rows) : rows
  return row
}

async function write<T>(
  { tables, type, call }: TableTarget,
  work: (connection: Queryable) => Promise<T>,
  isDelete = false,
): Promise<T> {
  try {
    return await withTransaction(tables.database, call, work)
  } catch (error) {
    if (ScimError.is(error)) throw error
    throw tables.mapError?.(error) ?? tableRefusal(error, type, isDelete) ?? error
  }
}
