import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import {
  bearer,
  type Credentials,
  type Identity,
  ScimError,
  type ScimRouterOptions,
  scimRouter,
} from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { type App, describeExpress, serve, sharedApp, startApp } from '../support/app.js'
import { detailOf } from '../support/client.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { closedAfterEach, expectError, group, memoryOptions, user } from './service.js'

const META = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: 'W/"1"' }
const PATCH = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x' }] }

/** One request for each kind of endpoint. */
const REQUESTS: readonly { readonly method: string; readonly path: string; readonly body?: unknown }[] = [
  { method: 'GET', path: '/Users' },
  { method: 'POST', path: '/Users', body: user('new') },
  { method: 'GET', path: '/Users/1' },
  { method: 'PUT', path: '/Users/1', body: user('one') },
  { method: 'PATCH', path: '/Users/1', body: PATCH },
  { method: 'DELETE', path: '/Users/1' },
  { method: 'GET', path: '/' },
  { method: 'POST', path: '/.search', body: {} },
  { method: 'POST', path: '/Users/.search', body: {} },
  { method: 'POST', path: '/Bulk', body: {} },
  { method: 'GET', path: '/Me' },
  { method: 'GET', path: '/Schemas' },
  { method: 'GET', path: '/ResourceTypes' },
  { method: 'GET', path: '/ServiceProviderConfig' },
  { method: 'GET', path: '/nothing' },
  { method: 'POST', path: '/Schemas' },
]

/** An adapter whose callbacks are counted. */
function counted() {
  const calls: { callback: string; call: any }[] = []
  const adapter = fixtureAdapter([{ id: '1', userName: 'one', meta: META }]) as Record<string, any>
  for (const callback of ['create', 'get', 'list', 'replace', 'delete']) {
    const plain = adapter[callback]
    adapter[callback] = (...args: unknown[]) => {
      calls.push({ callback, call: args.at(-1) })
      return plain(...args)
    }
  }
  return { calls, resources: { User: { adapter: adapter as any } } }
}

describeExpress('credentials', (version) => {
  const { calls, resources } = counted()
  const app = sharedApp(() => ({ resources }), version)

  test.each(REQUESTS)(
    '[P-2-01, P-2-02, H-15.5.2-01] $method $path without good credentials is 401 with WWW-Authenticate, and nothing is touched',
    async ({ method, path, body }) => {
      for (const authorization of [
        null,
        'Bearer wrong',
        'Bearer',
        'Bearer ',
        'Basic dGVzdC10b2tlbg==',
        'Bearer test-token x',
        'test-token x',
        'Token test-token',
      ]) {
        const answer = await app.scim.send(method, path, { body, headers: { authorization } })
        expectError(answer, 401)
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/)
        expect(answer.text).not.toContain('test-token')
      }
      expect(calls).toEqual([])
    },
  )

  test('the scheme is known in any letter case', async () => {
    for (const authorization of ['bearer test-token', 'BEARER   test-token']) {
      expect((await app.scim.get('/Users', { headers: { authorization } })).status).toBe(200)
    }
  })
})

