import type { Stored } from '../adapter/contract.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { type Collection, referencesOf } from './collection.js'
import type { Row } from './row.js'
import { isMembership, type Store, targetTypes } from './store.js'

/**
 * A resource as it is handed out: what is stored, frozen, and the lists that are asked for. A list is made when it is read
 * and kept until something in it can have changed.
 */
export function viewRow(
  store: Store,
  { type }: Collection,
  row: Row,
  isNeeded: (attribute: string) => boolean,
): Stored {
  let lists: Record<string, readonly JsonObject[]> | undefined
  const add = (attribute: Attribute, make: () => readonly JsonObject[]): void => {
    if (!isNeeded(attribute.name)) return
    const list = listOf(row, attribute.name, store.epoch, make)
    if (list.length === 0) return
    lists ??= {}
    lists[attribute.name] = list
  }
  for (const attribute of type.references) add(attribute, () => showReferences(store, row, attribute))
  const { memberOf } = type
  if (memberOf) add(memberOf, () => showHolders(store, row, memberOf))
  return lists ? { ...row.stored, ...lists } : row.stored
}

function listOf(row: Row, name: string, epoch: number, make: () => readonly JsonObject[]): readonly JsonObject[] {
  const known = row.lists.get(name)
  if (known?.epoch === epoch) return known.list
  const list = Object.freeze(make())
  row.lists.set(name, { epoch, list })
  return list
}

function showReferences(store: Store, row: Row, attribute: Attribute): readonly JsonObject[] {
  const references = referencesOf(row, attribute.name)
  if (!isMembership(attribute)) return [...references.values()]
  const list: JsonObject[] = []
  for (const [value, reference] of references) {
    const shown = showMember(store, attribute, value, reference)
    // Kept, so that the next list is made without a copy of each member.
    if (shown !== reference) references.set(value, shown)
    list.push(shown)
  }
  return list
}

// Decisions: what the store knows of a member wins over what the client said of it.
function showMember(store: Store, attribute: Attribute, value: string, reference: JsonObject): JsonObject {
  const member = store.findMember(attribute, value)
  if (!member) return showUnknown(attribute, reference)
  const type = attribute.subAttribute('type') && member.type
  const display = attribute.subAttribute('display') && member.row.display
  if (reference.type === type && reference.display === display) return reference
  const { type: _, display: __, ...others } = reference
  return Object.freeze({ ...others, ...(type !== undefined && { type }), ...(display !== undefined && { display }) })
}

// Decision A-118: the type of an unknown member is told only when there is no other it could have.
function showUnknown(attribute: Attribute, reference: JsonObject): JsonObject {
  const [type, ...others] = targetTypes(attribute)
  const isCertain = type !== undefined && others.length === 0 && attribute.subAttribute('type') !== undefined
  return isCertain && reference.type !== type ? Object.freeze({ ...reference, type }) : reference
}

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
