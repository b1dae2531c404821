import { Group, ScimError, User } from '../../src/index.js'
import { LIST_RESPONSE } from '../../src/urn.js'
import { describeExpress, sharedApp, startApp } from '../support/app.js'
import { type FixtureResource, fixtureAdapter } from '../support/fixture-adapter.js'
import { closedAfterEach, column, createUsers, expectError, group, memoryOptions, user } from './service.js'

const META = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: 'W/"1"' }
const USERS: readonly FixtureResource[] = ['ann', 'bob', 'cid'].map((userName) => ({
  id: `u-${userName}`,
  userName,
  meta: META,
}))
const GROUPS: readonly FixtureResource[] = [
  {
    id: 'g-all',
    displayName: 'all',
    members: [
      { value: 'u-ann', type: 'User' },
      { value: 'u-bob', type: 'User' },
    ],
    meta: META,
  },
  { id: 'g-none', displayName: 'none', meta: META },
]

/** Users and groups whose adapters answer every list with all there is. */
const candidates = () => ({
  resources: { User: { adapter: fixtureAdapter(USERS, 'userName') }, Group: { adapter: fixtureAdapter(GROUPS) } },
})

describeExpress('GET {endpoint}', (version) => {
  const app = sharedApp(candidates, version)

  test('[P-3.4.2-01, P-3.4.2-02, P-3.4.2-03, P-3.4.2-04] is a ListResponse', async () => {
    const { status, body } = await app.scim.get('/Users')
    expect(status).toBe(200)
    expect(body).toEqual({
      schemas: [LIST_RESPONSE],
      totalResults: 3,
      startIndex: 1,
      itemsPerPage: 3,
      Resources: expect.any(Array),
    })
    expect(body.Resources).toHaveLength(3)
    const { body: page } = await app.scim.get('/Users?count=1')
    expect(page).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 1 })
    expect(page.Resources).toHaveLength(1)
  })

  test('[P-3.4.2-08] its resources are as they are by themselves', async () => {
    const { body } = await app.scim.get('/Users')
    for (const resource of body.Resources) {
      expect(resource.schemas).toEqual([User.id])
      expect(resource.meta.location).toBe(`${app.base}/Users/${resource.id}`)
      expect((await app.scim.get(`/Users/${resource.id}`)).body).toEqual(resource)
    }
  })

  test('[P-3.4.2-05, P-3.4.2-02] no match is 200 with totalResults 0', async () => {
    for (const path of [
      '/Users?filter=userName eq "nobody"',
      '/?filter=userName eq "nobody"',
      '/Groups?filter=displayName pr and not (displayName pr)',
    ]) {
      const { status, body } = await app.scim.get(path)
      expect(status).toBe(200)
      expect(body).toEqual({ schemas: [LIST_RESPONSE], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] })
    }
  })

  test('[P-3.4.2-06] query parameters that nobody knows are ignored', async () => {
    const { body: all } = await app.scim.get('/Users')
    for (const query of [
      'foo=bar',
      'foo=1&foo=2',
      'filters=x',
      '&&',
      '=x',
      '__proto__=1&toString',
      'count[]=1',
      'cursor=x',
    ]) {
      expect((await app.scim.get(`/Users?${query}`)).body).toEqual(all)
    }
  })

  // A parameter that stands alone is read in another way.
  test.each([
    ['userName%20eq%20%22a%6en%22', 1],
    ['userName+eq+%22ann%22', 1],
    ['userName%20ne%20%22%zz%22', 3],
    ['userName%20ne%20%22=%22', 3],
    ['', 3],
  ])('[P-3.4.2-06] filter=%s means the same alone and among others', async (filter, count) => {
    for (const others of ['', '&startIndex=1', '&']) {
      const { status, body } = await app.scim.get(`/Users?filter=${filter}${others}`)
      expect([status, body.totalResults]).toEqual([200, count])
    }
  })

  // Decision A-134.
  test('a parameter that is given twice is 400 invalidValue: nobody knows which is meant', async () => {
    expectError(await app.scim.get('/Users?count=1&count=2'), 400, 'invalidValue')
    expectError(await app.scim.get('/Users?filter=title pr&filter=userName pr'), 400, 'invalidValue')
  })
})

