import { expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { type AppOptions, describeExpress, sharedApp, startApp } from '../support/app.js'
import { sample } from '../support/length.js'
import { createNamed, names, numbered, optionsWith, query, SECRET, type Store, walk } from './service.js'

const STORES: readonly Store[] = ['positions', 'candidates', 'pages by index']

describe.each(STORES)('pages by cursor (RFC 9865 section 2) of a store that gives %s', (store) => {
  const app = sharedApp(() => optionsWith(store, { limits: { maxResults: 10, defaultResults: 4 } }))
  beforeAll(() => createNamed(app.scim, numbered(9)))

  test.each([
    ['', {}],
    ['sorted', { sortBy: 'userName', sortOrder: 'descending' }],
    ['filtered', { filter: 'userName gt "a02"' }],
    ['filtered and sorted', { filter: 'userName gt "a02"', sortBy: 'title' }],
  ])(
    '[C-2-01, C-2-03, C-2-04, C-2-10] lead from the first page to the last, each resource once: %s',
    async (_title, parameters) => {
      const all = await app.scim.get(query({ ...parameters, count: 10 }))
      const pages = await walk(app.scim, { ...parameters, count: 4 })
      const { totalResults } = all.body
      expect(pages.flatMap(names)).toEqual(names(all))
      expect(pages.map(({ body }) => body.itemsPerPage)).toEqual(totalResults === 9 ? [4, 4, 1] : [4, 3])
      for (const [at, { body }] of pages.entries()) {
        expect(body).toMatchObject({ totalResults, itemsPerPage: body.Resources.length })
        expect(body).not.toHaveProperty('startIndex')
        expect('nextCursor' in body).toBe(at < pages.length - 1)
        if (at === 0) expect(body).not.toHaveProperty('previousCursor')
      }
    },
  )

  test('[C-2-03] the last page is the last also when it is full', async () => {
    const pages = await walk(app.scim, { count: 3 })
    expect(pages.map((page) => names(page).length)).toEqual([3, 3, 3])
  })

  test('[C-2-01] ?cursor and ?cursor= start alike', async () => {
    const bare = await app.scim.get('/Users?cursor&count=4')
    const empty = await app.scim.get('/Users?cursor=&count=4')
    expect(names(bare)).toEqual(names(empty))
    expect([bare, empty].map(({ body }) => typeof body.nextCursor)).toEqual(['string', 'string'])
  })

  test('[C-2-02, C-2-08] are made of unreserved characters, and differ each time', async () => {
    const cursors = await Promise.all(
      [1, 2, 3].map(async () => (await app.scim.get('/Users?cursor&count=2')).body.nextCursor),
    )
    for (const cursor of cursors) expect(cursor).toMatch(/^[A-Za-z0-9._~-]+$/)
    expect(new Set(cursors).size).toBe(3)
  })

  test('[C-2-05, C-2-06] count is never exceeded, and cut at the largest page', async () => {
    expect(names(await app.scim.get('/Users?cursor&count=3'))).toHaveLength(3)
    expect(names(await app.scim.get('/Users?cursor'))).toHaveLength(4)
    const small = await startApp(optionsWith(store, { limits: { maxResults: 5, defaultResults: 4 } }))
    await createNamed(small.scim, numbered(9))
    const pages = await walk(small.scim, { count: 1000 })
    expect(pages.map((page) => names(page).length)).toEqual([5, 4])
  })

  test.each([0, -5])('[C-2-05] count %i: nothing but the total', async (count) => {
    const { body } = await app.scim.get(query({ cursor: '', count }))
    expect(body).toEqual({ schemas: expect.any(Array), totalResults: 9, itemsPerPage: 0, Resources: [] })
  })

  test('[C-2-07] count need not be repeated, and may be if it is the same', async () => {
    const { body } = await app.scim.get('/Users?cursor&count=1000')
    expect(body).not.toHaveProperty('nextCursor')
    const first = await app.scim.get('/Users?cursor&count=2')
    const cursor = first.body.nextCursor
    expect(names(await app.scim.get(query({ cursor })))).toHaveLength(2)
    expect(names(await app.scim.get(query({ cursor, count: 2 })))).toHaveLength(2)
  })

  test('[C-2.1-01, C-2.1-02] another count is invalidCount', async () => {
    const { nextCursor: cursor } = (await app.scim.get('/Users?cursor&count=2')).body
    for (const count of [3, 0, -1, 1000]) {
      expectError(await app.scim.get(query({ cursor, count })), 400, 'invalidCount')
    }
  })

  test('[C-2-07] other attributes may be asked for on the way', async () => {
    const { nextCursor: cursor } = (await app.scim.get('/Users?cursor&count=2')).body
    const { body } = await app.scim.get(query({ cursor, count: 2, attributes: 'title' }))
    expect(Object.keys(body.Resources[0]).sort()).toEqual(['id', 'schemas', 'title'])
  })

  test('[C-2.1-01, C-2.1-02, C-2-07] a cursor of another query is invalidCursor', async () => {
    const first = await app.scim.get(query({ cursor: '', count: 2, filter: 'userName sw "a"', sortBy: 'userName' }))
    const { nextCursor: cursor } = first.body
    const same = { cursor, count: 2, filter: 'userName sw "a"', sortBy: 'userName' }
    expect(names(await app.scim.get(query(same)))).toEqual(['a03', 'a04'])
    const { filter: _filter, ...unfiltered } = same
    const { sortBy: _sortBy, ...unsorted } = same
    const others = [unfiltered, unsorted, { ...same, filter: 'userName sw "b"' }, { ...same, sortOrder: 'descending' }]
    for (const other of others) expectError(await app.scim.get(query(other)), 400, 'invalidCursor')
  })

  test('a filter that nothing can meet has one empty page', async () => {
    const { body } = await app.scim.get(query({ cursor: '', filter: 'meta.resourceType eq "Group"' }))
    expect(body).toMatchObject({ totalResults: 0, itemsPerPage: 0, Resources: [] })
    expect(body).not.toHaveProperty('nextCursor')
  })
})

describe.each(['positions', 'candidates'] as const)('walking while others write, in a store that gives %s', (store) => {
  const parameters = [{}, { sortBy: 'userName' }, { filter: 'title pr' }, { sortBy: 'title', sortOrder: 'descending' }]

  test.each(store === 'positions' ? parameters : sample(parameters, 2))(
    'nothing is skipped or repeated: %j',
    async (query) => {
      const app = await startApp(optionsWith(store))
      try {
        const stable = numbered(20, 'm')
        await createNamed(app.scim, [...stable, ...numbered(10, 'gone')])
        let round = 0
        const between = async (page: { body: any }): Promise<void> => {
          round += 1
          // A store may have them at the end, where a walk meets them all.
          if (round < 9) await createNamed(app.scim, [`a new ${round}`, `m new ${round}`, `z new ${round}`])
          // The user at the border goes, and one far away.
          const border = page.body.Resources.at(-1)
          if (/gone/.test(border.userName)) await app.scim.delete(`/Users/${border.id}`)
          const { body } = await app.scim.get('/Users?filter=userName sw "gone"&count=1')
          for (const { id } of body.Resources) await app.scim.delete(`/Users/${id}`)
        }
        const seen = (await walk(app.scim, { ...query, count: 3 }, { between })).flatMap(names)
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.filter((name) => stable.includes(name)).sort()).toEqual([...stable].sort())
      } finally {
        await app.close()
      }
    },
  )

  test('a page that has lost its resources still leads on', async () => {
    const app = await startApp(optionsWith(store))
    try {
      await createNamed(app.scim, numbered(6))
      const first = await app.scim.get('/Users?cursor&count=2&sortBy=userName')
      const all = await app.scim.get('/Users?sortBy=userName')
      for (const { id } of all.body.Resources.slice(0, 4)) await app.scim.delete(`/Users/${id}`)
      const rest = await app.scim.get(query({ cursor: first.body.nextCursor, sortBy: 'userName' }))
      expect(names(rest)).toEqual(['a05', 'a06'])
    } finally {
      await app.close()
    }
  })

  test('[C-2-04] previousCursor leads back, and the first page has none', async () => {
    const app = await startApp(optionsWith(store))
    try {
      await createNamed(app.scim, numbered(7))
      for (const order of [{}, { sortBy: 'userName', sortOrder: 'descending' }]) {
        const pages = await walk(app.scim, { ...order, count: 3 })
        let page = pages.at(-1) as (typeof pages)[number]
        for (const expected of [...pages].reverse().slice(1)) {
          page = await app.scim.get(query({ ...order, cursor: page.body.previousCursor }))
          expect(names(page)).toEqual(names(expected))
          expect(page.body).toHaveProperty('nextCursor')
        }
        expect(page.body).not.toHaveProperty('previousCursor')
      }
    } finally {
      await app.close()
    }
  })
})

