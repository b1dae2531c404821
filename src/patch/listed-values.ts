import { isObject } from '../is-object.js'
import { type Attribute, valueAttribute } from '../schema/model/attribute.js'
import { ownProperty } from '../schema/values/values.js'
import { identityOf, partKey, subKey } from './identity.js'
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
  const value = valueAttribute(attribute)
  const byValue = value && new EntrySet(partKey(value))
  // One set of keys for each combination of sub-attributes, so that the work does not grow with the length of the list.
  const byParts = new Map<string, EntrySet>()
  for (const entry of entries) {
    if (byValue && value && isObject(entry) && isAssigned(ownProperty(entry, value.name))) {
      byValue.add(entry)
      continue
    }
    const given = partsOf(attribute, entry)
    // An entry without any sub-attribute matches no value; it must not match all.
    if (given.length === 0) continue
    const name = given.map((sub) => sub.name).join(' ')
    const listed = byParts.get(name) ?? new EntrySet(subKey(given))
    byParts.set(name, listed)
    listed.add(entry)
  }
  const all = [...(byValue && byValue.size > 0 ? [byValue] : []), ...byParts.values()]
  const [first] = all
  if (all.length === 1 && first) return { meets: (one) => first.has(one), looks: 1 }
  return { meets: (one) => all.some((listed) => listed.has(one)), looks: all.length }
}

/** The entries that are compared by the same sub-attributes. */
class EntrySet {
  readonly #keyOf: (value: unknown) => string
  readonly #keys = new Set<string>()

  constructor(keyOf: (value: unknown) => string) {
    this.#keyOf = keyOf
  }

  get size(): number {
    return this.#keys.size
  }

  add(entry: unknown): void {
    this.#keys.add(this.#keyOf(entry))
  }

  has(value: unknown): boolean {
    return this.#keys.has(this.#keyOf(value))
  }
}

function partsOf(attribute: Attribute, entry: unknown): readonly Attribute[] {
  if (!isObject(entry)) return []
  return attribute.subAttributes.filter((sub) => isAssigned(ownProperty(entry, sub.name)))
}
