import type { Sort } from './contract.js'
import { compareSortKeys, type SortKey } from './sort.js'

/** The position of a resource in the order of a list. */
export interface SortPosition {
  readonly key: SortKey
  readonly id: string
}

/** A resource and its position. */
export interface Entry<T> extends SortPosition {
  readonly resource: T
}

/** The order of a list: by sort value, then by id, so that it is unambiguous (RFC 7644 section 3.4.2.3). */
export function compareEntries(sort: Sort | undefined): (a: SortPosition, b: SortPosition) => number {
  const byKey = sort && compareSortKeys(sort.order)
  return (a, b) => (byKey ? byKey(a.key, b.key) : 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
