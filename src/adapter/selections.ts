import type { Filter } from '../filter/ast.js'
import { visitFilter } from '../filter/visit.js'
import type { Selection, Sort } from './contract.js'

/** A selection of attributes that the client did not name and that are all in the response. */
export function selectionOf(has: Selection['has']): Selection {
  return { has, shows: has, names: () => false }
}

/** All attributes. */
export const EVERYTHING: Selection = selectionOf(() => true)

/** No attribute: the store need not read any. */
export const NOTHING: Selection = selectionOf(() => false)

/** `meta` alone: the version and the times. */
export const META: Selection = selectionOf((attribute) => attribute === 'meta')

interface FilterAndOrder {
  readonly filter?: Filter | undefined
  readonly sort?: Sort | undefined
}

/**
 * The attributes that an adapter must read: those of the answer, and for candidates also those of filter and order, for
 * the router to find.
 */
export function selectionFor(shown: Selection, query: FilterAndOrder): Selection {
  if (query.filter === undefined && query.sort === undefined) return shown
  const named = attributesNamedBy(query)
  return {
    has: (attribute) => named.has(attribute) || shown.has(attribute),
    shows: (attribute) => shown.has(attribute),
    names: (attribute) => named.has(attribute) || shown.names(attribute),
  }
}

/** The top-level attributes that the filter and the order of a query name. */
export function attributesNamedBy({ filter, sort }: FilterAndOrder): ReadonlySet<string> {
  const named = new Set(sort?.attribute.keys.slice(0, 1))
  if (filter) {
    visitFilter(filter, (node) => {
      if ('attribute' in node) named.add(node.attribute.keys[0] ?? '')
    })
  }
  return named
}
