import type { Filter } from '../../src/filter/ast.js'
import { type FilterTerm, mapFilter } from '../../src/filter/map-filter.js'
import { printFilter } from '../../src/filter/print.js'
import { visitFilter } from '../../src/filter/visit.js'
import { bind } from './fixture.js'

const attributeOf = (term: FilterTerm) => term.attribute.path

/** The filter as text when terms on some attributes are replaced by a constant or by another filter. */
function mapped(text: string, replacements: Readonly<Record<string, boolean | string>>): string | boolean {
  const result = mapFilter(bind(text), (term) => {
    const replacement = replacements[attributeOf(term)]
    return replacement === undefined ? term : typeof replacement === 'string' ? bind(replacement) : replacement
  })
  return typeof result === 'boolean' ? result : printFilter(result)
}

describe('nothing is replaced', () => {
  test.each([
    'title pr',
    'title eq "a"',
    'not (title pr)',
    'title pr and userName pr',
    'title pr or not (userName pr and active eq true)',
    'emails[type eq "work" and not (value pr)]',
  ])('%s: the same tree', (text) => {
    const filter = bind(text)
    expect(mapFilter(filter, (term) => term)).toBe(filter)
  })
})

test('every comparison is asked for, those between brackets after the brackets', () => {
  const asked: string[] = []
  mapFilter(bind('not (title pr) and (userName eq "a" or emails[type pr and value eq "b"])'), (term) => {
    asked.push(`${term.kind} ${attributeOf(term)}`)
    return term
  })
  expect(asked).toEqual([
    'present title',
    'compare userName',
    'valuePath emails',
    'present emails.type',
    'compare emails.value',
  ])
})

test('what is between brackets is not asked for when the brackets are replaced', () => {
  const asked: string[] = []
  mapFilter(bind('emails[type pr]'), (term) => {
    asked.push(attributeOf(term))
    return true
  })
  expect(asked).toEqual(['emails'])
})

test.each([
  ['title pr', { title: 'nickName pr' }, 'nickName pr'],
  ['not (title pr)', { title: 'nickName pr' }, 'not (nickName pr)'],
  ['title pr and userName pr', { title: 'nickName pr' }, 'nickName pr and userName pr'],
  ['title pr or userName pr', { userName: 'nickName pr' }, 'title pr or nickName pr'],
  ['emails[type pr]', { emails: 'nickName pr' }, 'nickName pr'],
  ['emails[type pr and value pr]', { 'emails.type': 'emails.display pr' }, 'emails[display pr and value pr]'],
])('%s with %j is %s', (text, replacements, result) => {
  expect(mapped(text, replacements)).toBe(result)
})

test.each<[string, Readonly<Record<string, boolean>>, string | boolean]>([
  ['title pr', { title: true }, true],
  ['not (title pr)', { title: true }, false],
  ['not (title pr)', { title: false }, true],
  ['title pr and userName pr', { title: true }, 'userName pr'],
  ['title pr and userName pr', { title: false }, false],
  ['title pr and userName pr', { title: true, userName: true }, true],
  ['title pr or userName pr', { title: true }, true],
  ['title pr or userName pr', { title: false }, 'userName pr'],
  ['title pr or userName pr', { title: false, userName: false }, false],
  ['title pr or userName pr or nickName pr', { userName: false }, 'title pr or nickName pr'],
  ['title pr and userName pr and nickName pr', { nickName: true }, 'title pr and userName pr'],
  ['not (title pr or userName pr) and nickName pr', { title: false }, 'not (userName pr) and nickName pr'],
  ['emails[type pr]', { emails: true }, true],
  ['emails[type pr]', { emails: false }, false],
  ['emails[type pr]', { 'emails.type': false }, false],
  // The condition is true of every value: the filter asks only whether there is a value.
  ['emails[type pr]', { 'emails.type': true }, 'emails pr'],
  ['emails[type pr or value pr]', { 'emails.type': false }, 'emails[value pr]'],
])('%s with %j is %s', (text, replacements, result) => {
  expect(mapped(text, replacements)).toBe(result)
})

test('what is new is frozen', () => {
  const filter = bind('not (title pr or userName pr) and emails[type pr and value pr] and emails[display pr]')
  const result = mapFilter(filter, (term) => {
    if (attributeOf(term) === 'emails.display') return true
    return term.kind === 'present' ? Object.freeze({ ...term }) : term
  }) as Filter
  let seen = 0
  visitFilter(result, (node) => {
    seen++
    expect(Object.isFrozen(node)).toBe(true)
    if ('filters' in node) expect(Object.isFrozen(node.filters)).toBe(true)
  })
  expect(printFilter(result)).toBe('not (title pr or userName pr) and emails[type pr and value pr] and emails pr')
  expect(seen).toBe(10)
})
