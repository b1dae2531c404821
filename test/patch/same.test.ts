import { isObject } from '../../src/is-object.js'
import { isAssigned, isEmpty, isSame, isSameOne, isSamePart, printer } from '../../src/patch/same.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { ownProperty } from '../../src/schema/values/values.js'
import { attributeIn, OWN, userSchema } from './support.js'

const find = (...names: string[]) => attributeIn(userSchema, ...names)

const title = find('title')
const active = find('active')
const name = find('name')
const emails = find('emails')
const primary = find('emails', 'primary')
const tags = find(OWN, 'tags')
const hired = find(OWN, 'hired')
const level = find(OWN, 'level')
const badge = find(OWN, 'badge')

test('objects of JSON', () => {
  expect([{}, { a: 1 }].every(isObject)).toBe(true)
  expect([null, undefined, [], new Date(), 'text', 5, true].some(isObject)).toBe(false)
})

test('members of every object are not its own', () => {
  expect(ownProperty({ a: 1 }, 'a')).toBe(1)
  expect(ownProperty({}, 'constructor')).toBeUndefined()
  expect(ownProperty({ constructor: 'x' } as object as Record<string, unknown>, 'constructor')).toBe('x')
})

describe('[S-2.5-01] what is no value', () => {
  test.each([[undefined], [null], [[]], [{}], [{ a: null }], [{ a: { b: [] } }]])('%j', (value) => {
    expect(isAssigned(value)).toBe(false)
    expect(isEmpty({ value })).toBe(true)
  })

  test.each([[''], [0], [false], [[null]], [{ a: '' }], [{ a: null, b: 0 }], [new Date()]])('but %j is', (value) => {
    expect(isAssigned(value)).toBe(true)
    expect(isEmpty({ value })).toBe(false)
  })

  test('no value is the same as no value, and as nothing else', () => {
    for (const value of [undefined, null, []]) {
      expect(isSame(tags, value, [])).toBe(true)
      expect(isSame(tags, [], value)).toBe(true)
      expect(isSame(tags, value, ['a'])).toBe(false)
      expect(isSame(tags, ['a'], value)).toBe(false)
    }
    expect(isSame(name, {}, null)).toBe(true)
    expect(isSame(title, '', null)).toBe(false)
  })
})

describe('simple values', () => {
  test('letter case makes a difference', () => {
    expect(isSame(title, 'a', 'a')).toBe(true)
    expect(isSame(title, 'a', 'A')).toBe(false)
  })

  test('a store may have numbers for text', () => {
    expect(isSame(title, 7, '7')).toBe(true)
    expect(isSame(title, 7n, '7')).toBe(true)
    expect(isSame(title, 7, '8')).toBe(false)
    expect(isSame(level, 7, 7)).toBe(true)
    expect(isSame(level, 7, 8)).toBe(false)
    expect(isSame(active, true, false)).toBe(false)
  })

  test('what is no text is not like nothing', () => {
    expect(isSameOne(title, { a: 1 }, undefined)).toBe(false)
    expect(isSameOne(title, undefined, undefined)).toBe(true)
  })

  test('dates are the same when the instant is', () => {
    expect(isSame(hired, '2020-01-01T00:00:00Z', '2020-01-01T01:00:00+01:00')).toBe(true)
    expect(isSame(hired, new Date('2020-01-01T00:00:00Z'), '2020-01-01T00:00:00Z')).toBe(true)
    expect(isSame(hired, '2020-01-01T00:00:00Z', '2020-01-01T00:00:01Z')).toBe(false)
    expect(isSame(hired, 'soon', 'later')).toBe(false)
    expect(isSame(hired, 'soon', 'soon')).toBe(true)
  })
})

