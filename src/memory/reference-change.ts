import type { AttributeChange, Changes } from '../adapter/contract.js'
import { refuseUnknown } from '../adapter/unknown-members.js'
import { ScimError } from '../error.js'
import type { Delta } from '../patch/patch.js'
import { type Attribute, isMembership, targetTypes } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { lacksIdentifier } from '../schema/reading/read-reference.js'
import { areMost, type Collection, referencesOf } from './collection.js'
import { memberDescriber } from './described-member.js'
import type { LeavingIds, MemberRows, MemoryRow } from './row.js'
import type { Store } from './store.js'
import type { WriteTarget } from './write.js'

/** The change of one reference attribute by a write. */
export interface ReferenceChange {
  readonly attribute: Attribute
  readonly removed: LeavingIds
  /** As they were sent, and as they are kept once they are settled. */
  readonly added: Map<string, JsonObject>
  /** Present ones that get other sub-attributes. */
  readonly updated: ReadonlyMap<string, JsonObject>
  /** How many references the request names. */
  readonly named: number
  /** All present ones that stay; undefined where the request names those that leave. */
  readonly staying?: MemberRows | undefined
}

const NONE: MemberRows = new Map()

/**
 * From the stored list to the list of a draft.
 *
 * @param isPatched Whether a PATCH has made the list: the request has named the added values only.
 * @param isTold Whether the caller needs the references that have left.
 */
export function changeToList(
  store: Store,
  row: MemoryRow | undefined,
  attribute: Attribute,
  list: unknown,
  { isPatched = false, isTold = false } = {},
): ReferenceChange {
  const present = row ? referencesOf(row, attribute.name) : NONE
  const find = store.memberFinder(attribute)
  const added = new Map<string, JsonObject>()
  const updated = new Map<string, JsonObject>()
  const staying: MemberRows = new Map()
  for (const element of Array.isArray(list) ? list : []) {
    const value = identifierOf(attribute, element)
    const stored = present.get(value)
    if (stored === undefined) {
      added.set(value, element)
      continue
    }
    staying.set(value, stored)
    if (stored === element || (saysTheSame(stored, element) && find(value))) updated.delete(value)
    else updated.set(value, element)
  }
  const named = (isPatched ? 0 : staying.size) + added.size
  return { attribute, removed: allBut(staying, present, isTold), added, updated, named, staying }
}

/**
 * The part of a delta that is not stored already. It looks at no value that the delta does not name, unless all are
 * cleared and the caller needs the references that have left.
 */
export function changeByDelta(
  row: MemoryRow,
  attribute: Attribute,
  { clear, remove, add }: Delta,
  isTold: boolean,
): ReferenceChange {
  const present = referencesOf(row, attribute.name)
  const added = new Map<string, JsonObject>()
  const staying: MemberRows = new Map()
  for (const element of add) {
    // RFC 7644 section 3.5.2.1: "If the target location already contains the value specified, no changes SHOULD be
    // made".
    const stored = present.get(element.value)
    if (stored === undefined) added.set(element.value, element)
    else staying.set(element.value, stored)
  }
  const change = { attribute, added, updated: NONE, named: staying.size + added.size }
  if (clear) return { ...change, removed: allBut(staying, present, isTold), staying }
  const values = [...new Set(remove)].filter((value) => present.has(value) && !staying.has(value))
  return { ...change, removed: { count: values.length, values } }
}

// So many are collected only for a caller that needs them.
const MANY = 1_000

/** All present ones but those that stay. */
function allBut(staying: MemberRows, present: MemberRows, isTold: boolean): LeavingIds {
  const count = present.size - staying.size
  const walk = function* (): Generator<string> {
    for (const value of present.keys()) if (!staying.has(value)) yield value
  }
  const isLater = !isTold && count > MANY && areMost(count, present)
  return { count, values: count === 0 ? [] : isLater ? { [Symbol.iterator]: walk } : [...walk()] }
}

// The store's data about its members win over the data of the client (decisions ).
const OF_THE_STORE: ReadonlySet<string> = new Set(['value', 'type', 'display'])

/** Whether a client says the same about a member as is stored, the store's own data aside. */
function saysTheSame(stored: JsonObject, sent: JsonObject): boolean {
  for (const name in sent) if (!OF_THE_STORE.has(name) && sent[name] !== stored[name]) return false
  for (const name in stored) if (!OF_THE_STORE.has(name) && !Object.hasOwn(sent, name)) return false
  return true
}

/** The references that have come and gone; undefined if they were not collected. */
export function tellChanges(changes: readonly ReferenceChange[]): Changes | undefined {
  const told: Record<string, AttributeChange> = {}
  for (const { attribute, added, removed } of changes) {
    if (!Array.isArray(removed.values)) return undefined
    told[attribute.name] = { added: [...added.keys()], removed: removed.values }
  }
  return changes.length > 0 ? told : undefined
}

/** Whether anything comes or goes. */
export function isChange({ removed, added, updated }: ReferenceChange): boolean {
  return removed.count > 0 || added.size > 0 || updated.size > 0
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
  // Decision A-122. Longer circles are legal; a walk visits each group once.
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
  const { attribute, removed, added, updated, staying } = change
  collection.deleteReferences(row, attribute, removed, staying)
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
