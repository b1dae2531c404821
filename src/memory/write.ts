import type { Call, Draft, Patch, PatchResult, Stored } from '../adapter/contract.js'
import type { UnknownMembers } from '../adapter/unknown-members.js'
import type { JsonObject } from '../schema/model/resource.js'
import { keepUnreadable } from '../schema/resources/unreadable.js'
import { withoutReference } from '../schema/resources/without-reference.js'
import type { Collection } from './collection.js'
import { describeAgain } from './described-member.js'
import { frozenCopy } from './frozen-copy.js'
import { type MemoryType, referenceValue } from './memory-type.js'
import {
  applyChange,
  changeByDelta,
  changeToList,
  isChange,
  type ReferenceChange,
  settleMembers,
  tellChanges,
} from './reference-change.js'
import type { MemoryRow, RowAttributes } from './row.js'
import type { Pointer, Store } from './store.js'
import { viewOf } from './view.js'

// Every function here runs to its end without a pause: between its checks and its changes there is no other writer.

/** The input of a write. */
export interface WriteTarget {
  readonly store: Store
  readonly collection: Collection
  readonly unknownMembers: UnknownMembers
  readonly call: Call
}

export function insertRow(target: WriteTarget, draft: Draft): MemoryRow {
  const { store, collection } = target
  const { type } = collection
  const attributes = attributesOf(type, draft)
  const changes = type.references.map((attribute) => changeToList(store, undefined, attribute, draft[attribute.name]))
  collection.requireUnique(attributes, undefined)
  for (const change of changes) settleMembers(target, undefined, change)
  const row = collection.insert(attributes)
  for (const change of changes) applyChange(store, collection, row, change)
  return row
}

export function replaceRow(target: WriteTarget, row: MemoryRow, draft: Draft): void {
  const { store, collection } = target
  const { type } = collection
  const attributes = attributesOf(type, keepUnreadable(draft, row.attributes, type.unreadable))
  const changes = type.references.map((attribute) => changeToList(store, row, attribute, draft[attribute.name]))
  write(target, row, attributes, changes)
}

/** Removes a resource, the memberships that it had and the references to it (decision A-124). */
export function deleteRow({ store, collection }: WriteTarget, row: MemoryRow): void {
  for (const pointer of store.pointersTo(collection.type.name)) forget(pointer, row)
  for (const holder of store.holders(row.id)) {
    holder.collection.deleteReference(holder.row, holder.attribute, row.id)
    holder.collection.update(holder.row, holder.row.attributes)
  }
  collection.remove(row)
}

/** Takes a resource that goes out of the references of others. */
function forget({ collection, attribute }: Pointer, { id }: MemoryRow): void {
  if (collection.type.references.includes(attribute)) {
    for (const holder of collection.referrers(attribute, id)) {
      collection.deleteReference(holder, attribute, id)
      collection.update(holder, holder.attributes)
    }
    return
  }
  // Filters compare ids as the schema says: ids that are written otherwise do not match.
  for (const holder of [...(collection.lookup(referenceValue(attribute).path)?.find(id) ?? [])]) {
    const left = withoutReference(holder.attributes, attribute, id)
    if (left !== holder.attributes) collection.update(holder, attributesOf(collection.type, left, holder.attributes))
  }
}

/** Does a patch. Of a long list it looks at those values alone that come or go. */
export function patchRow(target: WriteTarget, row: MemoryRow, patch: Patch, call: Call): PatchResult {
  const { store, collection } = target
  // A given resource is answered whole, so a resource with lists that may be long is not given.
  const isShort = collection.type.references.length === 0
  const isTold = isShort || call.limits.memberEvents > 0
  const isShown = (name: string): boolean => isShort || !collection.type.apart.has(name)
  const view = isTold ? viewOf(store, collection, isShown, call) : undefined
  const before = view?.(row)
  const { attributes, changes } = planPatch(target, row, patch, call, isTold)
  const changed = attributes !== row.attributes || changes.length > 0
  if (changed) write(target, row, attributes, changes)
  const after = changed ? view?.(row) : before
  const told = tellChanges(changes)
  return {
    changed,
    version: String(row.version),
    ...(before && { before }),
    ...(after && (isShort ? { resource: after } : { after })),
    ...(told && { changes: told }),
  }
}

interface Plan {
  /** The attributes after the write; the object of the row if they stay as they are. */
  readonly attributes: RowAttributes
  readonly changes: readonly ReferenceChange[]
}

