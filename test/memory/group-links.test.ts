import { LIMITS } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { Store } from '../../src/memory/store.js'
import { column, createUsers, expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { callWith, queryOf, userSchema } from './calls.js'

let app: App | undefined
afterEach(async () => {
  jest.restoreAllMocks()
  await app?.close()
  app = undefined
})

/** Users in the first of some groups, each of which is a member of all later groups. */
async function nested(users: number, groups: number, options: Partial<AppOptions> = {}) {
  app = await startApp(memoryOptions(options))
  const { scim } = app
  const names = Array.from({ length: users }, (_, at) => user(`user${at}`, { title: at % 2 ? 'odd' : 'even' }))
  const people = (await createUsers(scim, ...names)).map(({ id }) => id as string)
  const made: string[] = []
  for (let at = 0; at < groups; at += 1) {
    const { body } = await scim.post('/Groups', group(`group${at}`, ...(at === 0 ? people : made)))
    made.push(body.id)
  }
  return { scim, people, groups: made }
}

const types = (list: readonly { readonly type: string }[] = []): string[] => list.map(({ type }) => type)
const ASKING = [
  '/Users?attributes=groups',
  '/Users?attributes=groups.value',
  '/Users?attributes=urn:ietf:params:scim:schemas:core:2.0:User:groups',
  '/Users?filter=groups.value%20eq%20%22x%22',
  '/Users?filter=title%20pr&attributes=groups',
  '/Users?sortBy=groups.display',
]

describe('groups of a page of users', () => {
  // 30 users and 19 links of the group itself; 190 for each user when every user is walked up from by itself.
  test('are worked out in one walk, whoever is on the page', async () => {
    const { scim } = await nested(30, 20)
    const looks = jest.spyOn(Store.prototype, 'holderRows')
    const lists = column(await scim.get('/Users?count=200'), 'groups')
    expect(lists.map(types)).toEqual(Array(30).fill(['direct', ...Array(19).fill('indirect')]))
    expect(looks.mock.calls.length).toBeLessThanOrEqual(30 + 20)
  })

  test.each(['', '&filter=title%20pr', '&sortBy=title', '&filter=title%20pr&sortBy=userName'])(
    'are worked out for the users on the page alone: %s',
    async (query) => {
      const { scim } = await nested(30, 3)
      const looks = jest.spyOn(Store.prototype, 'holderRows')
      const lists = column(await scim.get(`/Users?count=4${query}`), 'groups')
      expect(lists.map(types)).toEqual(Array(4).fill(['direct', 'indirect', 'indirect']))
      expect(looks.mock.calls.length).toBeLessThanOrEqual(4 + 3)
    },
  )

  test.each([
    'excludedAttributes=groups',
    'attributes=userName',
    'attributes=userName&filter=title%20pr',
    'excludedAttributes=groups&sortBy=title',
    'count=0',
    'count=0&filter=title%20pr',
  ])('are not worked out when nobody asks for them: %s', async (query) => {
    const { scim } = await nested(5, 3)
    const looks = jest.spyOn(Store.prototype, 'holderRows')
    expect((await scim.get(`/Users?${query}`)).status).toBe(200)
    expect(looks).not.toHaveBeenCalled()
  })
})

describe('limits.groupLinks', () => {
  test('has a row in docs/limits.md', () => {
    expect(LIMITS.groupLinks).toMatchObject({ default: 100_000, unit: 'memberships' })
  })

  test('within it the groups are whole, whoever names them', async () => {
    const { scim } = await nested(3, 4, { limits: { groupLinks: 6 } })
    expect(types(column(await scim.get('/Users'), 'groups')[0])).toHaveLength(4)
    for (const path of ASKING) expect([path, (await scim.get(path)).status]).toEqual([path, 200])
  })

  test('beyond it every list shows direct groups alone, and the operator is told once', async () => {
    const errors: string[] = []
    const on = { error: ({ error }: { error: unknown }) => errors.push((error as Error).message) }
    const { scim, people } = await nested(3, 4, { limits: { groupLinks: 5 }, on })
    for (const path of [
      '/Users',
      '/Users?filter=title%20pr',
      '/Users?sortBy=userName',
      '/Users?excludedAttributes=title',
    ]) {
      expect(column(await scim.get(path), 'groups').map(types)).toEqual([['direct'], ['direct'], ['direct']])
    }
    expect(types((await scim.get(`/Users/${people[0]}`)).body.groups)).toEqual(['direct'])
    const put = await scim.put(`/Users/${people[0]}`, user('user0', { title: 'new' }))
    expect([put.status, types(put.body.groups)]).toEqual([200, ['direct']])
    await hooksCalled()
    expect(errors).toEqual([expect.stringContaining('limits.groupLinks is 5')])
  })

  test('beyond it a request that names groups is 400 tooMany, and writes nothing', async () => {
    const { scim, people } = await nested(3, 4, { limits: { groupLinks: 5 } })
    for (const path of [...ASKING, `/Users/${people[0]}?attributes=groups`]) {
      expectError(await scim.get(path), 400, 'tooMany')
    }
    const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], attributes: ['groups'] }
    expectError(await scim.post('/Users/.search', search), 400, 'tooMany')
    expectError(await scim.post('/.search', search), 400, 'tooMany')

    const one = `/Users/${people[0]}`
    expectError(await scim.put(`${one}?attributes=groups`, user('user0', { title: 'new' })), 400, 'tooMany')
    const Operations = [{ op: 'replace', path: 'title', value: 'new' }]
    expectError(await scim.patch(`${one}?attributes=groups`, { Operations }), 400, 'tooMany')
    expect((await scim.get(one)).body).toMatchObject({ title: 'even', meta: { version: 'W/"1"' } })
  })

  // Decision A-122.
  test('circles of groups are followed once', async () => {
    const { scim, groups } = await nested(2, 3, { limits: { groupLinks: 6 } })
    const Operations = [{ op: 'add', path: 'members', value: [{ value: groups[2] }] }]
    expect((await scim.patch(`/Groups/${groups[0]}`, { Operations })).status).toBe(204)
    const lists = column(await scim.get('/Users?attributes=groups'), 'groups')
    expect(lists.map(types)).toEqual(Array(2).fill(['direct', 'indirect', 'indirect']))
  })
})

