import type { Filter } from './ast.js'

/** The parts that every match satisfies: the filters joined by `and`, or the filter itself. */
export function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.filters.flatMap(conjuncts) : [filter]
}

/** Joins filters by `and`; undefined if there is none. */
export function joinedByAnd(filters: readonly Filter[]): Filter | undefined {
  return filters.length < 2 ? filters[0] : { kind: 'and', filters }
}
