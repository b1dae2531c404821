import { identityOf, subKey } from '../../src/patch/identity.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { groupSchema, userSchema } from './support.js'

const schema = resourceSchema({
  id: 'urn:example:Parts',
  attributes: [
    {
      name: 'plans',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'name' },
        { name: 'ports', type: 'integer', multiValued: true },
        { name: 'primary', type: 'boolean' },
        { name: 'fixed', mutability: 'immutable' },
        { name: 'seen', mutability: 'readOnly' },
      ],
    },
    { name: 'marks', type: 'complex', multiValued: true, subAttributes: [{ name: 'value' }, { name: 'note' }] },
    {
      name: 'owners',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value' },
        { name: '$ref', type: 'reference' },
        { name: 'role' },
        { name: 'fixed', mutability: 'immutable' },
        { name: 'seen', mutability: 'readOnly' },
      ],
    },
  ],
})

function find(name: string, { root } = schema): Attribute {
  const attribute = root.subAttribute(name)
  if (!attribute) throw new Error(`no ${name}`)
  return attribute
}

const changeable = (name: string, of = schema) => identityOf(find(name, of)).changeable.map((sub) => sub.name)

/** Whether two values are the same. Their heads and tails must agree with their keys. */
function isOne(name: string, one: unknown, other: unknown, of = schema): boolean {
  const { keyOf, headOf, tailOf } = identityOf(find(name, of))
  const isSame = keyOf(one) === keyOf(other)
  const head = headOf(one)
  expect(headOf(other) === head && tailOf(one, head) === tailOf(other, head)).toBe(isSame)
  return isSame
}

test('it is made once for each attribute', () => {
  expect(identityOf(find('plans'))).toBe(identityOf(find('plans')))
  expect(identityOf(find('plans'))).not.toBe(identityOf(find('owners')))
})

describe('what a client may still say about a value that is there', () => {
  test('of a simple value nothing', () => expect(changeable('schemas')).toHaveLength(0))

  test('of one that is known by all its parts whether it is primary', () => {
    expect(changeable('plans')).toEqual(['primary'])
  })

  test('of one that is known by type and value the rest', () => {
    expect(changeable('emails', userSchema)).toEqual(['display', 'primary'])
    expect(changeable('marks')).toEqual(['note'])
  })

  test("of a reference what is the client's own", () => {
    expect(changeable('owners')).toEqual(['role'])
    expect(changeable('members', groupSchema)).toEqual([])
  })
})

describe('values without an identifier', () => {
  test('are told by all parts that a client gives', () => {
    expect(isOne('plans', { name: 'a', ports: [1, 2] }, { name: 'A', ports: [2, 1] })).toBe(true)
    expect(isOne('plans', { name: 'a', ports: [1, 2] }, { name: 'a', ports: [1, 3] })).toBe(false)
    expect(isOne('plans', { name: 'a', fixed: 'x' }, { name: 'a', fixed: 'y' })).toBe(false)
    // Not by `primary`, nor by parts that the server gives.
    expect(isOne('plans', { name: 'a', primary: true }, { name: 'a', primary: false })).toBe(true)
    expect(isOne('plans', { name: 'a', seen: 'x' }, { name: 'a', seen: 'y' })).toBe(true)
  })

  test('parts do not run into each other', () => {
    expect(isOne('plans', { name: 'ab', fixed: 'c' }, { name: 'a', fixed: 'bc' })).toBe(false)
    expect(isOne('plans', { name: 'a' }, { fixed: 'a' })).toBe(false)
  })

  test('null and an empty list are no value', () => {
    expect(isOne('plans', { name: 'a', ports: null }, { name: 'a' })).toBe(true)
    expect(isOne('plans', { name: 'a', ports: [] }, { name: 'a' })).toBe(true)
    expect(isOne('plans', { name: 'a', fixed: null }, { name: 'a' })).toBe(true)
  })
})

describe('[S-2.4-04] type and value', () => {
  test('tell values apart, whatever else they say', () => {
    expect(isOne('emails', { value: 'a', display: 'x' }, { value: 'A', display: 'y' }, userSchema)).toBe(true)
    expect(isOne('emails', { value: 'a', type: 'work' }, { value: 'a', type: 'home' }, userSchema)).toBe(false)
    expect(isOne('marks', { value: 'a', note: 'x' }, { value: 'a', note: 'y' })).toBe(true)
    expect(isOne('marks', { value: 'a' }, { value: 'b' })).toBe(false)
  })

  test('a type that is no text, or begins like one that is none, is another', () => {
    const types = [undefined, 'work', '', '\0', '\0=work', 7, true, { a: 1 }, '{"a":1}', ['work']]
    for (const one of types) {
      for (const other of types) {
        expect(isOne('emails', { value: 'a', type: one }, { value: 'a', type: other }, userSchema)).toBe(one === other)
      }
    }
    expect(isOne('emails', { value: 'a', type: null }, { value: 'a' }, userSchema)).toBe(true)
    expect(isOne('emails', { value: 'a', type: 'Work' }, { value: 'A', type: 'work' }, userSchema)).toBe(true)
  })

  test('where there is no value the rest counts', () => {
    for (const value of [undefined, null, {}]) {
      expect(
        isOne('emails', { type: 'work', value, display: 'x' }, { type: 'work', value, display: 'y' }, userSchema),
      ).toBe(false)
    }
  })
})

describe('references', () => {
  test('are known by their id, which a store may have as a number', () => {
    expect(isOne('owners', { value: 'a', role: 'x' }, { value: 'a', $ref: 'y' })).toBe(true)
    expect(isOne('owners', { value: 'a' }, { value: 'A' })).toBe(false)
    expect(isOne('owners', { value: 7 }, { value: '7' })).toBe(true)
  })

  test('without an id they are told by the rest, and no id is like them', () => {
    expect(isOne('owners', { role: 'x' }, { role: 'y' })).toBe(false)
    expect(isOne('owners', { role: 'x' }, { role: 'X' })).toBe(true)
    const { keyOf } = identityOf(find('owners'))
    expect(keyOf({ value: keyOf({ role: 'x' }).slice(1) })).not.toBe(keyOf({ role: 'x' }))
  })
})

describe('what a store has where a value should be', () => {
  test.each(['owners', 'plans', 'marks'])('%s: null and text are no value that could be meant', (name) => {
    const { keyOf } = identityOf(find(name))
    expect(keyOf('text')).toBe(keyOf(null))
    expect(keyOf(undefined)).toBe(keyOf(null))
    expect(keyOf({ value: 'text', name: 'text' })).not.toBe(keyOf('text'))
  })

  test('objects where text should be differ from each other, and from the text that is written like them', () => {
    expect(isOne('marks', { value: { a: 1 } }, { value: { a: 2 } })).toBe(false)
    expect(isOne('marks', { value: { a: 1 } }, { value: { a: 1 } })).toBe(true)
    expect(isOne('marks', { value: { a: 1 } }, { value: '{"a":1}' })).toBe(false)
  })
})

test('the key by some parts is empty for what has none', () => {
  const byName = subKey([find('plans').subAttribute('name') as Attribute])
  expect(byName({ name: 'a' })).toBe(byName({ name: 'A', fixed: 'x' }))
  expect(byName({ name: 'a' })).not.toBe(byName({ fixed: 'a' }))
  expect(byName(['a'])).toBe('')
})
