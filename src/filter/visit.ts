import type { Attribute } from '../schema/model/attribute.js'
import type { Filter } from './ast.js'

/**
 * Calls `visit` with every node of a filter, parents before children. If `visit` returns false, the children of that
 * node are skipped.
 *
 * @example
 * ```ts
 * import { type ListQuery, visitFilter } from 'express-scim'
 *
 * const attributesIn = ({ filter }: ListQuery): ReadonlySet<string> => {
 *   const paths = new Set<string>()
 *   if (filter) {
 *     visitFilter(filter, (node) => {
 *       if ('attribute' in node) paths.add(node.attribute.path)
 *     })
 *   }
 *   return paths
 * }
 * ```
 */
export function visitFilter<Of = Attribute>(
  filter: Filter<Of>,
  // biome-ignore lint/suspicious/noConfusingVoidType: most callbacks return nothing.
  visit: (node: Filter<Of>) => boolean | void,
): void {
  if (visit(filter) === false) return
  if ('filter' in filter) visitFilter(filter.filter, visit)
  if ('filters' in filter) for (const each of filter.filters) visitFilter(each, visit)
}