describeExpress('GET on the root', (version) => {
  const app = sharedApp(candidates, version)
  const ids = async (query: string) => column(await app.scim.get(`/?${query}`), 'id')

  test('[P-3.4.2.1-01, P-3.4.2.1-02] covers all resources of all types', async () => {
    const { body } = await app.scim.get('/')
    expect(body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 5, itemsPerPage: 5, startIndex: 1 })
    expect(body.Resources.map(({ id, schemas, meta }: any) => [id, ...schemas, meta.resourceType])).toEqual([
      ['u-ann', User.id, 'User'],
      ['u-bob', User.id, 'User'],
      ['u-cid', User.id, 'User'],
      ['g-all', Group.id, 'Group'],
      ['g-none', Group.id, 'Group'],
    ])
    expect((await app.scim.get('')).body).toEqual(body)
  })

  test('[P-3.4.2.1-03] a filter on meta.resourceType restricts it', async () => {
    expect(await ids('filter=meta.resourceType eq "Group"')).toEqual(['g-all', 'g-none'])
    expect(await ids('filter=meta.resourceType ne "Group" and userName gt "ann"')).toEqual(['u-bob', 'u-cid'])
  })

  test('[P-3.4.2.1-05] what a type has not counts as without value', async () => {
    expect(await ids('filter=members pr')).toEqual(['g-all'])
    expect(await ids('filter=userName eq "ann" or displayName eq "none"')).toEqual(['u-ann', 'g-none'])
    expect(await ids('filter=not (userName pr)')).toEqual(['g-all', 'g-none'])
    expect(await ids('filter=members[value eq "u-bob"]')).toEqual(['g-all'])
    expect(await ids('filter=neverHeardOf pr')).toEqual([])
  })

  // Decision A-130.
  test('pages go over the types without a gap', async () => {
    const walked = []
    for (let startIndex = 1; startIndex <= 5; startIndex += 2) {
      const { body } = await app.scim.get(`/?startIndex=${startIndex}&count=2`)
      expect(body).toMatchObject({ totalResults: 5, startIndex, itemsPerPage: body.Resources.length })
      walked.push(...body.Resources.map(({ id }: any) => id))
    }
    expect(walked).toEqual(['u-ann', 'u-bob', 'u-cid', 'g-all', 'g-none'])
    expect((await app.scim.get('/?count=0')).body).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] })
  })

  test('an order goes over the types as well', async () => {
    expect(await ids('sortBy=id&sortOrder=descending')).toEqual(['u-cid', 'u-bob', 'u-ann', 'g-none', 'g-all'])
    expect(await ids('sortBy=id&startIndex=2&count=2')).toEqual(['g-none', 'u-ann'])
    // Users have no value, so they come last, or first.
    expect((await ids('sortBy=members.value')).slice(0, 1)).toEqual(['g-all'])
    expect((await ids('sortBy=members.value&sortOrder=descending')).at(-1)).toBe('g-all')
    expectError(await app.scim.get('/?sortBy=neverHeardOf'), 400, 'invalidValue')
  })

  // Decision A-44.
  test('[P-3.9-11] attributes are named for each type', async () => {
    const { body } = await app.scim.get('/?attributes=displayName,userName')
    expect(body.Resources.map(({ schemas, ...rest }: any) => rest).slice(2, 4)).toEqual([
      { id: 'u-cid', userName: 'cid' },
      { id: 'g-all', displayName: 'all' },
    ])
  })

  test('what an answer shows is not all that filter and order look at', async () => {
    expect(await ids('filter=userName ne "bob"&attributes=id&sortBy=userName&sortOrder=descending')).toEqual([
      'g-all',
      'g-none',
      'u-cid',
      'u-ann',
    ])
  })
})

describe('what adapters are asked for', () => {
  const closed = closedAfterEach()

  test('they may leave out what is not selected: what filter and order look at is', async () => {
    const adapter = fixtureAdapter(
      USERS.map((each, index) => ({
        ...each,
        title: `t${3 - index}`,
        nickName: 'n',
        name: { familyName: `f${index}` },
      })),
    )
    const seen: unknown[] = []
    const list: typeof adapter.list = (query, call) => {
      const pick = (row: object) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => name === 'id' || call.select.has(name)))
      seen.push(['userName', 'title', 'nickName', 'name', 'meta', 'emails'].filter((name) => call.select.has(name)))
      return [...(adapter.list(query, call) as any)].map(pick) as never
    }
    const app = await closed(startApp({ resources: { User: { adapter: { ...adapter, list } } } }))
    for (const path of ['/Users', '/']) {
      const query = 'attributes=nickName&filter=name.familyName sw "f" and title ne "t2"&sortBy=title'
      expect(column(await app.scim.get(`${path}?${query}`), 'id')).toEqual(['u-cid', 'u-ann'])
      await app.scim.get(`${path}?excludedAttributes=emails,name`)
    }
    const [filtered, excluded] = [
      ['title', 'nickName', 'name'],
      ['userName', 'title', 'nickName', 'meta'],
    ]
    expect(seen).toEqual([filtered, excluded, filtered, excluded])
  })

  test.each([
    ['more than it was asked for', () => ({ resources: USERS, totalResults: 3 }), 'returned 3 resources for count 2'],
    ['a total that cannot be', () => ({ resources: USERS.slice(0, 2), totalResults: 1 }), 'returned totalResults 1'],
    ['a total in quotes', () => ({ resources: [], totalResults: '1' }), 'returned a string as totalResults'],
    ['no total', () => ({ resources: [] }), 'returned totalResults undefined'],
    ['nothing', () => undefined, 'returned neither a page nor candidates'],
    ['a number', () => 3, 'returned neither a page nor candidates'],
    [
      'a page without list',
      () => ({ resources: undefined, totalResults: 1 }),
      'returned a page whose resources are no list',
    ],
    [
      'a resource without id',
      () => ({ resources: [{ userName: 'x' }], totalResults: 1 }),
      'returned a resource without id',
    ],
  ])('an adapter that answers with %s is at fault: 500, and one sentence in the log', async (_, list, sentence) => {
    const error = jest.fn()
    const adapter = { ...fixtureAdapter([]), list: list as never }
    const app = await closed(startApp({ resources: { User: { adapter } }, on: { error } }))
    const answer = await app.scim.get('/Users?count=2')
    expectError(answer, 500)
    expect(answer.text).not.toContain('returned')
    const message = expect.stringContaining(`User.list ${sentence} (node_modules/express-scim/docs/adapters.md#`)
    expect(error.mock.calls).toEqual([[expect.objectContaining({ error: expect.objectContaining({ message }) })]])
  })
})

