import { EnterpriseUser } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, group, user } from '../rfc7644/service.js'
import { sharedApp, startApp } from '../support/app.js'
import type { ScimClient } from '../support/client.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { createDevice, created, deviceOptions } from './device.js'

const app = sharedApp(() => deviceOptions({ compatibility: 'strict' }))

let count = 0
async function createUser(scim: ScimClient = app.scim): Promise<any> {
  count += 1
  return created(await scim.post('/Users', user(`reference-${count}`)))
}

/** The answer at a URI that the server has made. */
async function follow(uri: string): Promise<any> {
  expect(uri.startsWith(`${app.base}/`)).toBe(true)
  return app.scim.get(uri.slice(app.base.length))
}

async function patch(path: string, ...Operations: readonly object[]): Promise<any> {
  return app.scim.patch(path, { schemas: [PATCH_OP], Operations })
}

describe('references that the server makes', () => {
  test('[S-2.3.7-03, S-2.3.7-05] lead to the resource: of members, groups, managers and own types', async () => {
    const { id } = await createUser()
    const friends = created(await app.scim.post('/Groups', group('friends', id)))
    const all = created(await app.scim.post('/Groups', group('all', friends.id)))
    const [member] = friends.members
    expect((await follow(member.$ref)).body.id).toBe(id)
    const [nested] = all.members
    expect((await follow(nested.$ref)).body).toMatchObject({ id: friends.id, displayName: 'friends' })

    const { groups } = (await app.scim.get(`/Users/${id}`)).body
    for (const { value, $ref } of groups) expect((await follow($ref)).body.id).toBe(value)
    expect(groups.length).toBe(2)

    const extension = { [EnterpriseUser.id]: { manager: { value: id } } }
    const report = created(await app.scim.post('/Users', user('report', extension)))
    expect((await follow(report[EnterpriseUser.id].manager.$ref)).body.id).toBe(id)

    const { owner } = await createDevice(app.scim, { owner: { value: id } })
    expect((await follow(owner.$ref)).body.id).toBe(id)
  })

  test('[S-2.3.7-03] to what is gone give 404', async () => {
    const { id } = await createUser()
    const { owner } = await createDevice(app.scim, { owner: { value: id } })
    await app.scim.delete(`/Users/${id}`)
    expectError(await follow(owner.$ref), 404)
  })

  test('[S-2.3.7-05] a URI that is only an identifier stays as it is', async () => {
    const profile = 'urn:example:profiles:basic'
    const { id } = await createDevice(app.scim, { profile })
    const { body } = await app.scim.get(`/Devices/${id}`)
    expect(body.profile).toBe(profile)
    for (const uri of body.schemas) expect(uri).toMatch(/^urn:/)
  })
})

describe('references that clients send', () => {
  test('[S-2.3.7-02, S-2.4-06] are read from the root of the service, with another version of the API in them too', async () => {
    const { id } = await createUser()
    const { origin } = new URL(app.base)
    const location = `${app.base}/Users/${id}`
    for (const $ref of [`Users/${id}`, location, location.replace('/v2', ''), location.replace('/v2', '/v1')]) {
      const { owner } = await createDevice(app.scim, { owner: { value: id, $ref } })
      expect(owner).toEqual({ value: id, $ref: location })
    }
    expect(new URL(`Users/${id}`, `${app.base}/`).href).toBe(location)

    const team = created(await app.scim.post('/Groups', group(`team-${id}`, id)))
    for (const uri of [location, `Users/${id}`, `${origin}/scim/Users/${id}`, `${origin}/scim/v1/Users/${id}`]) {
      for (const filter of [`members[$ref eq "${uri}"]`, `members.$ref eq "${uri}"`]) {
        const { body } = await app.scim.get(`/Groups?filter=${encodeURIComponent(filter)}`)
        expect({ filter, found: body.Resources.map((one: any) => one.id) }).toEqual({ filter, found: [team.id] })
      }
    }
    for (const uri of [`${origin}/other/Users/${id}`, `https://example.com/scim/v2/Users/${id}`, `${location}x`]) {
      const filter = encodeURIComponent(`members.$ref eq "${uri}"`)
      expect((await app.scim.get(`/Groups?filter=${filter}`)).body.totalResults).toBe(0)
    }
  })

  test('[S-2.4-06] a member is the same whatever version of the API stands in its $ref', async () => {
    const { id } = await createUser()
    const before = created(await app.scim.post('/Groups', group('versions', id)))
    const $ref = `${app.base.replace('/v2', '/v1')}/Users/${id}`
    const answer = await patch(`/Groups/${before.id}`, { op: 'add', path: 'members', value: [{ value: id, $ref }] })
    expect(answer.status).toBe(204)
    expect((await app.scim.get(`/Groups/${before.id}`)).body).toEqual(before)
  })

  test('[S-2.3.7-02, S-2.4-06] a member is removed by its $ref, as it was answered or in another version', async () => {
    const [one, two, three] = [await createUser(), await createUser(), await createUser()]
    const { id } = created(await app.scim.post('/Groups', group('by-ref', one.id, two.id, three.id)))
    const uris = [one.meta.location, `${app.base.replace('/v2', '')}/Users/${two.id}`]
    for (const uri of uris) {
      const answer = await patch(`/Groups/${id}`, { op: 'remove', path: `members[$ref eq "${uri}"]` })
      expect(answer.status).toBeLessThan(300)
    }
    const { body } = await app.scim.get(`/Groups/${id}`)
    expect(body.members.map(({ value }: any) => value)).toEqual([three.id])
  })
})

