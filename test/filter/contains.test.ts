import fc from 'fast-check'
import { contains } from '../../src/filter/contains.js'

const letters = fc.constantFrom('a', 'b')
const fewLetters = (range: fc.StringConstraints): fc.Arbitrary<string> => fc.string({ unit: letters, ...range })

test('it finds what includes finds', () => {
  const texts = fewLetters({ minLength: 4_090, maxLength: 4_400, size: 'max' })
  const places = fc.record({
    from: fc.nat(4_300),
    length: fc.integer({ min: 60, max: 90 }),
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
  const shapes = fc.record({ unit: word, tail: word, times: fc.nat(6), begun: fc.nat(90) })
  fc.assert(
    fc.property(shapes, ({ unit, tail, times, begun }) => {
      const part = unit.repeat(Math.ceil(64 / unit.length)) + tail + unit.repeat(times) + tail
      const text = 'ab.'.repeat(1_370) + part.slice(0, begun) + part
      expect(contains(part)(text)).toBe(true)
      expect(contains(part)(text.slice(0, -1))).toBe(text.slice(0, -1).includes(part))
    }),
    { numRuns: 500 },
  )
})

test.each(['', 'a', 'ab'.repeat(40), `${'a'.repeat(70)}b`, `b${'a'.repeat(70)}`])(
  'the part %j, at the beginning, in the middle, at the end and nowhere',
  (part) => {
    const filling = 'ab.'.repeat(1_370)
    const has = contains(part)
    for (const text of [part + filling, filling + part + filling, filling + part, part]) expect(has(text)).toBe(true)
    for (const text of [filling, `${filling}${part.slice(1)}`, '']) expect(has(text)).toBe(text.includes(part))
  },
)
