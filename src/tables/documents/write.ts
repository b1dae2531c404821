import type { Queryable } from '../../database/database.js'
import { isContention, unavailable } from '../../database/failure.js'
import { withTransaction } from '../../database/transaction.js'
import type { Delta } from '../../patch/patch.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { readRow } from './read.js'
import { listDelta } from './references.js'
import { refusal } from './refusal.js'
import type { DocumentRow } from './row.js'
import { ALL, type Lists, listsOf, NO_LISTS } from './select.js'
import type { DocumentTarget } from './store.js'
import type { StoredType } from './stored-type.js'

/** The parts of a call that a write uses. */
export interface WriteOptions {
  readonly transaction: unknown
  readonly signal: AbortSignal | undefined
  readonly ifMatch: readonly string[] | undefined
  /** Whether a list of the resource is needed in the answer. */
  readonly isNeeded: (attribute: string) => boolean
}

/**
 * The row of a resource, locked against other writers of it. A statement sees data older than a lock that it had to
 * wait for, so lists that writers of the resource change are read by a second one.
 */
export async function lockRow(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  lists: Lists,
): Promise<DocumentRow | undefined> {
  if (lists.attributes.every((attribute) => attribute === target.type.memberOf)) {
    return readRow(connection, target, id, lists, true)
  }
  const locked = await readRow(connection, target, id, NO_LISTS, true)
  return locked && readRow(connection, target, id, lists, false)
}

/** The lists of an answer; whole when the transaction is over before the answer is written. */
export function answeredLists(type: StoredType, { isNeeded, transaction }: WriteOptions): Lists {
  return transaction === undefined ? listsOf(type, isNeeded) : listsOf(type, isNeeded, ALL)
}

/** Runs a write; in a transaction if it takes several statements or the call is in one. */
export async function write<T>(
  { store, type, database }: DocumentTarget,
  { transaction, signal }: WriteOptions,
  several: boolean,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  try {
    return several || transaction !== undefined
      ? await withTransaction(store.database, { transaction, signal }, work)
      : await work(database)
  } catch (error) {
    throw refusal(error, type) ?? unavailable(error) ?? error
  }
}

/** Another writer was faster than a writer without a lock, or one statement was not enough: nothing was written. */
export const OVERTAKEN = Symbol('overtaken')

/** Tries a write of one statement. If another writer is in the way, the write that locks first waits for it. */
export async function writeOnce<T>(
  target: DocumentTarget,
  options: WriteOptions,
  attempt: (connection: Queryable) => Promise<T | typeof OVERTAKEN>,
): Promise<T | typeof OVERTAKEN> {
  try {
    return await write(target, options, false, attempt)
  } catch (error) {
    // Contention ends the whole transaction of the application, which alone can do it again.
    if (options.transaction === undefined && isContention(error)) return OVERTAKEN
    throw error
  }
}

/**
 * Runs a write that reads a row and then writes it. When it is all in that row no lock is needed: two statements, of
 * which the second finds the version of the first, and only an overtaken writer starts again under a lock.
 */
export async function writeRow<T>(
  target: DocumentTarget,
  options: WriteOptions,
  attempt: (connection: Queryable, locked: boolean) => Promise<T | typeof OVERTAKEN>,
): Promise<T> {
  const { references, lookups } = target.type
  if (options.transaction === undefined && references.length === 0 && lookups.length === 0) {
    const outcome = await write(target, options, false, (connection) => attempt(connection, false))
    if (outcome !== OVERTAKEN) return outcome
  }
  return (await write(target, options, true, (connection) => attempt(connection, true))) as T
}

/** Whether the resource has another version than the request names. */
export function isStale({ version }: Pick<DocumentRow, 'version'>, { ifMatch }: WriteOptions): boolean {
  // RFC 9110 section 13.1.1: "An origin server that evaluates an If-Match condition MUST NOT perform the requested
  // method if the condition evaluates to false."
  return ifMatch !== undefined && !ifMatch.includes(version)
}

/** The deltas that replace the stored lists by the lists of a draft. */
export function listDeltas(type: StoredType, draft: JsonObject): readonly (readonly [Attribute, Delta])[] {
  return type.references.map((attribute) => [attribute, listDelta(attribute, draft[attribute.name])] as const)
}
