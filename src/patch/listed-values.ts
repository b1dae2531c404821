import { isObject } from '../is-object.js'
import { type Attribute, valueAttribute } from '../schema/attribute.js'
import { ownProperty } from '../schema/values.js'
import { identityOf, subKey } from './identity.js'
import { isAssigned } from './same.js'

/** A condition on the values of a list. */
export interface Choice {
  readonly meets: (value: unknown) => boolean
  /** How often it looks at each value. */
  readonly looks: number
}

/**
 * Whether a stored value is among those that a remove lists (decision A-97): it is told by `value` alone where an entry has
 * one, else by every sub-attribute that the entry has.
 */
export function listedValues(attribute: Attribute, entries: readonly unknown[]): Choice {
  if (attribute.type !== 'complex') {
    const { keyOf } = identityOf(attribute)
    const keys = new Set(entries.map(keyOf))
    return { meets: (value) => keys.has(keyOf(value)), looks: 1 }
  }
  // One set of keys for each choice of sub-attributes, so that the length of the list does not matter.
  const groups = new Map<string, { keyOf: (value: unknown) => string; keys: Set<string> }>()
  for (const entry of entries) {
    const given = tellingParts(attribute, entry)
    const name = given.map((sub) => sub.name).join(' ')
    const group = groups.get(name) ?? { keyOf: subKey(given), keys: new Set<string>() }
    groups.set(name, group)
    // An entry that tells nothing chooses nothing, and never everything.
    if (given.length > 0) group.keys.add(group.keyOf(entry))
  }
  const choices = [...groups.values()]
  return {
    meets: (value) => choices.some(({ keyOf, keys }) => keys.has(keyOf(value))),
    looks: choices.length,
  }
}

function tellingParts(attribute: Attribute, entry: unknown): readonly Attribute[] {
  if (!isObject(entry)) return []
  const value = valueAttribute(attribute)
  if (value && isAssigned(ownProperty(entry, value.name))) return [value]
  return attribute.subAttributes.filter((sub) => isAssigned(ownProperty(entry, sub.name)))
}