describe('[S-2.3.7-04] members that do not exist', () => {
  const keeping = sharedApp(() => {
    const { users, groups } = memoryAdapters({ members: { unknown: 'keep' } })
    return { resources: { User: { adapter: users }, Group: { adapter: groups } } }
  })

  test('are refused with 400 invalidValue, in POST, PUT and PATCH, and nothing is stored', async () => {
    const { id } = await createUser()
    const before = created(await app.scim.post('/Groups', group('real', id)))
    const answer = await app.scim.post('/Groups', group('unreal', id, 'nobody'))
    expectError(answer, 400, 'invalidValue')
    expect(answer.body.detail).toContain('nobody')
    expectError(await app.scim.put(`/Groups/${before.id}`, group('real', 'nobody')), 400, 'invalidValue')
    const value = [{ value: 'nobody' }]
    expectError(await patch(`/Groups/${before.id}`, { op: 'add', path: 'members', value }), 400, 'invalidValue')
    expect((await app.scim.get(`/Groups/${before.id}`)).body).toEqual(before)
    const unreal = encodeURIComponent('displayName eq "unreal"')
    expect((await app.scim.get(`/Groups?filter=${unreal}`)).body.totalResults).toBe(0)
  })

  test('are kept by option', async () => {
    const { members } = created(await keeping.scim.post('/Groups', group('kept', 'nobody')))
    expect(members).toEqual([{ value: 'nobody' }])
  })
})

describe.each(['strict', 'tolerant'] as const)('references without an id (decision A-140), %s', (compatibility) => {
  test.each([
    [[{ value: '' }]],
    [[{ value: null }]],
    [[{ value: '', display: 'x' }]],
    [[{ value: '1' }, { value: '' }]],
    [[{ value: '', $ref: 'Users/1' }]],
    [[{ display: 'x' }]],
    [[{}]],
    [[null]],
  ])('[S-4.2-03] come to no adapter, however much it would take: %j', async (members) => {
    const meta = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: 'W/"1"' }
    const groups = fixtureAdapter([{ id: 'g', displayName: 'g', members: [{ value: '1' }], meta }])
    const drafts: unknown[] = []
    const create: typeof groups.create = (draft, call) => {
      drafts.push(draft)
      return groups.create(draft, call)
    }
    const replace: typeof groups.replace = (id, draft, call) => {
      drafts.push(draft)
      return groups.replace(id, draft, call)
    }
    const { scim } = await startApp({
      compatibility,
      resources: { Group: { adapter: { ...groups, create, replace } } },
    })
    const operation = (op: string) => ({ schemas: [PATCH_OP], Operations: [{ op, path: 'members', value: members }] })
    for (const answer of [
      await scim.post('/Groups', { ...group('new'), members }),
      await scim.put('/Groups/g', { ...group('g'), members }),
      await scim.patch('/Groups/g', operation('add')),
      await scim.patch('/Groups/g', operation('replace')),
    ]) {
      expectError(answer, 400, 'invalidValue')
    }
    expect(drafts).toEqual([])
  })
})
