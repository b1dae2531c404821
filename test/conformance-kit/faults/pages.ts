import type { Stored } from '../../../src/adapter/contract.js'
import { SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

export const PAGES: readonly Fault[] = [
  withParts(
    'cuts a page twice',
    {
      cut: (rows, query) => {
        const once = SOUND.cut(rows, query)
        return query.pagination === 'index' ? { rows: SOUND.cut(once.rows, query).rows } : once
      },
    },
    'a page has the resources that count and startIndex ask for, and the total of all',
    /gave \d resources for startIndex/,
  ),
  withParts(
    'begins pages at 0',
    {
      cut: (rows, query) =>
        query.pagination === 'index'
          ? SOUND.cut(rows, { ...query, startIndex: query.startIndex + 1 })
          : SOUND.cut(rows, query),
    },
    'a page has the resources that count and startIndex ask for, and the total of all',
    /gave \d of 7 matches for count 100/,
  ),
  withParts(
    'counts the page in place of all matches',
    { count: (_all, page) => page.length },
    'a page has the resources that count and startIndex ask for, and the total of all',
    /gave totalResults \d for startIndex/,
  ),
  withParts(
    'has another order on each page',
    {
      order: (rows, query, view) =>
        query.sort ? SOUND.order(rows, query, view) : rows.sort(() => Math.random() - 0.5),
    },
    'a walk from page to page meets each resource once, with a filter and without',
    /gave a resource on two pages/,
  ),
  withParts(
    'has what was changed last at the end, as a table without an order',
    {
      order: (rows, query, view) =>
        query.sort
          ? SOUND.order(rows, query, view)
          : [...rows].sort((a, b) => a.version - b.version || a.sequence - b.sequence),
    },
    'a walk from page to page meets each resource once while others change them',
    /gave (\d of 7 resources on no page|a resource on two pages) when .* changed meanwhile \(node_modules\/express-scim\/docs\/adapters\.md#page\)/,
  ),
  withParts(
    'has the number of a row for a position',
    {
      cut: (rows, query) => {
        if (query.pagination === 'index') return SOUND.cut(rows, query)
        const from = Number(query.after ?? 0)
        const page = rows.slice(from, from + query.count)
        return { rows: page, ...(from + query.count < rows.length && query.count > 0 && { next: from + query.count }) }
      },
    },
    'a walk by cursor loses and repeats nothing while others create and delete',
    /lost \d resources while others were created and deleted \(node_modules\/express-scim\/docs\/adapters\.md#cursor\)/,
  ),
  withParts(
    'says at the end of a walk that there is more',
    {
      cut: (rows, query) => {
        const cut = SOUND.cut(rows, query)
        const last = cut.rows.at(-1)
        return query.pagination === 'cursor' && last ? { ...cut, next: last.sequence } : cut
      },
    },
    'a page by cursor has count resources, and the last one says so',
    /gave a position behind the last page/,
  ),
  withParts(
    'has a Date for a position',
    {
      cut: (rows, query) => {
        const cut = SOUND.cut(rows, query)
        return cut.next === undefined ? cut : { ...cut, next: new Date(cut.next as number) as never }
      },
    },
    'a walk by cursor meets each resource once, filtered or sorted or neither',
    /gave the position .*, which is no JSON/,
  ),
  wrapped(
    'forgets what it has created until later',
    (sound) => ({
      list: async (query, call) => {
        const page = await sound.list(query, call)
        if (Array.isArray(page)) return page
        const { resources, ...rest } = page as { readonly resources: Iterable<Stored>; readonly totalResults: number }
        const old = [...resources].filter(({ meta }) => Number(meta?.version) > 1)
        return { ...rest, resources: old }
      },
    }),
    'a list shows each write at once',
    /does not find by userName eq/,
  ),
  wrapped(
    'has no answer for a list that is asked for nothing',
    (sound) => ({
      list: (query, call) => (query.count === 0 ? new Promise(() => undefined) : sound.list(query, call)),
    }),
    'a page has the resources that count and startIndex ask for, and the total of all',
    /User\.list gave no answer within \d+ ms \(node_modules\/express-scim\/docs\/adapters\.md#errors\)/,
  ),
  wrapped(
    'gives more than was asked for',
    (sound) => ({ list: (query, call) => sound.list({ ...query, count: query.count + 1 }, call) }),
    'a page has the resources that count and startIndex ask for, and the total of all',
    /User\.list returned \d+ resources for count \d+ \(node_modules\/express-scim\/docs\/adapters\.md#page\)/,
  ),
]
