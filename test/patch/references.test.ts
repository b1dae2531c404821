import { parseFilter } from '../../src/filter/parse.js'
import { resolveValueFilter } from '../../src/filter/resolve.js'
import { removedReferences } from '../../src/patch/references.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { groupSchema, userSchema } from './support.js'

const members = groupSchema.root.subAttribute('members') as Attribute
const emails = userSchema.root.subAttribute('emails') as Attribute

/** The ids that a remove takes away; undefined where they cannot be told. */
function removed(filter: string | undefined, value?: unknown, attribute = members, sub?: string): string[] | undefined {
  const schema = attribute === members ? groupSchema : userSchema
  const identifiers = removedReferences({
    op: 'remove',
    attribute,
    filter: filter === undefined ? undefined : resolveValueFilter(parseFilter(filter), schema, attribute),
    subAttribute: sub === undefined ? undefined : attribute.subAttribute(sub),
    value,
    create: undefined,
  })
  return identifiers && [...identifiers]
}

test.each([
  ['value eq "a"', ['a']],
  ['value eq "a" or value eq "b" or value eq "a"', ['a', 'b']],
  ['value eq "a" and value eq "a"', ['a']],
  ['value eq "a" and value eq "b"', []],
  ['(value eq "a" or value eq "b") and (value eq "b" or value eq "c")', ['b']],
  ['(value eq "a" or value eq "b") and value eq "a" and value eq "b"', []],
  ['(value eq "a" and value eq "b") or value eq "c"', ['c']],
])('%s', (filter, identifiers) => {
  expect(removed(filter)).toEqual(identifiers)
})

test.each([
  'value ne "a"',
  'value sw "a"',
  'value pr',
  'value eq null',
  'type eq "a"',
  'not (value eq "a")',
  'value eq "a" or type eq "User"',
  'value eq "a" or value ne "b"',
  'type eq "User" and value eq "a"',
  'value eq "a" and type eq "User"',
])('%s: what is stored matters', (filter) => {
  expect(removed(filter)).toBeUndefined()
})

test('a list of references', () => {
  expect(removed(undefined, [{ value: 'a' }, { value: 'b', type: 'User' }])).toEqual(['a', 'b'])
  expect(removed(undefined, [])).toEqual([])
  for (const entry of [{ type: 'User' }, { value: null }, { value: 5 }, 'a', null]) {
    expect(removed(undefined, [{ value: 'a' }, entry])).toBeUndefined()
  }
})

test('all, a part of them, or both a filter and a list', () => {
  expect(removed(undefined)).toBeUndefined()
  expect(removed('value eq "a"', [{ value: 'a' }])).toBeUndefined()
  expect(removed('value eq "a"', undefined, members, 'display')).toBeUndefined()
  expect(removed(undefined, [{ value: 'a' }], members, 'display')).toBeUndefined()
})

test('values that are no references', () => {
  expect(removed('value eq "a"', undefined, emails)).toBeUndefined()
  expect(removed(undefined, [{ value: 'a' }], emails)).toBeUndefined()
})
