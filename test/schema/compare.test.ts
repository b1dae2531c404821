import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { AttributeDefinition } from '../../src/schema/model/definition.js'
import { compareKeys, comparisonKey, identityKey } from '../../src/schema/values/compare.js'

function keyOf(definition: Omit<AttributeDefinition, 'name'>) {
  const { root } = resourceSchema({ id: 'urn:example:x', attributes: [{ name: 'x', ...definition }] })
  const attribute = root.subAttribute('x')
  if (!attribute) throw new Error('no attribute')
  return comparisonKey(attribute)
}

const folded = keyOf({})
const exact = keyOf({ caseExact: true })
const dateTime = keyOf({ type: 'dateTime' })

describe('keys', () => {
  test('strings fold unless the attribute is caseExact [S-2.2-01]', () => {
    expect(folded('BJensen')).toBe('bjensen')
    expect(folded('STRASSE')).toBe(folded('strasse'))
    expect(folded('\u00c9VA')).toBe(folded('e\u0301va'))
    expect(exact('BJensen')).toBe('BJensen')
    expect(exact('E\u0301')).toBe('\u00c9')
    expect(exact('\u00c9')).not.toBe(exact('\u00e9'))
  })

  test('an ASCII text that is small already is its own key', () => {
    const text = 'bjensen@example.com'
    expect(folded(text)).toBe(text)
    expect(exact('Some Text')).toBe('Some Text')
  })

  test('numbers by value, booleans, binaries without padding [S-2.3.6-01]', () => {
    const number = keyOf({ type: 'integer' })
    expect([number(5), number(5n), number(-0)]).toEqual([5, 5, 0])
    expect([number('5'), number(Number.NaN), number(null)]).toEqual([undefined, undefined, undefined])
    const boolean = keyOf({ type: 'boolean' })
    expect([boolean(true), boolean(false), boolean('true'), boolean(0)]).toEqual([true, false, undefined, undefined])
    const binary = keyOf({ type: 'binary' })
    expect([binary('QQ=='), binary('QQ='), binary('QQ'), binary('qq')]).toEqual(['QQ', 'QQ', 'QQ', 'qq'])
    expect(binary(Buffer.from('A'))).toBeUndefined()
  })

  test('references are case exact unless the schema says otherwise [S-2.3.7-01]', () => {
    expect(keyOf({ type: 'reference' })('https://X/a')).toBe('https://X/a')
    expect(keyOf({ type: 'reference', caseExact: false })('urn:X')).toBe('urn:x')
  })

  test('URIs of resources are the same with and without a version [S-2.4-06]', () => {
    const key = keyOf({ type: 'reference', referenceTypes: ['User', 'Group'] })
    const same = ['https://x/Users/1', 'https://x/v2/Users/1', 'https://x/v11/Users/1', 'https://x/V2/Users/1']
    expect(new Set(same.map(key))).toEqual(new Set(['https://x/Users/1']))
    expect(new Set(['/Users/1', '/v2/Users/1'].map(key)).size).toBe(1)
    expect(new Set(['Users/1', 'v2/Users/1'].map(key)).size).toBe(1)
    const different = [
      'https://x/Users/1',
      'https://x/Groups/1',
      'https://x/Users/v2',
      'https://x/Users/2',
      'https://y/Users/1',
    ]
    expect(new Set(different.map(key)).size).toBe(5)
    // A URI of another kind has no such versions.
    expect(keyOf({ type: 'reference', referenceTypes: ['external'] })('https://x/v2/a/b')).toBe('https://x/v2/a/b')
    expect([key(5), key(null)]).toEqual(['5', undefined])
  })

  test('what a store has: numbers and dates for strings, Date objects for dateTime', () => {
    expect([folded(42), folded(42n), exact(42)]).toEqual(['42', '42', '42'])
    const date = new Date('2011-05-13T04:42:34Z')
    expect(dateTime(date)).toBe(dateTime('2011-05-13T06:42:34.000+02:00'))
    expect(exact(date)).toBe('2011-05-13T04:42:34.000Z')
    expect([dateTime(new Date(Number.NaN)), exact(new Date(Number.NaN)), dateTime(5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test.each([undefined, null, {}, [], true, Symbol('x')])('%p has no key', (value) => {
    for (const key of [
      folded,
      exact,
      dateTime,
      keyOf({ precis: 'UsernameCaseMapped' }),
      keyOf({ precis: 'OpaqueString' }),
    ]) {
      expect(key(value)).toBeUndefined()
    }
    const complex = keyOf({ type: 'complex', subAttributes: [{ name: 'value' }] })
    expect([complex(value), complex({ value: 'x' })]).toEqual([undefined, undefined])
  })

  test('PRECIS where the attribute says so [P-5-01]', () => {
    const username = keyOf({ precis: 'UsernameCaseMapped' })
    expect(username('\uff2a\uff30')).toBe('jp')
    expect(username('BJensen')).toBe('bjensen')
    const opaque = keyOf({ precis: 'OpaqueString', caseExact: false })
    expect(opaque('a\u00a0B\u3000c')).toBe('a B c')
    expect(opaque('a b')).toBe('a b')
  })
})

describe('order', () => {
  const sorted = (values: readonly unknown[], key = folded) =>
    values.toSorted((a, b) => compareKeys(key(a) ?? '', key(b) ?? ''))

  test('by code point, no matter the length in UTF-16', () => {
    const inOrder = [
      '',
      'A',
      'aa',
      'b',
      'z',
      '\u00e9',
      '\u4e2d',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{10ffff}',
    ]
    expect(sorted(inOrder.toReversed())).toEqual(inOrder)
    expect(inOrder.toReversed().toSorted()).not.toEqual(inOrder)
  })

  test('numbers, booleans', () => {
    expect(compareKeys(9, 10)).toBeLessThan(0)
    expect(compareKeys(10, 9)).toBeGreaterThan(0)
    expect(compareKeys(5, 5)).toBe(0)
    expect(compareKeys(false, true)).toBeLessThan(0)
    expect(compareKeys(true, false)).toBeGreaterThan(0)
  })

  test('instants of any precision, before and after 1970', () => {
    const inOrder = [
      '-0001-01-01T00:00:00Z',
      '1969-12-31T23:59:59.9989Z',
      '1969-12-31T23:59:59.999Z',
      '1969-12-31T23:59:59.9990000001Z',
      '1970-01-01T00:00:00Z',
      '2011-05-13T04:42:34.123Z',
      '2011-05-13T04:42:34.1234567Z',
      '2011-05-13T04:42:34.1234568Z',
      '2011-05-13T04:42:34.12345681Z',
      '2011-05-13T04:42:34.124Z',
    ]
    expect(sorted(inOrder.toReversed(), dateTime)).toEqual(inOrder)
    expect(sorted(['2011-05-13T04:42:34.1Z', '2011-05-13T06:42:34+02:00'], dateTime)[0]).toContain('+02:00')
  })
})

describe('identity', () => {
  const find = (schema: ReturnType<typeof resourceSchema>, name: string, sub: string) => {
    const attribute = schema.find({ urn: undefined, name, sub })
    if (!attribute) throw new Error(`no ${name}.${sub}`)
    return attribute
  }

  test('the value of a reference to a resource counts letter by letter', () => {
    const key = identityKey(find(resourceSchema(Group), 'members', 'value'))
    expect([key('aB'), key(42), key('e\u0301')]).toEqual(['aB', '42', 'e\u0301'])
  })

  test('everything else compares as the schema says', () => {
    const schema = resourceSchema(User)
    expect(identityKey(find(schema, 'emails', 'value'))('A@b')).toBe('a@b')
    expect(identityKey(find(resourceSchema(Group), 'members', 'type'))('User')).toBe('user')
    expect(identityKey(find(schema, 'meta', 'created'))('2011-05-13T04:42:34Z')).toBe(Date.UTC(2011, 4, 13, 4, 42, 34))
  })
})
