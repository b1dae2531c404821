import type { ListQuery } from '../adapter/contract.js'
import type { Filter } from '../filter/ast.js'
import type { Collection, Lookup } from './collection.js'

/** The use of an index for a query. */
export interface Search {
  readonly lookup: Lookup
  readonly value: unknown
  /** Whether all found rows match the filter. */
  readonly exact: boolean
}

/** The index that finds the matches of a query, or some resources among which they are; undefined when none does. */
export function searchFor(collection: Collection, query: ListQuery): Search | undefined {
  return exactSearch(collection, query.filter) ?? narrowSearch(collection, query)
}

/** For a filter that asks for one value of an indexed attribute; undefined for any other filter. */
function exactSearch(collection: Collection, filter: Filter | undefined): Search | undefined {
  if (filter?.kind === 'valuePath') {
    return filter.filter.kind === 'compare' ? exactSearch(collection, filter.filter) : undefined
  }
  if (filter?.kind !== 'compare' || filter.operator !== 'eq' || !filter.value) return undefined
  const lookup = collection.lookup(filter.attribute.path)
  return lookup && { lookup, value: filter.value, exact: true }
}

/** For a filter that asks for one value of an indexed attribute among other things. */
function narrowSearch(collection: Collection, query: ListQuery): Search | undefined {
  if (query.filter === undefined) return undefined
  for (const path of collection.textPaths) {
    const value = query.equals(path)
    const lookup = value ? collection.lookup(path) : undefined
    if (lookup) return { lookup, value, exact: false }
  }
  return undefined
}
