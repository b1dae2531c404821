import { isStorable } from '../../filter/stored-text.js'
import type { PatchOperation } from '../../patch/patch.js'
import { type Attribute, isInList, isResourceReference } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { comparisonKey } from '../../schema/values/compare.js'
import type { StoredType } from '../../tables/documents/stored-type.js'
import { type Choice, choiceOf } from './chosen-values.js'

/** So many choices one statement makes: each makes its text longer, and each combination is another statement. */
const MOST_CHOICES = 4

/** Values that a patch sets without regard to the stored ones. */
export interface Assignments {
  /** Simple attributes by name. */
  readonly set: JsonObject
  /** Names of simple attributes that lose their values. */
  readonly unset: readonly string[]
  /** Simple parts of complex attributes and of extensions, by the name of those. Their other parts stay. */
  readonly within: Readonly<Record<string, JsonObject>>
  /** Simple parts of the values of lists that conditions choose. Each choice must find exactly one value. */
  readonly chosen: readonly ChosenParts[]
  /** Paths of all these. */
  readonly paths: ReadonlySet<string>
}

/** The parts that chosen values of a list get. Their other parts stay. */
export interface ChosenParts {
  readonly choice: Choice
  readonly parts: JsonObject
}

/**
 * The result of operations if each sets or removes a simple attribute, and neither depends on stored values nor
 * can be refused for it. Undefined for all other operations: whole lists, passwords, attributes that must not change
 * or go, references, dates (of which two texts may be the same time), and attributes with a table of lookups.
 *
 * An operation may choose values of a list, by a condition that no operation of the patch has an effect on.
 */
export function assignmentsOf(type: StoredType, operations: readonly PatchOperation[]): Assignments | undefined {
  const set = new Map<string, unknown>()
  const unset = new Set<string>()
  const within = new Map<string, JsonObject>()
  const chosen: ChosenParts[] = []
  const paths = new Set<string>()
  const lookedUp = new Set(type.lookups.map(({ attribute }) => attribute.path))

  const assign = (attribute: Attribute, holder: Attribute | undefined, value: unknown): boolean => {
    if (!isPlain(attribute) || lookedUp.has(attribute.path)) return false
    paths.add(attribute.path)
    const { name } = attribute
    if (holder) {
      if (!isHolder(holder) || !isValue(value)) return false
      within.set(holder.name, { ...within.get(holder.name), [name]: value })
      return true
    }
    if (value === undefined || value === null) {
      set.delete(name)
      unset.add(name)
      return !attribute.required
    }
    unset.delete(name)
    set.set(name, value)
    return isValue(value)
  }

  const choose = (operation: PatchOperation): boolean => {
    const { op, subAttribute: sub, value } = operation
    const choice = op === 'remove' ? undefined : choiceOf(type, operation)
    if (!choice || !sub || !isPlainPart(sub) || !isValue(value)) return false
    // A part without a key would leave the key of the old one.
    if (lookedUp.has(sub.path) || !type.documentPaths.has(sub.path) || comparisonKey(sub)(value) === undefined)
      return false
    paths.add(sub.path)
    const last = chosen.at(-1)
    if (last && isSameChoice(last.choice, choice)) {
      chosen[chosen.length - 1] = { choice, parts: { ...last.parts, [sub.name]: value } }
    } else chosen.push({ choice, parts: { [sub.name]: value } })
    return chosen.length <= MOST_CHOICES
  }

  for (const operation of operations) {
    const { op, attribute, filter, subAttribute, value } = operation
    if (filter) {
      if (!choose(operation)) return undefined
      continue
    }
    if (attribute.isExtension || type.apart.has(attribute.keys[0] ?? '')) return undefined
    if (op === 'remove' && (value !== undefined || subAttribute)) return undefined
    const parts = subAttribute ? [[subAttribute.name, value] as const] : Object.entries(partsOf(attribute, value))
    if (attribute.type !== 'complex') {
      if (!assign(attribute, attribute.extension, value)) return undefined
    } else if (attribute.extension || parts.length === 0) return undefined
    else {
      for (const [name, part] of parts) {
        const sub = attribute.subAttribute(name)
        if (!sub || sub.name === 'primary' || !assign(sub, attribute, part)) return undefined
      }
    }
  }
  // A later choice must find the values that the first one would have found.
  if (chosen.some(({ choice }) => paths.has(choice.compared.path))) return undefined
  return { set: Object.fromEntries(set), unset: [...unset], within: Object.fromEntries(within), chosen, paths }
}

function isSameChoice(one: Choice, other: Choice): boolean {
  return one.compared === other.compared && one.text === other.text
}

function partsOf({ type }: Attribute, value: unknown): object {
  return type === 'complex' && typeof value === 'object' && value !== null ? value : {}
}

/** A singular simple attribute that may be written and read, and is the same if its JSON is. */
function isPlain(attribute: Attribute): boolean {
  return isSimple(attribute) && !isInList(attribute)
}

function isSimple(attribute: Attribute): boolean {
  const { type, mutability } = attribute
  return type !== 'complex' && type !== 'dateTime' && mutability === 'readWrite' && !isUnreadable(attribute)
}

/** A part of a value of a list. Of several values one at most is primary, so `primary` is not such a part. */
function isPlainPart(sub: Attribute): boolean {
  return isSimple(sub) && !sub.multiValued && sub.name !== 'primary'
}

/** A complex attribute or extension of which a part may be set, whether it has a value or not. */
function isHolder(holder: Attribute): boolean {
  return (
    !isUnreadable(holder) &&
    holder.mutability === 'readWrite' &&
    !holder.required &&
    !holder.multiValued &&
    !isResourceReference(holder) &&
    holder.subAttributes.every(({ required }) => !required)
  )
}

function isValue(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value)
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
