import { strict, tolerant } from '../../src/compatibility.js'
import { readLiteral } from '../../src/filter/literal.js'
import { ACME, refusal, user } from './fixture.js'

function find(name: string) {
  const attribute = user.find({ urn: undefined, name, sub: undefined })
  if (!attribute) throw new Error(`no ${name}`)
  return attribute
}

describe('what is needed is named', () => {
  test.each([
    ['title', true, 'Attribute "title" is of type string; a string in double quotes is needed.'],
    ['home', true, `Attribute "${ACME}:home" is of type reference; a URI in double quotes is needed.`],
    ['blob', true, `Attribute "${ACME}:blob" is of type binary; base64 text in double quotes is needed.`],
    [
      'hired',
      'soon',
      `Attribute "${ACME}:hired" is of type dateTime; a date and time such as "2011-05-13T04:42:34Z" is needed.`,
    ],
    ['active', 1, 'Attribute "active" is of type boolean; true or false without quotes is needed.'],
    ['level', 'a', `Attribute "${ACME}:level" is of type integer; a number is needed.`],
    ['score', true, `Attribute "${ACME}:score" is of type decimal; a number is needed.`],
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
