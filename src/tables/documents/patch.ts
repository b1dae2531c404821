import type { AttributeChange, Patch, PatchResult, Stored } from '../../adapter/contract.js'
import { META } from '../../adapter/selections.js'
import type { Queryable } from '../../database/database.js'
import type { Delta } from '../../patch/patch.js'
import type { Attribute } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { protectUnreadable } from '../shared/unreadable.js'
import { documentAttributes, documentOf } from './document.js'
import { readRow } from './read.js'
import { listDelta, writeReferences } from './references.js'
import type { DocumentRow } from './row.js'
import { updateRow } from './row-statements.js'
import { ALL, type Lists, listsOf, listValues, NO_LISTS, viewRow } from './select.js'
import type { DocumentTarget } from './store.js'
import { isStale, lockRow, OVERTAKEN, type WriteOptions, writeRow } from './write.js'

type Outcome = PatchResult | 'stale' | undefined

/** A patch in two parts: what is done to long lists without reading them, and what is applied to the rest. */
interface Plan {
  readonly patch: Patch
  readonly deltas: readonly { readonly attribute: Attribute; readonly delta: Delta }[]
  /** Names of the top-level attributes that the rest is about. */
  readonly touched: ReadonlySet<string>
}

/** Does a patch. Of a long list it looks at those values alone that come or go. */
export function patchResource(
  target: DocumentTarget,
  id: string,
  patch: Patch,
  options: WriteOptions,
): Promise<Outcome> {
  const { store, type } = target
  const plan = planOf(target, patch)
  // What is given is answered whole, so a resource with lists that may be long is not given.
  const isShort = type.references.length === 0
  const isTold = isShort || target.call.limits.memberEvents > 0
  // An answer for which the client names no attributes is whole.
  const isShown = (name: string): boolean => isShort && (target.call.select === META || options.isNeeded(name))
  // What a patch is applied to has all of its values.
  const lists: Lists = {
    ...listsOf(type, (name) => plan.touched.has(name) || isShown(name)),
    limit: ALL,
  }

  return writeRow<Outcome>(target, options, async (connection, locked) => {
    const current = await (locked
      ? lockRow(connection, target, id, lists)
      : readRow(connection, target, id, lists, false))
    if (!current) return undefined
    if (isStale(current, options)) return 'stale'
    const values = listValues(target, lists, current)
    // Undefined when nothing is left to apply, or when that changes nothing.
    const applied = plan.touched.size === 0 ? undefined : applyTo(current, values, patch)
    const changes = await changeLists(connection, target, id, plan, values, applied)
    const attributes = applied ? documentAttributes(type, applied) : current.data
    const changed = changes.length > 0 || !haveSameValues(attributes, current.data)
    const view = (row: DocumentRow): Stored => viewRow(target, isShort ? lists : NO_LISTS, row)
    const real = changes.filter(([, { added, removed }]) => added.length + removed.length > 0)
    const told = {
      ...(isTold && { before: view(current) }),
      ...(real.length > 0 && { changes: Object.fromEntries(real) }),
    }
    if (!changed) return { changed, version: current.version, ...(isShort && { resource: view(current) }), ...told }
    const data = await protectUnreadable(attributes, current.data, type.unreadable, store.protect, false)
    const row = await updateRow(connection, target, id, current, documentOf(type, data), NO_LISTS, locked)
    if (!row) return OVERTAKEN
    // Lists that are made of other resources are as they were.
    const after = isTold ? view({ ...current, ...row }) : undefined
    return { changed, version: row.version, ...(isShort ? { resource: after } : { after }), ...told }
  })
}

function planOf({ type }: DocumentTarget, patch: Patch): Plan {
  const touched = new Set(patch.attributes)
  const deltas = type.references.flatMap((attribute) => {
    const delta = touched.has(attribute.name) ? patch.delta(attribute.name) : undefined
    return delta && touched.delete(attribute.name) ? [{ attribute, delta }] : []
  })
  return { patch, deltas, touched }
}

/** Changes the lists that are kept apart, and tells those in which anything is different now. */
async function changeLists(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  { deltas, touched }: Plan,
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

/** The attributes after a patch, those that were taken out of it for their deltas aside; undefined when they stay. */
function applyTo(current: DocumentRow, lists: JsonObject, patch: Patch): JsonObject | undefined {
  const { id, version, created, last_modified: lastModified, data } = current
  const stored = { ...lists, ...data, id, meta: { created, lastModified, version } } as Stored
  const draft: object = patch.apply(stored)
  return draft === stored ? undefined : (draft as JsonObject)
}

function haveSameValues(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
}
