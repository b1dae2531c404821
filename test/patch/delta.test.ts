import { resourceSchema } from '../../src/schema/define/schema.js'
import { ENTERPRISE, groupSchema, type Operations, OWN, patch, tolerant, userSchema } from './support.js'

const members = (...operations: Operations) => patch(groupSchema, operations, { tolerate: tolerant }).delta('members')
const add = (...values: string[]) => ({ op: 'add', path: 'members', value: values.map((value) => ({ value })) })
const remove = (filter: string) => ({ op: 'remove', path: `members[${filter}]` })
const delta = (clear: boolean, gone: string[], come: string[]) => ({
  clear,
  remove: gone,
  add: come.map((value) => ({ value })),
})

describe('delta', () => {
  test.each([
    ['add', [add('a', 'b')], delta(false, [], ['a', 'b'])],
    ['add twice', [add('a'), add('a', 'b')], delta(false, [], ['a', 'b'])],
    ['remove by id', [remove('value eq "a"')], delta(false, ['a'], [])],
    ['remove by or', [remove('value eq "a" or value eq "b" or value eq "c"')], delta(false, ['a', 'b', 'c'], [])],
    ['remove by and', [remove('value eq "a" and (value eq "b" or value eq "a")')], delta(false, ['a'], [])],
    ['remove of what cannot be', [remove('value eq "a" and value eq "b"')], delta(false, [], [])],
    ['remove all', [{ op: 'remove', path: 'members' }], delta(true, [], [])],
    ['replace', [{ op: 'replace', path: 'members', value: [{ value: 'a' }] }], delta(true, [], ['a'])],
    ['replace by nothing', [{ op: 'replace', path: 'members', value: [] }], delta(true, [], [])],
    ['replace by null', [{ op: 'replace', value: { members: null } }], delta(true, [], [])],
    ['last operation wins: remove, add', [remove('value eq "a"'), add('a')], delta(false, [], ['a'])],
    ['last operation wins: add, remove', [add('a', 'b'), remove('value eq "a"')], delta(false, ['a'], ['b'])],
    [
      'all, then some',
      [add('x'), { op: 'remove', path: 'members' }, add('a', 'b'), remove('value eq "a"')],
      delta(true, [], ['b']),
    ],
    // Entra's default job and its flag, Okta, and others.
    ['Add without list', [{ op: 'Add', path: 'members', value: { value: 'a' } }], delta(false, [], ['a'])],
    [
      'Remove by value',
      [{ op: 'Remove', path: 'members', value: [{ value: 'a', $ref: null }] }],
      delta(false, ['a'], []),
    ],
    [
      'Okta',
      [remove('value eq "a"'), { op: 'add', path: 'members', value: [{ value: 'b' }] }],
      delta(false, ['a'], ['b']),
    ],
    ['without path', [{ op: 'add', value: { members: [{ value: 'a' }] } }], delta(false, [], ['a'])],
    ['numbers', [remove('value eq 42')], delta(false, ['42'], [])],
    ['nothing on members', [{ op: 'replace', path: 'displayName', value: 'x' }], delta(false, [], [])],
  ])('%s', (_name, operations, expected) => {
    expect(members(...operations)).toEqual(expected)
  })

  test('what comes keeps its sub-attributes', () => {
    const value = { value: 'a', type: 'User', display: 'A', $ref: '../Users/a' }
    expect(members({ op: 'add', path: 'members', value: [value] })?.add).toEqual([value])
  })

  test.each([
    ['another filter', [remove('type eq "User"')]],
    ['a filter that is not eq alone', [remove('value eq "a" or value sw "b"')]],
    ['a negated filter', [remove('not (value eq "a")')]],
    ['a filter on several sub-attributes', [remove('value eq "a" and type eq "User"')]],
    ['a part of present values', [{ op: 'replace', path: 'members[value eq "a"].type', value: 'User' }]],
    ['a part of all values', [{ op: 'remove', path: 'members.display' }]],
    ['a value made by tolerance', [{ op: 'add', path: 'members[value eq "a"]', value: { type: 'User' } }]],
    ['a removal by something else than the id', [{ op: 'remove', path: 'members', value: [{ display: 'A' }] }]],
    ['one such operation among others', [add('a'), remove('display pr')]],
  ])('undefined where the stored values matter: %s', (_name, operations) => {
    expect(members(...operations)).toBeUndefined()
  })

  test('only references are told apart by their value alone', () => {
    const view = patch(userSchema, [
      { op: 'add', path: 'emails', value: { value: 'a', primary: true } },
      { op: 'add', path: `${OWN}:tags`, value: 'a' },
      { op: 'replace', path: 'title', value: 'x' },
    ])
    expect(view.delta('emails')).toBeUndefined()
    expect(view.delta(`${OWN}:tags`)).toBeUndefined()
    expect(view.delta('title')).toBeUndefined()
    expect(view.delta('nickName')).toBeUndefined()
    expect(view.delta('no such attribute')).toBeUndefined()
    expect(view.delta('constructor')).toBeUndefined()
    expect(view.delta('phoneNumbers')).toEqual(delta(false, [], []))
  })

  test('references with parts that a client may change', () => {
    const owners = `${OWN}:owners`
    const of = (...operations: Operations) => patch(userSchema, operations, { tolerate: tolerant }).delta(owners)
    expect(of({ op: 'add', path: owners, value: { value: 'a', $ref: 'x' } })).toEqual({
      clear: false,
      remove: [],
      add: [{ value: 'a', $ref: 'x' }],
    })
    expect(of({ op: 'remove', path: owners, value: ['a'] })).toEqual(delta(false, ['a'], []))
    expect(of({ op: 'remove', path: OWN })).toEqual(delta(true, [], []))
    expect(of({ op: 'add', path: owners, value: { value: 'a', role: 'chief' } })).toBeUndefined()
    expect(of({ op: 'replace', path: owners, value: { value: 'a' } })).toBeUndefined()
    expect(of({ op: 'replace', path: owners, value: [] })).toEqual(delta(true, [], []))
    const again = [
      { op: 'remove', path: `${owners}[value eq "a"]` },
      { op: 'add', path: owners, value: { value: 'a' } },
    ]
    expect(of(...again)).toBeUndefined()
  })

  test('references with several parts that a client may change', () => {
    const subAttributes = [
      { name: 'value' },
      { name: '$ref', type: 'reference' },
      { name: 'role' },
      { name: 'note' },
    ] as const
    const attributes = [
      { name: 'owners', type: 'complex', multiValued: true, subAttributes },
      { name: 'founders', type: 'complex', multiValued: true, mutability: 'immutable', subAttributes },
    ] as const
    const schema = resourceSchema({ id: 'urn:example:Club', attributes })
    const of = (name: string, ...values: unknown[]) =>
      patch(
        schema,
        values.map((value) => ({ op: 'add', path: name, value })),
      ).delta(name)
    expect(of('owners', { value: 'a', note: 'x' })).toBeUndefined()
    expect(of('owners', { value: 'a' }, { value: 'a' })).toEqual(delta(false, [], ['a']))
    // Whether there was one before matters where none may follow.
    expect(of('founders', { value: 'a' })).toBeUndefined()
  })

  test('the same reference again says nothing new', () => {
    const first = { value: 'a', type: 'User' }
    const again = { op: 'add', path: 'members', value: [{ value: 'a' }] }
    expect(members({ op: 'add', path: 'members', value: [first] }, again)?.add).toEqual([first])
  })

  test('a required list: what is left matters', () => {
    const subAttributes = [{ name: 'value' }, { name: '$ref', type: 'reference', mutability: 'immutable' }] as const
    const attributes = [{ name: 'owners', type: 'complex', multiValued: true, required: true, subAttributes }] as const
    const schema = resourceSchema({ id: 'urn:example:Team', attributes })
    const of = (...operations: Operations) => patch(schema, operations).delta('owners')
    expect(of({ op: 'remove', path: 'owners[value eq "a"]' })).toBeUndefined()
    expect(of({ op: 'add', path: 'owners', value: { value: 'a' } })).toEqual(delta(false, [], ['a']))
  })

  test('the same answer is given again', () => {
    const view = patch(groupSchema, [add('a')])
    expect(view.delta('members')).toBe(view.delta('members'))
    expect(Object.isFrozen(view.delta('members'))).toBe(true)
  })
})

