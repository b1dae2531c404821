import { parseFilter } from '../../src/filter/parse.js'
import { resolveValueFilter } from '../../src/filter/resolve.js'
import { createdValue } from '../../src/patch/created-value.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeIn, OWN, userSchema } from './support.js'

const find = (...names: string[]) => attributeIn(userSchema, ...names)

/** The value that is made at `attribute[filter].sub`. */
function created(attribute: Attribute, filter: string | undefined, value: unknown, sub?: string): unknown {
  return createdValue(
    {
      attribute,
      filter: filter === undefined ? undefined : resolveValueFilter(parseFilter(filter), userSchema, attribute),
      subAttribute: sub === undefined ? undefined : attribute.subAttribute(sub),
    },
    value,
  )
}

const emails = find('emails')
const badge = find(OWN, 'badge')
const devices = find(OWN, 'devices')

describe('a value is made of the eq terms of the filter and what is set (A-51)', () => {
  test.each<[string, unknown, string | undefined, unknown]>([
    ['type eq "work"', 'a', 'value', { type: 'work', value: 'a' }],
    ['type eq "work" and primary eq true', 'a', 'value', { type: 'work', primary: true, value: 'a' }],
    [
      'type eq "work" and (primary eq true and display eq "A")',
      'a',
      'value',
      {
        type: 'work',
        primary: true,
        display: 'A',
        value: 'a',
      },
    ],
    ['type eq "work"', { value: 'a', display: 'A' }, undefined, { type: 'work', value: 'a', display: 'A' }],
    ['type eq "work"', { value: 'a', display: null }, undefined, { type: 'work', value: 'a' }],
    ['type eq "work"', { value: 'a', unknown: 'x' }, undefined, { type: 'work', value: 'a' }],
    // Values that compare as equal are no contradiction: the last one counts.
    ['type eq "work"', 'WORK', 'type', { type: 'WORK' }],
    ['type eq "work" and type eq "Work"', 'a', 'value', { type: 'work', value: 'a' }],
  ])('%s and %j', (filter, value, sub, expected) => {
    expect(created(emails, filter, value, sub)).toEqual(expected)
  })

  test.each<[string, unknown, string | undefined]>([
    ['type ne "work"', 'a', 'value'],
    ['type sw "work"', 'a', 'value'],
    ['type pr', 'a', 'value'],
    ['type eq null', 'a', 'value'],
    ['not (type eq "work")', 'a', 'value'],
    ['type eq "work" or type eq "home"', 'a', 'value'],
    ['type eq "work" and display pr', 'a', 'value'],
    ['type eq "work" and type eq "home"', 'a', 'value'],
    ['type eq "work"', 'home', 'type'],
    ['type eq "work"', { type: 'home' }, undefined],
    ['type eq "work"', 'no object', undefined],
  ])('none of %s and %j', (filter, value, sub) => {
    expect(created(emails, filter, value, sub)).toBeUndefined()
  })

  test('several values of a part', () => {
    expect(created(badge, 'holes eq 1', '7', 'number')).toEqual({ holes: [1], number: '7' })
    expect(created(badge, 'holes eq 1 and holes eq 2', '7', 'number')).toBeUndefined()
    expect(created(badge, 'holes eq 1', { holes: [1, 2] })).toEqual({ holes: [1, 2] })
  })

  test('what the server says of a value cannot be demanded', () => {
    expect(created(devices, 'serial eq "S" and seen eq "today"', 'phone', 'kind')).toBeUndefined()
    expect(created(devices, 'serial eq "S"', 'phone', 'kind')).toEqual({ serial: 'S', kind: 'phone' })
  })

  test('no value can be made of simple ones, nor without a filter', () => {
    expect(created(find(OWN, 'tags'), 'value eq "a"', 'b')).toBeUndefined()
    expect(created(emails, undefined, { value: 'a' })).toBeUndefined()
  })

  test('to set nothing at what is not there is done already', () => {
    expect(created(emails, 'type pr', undefined)).toEqual({})
    expect(created(find(OWN, 'tags'), 'value eq "a"', undefined)).toEqual({})
  })
})
