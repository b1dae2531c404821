import { strict, type Tolerate, tolerant } from '../../src/compatibility.js'
import {
  fail,
  peek,
  type Scanner,
  scanAttributePath,
  scanBlank,
  scanClose,
  scanNoBlank,
  scanSubAttribute,
  scanValue,
  scanWord,
  shorten,
} from '../../src/filter/lex.js'
import { refusal } from './fixture.js'

const at = (text: string, position = 0, tolerate: Tolerate = strict): Scanner => ({
  text,
  reading: 'filter',
  position,
  written: undefined,
  tolerate,
})

/** The description of a fault, behind the words that are always there. */
const fault = (work: () => unknown) => refusal(work).replace('invalidFilter: The filter is not valid ', '')

describe('the place of a fault', () => {
  const shown = (text: string, position: number) =>
    fail(at(text), 'x', position).message.replace('The filter is not valid ', '')

  test.each([
    ['abc', 0, 'at character 1, "abc": x.'],
    ['abc', 2, 'at character 3, "c": x.'],
    ['abc', 3, 'at its end: x.'],
    ['abc', 4, 'at its end: x.'],
    ['a  b c ', 1, 'at character 2, "b c": x.'],
    ['a   ', 1, 'at character 2: x.'],
  ])('%p at %p', (text, position, message) => {
    expect(shown(text, position)).toBe(message)
  })

  test('24 characters are shown', () => {
    expect(shown('x'.repeat(24), 0)).toBe(`at character 1, "${'x'.repeat(24)}": x.`)
    expect(shown('x'.repeat(25), 0)).toBe(`at character 1, "${'x'.repeat(24)}": x.`)
  })

  test('nothing is shown from a quote on, nor from what cannot be printed', () => {
    for (const sign of ['"', "'", '\n', '\u0000', '\u007f', '\ud800']) {
      expect(shown(`pr ${sign}s3cret`, 0)).toBe('at character 1, "pr": x.')
      expect(shown(`${sign}s3cret`, 0)).toBe('at character 1: x.')
    }
    expect(shown('é😀', 0)).toBe('at character 1, "é😀": x.')
  })

  test('it is where the scanner stands, and of the kind of text that is read', () => {
    expect(fail(at('abc', 1), 'x')).toMatchObject({ scimType: 'invalidFilter', status: 400 })
    expect(fail(at('abc', 1), 'x').message).toBe('The filter is not valid at character 2, "bc": x.')
    const path: Scanner = { ...at('abc', 1), reading: 'path' }
    expect(fail(path, 'x')).toMatchObject({ scimType: 'invalidPath', status: 400 })
    expect(fail(path, 'x').message).toBe('The path is not valid at character 2, "bc": x.')
  })
})

test('long names are shortened in their middle', () => {
  const name = (length: number) => `${'a'.repeat(70)}${'b'.repeat(length - 70)}`
  expect(shorten(name(120))).toBe(name(120))
  expect(shorten(name(121))).toBe(`${'a'.repeat(60)}…${'a'.repeat(8)}${'b'.repeat(51)}`)
  expect(shorten(name(5_000))).toHaveLength(120)
})

