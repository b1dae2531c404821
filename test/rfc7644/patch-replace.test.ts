import { EnterpriseUser } from '../../src/index.js'
import { deviceOptions, Rack, Warranty } from '../rfc7643/device.js'
import { patcher, STORES } from './patch-service.js'

const URN = EnterpriseUser.id
const EMAILS = [
  { value: 'a@example.com', type: 'work', display: 'A' },
  { value: 'b@example.org', type: 'work', display: 'B' },
  { value: 'c@example.com', type: 'home', display: 'C' },
]

describe.each(STORES)('replace, with %s', (_store, options) => {
  const { createUser, createDevice, createGroup, change, refuse, leave } = patcher(options)

  // Decision A-54a.
  test('[P-3.5.2.3-01] without path: what is given is replaced, everything else stays', async () => {
    const resource = await createUser({
      title: 'old',
      nickName: 'kept',
      emails: EMAILS,
      name: { givenName: 'kept', familyName: 'old' },
      [URN]: { department: 'old', costCenter: 'kept' },
    })
    const value = {
      title: 'new',
      emails: [{ value: 'd' }],
      name: { familyName: 'new' },
      [URN]: { department: 'new' },
    }
    expect(await change(resource, { op: 'replace', value })).toMatchObject({
      userName: resource.userName,
      title: 'new',
      nickName: 'kept',
      emails: [{ value: 'd' }],
      name: { givenName: 'kept', familyName: 'new' },
      [URN]: { department: 'new', costCenter: 'kept' },
    })
  })

  test.each(['text', 5, ['title'], null])(
    '[P-3.5.2.3-01] without path, the value %j is 400 invalidValue',
    async (value) => {
      await refuse(await createUser(), 'invalidValue', { op: 'replace', value })
    },
  )

  test('[P-3.5.2.3-01] without path and value it is 400 invalidValue', async () => {
    await refuse(await createUser(), 'invalidValue', { op: 'replace' })
    await refuse(await createUser(), 'invalidValue', { op: 'replace', path: 'title' })
  })

  test.each([
    ['title', 'new', { title: 'new' }],
    ['active', true, { active: true }],
    ['name.familyName', 'new', { name: { givenName: 'kept', familyName: 'new' } }],
    [`${URN}:department`, 'new', { [URN]: { department: 'new', costCenter: 'kept' } }],
    [`${URN}:manager.value`, 'new', { [URN]: { manager: { value: 'new' } } }],
  ])('[P-3.5.2.3-02] the single value %s', async (path, value, expected) => {
    const resource = await createUser({
      title: 'old',
      active: false,
      name: { givenName: 'kept', familyName: 'old' },
      [URN]: { department: 'old', costCenter: 'kept', manager: { value: 'old' } },
    })
    expect(await change(resource, { op: 'replace', path, value })).toMatchObject(expected)
  })

  test('[P-3.5.2.3-03] a list: all values are replaced', async () => {
    const [one, two] = [await createUser(), await createUser()]
    const user = await createUser({ emails: EMAILS })
    const emails = [{ value: 'd' }, EMAILS[1]]
    expect((await change(user, { op: 'replace', path: 'emails', value: emails })).emails).toEqual(emails)
    const group = await createGroup(one.id)
    const after = await change(group, { op: 'replace', path: 'members', value: [{ value: two.id }] })
    expect(after.members.map(({ value }: any) => value)).toEqual([two.id])
    const device = await createDevice({ tags: ['a', 'b'] })
    expect((await change(device, { op: 'replace', path: 'tags', value: ['c'] })).tags).toEqual(['c'])
  })

  test.each([
    ['title', 'x', { title: 'x' }],
    ['name.givenName', 'x', { name: { givenName: 'x' } }],
    ['name', { givenName: 'x' }, { name: { givenName: 'x' } }],
    ['emails', [{ value: 'x' }], { emails: [{ value: 'x' }] }],
    [`${URN}:department`, 'x', { [URN]: { department: 'x' } }],
    [URN, { manager: { value: 'x' } }, { [URN]: { manager: { value: 'x' } } }],
  ])('[P-3.5.2.3-04] %s, which has no value: it is added', async (path, value, expected) => {
    expect(await change(await createUser(), { op: 'replace', path, value })).toMatchObject(expected)
  })

  test('[P-3.5.2.3-05] a complex attribute: what is given is replaced or added, the rest stays', async () => {
    const resource = await createUser({ name: { givenName: 'kept', familyName: 'old' } })
    const value = { familyName: 'new', middleName: 'added' }
    const after = await change(resource, { op: 'replace', path: 'name', value })
    expect(after.name).toEqual({ givenName: 'kept', familyName: 'new', middleName: 'added' })
    await refuse(resource, 'invalidValue', { op: 'replace', path: 'name', value: 'x' })
    const less = await change(resource, { op: 'replace', path: 'name', value: { middleName: null } })
    expect(less.name).toEqual({ givenName: 'kept', familyName: 'new' })
  })

  test('[P-3.5.2.3-06] with a filter: all values that meet it are replaced', async () => {
    const resource = await createUser({ emails: EMAILS })
    const whole = { value: 'new@example.com', type: 'other', display: 'New' }
    const one = await change(resource, { op: 'replace', path: 'emails[type eq "home"]', value: whole })
    expect(one.emails).toEqual([EMAILS[0], EMAILS[1], whole])
    const both = await change(resource, { op: 'replace', path: 'emails[type eq "work"]', value: { display: 'Same' } })
    expect(both.emails.map(({ display }: any) => display)).toEqual(['Same', 'Same', 'New'])
    const device = await createDevice({ tags: ['a', 'b'] })
    const tags = await change(device, { op: 'replace', path: 'tags[value eq "a"]', value: 'c' })
    expect(tags.tags).toEqual(['c', 'b'])
  })

  test('[P-3.5.2.3-07] with a filter and a sub-attribute: it is replaced in all of them', async () => {
    const resource = await createUser({ emails: EMAILS })
    const after = await change(resource, { op: 'replace', path: 'emails[type eq "work"].display', value: 'Same' })
    expect(after.emails).toEqual([{ ...EMAILS[0], display: 'Same' }, { ...EMAILS[1], display: 'Same' }, EMAILS[2]])
    const cables = [{ value: 'a', colour: 'red' }, { value: 'b' }]
    const device = await createDevice({ [Rack.id]: { cables } })
    const path = `${Rack.id}:cables[value eq "b"].colour`
    expect((await change(device, { op: 'replace', path, value: 'green' }))[Rack.id].cables).toEqual([
      { value: 'a', colour: 'red' },
      { value: 'b', colour: 'green' },
    ])
  })

  test.each(['emails[type eq "none"]', 'emails[type eq "none"].value', 'emails[value pr and display eq "x"].type'])(
    '[P-3.5.2.3-08] %s without a match is 400 noTarget, with values or without',
    async (path) => {
      const value = path.endsWith(']') ? { value: 'x' } : 'x'
      await refuse(await createUser({ emails: EMAILS }), 'noTarget', { op: 'replace', path, value })
      await refuse(await createUser(), 'noTarget', { op: 'replace', path, value })
    },
  )

  test.each([
    ['title', null],
    ['name', null],
    ['name.givenName', null],
    ['emails', null],
    ['emails', []],
    [URN, null],
    [`${URN}:department`, null],
  ])('[P-3.5.2.3-09, S-2.5-01] %s with %j has no value then', async (path, value) => {
    const resource = await createUser({
      title: 'x',
      name: { givenName: 'x' },
      emails: EMAILS,
      [URN]: { department: 'x' },
    })
    const after = await change(resource, { op: 'replace', path, value })
    const [top = ''] = path.startsWith(URN) ? [URN] : path.split('.')
    expect(resource).toHaveProperty([top])
    expect(after).not.toHaveProperty([top])
  })

  test('[P-3.5.2-07, P-3.5.2-08] what is readOnly, required or immutable keeps its value: 400', async () => {
    const user = await createUser()
    await refuse(user, 'mutability', { op: 'replace', path: 'id', value: 'x' })
    await refuse(user, 'mutability', { op: 'replace', path: 'meta.created', value: '1999-01-01T00:00:00Z' })
    await refuse(user, 'mutability', { op: 'replace', path: 'groups', value: [] })
    await refuse(user, 'mutability', { op: 'replace', path: 'userName', value: null })
    await refuse(user, 'invalidValue', { op: 'replace', path: 'userName', value: '' })
    const device = await createDevice({ bought: '2020-01-01T00:00:00Z', place: { building: 'A' } })
    await refuse(device, 'mutability', { op: 'replace', path: 'serial', value: 'x' })
    await refuse(device, 'mutability', { op: 'replace', path: 'bought', value: '2021-01-01T00:00:00Z' })
    await refuse(device, 'mutability', { op: 'replace', path: 'place', value: { building: 'B' } })
    await refuse(device, 'mutability', { op: 'replace', path: `${Warranty.id}:until`, value: null })
  })

  // Decision A-59b.
  test('with what is there already nothing changes', async () => {
    const resource = await createUser({ title: 'x', emails: EMAILS, name: { givenName: 'x' } })
    await leave(resource, { op: 'replace', path: 'title', value: 'x' })
    await leave(resource, { op: 'replace', path: 'emails', value: EMAILS })
    await leave(resource, { op: 'replace', path: 'emails[type eq "home"].display', value: 'C' })
    await leave(resource, { op: 'replace', value: { title: 'x', name: { givenName: 'x' } } })
    for (const [name, value] of Object.entries(resource.meta)) {
      await leave(resource, { op: 'replace', path: `meta.${name}`, value })
    }
    await leave(resource, { op: 'replace', path: 'meta', value: resource.meta })
    const { id } = await createUser()
    await leave(await createGroup(id), { op: 'replace', path: 'members', value: [{ value: id }] })
  })
})

describe('replace in tolerant mode', () => {
  const { createUser, change, refuse } = patcher(deviceOptions)

  test('without a match the value is made from the filter, when that says what it is', async () => {
    const resource = await createUser()
    const after = await change(resource, { op: 'replace', path: 'emails[type eq "work"].value', value: 'a' })
    expect(after.emails).toEqual([{ value: 'a', type: 'work' }])
    await refuse(resource, 'noTarget', { op: 'replace', path: 'emails[type ne "work"].value', value: 'a' })
    await refuse(resource, 'noTarget', { op: 'replace', path: 'emails[value sw "x"].type', value: 'a' })
  })

  test('an unknown attribute is skipped, and the rest is done', async () => {
    const resource = await createUser()
    const after = await change(
      resource,
      { op: 'replace', path: 'nope', value: 'x' },
      { op: 'replace', path: 'title', value: 'Guide' },
    )
    expect(after.title).toBe('Guide')
    await refuse(resource, 'invalidPath', { op: 'replace', path: 'no pe', value: 'x' })
  })
})