test('the work ends when the signal aborts', async () => {
  const { users, groups } = memoryAdapters()
  const abort = new AbortController()
  const call = { ...callWith(), signal: abort.signal }
  for (let at = 0; at < 20; at += 1) {
    const { id } = await users.create({ userName: `user${at}` }, call)
    await groups.create({ displayName: `group${at}`, members: [{ value: String(id) }] }, call)
  }
  const looks = jest.spyOn(Store.prototype, 'holderRows')
  // Every look at the clock is a second later, so that there is a pause after each user.
  let now = 0
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
  const listing = users.list(queryOf(userSchema), call)
  abort.abort(new Error('gone'))
  await expect(listing).rejects.toThrow('gone')
  expect(looks.mock.calls.length).toBeLessThan(20)
})

test('so it does for one resource below many groups: others have their turn while they are walked up', async () => {
  const { users, groups } = memoryAdapters()
  const abort = new AbortController()
  const call = { ...callWith(), signal: abort.signal }
  const { id } = await users.create({ userName: 'deep' }, call)
  let member = id
  for (let at = 0; at < 30; at += 1) {
    const holder = await groups.create({ displayName: `group${at}`, members: [{ value: String(member) }] }, call)
    member = holder.id
  }
  const looks = jest.spyOn(Store.prototype, 'holderRows')
  let now = 0
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
  const reading = users.get(String(id), call)
  abort.abort(new Error('gone'))
  await expect(reading).rejects.toThrow('gone')
  expect(looks.mock.calls.length).toBeLessThan(5)
})
