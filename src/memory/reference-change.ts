import { refuseUnknown } from '../adapter/unknown-members.js'
import { ScimError } from '../error.js'
import type { Delta } from '../patch/patch.js'
import { type Attribute, isMembership, targetTypes } from '../schema/attribute.js'
import { lacksIdentifier } from '../schema/read-reference.js'
import type { JsonObject } from '../schema/resource.js'
import { type Collection, referencesOf } from './collection.js'
import { memberDescriber } from './member.js'
import type { MemoryRow } from './row.js'
import type { Store } from './store.js'
import type { WriteTarget } from './write.js'

/** The change of one reference attribute by a write. */
export interface ReferenceChange {
  readonly attribute: Attribute
  readonly removed: readonly string[]
  /** As they were sent, and as they are kept once they are settled. */
  readonly added: Map<string, JsonObject>
  /** Present ones that get other sub-attributes. */
  readonly updated: ReadonlyMap<string, JsonObject>
  /** How many references the request names. */
  readonly named: number
  /** All that the attribute is to have; undefined where the request does not say that. */
  readonly listed?: ReadonlySet<string> | undefined
}

const NONE: ReadonlyMap<string, JsonObject> = new Map()

/**
 * From the stored list to the list of a draft.
 *
 * @param isPatched Whether a PATCH has made the list: the request has named the added values only.
 */
export function changeToList(
  row: MemoryRow | undefined,
  attribute: Attribute,
  list: unknown,
  isPatched = false,
): ReferenceChange {
  const present = row ? referencesOf(row, attribute.name) : NONE
  const added = new Map<string, JsonObject>()
  const updated = new Map<string, JsonObject>()
  const kept = present.size > 0 ? new Set<string>() : undefined
  for (const element of Array.isArray(list) ? list : []) {
    const value = identifierOf(attribute, element)
    const stored = present.get(value)
    kept?.add(value)
    if (stored === undefined) added.set(value, element)
    else if (stored !== element) updated.set(value, element)
  }
  const removed: string[] = []
  for (const value of present.keys()) if (!kept?.has(value)) removed.push(value)
  const named = (isPatched ? undefined : kept?.size) ?? added.size
  return { attribute, removed, added, updated, named, listed: kept }
}

/** What of a delta is not so already. It looks at no value that the delta does not name, unless all are cleared. */
export function changeByDelta(row: MemoryRow, attribute: Attribute, { clear, remove, add }: Delta): ReferenceChange {
  const present = referencesOf(row, attribute.name)
  const added = new Map<string, JsonObject>()
  const named = new Set<string>()
  for (const element of add) {
    named.add(element.value)
    // RFC 7644 section 3.5.2.1: "If the target location already contains the value specified, no changes SHOULD be
    // made".
    if (!present.has(element.value)) added.set(element.value, element)
  }
  const leaving = clear ? [...present.keys()] : remove.filter((value) => present.has(value))
  const removed = [...new Set(leaving)].filter((value) => !named.has(value))
  return { attribute, removed, added, updated: NONE, named: named.size }
}

/** Whether anything comes or goes. */
export function isChange({ removed, added, updated }: ReferenceChange): boolean {
  return removed.length > 0 || added.size > 0 || updated.size > 0
}

/**
 * Adds the store's data about new members. Throws 400 invalidValue for impossible members: the resource itself and, by
 * policy, members that do not exist.
 */
export function settleMembers(
  { store, call, unknownMembers }: Pick<WriteTarget, 'store' | 'call' | 'unknownMembers'>,
  row: MemoryRow | undefined,
  { attribute, added, named }: ReferenceChange,
): void {
  if (added.size === 0) return
  // Decision A-122. Longer circles are legal, and whoever walks them minds it.
  if (row && isMembership(attribute) && added.has(row.id)) {
    throw ScimError.invalidValue(`A resource cannot be among its own "${attribute.path}".`)
  }
  // A member of a type that is kept elsewhere cannot be looked for.
  const isRequired =
    isMembership(attribute) &&
    unknownMembers !== 'keep' &&
    targetTypes(attribute).every((type) => store.collections.has(type))
  const find = store.memberFinder(attribute)
  const describe = memberDescriber(attribute)
  const missing: string[] = []
  for (const [value, reference] of added) {
    const member = find(value)
    if (isRequired && member === undefined) missing.push(value)
    added.set(value, describe(value, reference, member))
  }
  refuseUnknown(call, unknownMembers, attribute, missing, named)
  for (const value of missing) added.delete(value)
}

/** Applies the change that was planned and settled. */
export function applyChange(store: Store, collection: Collection, row: MemoryRow, change: ReferenceChange): void {
  const { attribute, removed, added, updated, listed } = change
  collection.deleteReferences(row, attribute, removed, listed)
  if (updated.size > 0) {
    const find = store.memberFinder(attribute)
    const describe = memberDescriber(attribute)
    for (const [value, reference] of updated) {
      collection.replaceReference(row, attribute, value, describe(value, reference, find(value)))
    }
  }
  collection.addReferences(row, attribute, added)
}

function identifierOf(attribute: Attribute, element: unknown): string {
  const value = (element as JsonObject).value
  if (typeof value === 'string') return value
  throw lacksIdentifier(attribute)
}
