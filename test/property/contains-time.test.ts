import { contains } from '../../src/filter/contains.js'

// Where every place of the text nearly is one, the product of the lengths is minutes. No test has so much time.
test('a part with a border takes no longer than another', () => {
  const has = contains(`${'a'.repeat(4_000)}b${'a'.repeat(4_000)}`)
  const text = 'a'.repeat(1_000_000)
  for (let count = 0; count < 60; count += 1) expect(has(text)).toBe(false)
})