describe('too much', () => {
  const closed = closedAfterEach()

  test('[P-3.4.2.1-04] more matches than allowed, or more to look at, is 400 tooMany and no partial list', async () => {
    const matches = await closed(startApp({ ...candidates(), limits: { maxMatches: 2 } }))
    const looked = await closed(startApp({ ...candidates(), limits: { scanResources: 2 } }))
    for (const { scim } of [matches, looked]) {
      for (const path of ['/Users', '/Users?count=1', '/', '/?sortBy=id']) {
        const answer = await scim.get(path)
        expectError(answer, 400, 'tooMany')
        expect(answer.body).not.toHaveProperty('Resources')
      }
      expect((await scim.get('/Groups')).body.totalResults).toBe(2)
    }
    expect((await matches.scim.get('/Users?filter=userName eq "ann"')).body.totalResults).toBe(1)
  })

  test('[P-3.4.2.1-04] a store may say so itself', async () => {
    const list = () => Promise.reject(ScimError.tooMany())
    const app = await closed(startApp({ resources: { User: { adapter: { ...fixtureAdapter([]), list } } } }))
    expectError(await app.scim.get('/Users'), 400, 'tooMany')
  })
})

describe('tolerances', () => {
  const tolerant = sharedApp(() => {
    const { resources } = memoryOptions()
    return { resources: { User: resources['User'] as never } }
  })
  const strict = sharedApp(() => ({
    ...candidates(),
    resources: { User: { adapter: fixtureAdapter(USERS) } },
    compatibility: 'strict' as const,
  }))

  // Decision A-106.
  test('a type that is not configured is an empty list for GET, strictly 404', async () => {
    expect((await tolerant.scim.get('/Groups?excludedAttributes=members')).body).toMatchObject({
      totalResults: 0,
      Resources: [],
    })
    expect((await tolerant.scim.send('HEAD', '/Groups')).status).toBe(200)
    expectError(await tolerant.scim.post('/Groups', group('x')), 404)
    expectError(await tolerant.scim.get('/Groups/1'), 404)
    expectError(await tolerant.scim.get('/Devices'), 404)
    expectError(await strict.scim.get('/Groups'), 404)
  })

  test('an endpoint in other letters is served under its own name, strictly 404', async () => {
    await createUsers(tolerant.scim, user('case'))
    const { body } = await tolerant.scim.get('/users')
    expect(body.Resources[0].meta.location).toMatch(/\/Users\//)
    expectError(await strict.scim.get('/users'), 404)
    for (const path of ['/schemas', '/resourcetypes/User', '/serviceProviderConfig']) {
      expect((await tolerant.scim.get(path)).status).toBe(200)
      expectError(await strict.scim.get(path), 404)
    }
    const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], count: 1 }
    expect((await tolerant.scim.post('/.Search', search)).body.itemsPerPage).toBe(1)
    expectError(await strict.scim.post('/.Search', search), 404)
    expectError(await tolerant.scim.get('/bulk'), 405)
    expectError(await tolerant.scim.get('/me'), 501)
    expectError(await strict.scim.get('/me'), 404)
  })

  // Decision A-104.
  test('a query parameter in other letters is known, strictly ignored', async () => {
    expect((await tolerant.scim.get('/Users?Count=0')).body.itemsPerPage).toBe(0)
    expect((await strict.scim.get('/Users?Count=0')).body.itemsPerPage).toBe(3)
    expectError(await tolerant.scim.get('/Users?Count=0&count=1'), 400, 'invalidValue')
  })
})
