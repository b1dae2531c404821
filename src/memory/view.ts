import type { Awaitable, Call, Stored } from '../adapter/contract.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { type Collection, referencesOf } from './collection.js'
import { type Lists, MemberOfLists } from './member-of-lists.js'
import type { MemoryRow } from './row.js'
import type { Store } from './store.js'

// The most rows of a page that are looked through at once. Most resources are members of nothing, and no list is made
// for them.
const SHORT = 1_000

/** Makes the returned resource from a row: a new object with the frozen stored values, and the requested lists. */
export type View = (row: MemoryRow) => Stored

/** How the rows of one answer are handed out, each as it is asked for. */
export function viewOf(
  store: Store,
  collection: Collection,
  isNeeded: (attribute: string) => boolean,
  call: Call,
): View {
  const references = referencesNeeded(collection, isNeeded)
  const memberOf = memberOfNeeded(collection, isNeeded)
  if (memberOf === undefined) return (row) => view(row, references)
  let lists: MemberOfLists | undefined
  return (row) => {
    const resource = view(row, references)
    // Most resources are members of nothing.
    if (!store.isMember(row.id)) return resource
    lists ??= new MemberOfLists(store, memberOf, call)
    return withMemberOf(resource, memberOf, lists.of(row))
  }
}

/** A new row, as it is returned: no group can have it as a member yet. */
export function viewNew(collection: Collection, row: MemoryRow, isNeeded: (attribute: string) => boolean): Stored {
  return view(row, referencesNeeded(collection, isNeeded))
}

/** Rows for the store itself: these may be the stored objects, and their groups are left out. */
export function lookOf(collection: Collection, isNeeded: (attribute: string) => boolean): View {
  const references = referencesNeeded(collection, isNeeded)
  return references.length === 0 ? (row) => row.readable : (row) => view(row, references)
}

/** The rows of a page as they are handed out. Where they are members is worked out for all of them together. */
export function viewPage(
  store: Store,
  collection: Collection,
  rows: readonly MemoryRow[],
  isNeeded: (attribute: string) => boolean,
  call: Call,
): Awaitable<readonly Stored[]> {
  const references = referencesNeeded(collection, isNeeded)
  const resources = rows.map((row) => view(row, references))
  return addMemberOf(store, collection, rows, resources, isNeeded, call)
}

/** One row as it is handed out, which takes a while if it is a member of very many. */
export function viewRow(
  store: Store,
  collection: Collection,
  row: MemoryRow,
  isNeeded: (attribute: string) => boolean,
  call: Call,
): Awaitable<Stored | undefined> {
  if (memberOfNeeded(collection, isNeeded) === undefined || !store.isMember(row.id)) {
    return view(row, referencesNeeded(collection, isNeeded))
  }
  const page = viewPage(store, collection, [row], isNeeded, call)
  return page instanceof Promise ? page.then(([only]) => only) : page[0]
}

/** Adds to the resources of a page where they are members, if that is needed. */
export function addMemberOf(
  store: Store,
  collection: Collection,
  rows: readonly MemoryRow[],
  resources: readonly Stored[],
  isNeeded: (attribute: string) => boolean,
  call: Call,
): Awaitable<readonly Stored[]> {
  const memberOf = memberOfNeeded(collection, isNeeded)
  if (memberOf === undefined || (rows.length <= SHORT && !rows.some(({ id }) => store.isMember(id)))) return resources
  const lists = new MemberOfLists(store, memberOf, call).ofAll(rows)
  const add = (known: Lists): readonly Stored[] =>
    resources.map((resource, index) => withMemberOf(resource, memberOf, known[index]))
  return lists instanceof Promise ? lists.then(add) : add(lists)
}

function referencesNeeded({ type }: Collection, isNeeded: (attribute: string) => boolean): readonly Attribute[] {
  // Most resources are users, which have none.
  return type.references.length === 0 ? type.references : type.references.filter(({ name }) => isNeeded(name))
}

function memberOfNeeded({ type }: Collection, isNeeded: (attribute: string) => boolean): Attribute | undefined {
  return type.memberOf && isNeeded(type.memberOf.name) ? type.memberOf : undefined
}

function view(row: MemoryRow, references: readonly Attribute[]): Stored {
  let lists: Record<string, readonly JsonObject[]> | undefined
  for (const { name } of references) {
    const list = referenceList(row, name)
    if (list.length > 0) lists = { ...lists, [name]: list }
  }
  return lists ? { ...row.readable, ...lists } : { ...row.readable }
}

/** Adds where a resource, an object of our own, is a member. */
function withMemberOf(
  resource: Stored,
  memberOf: Attribute | undefined,
  list: readonly JsonObject[] | undefined,
): Stored {
  const own: JsonObject = resource
  if (memberOf && list && list.length > 0) own[memberOf.name] = list
  return resource
}

function referenceList(row: MemoryRow, attribute: string): readonly JsonObject[] {
  const known = row.lists?.get(attribute)
  if (known) return known
  const list = Object.freeze([...referencesOf(row, attribute).values()])
  row.lists ??= new Map()
  row.lists.set(attribute, list)
  return list
}
