import { contains } from '../../src/filter/contains.js'

// If nearly every place of the text begins like the part, comparing each place takes minutes. No test has so much time.
test('a part with a border takes no longer than another', () => {
  const has = contains(`${'a'.repeat(4_000)}b${'a'.repeat(4_000)}`)
  const text = 'a'.repeat(1_000_000)
  for (let count = 0; count < 60; count += 1) expect(has(text)).toBe(false)
})
