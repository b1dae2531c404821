import { bearer, type Call, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach } from '../rfc7644/service.js'
import { type AppOptions, startApp, TOKEN } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const user = (userName: string, rest: object = {}) => ({ schemas: [USER], userName, ...rest })

function service(options: Partial<ScimRouterOptions> = {}) {
  const { users, groups } = memoryAdapters()
  const resources = { User: { adapter: users }, Group: { adapter: groups } }
  return scimRouter({ authenticate: bearer(TOKEN), resources, ...options })
}

describe('requests that the application makes itself', () => {
  const acme = { tenant: 'acme', actor: 'import' }

  test('everything that a client can do, with parsed bodies and locations that are paths', async () => {
    const { request } = service().as(acme)
    const created = await request({ method: 'post', path: '/Users', body: user('a') })
    const { id } = created.body as { id: string }
    expect(created).toMatchObject({ status: 201, headers: { Location: `/Users/${id}` }, body: { userName: 'a' } })
    const Operations = [{ op: 'replace', path: 'title', value: 'Chief' }]
    await request({ method: 'PATCH', path: `/Users/${id}`, body: { schemas: [PATCH], Operations } })
    const list = await request({ method: 'GET', path: `/Users?filter=${encodeURIComponent('title eq "Chief"')}` })
    expect(list.body).toMatchObject({ totalResults: 1, Resources: [{ id, title: 'Chief' }] })
    expect(await request({ method: 'DELETE', path: `/Users/${id}` })).toMatchObject({ status: 204, body: undefined })
    expect((await request({ method: 'GET', path: `/Users/${id}` })).status).toBe(404)
  })

  test('another tenant sees none of it', async () => {
    const scim = service()
    const { body } = await scim.as(acme).request({ method: 'POST', path: '/Users', body: user('a') })
    const other = scim.as({ tenant: 'other', actor: 'import' })
    expect((await other.request({ method: 'GET', path: '/Users' })).body).toMatchObject({ totalResults: 0 })
    const { id } = body as { id: string }
    expect((await other.request({ method: 'DELETE', path: `/Users/${id}` })).status).toBe(404)
  })

  test.each([undefined, null, '', 0, [], {}, true])('a tenant of %p is a mistake of the application', (tenant) => {
    expect(() => service().as({ tenant: tenant as never, actor: 'import' })).toThrow(/Option tenant of scim\.as/)
    expect(() => service().as({ tenant: 'acme', actor: tenant as never })).toThrow(/Option actor of scim\.as/)
  })

  test.each<[unknown, string]>([
    [undefined, 'scim.as must be called with an object of options, got undefined.'],
    ['acme', 'scim.as must be called with an object of options, got string.'],
    [{ tenant: 'acme', actr: 'import' }, 'Unknown option "actr" of scim.as. Did you mean "actor"?'],
    [{ tenant: 'acme' }, 'Option actor of scim.as is missing.'],
    [{ tenant: '', actor: 'a' }, 'Option tenant of scim.as must be a text that is not empty, got an empty text.'],
    [{ ...acme, via: 5 }, 'Option via of scim.as must be a string, got number.'],
  ])('a caller of %j is a mistake that is named', (caller, message) => {
    expect(() => service().as(caller as never)).toThrow(message)
    expect(() => service().as(caller as never)).toThrow(expect.objectContaining({ code: 'ERR_SCIM_OPTION' }))
  })

  test('authenticate is not asked, authorize, access, limits and permits are', async () => {
    const authenticate = jest.fn(() => null)
    const seen: unknown[] = []
    const { request } = service({
      authenticate,
      authorize: ({ action, auth, tenant }) => {
        seen.push([action, auth, tenant])
        return action === 'create'
      },
      access: ({ attribute }) => (attribute === 'title' ? 'none' : 'write'),
    }).as(acme)
    const created = await request({ method: 'POST', path: '/Users', body: user('a', { title: 'hidden' }) })
    expect(created.body).not.toHaveProperty('title')
    expect((await request({ method: 'GET', path: '/Users' })).status).toBe(403)
    expect(authenticate).not.toHaveBeenCalled()
    const auth = { tenant: 'acme', subject: 'import' }
    expect(seen).toEqual([
      ['create', auth, 'acme'],
      // Whether the groups of the user may be shown.
      ['list', auth, 'acme'],
      ['list', auth, 'acme'],
    ])
  })

  test('public discovery is no way around it either: the identity is the one of the caller', async () => {
    const permits = () => false
    const { request } = service({
      publicDiscovery: true,
      identity: ({ tenant, actor }) => ({ auth: { tenant, subject: actor, permits } }),
    }).as(acme)
    expect((await request({ method: 'GET', path: '/Schemas' })).status).toBe(403)
  })

  test('the option identity says what of a client authorize, adapters and baseUrl read', async () => {
    const { users } = memoryAdapters()
    const calls: unknown[] = []
    const { request } = service({
      resources: {
        User: {
          adapter: ({ params, request: host }: Call) => {
            calls.push([params, host])
            return users
          },
        },
      },
      authorize: ({ auth }) => (auth as { scopes?: string[] }).scopes?.includes('all') ?? false,
      baseUrl: (host) => `https://${(host as { host: string }).host}/scim`,
      identity: async ({ tenant, actor }) => ({
        auth: { tenant, subject: actor, scopes: ['all'] },
        params: { org: tenant },
        request: { host: 'acme.example' },
      }),
    }).as(acme)
    const { body } = await request({ method: 'POST', path: '/Users', body: user('a') })
    expect(body).toMatchObject({ meta: { location: expect.stringMatching(/^https:\/\/acme\.example\/scim\/Users\//) } })
    expect(calls).toContainEqual([{ org: 'acme' }, { host: 'acme.example' }])
  })

  test('the option identity cannot answer with another tenant', async () => {
    for (const tenant of ['other', undefined, '']) {
      const { request } = service({ identity: () => ({ auth: { tenant } }) }).as(acme)
      await expect(request({ method: 'GET', path: '/Users' })).rejects.toThrow(/Option identity must return/)
    }
  })

  test('the body stays the object of the application', async () => {
    const { request } = service().as(acme)
    const body = Object.freeze({ ...user('a'), emails: Object.freeze([Object.freeze({ value: 'a@example.com' })]) })
    expect((await request({ method: 'POST', path: '/Users', body })).status).toBe(201)
    expect(body.emails).toEqual([{ value: 'a@example.com' }])
  })

  test('an answer that is larger than limits.inProcessBytes is not collected', async () => {
    const { request } = service({ limits: { inProcessBytes: 1000 } }).as(acme)
    await request({ method: 'POST', path: '/Users?attributes=id', body: user('a', { title: 'x'.repeat(990) }) })
    expect((await request({ method: 'GET', path: '/Users?attributes=id' })).status).toBe(200)
    await expect(request({ method: 'GET', path: '/Users' })).rejects.toMatchObject({ status: 413 })
  })

  test('a signal ends a request as a client that goes away does', async () => {
    const aborted = AbortSignal.abort()
    const signals: AbortSignal[] = []
    const { users } = memoryAdapters()
    const get = (_: string, { signal }: { signal: AbortSignal }) => {
      signals.push(signal)
      return undefined
    }
    const scim = service({ resources: { User: { adapter: { ...users, get } as never } } })
    await scim.as(acme).request({ method: 'GET', path: '/Users/1', signal: aborted })
    expect(signals.map((signal) => signal.aborted)).toEqual([true])
  })

  test('it joins a transaction of the application: the handle reaches adapters and outbox, nothing else is opened', async () => {
    const { users } = memoryAdapters()
    const handles: unknown[] = []
    const transaction = jest.fn()
    const outbox = jest.fn()
    const told = jest.fn()
    const scim = service({
      resources: {
        User: {
          adapter: (call: Call) => {
            handles.push(call.transaction)
            return users
          },
        },
      },
      transaction,
      outbox,
      on: { 'user.created': told },
    })
    const handle = { open: true }
    const answer = await scim.as(acme).request({ method: 'POST', path: '/Users', body: user('a'), transaction: handle })
    expect(answer.status).toBe(201)
    expect(handles.at(-1)).toBe(handle)
    expect(transaction).not.toHaveBeenCalled()
    expect(outbox).toHaveBeenCalledWith([expect.objectContaining({ name: 'user.created' })], expect.anything())
    await hooksCalled()
    expect(told).toHaveBeenCalledTimes(1)
  })
})

describe('a client over HTTP', () => {
  const closed = closedAfterEach()

  test('cannot make a request of the application', async () => {
    const { users } = memoryAdapters()
    const options: AppOptions = { resources: { User: { adapter: users } } }
    const app = await closed(startApp(options))
    const headers = { authorization: null, inProcess: 'true', via: 'application' }
    expect((await app.scim.get('/Users', { headers })).status).toBe(401)
  })
})
