import { ScimError, type ScimRouterOptions } from '../../src/index.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { testAdapters } from '../support/postgres.js'
import { closedAfterEach, expectError, group, memoryOptions, user } from './service.js'

const database = testAdapters()
const STORES = {
  memory: () => memoryOptions().resources,
  PostgreSQL: () => postgresAdapters({ pool: database.pool, schema: database.schema }).resources,
}
type Policies = Pick<ScimRouterOptions, 'authorize' | 'access'>

let tenants = 0

/** Zaphod is in Secret; then the service is seen by a client with policies. */
async function seenBy(
  closed: (starting: Promise<App>) => Promise<App>,
  store: keyof typeof STORES,
  policies: Policies & { readonly permits?: any },
) {
  tenants += 1
  const identity = { tenant: `t${tenants}` }
  const resources = STORES[store]()
  const all = await closed(startApp({ resources, authenticate: () => identity }))
  const zaphod = (await all.scim.post('/Users', user('zaphod', { displayName: 'Zaphod' }))).body
  const secret = (await all.scim.post('/Groups', group('Secret', zaphod.id))).body
  const { permits, ...options } = policies
  const app = await closed(startApp({ resources, authenticate: () => ({ ...identity, permits }), ...options }))
  return { ...app, zaphod, secret }
}

const query = (path: string, filter: string): string => `${path}?filter=${encodeURIComponent(filter)}`

// Decision A-143.
describe.each(['memory', 'PostgreSQL'] as const)('[P-7.5.1-01] what references tell of others, %s', (store) => {
  const closed = closedAfterEach()

  test.each(['displayName', 'name', 'userName'])(
    'members.display is neither shown nor filtered if access hides %s of users',
    async (hidden) => {
      const access: Policies['access'] = ({ attribute, resourceType }) =>
        resourceType === 'User' && attribute === hidden ? 'none' : 'write'
      const { scim, zaphod, secret } = await seenBy(closed, store, { access })
      const { body } = await scim.get(`/Groups/${secret.id}`)
      expect(body.members).toEqual([expect.objectContaining({ value: zaphod.id, type: 'User' })])
      expect(body.members[0]).not.toHaveProperty('display')
      expect((await scim.get('/Groups')).text).not.toContain('Zaphod')
      expect((await scim.get('/Groups?attributes=members.display')).text).not.toContain('Zaphod')
      expect((await scim.get('/')).body.Resources.map((one: any) => one.members ?? [])).not.toContainEqual([
        expect.objectContaining({ display: 'Zaphod' }),
      ])
      for (const filter of ['members.display sw "zap"', 'members[display sw "zaq"]', 'members[not (display pr)]']) {
        expectError(await scim.get(query('/Groups', filter)), 403)
      }
      expectError(await scim.get('/Groups?sortBy=members.display'), 403)
      const path = 'members[display sw "Zap"]'
      expectError(await scim.patch(`/Groups/${secret.id}`, { Operations: [{ op: 'remove', path }] }), 403)
      expect((await scim.get(query('/Groups', `members.value eq "${zaphod.id}"`))).body.totalResults).toBe(1)
    },
  )

  test('with all of it open, display is shown and filtered', async () => {
    const { scim, secret, zaphod } = await seenBy(closed, store, { access: () => 'read', authorize: () => true })
    expect((await scim.get(`/Groups/${secret.id}`)).body.members[0].display).toBe('Zaphod')
    expect((await scim.get(`/Users/${zaphod.id}`)).body.groups[0]).toMatchObject({
      display: 'Secret',
      value: secret.id,
    })
    expect((await scim.get(query('/Groups', 'members.display sw "zap"'))).body.totalResults).toBe(1)
    expect((await scim.get(query('/Users', 'groups.display co "Secret"'))).body.totalResults).toBe(1)
  })

  test.each<[string, any]>([
    ['authorize', { authorize: ({ resourceType }: any) => resourceType !== 'Group' }],
    ['authorize, later', { authorize: async ({ resourceType }: any) => resourceType !== 'Group' }],
    ['permits', { permits: ({ resourceType }: any) => resourceType !== 'Group' }],
    [
      'permits by an exception',
      {
        permits: ({ resourceType }: any) => {
          if (resourceType === 'Group') throw ScimError.forbidden({ scope: 'groups' })
          return true
        },
      },
    ],
  ])('groups of users are not there if %s refuses groups', async (_title, policies) => {
    const { scim, zaphod, secret } = await seenBy(closed, store, policies)
    const answers = [
      await scim.get(`/Users/${zaphod.id}`),
      await scim.get(`/Users/${zaphod.id}?attributes=groups`),
      await scim.get('/Users'),
      await scim.get('/'),
      await scim.put(`/Users/${zaphod.id}`, user('zaphod')),
      await scim.patch(`/Users/${zaphod.id}?attributes=groups`, {
        Operations: [{ op: 'replace', path: 'title', value: 'x' }],
      }),
    ]
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(text).not.toMatch(/Secret|"groups"/)
      expect(text).not.toContain(secret.id)
    }
    for (const filter of [
      `groups.value eq "${secret.id}"`,
      'groups.display co "Secret"',
      'groups pr',
      'groups[type pr]',
    ])
      expectError(await scim.get(query('/Users', filter)), 403)
  })

  test('members.value stays if authorize refuses users, without their names', async () => {
    const authorize: Policies['authorize'] = ({ resourceType }) => resourceType === 'Group'
    const { scim, zaphod, secret } = await seenBy(closed, store, { authorize })
    const { body } = await scim.get(`/Groups/${secret.id}`)
    expect(body.members.map(({ value }: any) => value)).toEqual([zaphod.id])
    expect(body.members[0]).not.toHaveProperty('display')
    expectError(await scim.get(query('/Groups', 'members.display pr')), 403)
  })

  test('authorize is asked once for a request and type', async () => {
    const asked: string[] = []
    const authorize: Policies['authorize'] = ({ action, resourceType, id }) => {
      asked.push(`${action} ${resourceType} ${id}`)
      return true
    }
    const { scim, secret } = await seenBy(closed, store, { authorize })
    await scim.get('/Groups')
    expect(asked.splice(0).sort()).toEqual(['list Group undefined', 'list User undefined'])
    await scim.get('/')
    expect(asked.splice(0).sort()).toEqual(['list Group undefined', 'list User undefined'])
    await scim.delete(`/Groups/${secret.id}`)
    expect(asked).toEqual([`delete Group ${secret.id}`])
  })
})
