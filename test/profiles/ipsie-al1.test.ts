import { ScimError, type ScimRouterOptions } from '../../src/index.js'
import { createUsers, expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'

const SCHEMAS = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']

/** The demands of draft-ipsie-scim-al1-profile on an application, step by step. */
describe('[X-IPS-01] IPSIE AL1', () => {
  let limited = false
  // The application verifies the access token and its scope, and limits rates.
  const authenticate: ScimRouterOptions['authenticate'] = ({ token }) => {
    if (limited) throw ScimError.tooManyRequests({ retryAfter: 30 })
    return token === 'test-token' ? { subject: 'idp' } : null
  }
  const app = sharedApp(() => memoryOptions({ authenticate, compatibility: 'strict' }))
  const patch = (path: string, ...Operations: object[]) => app.scim.patch(path, { schemas: SCHEMAS, Operations })
  const found = async (filter: string): Promise<unknown> =>
    (await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`)).body.Resources.map(({ id }: any) => id)

  test('users are created, found, changed, deactivated, reactivated and deleted, and their names are free again', async () => {
    const data = user('ipsie', { externalId: '701984', emails: [{ value: 'i@x.test', primary: true }], active: true })
    const { body } = await app.scim.post('/Users', data)
    const path = `/Users/${body.id}`
    for (const filter of ['username eq "ipsie"', 'externalId eq "701984"', 'emails[value eq "i@x.test"]']) {
      expect(await found(filter)).toEqual([body.id])
    }
    for (const active of [false, true]) {
      await patch(path, { op: 'replace', path: 'active', value: active })
      expect((await app.scim.get(path)).body.active).toBe(active)
    }
    expect((await app.scim.delete(path)).status).toBe(204)
    expectError(await app.scim.get(path), 404)
    expect((await app.scim.post('/Users', data)).status).toBe(201)
  })

  test('members come by add, and go one by one or all', async () => {
    const users = await createUsers(app.scim, user('member 1'), user('member 2'), user('member 3'))
    const [one, two, three] = users.map(({ id }) => ({ value: id })) as [any, any, any]
    const { body } = await app.scim.post('/Groups', group('role'))
    const path = `/Groups/${body.id}`
    const members = async () => ((await app.scim.get(path)).body.members ?? []).map(({ value }: any) => ({ value }))
    await patch(path, { op: 'add', path: 'members', value: [one, two] }, { op: 'add', path: 'members', value: [three] })
    expect(await members()).toEqual([one, two, three])
    await patch(path, { op: 'remove', path: `members[value eq "${two.value}"]` })
    expect(await members()).toEqual([one, three])
    const without = await app.scim.get(`${path}?excludedAttributes=members`)
    expect(without.body).toMatchObject({ id: body.id, displayName: 'role' })
    expect(without.body).not.toHaveProperty('members')
    const listed = await app.scim.get('/Groups?filter=displayName eq "role"&excludedAttributes=members')
    expect(listed.body.Resources).toEqual([without.body])
    await patch(path, { op: 'remove', path: 'members' })
    expect(await members()).toEqual([])
  })

  test('lists come in pages, and rates may be limited: 429 with Retry-After', async () => {
    expect((await app.scim.get('/Users?count=1&startIndex=2')).body).toMatchObject({ startIndex: 2, itemsPerPage: 1 })
    limited = true
    const answer = await app.scim.get('/Users')
    limited = false
    expectError(answer, 429)
    expect(answer.headers.get('retry-after')).toBe('30')
  })

  test('discovery tells of users, groups and what is supported', async () => {
    const types = await app.scim.get('/ResourceTypes')
    expect(types.body.Resources.map(({ name }: any) => name)).toEqual(['User', 'Group'])
    const config = await app.scim.get('/ServiceProviderConfig')
    expect(config.body).toMatchObject({ patch: { supported: true }, filter: { supported: true } })
    expect((await app.scim.get('/Schemas')).status).toBe(200)
  })
})
