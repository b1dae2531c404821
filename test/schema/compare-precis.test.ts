import { foldCase, prepareOpaqueString, prepareUsername } from '../../src/schema/values/precis.js'

describe('UsernameCaseMapped [P-5-01]', () => {
  test.each([
    ['\uff34\uff45\uff53\uff54\uff10', 'test0'],
    ['\u3000', ' '],
    ['\uff76\uff9e', '\u30ac'],
    ['\uffa1', '\u3131'],
    ['\uffbe', '\u314e'],
    ['\uffc2', '\u314f'],
    ['\uffc7', '\u3154'],
    ['\uffca', '\u3155'],
    ['\uffd2', '\u315b'],
    ['\uffdc', '\u3163'],
    ['\uffa0', '\u3164'],
    ['\uffe3', '\u00af'],
    ['\uffe5', '\u00a5'],
    ['\uffee', '\u25cb'],
    ['\u017d', '\u017e'],
    ['I\u0307', 'i\u0307'],
    ['\u212b', '\u00e5'],
  ])('%j is prepared as %j', (text, prepared) => {
    expect(prepareUsername(text)).toBe(prepared)
  })

  test('what is compatible in other ways than width stays apart', () => {
    expect(prepareUsername('\ufb01')).toBe('\ufb01')
    expect(prepareUsername('\u2460')).toBe('\u2460')
  })

  test('width mapping goes one step, as the Unicode Character Database has it', () => {
    // NFKD goes all the way down from both, so a wrong step shows as a difference.
    for (let code = 0xff01; code <= 0xffee; code++) {
      const character = String.fromCharCode(code)
      const prepared = prepareUsername(character)
      expect(prepared.normalize('NFKD')).toBe(character.toLowerCase().normalize('NFKD'))
      expect(/[\uff01-\uffee]/.test(prepared)).toBe(character === character.normalize('NFKC'))
    }
  })
})

describe('OpaqueString', () => {
  test('spaces become SPACE, letter case and width stay', () => {
    expect(prepareOpaqueString('A\u00a0b\u2003\u3000\u1680C')).toBe('A b   C')
    expect(prepareOpaqueString('\uff21')).toBe('\uff21')
    expect(prepareOpaqueString('e\u0301')).toBe('\u00e9')
  })
})

describe('case folding', () => {
  test('is the same for letters before the first combining mark, alone and beside others', () => {
    for (let code = 0; code < 0x300; code++) {
      const letter = String.fromCharCode(code)
      expect(`${foldCase(letter)}\u03c9`).toBe(foldCase(`${letter}\u03a9`))
    }
  })

  test('is what regular expressions without letter case see as equal', () => {
    for (let code = 0x80; code <= 0x1ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const letter = String.fromCodePoint(code)
      const key = foldCase(letter)
      if (key === letter.normalize('NFC') || [...key].length > 1) continue
      expect([letter, new RegExp(`^[${key}]$`, 'iu').test(letter.normalize('NFC'))]).toEqual([letter, true])
    }
  })

  test.each([
    ['\u03a3\u03b1\u03c2', '\u03c3\u03b1\u03c3'],
    ['\u017fo', 'so'],
    ['\u00b5m', '\u03bcm'],
    ['\u1e9e', '\u00df'],
    ['\u212a', 'k'],
    ['H\u0331', '\u1e96'],
    ['\u{10400}', '\u{10428}'],
    ['\u13a0', '\uab70'],
    ['\u1c80', '\u0432'],
  ])('%s and %s are the same', (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other))
  })

  test('dotless i, sharp s and lone surrogates keep to themselves', () => {
    expect(foldCase('\u0131')).not.toBe(foldCase('i'))
    expect(foldCase('\u00df')).not.toBe(foldCase('ss'))
    expect(foldCase('a\ud800')).toBe('a\ud800')
  })

  test('folding twice changes nothing', () => {
    for (let code = 0; code <= 0x1ffff; code++) {
      const once = foldCase(String.fromCodePoint(code))
      if (foldCase(once) !== once) throw new Error(`U+${code.toString(16)}`)
    }
  })
})