describe('what an adapter cannot do', () => {
  test('one that pages forward alone has no previousCursor', async () => {
    const { resources, ...options } = optionsWith('positions')
    const adapter = resources['User']?.adapter as never
    const app = await startApp({ ...options, resources: { User: { adapter, supports: { cursor: 'forward' } } } })
    try {
      await createNamed(app.scim, numbered(4))
      const pages = await walk(app.scim, { count: 1 })
      expect(pages.flatMap(names)).toEqual(numbered(4))
      for (const { body } of pages) expect(body).not.toHaveProperty('previousCursor')
    } finally {
      await app.close()
    }
  })

  test('[C-2-04] one that has a way back from its first page is not believed', async () => {
    const { resources, ...options } = optionsWith('positions')
    const list = () => ({ resources: [], totalResults: 0, previous: 'before' })
    const adapter = { ...(resources['User']?.adapter as object), list } as never
    const app = await startApp({ ...options, resources: { User: { adapter, supports: { cursor: 'both' } } } })
    expect((await app.scim.get('/Users?cursor')).body).not.toHaveProperty('previousCursor')
  })

  test('[C-2-09] one that cannot count leaves totalResults out', async () => {
    const rows = [1, 2, 3].map((id) => ({ id, userName: `u${id}` }))
    const adapter = {
      ...(optionsWith('candidates').resources['User']?.adapter as object),
      list: ({ after = 0, count }: { after?: number; count: number }) => {
        const rest = rows.filter(({ id }) => id > after)
        return { resources: rest.slice(0, count), ...(rest.length > count && { next: rest[count - 1]?.id }) }
      },
    }
    const resources = { User: { adapter: adapter as never, supports: { cursor: 'forward' as const } } }
    const app = await startApp({ ...optionsWith('candidates'), resources })
    try {
      const pages = await walk(app.scim, { count: 2 })
      expect(pages.flatMap(names)).toEqual(['u1', 'u2', 'u3'])
      for (const { body } of pages) expect(body).not.toHaveProperty('totalResults')
    } finally {
      await app.close()
    }
  })
})

