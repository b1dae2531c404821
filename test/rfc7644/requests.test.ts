import { defineSchema, resourceType, scimRouter } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { createUsers, expectError, group, memoryOptions, user } from './service.js'

// Two requests have names of their own, and their errors end in them.
const OF_THE_CONNECTION = ['date', 'connection', 'keep-alive', 'x-request-id']
const IDS = ['a b', 'x/y', 'q?r', 'h#i', '100%', '%41', 'é', '日本', 'a+b', "it's (me)!", '.search.']

describeExpress('ids in URLs', (version) => {
  const meta = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: 'W/"1"' }
  const users = fixtureAdapter(IDS.map((id) => ({ id, userName: id, meta })))
  const groups = fixtureAdapter([
    { id: 'all', displayName: 'all', members: IDS.map((value) => ({ value, type: 'User' })), meta },
  ])
  const app = sharedApp(() => ({ resources: { User: { adapter: users }, Group: { adapter: groups } } }), version)

  test.each(IDS)('[P-1.2-01] %j is percent-encoded in every location, and found there', async (id) => {
    const direct = await app.scim.get(`/Users/${encodeURIComponent(id)}`)
    expect(direct.body.id).toBe(id)
    const location = direct.body.meta.location
    expect(location).toMatch(/\/Users\/[\w.~%!'()*-]+$/)
    expect(direct.headers.get('location')).toBe(location)
    const found = await app.scim.get(location.slice(app.base.length))
    expect(found.body.userName).toBe(id)
  })

  test('[P-1.2-01] references are percent-encoded likewise', async () => {
    const { body } = await app.scim.get('/Groups/all')
    expect(body.members.map(({ $ref }: any) => decodeURIComponent($ref.split('/').pop()))).toEqual(IDS)
    for (const { $ref, value } of body.members) {
      const { body: found } = await app.scim.get($ref.slice(app.base.length))
      expect(found.userName).toBe(value)
    }
  })

  test('a path that is not percent-encoded right is 404', async () => {
    expectError(await app.scim.get('/Users/%E0%A4%A'), 404)
  })
})

describeExpress('endpoints and methods', (version) => {
  const Device = defineSchema({ id: 'urn:example:scim:Device', attributes: [{ name: 'serial' }] })
  const app = sharedApp(() => {
    const { resources } = memoryOptions()
    const devices = resourceType({ endpoint: '/hardware', schema: Device, adapter: memoryAdapter({ schema: Device }) })
    return { resources: { ...resources, Device: devices } }
  }, version)

  test('[P-3.2-01] an endpoint is the plural of the name unless it is configured, and discovery tells it', async () => {
    const { body } = await app.scim.get('/ResourceTypes')
    const endpoints = Object.fromEntries(body.Resources.map(({ name, endpoint }: any) => [name, endpoint]))
    expect(endpoints).toEqual({ User: '/Users', Group: '/Groups', Device: '/hardware' })
    for (const endpoint of Object.values(endpoints)) expect((await app.scim.get(`${endpoint}`)).status).toBe(200)
    expectError(await app.scim.get('/Devices'), 404)
  })

  test('[P-3.2-02] PUT never creates', async () => {
    expectError(await app.scim.put('/Users/nobody', user('put-creates')), 404)
    const { body } = await app.scim.get('/Users?filter=userName eq "put-creates"')
    expect(body.totalResults).toBe(0)
  })

  const RESOURCE = ['GET', 'PUT', 'PATCH', 'DELETE']
  const ENDPOINTS: readonly (readonly [string, readonly string[]])[] = [
    ['/', ['GET']],
    ['/Users', ['GET', 'POST']],
    ['/Groups', ['GET', 'POST']],
    ['/hardware', ['GET', 'POST']],
    ['/Users/1', RESOURCE],
    ['/Me', [...RESOURCE, 'POST']],
    ['/ServiceProviderConfig', ['GET']],
    ['/ResourceTypes', ['GET']],
    ['/ResourceTypes/User', ['GET']],
    ['/Schemas', ['GET']],
    ['/Schemas/urn:example:scim:Device', ['GET']],
    ['/Bulk', ['POST']],
    ['/.search', ['POST']],
    ['/Users/.search', ['POST']],
  ]

  test.each(ENDPOINTS)(
    '[P-3.2-03, H-15.5.6-01, P-3.12-09] %s serves %j, any other method is 405 with Allow',
    async (path, methods) => {
      const served = methods.includes('GET') ? [...methods, 'HEAD'] : methods
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const answer = await app.scim.send(method, path)
        if (served.includes(method)) {
          expect(answer.status).not.toBe(405)
          continue
        }
        if (method === 'HEAD') expect(answer.status).toBe(405)
        else expectError(answer, 405)
        expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...served].sort())
      }
    },
  )

  test.each([
    '/nothing',
    '/Users/1/2',
    '/Users//',
    '/Users/1/name',
    '/.well-known',
    '/Me/1',
    '/Bulk/1',
    '/v1/Users',
    '/Users/1/.search',
  ])('%s is no endpoint: 404', async (path) => expectError(await app.scim.get(path), 404))

  test('a slash at the end of a path makes no difference', async () => {
    const [created] = await createUsers(app.scim, user('slash'))
    expect((await app.scim.get(`/Users/${created.id}/`)).body.userName).toBe('slash')
    expect((await app.scim.get('/Users/?count=0')).body.totalResults).toBeGreaterThan(0)
    expect((await app.scim.post('/Users/', user('slash-2'))).status).toBe(201)
  })

  test('[H-9.3.2-01] HEAD answers as GET does, without a body', async () => {
    const [created] = await createUsers(app.scim, user('head'))
    for (const path of [`/Users/${created.id}`, '/Users', '/Schemas', '/Users/nobody']) {
      const get = await app.scim.get(path)
      const head = await app.scim.send('HEAD', path)
      expect(head.text).toBe('')
      expect(head.status).toBe(get.status)
      const headersOf = ({ headers }: typeof get) => [...headers].filter(([name]) => !OF_THE_CONNECTION.includes(name))
      expect(headersOf(head)).toEqual(headersOf(get))
    }
  })

  test('[P-3.1-02] every message and every resource has schemas', async () => {
    const [created] = await createUsers(app.scim, user('schemas'))
    await app.scim.post('/Groups', group('schemas', created.id))
    const paths = [
      '/Users',
      `/Users/${created.id}`,
      '/Groups',
      '/Schemas',
      '/ResourceTypes',
      '/ServiceProviderConfig',
      '/',
      '/nothing',
    ]
    for (const path of paths) {
      const { body } = await app.scim.get(path)
      for (const resource of [body, ...(body.Resources ?? [])]) {
        expect(resource.schemas).toEqual(expect.arrayContaining([expect.stringMatching(/^urn:/)]))
      }
    }
  })

  test('[P-3.1-03] URIs of messages are not discoverable', async () => {
    const { body } = await app.scim.get('/Schemas')
    expect(
      body.Resources.map(({ id }: any) => id).filter((id: string) => id.startsWith('urn:ietf:params:scim:api:')),
    ).toEqual([])
    for (const message of ['Error', 'ListResponse', 'PatchOp', 'BulkRequest', 'SearchRequest']) {
      expectError(await app.scim.get(`/Schemas/urn:ietf:params:scim:api:messages:2.0:${message}`), 404)
    }
  })

  test('[P-3.1-04] an answer shows what the service provider has stored, not what was sent', async () => {
    const [created] = await createUsers(
      app.scim,
      user('state', { id: 'mine', meta: { resourceType: 'Pet' }, groups: [{ value: 'g' }], unknown: 1, emails: [] }),
    )
    const { body: stored } = await app.scim.get(`/Users/${created.id}`)
    expect(created).toEqual(stored)
    expect(Object.keys(created).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
    expect(created.id).not.toBe('mine')
  })

  test('[P-3.1-05] a PUT of everything that was read is fine: readOnly attributes are ignored', async () => {
    const [created] = await createUsers(app.scim, user('put-back', { emails: [{ value: 'a@example.com' }] }))
    await app.scim.post('/Groups', group('put-back', created.id))
    const { body: read } = await app.scim.get(`/Users/${created.id}`)
    expect(read.groups).toHaveLength(1)
    const { status, body } = await app.scim.put(`/Users/${created.id}`, read)
    expect(status).toBe(200)
    expect(body).toEqual({
      ...read,
      meta: { ...read.meta, lastModified: expect.any(String), version: expect.any(String) },
    })
  })
})

test('[P-3.1-06] a schema or extension in the namespace of messages is refused at start', () => {
  const Mine = { id: 'urn:ietf:params:scim:api:messages:2.0:Mine', attributes: [{ name: 'x' }] }
  const adapter = fixtureAdapter([])
  const authenticate = () => null
  expect(() => defineSchema(Mine)).toThrow(/ERR_SCIM_SCHEMA/)
  expect(() => scimRouter({ authenticate, resources: { Mine: { adapter, schema: Mine } } })).toThrow(/ERR_SCIM_SCHEMA/)
  expect(() =>
    scimRouter({ authenticate, resources: { User: { adapter: adapter as never, extensions: [Mine] } } }),
  ).toThrow(/ERR_SCIM_SCHEMA/)
})