describeExpress('a token without a scheme (decision A-107)', (version) => {
  const closed = closedAfterEach()
  const start = (options: Partial<ScimRouterOptions>) => closed(startApp(memoryOptions(options), version))
  const ask = (app: App, authorization: string | null) => app.scim.get('/Users', { headers: { authorization } })

  test('[P-2-01] is taken in tolerant mode, and reported; in strict mode it is 401', async () => {
    const request = jest.fn()
    const tolerant = await start({ on: { request } })
    expect((await ask(tolerant, 'test-token')).status).toBe(200)
    expect((await ask(tolerant, 'Bearer test-token')).status).toBe(200)
    await new Promise(setImmediate)
    expect(request.mock.calls.map(([{ tolerances }]) => tolerances)).toEqual([['bareToken'], []])
    expectError(await ask(tolerant, 'test-token2'), 401)
    for (const compatibility of ['strict', { bareToken: false }] as const) {
      expectError(await ask(await start({ compatibility }), 'test-token'), 401)
    }
  })

  test('the mode of the router counts, not the one that authenticate returns', async () => {
    const identity = (compatibility: 'strict' | 'tolerant') => (credentials: Credentials) =>
      credentials.token === 'test-token' ? { compatibility } : null
    expect((await ask(await start({ authenticate: identity('strict') }), 'test-token')).status).toBe(200)
    const strict = await start({ compatibility: 'strict', authenticate: identity('tolerant') })
    expectError(await ask(strict, 'test-token'), 401)
  })

  test.each(['Bearer', 'bearer', 'BASIC', 'Digest', 'Negotiate', 'OAuth', 'DPoP', 'SCRAM-SHA-256', 'Token', 'SSWS'])(
    'the scheme %s alone is no token',
    async (authorization) => {
      const seen: Credentials[] = []
      const app = await start({
        authenticate: (credentials) => {
          seen.push(credentials)
          return null
        },
      })
      const { body } = await ask(app, authorization)
      expect(detailOf(body)).toBe('The Authorization header has a scheme and no credentials behind it.')
      expect(seen).toEqual([expect.objectContaining({ token: undefined, authorization })])
    },
  )

  test('[P-2-02] a 401 says what is missing, and nothing of what was sent', async () => {
    const tolerant = await start({})
    const strict = await start({
      compatibility: 'strict',
      authenticationSchemes: [{ type: 'httpbasic', name: 'x', description: 'x' }],
    })
    const detail = async (app: App, authorization: string | null) => detailOf((await ask(app, authorization)).body)
    const none = 'The request has no Authorization header. It must be'
    expect(await detail(tolerant, null)).toBe(`${none} "Bearer" and credentials.`)
    expect(await detail(strict, null)).toBe(`${none} "Basic" and credentials.`)
    expect(await detail(strict, 'secret-token')).toBe(
      'The Authorization header lacks a scheme. "Basic" must stand before the credentials.',
    )
    for (const authorization of ['secret-token', 'Bearer secret-token', 'Basic c2VjcmV0', 'a secret']) {
      expect(await detail(tolerant, authorization)).toBe('The credentials are not accepted.')
    }
  })
})

