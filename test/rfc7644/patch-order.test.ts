import { EnterpriseUser, type ResourceAdapter, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { Device, Rack, Warranty } from '../rfc7643/device.js'
import { patcher, STORES } from './patch-service.js'

const URN = EnterpriseUser.id

describe.each(STORES)('operations of one request, with %s', (_store, options) => {
  const { createUser, createDevice, createGroup, change, refuse, leave, read } = patcher(options)

  test('[P-3.5.2-11] are applied in order, each to the result of the one before', async () => {
    const after = await change(
      await createUser({ title: 'first' }),
      { op: 'replace', path: 'title', value: 'second' },
      { op: 'add', path: 'emails', value: [{ value: 'a', type: 'work' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b' },
      { op: 'add', path: 'emails[value eq "b"].display', value: 'B' },
      { op: 'remove', path: 'title' },
      { op: 'add', value: { title: 'third', name: { givenName: 'x' } } },
      { op: 'remove', path: 'name' },
      { op: 'add', path: 'name.familyName', value: 'y' },
    )
    expect(after).toMatchObject({ title: 'third', name: { familyName: 'y' }, emails: [{ value: 'b', display: 'B' }] })
    expect(after.name).not.toHaveProperty('givenName')
  })

  test('[P-3.5.2-11] the other way round comes to something else', async () => {
    const set = { op: 'add', path: 'title', value: 'x' }
    const unset = { op: 'remove', path: 'title' }
    expect((await change(await createUser(), set, unset)).title).toBeUndefined()
    expect((await change(await createUser(), unset, set)).title).toBe('x')
    const { id } = await createUser()
    const add = { op: 'add', path: 'members', value: [{ value: id }] }
    const remove = { op: 'remove', path: `members[value eq "${id}"]` }
    expect((await change(await createGroup(), add, remove)).members).toBeUndefined()
    expect((await change(await createGroup(), remove, add)).members).toHaveLength(1)
  })

  test.each([
    ['a value of another type', { op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
    ['an unknown attribute', { op: 'replace', path: 'nope', value: 1 }, 'invalidPath'],
    ['a readOnly attribute', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['a filter without a match', { op: 'replace', path: 'emails[type eq "none"].value', value: 'x' }, 'noTarget'],
    ['a required attribute that is removed', { op: 'remove', path: 'userName' }, 'mutability'],
    ['a remove without path', { op: 'remove' }, 'noTarget'],
    ['a missing value', { op: 'add', path: 'title' }, 'invalidValue'],
    ['an unknown op', { op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
  ])('[P-3.5.2-13, P-3.5.2-14] all are undone when one fails: %s', async (_what, bad, scimType) => {
    const resource = await createUser({
      title: 'kept',
      emails: [{ value: 'a', type: 'work' }],
      [URN]: { department: 'x' },
    })
    const good = [
      { op: 'replace', path: 'title', value: 'lost' },
      { op: 'remove', path: 'emails' },
      { op: 'add', path: `${URN}:department`, value: 'lost' },
    ]
    await refuse(resource, scimType, ...good, bad)
    await refuse(resource, scimType, bad, ...good)
    expect((await read(resource)).title).toBe('kept')
  })

  test('[P-3.5.2-13, P-3.5.2-19] and when the result cannot be stored', async () => {
    const { userName } = await createUser()
    const resource = await createUser({ title: 'kept' })
    const title = { op: 'replace', path: 'title', value: 'lost' }
    await refuse(resource, 'uniqueness', title, { op: 'replace', path: 'userName', value: userName.toUpperCase() })
    const { id } = await createUser()
    const value = [{ value: id }, { value: 'nobody' }]
    const name = { op: 'replace', path: 'displayName', value: 'lost' }
    await refuse(await createGroup(), 'invalidValue', name, { op: 'add', path: 'members', value })
  })

  test('[P-3.5.2-19] the result has to be valid: complete values, complete extensions', async () => {
    const resource = await createDevice({ interfaces: [{ value: 'a' }] })
    await refuse(resource, 'invalidValue', { op: 'add', path: 'interfaces', value: [{ speed: 5 }] })
    await refuse(resource, 'mutability', { op: 'remove', path: 'interfaces[value eq "a"].value' })
    await refuse(resource, 'mutability', { op: 'remove', path: `${Warranty.id}:until` })
    await refuse(resource, 'invalidValue', { op: 'add', path: 'interfaces', value: [{ value: '' }] })
  })

  test('[P-3.5.2-09, P-3.10-01] an attribute of an extension brings its URN into schemas, in any way it is named', async () => {
    for (const operation of [
      { op: 'add', path: `${URN}:employeeNumber`, value: '7' },
      { op: 'replace', path: `${URN}:employeeNumber`, value: '7' },
      { op: 'add', value: { [URN]: { employeeNumber: '7' } } },
      { op: 'replace', path: URN, value: { employeeNumber: '7' } },
    ]) {
      const after = await change(await createUser(), operation)
      expect(after.schemas).toEqual([User.id, URN])
      expect(after[URN]).toEqual({ employeeNumber: '7' })
    }
    expect((await change(await createDevice(), { op: 'add', path: `${Rack.id}:unit`, value: 1 })).schemas).toEqual([
      Device.id,
      Warranty.id,
      Rack.id,
    ])
  })

  // Decision A-59e.
  test('[P-3.5.2-09] and the last one that goes takes it out', async () => {
    const resource = await createUser({ [URN]: { employeeNumber: '7', costCenter: '8' } })
    const one = await change(resource, { op: 'remove', path: `${URN}:employeeNumber` })
    expect(one.schemas).toEqual([User.id, URN])
    const none = await change(resource, { op: 'remove', path: `${URN}:costCenter` })
    expect(none.schemas).toEqual([User.id])
    expect(none).not.toHaveProperty([URN])
  })

  test('[P-3.5.2-10] operations behind one on schemas work with what it has changed', async () => {
    const resource = await createUser({ [URN]: { employeeNumber: '7', department: 'Tours' } })
    const gone = { op: 'remove', path: `schemas[value eq "${URN}"]` }
    const after = await change(resource, gone, { op: 'add', path: `${URN}:costCenter`, value: '8' })
    expect(after.schemas).toEqual([User.id, URN])
    expect(after[URN]).toEqual({ costCenter: '8' })
    await leave(after, { op: 'add', path: 'schemas', value: [URN] })
    const replaced = await change(after, { op: 'replace', path: 'schemas', value: [User.id] })
    expect(replaced.schemas).toEqual([User.id])
    expect(replaced).not.toHaveProperty([URN])
  })

  test('[P-3.5.2-10, S-3.3-01] the base schema stays', async () => {
    const resource = await createUser()
    await refuse(resource, 'mutability', { op: 'remove', path: 'schemas' })
    await refuse(resource, 'mutability', { op: 'replace', path: 'schemas', value: [URN] })
    await refuse(resource, 'mutability', { op: 'remove', path: `schemas[value eq "${User.id}"]` })
  })
})

describe('[P-3.5.2-13] what the store is asked to do', () => {
  const calls: string[] = []
  const { createUser, change, refuse, leave } = patcher(() => {
    const { users } = memoryAdapters()
    const { patch: _, ...rest } = users
    const adapter: ResourceAdapter<any> = {
      ...rest,
      replace: (id, draft, call) => {
        calls.push('replace')
        return users.replace(id, draft, call)
      },
    }
    return { compatibility: 'strict', resources: { User: { adapter } } }
  })

  test('is one write for all operations, and none when one fails or nothing changes', async () => {
    const resource = await createUser({ title: 'x' })
    const set = (value: string): object => ({ op: 'replace', path: 'title', value })
    await change(resource, set('a'), { op: 'add', path: 'nickName', value: 'b' }, set('c'))
    expect(calls).toEqual(['replace'])
    await refuse(resource, 'noTarget', set('d'), { op: 'replace', path: 'emails[value eq "x"].value', value: 'x' })
    await leave(resource, set('d'), set('c'))
    expect(calls).toEqual(['replace'])
  })
})

describe.each(STORES)('primary, with %s', (_store, options) => {
  const { createUser, createDevice, change, leave } = patcher(options)
  const EMAILS = [{ value: 'a', primary: true }, { value: 'b' }, { value: 'c', primary: false }]
  const primaryOf = ({ emails }: any): string[] =>
    emails.filter(({ primary }: any) => primary).map(({ value }: any) => value)

  test.each([
    ['add of a value', { op: 'add', path: 'emails', value: [{ value: 'd', primary: true }] }, 'd'],
    ['add without path', { op: 'add', value: { emails: [{ value: 'd', primary: true }] } }, 'd'],
    ['add of a value that is there', { op: 'add', path: 'emails', value: [{ value: 'b', primary: true }] }, 'b'],
    ['add of the part', { op: 'add', path: 'emails[value eq "b"].primary', value: true }, 'b'],
    ['replace of the part', { op: 'replace', path: 'emails[value eq "c"].primary', value: true }, 'c'],
    [
      'replace of the value',
      { op: 'replace', path: 'emails[value eq "b"]', value: { value: 'b', primary: true } },
      'b',
    ],
  ])('[P-3.5.2-12, S-2.4-02] %s makes all others false', async (_how, operation, expected) => {
    const after = await change(await createUser({ emails: EMAILS }), operation)
    expect(primaryOf(after)).toEqual([expected])
    expect(after.emails.find(({ value }: any) => value === 'a').primary).toBe(false)
  })

  test('[P-3.5.2-12] over several operations the last one wins', async () => {
    const resource = await createUser({ emails: EMAILS })
    const after = await change(
      resource,
      { op: 'replace', path: 'emails[value eq "b"].primary', value: true },
      { op: 'add', path: 'emails', value: { value: 'd', primary: true } },
    )
    expect(primaryOf(after)).toEqual(['d'])
    await leave(resource, { op: 'replace', path: 'emails[value eq "d"].primary', value: true })
  })

  test('[P-3.5.2-12] of a type of one’s own as well, and false says nothing about others', async () => {
    const interfaces = [{ value: 'a', primary: true }, { value: 'b' }]
    const resource = await createDevice({ interfaces })
    const other = await change(resource, { op: 'add', path: 'interfaces[value eq "b"].primary', value: false })
    expect(other.interfaces[0].primary).toBe(true)
    const after = await change(resource, { op: 'replace', path: 'interfaces[value eq "b"].primary', value: true })
    expect(after.interfaces.map(({ primary }: any) => primary)).toEqual([false, true])
  })
})
