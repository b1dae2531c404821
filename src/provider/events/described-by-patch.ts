import type { Changes, Patch } from '../../adapter/contract.js'
import { identityOf } from '../../patch/identity.js'
import type { Delta } from '../../patch/patch.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { unreadableAttributes, withoutUnreadable } from '../../schema/resources/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * The values of singular attributes after a patch if they do not depend on the stored values: null for an attribute
 * without value. Undefined if one of them depends on a stored value, or if no client can read any of them.
 */
export function setByPatch({ schema }: ResourceType, { set }: Patch): JsonObject | undefined {
  if (set === undefined) return undefined
  const readable = withoutUnreadable(set, unreadableAttributes(schema))
  const entries = Object.entries(readable).map(([name, value]) => [name, value ?? null] as const)
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

/**
 * The values that a patch added and removed, if the store says only that the resource changed. They are certain if the
 * patch does nothing but add or remove one reference; undefined otherwise.
 */
export function changesByPatch({ references }: ResourceType, patch: Patch): Changes | undefined {
  const attribute = patch.attributes.size === 1 ? references.find(({ name }) => patch.attributes.has(name)) : undefined
  const delta = attribute && patch.delta(attribute.name)
  if (attribute === undefined || delta === undefined || delta.clear) return undefined
  const added = delta.add.map(({ value }) => value)
  const isCertain = added.length + delta.remove.length === 1 && !changesPresent(attribute, delta)
  return isCertain ? { [attribute.path]: { added, removed: delta.remove } } : undefined
}

/** Whether an added value may change a stored value, such as its "display". */
function changesPresent(attribute: Attribute, { add }: Delta): boolean {
  return add.some((value) => identityOf(attribute).changeable.some(({ name }) => Object.hasOwn(value, name)))
}
