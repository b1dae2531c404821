import { type Action, type Identity, ScimError, type ScimRouterOptions } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { FIXED_ENDPOINTS } from '../../src/provider/setup/fixed-endpoints.js'
import { describeExpress, startApp } from '../support/app.js'
import { closedAfterEach } from './service.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
type Permits = NonNullable<Identity['permits']>

describeExpress('permits of an identity', (version) => {
  const closed = closedAfterEach()
  const start = (permits: Permits | undefined, options: Partial<ScimRouterOptions> = {}) => {
    const { users, groups } = memoryAdapters()
    const resources = { User: { adapter: users }, Group: { adapter: groups } }
    return closed(startApp({ resources, authenticate: () => ({ permits }), ...options }, version))
  }
  const user = (userName: string) => ({ schemas: [USER], userName })

  test('[P-2-03] each operation needs the permission of the credentials, and authorize is not asked without it', async () => {
    const asked: Action[] = []
    const app = await start(({ action, resourceType }) => resourceType === 'User' && action !== 'delete', {
      authorize: ({ action }) => {
        asked.push(action)
        return true
      },
    })
    const { body, status } = await app.scim.post('/Users', user('a'))
    expect(status).toBe(201)
    expect((await app.scim.get(`/Users/${body.id}`)).status).toBe(200)
    expect((await app.scim.delete(`/Users/${body.id}`)).status).toBe(403)
    expect((await app.scim.post('/Groups', { schemas: [GROUP], displayName: 'g' })).status).toBe(403)
    expect((await app.scim.get('/Groups')).status).toBe(403)
    expect((await app.scim.post('/Groups/.search', { schemas: [SEARCH] })).status).toBe(403)
    expect(asked).toEqual(['create', 'retrieve'])
  })

  test('[P-2-03] operations of a bulk request are judged one by one', async () => {
    const app = await start(({ resourceType }) => resourceType === 'Group')
    const operation = (path: string, data: unknown) => ({ method: 'POST', path, bulkId: path, data })
    const { body } = await app.scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [operation('/Users', user('x')), operation('/Groups', { schemas: [GROUP], displayName: 'x' })],
    })
    expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['403', '201'])
  })

  test('a query at the root shows the types that may be listed', async () => {
    const app = await start(({ resourceType, action }) => resourceType === 'User' || action === 'create')
    await app.scim.post('/Users', user('x'))
    await app.scim.post('/Groups', { schemas: [GROUP], displayName: 'x' })
    const { body } = await app.scim.get('/')
    expect(body.Resources.map(({ meta }: { meta: { resourceType: string } }) => meta.resourceType)).toEqual(['User'])
  })

  test('only true permits', async () => {
    for (const answer of [undefined, null, 1, 'yes', {}]) {
      const app = await start((() => answer) as unknown as Permits)
      expect((await app.scim.get('/Users')).status).toBe(403)
    }
  })

  test('discovery needs one permission of any kind', async () => {
    const none = await start(() => false)
    const one = await start(({ action, resourceType }) => action === 'list' && resourceType === 'Group')
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas', '/schemas']) {
      expect((await none.scim.get(path)).status).toBe(403)
      expect((await one.scim.get(path)).status).toBe(200)
    }
    const open = await start(() => false, { publicDiscovery: true })
    expect((await open.scim.get('/Schemas')).status).toBe(200)
  })

  test.each(FIXED_ENDPOINTS)('[P-2-03] /%s does nothing for credentials that permit nothing', async (endpoint) => {
    const app = await start(undefined, {
      authenticate: () => ({ permits: () => false, me: { resourceType: 'User', id: '1' } }),
    })
    const body = { schemas: endpoint === '.search' ? [SEARCH] : [USER], userName: 'a' }
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status } = await app.scim.send(method, `/${endpoint}`, method === 'GET' ? {} : { body })
      expect({ method, status, isRefused: status >= 400 }).toEqual({ method, status, isRefused: true })
    }
  })

  test('the scope that is missing stands in WWW-Authenticate (RFC 6750 section 3.1)', async () => {
    const app = await start(({ action }) => {
      if (action === 'delete') throw ScimError.forbidden({ scope: 'users' })
      return true
    })
    const { body } = await app.scim.post('/Users', user('a'))
    const refused = await app.scim.delete(`/Users/${body.id}`)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer realm="SCIM", error="insufficient_scope", scope="users"',
    )
    expect((await app.scim.get('/Schemas')).status).toBe(200)
  })
})

describeExpress('refusals of credentials', (version) => {
  const closed = closedAfterEach()

  test('[P-2-02] the client learns that the token is not accepted, and neither why nor whose it is', async () => {
    const { users } = memoryAdapters()
    const authenticate: ScimRouterOptions['authenticate'] = ({ token }) => {
      if (token === undefined) throw ScimError.unauthorized({ reason: 'missing' })
      throw ScimError.unauthorized({ reason: 'expired', tenant: 'acme', subject: 'connection-7' })
    }
    const app = await closed(startApp({ resources: { User: { adapter: users } }, authenticate }, version))
    const expired = await app.scim.get('/Users')
    expect(expired.status).toBe(401)
    expect(expired.headers.get('www-authenticate')).toBe('Bearer realm="SCIM", error="invalid_token"')
    expect(expired.text).not.toMatch(/expired|acme|connection-7/)
    const missing = await app.scim.get('/Users', { headers: { authorization: null } })
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="SCIM"')
  })
})