function planPatch(target: WriteTarget, row: MemoryRow, patch: Patch, call: Call, isTold: boolean): Plan {
  const { type } = target.collection
  const rest = new Set(patch.attributes)
  const changes: ReferenceChange[] = []
  for (const attribute of type.references) {
    const delta = rest.has(attribute.name) ? patch.delta(attribute.name) : undefined
    if (delta && rest.delete(attribute.name)) changes.push(changeByDelta(row, attribute, delta, isTold))
  }
  if (rest.size === 0) return { attributes: row.attributes, changes: changes.filter(isChange) }

  const current = currentOf(target, row, rest, call)
  const draft: JsonObject = patch.apply(current)
  for (const attribute of type.references) {
    const list = draft[attribute.name]
    if (rest.has(attribute.name) && list !== current[attribute.name])
      changes.push(changeToList(target.store, row, attribute, list, { isPatched: true, isTold }))
  }
  return { attributes: draft === current ? row.attributes : kept(type, draft, row), changes: changes.filter(isChange) }
}

/**
 * A row as a patch of some attributes needs it. Attributes that no client can read are there, so that it may remove
 * them.
 */
function currentOf({ store, collection }: WriteTarget, row: MemoryRow, names: ReadonlySet<string>, call: Call): Stored {
  const isNamed = (name: string): boolean => names.has(name)
  // Most patches name nothing that is kept elsewhere, and a patch changes no object that it is given.
  if (![...collection.type.notStored].some(isNamed)) return row.attributes
  const shown = viewOf(store, collection, isNamed, call)(row)
  return row.attributes === row.readable ? shown : { ...shown, ...row.attributes }
}

/** The attributes of a patched row; the same object if their values are the same. */
function kept(type: MemoryType, draft: JsonObject, row: MemoryRow): RowAttributes {
  const attributes = attributesOf(type, draft, row.attributes)
  return haveSameValues(type, attributes, row.attributes) ? row.attributes : attributes
}

function write(
  target: WriteTarget,
  row: MemoryRow,
  attributes: RowAttributes,
  changes: readonly ReferenceChange[],
): void {
  const { store, collection } = target
  collection.requireUnique(attributes, row)
  for (const change of changes) settleMembers(target, row, change)
  const { display } = row
  for (const change of changes) applyChange(store, collection, row, change)
  collection.update(row, attributes)
  if (row.display !== display) describeAgain(store, row)
}

const NOTHING: JsonObject = Object.freeze({})
// The router passes them; their place is in front.
const NO_SCHEMAS: readonly string[] = Object.freeze([])

/** The part of a draft that is kept as one object, in a copy of the store's own. */
function attributesOf(
  { apart, notStored }: MemoryType,
  draft: JsonObject,
  stored: JsonObject = NOTHING,
): RowAttributes {
  // One spread: V8 makes a hash table of an object that gets many members one by one, three times as large and slow to
  // copy.
  const values = withValues(draft, notStored)
  // A patched row has the places of both. A copy without members before it takes a third of the time.
  const attributes: RowAttributes = hasPlaces(values) ? { ...values } : { schemas: NO_SCHEMAS, id: '', ...values }
  for (const name in attributes) {
    const value = attributes[name]
    // Values that are stored already belong to the store.
    if (typeof value === 'object' && value !== stored[name] && !apart.has(name)) attributes[name] = frozenCopy(value)
  }
  attributes.schemas = NO_SCHEMAS
  return attributes
}

/** Whether an object has the places of `schemas` and `id`. */
function hasPlaces(values: JsonObject): values is RowAttributes {
  return Object.hasOwn(values, 'schemas') && Object.hasOwn(values, 'id')
}

/** A draft without some attributes, and without attributes that have no value. */
function withValues(draft: JsonObject, left: ReadonlySet<string>): JsonObject {
  let kept = draft
  for (const name in draft) {
    const value = draft[name]
    if (value !== undefined && value !== null && !left.has(name)) continue
    const { [name]: _, ...others } = kept
    kept = others
  }
  return kept
}

function haveSameValues({ apart }: MemoryType, a: JsonObject, b: JsonObject): boolean {
  for (const name in a) if (!apart.has(name) && a[name] !== b[name]) return false
  for (const name in b) if (!apart.has(name) && !Object.hasOwn(a, name)) return false
  return true
}
