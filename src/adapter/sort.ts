import { hasProperties } from '../is-object.js'
import type { Attribute } from '../schema/model/attribute.js'
import { type ComparisonKey, compareKeys, comparisonKey } from '../schema/values/compare.js'
import { isPrimary, ownProperty } from '../schema/values/values.js'
import type { Sort } from './contract.js'

/** The value that a resource is sorted by; undefined if it has none. */
export type SortKey = ComparisonKey | undefined

/** Compiles a function that returns the sort value of a resource, in the form of JSON or of a store. */
export function sortKey(attribute: Attribute): (resource: object) => SortKey {
  const { keys } = attribute
  const toKey = comparisonKey(attribute)
  return (resource) => {
    let value: unknown = resource
    for (const key of keys) value = propertyOf(value, key)
    return toKey(preferred(value))
  }
}

/** Compiles the order of two sort keys. */
export function compareSortKeys(order: Sort['order']): (a: SortKey, b: SortKey) => number {
  return order === 'ascending' ? compareAscending : (a, b) => compareAscending(b, a)
}

// RFC 7644 section 3.4.2.3: "if there's no data for the specified "sortBy" value, they are sorted via the "sortOrder"
// parameter, i.e., they are ordered last if ascending and first if descending."
function compareAscending(a: SortKey, b: SortKey): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  return compareKeys(a, b)
}

function propertyOf(holder: unknown, key: string): unknown {
  const object = preferred(holder)
  return hasProperties(object) ? ownProperty(object, key) : undefined
}

// RFC 7644 section 3.4.2.3: "if it's a multi-valued attribute, resources are sorted by the value of the primary
// attribute (see Section 2.4 of [RFC7643]), if any, or else the first value in the list, if any."
function preferred(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.find(isPrimary) ?? value[0]
}
