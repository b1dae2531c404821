import { foldCase, prepareOpaqueString, prepareUsername } from '../../src/schema/values/precis.js'
import { normalFormC } from '../../src/schema/values/unicode-form.js'

const ACUTE = '\u0301'
const BELOW = '\u0316'

test.each([
  '',
  'é',
  'e\u0301',
  'q\u0307\u0323',
  '\u1100\u1161\u11a8',
  `a${ACUTE.repeat(10)}${BELOW.repeat(10)}`,
  'x'.repeat(100),
])('%j is in normalization form C as Unicode has it', (text) => {
  expect(normalFormC(text)).toBe(text.normalize('NFC'))
})

test('the order of 30 marks does not matter, nor how what stands before them is written', () => {
  const [above, below] = [ACUTE.repeat(14), BELOW.repeat(14)]
  expect(normalFormC(`a${above}${below}`)).toBe(normalFormC(`a${below}${above}`))
  expect(normalFormC(`\u00e1${below}`)).toBe(normalFormC(`a${below}${ACUTE}`))
})

test('texts with more marks than that still differ, and begin with what they begin with', () => {
  const text = `a${ACUTE.repeat(100)}`
  expect(normalFormC(`${text}${ACUTE}`)).not.toBe(normalFormC(text))
  expect(normalFormC(`${text}${ACUTE}`).startsWith(normalFormC(text))).toBe(true)
})

test('texts with more marks than that differ wherever one of their marks differs, and keep all of them', () => {
  const marks = Array.from({ length: 100 }, () => ACUTE)
  const plain = normalFormC(`q${marks.join('')}`)
  for (const position of [0, 29, 30, 59, 99]) {
    const other = normalFormC(`q${marks.with(position, BELOW).join('')}`)
    expect(other).not.toBe(plain)
    expect(other.replaceAll('\u034f', '')).toHaveLength(101)
  }
})

// Each function takes minutes if it orders marks by insertion over the whole text, and no test has so much time.
test.each([
  ['normalFormC', normalFormC],
  ['foldCase', foldCase],
  ['prepareUsername', prepareUsername],
  ['prepareOpaqueString', prepareOpaqueString],
])('%s takes a body of nothing but marks', (_name, prepare) => {
  const most = 250_000
  expect(prepare(`a${ACUTE.repeat(most)}${BELOW.repeat(most)}`).length).toBeGreaterThan(2 * most)
})
