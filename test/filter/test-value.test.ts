import type { Operator } from '../../src/filter/ast.js'
import { hasValue, testValue } from '../../src/filter/test-value.js'
import { comparisonKey } from '../../src/schema/values/compare.js'
import { ACME, user } from './fixture.js'

function find(path: string) {
  const [name = '', urn] = path.split('@')
  const attribute = user.find({ urn, name, sub: undefined })
  if (!attribute) throw new Error(`no ${path}`)
  return attribute
}

const meets = (path: string, operator: Operator, literal: unknown, value: unknown) =>
  testValue(find(path), operator, literal, comparisonKey(find(path)))(value)

describe('equal texts in ASCII, which are compared letter by letter', () => {
  test.each([
    ['abc', 'abc', true],
    ['abc', 'ABC', true],
    ['AbC', 'aBc', true],
    ['azAZ', 'AZaz', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
    ['abc', 'abcd', false],
    ['', '', true],
    ['', 'a', false],
    // The neighbours of the capitals have no small letters.
    ['`', '@', false],
    ['{', '[', false],
    ['@', '@', true],
    ['[', '[', true],
    ['a', 'A', true],
    ['z', 'Z', true],
    ['A', 'a', true],
    ['\u007f', '\u007f', true],
    ['k', '\u212a', true],
    ['k\u007f', '\u212a\u007f', true],
    ['ab', '\u212ab', false],
    ['1', 1, true],
    ['1', 2, false],
    ['a', null, false],
    ['a', ['a'], false],
  ])('%j and %j: %p', (literal, value, equal) => {
    expect(meets('title', 'eq', literal, value)).toBe(equal)
    expect(meets('title', 'ne', literal, value)).toBe(!equal)
  })

  test.each([
    ['abc', 'abc', true],
    ['abc', 'aBc', false],
    ['aBc', 'abc', false],
    ['K', '\u212a', true],
    ['k', '\u212a', false],
  ])('where the letter case counts: %j and %j: %p', (literal, value, equal) => {
    expect(meets('externalId', 'eq', literal, value)).toBe(equal)
  })
})

test('a literal of another type is equal to nothing, and in no order', () => {
  for (const operator of ['eq', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const) {
    expect(meets('title', operator, true, 'true')).toBe(false)
    expect(meets(`level@${ACME}`, operator, '5', 5)).toBe(false)
  }
  expect(meets('title', 'ne', true, 'true')).toBe(true)
  expect(meets(`level@${ACME}`, 'ne', '5', 5)).toBe(true)
})

test('[P-3.4.2.2-06] parts of a text', () => {
  expect(meets('title', 'co', 'B', 'abc')).toBe(true)
  expect(meets('title', 'sw', 'B', 'abc')).toBe(false)
  expect(meets('title', 'sw', 'AB', 'abc')).toBe(true)
  expect(meets('title', 'ew', 'B', 'abc')).toBe(false)
  expect(meets('title', 'ew', 'BC', 'abc')).toBe(true)
  expect(meets('title', 'co', 'undefined', { a: 1 })).toBe(false)
})

test('order', () => {
  const compare = (value: number) =>
    (['gt', 'ge', 'lt', 'le'] as const).map((operator) => meets(`level@${ACME}`, operator, 5, value))
  expect(compare(4)).toEqual([false, false, true, true])
  expect(compare(5)).toEqual([false, true, false, true])
  expect(compare(6)).toEqual([true, true, false, false])
  expect(compare(Number.NaN)).toEqual([false, false, false, false])
})

describe('[P-3.4.2.2-07] a value that is present', () => {
  test.each([[0], [false], ['a'], [new Date(0)], [[0]], [[[], 'a']], [{ a: { b: false } }]])('%j', (value) => {
    expect(hasValue(value)).toBe(true)
  })

  test.each([[undefined], [null], [''], [[]], [{}], [['', null]], [{ a: { b: [] } }]])('not %j', (value) => {
    expect(hasValue(value)).toBe(false)
  })
})
