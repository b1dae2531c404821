import type { Stored } from '../../../src/adapter/contract.js'
import type { Filter } from '../../../src/filter/ast.js'
import { mapFilter } from '../../../src/filter/map-filter.js'
import type { JsonObject } from '../../../src/schema/model/resource.js'
import { SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

/** A comparison in which % and _ are wildcards, as in SQL. */
function likeSql(filter: Filter): (row: Stored) => boolean {
  const { kind } = filter
  if (kind === 'and') {
    const parts = filter.filters.map(likeSql)
    return (row) => parts.every((part) => part(row))
  }
  if (kind !== 'compare' || filter.operator !== 'co' || filter.attribute.name === 'externalId')
    return SOUND.matches(filter)
  const pattern = new RegExp(
    String(filter.value)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/%/g, '.*')
      .replace(/_/g, '.'),
    'is',
  )
  return (row) => pattern.test(String((row as unknown as JsonObject)[filter.attribute.name] ?? '\n'))
}

const caseSensitive = (filter: Filter): Filter =>
  mapFilter(filter, (leaf) => ({
    ...leaf,
    attribute: { ...leaf.attribute, caseExact: true, precis: undefined },
  })) as Filter

const caseBlind = (filter: Filter): Filter =>
  mapFilter(filter, (leaf) => ({ ...leaf, attribute: { ...leaf.attribute, caseExact: false } })) as Filter

/** Looks at each condition by itself, as a query with one join for each would. */
const acrossElements = (filter: Filter): Filter => {
  if (filter.kind === 'valuePath') return acrossElements(filter.filter)
  if (filter.kind === 'and' || filter.kind === 'or') return { ...filter, filters: filter.filters.map(acrossElements) }
  return filter.kind === 'not' ? { ...filter, filter: acrossElements(filter.filter) } : filter
}

export const FILTERS: readonly Fault[] = [
  withParts(
    'compares an absent external id as SQL compares null',
    {
      matches: (filter) => {
        const usesNull = (leaf: Filter): boolean =>
          leaf.kind === 'compare' && leaf.operator === 'ne' && leaf.attribute.name === 'externalId'
        const parts = filter.kind === 'and' ? filter.filters : [filter]
        return (row) => SOUND.matches(filter)(row) && (row.externalId !== undefined || !parts.some(usesNull))
      },
    },
    'filter: a resource without externalId',
    /list gave \[\] and totalResults 0 for the filter id eq "[-\w]+" and externalId ne "a"/,
  ),
  withParts(
    'has another order of equal values on each page',
    {
      order: (rows, query, view) =>
        query.sort
          ? SOUND.order(rows, { ...query, sort: undefined }, view).sort(() => Math.random() - 0.5)
          : SOUND.order(rows, query, view),
    },
    'sort: resources with one and the same value, page by page',
    /gave a resource on two pages of \d sorted by/,
  ),
  withParts(
    'compares texts letter by letter',
    { matches: (filter) => SOUND.matches(caseSensitive(filter)) },
    'filter: texts without regard to letter case',
    /list does not find "Alpha" by the filter displayName eq "alpha" \(node_modules\/express-scim\/docs\/adapters\.md#filter-and-order\)/,
  ),
  withParts(
    'compares ids and external ids without regard to letter case',
    { matches: (filter) => SOUND.matches(caseBlind(filter)) },
    'filter: a unique value finds only its resource',
    /in other letter case, though it is caseExact/,
  ),
  withParts(
    'takes % and _ for placeholders',
    { matches: likeSql },
    'filter: texts without regard to letter case',
    /by the filter displayName co "[_%]"/,
  ),
  withParts(
    'looks for the parts of a value filter in different values',
    { matches: (filter) => SOUND.matches(acrossElements(filter)) },
    'filter: values of one element, and of several',
    /list finds .* by the filter emails\[type eq "work" and value eq/,
  ),
  withParts(
    'has resources without a value first',
    {
      order: (rows, query, view) => {
        const { sort } = query
        if (!sort) return SOUND.order(rows, query, view)
        const hasValue = (row: (typeof rows)[number]): number =>
          (view(row) as unknown as JsonObject)[sort.attribute.keys[0] ?? ''] === undefined ? 0 : 1
        return SOUND.order(rows, query, view).sort((a, b) => hasValue(a) - hasValue(b))
      },
    },
    'sort: texts without regard to letter case, those without a value last',
    /list gave nothing before .* ascending/,
  ),
  wrapped(
    'gives candidates by userName, letter by letter',
    (sound) => ({
      list: async (query, call) => {
        const name = query.equals('userName')
        const all = (await sound.list(
          { ...query, filter: undefined, pagination: 'index', startIndex: 1, count: 10_000 } as never,
          call,
        )) as {
          readonly resources: Iterable<Stored>
        }
        return [...all.resources].filter(
          (row) => name === undefined || (row as unknown as JsonObject)['userName'] === name,
        )
      },
    }),
    'filter: a unique value finds only its resource',
    /gave \[\] and totalResults 0 for the filter userName eq/,
  ),
]
