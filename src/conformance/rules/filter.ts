import { toPredicate } from '../../filter/evaluate.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { firstReferenceList } from '../kit/bench.js'
import { freeText, innerText, simpleList, single, typedList, uniqueTexts } from '../kit/choose.js'
import { textIn } from '../kit/drafts.js'
import { boundFilter } from '../kit/query.js'
import { refusalOf } from '../kit/refusal.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'
import { compareWithReference, each, filterRule, quote } from './filter-rule.js'

const LOOSE = ['Alpha', 'alphabet', 'BETA', 'be_ta', 'be%ta', 'be\\ta', "o'Brien", 'say "hi"', '10 %', undefined]
const LOOKED_FOR = ['alpha', 'ALPHA', 'BeTa', 'be_ta', 'be%ta', 'BE\\TA', "O'BRIEN", 'say "hi"', 'nobody']
const PARTS = ['a', 'PHA', '_', '%', '\\', "'", '"', 'b', 'ta', ' ']

const loose = (subject: Subject) => freeText(subject, false)
const exact = (subject: Subject) => {
  const found = freeText(subject, true)
  return found === subject.mark ? undefined : found
}

export const FILTER: readonly Rule[] = [
  filterRule(
    'texts without regard to letter case',
    loose,
    () => LOOSE,
    (path) => [
      ...each(path, 'eq ne', LOOKED_FOR),
      ...each(path, 'co sw ew', [...PARTS, 'alpha', 'BETA']),
      `${path} pr`,
      `not (${path} pr)`,
    ],
  ),
  filterRule(
    'letters beyond ASCII without regard to letter case',
    loose,
    () => ['Élan', 'élan', 'elan', 'ÄPFEL'],
    (path) => [...each(path, 'eq co sw', ['ÉLAN', 'élan', 'äpfel', 'apfel'])],
  ),
  filterRule(
    'texts in their order',
    loose,
    () => ['adam', 'Bertha', 'CAESAR', 'dora', undefined],
    (path) => each(path, 'gt ge lt le', ['bertha', 'Caesar', 'a', 'Z']),
  ),
  filterRule(
    'texts with regard to letter case where the attribute is caseExact',
    exact,
    () => ['Alpha', 'alpha', 'ALPHA', 'be_ta', 'BETA', undefined],
    (path) => [...each(path, 'eq ne co sw ew', ['Alpha', 'alpha', 'ALPHA', 'be_ta', 'ph', 'PH']), `${path} pr`],
  ),
  filterRule(
    'not, and, or',
    loose,
    () => ['a', 'b', 'ab', undefined],
    (path) => [
      `not (${path} eq "a")`,
      `not (${path} eq "a" or ${path} eq "b")`,
      `${path} eq "a" or ${path} eq "b"`,
      `${path} sw "a" and ${path} ew "b"`,
      `${path} eq "b" or ${path} sw "a" and ${path} ew "b"`,
      `(${path} eq "b" or ${path} sw "a") and ${path} ew "b"`,
      `not (${path} sw "a") and not (${path} ew "b")`,
      `not (not (${path} eq "a"))`,
      `${path} eq null`,
      `${path} ne null`,
      `not (${path} ne "a")`,
    ],
  ),
  filterRule(
    'a text of an extension',
    (subject) => innerText(subject, 'extension'),
    () => ['Tour', 'tour guide', 'Sales', undefined],
    (path) => [...each(path, 'eq ne co sw', ['TOUR', 'sales']), `${path} pr`, `not (${path} eq "tour")`],
  ),
  filterRule(
    'a part of a complex attribute',
    (subject) => innerText(subject, 'parent'),
    () => ['Jensen', 'jensens', 'Smith', undefined],
    (path) => [...each(path, 'eq ne co sw', ['JENSEN', 'smith']), `${path} pr`, `not (${path} pr)`],
  ),
  filterRule(
    'booleans',
    (subject) => single(subject, 'boolean'),
    () => [true, false, undefined],
    (path) => [
      ...each(path, 'eq ne', [true, false]),
      `${path} pr`,
      `not (${path} eq true)`,
      `not (${path} eq false)`,
      `${path} eq null`,
    ],
  ),
  filterRule(
    'numbers by their value',
    (subject) => single(subject, 'integer', 'decimal'),
    () => [-2, 0, 9, 10, 100, undefined],
    (path) => [...each(path, 'eq ne gt ge lt le', [-2, 0, 9, 10, 50]), `${path} pr`],
  ),
  filterRule(
    'times by their instant',
    (subject) => single(subject, 'dateTime'),
    () => TIMES,
    (path) => [
      ...each(path, 'eq ne gt ge lt le', [
        '2024-05-01T10:00:00Z',
        '2024-05-01T12:00:00+02:00',
        '2024-05-01T10:00:00.500Z',
      ]),
      `${path} pr`,
    ],
  ),
  filterRule(
    'values of one element, and of several',
    typedList,
    () => TYPED,
    (path) => [
      `${path}[type eq "work" and value eq "a@x.example"]`,
      `${path}.type eq "work" and ${path}.value eq "a@x.example"`,
      `${path}[type eq "work" and not (value eq "a@x.example")]`,
      `not (${path}[type eq "work"])`,
      `${path}[type eq "home" or value sw "a"]`,
      `${path}.value co "B@X"`,
      `${path}.value eq "B@x.example"`,
      `${path}.value ne "a@x.example"`,
      `not (${path}.value eq "a@x.example")`,
      `${path}.type eq "work"`,
      `${path} pr`,
      `not (${path} pr)`,
      `${path}.type pr`,
    ],
  ),
  filterRule(
    'primary is false unless it is said to be true',
    primaryOf,
    () => PRIMARY,
    (path) => [
      `${path.replace(/\.primary$/, '')}[primary eq true]`,
      `${path.replace(/\.primary$/, '')}[primary eq false]`,
      `${path} eq true`,
      `${path} eq false`,
    ],
  ),
  filterRule(
    'lists of simple values',
    simpleList,
    (_bench, { type }) => (type === 'string' ? WORDS : NUMBERS),
    (path, values) => {
      const some = values.flat().filter((value) => value !== undefined)
      return [...each(path, 'eq ne', some), `${path} pr`, `not (${path} eq ${quote(some[0])})`, `not (${path} pr)`]
    },
  ),
  {
    name: 'filter: the resources that refer to another one',
    section: 'filter-and-order',
    applies: (subject) => firstReferenceList(subject) !== undefined,
    run: async (bench) => {
      const attribute = firstReferenceList(bench.subject)
      if (!attribute) return
      const ids = await bench.targets(attribute, 3)
      const [a, b, c] = ids.map((value) => ({ value }))
      const path = attribute.path
      const type = attribute.subAttribute('type')
      await compareWithReference(
        bench,
        attribute,
        [[a], [a, b], [b, c], undefined],
        [
          ...ids.flatMap((id) => [`${path}.value eq ${quote(id)}`, `${path}[value eq ${quote(id)}]`]),
          `not (${path}.value eq ${quote(ids[0])})`,
          `${path}.value eq ${quote(ids[0])} and ${path}.value eq ${quote(ids[1])}`,
          `${path}[value eq ${quote(ids[0])} and value eq ${quote(ids[1])}]`,
          `${path} pr`,
          `${path}.value eq "nobody"`,
          ...(type && bench.subject.isKept(type)
            ? each(`${path}.type`, 'eq ne', ['User', 'Group']).concat(
                `${path}[type eq "User" and value eq ${quote(ids[0])}]`,
              )
            : []),
        ],
      )
    },
  },
  {
    name: 'filter: a unique value finds only its resource',
    section: 'filter-and-order',
    run: async (bench) => {
      const { subject, me, full, verify } = bench
      const draft = await full(1)
      const id = String((await me.create(draft)).id)
      await me.create(await full(2))
      const marks = [...new Set([subject.mark, ...uniqueTexts(subject)])]
      const filters = [`id eq ${quote(id)}`]
      for (const { path, caseExact, keys } of marks) {
        const value = textIn(draft, { keys })
        filters.push(`${path} eq ${quote(value)}`)
        if (!caseExact)
          filters.push(`${path} eq ${quote(value.toUpperCase())}`, `${path} eq ${quote(value.toLowerCase())}`)
      }
      for (const filter of filters) {
        for (const count of [1, 2, 100]) {
          const { ids, totalResults } = await me.list({ filter, count })
          const told = `gave ${show(ids)} and totalResults ${totalResults} for the filter ${filter} and count ${count}`
          verify(ids.length === 1 && ids[0] === id && totalResults === 1, 'list', told)
        }
        const { totalResults } = await me.list({ filter, count: 0 })
        verify(totalResults === 1, 'list', `gave totalResults ${totalResults} for the filter ${filter} and count 0`)
      }
      for (const { path, caseExact, keys } of marks) {
        const other = textIn(draft, { keys }).toUpperCase()
        if (!caseExact || other === textIn(draft, { keys })) continue
        const { ids } = await me.list({ filter: `${path} eq ${quote(other)}` })
        verify(
          ids.length === 0,
          'list',
          `finds by ${path} ${quote(other)} in other letter case, though it is caseExact`,
        )
      }
      const nothing = await me.list({ filter: `${subject.mark.path} eq "no such value, ever"` })
      verify(
        nothing.totalResults === 0 && nothing.ids.length === 0,
        'list',
        `finds what is not there: ${show(nothing.ids)}`,
      )
    },
  },
  {
    name: 'filter: a resource without externalId',
    section: 'filter-and-order',
    // The checks find their resources by it, so that no other one leaves it out.
    applies: ({ mark }) => mark.path === 'externalId' && !mark.required,
    run: async ({ subject, me, plain, verify }) => {
      const making = me.create(await plain(1, [subject.mark, undefined]))
      // An application may want one of each resource.
      if ((await refusalOf(making))?.status === 400) return
      const id = String((await making).id)
      const stored = (await me.get(id)) ?? { id }
      const conditions = [
        ...each('externalId', 'eq ne co gt', ['a', '']),
        ...each('not (externalId', 'eq sw', ['a']).map((condition) => `${condition})`),
        'externalId eq null',
        'externalId ne null',
        'externalId pr',
        'not (externalId pr)',
      ]
      for (const condition of conditions) {
        const filter = `id eq ${quote(id)} and ${condition}`
        const expected = toPredicate(boundFilter(subject.schema, filter))(stored)
        const { ids, totalResults } = await me.list({ filter })
        const told = `gave ${show(ids)} and totalResults ${totalResults} for the filter ${filter}, where ${show(id)} has no externalId`
        verify(ids.includes(id) === expected && totalResults === Number(expected), 'list', told)
      }
    },
  },
  {
    name: 'filter: id and the times of meta',
    section: 'filter-and-order',
    run: async ({ subject, me, plain, mine, verify }) => {
      const stored = []
      for (const number of [1, 2, 3]) {
        const { id } = await me.create(await plain(number))
        stored.push((await me.get(String(id))) ?? { id })
      }
      const [first] = stored
      const id = String(first?.id)
      const filters = [
        `id eq ${quote(id)}`,
        `id ne ${quote(id)}`,
        `not (id eq ${quote(id)})`,
        'id pr',
        'id eq "nobody"',
      ]
      if (first?.meta?.created)
        filters.push('meta.created gt "2000-01-01T00:00:00Z"', 'meta.created lt "2000-01-01T00:00:00Z"')
      if (first?.meta?.lastModified) filters.push('meta.lastModified ge "2000-01-01T00:00:00Z"', 'meta.lastModified pr')
      for (const filter of filters) {
        const matches = toPredicate(boundFilter(subject.schema, filter))
        const expected = stored.filter(matches).length
        const { ids, totalResults } = await me.list({ filter: mine(filter) })
        const told = `gave ${ids.length} resources and totalResults ${totalResults} in place of ${expected} for the filter ${filter}`
        verify(ids.length === expected && totalResults === expected, 'list', told)
      }
    },
  },
]

