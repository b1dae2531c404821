import type { AttributeChange, Changes } from '../../adapter/contract.js'
import { hasProperties } from '../../is-object.js'
import { type Attribute, valueAttribute } from '../../schema/attribute.js'
import { isUnreadable } from '../../schema/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * The values of multi-valued attributes that came and went, from the resource before and after; undefined for a list
 * that the store streams, because its changes are unknown: the router does not read a large group for an event.
 * Attributes that the server computes are left out, as are attributes that no client can read.
 *
 * @param known The changes that the store has returned.
 */
export function changesBetween(
  { schema }: ResourceType,
  before: object,
  after: object,
  known: Changes = {},
): Changes | undefined {
  const changes: Record<string, AttributeChange> = {}
  for (const top of schema.root.subAttributes) {
    for (const attribute of top.isExtension ? top.subAttributes : [top]) {
      const { path } = attribute
      const change = Object.hasOwn(known, path) ? known[path] : changeOf(attribute, before, after)
      if (change === 'unknown') return undefined
      if (change && (change.added.length > 0 || change.removed.length > 0)) changes[path] = change
    }
  }
  return changes
}

function changeOf(attribute: Attribute, before: object, after: object): AttributeChange | 'unknown' | undefined {
  const { multiValued, mutability, type, path } = attribute
  if (!multiValued || mutability === 'readOnly' || path === 'schemas' || isUnreadable(attribute)) return undefined
  const value = type === 'complex' ? valueAttribute(attribute) : attribute
  // Values are told apart by their "value"; an address has none.
  if (value === undefined) return undefined
  const keyOf = (one: unknown): string => String(value === attribute ? one : memberOf(one, value.name))
  const was = keysIn(before, attribute, keyOf)
  const is = keysIn(after, attribute, keyOf)
  if (was === undefined || is === undefined) return 'unknown'
  const added = [...is].filter((key) => !was.has(key))
  const removed = [...was].filter((key) => !is.has(key))
  return { added, removed }
}

function keysIn(resource: object, { keys }: Attribute, keyOf: (one: unknown) => string): Set<string> | undefined {
  const list = keys.reduce<unknown>(memberOf, resource) ?? []
  return Array.isArray(list) ? new Set(list.map(keyOf)) : undefined
}

function memberOf(holder: unknown, key: string): unknown {
  return hasProperties(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}