describe('set', () => {
  const set = (...operations: Operations) => patch(userSchema, operations).set

  test('final values of singular attributes', () => {
    const operations = [
      { op: 'replace', path: 'title', value: 'x' },
      { op: 'add', value: { title: 'y', active: false } },
      { op: 'remove', path: 'nickName' },
      { op: 'replace', path: 'displayName', value: null },
      { op: 'remove', path: 'name' },
      { op: 'add', path: 'emails', value: { value: 'a' } },
    ]
    expect(set(...operations)).toStrictEqual({
      title: 'y',
      active: false,
      nickName: undefined,
      displayName: undefined,
      name: undefined,
    })
  })

  test('undefined where an immutable attribute of the resource itself is set', () => {
    const schema = resourceSchema({
      id: 'urn:example:Box',
      attributes: [{ name: 'title' }, { name: 'fixed', mutability: 'immutable' }],
    })
    expect(patch(schema, [{ op: 'add', value: { title: 'x' } }]).set).toEqual({ title: 'x' })
    expect(patch(schema, [{ op: 'add', value: { title: 'x', fixed: 'y' } }]).set).toBeUndefined()
  })

  test('nothing singular is touched', () => {
    expect(set({ op: 'remove', path: 'emails' })).toStrictEqual({})
    expect(set({ op: 'replace', value: {} })).toStrictEqual({})
  })

  test.each([
    ['a merge into a complex value', { op: 'replace', path: 'name', value: { givenName: 'B' } }],
    ['a part of one', { op: 'replace', path: 'name.givenName', value: 'B' }],
    ['a filter behind one', { op: 'remove', path: 'name[givenName eq "B"]' }],
    ['the object of an extension', { op: 'replace', path: `${ENTERPRISE}:department`, value: 'x' }],
    ['a whole extension', { op: 'remove', path: ENTERPRISE }],
    ['an immutable attribute', { op: 'add', path: `${OWN}:fixed`, value: 'x' }],
    ['a readOnly one that may only be repeated', { op: 'replace', value: { id: 'u1' } }],
  ])('undefined where what is stored matters: %s', (_name, operation) => {
    expect(set({ op: 'replace', path: 'title', value: 'x' }, operation)).toBeUndefined()
  })
})

test('attributes are the keys that are touched', () => {
  const view = patch(userSchema, [
    { op: 'replace', path: 'name.givenName', value: 'x' },
    { op: 'remove', path: 'EMAILS[type eq "work"].display' },
    { op: 'add', path: `${ENTERPRISE}:manager.value`, value: 'x' },
    { op: 'replace', value: { title: 'x' } },
  ])
  expect([...view.attributes]).toEqual(['name', 'emails', ENTERPRISE, 'title'])
})
