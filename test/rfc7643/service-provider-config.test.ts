import { User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST, PATCH_OP } from '../../src/urn.js'
import { expectError, user } from '../rfc7644/service.js'
import { type AppOptions, sharedApp } from '../support/app.js'
import { scimClient } from '../support/client.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

function options(rest: Partial<AppOptions> = {}): AppOptions {
  return { resources: { User: { adapter: memoryAdapters().users } }, ...rest }
}

const SECRET = 'a secret of sixteen characters'

describe('everything at its default', () => {
  const app = sharedApp(options)

  test('[S-5-01] every member that is required is there, and of the right type', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    const supported = { supported: expect.any(Boolean) }
    expect(body).toMatchObject({
      patch: supported,
      bulk: { ...supported, maxOperations: expect.any(Number), maxPayloadSize: expect.any(Number) },
      filter: { ...supported, maxResults: expect.any(Number) },
      changePassword: supported,
      sort: supported,
      etag: supported,
    })
    for (const number of [body.bulk.maxOperations, body.bulk.maxPayloadSize, body.filter.maxResults]) {
      expect(Number.isInteger(number)).toBe(true)
    }
    expect(body.authenticationSchemes.length).toBeGreaterThan(0)
  })

  test('[S-5-02] an authentication scheme has a type of the list, a name and a description', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    for (const scheme of body.authenticationSchemes) {
      expect(['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest']).toContain(scheme.type)
      expect(scheme).toMatchObject({ name: expect.stringMatching(/\S/), description: expect.stringMatching(/\S/) })
    }
    expect(body.authenticationSchemes.filter(({ primary }: any) => primary).length).toBe(1)
  })

  test('[S-5-03] asks for credentials like everything else', async () => {
    expectError(await scimClient(app.base, undefined).get('/ServiceProviderConfig'), 401)
  })

  test('[S-5-04] has no documentationUri', async () => {
    expect((await app.scim.get('/ServiceProviderConfig')).body).not.toHaveProperty('documentationUri')
  })

  test('[S-5-06] tells the truth: PATCH, sorting and versions are supported', async () => {
    const { body: config } = await app.scim.get('/ServiceProviderConfig')
    expect(config).toMatchObject({
      patch: { supported: true },
      filter: { supported: true },
      sort: { supported: true },
      etag: { supported: true },
      changePassword: { supported: false },
      bulk: { supported: true },
      pagination: { index: true, cursor: false, defaultPaginationMethod: 'index' },
    })
    expect(config.pagination).not.toHaveProperty('cursorTimeout')
    for (const name of ['b', 'c', 'a']) await app.scim.post('/Users', user(`truth-${name}`))
    const filter = encodeURIComponent('userName sw "truth-"')
    const sorted = await app.scim.get(`/Users?filter=${filter}&sortBy=userName`)
    expect(sorted.body.Resources.map(({ userName }: any) => userName)).toEqual(['truth-a', 'truth-b', 'truth-c'])
    const [{ id, meta }] = sorted.body.Resources
    expect((await app.scim.get(`/Users/${id}`)).headers.get('etag')).toBe(meta.version)
    const Operations = [{ op: 'replace', path: 'title', value: 'x' }]
    expect((await app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations })).status).toBeLessThan(300)
    const byCursor = await app.scim.get('/Users?cursor=&count=1')
    expect(byCursor.body).not.toHaveProperty('nextCursor')
  })
})

describe('limits and features that were chosen', () => {
  const documentationUri = 'https://example.com/help'
  const authenticationSchemes = [
    { type: 'httpbasic', name: 'HTTP Basic', description: 'User and password', specUri: 'https://example.com/basic' },
  ] as const
  const app = sharedApp(() =>
    options({
      documentationUri,
      authenticationSchemes,
      publicDiscovery: true,
      limits: { maxResults: 3, defaultResults: 2, bulkOperations: 2, bulkBytes: 2_000 },
      cursor: { secrets: [SECRET], timeout: 60, default: 'cursor' },
      password: { hash: (password) => `hashed ${password.length}` },
    }),
  )

  test('[S-5-03] it is readable without login by option, and nothing else is', async () => {
    const stranger = scimClient(app.base, undefined)
    for (const path of ['/ServiceProviderConfig', '/Schemas', `/Schemas/${User.id}`, '/ResourceTypes']) {
      expect((await stranger.get(path)).status).toBe(200)
    }
    expectError(await stranger.get('/Users'), 401)
    expectError(await stranger.get('/'), 401)
  })

  test('[S-5-02, S-5-04] schemes and documentation are those that were configured', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body).toMatchObject({ documentationUri, authenticationSchemes })
  })

  test('[S-5-06, P-3.7.4-01] the limits that are told are those that hold', async () => {
    const { body: config } = await app.scim.get('/ServiceProviderConfig')
    expect(config).toMatchObject({
      bulk: { supported: true, maxOperations: 2, maxPayloadSize: 2_000 },
      filter: { supported: true, maxResults: 3 },
      changePassword: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'cursor',
        defaultPageSize: 2,
        maxPageSize: 3,
        cursorTimeout: 60,
      },
    })
    for (let count = 0; count < 5; count += 1) await app.scim.post('/Users', user(`limits-${count}`))
    expect((await app.scim.get('/Users?startIndex=1')).body.Resources.length).toBe(2)
    expect((await app.scim.get('/Users?count=100&startIndex=1')).body.Resources.length).toBe(3)
    const first = await app.scim.get('/Users')
    expect(first.body.nextCursor).toMatch(/^[\w.~-]+$/)

    const operation = { method: 'DELETE', path: '/Users/nobody' }
    const bulk = (Operations: unknown[]): Promise<any> =>
      app.scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations })
    expect((await bulk([operation, operation])).status).toBe(200)
    expectError(await bulk([operation, operation, operation]), 413)
    expectError(await bulk([{ ...operation, bulkId: 'x'.repeat(2_000) }]), 413)
  })
})

describe('features that are off', () => {
  const meta = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: '1' }
  const app = sharedApp(() => ({
    // The adapter says nothing of versions, so there are none.
    resources: { User: { adapter: fixtureAdapter([{ id: '1', userName: 'one', meta }]) } },
    bulk: false,
  }))

  // Decision A-117.
  test('[S-5-06, P-3.7-01] bulk operations: their limits are 0, and a request is 501', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body.bulk).toEqual({ supported: false, maxOperations: 0, maxPayloadSize: 0 })
    expectError(await app.scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations: [] }), 501)
  })

  // Decision A-73.
  test('[S-5-06] versions: there is no ETag anywhere, and If-Match is not looked at', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body.etag).toEqual({ supported: false })
    const read = await app.scim.get('/Users/1')
    expect(read.headers.has('etag')).toBe(false)
    expect(read.body.meta).not.toHaveProperty('version')
    const written = await app.scim.put('/Users/1', user('one'), { headers: { 'if-match': 'W/"other"' } })
    expect(written.status).toBe(200)
    expect(written.headers.has('etag')).toBe(false)
  })
})