describe('complex values', () => {
  test('every part counts, null is none', () => {
    expect(isSame(name, { givenName: 'B', familyName: null }, { givenName: 'B' })).toBe(true)
    expect(isSame(name, { givenName: 'B', familyName: 'J' }, { givenName: 'B' })).toBe(false)
    expect(isSame(name, { givenName: 'B' }, { givenName: 'C' })).toBe(false)
    expect(isSame(badge, { number: '1', holes: [1, 2] }, { number: '1', holes: [2, 1] })).toBe(true)
    expect(isSame(badge, { number: '1', holes: [1, 2] }, { number: '1', holes: [1, 3] })).toBe(false)
  })

  test('what is no object is like no object', () => {
    expect(isSame(name, 'x', { givenName: 'x' })).toBe(false)
    expect(isSame(name, { givenName: 'x' }, 'x')).toBe(false)
    expect(isSame(name, 'x', 'y')).toBe(false)
    expect(isSameOne(name, 'x', {})).toBe(false)
    expect(isSameOne(name, {}, 'x')).toBe(false)
  })

  test('[S-2.4-03] primary that is not given is false, no other attribute is', () => {
    expect(isSamePart(primary, undefined, false)).toBe(true)
    expect(isSamePart(primary, false, undefined)).toBe(true)
    expect(isSamePart(primary, null, false)).toBe(true)
    expect(isSamePart(primary, undefined, true)).toBe(false)
    expect(isSamePart(primary, true, undefined)).toBe(false)
    expect(isSamePart(primary, true, false)).toBe(false)
    expect(isSamePart(primary, true, true)).toBe(true)
    expect(isSamePart(active, undefined, false)).toBe(false)
  })
})

describe('several values', () => {
  test('are in no order', () => {
    expect(isSame(tags, ['a', 'b', 'a'], ['a', 'a', 'b'])).toBe(true)
    expect(isSame(tags, ['a', 'b', 'a'], ['a', 'b', 'b'])).toBe(false)
    expect(isSame(tags, ['a', 'b'], ['a'])).toBe(false)
    expect(isSame(tags, ['a'], ['a', 'a'])).toBe(false)
    expect(isSame(tags, ['a'], ['A'])).toBe(false)
  })

  test('one that is in no list is not a list of one', () => {
    expect(isSame(tags, 'a', ['a'])).toBe(false)
    expect(isSame(tags, ['a'], 'a')).toBe(false)
  })

  test('of complex values', () => {
    const work = { value: 'a', type: 'work' }
    const home = { value: 'b', primary: true }
    expect(isSame(emails, [work, home], [{ ...home }, { ...work, primary: false }])).toBe(true)
    expect(isSame(emails, [work, home], [{ ...work, primary: true }, home])).toBe(false)
    expect(isSame(emails, [work, home], [work, { value: 'b' }])).toBe(false)
  })
})

describe('a value as text', () => {
  const same = (attribute: Attribute, one: unknown, other: unknown) =>
    printer(attribute)(one) === printer(attribute)(other)

  test('equal values share it', () => {
    expect(same(title, 7, '7')).toBe(true)
    expect(same(hired, new Date('2020-01-01T00:00:00Z'), '2020-01-01T01:00:00+01:00')).toBe(true)
    expect(same(emails, { value: 'a', primary: false, type: null }, { value: 'a' })).toBe(true)
    expect(same(badge, { holes: [1, 2], number: '1' }, { number: '1', holes: [2, 1] })).toBe(true)
  })

  test('others do not', () => {
    expect(same(title, 'a', 'A')).toBe(false)
    expect(same(title, { a: 1 }, { a: 2 })).toBe(false)
    expect(same(hired, 'soon', 'later')).toBe(false)
    expect(same(emails, { value: 'a', primary: true }, { value: 'a' })).toBe(false)
    expect(same(emails, { value: 'a' }, { display: 'a' })).toBe(false)
    expect(same(emails, { value: 'a' }, { value: 'b' })).toBe(false)
    expect(same(emails, 'a', 'b')).toBe(false)
    expect(same(badge, { number: '1', holes: [1] }, { number: '1', holes: [2] })).toBe(false)
    expect(same(badge, { number: '1', holes: false }, { number: '1' })).toBe(false)
  })

  test('nothing is written as nothing', () => {
    expect(printer(title)(undefined)).toBe('')
    expect(printer(emails)(undefined)).toBe('')
  })
})
