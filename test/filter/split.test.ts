import type { Filter } from '../../src/filter/ast.js'
import { printFilter } from '../../src/filter/print.js'
import { splitFilter } from '../../src/filter/split.js'
import { bind } from './fixture.js'

const isEquality = (node: Filter) => node.kind === 'compare' && node.operator === 'eq'
const print = (filter: Filter | undefined) => filter && printFilter(filter)
const split = (text: string, supported: (node: Filter) => boolean = isEquality) => {
  const { supported: yes, rest } = splitFilter(bind(text), supported)
  return [print(yes), print(rest)]
}

test.each<[string, string | undefined, string | undefined]>([
  ['userName eq "a"', 'userName eq "a"', undefined],
  ['userName co "a"', undefined, 'userName co "a"'],
  ['userName eq "a" and title pr', 'userName eq "a"', 'title pr'],
  [
    'title pr and userName eq "a" and active eq true and id gt "x"',
    'userName eq "a" and active eq true',
    'title pr and id gt "x"',
  ],
  ['userName eq "a" and (title eq "b" and title pr)', 'userName eq "a" and title eq "b"', 'title pr'],
  // Only conditions that are joined by "and" hold for every match.
  ['userName eq "a" or title eq "b"', undefined, 'userName eq "a" or title eq "b"'],
  ['not (userName eq "a")', undefined, 'not (userName eq "a")'],
  ['emails[value eq "a" and type eq "b"]', undefined, 'emails[value eq "a" and type eq "b"]'],
])('%s', (text, supported, rest) => {
  expect(split(text)).toEqual([supported, rest])
})

test('a part is supported when every node in it is', () => {
  const noParts = (node: Filter) => !(node.kind === 'compare' && node.operator === 'co')
  expect(split('(userName eq "a" or title co "b") and not (title pr) and emails[value co "c"]', noParts)).toEqual([
    'not (title pr)',
    '(userName eq "a" or title co "b") and emails[value co "c"]',
  ])
  const all = 'not (title pr) and (userName eq "a" or emails[type pr])'
  expect(split(all, noParts)).toEqual([all, undefined])
})

test('what is whole stays the same object', () => {
  const filter = bind('userName eq "a" and title eq "b"')
  expect(splitFilter(filter, isEquality).supported).toBe(filter)
  expect(splitFilter(filter, () => false).rest).toBe(filter)
})

test('what is joined is new, and frozen', () => {
  const { supported, rest } = splitFilter(bind('userName eq "a" and title pr and active eq true and id pr'), isEquality)
  for (const part of [supported, rest]) {
    expect(part).toMatchObject({ kind: 'and' })
    expect(Object.isFrozen(part)).toBe(true)
    expect(part?.kind === 'and' && Object.isFrozen(part.filters)).toBe(true)
  }
})

test('a part that is alone stays the same object', () => {
  const filter = bind('userName eq "a" and title pr')
  const { supported, rest } = splitFilter(filter, isEquality)
  expect(filter.kind === 'and' && filter.filters[0] === supported && filter.filters[1] === rest).toBe(true)
})

test('nothing is asked for inside a node that is not supported', () => {
  const asked: string[] = []
  splitFilter(bind('not (title pr) and (userName eq "a" or active eq true)'), (node) => {
    asked.push(node.kind)
    return node.kind !== 'not' && node.kind !== 'compare'
  })
  expect(asked).toEqual(['not', 'or', 'compare'])
})
