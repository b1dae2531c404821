import { Group } from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { created } from './device.js'

const app = sharedApp(() => memoryOptions({ compatibility: 'strict' }))

function patch(id: string, ...Operations: readonly object[]): Promise<Answer> {
  return app.scim.patch(`/Groups/${id}`, { schemas: [PATCH_OP], Operations })
}

let count = 0
async function createUser(): Promise<any> {
  count += 1
  return created(await app.scim.post('/Users', user(`group-user-${count}`, { displayName: `User ${count}` })))
}

async function read(id: string): Promise<any> {
  return (await app.scim.get(`/Groups/${id}`)).body
}

describe('displayName', () => {
  test.each([{}, { displayName: null }, { displayName: '' }, { displayName: ' ' }])(
    '[S-4.2-01, P-3.3-09] %j: 400 invalidValue in POST and PUT',
    async (rest) => {
      expectError(await app.scim.post('/Groups', { schemas: [Group.id], ...rest }), 400, 'invalidValue')
      const before = created(await app.scim.post('/Groups', group('named')))
      expectError(await app.scim.put(`/Groups/${before.id}`, { schemas: [Group.id], ...rest }), 400, 'invalidValue')
      expect(await read(before.id)).toEqual(before)
    },
  )

  test('[S-4.2-01, P-3.5.2.2-06] cannot be removed', async () => {
    const { id } = created(await app.scim.post('/Groups', group('named')))
    expectError(await patch(id, { op: 'remove', path: 'displayName' }), 400, 'mutability')
    expectError(await patch(id, { op: 'replace', path: 'displayName', value: '' }), 400, 'invalidValue')
  })

  test('[S-4.2-01] two groups may have one', async () => {
    for (const name of ['Twins', 'twins']) created(await app.scim.post('/Groups', group(name)))
  })
})

describe('members', () => {
  test('[S-4.2-02] come and go, one by one and all at once', async () => {
    const [one, two, three] = [await createUser(), await createUser(), await createUser()]
    const { id } = created(await app.scim.post('/Groups', group('coming', one.id)))
    const values = async (): Promise<string[]> => ((await read(id)).members ?? []).map(({ value }: any) => value)
    await patch(id, { op: 'add', path: 'members', value: [{ value: two.id }, { value: three.id }] })
    expect((await values()).sort()).toEqual([one.id, two.id, three.id].sort())
    await patch(id, { op: 'remove', path: `members[value eq "${two.id}"]` })
    expect((await values()).sort()).toEqual([one.id, three.id].sort())
    await patch(id, { op: 'replace', path: 'members', value: [{ value: two.id }] })
    expect(await values()).toEqual([two.id])
    await app.scim.put(`/Groups/${id}`, group('coming', one.id, three.id))
    expect((await values()).sort()).toEqual([one.id, three.id].sort())
    await patch(id, { op: 'remove', path: 'members' })
    expect(await values()).toEqual([])
  })

  test.each(['value', 'type'])('[S-4.2-02, P-3.5.2-08] %s of a member is immutable', async (sub) => {
    const [one, two] = [await createUser(), await createUser()]
    const before = created(await app.scim.post('/Groups', group('fixed', one.id)))
    const change = { value: two.id, type: 'Group' }[sub]
    const filter = `members[value eq "${one.id}"]`
    expectError(await patch(before.id, { op: 'replace', path: `${filter}.${sub}`, value: change }), 400, 'mutability')
    const whole = { op: 'replace', path: filter, value: { [sub]: change } }
    expectError(await patch(before.id, whole), 400, 'mutability')
    expect(await read(before.id)).toEqual(before)
  })

  // Decision A-118.
  test('[S-4.2-03, S-2.4-01, S-4.2-04] have id, URI, type and name of the user or group they are', async () => {
    const { id, displayName, meta } = await createUser()
    const inner = created(await app.scim.post('/Groups', group('Inner', id)))
    const outer = created(await app.scim.post('/Groups', group('Outer', id, inner.id)))
    expect(outer.members).toEqual([
      { value: id, $ref: meta.location, type: 'User', display: displayName },
      { value: inner.id, $ref: inner.meta.location, type: 'Group', display: 'Inner' },
    ])
    expect(await read(outer.id)).toEqual(outer)
  })

  // Decision A-88.
  test('[S-4.2-03] the server knows better what a member is', async () => {
    const { id, displayName, meta } = await createUser()
    const lie = { value: id, type: 'Group', display: 'Nobody', $ref: 'https://example.com/Groups/1' }
    const { members } = created(await app.scim.post('/Groups', { ...group('lies'), members: [lie] }))
    expect(members).toEqual([{ value: id, $ref: meta.location, type: 'User', display: displayName }])
  })

  // Decision A-122.
  test('[S-4.2-04] groups may hold each other, and not themselves', async () => {
    const one = created(await app.scim.post('/Groups', group('one')))
    const two = created(await app.scim.post('/Groups', group('two', one.id)))
    expect((await patch(one.id, { op: 'add', path: 'members', value: { value: two.id } })).status).toBe(204)
    expect((await read(one.id)).members).toMatchObject([{ value: two.id, type: 'Group' }])
    expectError(await patch(one.id, { op: 'add', path: 'members', value: { value: one.id } }), 400, 'invalidValue')
  })

  // Decision A-124.
  test('[P-3.6-07, S-2.3.7-04] who is deleted is a member of nothing', async () => {
    const { id } = await createUser()
    const before = created(await app.scim.post('/Groups', group('left', id)))
    await app.scim.delete(`/Users/${id}`)
    const after = await read(before.id)
    expect(after).not.toHaveProperty('members')
    expect(after.meta.version).not.toBe(before.meta.version)
  })
})
