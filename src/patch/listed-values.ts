import { isObject } from '../is-object.js'
import { type Attribute, valueAttribute } from '../schema/attribute.js'
import { ownProperty } from '../schema/values.js'
import { identityOf, subKey } from './identity.js'
import { isAssigned } from './same.js'

/** A condition on the values of a list. */
export interface Choice {
  readonly meets: (value: unknown) => boolean
  /** How many conditions test each value. */
  readonly looks: number
}

/**
 * Whether a stored value is in the list of a remove (decision A-97). An entry with a `value` is compared by `value`
 * alone, any other entry by all of its sub-attributes.
 */
export function listedValues(attribute: Attribute, entries: readonly unknown[]): Choice {
  if (attribute.type !== 'complex') {
    const { keyOf } = identityOf(attribute)
    const keys = new Set(entries.map(keyOf))
    return { meets: (value) => keys.has(keyOf(value)), looks: 1 }
  }
  // One set of keys for each combination of sub-attributes, so that the work does not grow with the length of the list.
  const groups = new Map<string, { keyOf: (value: unknown) => string; keys: Set<string> }>()
  for (const entry of entries) {
    const given = tellingParts(attribute, entry)
    const name = given.map((sub) => sub.name).join(' ')
    const group = groups.get(name) ?? { keyOf: subKey(given), keys: new Set<string>() }
    groups.set(name, group)
    // An entry without any sub-attribute matches no value; it must not match all.
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