describeExpress('authenticate', (version) => {
  const closed = closedAfterEach()
  const start = (options: Partial<ScimRouterOptions>) => closed(startApp(memoryOptions(options), version))

  test.each([
    ['null', () => null],
    ['undefined', () => undefined],
    ['false, as JavaScript may', () => false as never],
    ['a promise of null', async () => null],
    ['a 401 that is thrown', () => Promise.reject(ScimError.unauthorized('The token has expired.'))],
  ])('[P-2-02, P-2.1-01] an answer of %s is 401', async (_, authenticate) => {
    const app = await start({ authenticate })
    const answer = await app.scim.get('/Users')
    expectError(answer, 401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="SCIM", error="invalid_token"')
  })

  test('an answer that is no object opens nothing, and the log tells', async () => {
    const error = jest.fn()
    const app = await start({ authenticate: () => true as never, on: { error } })
    expectError(await app.scim.get('/Users'), 500)
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ error: expect.objectContaining({ code: 'ERR_SCIM_AUTHENTICATE' }) }),
    )
  })

  test('[P-2-01] schemes that are announced are the challenge, and one of the application comes first', async () => {
    const scheme = { name: 'x', description: 'x' } as const
    const authenticationSchemes = [
      { type: 'httpbasic', ...scheme },
      { type: 'oauth2', ...scheme },
      { type: 'oauthbearertoken', ...scheme },
    ] as const
    const own = { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }
    const app = await start({
      authenticationSchemes,
      authenticate: ({ token }) => {
        if (token === 'expired') throw new ScimError(401, 'The token has expired.', own)
        return null
      },
    })
    expect((await app.scim.get('/Users')).headers.get('www-authenticate')).toBe(
      'Basic realm="SCIM", Bearer realm="SCIM", error="invalid_token"',
    )
    const expired = await app.scim.get('/Users', { headers: { authorization: 'Bearer expired' } })
    expect(expired.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  })

  test.each(['WWW-Authenticate', 'www-authenticate', 'Www-Authenticate'])(
    '[P-2-01] a challenge of the application is the only one on a bare server too, spelled %s',
    async (name) => {
      // Express puts the headers of one name together; without it each would go out as it stands.
      const authenticate = (): Identity => {
        throw new ScimError(401, 'The token has expired.', { headers: { [name]: 'Bearer error="invalid_token"' } })
      }
      const scim = scimRouter({ ...memoryOptions(), authenticate })
      const app = await serve(createServer((request, response) => scim(request, response)))
      const { headers } = await app.scim.send('GET', '/Users')
      expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    },
  )

  test('[P-2-02] a refusal is 403, and a failure 500 that opens nothing and tells nothing', async () => {
    const forbidden = await start({
      authenticate: () => {
        throw ScimError.forbidden()
      },
    })
    const answer = await forbidden.scim.get('/Users')
    expectError(answer, 403)
    expect(answer.headers.get('www-authenticate')).toBeNull()
    const failing = await start({
      authenticate: () => {
        throw new Error('redis://secret is down')
      },
    })
    const failed = await failing.scim.get('/Users')
    expectError(failed, 500)
    expect(failed.text).not.toContain('secret')
  })

  test('[P-2-02] it is shown token, headers, path and the request of the host', async () => {
    const authenticate = jest.fn(() => ({}))
    const app = await start({ authenticate })
    await app.scim.get('/Users/1?x=y', { headers: { 'x-customer': 'acme' } })
    expect(authenticate).toHaveBeenCalledWith(
      expect.objectContaining({
        token: 'test-token',
        authorization: 'Bearer test-token',
        headers: expect.objectContaining({ 'x-customer': 'acme' }),
        method: 'GET',
        path: '/Users/1',
        request: expect.objectContaining({ originalUrl: '/scim/v2/Users/1?x=y' }),
      }),
    )
  })

  test('[P-2-04] anonymous requests are served only where the application lets them', async () => {
    const app = await start({
      authenticate: ({ token, method, path }) => {
        if (token === 'test-token') return { subject: 'admin' }
        return method === 'POST' && path === '/Users' ? { subject: 'anonymous' } : null
      },
      authorize: ({ auth, action }) => auth.subject === 'admin' || action === 'create',
    })
    const headers = { authorization: null }
    expect((await app.scim.post('/Users', user('self-registered'), { headers })).status).toBe(201)
    expectError(await app.scim.get('/Users', { headers }), 401)
  })
})

describeExpress('policy', (version) => {
  const closed = closedAfterEach()

  test('[P-2-03, P-2.1-02] each operation is put before authorize with subject, action, type and id', async () => {
    const { calls, resources } = counted()
    const seen: unknown[] = []
    const identity = { subject: 'client-7', tenant: 'acme', scopes: ['read'] }
    const app = await closed(
      startApp(
        {
          resources,
          authenticate: () => identity,
          authorize: ({ action, resourceType, id, auth, tenant }) => {
            seen.push([action, resourceType, id])
            expect({ auth, tenant }).toEqual({ auth: identity, tenant: 'acme' })
            // The two ways to refuse: an error, and `false`.
            if (action === 'delete') throw ScimError.forbidden('The scope "write" is missing.')
            return ['retrieve', 'list'].includes(action)
          },
        },
        version,
      ),
    )
    const statuses = []
    for (const { method, path, body } of REQUESTS.slice(0, 6)) {
      const answer = await app.scim.send(method, path, { body })
      statuses.push(answer.status)
      if (answer.status === 403) expectError(answer, 403)
    }
    expect(statuses).toEqual([200, 403, 200, 403, 403, 403])
    expect(seen).toEqual([
      ['list', 'User', undefined],
      ['create', 'User', undefined],
      ['retrieve', 'User', '1'],
      ['replace', 'User', '1'],
      ['patch', 'User', '1'],
      ['delete', 'User', '1'],
    ])
    expect(calls.map(({ callback }) => callback)).toEqual(['list', 'get'])
    for (const { call } of calls)
      expect({ ...call, tenant: call.tenant }).toMatchObject({ auth: identity, tenant: 'acme' })
  })

  test('[P-2-03] operations of a bulk request are judged one by one', async () => {
    const app = await closed(
      startApp(memoryOptions({ authorize: ({ resourceType }) => resourceType === 'Group' }), version),
    )
    const operation = (path: string, data: unknown) => ({ method: 'POST', path, bulkId: randomUUID(), data })
    const { body } = await app.scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        operation('/Users', user('x')),
        operation('/Groups', group('x')),
        operation('/Users', user('y')),
        operation('/Groups', group('y')),
      ],
    })
    expect(body.Operations.map(({ status }: any) => status)).toEqual(['403', '201', '403', '201'])
  })

  test('a policy that asks for other credentials gets its 401 with a challenge, too', async () => {
    const refuse = () => Promise.reject(ScimError.unauthorized('Step up.'))
    const app = await closed(startApp(memoryOptions({ authorize: refuse }), version))
    const answer = await app.scim.get('/Users')
    expectError(answer, 401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="SCIM", error="invalid_token"')
  })
})

