import { setTimeout as delay } from 'node:timers/promises'
import { EnterpriseUser } from '../../src/index.js'
import { Rack } from '../rfc7643/device.js'
import { patcher, STORES } from './patch-service.js'

const URN = EnterpriseUser.id
const BOUGHT = '2020-01-01T00:00:00Z'

describe.each(STORES)('add, with %s', (_store, options) => {
  const { createUser, createDevice, createGroup, change, refuse, leave, read, patch } = patcher(options)

  test.each([
    ['a path', { op: 'add', path: 'title' }],
    ['a path to a list', { op: 'add', path: 'emails' }],
    ['a path with a filter', { op: 'add', path: 'emails[value eq "a"].display' }],
    ['neither path', { op: 'add' }],
  ])('[P-3.5.2.1-01] without a value, with %s: 400 invalidValue', async (_what, operation) => {
    await refuse(await createUser({ emails: [{ value: 'a' }] }), 'invalidValue', operation)
  })

  test.each(['title', 'emails', 'name', 'schemas', URN, 'emails[value eq "x"].value'])(
    '[S-2.5-01] null is no value: to add it to %s changes nothing',
    async (path) => {
      await leave(await createUser({ title: 'T', emails: [{ value: 'a' }] }), { op: 'add', path, value: null })
    },
  )

  test.each(['text', 5, true, ['title'], []])(
    '[P-3.5.2.1-02] without path, the value %j is 400 invalidValue',
    async (value) => {
      await refuse(await createUser(), 'invalidValue', { op: 'add', value })
    },
  )

  test('[P-3.5.2.1-02] without path, each attribute of the value is added', async () => {
    const resource = await createUser({ title: 'old', emails: [{ value: 'a' }], name: { givenName: 'x' } })
    const value = {
      title: 'new',
      nickName: 'Babs',
      emails: [{ value: 'b' }],
      name: { familyName: 'y' },
      [URN]: { department: 'Tours' },
    }
    expect(await change(resource, { op: 'add', value })).toMatchObject({
      title: 'new',
      nickName: 'Babs',
      emails: [{ value: 'a' }, { value: 'b' }],
      name: { givenName: 'x', familyName: 'y' },
      [URN]: { department: 'Tours' },
    })
  })

  test.each([
    ['a single value', 'title', 'Guide', { title: 'Guide' }],
    ['a sub-attribute, and the attribute that holds it', 'name.givenName', 'Babs', { name: { givenName: 'Babs' } }],
    ['a list', 'emails', [{ value: 'a' }], { emails: [{ value: 'a' }] }],
    ['a complex value', 'name', { givenName: 'Babs' }, { name: { givenName: 'Babs' } }],
    ['an attribute of an extension', `${URN}:department`, 'Tours', { [URN]: { department: 'Tours' } }],
    ['a part of one', `${URN}:manager.value`, 'x', { [URN]: { manager: { value: 'x' } } }],
    ['a part of a list without values', 'emails.value', 'a', { emails: [{ value: 'a' }] }],
  ])('[P-3.5.2.1-03] where there is nothing yet: %s', async (_what, path, value, expected) => {
    expect(await change(await createUser(), { op: 'add', path, value })).toMatchObject(expected)
  })

  test('[P-3.5.2.1-04] to a complex attribute: what is given is set, the rest stays', async () => {
    const resource = await createUser({ name: { givenName: 'Babs', familyName: 'Jensen' } })
    const after = await change(resource, { op: 'add', path: 'name', value: { familyName: 'Smith', middleName: 'J' } })
    expect(after.name).toEqual({ givenName: 'Babs', familyName: 'Smith', middleName: 'J' })
    await refuse(resource, 'invalidValue', { op: 'add', path: 'name', value: 'Smith' })
    await refuse(resource, 'invalidSyntax', { op: 'add', path: 'name', value: { nope: 'x' } })
  })

  test('[P-3.5.2.1-05] to a list: values come after those that are there, one or several', async () => {
    const resource = await createUser({ emails: [{ value: 'a', type: 'work' }] })
    const one = await change(resource, { op: 'add', path: 'emails', value: { value: 'b' } })
    expect(one.emails).toEqual([{ value: 'a', type: 'work' }, { value: 'b' }])
    const three = await change(resource, { op: 'add', path: 'emails', value: [{ value: 'c' }, { value: 'd' }] })
    expect(three.emails.map(({ value }: any) => value)).toEqual(['a', 'b', 'c', 'd'])
    const device = await createDevice({ tags: ['x'], readings: [1] })
    const after = await change(
      device,
      { op: 'add', path: 'tags', value: ['y', 'z'] },
      { op: 'add', path: 'tags', value: 'w' },
      { op: 'add', path: 'readings', value: 2 },
      { op: 'add', path: `${Rack.id}:cables`, value: [{ value: 'c' }] },
    )
    expect(after).toMatchObject({
      tags: ['x', 'y', 'z', 'w'],
      readings: [1, 2],
      [Rack.id]: { cables: [{ value: 'c' }] },
    })
  })

  test('[P-3.5.2.1-06] to a single value: it is replaced', async () => {
    const resource = await createUser({ title: 'old', [URN]: { department: 'old' } })
    const after = await change(
      resource,
      { op: 'add', path: 'title', value: 'new' },
      { op: 'add', path: `${URN}:department`, value: 'new' },
    )
    expect(after).toMatchObject({ title: 'new', [URN]: { department: 'new' } })
  })

  test('[P-3.5.2.1-07, P-3.5.2.1-08, P-3.14-06] what is there already changes nothing, times and version included', async () => {
    const { id } = await createUser()
    const user = await createUser({
      title: 'Guide',
      active: true,
      name: { givenName: 'Babs' },
      emails: [{ value: 'a@example.com', type: 'work', primary: true }],
      [URN]: { department: 'Tours' },
    })
    await delay(2)
    await leave(user, { op: 'add', path: 'title', value: 'Guide' })
    await leave(user, { op: 'add', path: 'name', value: { givenName: 'Babs' } })
    await leave(user, { op: 'add', path: 'emails', value: [{ value: 'a@example.com', type: 'work' }] })
    await leave(user, { op: 'add', path: 'emails', value: { value: 'A@EXAMPLE.com', type: 'Work', primary: true } })
    await leave(user, { op: 'add', path: 'emails[type eq "work"].value', value: 'a@example.com' })
    await leave(user, { op: 'add', value: { active: true, [URN]: { department: 'Tours' } } })
    const group = await createGroup(id)
    await leave(group, { op: 'add', path: 'members', value: [{ value: id }] })
    await leave(group, {
      op: 'add',
      path: 'members',
      value: [{ value: id, type: 'User', display: 'x' }, { value: id }],
    })
    const device = await createDevice({ tags: ['Red'], seen: BOUGHT, ports: 1 })
    await leave(device, { op: 'add', path: 'tags', value: ['RED', 'red'] })
    await leave(device, { op: 'add', value: { ports: 1, tags: ['Red'] } })
  })

  test('[P-3.5.2.1-07] a list has no value twice', async () => {
    const [one, two] = [await createUser(), await createUser()]
    const value = [{ value: one.id }, { value: two.id }, { value: two.id }]
    const after = await change(await createGroup(one.id), { op: 'add', path: 'members', value })
    expect(after.members.map((member: any) => member.value)).toEqual([one.id, two.id])
    const user = await createUser({ emails: [{ value: 'a', type: 'work' }] })
    const emails = [{ value: 'a', type: 'work' }, { value: 'b' }, { value: 'b' }, { value: 'a', type: 'home' }]
    expect((await change(user, { op: 'add', path: 'emails', value: emails })).emails).toEqual([
      { value: 'a', type: 'work' },
      { value: 'b' },
      { value: 'a', type: 'home' },
    ])
  })

  test('[P-3.5.2.1-08] unless another operation changes something', async () => {
    const { id } = await createUser()
    const before = await createGroup(id)
    await delay(2)
    const same = { op: 'add', path: 'members', value: [{ value: id }] }
    const after = await change(before, same, { op: 'add', path: 'externalId', value: 'x' })
    expect(Date.parse(after.meta.lastModified)).toBeGreaterThan(Date.parse(before.meta.lastModified))
    expect(after.meta.version).not.toBe(before.meta.version)
    expect(after.members).toEqual(before.members)
  })

  test('[P-3.5.2.1-09] with a filter: in the values that meet it', async () => {
    const emails = [
      { value: 'a', type: 'work' },
      { value: 'b', type: 'work' },
      { value: 'c', type: 'home' },
    ]
    const resource = await createUser({ emails })
    const after = await change(
      resource,
      { op: 'add', path: 'emails[type eq "work"].display', value: 'Office' },
      { op: 'add', path: 'emails[value eq "c"]', value: { display: 'Home' } },
    )
    expect(after.emails).toEqual([
      { ...emails[0], display: 'Office' },
      { ...emails[1], display: 'Office' },
      { ...emails[2], display: 'Home' },
    ])
    await refuse(resource, 'noTarget', { op: 'add', path: 'emails[type eq "other"].value', value: 'd' })
  })

  // Decision A-131.
  test('[P-3.5.2-08, S-7-07] to an immutable attribute: only when it has no value', async () => {
    const resource = await createDevice({ place: { room: '1' } })
    const after = await change(
      resource,
      { op: 'add', path: 'bought', value: BOUGHT },
      { op: 'add', path: 'place.building', value: 'A' },
      { op: 'add', value: { [Rack.id]: { row: 'B' } } },
    )
    expect(after).toMatchObject({ bought: BOUGHT, place: { room: '1', building: 'A' }, [Rack.id]: { row: 'B' } })
    const other = '2021-01-01T00:00:00Z'
    await refuse(resource, 'mutability', { op: 'add', path: 'bought', value: other })
    await refuse(resource, 'mutability', { op: 'add', path: 'place.building', value: 'C' })
    await refuse(resource, 'mutability', { op: 'add', path: `${Rack.id}:row`, value: 'C' })
    await refuse(resource, 'mutability', { op: 'add', value: { serial: 'other' } })
    await leave(resource, { op: 'add', path: 'bought', value: '2020-01-01T01:00:00+01:00' })
    const two = [
      { op: 'add', path: 'bought', value: BOUGHT },
      { op: 'add', path: 'bought', value: other },
    ]
    await refuse(await createDevice(), 'mutability', ...two)
  })

  test('[P-3.5.2-17, P-3.5.2-07] a value that does not fit the schema is 400 invalidValue', async () => {
    const user = await createUser()
    await refuse(user, 'invalidValue', { op: 'add', path: 'active', value: 'yes' })
    await refuse(user, 'invalidValue', { op: 'add', path: 'title', value: { value: 'x' } })
    await refuse(user, 'invalidValue', { op: 'add', path: 'emails', value: ['a@example.com'] })
    await refuse(user, 'invalidValue', { op: 'add', path: 'emails', value: [{ value: 5 }] })
    const device = await createDevice()
    await refuse(device, 'invalidValue', { op: 'add', path: 'ports', value: 1.5 })
    await refuse(device, 'invalidValue', { op: 'add', path: 'seen', value: 'today' })
    await refuse(device, 'invalidValue', { op: 'add', path: 'size', value: 'huge' })
    await refuse(device, 'invalidValue', { op: 'add', path: 'tags', value: [5] })
    await refuse(device, 'invalidValue', { op: 'add', value: { interfaces: [{ value: 'a', speed: 'x' }] } })
  })

  test('[S-7-08] to what is never returned: it is taken, and not answered', async () => {
    const resource = await createDevice()
    const { status, text } = await patch(resource, { op: 'add', path: 'pin', value: 'pin-4711' })
    expect(status).toBeLessThan(300)
    expect(text).not.toContain('pin-4711')
    expect(JSON.stringify(await read(resource, '?attributes=pin'))).not.toContain('pin-4711')
  })
})