// Decision A-13.
describe('[P-3.4.2.2-04] blanks', () => {
  const stop = (scan: (scanner: Scanner) => void, scanner: Scanner) => {
    scan(scanner)
    return scanner.position
  }

  test('one between tokens', () => {
    const scan = (scanner: Scanner) => scanBlank(scanner, 'more')
    expect(stop(scan, at('a b', 1))).toBe(2)
    expect(fault(() => scan(at('a  b', 1)))).toBe('at character 2, "b": one blank is enough.')
    expect(fault(() => scan(at('ab', 1)))).toBe('at character 2, "b": a blank and more should follow.')
    for (const tolerate of [strict, tolerant]) {
      expect(fault(() => scan(at('a', 1, tolerate)))).toBe('at its end: a blank and more should follow.')
      expect(stop(scan, at('a ', 1, tolerate))).toBe(2)
    }
    expect(stop(scan, at('a   b', 1, tolerant))).toBe(4)
    expect(stop(scan, at('ab', 1, tolerant))).toBe(1)
  })

  test('none at the beginning and behind a bracket', () => {
    expect(stop(scanNoBlank, at('(a', 1))).toBe(1)
    expect(fault(() => scanNoBlank(at('( a', 1)))).toBe('at character 2, "a": there is a blank too many.')
    expect(stop(scanNoBlank, at('(  a', 1, tolerant))).toBe(3)
  })

  test('none before a bracket and at the end', () => {
    const scan = (scanner: Scanner) => scanClose(scanner, 0x29, 'it')
    expect(stop(scan, at('a)', 1))).toBe(1)
    expect(fault(() => scan(at('a )', 1)))).toBe('at character 2, ")": there is a blank too many.')
    expect(fault(() => scan(at('a b', 1)))).toBe('at character 3, "b": it should follow.')
    expect(stop(scan, at('a  )', 1, tolerant))).toBe(3)
    const end = (scanner: Scanner) => scanClose(scanner, undefined, 'it')
    expect(stop(end, at('a', 1))).toBe(1)
    expect(fault(() => end(at('a ', 1)))).toBe('at character 2: there is a blank too many.')
    expect(fault(() => end(at('a)', 1)))).toBe('at character 2, ")": it should follow.')
    expect(stop(end, at('a  ', 1, tolerant))).toBe(3)
  })
})

describe('words', () => {
  test.each([
    ['ab cd', 'ab'],
    ['ab"cd', 'ab'],
    ['ab(cd', 'ab'],
    ['ab)cd', 'ab'],
    ['ab[cd', 'ab'],
    ['ab]cd', 'ab'],
    ['ab\tcd', 'ab'],
    ['ab\u0000cd', 'ab'],
    ['ab', 'ab'],
    ['', ''],
    [' ab', ''],
    // All other characters belong to a word.
    ["a'b!#$%&*+,-./:;<=>?@\\^_`{|}~é", "a'b!#$%&*+,-./:;<=>?@\\^_`{|}~é"],
  ])('%p begins with %p', (text, word) => {
    const scanner = at(`x${text}`, 1)
    expect(scanWord(scanner)).toBe(word)
    expect(scanner.position).toBe(1 + word.length)
    expect(peek(scanner)).toBe(word.length < text.length ? text.charCodeAt(word.length) : Number.NaN)
  })
})

describe('[P-3.10-01] attribute paths', () => {
  test.each([
    ['a.b', { urn: undefined, name: 'a', sub: 'b' }],
    ['urn:x:a.b', { urn: 'urn:x', name: 'a', sub: 'b' }],
    ['urn:x.y:a', { urn: 'urn:x.y', name: 'a', sub: undefined }],
    ['urn:x:1.0', { urn: 'urn:x', name: '1.0', sub: undefined }],
    ['urn:x:a.b.c', { urn: 'urn:x', name: 'a.b.c', sub: undefined }],
    ['urn:x:a.1', { urn: 'urn:x', name: 'a.1', sub: undefined }],
    ['urn:x:a.', { urn: 'urn:x', name: 'a.', sub: undefined }],
    ['a:b', { urn: 'a', name: 'b', sub: undefined }],
    ['$REF', { urn: undefined, name: '$REF', sub: undefined }],
    ['A-Z_z0$9', { urn: undefined, name: 'A-Z_z0$9', sub: undefined }],
    ['azAZ.azAZ09', { urn: undefined, name: 'azAZ', sub: 'azAZ09' }],
  ])('%s', (text, path) => {
    const scanner = at(`(${text} pr`, 1)
    expect(scanAttributePath(scanner)).toEqual(path)
    expect(scanner.position).toBe(1 + text.length)
    expect(Object.isFrozen(scanAttributePath(at(text)))).toBe(true)
  })

  // Beside the letters, digits and signs of names lie others.
  test.each(['', '@a', '[a', '`a', '{a', '0a', '-a', '_a', '$a', '$ref1', 'a/b', 'a@', 'a`', 'a{', 'a;', 'a+'])(
    '%s is no name',
    (text) => {
      expect(() => scanSubAttribute(at(text))).toThrow('the name of a sub-attribute should stand here')
    },
  )

  test.each(['a', 'z', 'A', 'Z', 'a0', 'a9', 'a-', 'a_', 'a$', '$ref', '$Ref'])('%s is one', (text) => {
    const scanner = at(`.${text}]`, 1)
    expect(scanSubAttribute(scanner)).toBe(text)
    expect(scanner.position).toBe(1 + text.length)
  })
})

