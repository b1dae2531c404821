import { LIST_RESPONSE, SEARCH_REQUEST } from '../../src/urn.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { column, createUsers, expectError, group, memoryOptions, user } from './service.js'

const request = (rest: object = {}) => ({ schemas: [SEARCH_REQUEST], ...rest })

describeExpress('POST to /.search', (version) => {
  const app = sharedApp(() => memoryOptions({ limits: { maxResults: 4, defaultResults: 3 } }), version)
  beforeAll(async () => {
    const [first] = await createUsers(
      app.scim,
      ...['ann', 'bob', 'cid', 'dot', 'eve'].map((name) => user(name, { title: name })),
    )
    await app.scim.post('/Groups', group('all', first.id))
  })
  const search = (path: string, body: unknown) => app.scim.post(path, body)

  test('[P-3.4.3-01] is a query, not a create', async () => {
    const { status, body } = await search('/Users/.search', request({ filter: 'userName eq "bob"' }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 1, startIndex: 1, itemsPerPage: 1 })
    expect((await app.scim.get('/Users?count=0')).body.totalResults).toBe(5)
  })

  test('[P-3.4.3-02] at the root it is one over all types', async () => {
    const { body } = await search('/.search', request({ filter: 'userName sw "e" or displayName eq "all"' }))
    expect(body.Resources.map(({ meta }: any) => meta.resourceType)).toEqual(['User', 'Group'])
    expect(body.totalResults).toBe(2)
  })

  test.each([
    ['no schemas', { filter: 'userName pr' }],
    ['schemas empty', { schemas: [] }],
    ['another message', { schemas: [LIST_RESPONSE] }],
    ['schemas of no strings', { schemas: [{ toString: 1 }, null, 5] }],
    ['a text', '"x"'],
    ['a list', [request()]],
    ['null', 'null'],
  ])('[P-3.4.3-03] a body with %s is 400 invalidSyntax', async (_, body) => {
    for (const path of ['/Users/.search', '/.search']) expectError(await search(path, body), 400, 'invalidSyntax')
  })

  test('[P-3.4.3-03] the URI is known in any letter case', async () => {
    expect((await search('/.search', { Schemas: [SEARCH_REQUEST.toUpperCase()] })).status).toBe(200)
  })

  test('[P-3.4.3-04] everything beside schemas is optional, and may be null', async () => {
    const nothing = {
      filter: null,
      count: null,
      startIndex: null,
      sortBy: null,
      sortOrder: null,
      attributes: null,
      excludedAttributes: [],
    }
    for (const body of [request(), request(nothing), request({ unknown: 1, Operations: [] })]) {
      expect((await search('/Users/.search', body)).body).toMatchObject({
        totalResults: 5,
        itemsPerPage: 3,
        startIndex: 1,
      })
    }
  })

  test.each([
    [
      { filter: 'title ge "c"', sortBy: 'userName', sortOrder: 'descending' },
      'filter=title ge "c"&sortBy=userName&sortOrder=descending',
    ],
    [{ startIndex: 2, count: 2, sortBy: 'title' }, 'startIndex=2&count=2&sortBy=title'],
    [{ startIndex: -3, count: 100 }, 'startIndex=-3&count=100'],
    [{ count: 0 }, 'count=0'],
    [{ count: -1 }, 'count=-1'],
    [{ startIndex: 99 }, 'startIndex=99'],
    [{ attributes: ['userName', 'name.givenName'] }, 'attributes=userName,name.givenName'],
    [{ attributes: 'userName,title' }, 'attributes=userName,title'],
    [{ excludedAttributes: ['meta', ' title '] }, 'excludedAttributes=meta,title'],
    [{ FILTER: 'title pr', Count: 1 }, 'filter=title pr&count=1'],
  ])('[P-3.4.3-04, P-3.4.3-05, P-3.9-04] %j answers as GET does', async (body, query) => {
    for (const [where, path] of [
      ['/Users/.search', '/Users'],
      ['/.search', '/'],
    ] as const) {
      const posted = await search(where, request(body))
      expect(posted.status).toBe(200)
      expect(posted.body).toEqual((await app.scim.get(`${path}?${query}`)).body)
    }
  })

  test.each([
    [{ count: '1.0' }, 'invalidValue'],
    [{ count: 1.5 }, 'invalidValue'],
    [{ startIndex: true }, 'invalidValue'],
    [{ attributes: { userName: true } }, 'invalidValue'],
    [{ attributes: ['userName', 5] }, 'invalidValue'],
    [{ filter: { eq: 1 } }, 'invalidValue'],
    [{ sortBy: ['userName'] }, 'invalidValue'],
    [{ sortOrder: 'up' }, 'invalidValue'],
    [{ sortBy: 'neverHeardOf' }, 'invalidValue'],
    [{ count: 1, COUNT: 2 }, 'invalidSyntax'],
    [{ filter: 'userName eq' }, 'invalidFilter'],
  ])('[P-3.4.3-06] %j is 400 %s', async (body, scimType) => {
    for (const path of ['/Users/.search', '/.search']) expectError(await search(path, request(body)), 400, scimType)
  })

  test('[P-3.4.3-07] it is no resource', async () => {
    for (const path of ['/Users/.search', '/.search']) {
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) expectError(await app.scim.send(method, path), 405)
    }
  })

  test('[P-3.4.3-08] discovery has none', async () => {
    for (const path of [
      '/Schemas/.search',
      '/ResourceTypes/.search',
      '/ServiceProviderConfig/.search',
      '/Me/.search',
      '/Devices/.search',
    ]) {
      const answer = await search(path, request())
      expect([404, 405]).toContain(answer.status)
      expectError(answer, answer.status)
    }
  })

  test('parameters in the URL of a search are not those of the query', async () => {
    expect(column(await search('/Users/.search?count=1&filter=userName eq "bob"', request()), 'userName')).toHaveLength(
      3,
    )
  })
})