const TIMES = [
  '2024-05-01T10:00:00Z',
  '2024-05-01T12:00:00+02:00',
  '2024-05-01T10:00:00.5Z',
  '2024-05-01T09:59:59-01:00',
  '2023-12-31T23:00:00-02:00',
  undefined,
]
const TYPED = [
  [
    { value: 'a@x.example', type: 'work' },
    { value: 'b@x.example', type: 'home' },
  ],
  [
    { value: 'b@x.example', type: 'work' },
    { value: 'a@x.example', type: 'home' },
  ],
  [{ value: 'A@X.example', type: 'work' }],
  [{ value: 'c@x.example', type: 'home' }],
  [{ value: 'd@x.example' }],
  undefined,
]
const PRIMARY = [
  [{ value: 'a@x.example', type: 'work', primary: true }],
  [{ value: 'a@x.example', type: 'work', primary: false }],
  [{ value: 'a@x.example', type: 'work' }],
  [
    { value: 'a@x.example', type: 'work', primary: true },
    { value: 'b@x.example', type: 'home' },
  ],
]
const WORDS = [['red', 'green'], ['Green'], ['blue'], undefined]
const NUMBERS = [[80, 443], [443], [8080], undefined]

function primaryOf(subject: Subject): Attribute | undefined {
  const primary = typedList(subject)?.subAttribute('primary')
  return primary && subject.isKept(primary) ? primary : undefined
}
