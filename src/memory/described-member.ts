import { type Attribute, isMembership, targetTypes } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { referencesOf } from './collection.js'
import { frozenCopy } from './frozen-copy.js'
import type { MemoryRow } from './row.js'
import type { Member, Store } from './store.js'

/** Makes a reference the store's own. */
type DescribeMember = (value: string, reference: JsonObject, member: Member | undefined) => JsonObject

/**
 * A reference, the store's own, with the store's data about its member, which win over the data of the client
 * (decisions ).
 */
export function memberDescriber(attribute: Attribute): DescribeMember {
  const hasType = attribute.subAttribute('type') !== undefined
  const hasDisplay = attribute.subAttribute('display') !== undefined
  return (value, reference, member) => {
    if (!member) return frozenCopy(describeUnknown(attribute, reference)) as JsonObject
    const described: JsonObject = { value }
    for (const name in reference) {
      if (name !== 'value' && name !== 'type' && name !== 'display') described[name] = frozenCopy(reference[name])
    }
    if (hasType) described.type = member.type
    const { display } = member.row
    if (hasDisplay && display !== undefined) described.display = display
    return Object.freeze(described)
  }
}

/** Tells every list that a resource is in, or its members are in, of its new display name. */
export function describeAgain(store: Store, row: MemoryRow): void {
  for (const { collection, row: holder, attribute } of store.holders(row.id)) {
    const reference = referencesOf(holder, attribute.name).get(row.id) as JsonObject
    const described = memberDescriber(attribute)(row.id, reference, store.memberFinder(attribute)(row.id))
    collection.replaceReference(holder, attribute, row.id, described)
  }
}

// The type of an unknown member is shown only if it can have no other.
function describeUnknown(attribute: Attribute, reference: JsonObject): JsonObject {
  if (!isMembership(attribute)) return reference
  const [type, ...others] = targetTypes(attribute)
  const isCertain = type !== undefined && others.length === 0 && attribute.subAttribute('type') !== undefined
  return isCertain ? { ...reference, type } : reference
}
