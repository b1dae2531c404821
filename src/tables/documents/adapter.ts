import type { Call, ResourceAdapter, WriteCall } from '../../adapter/contract.js'
import { SUPPORTS } from '../../database/open-database.js'
import { guard, queryableOf } from '../../database/transaction.js'
import { isStorable } from '../../filter/stored-text.js'
import { listRows } from '../shared/list.js'
import { createResource } from './create.js'
import { deleteResource } from './delete.js'
import { documentSource } from './document-list.js'
import { patchResource } from './patch.js'
import { readRow } from './read.js'
import { replaceResource } from './replace.js'
import { resourcePlace } from './resource-place.js'
import { ALL, listsOf, viewRow } from './select.js'
import type { DocumentTarget, Store } from './store.js'
import { type StoredType, uniqueAttributes } from './stored-type.js'
import type { WriteOptions } from './write.js'

/** The six callbacks over the tables, for one resource type. */
export function adapterOf(store: Store, type: StoredType): ResourceAdapter {
  const place = resourcePlace(store, type)
  const targetOf = (call: Call): DocumentTarget => ({
    store,
    type,
    tenant: call.tenant ?? '',
    database: queryableOf(store.database, call),
    call,
  })
  const optionsOf = (call: Call, ifMatch: WriteCall['ifMatch'] = undefined): WriteOptions => ({
    transaction: call.transaction,
    signal: call.signal,
    ifMatch,
    isNeeded: (attribute) => call.select.has(attribute),
  })

  return {
    supports: SUPPORTS,
    create: async (draft, call) => createResource(targetOf(call), draft, optionsOf(call)),
    get: async (id, call) => {
      // No resource has such an id, and the database would not take it.
      if (!isStorable(id)) return undefined
      const target = targetOf(call)
      const isNeeded = (name: string): boolean => call.select.has(name)
      const lists = call.transaction === undefined ? listsOf(type, isNeeded) : listsOf(type, isNeeded, ALL)
      const row = await guard(readRow(target.database, target, id, lists, false))
      return row && viewRow(target, lists, row)
    },
    list: async (query, call) =>
      listRows(documentSource(targetOf(call), place, call.transaction !== undefined, query), query, call),
    replace: async (id, draft, call) =>
      isStorable(id) ? replaceResource(targetOf(call), id, draft, optionsOf(call, call.ifMatch)) : undefined,
    delete: async (id, call) =>
      isStorable(id) ? deleteResource(targetOf(call), id, optionsOf(call, call.ifMatch)) : false,
    patch: async (id, patch, call) =>
      isStorable(id) ? patchResource(targetOf(call), id, patch, optionsOf(call, call.ifMatch)) : undefined,
    enforces: uniqueAttributes(type),
  }
}
