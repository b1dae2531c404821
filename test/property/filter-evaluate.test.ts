import fc from 'fast-check'
import type { FilterValue, Operator, ParsedFilter } from '../../src/filter/ast.js'
import { equalsIn } from '../../src/filter/equals.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { splitFilter } from '../../src/filter/split.js'
import { User } from '../../src/schema/core/user.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { runs } from '../support/length.js'
import { connected } from './filter-arbitraries.js'
import { KINDS, type Kind, meets } from './filter-naive.js'

const schema = resourceSchema({
  ...User,
  attributes: [
    ...User.attributes,
    { name: 'tags', multiValued: true },
    { name: 'levels', type: 'integer', multiValued: true },
  ],
})

const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', '1', '\u00e9', '\u00c9', 'e\u0301', '.', '*', '\uffff', '\u{1f600}'),
  maxLength: 3,
})
const instants = ['2011-05-13T04:42:34Z', '2011-05-13T06:42:34+02:00', '2011-05-13T04:42:34.5Z', '2010-01-01T00:00:00Z']
const values: Readonly<Record<Kind, fc.Arbitrary<string | number | boolean>>> = {
  text,
  exact: text,
  number: fc.integer({ min: -2, max: 2 }),
  boolean: fc.boolean(),
  dateTime: fc.constantFrom(...instants),
}
const operators: Readonly<Record<Kind, readonly Operator[]>> = {
  text: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
  exact: ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
  number: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  boolean: ['eq', 'ne'],
  dateTime: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
}

const pathTo = (path: string) => {
  const [name = '', sub] = path.split('.')
  return { urn: undefined, name, sub }
}

/** `attribute operator value` and `attribute pr` for one attribute, called as it is called at its place. */
function expressions(path: string, called = path): fc.Arbitrary<ParsedFilter> {
  const attribute = pathTo(called)
  const kind = KINDS[path] as Kind
  const compare = (operator: Operator, value: FilterValue): ParsedFilter => ({
    kind: 'compare',
    attribute,
    operator,
    value,
  })
  return fc.oneof(
    fc.constant<ParsedFilter>({ kind: 'present', attribute }),
    fc.constantFrom(compare('eq', null), compare('ne', null)),
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...operators[kind]), values[kind])
        .map(([operator, value]) => compare(operator, value)),
    },
  )
}

/** `attribute eq value`. */
function demandOf(path: string): fc.Arbitrary<ParsedFilter> {
  return values[KINDS[path] as Kind].map((value) => ({
    kind: 'compare',
    attribute: pathTo(path),
    operator: 'eq',
    value,
  }))
}

const inBrackets: Readonly<Record<string, fc.Arbitrary<ParsedFilter>>> = {
  emails: fc.oneof(...['value', 'type', 'primary'].map((sub) => expressions(`emails.${sub}`, sub))),
  tags: expressions('tags', 'value'),
  levels: expressions('levels', 'value'),
}
const valuePaths = Object.entries(inBrackets).map(([name, inner]) =>
  connected(inner).map((filter): ParsedFilter => ({ kind: 'valuePath', attribute: pathTo(name), filter })),
)
const whole = ['name', 'emails'].map((name) => fc.constant<ParsedFilter>({ kind: 'present', attribute: pathTo(name) }))
const filters = connected(fc.oneof(...Object.keys(KINDS).map((path) => expressions(path)), ...valuePaths, ...whole))

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(fc.option(value, { nil: null }), { nil: undefined })
const list = <T>(value: fc.Arbitrary<T>) => maybe(fc.array(fc.option(value, { nil: null, freq: 9 }), { maxLength: 3 }))
const email = fc.record({ value: maybe(text), type: maybe(text), primary: maybe(fc.boolean()) }, { requiredKeys: [] })
const resources = fc.record(
  {
    userName: maybe(text),
    externalId: maybe(text),
    title: maybe(text),
    active: maybe(fc.boolean()),
    name: maybe(fc.record({ givenName: maybe(text), familyName: maybe(text) }, { requiredKeys: [] })),
    meta: maybe(
      fc.record({
        created: maybe(
          fc.oneof(
            values.dateTime,
            values.dateTime.map((text) => new Date(String(text))),
          ),
        ),
      }),
    ),
    emails: list(email),
    tags: list(text),
    levels: list(values.number),
  },
  { requiredKeys: [] },
)

const bind = (filter: ParsedFilter) => resolveFilter(parseFilter(printFilter(filter)), schema)

test('the predicate agrees with the slow way', () => {
  fc.assert(
    fc.property(filters, fc.array(resources, { minLength: 1, maxLength: 5 }), (filter, candidates) => {
      const matches = toPredicate(bind(filter))
      for (const resource of candidates) expect(matches(resource)).toBe(meets(filter, resource))
    }),
    { numRuns: runs(400, 2_000) },
  )
})

test('a bound filter is printed and bound again without a change', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const bound = bind(filter)
      const text = printFilter(bound)
      expect(printFilter(resolveFilter(parseFilter(text), schema))).toBe(text)
      expect(text).toBe(printFilter(filter))
    }),
  )
})

test('both parts of a split filter say together what the filter says', () => {
  fc.assert(
    fc.property(
      filters,
      fc.constantFrom('compare', 'present', 'not', 'or', 'valuePath'),
      resources,
      (filter, kind, resource) => {
        const bound = bind(filter)
        const { supported, rest } = splitFilter(bound, (node) => node.kind !== kind)
        const both = [supported, rest].filter((part) => part !== undefined).every((part) => toPredicate(part)(resource))
        expect(both).toBe(toPredicate(bound)(resource))
      },
    ),
    { numRuns: runs(200, 1_000) },
  )
})

test('every match has the value that equalsIn gives', () => {
  // Random filters hardly ever demand a value and have a match: these have the demands in all places.
  const demanding = connected(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...Object.keys(KINDS)).chain(demandOf) },
      { weight: 1, arbitrary: fc.oneof(...valuePaths) },
    ),
  )
  let compared = 0
  fc.assert(
    fc.property(demanding, fc.array(resources, { minLength: 1, maxLength: 5 }), (filter, candidates) => {
      const bound = bind(filter)
      const matches = candidates.filter(toPredicate(bound))
      for (const path of Object.keys(KINDS)) {
        const value = equalsIn(bound, path)
        if (value === undefined) continue
        const literal = ['number', 'boolean'].includes(KINDS[path] as string) ? value : JSON.stringify(value)
        const demand = parseFilter(`${path} eq ${literal}`)
        for (const resource of matches) {
          expect(meets(demand, resource)).toBe(true)
          compared += 1
        }
      }
    }),
    { numRuns: runs(1_000, 2_000) },
  )
  expect(compared).toBeGreaterThan(20)
})
