import type { Call, ResourceAdapter, Supports, WriteCall } from '../adapter/contract.js'
import type { UnknownMembers } from '../adapter/unknown-members.js'
import type { Collection } from './collection.js'
import { listRows } from './list.js'
import type { MemoryType } from './memory-type.js'
import type { MemoryRow } from './row.js'
import type { Store } from './store.js'
import type { Tenants } from './tenants.js'
import { type View, viewNew, viewOf, viewRow } from './view.js'
import { deleteRow, insertRow, patchRow, replaceRow, type WriteTarget } from './write.js'

const SUPPORTS: Supports = Object.freeze({ versions: true, cursor: 'both' })

/** The six callbacks over the collection of one resource type, in the store of whichever tenant calls. */
export function adapterOf(
  { name, indexed }: MemoryType,
  tenants: Tenants,
  unknownMembers: UnknownMembers,
): ResourceAdapter {
  const targetOf = (store: Store, call: Call): WriteTarget => ({
    store,
    collection: store.collections.get(name) as Collection,
    unknownMembers,
    call,
  })

  /** Does something to a resource that exists and has the version that is asked for. */
  const change = <Result, None>(
    id: string,
    call: WriteCall,
    none: None,
    work: (target: WriteTarget, row: MemoryRow) => Result,
  ): Result | None | 'stale' => {
    const { tenant, ifMatch } = call
    const target = targetOf(tenants.look(tenant), call)
    const row = target.collection.rows.get(id)
    if (!row) return none
    // RFC 9110 section 13.1.1: "An origin server that evaluates an If-Match condition MUST NOT perform the requested
    // method if the condition evaluates to false."
    if (ifMatch && !ifMatch.includes(String(row.version))) return 'stale'
    return work(target, row)
  }
  const viewFor = ({ store, collection }: WriteTarget, call: Call): View =>
    viewOf(store, collection, (attribute) => call.select.has(attribute), call)

  return {
    supports: SUPPORTS,
    create: (draft, call) => {
      const target = targetOf(tenants.open(call.tenant), call)
      const row = insertRow(target, draft)
      return viewNew(target.collection, row, (attribute) => call.select.has(attribute))
    },
    get: (id, call) => {
      const target = targetOf(tenants.look(call.tenant), call)
      const row = target.collection.rows.get(id)
      return row && viewRow(target.store, target.collection, row, (attribute) => call.select.has(attribute), call)
    },
    list: (query, call) => {
      const { store, collection } = targetOf(tenants.look(call.tenant), call)
      return listRows(store, collection, query, call)
    },
    replace: (id, draft, call) =>
      change(id, call, undefined, (target, row) => {
        const view = viewFor(target, call)
        const { memberOf } = target.collection.type
        // A resource that cannot be answered is not written.
        if (memberOf && call.select.names(memberOf.name)) view(row)
        replaceRow(target, row, draft)
        return view(row)
      }),
    delete: (id, call) => {
      const remove = () =>
        change(id, call, false, (target, row) => {
          deleteRow(target, row)
          return true
        })
      const preparing = tenants.look(call.tenant).preparePointers(name)
      return preparing ? preparing.then(remove) : remove()
    },
    patch: (id, patch, call) => change(id, call, undefined, (target, row) => patchRow(target, row, patch, call)),
    enforces: indexed.filter(({ uniqueness }) => uniqueness !== 'none').map(({ path }) => path),
  }
}
