import type { Filter } from './ast.js'
import { visitFilter } from './visit.js'

/** A filter in two parts. A match satisfies both. */
export interface SplitFilter {
  /** The part whose nodes are all supported; undefined if there is none. */
  readonly supported: Filter | undefined
  /** The rest of the filter; undefined if there is none. */
  readonly rest: Filter | undefined
}

/**
 * Splits a filter into a part for the store and a rest. Only filters joined by `and` are split, because every match
 * satisfies each of them: the supported part alone excludes no match, and both parts together have the same meaning as
 * the filter.
 *
 * @param supported Called for every node of a part. It is not called for the `and` that joins the parts.
 *
 * @example
 * ```ts
 * import { type Filter, splitFilter } from 'express-scim'
 *
 * const columns = new Map([['userName', 'user_name'], ['active', 'active']])
 * const split = (filter: Filter) =>
 *   splitFilter(filter, (node) => node.kind === 'compare' && node.operator === 'eq' && columns.has(node.attribute.path))
 * // userName eq "a" and title co "b": supported is userName eq "a", rest is title co "b"
 * ```
 */
export function splitFilter(filter: Filter, supported: (node: Filter) => boolean): SplitFilter {
  const parts: Filter[] = []
  collectParts(filter, parts)
  const isSupported = (part: Filter): boolean => {
    let all = true
    visitFilter(part, (node) => {
      all &&= supported(node)
      return all
    })
    return all
  }
  const yes: Filter[] = []
  const no: Filter[] = []
  for (const part of parts) (isSupported(part) ? yes : no).push(part)
  if (no.length === 0) return { supported: filter, rest: undefined }
  if (yes.length === 0) return { supported: undefined, rest: filter }
  return { supported: join(yes), rest: join(no) }
}

function collectParts(filter: Filter, parts: Filter[]): void {
  if (filter.kind !== 'and') parts.push(filter)
  else for (const each of filter.filters) collectParts(each, parts)
}

function join(filters: readonly Filter[]): Filter {
  const [first] = filters
  return first && filters.length === 1 ? first : Object.freeze({ kind: 'and', filters: Object.freeze(filters) })
}
