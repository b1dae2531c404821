import fc from 'fast-check'
import { entityTag, isAmong, readCondition, versionInTag } from '../../src/adapter/versions.js'

describe('the entity tag of a version', () => {
  test.each([
    ['1', 'W/"1"'],
    [7, 'W/"7"'],
    ['a3f-B/x', 'W/"a3f-B/x"'],
    ['', 'W/""'],
    ['with "quotes"', 'W/"with%20%22quotes%22"'],
    ['50%', 'W/"50%25"'],
    ['é', 'W/"%C3%A9"'],
    ['a\r\nb', 'W/"a%0D%0Ab"'],
  ])('[P-3.14-01, S-3.1-10] of %j is %s', (version, tag) => {
    expect(entityTag(version)).toBe(tag)
  })

  test('is read as the version it was made of, whatever a store has', () => {
    const texts = fc.string({ unit: 'grapheme' })
    fc.assert(fc.property(texts, (version) => expect(readCondition(entityTag(version))).toEqual([version])))
    fc.assert(fc.property(texts, (version) => expect(versionInTag(entityTag(version))).toBe(version)))
    for (const text of ['1', '"1', 'W/"1" ', '"1", "2"', '']) expect(versionInTag(text)).toBeUndefined()
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 4 }), (versions) => {
        const header = versions.map(entityTag).join(', ')
        expect(readCondition(header)).toEqual(versions)
      }),
    )
  })

  test('has nothing in it that a header may not have', () => {
    for (let code = 0; code < 0x180; code += 1) {
      expect(entityTag(`a${String.fromCharCode(code)}b`)).toMatch(/^W\/"[\x21\x23-\x7e]*"$/)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (version) => {
        expect(entityTag(version)).toMatch(/^W\/"[\x21\x23-\x7e]*"$/)
      }),
    )
  })
})

describe('a condition', () => {
  test.each([
    [undefined, undefined],
    ['*', '*'],
    [' * ', '*'],
    ['W/"1"', ['1']],
    ['"1"', ['1']],
    ['"1", W/"2" ,"3"', ['1', '2', '3']],
    ['"a,b"', ['a,b']],
    ['"a b"', []],
    ['"%zz"', ['%zz']],
    ['', []],
    ['1', []],
    ['w/"1"', []],
    ['"1', []],
    ['"1" "2"', []],
  ])('[H-13.1.1-01] %j names %j', (header, condition) => {
    expect(readCondition(header)).toEqual(condition)
  })

  test('[H-13.1.1-01, H-13.1.1-03] holds for a version it names; the star for any', () => {
    expect(isAmong(['1', '2'], '2')).toBe(true)
    expect(isAmong(['1', '2'], 2)).toBe(true)
    expect(isAmong(['1', '2'], '3')).toBe(false)
    expect(isAmong([], '1')).toBe(false)
    expect(isAmong(['undefined', 'null'], undefined)).toBe(false)
    expect(isAmong(['undefined', 'null'], null)).toBe(false)
    expect(isAmong('*', '1')).toBe(true)
    expect(isAmong('*', undefined)).toBe(true)
  })
})
