import { compareSortKeys, sortKey } from '../../adapter/sort.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { Bench } from '../kit/bench.js'
import { freeText, innerText, single, typedList } from '../kit/choose.js'
import { valueIn } from '../kit/drafts.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'
import { walk } from './page.js'

/**
 * A rule about order: stores resources with different values of one attribute, and sorts them both ways, as a whole and
 * in pages.
 */
function sortRule(
  name: string,
  pick: (subject: Subject) => Attribute | undefined,
  values: readonly unknown[],
  place: (attribute: Attribute, value: unknown) => readonly [Attribute, unknown] = (attribute, value) => [
    attribute,
    value,
  ],
): Rule {
  return {
    name: `sort: ${name}`,
    section: 'filter-and-order',
    applies: (subject) => pick(subject) !== undefined,
    run: async (bench) => {
      const sortBy = pick(bench.subject)
      if (!sortBy) return
      const given = values.filter((value) => value !== undefined || !(sortBy.required || sortBy === bench.subject.mark))
      for (const [number, value] of given.entries()) {
        await bench.me.create(await bench.plain(number, place(sortBy, value)))
      }
      for (const sortOrder of ['ascending', 'descending'] as const)
        await expectSorted(bench, sortBy, sortOrder, given.length)
    },
  }
}

async function expectSorted(
  { me, mine, verify }: Bench,
  sortBy: Attribute,
  sortOrder: 'ascending' | 'descending',
  count: number,
): Promise<void> {
  const { resources, ids, totalResults } = await me.list({ filter: mine(), sortBy, sortOrder })
  const order = `sorted by ${sortBy.path}, ${sortOrder}`
  verify(ids.length === count && totalResults === count, 'list', `gave ${ids.length} of ${count} resources ${order}`)
  const keyOf = sortKey(sortBy)
  const compare = compareSortKeys(sortOrder)
  const nth = (index: number) => valueIn(resources[index] ?? {}, sortBy.parent?.multiValued ? sortBy.parent : sortBy)
  for (let index = 1; index < resources.length; index += 1) {
    const inOrder = compare(keyOf(resources[index - 1] ?? {}), keyOf(resources[index] ?? {})) <= 0
    verify(inOrder, 'list', `gave ${show(nth(index - 1))} before ${show(nth(index))} ${order}`)
  }
  for (const size of [1, 2, 3]) {
    const met = await walk(me, { filter: mine(), sortBy, sortOrder, count: size }, count)
    verify(new Set(met).size === met.length, 'list', `gave a resource on two pages of ${size} ${order}`)
    verify(met.length === count, 'list', `gave ${met.length} of ${count} resources on pages of ${size} ${order}`)
  }
}

/** The complex attribute that contains a sub-attribute, with its value. */
function element({ name, parent }: Attribute, value: unknown): readonly [Attribute, unknown] {
  return [parent as Attribute, value === undefined || parent?.multiValued ? value : { [name]: value }]
}

/** RFC 7644 section 3.4.2.3 */
export const SORT: readonly Rule[] = [
  // Only letters, because the order of other characters depends on the collation.
  sortRule('texts without regard to letter case, those without a value last', (subject) => freeText(subject, false), [
    'dora',
    'Bertha',
    'adam',
    'CAESAR',
    'bertha',
    undefined,
    'Adam',
    undefined,
  ]),
  sortRule('resources with one and the same value, page by page', (subject) => freeText(subject, false), [
    'same',
    'same',
    'same',
    'same',
    'same',
    'same',
  ]),
  sortRule('texts of an extension', (subject) => innerText(subject, 'extension'), [
    'Sales',
    'accounts',
    undefined,
    'Tours',
  ]),
  sortRule(
    'parts of a complex attribute',
    (subject) => innerText(subject, 'parent'),
    ['smith', 'Jensen', undefined, 'adams'],
    element,
  ),
  sortRule('booleans', (subject) => single(subject, 'boolean'), [true, false, undefined, true]),
  sortRule('numbers by their value', (subject) => single(subject, 'integer', 'decimal'), [
    10,
    9,
    -1,
    undefined,
    100,
    0,
  ]),
  sortRule('times by their instant', (subject) => single(subject, 'dateTime'), [
    '2024-05-01T12:00:00+02:00',
    '2024-05-01T11:00:00Z',
    undefined,
    '2024-05-01T09:00:00.5Z',
    '2024-05-01T06:00:00-04:00',
  ]),
  sortRule(
    'lists by their primary value, else by their first',
    (subject) => typedList(subject)?.subAttribute('value'),
    [
      [
        { value: 'a@x.example', type: 'work' },
        { value: 'z@x.example', type: 'home', primary: true },
      ],
      [{ value: 'm@x.example', type: 'work' }],
      undefined,
      [
        { value: 'y@x.example', type: 'work', primary: false },
        { value: 'b@x.example', type: 'home', primary: true },
      ],
    ],
    element,
  ),
]