describe('which way of paging', () => {
  const start = (cursor?: AppOptions['cursor']) =>
    startApp(memoryOptions({ ...(cursor && { cursor }), limits: { defaultResults: 2 } }))

  test('[C-2.4-01, C-2.4-02] by index unless a cursor is named; announced', async () => {
    const app = await start({ secrets: [SECRET] })
    await createNamed(app.scim, numbered(3))
    const { body } = await app.scim.get('/Users')
    expect(body).toMatchObject({ startIndex: 1, totalResults: 3 })
    expect(body).not.toHaveProperty('nextCursor')
    const { body: config } = await app.scim.get('/ServiceProviderConfig')
    expect(config.pagination).toMatchObject({ cursor: true, index: true, defaultPaginationMethod: 'index' })
  })

  test('[C-2.3-01, C-2.4-01] by cursor where that is the default, and by index when startIndex is named', async () => {
    const app = await start({ secrets: [SECRET], default: 'cursor' })
    await createNamed(app.scim, numbered(3))
    const { body } = await app.scim.get('/Users')
    expect(body).toHaveProperty('nextCursor')
    expect(body).not.toHaveProperty('startIndex')
    expect((await app.scim.get('/Users?startIndex=2')).body).toMatchObject({ startIndex: 2, itemsPerPage: 2 })
    const { body: config } = await app.scim.get('/ServiceProviderConfig')
    expect(config.pagination.defaultPaginationMethod).toBe('cursor')
  })

  test('[C-2.4-03] both at once: 400', async () => {
    const app = await start({ secrets: [SECRET] })
    expectError(await app.scim.get('/Users?cursor&startIndex=1'), 400, 'invalidValue')
  })

  test('[C-4-01] ServiceProviderConfig has the sizes and the time', async () => {
    const app = await start({ secrets: [SECRET], timeout: 90 })
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body.pagination).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 2,
      maxPageSize: 200,
      cursorTimeout: 90,
    })
  })

  test('[C-4-02, C-4-01] without secrets there are no cursors: the parameter is unknown', async () => {
    const app = await start()
    await createNamed(app.scim, numbered(3))
    for (const path of ['/Users?cursor', '/Users?cursor=abc', '/Users?cursor=abc&startIndex=1']) {
      const { status, body } = await app.scim.get(path)
      expect(status).toBe(200)
      expect(body).toMatchObject({ startIndex: 1, itemsPerPage: 2 })
      expect(body).not.toHaveProperty('nextCursor')
    }
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body.pagination).toMatchObject({ cursor: false, index: true })
    expect(body.pagination).not.toHaveProperty('cursorTimeout')
  })
})

describeExpress('in the body of a POST to /.search (RFC 9865 section 3)', (version) => {
  const app = sharedApp(() => optionsWith('positions'), version)
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']

  test('[C-3-01] the empty cursor starts, and nextCursor goes on', async () => {
    await createNamed(app.scim, numbered(5))
    const seen: string[] = []
    let cursor: string | undefined = ''
    while (cursor !== undefined) {
      const request = { schemas, attributes: ['userName'], filter: 'userName sw "a"', cursor, count: 2 }
      const page: Awaited<ReturnType<typeof app.scim.post>> = await app.scim.post('/Users/.search', request)
      seen.push(...names(page))
      cursor = page.body.nextCursor
    }
    expect(seen.sort()).toEqual(numbered(5))
  })

  test('[C-3-01] a cursor of the URL is good in the body, the query being the same', async () => {
    const { body } = await app.scim.get('/Users?cursor&count=2')
    const request = { schemas, cursor: body.nextCursor, count: 2 }
    expect(names(await app.scim.post('/Users/.search', request))).toHaveLength(2)
    expectError(await app.scim.post('/Users/.search', { ...request, filter: 'userName pr' }), 400, 'invalidCursor')
    expectError(await app.scim.post('/Users/.search', { ...request, cursor: 1 }), 400, 'invalidValue')
  })
})

