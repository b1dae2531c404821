import type { AttributeChange } from '../../adapter/contract.js'
import { type Attribute, valueAttribute } from '../../schema/attribute.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * The values of multi-valued attributes that came and went, from the resource before and after. Attributes that the
 * server computes are left out, and those that a store yields bit by bit: nobody reads a large group for an event.
 */
export function changesBetween(
  { schema }: ResourceType,
  before: object,
  after: object,
): Readonly<Record<string, AttributeChange>> {
  const changes: Record<string, AttributeChange> = {}
  for (const top of schema.root.subAttributes) {
    for (const attribute of top.isExtension ? top.subAttributes : [top]) {
      const change = changeOf(attribute, before, after)
      if (change) changes[attribute.path] = change
    }
  }
  return changes
}

function changeOf(attribute: Attribute, before: object, after: object): AttributeChange | undefined {
  const { multiValued, mutability, type, path } = attribute
  if (!multiValued || mutability === 'readOnly' || path === 'schemas') return undefined
  const value = type === 'complex' ? valueAttribute(attribute) : attribute
  // Values are told apart by their "value"; an address has none.
  if (value === undefined) return undefined
  const keyOf = (one: unknown): string => String(value === attribute ? one : memberOf(one, value.name))
  const was = keysIn(before, attribute, keyOf)
  const is = keysIn(after, attribute, keyOf)
  if (was === undefined || is === undefined) return undefined
  const added = [...is].filter((key) => !was.has(key))
  const removed = [...was].filter((key) => !is.has(key))
  return added.length > 0 || removed.length > 0 ? { added, removed } : undefined
}

function keysIn(resource: object, { keys }: Attribute, keyOf: (one: unknown) => string): Set<string> | undefined {
  const list = keys.reduce<unknown>(memberOf, resource) ?? []
  return Array.isArray(list) ? new Set(list.map(keyOf)) : undefined
}

function memberOf(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined
}
