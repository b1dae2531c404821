import type { AttributeChange, Changes } from '../../adapter/contract.js'
import type { InTurns } from '../../in-turns.js'
import { hasProperties } from '../../is-object.js'
import { type Attribute, valueAttribute } from '../../schema/model/attribute.js'
import { isLongList } from '../../schema/reading/read-ahead.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * The values of multi-valued attributes that came and went, from the resource before and after; undefined for a list
 * that the store streams, because its changes are unknown: the router does not read a large group for an event.
 * Attributes that the server computes are left out, as are attributes that no client can read.
 *
 * @param known The changes that the store has returned.
 */
export function* changesBetween(
  { schema }: ResourceType,
  before: object,
  after: object,
  known: Changes = {},
): InTurns<Changes | undefined> {
  const changes: Record<string, AttributeChange> = {}
  for (const top of schema.root.subAttributes) {
    for (const attribute of top.isExtension ? top.subAttributes : [top]) {
      const { path } = attribute
      const isKnown = Object.hasOwn(known, path)
      const change = isKnown ? known[path] : changeOf(attribute, before, after)
      if (!isKnown && (isLongList(listOf(attribute, before)) || isLongList(listOf(attribute, after)))) yield
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
  const [listBefore, listAfter] = [listOf(attribute, before), listOf(attribute, after)]
  if (!Array.isArray(listBefore) || !Array.isArray(listAfter)) return 'unknown'
  // A store that keeps a list as it is returns the same one.
  if (listBefore === listAfter) return undefined
  const keyOf = (one: unknown): string => String(value === attribute ? one : memberOf(one, value.name))
  const was = new Set(listBefore.map(keyOf))
  const is = new Set(listAfter.map(keyOf))
  return { added: missingIn(was, is), removed: missingIn(is, was) }
}

const NO_VALUES: readonly never[] = Object.freeze([])

function listOf({ keys }: Attribute, resource: object): unknown {
  return keys.reduce<unknown>(memberOf, resource) ?? NO_VALUES
}

function missingIn(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  const missing: string[] = []
  for (const key of others) if (!some.has(key)) missing.push(key)
  return missing
}

/** Called for each value of long lists: it looks for itself. */
function memberOf(holder: unknown, key: string): unknown {
  return hasProperties(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}
