import { readInstant } from '../../src/schema/values/date-time.js'

test.each([
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '2000-02-29T12:00:00Z',
  '2011-05-13T04:42:34.5Z',
  '2011-05-13T06:42:34+02:00',
  '2011-05-12T23:12:34-05:30',
  '1600-03-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
])('%s is the instant that Date.parse knows [S-2.3.5-01]', (text) => {
  expect(readInstant(text)).toBe(Date.parse(text))
})

test('every day of four centuries', () => {
  for (let time = Date.UTC(1899, 0, 1); time < Date.UTC(2301, 0, 1); time += 86_400_000) {
    if (readInstant(new Date(time).toISOString()) !== time) throw new Error(new Date(time).toISOString())
  }
})

test('one instant in several notations', () => {
  const instant = Date.UTC(2011, 4, 13)
  for (const text of [
    '2011-05-13T00:00:00',
    '2011-05-12T24:00:00Z',
    '2011-05-13T00:00:00.000000+00:00',
    '2011-05-12T10:00:00-14:00',
  ]) {
    expect(readInstant(text)).toBe(instant)
  }
  expect(readInstant('2016-12-31T23:59:60Z')).toBe(Date.UTC(2017, 0, 1))
  expect(readInstant('0000-03-01T00:00:00Z')).toBe(Date.parse('0000-03-01T00:00:00Z'))
  expect(readInstant('0099-12-31T00:00:00Z')).toBe(Date.parse('0099-12-31T00:00:00Z'))
})

test('fractions of any length are kept, zeros at their end do not count', () => {
  expect(readInstant('2011-05-13T04:42:34.1234567Z')).toBe(readInstant('2011-05-13T06:42:34.123456700+02:00'))
  expect(readInstant('2011-05-13T04:42:34.1234567Z')).not.toBe(readInstant('2011-05-13T04:42:34.1234568Z'))
  expect(readInstant('2011-05-13T04:42:34.123000Z')).toBe(Date.parse('2011-05-13T04:42:34.123Z'))
})

test.each([
  '',
  '2011-05-13',
  '04:42:34Z',
  '2011-05-13 04:42:34Z',
  '2011-05-13t04:42:34z',
  '2011-05-13T04:42Z',
  '2011-5-13T04:42:34Z',
  '2011-13-01T00:00:00Z',
  '2011-00-01T00:00:00Z',
  '2011-05-00T00:00:00Z',
  '2011-04-31T00:00:00Z',
  '2011-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2011-05-13T25:00:00Z',
  '2011-05-13T24:00:01Z',
  '2011-05-13T24:00:00.1Z',
  '2011-05-13T04:60:00Z',
  '2011-05-13T04:42:61Z',
  '2011-05-13T04:42:34.Z',
  '2011-05-13T04:42:34+14:01',
  '2011-05-13T04:42:34+02',
  '2011-05-13T04:42:34+02:60',
  '2011-05-13T04:42:34Zx',
  '2011-05-13T04:42:34Z\n',
  '123456-05-13T04:42:34Z',
])('%j is none [S-2.3.5-01]', (text) => {
  expect(readInstant(text)).toBeUndefined()
})

// With an expression that looks for the zeros at the end, this takes minutes.
test('a fraction as long as a body', () => {
  const zeros = '0'.repeat(500_000)
  expect(readInstant(`2011-05-13T04:42:34.${zeros}1Z`)).toBe(
    `${readInstant(`2011-05-13T04:42:34.${zeros.slice(1)}1Z`)}`.replace(/1$/, '01'),
  )
  expect(readInstant(`2011-05-13T04:42:34.${zeros}Z`)).toBe(readInstant('2011-05-13T04:42:34Z'))
})
