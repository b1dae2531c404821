import type { CompareFilter, Filter, PresentFilter, ValuePathFilter } from './ast.js'

/** The leaves of a filter: a comparison, a presence test, or a value path. */
export type FilterTerm = CompareFilter | PresentFilter | ValuePathFilter

/**
 * Replaces the leaves of a filter, and simplifies the tree where a replacement is `true` or `false`. If a value path is
 * returned unchanged, the leaves between its brackets are replaced. Returns the same tree if nothing is replaced.
 */
export function mapFilter(filter: Filter, replace: (term: FilterTerm) => Filter | boolean): Filter | boolean {
  switch (filter.kind) {
    case 'compare':
    case 'present':
      return replace(filter)
    case 'not': {
      const inner = mapFilter(filter.filter, replace)
      if (typeof inner === 'boolean') return !inner
      return inner === filter.filter ? filter : Object.freeze({ kind: 'not', filter: inner })
    }
    case 'valuePath': {
      const whole = replace(filter)
      if (whole !== filter) return whole
      const inner = mapFilter(filter.filter, replace)
      if (inner === filter.filter) return filter
      if (inner === false) return false
      const { attribute } = filter
      // The condition holds for every value, so only the existence of a value remains to be tested.
      return inner === true
        ? Object.freeze({ kind: 'present', attribute })
        : Object.freeze({ kind: 'valuePath', attribute, filter: inner })
    }
    default:
      return mapLogical(filter, replace)
  }
}

function mapLogical(
  filter: Extract<Filter, { kind: 'and' | 'or' }>,
  replace: (term: FilterTerm) => Filter | boolean,
): Filter | boolean {
  const decisive = filter.kind === 'or'
  const mapped = filter.filters.map((each) => mapFilter(each, replace))
  if (mapped.every((each, index) => each === filter.filters[index])) return filter
  if (mapped.includes(decisive)) return decisive
  const filters = mapped.filter((each) => typeof each !== 'boolean')
  if (filters.length < 2) return filters[0] ?? !decisive
  return Object.freeze({ kind: filter.kind, filters: Object.freeze(filters) })
}