describe('bearer', () => {
  const closed = closedAfterEach()
  const statuses = async (authenticate: ScimRouterOptions['authenticate'], ...tokens: string[]) => {
    const app = await closed(startApp(memoryOptions({ authenticate })))
    const answers = tokens.map((token) => app.scim.get('/Users', { headers: { authorization: `Bearer ${token}` } }))
    return (await Promise.all(answers)).map(({ status }) => status)
  }

  test('accepts each of several tokens, whole', async () => {
    const tokens = ['new', 'the-old-one', 'ne', 'neww', 'the-old-on', 'the-old-one-', 'NEW', 'old', 'new,the-old-one']
    expect(await statuses(bearer(['new', 'the-old-one']), ...tokens)).toEqual([200, 200, ...Array(7).fill(401)])
  })

  test('takes a function that verifies, and what it returns is who asks', async () => {
    const authorize = jest.fn(() => true)
    const authenticate = bearer(async (token) => (token === 'good' ? { tenant: 'acme' } : null))
    const app = await closed(startApp(memoryOptions({ authenticate, authorize })))
    expect((await app.scim.get('/Users', { headers: { authorization: 'Bearer good' } })).status).toBe(200)
    expect(authorize).toHaveBeenCalledWith(expect.objectContaining({ tenant: 'acme' }))
    expectError(await app.scim.get('/Users', { headers: { authorization: 'Bearer bad' } }), 401)
  })

  test.each([[undefined], [''], [' '], [[]], [['good', undefined]], [['good', '']], [5 as never]])(
    '%j is refused at start: a forgotten secret opens no door',
    (accepted) => {
      expect(() => bearer(accepted)).toThrow(/ERR_SCIM_TOKEN/)
    },
  )

  test.each<[unknown, string]>([
    [undefined, 'The token of bearer() is missing: is the environment variable set?'],
    ['', 'The token of bearer() must not be empty: is the environment variable set?'],
    [5, 'The token of bearer() must be a string, got number.'],
    [null, 'The token of bearer() must be a string, got null.'],
    [[], 'The list of tokens of bearer() must not be empty.'],
    [['good', undefined], 'The token of bearer() at index 1 is missing: is the environment variable set?'],
    [['good', ' '], 'The token of bearer() at index 1 must not be empty: is the environment variable set?'],
    ['to ken', 'The token of bearer() must not have blanks, line ends or other characters that no header can carry.'],
  ])('%j is refused in words that say what is wrong with it', (accepted, message) => {
    expect(() => bearer(accepted as never)).toThrow(message)
  })

  test.each(['token\n', ' token', 'to ken', 'tök€n', ['good', 'token\r\n']])(
    '%j is refused at start: no client could send it, and all would get 401 without a hint',
    (accepted) => {
      expect(() => bearer(accepted)).toThrow(/ERR_SCIM_TOKEN/)
    },
  )

  test('authenticate cannot be left out', () => {
    const options = { ...memoryOptions(), authenticate: undefined as never }
    expect(() => scimRouter(options)).toThrow(/ERR_SCIM_AUTHENTICATE/)
  })
})
