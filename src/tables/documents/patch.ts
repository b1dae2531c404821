import type { AttributeChange, Patch, PatchResult, Stored } from '../../adapter/contract.js'
import { META } from '../../adapter/selections.js'
import type { Queryable } from '../../database/database.js'
import type { Delta } from '../../patch/patch.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { protectUnreadable } from '../shared/protect-unreadable.js'
import { ChangedResult } from './before.js'
import type { PatchedRow } from './combined-writes.js'
import { documentAttributes, documentOf } from './document.js'
import { type PatchPlan, planOf } from './patch-plan.js'
import { readRow } from './read.js'
import { listDelta, writeReferences } from './references.js'
import type { DocumentRow } from './row.js'
import { updateRow } from './row-statements.js'
import { ALL, type Lists, listsOf, listValues, NO_LISTS, viewRow } from './select.js'
import type { DocumentTarget } from './store.js'
import { isStale, lockRow, OVERTAKEN, type WriteOptions, writeRow } from './write.js'

type Outcome = PatchResult | 'stale' | undefined

/** Applies a patch. Of a long list it reads only the values that are added or removed. */
export async function patchResource(
  target: DocumentTarget,
  id: string,
  patch: Patch,
  options: WriteOptions,
): Promise<Outcome> {
  const { store, type } = target
  const plan = planOf(type, patch)
  // The router answers with a returned resource as it is, so a resource with lists that may be long is not returned.
  const isShort = type.references.length === 0
  const isTold = isShort || target.call.limits.memberEvents > 0
  // An answer for which the client names no attributes is whole.
  const isShown = (name: string): boolean => isShort && (target.call.select === META || options.isNeeded(name))
  // A patch needs all values of the resource.
  const lists: Lists = {
    ...listsOf(type, (name) => plan.touched.has(name) || isShown(name)),
    limit: ALL,
  }
  const view = (row: DocumentRow): Stored => viewRow(target, isShort ? lists : NO_LISTS, row)
  const resultOf = (patched: PatchedRow): PatchResult => {
    const { after: row } = patched
    const changes = changesOf(patched)
    if (!row) {
      const { before } = patched
      const resource = view(before)
      const same = { changed: false, version: before.version, ...changes }
      return { ...same, ...(isShort && { resource }), ...(isTold && { before: resource }) }
    }
    const after = isTold ? view(row) : undefined
    const result = { version: row.version, ...(isShort ? { resource: after } : { after }), ...changes }
    return isTold ? new ChangedResult(result, () => view(patched.before)) : { ...result, changed: true }
  }

  // If the answer could not be written, nothing may be stored. If that can happen, the resource is read first.
  const mayRefuse = type.memberOf !== undefined && target.call.select.names?.(type.memberOf.name) === true
  if (store.combined && !mayRefuse) {
    const outcome = await store.combined.patch(target, id, plan, { lists: isShort ? lists : NO_LISTS, isTold }, options)
    if (outcome !== OVERTAKEN) return typeof outcome === 'object' ? resultOf(outcome) : outcome
  }
  return writeRow<Outcome>(target, options, async (connection, locked) => {
    const before = await (locked
      ? lockRow(connection, target, id, lists)
      : readRow(connection, target, id, lists, false))
    if (!before) return undefined
    if (isStale(before, options)) return 'stale'
    const values = listValues(target, lists, before)
    // Undefined when nothing is left to apply, or when that changes nothing.
    const applied = plan.touched.size === 0 ? undefined : applyTo(before, values, patch)
    const changes = await changeLists(connection, target, id, plan, values, applied)
    const attributes = applied ? documentAttributes(type, applied) : before.data
    const changed = changes.length > 0 || !haveSameValues(attributes, before.data)
    const patched = { before, after: undefined, changes }
    if (!changed) return resultOf(patched)
    if (mayRefuse) view(before)
    const data = await protectUnreadable(attributes, before.data, type.unreadable, store.protect, false)
    const row = await updateRow(connection, target, id, before, documentOf(type, data), NO_LISTS, locked)
    // Lists that are made of other resources are as they were.
    return row ? resultOf({ ...patched, after: { ...before, ...row } }) : OVERTAKEN
  })
}

function changesOf({ changes }: PatchedRow): Pick<PatchResult, 'changes'> {
  const real = changes.filter(([, { added, removed }]) => added.length + removed.length > 0)
  return real.length > 0 ? { changes: Object.fromEntries(real) } : {}
}

/** Changes the lists that have rows of their own, and returns the lists that changed. */
async function changeLists(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  { deltas, touched }: PatchPlan,
  values: JsonObject,
  applied: JsonObject | undefined,
): Promise<readonly (readonly [string, AttributeChange])[]> {
  const changes: (readonly [string, AttributeChange])[] = []
  const write = async (attribute: Attribute, delta: Delta, present: 'keep' | 'overwrite'): Promise<void> => {
    const isList = present === 'overwrite'
    const { added, removed, updated } = await writeReferences(connection, target, id, attribute, delta, present, isList)
    if (added.length + removed.length + updated > 0) changes.push([attribute.name, { added, removed }])
  }
  for (const { attribute, delta } of deltas) await write(attribute, delta, 'keep')
  for (const attribute of target.type.references) {
    const { name } = attribute
    if (!applied || !touched.has(name) || applied[name] === values[name]) continue
    await write(attribute, listDelta(attribute, applied[name]), 'overwrite')
  }
  return changes
}

/** The attributes after a patch, without the attributes that became deltas; undefined if they are unchanged. */
function applyTo(current: DocumentRow, lists: JsonObject, patch: Patch): JsonObject | undefined {
  const { id, version, created, last_modified: lastModified, data } = current
  const stored = { ...lists, ...data, id, meta: { created, lastModified, version } }
  const draft: object = patch.apply(stored)
  return draft === stored ? undefined : (draft as JsonObject)
}

function haveSameValues(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
}
