import { isStorable } from '../../filter/stored-text.js'
import type { PatchOperation } from '../../patch/patch.js'
import { type Attribute, isInList, isResourceReference } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { isUnreadable } from '../../schema/unreadable.js'
import type { StoredType } from '../../tables/documents/stored-type.js'

/** Values that a patch sets without regard to the stored ones. */
export interface Assignments {
  /** Simple attributes by name. */
  readonly set: JsonObject
  /** Names of simple attributes that lose their values. */
  readonly unset: readonly string[]
  /** Simple parts of complex attributes and of extensions, by the name of those. Their other parts stay. */
  readonly within: Readonly<Record<string, JsonObject>>
  /** Paths of all these. */
  readonly paths: ReadonlySet<string>
}

/**
 * The result of operations if each sets or removes a simple attribute, and neither depends on stored values nor
 * can be refused for it. Undefined for all other operations: lists, filters, passwords, attributes that must not change
 * or go, references, dates (of which two texts may be the same time), and attributes with a table of lookups.
 */
export function assignmentsOf(type: StoredType, operations: readonly PatchOperation[]): Assignments | undefined {
  const set = new Map<string, unknown>()
  const unset = new Set<string>()
  const within = new Map<string, JsonObject>()
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

  for (const { op, attribute, filter, subAttribute, value } of operations) {
    if (filter || attribute.isExtension || type.apart.has(attribute.keys[0] ?? '')) return undefined
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
  return { set: Object.fromEntries(set), unset: [...unset], within: Object.fromEntries(within), paths }
}

function partsOf({ type }: Attribute, value: unknown): object {
  return type === 'complex' && typeof value === 'object' && value !== null ? value : {}
}

/** A singular simple attribute that may be written and read, and is the same if its JSON is. */
function isPlain(attribute: Attribute): boolean {
  const { type, mutability } = attribute
  return (
    type !== 'complex' &&
    type !== 'dateTime' &&
    mutability === 'readWrite' &&
    !isInList(attribute) &&
    !isUnreadable(attribute)
  )
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