describe('at the root', () => {
  const app = sharedApp(() => memoryOptions({ cursor: { secrets: [SECRET] } }))
  const groups = numbered(4, 'g')
  beforeAll(async () => {
    await createNamed(app.scim, numbered(5))
    for (const displayName of groups) {
      await app.scim.post('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName })
    }
  })
  const all = [...numbered(5), ...groups]

  test.each([1, 2, 3, 4, 5, 9, 50])('[C-2-03, C-2-10] one type after the other, %i at a time', async (count) => {
    const pages = await walk(app.scim, { count }, { path: '/' })
    expect(pages.flatMap(names)).toEqual(all)
    expect(pages.slice(0, -1).map((page) => names(page).length)).toEqual(pages.slice(1).map(() => count))
    for (const { body } of pages) {
      expect(body.totalResults).toBe(9)
      expect(body).not.toHaveProperty('startIndex')
    }
  })

  test('[C-2-05] count 0: the total alone', async () => {
    const { body } = await app.scim.get('/?cursor&count=0')
    expect(body).toEqual({ schemas: expect.any(Array), totalResults: 9, itemsPerPage: 0, Resources: [] })
  })

  test('[C-2.2-01] sorted, all types merged', async () => {
    const mixed = await startApp(memoryOptions({ cursor: { secrets: [SECRET] } }))
    for (const externalId of ['c', 'e', 'a']) await mixed.scim.post('/Users', user(externalId, { externalId }))
    for (const externalId of ['d', 'b']) await mixed.scim.post('/Groups', { ...group(externalId), externalId })
    const pages = await walk(mixed.scim, { sortBy: 'externalId', count: 2 }, { path: '/' })
    expect(pages.map(names)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    const back = await walk(mixed.scim, { sortBy: 'externalId', sortOrder: 'descending', count: 3 }, { path: '/' })
    expect(back.map(names)).toEqual([
      ['e', 'd', 'c'],
      ['b', 'a'],
    ])
  })

  test('with a filter that one type alone can meet, and by POST', async () => {
    const filter = 'displayName gt "g01"'
    const pages = await walk(app.scim, { filter, count: 2 }, { path: '/' })
    expect(pages.flatMap(names).sort()).toEqual(groups.slice(1))
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
    const request = { schemas, cursor: pages[0]?.body.nextCursor, filter, count: 2 }
    expect(names(await app.scim.post('/.search', request))).toEqual(names(pages[1] as (typeof pages)[number]))
  })

  test('[C-5.2-02] a cursor that has come to a type that may no longer be listed is invalid', async () => {
    let denied = ''
    const authorize: AppOptions['authorize'] = ({ resourceType }) => resourceType !== denied
    const other = await startApp(memoryOptions({ cursor: { secrets: [SECRET] }, authorize }))
    await createNamed(other.scim, numbered(2))
    await other.scim.post('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'g' })
    const path = query({ cursor: (await other.scim.get('/?cursor&count=2')).body.nextCursor }, '/')
    expect(names(await other.scim.get(path))).toEqual(['g'])
    denied = 'Group'
    expectError(await other.scim.get(path), 400, 'invalidCursor')
  })

  test('more matches than the limit allows are 400 tooMany by cursor as well', async () => {
    const other = await startApp(memoryOptions({ cursor: { secrets: [SECRET] }, limits: { maxMatches: 2 } }))
    await createNamed(other.scim, numbered(3))
    for (const path of ['/Users?cursor&count=1', '/?cursor&count=1', '/?cursor&count=1&sortBy=id']) {
      expectError(await other.scim.get(path), 400, 'tooMany')
    }
  })

  test('a cursor of the root is not one of an endpoint, nor the other way round', async () => {
    const root = (await app.scim.get('/?cursor&count=2')).body.nextCursor
    const users = (await app.scim.get('/Users?cursor&count=2')).body.nextCursor
    expectError(await app.scim.get(query({ cursor: root })), 400, 'invalidCursor')
    expectError(await app.scim.get(query({ cursor: users }, '/')), 400, 'invalidCursor')
    expectError(await app.scim.get(query({ cursor: users }, '/Groups')), 400, 'invalidCursor')
  })
})
