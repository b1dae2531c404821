import { strict, tolerant } from '../../src/compatibility.js'
import { readLiteral } from '../../src/filter/literal.js'
import { ACME, refusal, user } from './fixture.js'

function find(name: string) {
  const attribute = user.find({ urn: undefined, name, sub: undefined })
  if (!attribute) throw new Error(`no ${name}`)
  return attribute
}

describe('a refusal names the literal that the attribute must be compared with', () => {
  test.each([
    ['title', true, 'Attribute "title" is of type string; it must be compared with a string in double quotes.'],
    ['home', true, `Attribute "${ACME}:home" is of type reference; it must be compared with a URI in double quotes.`],
    [
      'blob',
      true,
      `Attribute "${ACME}:blob" is of type binary; it must be compared with base64 text in double quotes.`,
    ],
    [
      'hired',
      'soon',
      `Attribute "${ACME}:hired" is of type dateTime; it must be compared with a date and time such as "2011-05-13T04:42:34Z".`,
    ],
    ['active', 1, 'Attribute "active" is of type boolean; it must be compared with true or false without quotes.'],
    ['level', 'a', `Attribute "${ACME}:level" is of type integer; it must be compared with a number.`],
    ['score', true, `Attribute "${ACME}:score" is of type decimal; it must be compared with a number.`],
  ])('%s is not %p', (name, value, sentence) => {
    expect(refusal(() => readLiteral(value, undefined, find(name), tolerant))).toBe(`invalidFilter: ${sentence}`)
  })
})

describe('booleans as text, by tolerance', () => {
  test.each([
    ['true', true],
    ['TRUE', true],
    ['False', false],
  ])('%s', (value, expected) => {
    expect(readLiteral(value, undefined, find('active'), tolerant)).toBe(expected)
    expect(() => readLiteral(value, undefined, find('active'), strict)).toThrow('is of type boolean')
    // Between single quotes it is a text, which the attribute does not hold.
    expect(() => readLiteral(value, `'${value}'`, find('active'), tolerant)).toThrow('is of type boolean')
  })

  test.each(['truex', 'xtrue', 'falsex', 'xfalse', '', 'true\n'])('not %j', (value) => {
    expect(() => readLiteral(value, undefined, find('active'), tolerant)).toThrow('is of type boolean')
  })
})

test('numbers for text, by tolerance, as they were written', () => {
  expect(readLiteral(1, '1.0', find('title'), tolerant)).toBe('1.0')
  expect(readLiteral(1, undefined, find('title'), tolerant)).toBe('1')
  expect(readLiteral(1, undefined, find('home'), tolerant)).toBe('1')
  expect(() => readLiteral(1, undefined, find('title'), strict)).toThrow('is of type string')
})