describe('[P-3.4.2.2-16] values', () => {
  const read = (text: string, tolerate: Tolerate = strict) => {
    const scanner = at(`x${text}`, 1, tolerate)
    const value = scanValue(scanner, 0, 1)
    return [value, scanner.written, scanner.text.slice(scanner.position)]
  }

  test.each<[string, unknown[]]>([
    ['"a" b', ['a', undefined, ' b']],
    ['"a\\"b")', ['a"b', undefined, ')']],
    ['"\\\\" ', ['\\', undefined, ' ']],
    ['" !"', [' !', undefined, '']],
    ['true)', [true, undefined, ')']],
    ['false', [false, undefined, '']],
    ['null]', [null, undefined, ']']],
    ['7', [7, undefined, '']],
    ['-7.5', [-7.5, undefined, '']],
    // Digits that a number cannot keep.
    ['1.0', [1, '1.0', '']],
    ['-0', [-0, '-0', '']],
    ['1E2 ', [100, '1E2', ' ']],
    ['1e+2', [100, '1e+2', '']],
    ['12345678901234567890', [12345678901234567000, '12345678901234567890', '']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test.each(['-', '--1', '1.', '.1', '01', '1e', '1e1.5', '1a', 'a1', '1,', '9:'])(
    '%s is no number, but a text by tolerance',
    (text) => {
      expect(() => read(text)).toThrow('is the value of "x"')
      expect(read(text, tolerant)).toEqual([text, text, ''])
    },
  )

  test('how another value was written is forgotten', () => {
    const scanner = at('1.0"a"')
    scanner.position = 3
    scanner.written = '1.0'
    scanValue(scanner, 0, 1)
    expect(scanner.written).toBeUndefined()
  })

  test('single quotes, by tolerance', () => {
    expect(read("'a b\" c' d", tolerant)).toEqual(['a b" c', "'a b\" c'", ' d'])
    expect(read("''", tolerant)).toEqual(['', "''", ''])
    const asked: unknown[] = []
    read("'a'", (...asking) => asked.push(asking) > 0)
    expect(asked).toEqual([['unquotedText', 'x']])
    expect(fault(() => read("'a"))).toBe('at character 2: a JSON string stands between double quotes.')
    expect(fault(() => read("'a", tolerant))).toBe('at character 2: a JSON string stands between double quotes.')
  })

  test('control characters, and what comes right behind them', () => {
    expect(fault(() => read('"a\u001fb"'))).toBe(
      'at character 4: a JSON string has control characters only as escapes.',
    )
    expect(read('"a b"')).toEqual(['a b', undefined, ''])
    expect(() => read('"a\\\u001f"')).toThrow('an escape that JSON does not know')
    expect(fault(() => read('"\\"'))).toBe('at character 2: the string that begins here has no end.')
  })

  test('a word that runs into a quote is none', () => {
    expect(() => read('a"b"', tolerant)).toThrow('is the value of "x"')
    expect(fault(() => read(')'))).toBe('at character 2: a value should follow "x".')
  })
})
