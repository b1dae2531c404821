import type { Changes, Patch } from '../../adapter/contract.js'
import { identityOf } from '../../patch/identity.js'
import type { Delta } from '../../patch/patch.js'
import type { Attribute } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { unreadableAttributes, withoutUnreadable } from '../../schema/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * The values that singular attributes have after a patch, whatever was stored: null where one has no value. Undefined if one of
 * them depends on what was stored, or if there are none that a client can read.
 */
export function setByPatch({ schema }: ResourceType, { set }: Patch): JsonObject | undefined {
  if (set === undefined) return undefined
  const readable = withoutUnreadable(set, unreadableAttributes(schema))
  const entries = Object.entries(readable).map(([name, value]) => [name, value ?? null] as const)
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

/**
 * What came and went by a patch that has changed something, of which the store tells no more. It is certain if the patch does
 * nothing but add or remove one reference; undefined otherwise.
 */
export function changesByPatch({ references }: ResourceType, patch: Patch): Changes | undefined {
  const attribute = patch.attributes.size === 1 ? references.find(({ name }) => patch.attributes.has(name)) : undefined
  const delta = attribute && patch.delta(attribute.name as never)
  if (attribute === undefined || delta === undefined || delta.clear) return undefined
  const added = delta.add.map(({ value }) => value)
  const isCertain = added.length + delta.remove.length === 1 && !changesPresent(attribute, delta)
  return isCertain ? { [attribute.path]: { added, removed: delta.remove } } : undefined
}

/** Whether what is added may change a value that is there, such as its "display". */
function changesPresent(attribute: Attribute, { add }: Delta): boolean {
  return add.some((value) => identityOf(attribute).changeable.some(({ name }) => Object.hasOwn(value, name)))
}
