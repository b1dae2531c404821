import type { Filter } from './ast.js'

/**
 * The value that the filter requires for an attribute by `eq`, so that every match has it; undefined if it requires
 * none. For a multi-valued attribute at least one of the values equals it.
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
      // `eq false` also matches a boolean that is not stored, because false may be the default (RFC 7643 section 2.4,
      // primary).
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
