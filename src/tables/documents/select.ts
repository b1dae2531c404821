import type { Stored } from '../../adapter/contract.js'
import { run } from '../../database/transaction.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { withoutUnreadable } from '../../schema/resources/unreadable.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { HolderGraph } from '../shared/holder-lists.js'
import { memberOfList, selectDirectHolders } from './member-of.js'
import { describeReference, referenceGroup } from './reference-rows.js'
import { type DocumentRow, type ReferenceRow, selectTimes, storedOf } from './row.js'
import type { DocumentTarget } from './store.js'
import type { StoredType } from './stored-type.js'

/** Longer lists are returned as an AsyncIterable, which reads the database piece by piece. */
const BATCH = 1_000

/**
 * The limit of lists that are needed whole: to apply a patch to, or because a transaction ends before they are written.
 */
export const ALL = Number.POSITIVE_INFINITY

/** The lists of a resource that are read besides its document. */
export interface Lists {
  readonly attributes: readonly Attribute[]
  /** The maximum of values of a reference attribute; values beyond it are read when they are written. */
  readonly limit: number
}

/** No lists at all. */
export const NO_LISTS: Lists = Object.freeze({ attributes: Object.freeze([]), limit: 0 })

/** The requested lists; a long list is cut behind its first batch. */
export function listsOf(type: StoredType, isNeeded: (name: string) => boolean, limit: number = BATCH): Lists {
  const attributes = [...type.references, ...(type.memberOf ? [type.memberOf] : [])]
  return { attributes: attributes.filter(({ name }) => isNeeded(name)), limit }
}

/** The key of the columns of lists, beside their type: a type may be declared after the first request. */
export function listsKey({ store }: DocumentTarget, { attributes, limit }: Lists): string {
  let key = ` ${limit} ${store.types.length}`
  for (const { name } of attributes) key += ` ${name}`
  return key
}

/** The columns of the table of resources `r` from which a resource is made, by `withHolders` and {@link viewRow}. */
export function rowColumns({ store, type }: DocumentTarget, lists: Lists): SqlFragment {
  const { json } = store.database.store
  const selected = lists.attributes.map((attribute, index) => {
    const select =
      attribute === type.memberOf
        ? selectDirectHolders(store, attribute)
        : // One more than is wanted tells whether there are more.
          referenceGroup(store, attribute, lists.limit + 1)
    return sql`, ${json.text(select)} AS ${raw(`list_${index}`)}`
  })
  return sql`r.id, r.version, ${selectTimes(store.database.store)}, ${json.text(raw('r.data'))} AS data${join(selected, '')}`
}

/** Makes a resource of a row that was read for a target; the rest of a long list is read when it is written. */
export function viewRow(target: DocumentTarget, lists: Lists, row: DocumentRow): Stored {
  return storedOf(row, listValues(target, lists, row), withoutUnreadable(row.data, target.type.unreadable))
}

/** The lists of a row by their names. */
export function listValues(target: DocumentTarget, { attributes, limit }: Lists, row: DocumentRow): JsonObject {
  const { type, call } = target
  const values: JsonObject = {}
  attributes.forEach((attribute, index) => {
    const found = row[`list_${index}`]
    if (!found || found.length === 0) return
    if (attribute === type.memberOf) {
      const list = memberOfList(attribute, call, found as unknown as HolderGraph, row.id)
      if (list.length > 0) values[attribute.name] = list
    } else if (found.length <= limit) {
      values[attribute.name] = found.map((reference) => describeReference(attribute, reference))
    } else {
      values[attribute.name] = longList(target, row.id, attribute, found)
    }
  })
  return values
}

/** The values of a long list: the values that were read, then batch by batch the others. */
function longList(
  { store, type, tenant, database }: DocumentTarget,
  id: string,
  attribute: Attribute,
  first: readonly ReferenceRow[],
): AsyncIterable<JsonObject> {
  return {
    async *[Symbol.asyncIterator]() {
      for (let batch = first; batch.length > 0; ) {
        for (const reference of batch) yield describeReference(attribute, reference)
        if (batch !== first && batch.length < BATCH) return
        const after = batch.at(-1)?.[0]
        const list = store.database.store.json.text(referenceGroup(store, attribute, BATCH, after))
        const [row] = await run(
          database,
          sql`SELECT ${list} AS list FROM ${raw(store.prefix)}resource AS r
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}`,
        )
        batch = row ? JSON.parse(row.list) : []
      }
    },
  }
}
