import { EnterpriseUser } from '../../src/index.js'
import { deviceOptions, Rack, Warranty } from '../rfc7643/device.js'
import { patcher, STORES } from './patch-service.js'

const URN = EnterpriseUser.id
const EMAILS = [
  { value: 'a@example.com', type: 'work', display: 'A' },
  { value: 'b@example.org', type: 'work', display: 'B' },
  { value: 'c@example.com', type: 'home', display: 'C' },
]

describe.each(STORES)('remove, with %s', (_store, options) => {
  const { createUser, createDevice, createGroup, change, refuse, leave } = patcher(options)

  test.each([{ op: 'remove' }, { op: 'remove', path: null }, { op: 'remove', value: { title: 'x' } }])(
    '[P-3.5.2.2-01, P-3.5.2-05] %j is 400 noTarget',
    async (operation) => {
      await refuse(await createUser({ title: 'x' }), 'noTarget', operation)
    },
  )

  test.each([
    ['title', 'title'],
    ['name', 'name'],
    ['active', 'active'],
    [`${URN}:department`, `${URN}:department`],
    [`${URN}:manager`, `${URN}:manager`],
  ])('[P-3.5.2.2-02] %s: the attribute has no value then', async (path, attribute) => {
    const extension = { department: 'x', costCenter: 'y', manager: { value: 'z' } }
    const resource = await createUser({ title: 'x', name: { givenName: 'x' }, active: false, [URN]: extension })
    const after = await change(resource, { op: 'remove', path })
    expect(attribute.startsWith(URN) ? after[URN] : after).not.toHaveProperty(attribute.split(':').at(-1) ?? '')
    expect(after[URN].costCenter).toBe('y')
  })

  test('[P-3.5.2.2-02] a sub-attribute: the others stay; the last one takes the attribute with it', async () => {
    const resource = await createUser({ name: { givenName: 'x', familyName: 'y' } })
    expect((await change(resource, { op: 'remove', path: 'name.givenName' })).name).toEqual({ familyName: 'y' })
    expect(await change(resource, { op: 'remove', path: 'name.familyName' })).not.toHaveProperty('name')
  })

  test.each(['emails', 'members', 'tags', 'extension'])('[P-3.5.2.2-03] all of %s go', async (what) => {
    const { id } = await createUser()
    const [resource, path] = {
      emails: [await createUser({ emails: EMAILS }), 'emails'],
      members: [await createGroup(id), 'members'],
      tags: [await createDevice({ tags: ['a', 'b'] }), 'tags'],
      extension: [await createUser({ [URN]: { department: 'x', manager: { value: id } } }), URN],
    }[what] as [any, string]
    expect(resource).toHaveProperty([path])
    expect(await change(resource, { op: 'remove', path })).not.toHaveProperty([path])
  })

  test.each([
    ['emails[type eq "work"]', ['C']],
    ['emails[type eq "work" and value ew "example.com"]', ['B', 'C']],
    ['emails[value eq "B@EXAMPLE.ORG" or type eq "home"]', ['A']],
    ['emails[not (type eq "work")]', ['A', 'B']],
    ['emails[display pr]', undefined],
  ])('[P-3.5.2.2-04] %s: those that meet the filter go', async (path, left) => {
    const { emails } = await change(await createUser({ emails: EMAILS }), { op: 'remove', path })
    expect(emails?.map(({ display }: any) => display)).toEqual(left)
  })

  test('[P-3.5.2.2-04] of simple values and of members as well; none left is no attribute', async () => {
    const [one, two] = [await createUser(), await createUser()]
    const group = await createGroup(one.id, two.id)
    const after = await change(group, { op: 'remove', path: `members[value eq "${one.id}"]` })
    expect(after.members.map(({ value }: any) => value)).toEqual([two.id])
    const none = await change(group, { op: 'remove', path: `members[value eq "${two.id}" or value eq "x"]` })
    expect(none).not.toHaveProperty('members')
    const device = await createDevice({ tags: ['a', 'b'], readings: [1, 2, 3] })
    const less = await change(
      device,
      { op: 'remove', path: 'tags[value eq "A"]' },
      { op: 'remove', path: 'readings[value gt 1]' },
    )
    expect(less).toMatchObject({ tags: ['b'], readings: [1] })
  })

  test('[P-3.5.2.2-05] a sub-attribute behind a filter goes in those values alone', async () => {
    const resource = await createUser({ emails: EMAILS })
    const { emails } = await change(resource, { op: 'remove', path: 'emails[type eq "work"].display' })
    expect(emails.map(({ display }: any) => display)).toEqual([undefined, undefined, 'C'])
    expect(emails.map(({ value }: any) => value)).toEqual(EMAILS.map(({ value }) => value))
    const all = await change(resource, { op: 'remove', path: 'emails.type' })
    expect(all.emails).toEqual([
      { value: 'a@example.com' },
      { value: 'b@example.org' },
      { value: 'c@example.com', display: 'C' },
    ])
  })

  test.each(['userName', 'id', 'meta', 'meta.created', 'groups', 'schemas'])(
    '[P-3.5.2.2-06, P-3.5.2-07] %s cannot be removed: 400 mutability',
    async (path) => {
      await refuse(await createUser(), 'mutability', { op: 'remove', path })
    },
  )

  test('[P-3.5.2.2-06] nor what else is required, immutable or readOnly', async () => {
    await refuse(await createGroup(), 'mutability', { op: 'remove', path: 'displayName' })
    const device = await createDevice({
      bought: '2020-01-01T00:00:00Z',
      interfaces: [{ value: 'a' }],
      place: { room: '1', building: 'A' },
    })
    for (const path of [
      'serial',
      'firmware',
      'bought',
      'place.building',
      'place.floor',
      'interfaces.value',
      'interfaces[value eq "a"].value',
      Warranty.id,
      `${Warranty.id}:until`,
    ]) {
      await refuse(device, 'mutability', { op: 'remove', path })
    }
  })

  test('[P-3.5.2.2-07] who is no member: success, and nothing changes', async () => {
    const [one, two] = [await createUser(), await createUser()]
    const group = await createGroup(one.id)
    await leave(group, { op: 'remove', path: `members[value eq "${two.id}"]` })
    await leave(group, { op: 'remove', path: 'members[value eq "nobody"]' })
    await leave(await createGroup(), { op: 'remove', path: `members[value eq "${one.id}"]` })
  })

  test.each([
    'title',
    'name',
    'name.givenName',
    'emails',
    'emails.type',
    'emails[type eq "work"]',
    'emails[type eq "work"].value',
    URN,
    `${URN}:department`,
    `${URN}:manager.value`,
  ])('[P-3.5.2.2-08] %s, which has no value: success, and nothing changes', async (path) => {
    await leave(await createUser(), { op: 'remove', path })
  })

  test('[P-3.5.2.2-08] an immutable attribute without a value is no error either', async () => {
    await leave(await createDevice(), { op: 'remove', path: 'bought' }, { op: 'remove', path: `${Rack.id}:row` })
  })

  test('with a value it is 400 invalidSyntax: to take all would be dangerous', async () => {
    const { id } = await createUser()
    const group = await createGroup(id)
    await refuse(group, 'invalidSyntax', { op: 'remove', path: 'members', value: [{ value: id }] })
    await refuse(group, 'invalidSyntax', { op: 'remove', path: 'members', value: [] })
  })
})

describe('remove in tolerant mode', () => {
  const { createUser, createGroup, change, leave } = patcher(deviceOptions)

  test('with a value takes what it lists, and never more', async () => {
    const [one, two] = [await createUser(), await createUser()]
    const group = await createGroup(one.id, two.id)
    await leave(group, { op: 'remove', path: 'members', value: [] })
    await leave(group, { op: 'remove', path: 'members', value: [{ value: 'nobody' }] })
    const after = await change(group, { op: 'remove', path: 'members', value: [{ value: one.id }] })
    expect(after.members.map(({ value }: any) => value)).toEqual([two.id])
  })
})
