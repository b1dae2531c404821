import type { Filter } from './ast.js'

/**
 * The value that every match of a filter has in an attribute, because the filter demands it with `eq`; undefined if it
 * demands none. Of a multi-valued attribute at least one value is meant.
 *
 * @param path As in {@link Attribute.path}, in any letter case: `userName`, `emails.value`.
 */
export function equalsIn(filter: Filter | undefined, path: string): string | undefined {
  return filter && findEqual(filter, path.toLowerCase())
}

function findEqual(filter: Filter, path: string): string | undefined {
  switch (filter.kind) {
    case 'compare': {
      const { attribute, operator, value } = filter
      // A boolean may be false by default, with nothing stored (RFC 7643 section 2.4, primary).
      if (operator !== 'eq' || value === null || value === false) return undefined
      return attribute.path.toLowerCase() === path ? String(value) : undefined
    }
    case 'valuePath':
      return findEqual(filter.filter, path)
    case 'and':
      for (const each of filter.filters) {
        const found = findEqual(each, path)
        if (found !== undefined) return found
      }
      return undefined
    default:
      return undefined
  }
}
