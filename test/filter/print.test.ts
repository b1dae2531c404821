import type { ParsedFilter } from '../../src/filter/ast.js'
import { parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import { ACME, bind } from './fixture.js'

describe('a filter as it was written', () => {
  test.each([
    'userName eq "bjensen"',
    'name.givenName pr',
    'urn:example:2.0:User:name.givenName ne null',
    'urn:example:1.0 pr',
    'a pr and b pr or c pr and (d pr or e pr)',
    'a pr and (b pr and c pr)',
    '(a pr or b pr) or c pr',
    'not (a pr and not (b pr))',
    'emails[type eq "work" and (value co "@" or not (display pr))]',
    'a eq "\\"\\\\\\n\\ud800é"',
    'a gt -1.5 and a lt 1e+21 and a eq true',
    'a eq -0 or a lt 1e999 or a gt -1e999',
  ])('%s', (text) => {
    expect(printFilter(parseFilter(text))).toBe(text)
  })

  test('brackets that change nothing are left out', () => {
    expect(printFilter(parseFilter('((a pr)) AND ((b Pr and c pr) or (d pr))'))).toBe(
      'a pr and (b pr and c pr or d pr)',
    )
  })
})

test('a filter that is bound is printed with the names of the schema', () => {
  expect(printFilter(bind('USERNAME pr and BADGE eq "x" and tags[VALUE pr] and emails[not (TYPE pr)]'))).toBe(
    `userName pr and ${ACME}:badge eq "x" and ${ACME}:tags[value pr] and emails[not (type pr)]`,
  )
})

test('an attribute named like an operator stays one', () => {
  const path = (name: string) => ({ urn: undefined, name, sub: undefined })
  const filter: ParsedFilter = {
    kind: 'and',
    filters: ['not', 'and', 'or', 'pr', 'eq', 'true'].map((name) => ({ kind: 'present', attribute: path(name) })),
  }
  expect(parseFilter(printFilter(filter))).toEqual(filter)
})
