import fc from 'fast-check'
import { contains, SHORT_PART, SHORT_TEXT } from '../../src/filter/contains.js'

// Texts and parts on both sides of the lengths from which another search is used.
const FILLING = 'ab.'.repeat(Math.ceil(SHORT_TEXT / 3) + 4)
const letters = fc.constantFrom('a', 'b')
const fewLetters = (range: fc.StringConstraints): fc.Arbitrary<string> => fc.string({ unit: letters, ...range })

test('it finds what includes finds', () => {
  const texts = fewLetters({ minLength: SHORT_TEXT - 6, maxLength: SHORT_TEXT + 304, size: 'max' })
  const places = fc.record({
    from: fc.nat(SHORT_TEXT + 204),
    length: fc.integer({ min: SHORT_PART - 4, max: SHORT_PART + 26 }),
    more: fewLetters({ maxLength: 2 }),
  })
  fc.assert(
    fc.property(texts, places, (text, { from, length, more }) => {
      const part = text.slice(from, from + length) + more
      expect(contains(part)(text)).toBe(text.includes(part))
    }),
    { numRuns: 20 },
  )
})

test('it finds a part that repeats itself, behind a beginning of it', () => {
  const word = fewLetters({ minLength: 1, maxLength: 5 })
  const shapes = fc.record({ unit: word, tail: word, times: fc.nat(6), begun: fc.nat(SHORT_PART + 26) })
  fc.assert(
    fc.property(shapes, ({ unit, tail, times, begun }) => {
      const part = unit.repeat(Math.ceil(SHORT_PART / unit.length)) + tail + unit.repeat(times) + tail
      const text = FILLING + part.slice(0, begun) + part
      expect(contains(part)(text)).toBe(true)
      expect(contains(part)(text.slice(0, -1))).toBe(text.slice(0, -1).includes(part))
    }),
    { numRuns: 500 },
  )
})

test.each(['', 'a', 'ab'.repeat(40), `${'a'.repeat(70)}b`, `b${'a'.repeat(70)}`])(
  'the part %j, at the beginning, in the middle, at the end and nowhere',
  (part) => {
    const filling = FILLING
    const has = contains(part)
    for (const text of [part + filling, filling + part + filling, filling + part, part]) expect(has(text)).toBe(true)
    for (const text of [filling, `${filling}${part.slice(1)}`, '']) expect(has(text)).toBe(text.includes(part))
  },
)
