import { listedValues } from '../../src/patch/listed-values.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeIn, OWN, userSchema } from './support.js'

const find = (...names: string[]) => attributeIn(userSchema, ...names)

const emails = find('emails')

/** Which of the values are listed. */
function chosen(attribute: Attribute, entries: readonly unknown[], values: readonly unknown[]): unknown[] {
  return values.filter(listedValues(attribute, entries).meets)
}

describe('what a remove lists (A-97)', () => {
  const work = { value: 'a', type: 'work', display: 'A' }
  const home = { value: 'b', type: 'home', display: 'A' }
  const bare = { type: 'home' }

  test('simple values as they compare', () => {
    expect(chosen(find(OWN, 'tags'), ['A', 'c'], ['a', 'b', 'C'])).toEqual(['a', 'C'])
    expect(chosen(find(OWN, 'codes'), ['A'], ['a', 'A'])).toEqual(['A'])
  })

  test('values by their value alone', () => {
    expect(chosen(emails, [{ value: 'A', type: 'other', display: 'x' }], [work, home, bare])).toEqual([work])
    expect(chosen(emails, [{ value: 'a' }, { value: 'b' }], [work, home, bare])).toEqual([work, home])
  })

  test('else by every part of the entry', () => {
    expect(chosen(emails, [{ display: 'a' }], [work, home, bare])).toEqual([work, home])
    expect(chosen(emails, [{ display: 'a', type: 'home' }], [work, home, bare])).toEqual([home])
    expect(chosen(emails, [{ display: 'a', type: 'home', value: null }], [work, home, bare])).toEqual([home])
    expect(chosen(emails, [{ type: 'home', display: null }], [work, home, bare])).toEqual([home, bare])
  })

  test('each entry by its own parts', () => {
    expect(chosen(emails, [{ value: 'a' }, { type: 'home' }, { value: 'c' }], [work, home, bare])).toEqual([
      work,
      home,
      bare,
    ])
    expect(chosen(emails, [{ type: 'work' }, { display: 'home' }], [work, home, bare])).toEqual([work])
  })

  test('values that have no sub-attribute value', () => {
    const devices = find(OWN, 'devices')
    const values = [
      { serial: 'S', kind: 'x' },
      { serial: 'T', kind: 'x' },
    ]
    expect(chosen(devices, [{ serial: 'S' }], values)).toEqual([values[0]])
    expect(chosen(devices, [{ kind: 'X' }], values)).toEqual(values)
  })

  test('names that read alike when they are put together', () => {
    const { root } = resourceSchema({
      id: 'urn:example:Alike',
      attributes: [
        {
          name: 'pairs',
          type: 'complex',
          multiValued: true,
          subAttributes: [{ name: 'a' }, { name: 'ab' }, { name: 'bc' }, { name: 'c' }],
        },
      ],
    })
    const values = [{ a: 'x', bc: 'y' }, { a: 'x' }, { ab: 'x', c: 'y' }]
    const entries = [
      { ab: 'x', c: 'y' },
      { a: 'x', bc: 'y' },
    ]
    expect(chosen(root.subAttribute('pairs') as Attribute, entries, values)).toEqual([values[0], values[2]])
  })

  test.each([[{}], [{ value: null }], [{ unknown: 'a' }], [null], ['a'], [[]]])('%j chooses nothing', (entry) => {
    expect(chosen(emails, [entry], [work, bare, {}, null, 'a'])).toEqual([])
  })

  test('no entry chooses nothing', () => {
    expect(chosen(emails, [], [work, bare])).toEqual([])
    expect(chosen(find(OWN, 'tags'), [], ['a'])).toEqual([])
  })
})
