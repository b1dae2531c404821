import type { Stored } from '../adapter/contract.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { type Collection, referencesOf } from './collection.js'
import type { Row } from './row.js'
import { type Store, targetTypes } from './store.js'

/** Makes of a row what is handed out. */
export type View = (row: Row) => Stored

/** How many rows are handed out: for each a new object, as {@link viewRow} makes it. */
export function viewOf(store: Store, collection: Collection, isNeeded: (attribute: string) => boolean): View {
  const references = referencesNeeded(collection, isNeeded)
  const memberOf = memberOfNeeded(collection, isNeeded)
  return (row) => view(store, row, references, memberOf)
}

/** A resource as it is handed out: a new object with what is stored, frozen, and those of its lists that are asked for. */
export function viewRow(
  store: Store,
  collection: Collection,
  row: Row,
  isNeeded: (attribute: string) => boolean,
): Stored {
  return view(store, row, referencesNeeded(collection, isNeeded), memberOfNeeded(collection, isNeeded))
}

function referencesNeeded({ type }: Collection, isNeeded: (attribute: string) => boolean): readonly Attribute[] {
  // Most resources are users, which have none.
  return type.references.length === 0 ? type.references : type.references.filter(({ name }) => isNeeded(name))
}

function memberOfNeeded({ type }: Collection, isNeeded: (attribute: string) => boolean): Attribute | undefined {
  return type.memberOf && isNeeded(type.memberOf.name) ? type.memberOf : undefined
}

function view(store: Store, row: Row, references: readonly Attribute[], memberOf: Attribute | undefined): Stored {
  let lists: Record<string, readonly JsonObject[]> | undefined
  for (const { name } of references) lists = withList(lists, name, referenceList(row, name))
  if (memberOf) lists = withList(lists, memberOf.name, memberOfList(store, row, memberOf))
  return (lists ? { ...row.readable, ...lists } : { ...row.readable }) as unknown as Stored
}

function withList(
  lists: Record<string, readonly JsonObject[]> | undefined,
  attribute: string,
  list: readonly JsonObject[],
): Record<string, readonly JsonObject[]> | undefined {
  return list.length > 0 ? { ...lists, [attribute]: list } : lists
}

function referenceList(row: Row, attribute: string): readonly JsonObject[] {
  const known = row.lists?.get(attribute)
  if (known) return known
  const list = Object.freeze([...referencesOf(row, attribute).values()])
  row.lists ??= new Map()
  row.lists.set(attribute, list)
  return list
}

function memberOfList(store: Store, row: Row, attribute: Attribute): readonly JsonObject[] {
  if (row.memberOf?.epoch === store.epoch) return row.memberOf.list
  // Nobody refers to most resources: nothing is kept of that, which is quickly found out.
  if (!store.isMember(row.id)) return NOWHERE
  const list = Object.freeze(showHolders(store, row, attribute))
  row.memberOf = { epoch: store.epoch, list }
  return list
}

const NOWHERE: readonly JsonObject[] = Object.freeze([])

// RFC 7643 section 4.1.2, groups: "A list of groups to which the user belongs, either through direct membership, through
// nested groups, or dynamically calculated."
function showHolders(store: Store, row: Row, memberOf: Attribute): readonly JsonObject[] {
  const types = targetTypes(memberOf)
  const seen = new Set<Row>([row])
  const list: JsonObject[] = []
  let level: readonly Row[] = [row]
  // Groups may hold each other in a circle (decision A-122): each is met once.
  for (let type = 'direct'; level.length > 0; type = 'indirect') {
    const next: Row[] = []
    for (const { id } of level) {
      for (const holder of store.holders(id)) {
        if (seen.has(holder.row) || !isAllowed(types, holder.collection.type.name)) continue
        seen.add(holder.row)
        next.push(holder.row)
        list.push(showHolder(memberOf, holder.row, type))
      }
    }
    level = next
  }
  return list
}

function showHolder(memberOf: Attribute, { id, display }: Row, type: string): JsonObject {
  return Object.freeze({
    value: id,
    ...(display !== undefined && memberOf.subAttribute('display') && { display }),
    ...(memberOf.subAttribute('type') && { type }),
  })
}

function isAllowed(types: readonly string[], name: string): boolean {
  return types.length === 0 || types.includes(name)
}
