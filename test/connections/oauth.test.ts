import { once } from 'node:events'
import { connect } from 'node:net'
import express from 'express'
import express4 from 'express4'
import * as oauth from 'oauth4webapi'
import { memoryStore, scimConnections } from '../../src/connections/index.js'
import { user } from '../rfc7644/service.js'
import { serve } from '../support/app.js'
import { by, connectionsOf, DAY, SECRET, type Service, service } from './service.js'

const acme = { tenant: 'acme', provider: 'entra', method: 'oauth', by } as const
const withOAuth = { credentials: ['token', 'oauth'] } as const

interface Sent {
  readonly method?: string
  readonly query?: string
  readonly path?: string
  readonly basic?: readonly [string, string]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A token request as it stands. */
async function ask(it: Service, { method = 'POST', query = '', path = '', basic, headers, body = '' }: Sent) {
  const response = await fetch(`${it.app.base}${path}/oauth/token${query}`, {
    method,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(basic && {
        Authorization: `Basic ${Buffer.from(basic.map(encodeURIComponent).join(':')).toString('base64')}`,
      }),
      ...headers,
    },
    ...(method !== 'GET' && { body }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as any }
}

/** Node itself answers requests with all other methods. */
const UNTOUCHED = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const

const form = (parameters: Readonly<Record<string, string>>): string => String(new URLSearchParams(parameters))
const GRANT = { grant_type: 'client_credentials' }

describe('the token endpoint, for a client library', () => {
  test.each(['basic', 'post'])('client_secret_%s: discovery, token, provisioning', async (how) => {
    const store = memoryStore()
    const app = express()
    const running = await serve(app)
    const url = running.base
    const connections = scimConnections({ store, secret: SECRET, url, credentials: ['oauth'] })
    const { scimRouter } = await import('../../src/index.js')
    const { memoryAdapters } = await import('../../src/memory/index.js')
    const { users } = memoryAdapters()
    const scim = scimRouter({ authenticate: connections, tenants: 'required', resources: { User: { adapter: users } } })
    app.use(connections.metadata).use('/scim/v2', connections.endpoint, scim)
    const { clientId = '', clientSecret = '' } = await connections.create(acme)

    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(url)
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    const server = await oauth.processDiscoveryResponse(issuer, found)
    const client = { client_id: clientId }
    const authentication =
      how === 'basic' ? oauth.ClientSecretBasic(clientSecret) : oauth.ClientSecretPost(clientSecret)
    const answer = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      new URLSearchParams({ scope: 'scim' }),
      insecure,
    )
    const {
      access_token: token,
      expires_in,
      scope,
      token_type,
    } = await oauth.processClientCredentialsResponse(server, client, answer)
    expect({ expires_in, scope, token_type }).toEqual({ expires_in: 3_600, scope: 'scim', token_type: 'bearer' })
    const created = await oauth.protectedResourceRequest(
      token,
      'POST',
      new URL(`${url}/Users`),
      new Headers({ 'Content-Type': 'application/scim+json' }),
      JSON.stringify(user('a')),
      insecure,
    )
    expect(created.status).toBe(201)
    const schemes = await oauth.protectedResourceRequest(
      token,
      'GET',
      new URL(`${url}/ServiceProviderConfig`),
      new Headers(),
      null,
      insecure,
    )
    expect(((await schemes.json()) as any).authenticationSchemes).toMatchObject([{ type: 'oauth2', primary: true }])
  })

  test('RFC 8414: metadata lie between host and path, and nowhere for a service of tokens', async () => {
    const { connections } = connectionsOf(withOAuth)
    const app = await serve(express().use(connections.metadata))
    const { origin } = new URL(app.base)
    const get = async (path: string, method = 'GET') => fetch(`${origin}${path}`, { method })
    const found = await get('/.well-known/oauth-authorization-server/scim/v2')
    expect(await found.json()).toEqual({
      issuer: 'https://app.example/scim/v2',
      token_endpoint: 'https://app.example/scim/v2/oauth/token',
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      scopes_supported: ['scim', 'users', 'users:read', 'groups', 'groups:read'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    })
    expect((await get('/.well-known/oauth-authorization-server')).status).toBe(404)
    expect((await get('/.well-known/oauth-authorization-server/scim/v2', 'POST')).status).toBe(404)
    const none = await serve(express().use(connectionsOf().connections.metadata))
    expect((await fetch(`${new URL(none.base).origin}/.well-known/oauth-authorization-server/scim/v2`)).status).toBe(
      404,
    )
    expect((await (await service()).client('x').post('/oauth/token')).status).toBe(401)
  })
})

describe('a token request', () => {
  test('header, body, or both if they are equal', async () => {
    const it = await service(withOAuth)
    const { clientId: client_id = '', clientSecret: client_secret = '' } = await it.connections.create(acme)
    const basic = [client_id, client_secret] as const
    const good: readonly Sent[] = [
      { basic, body: form(GRANT) },
      { body: form({ ...GRANT, client_id, client_secret }) },
      { basic, body: form({ ...GRANT, client_id, client_secret, scope: 'anything at all', resource: 'x' }) },
      { basic, path: `/${client_id}`, body: form(GRANT) },
      { basic, body: form({ ...GRANT, scope: '' }) },
    ]
    for (const sent of good) {
      const { status, headers, body } = await ask(it, sent)
      expect([status, body]).toEqual([
        200,
        { access_token: expect.stringMatching(/^scimat_/), token_type: 'Bearer', expires_in: 3_600, scope: 'scim' },
      ])
      expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
      expect((await it.client(body.access_token).get('/Users')).status).toBe(200)
    }
  })

  test('the answer says which scopes were given', async () => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '' } = await it.connections.create({
      ...acme,
      scopes: ['users:read', 'groups'],
    })
    const { body } = await ask(it, { basic: [clientId, clientSecret], body: form({ ...GRANT, scope: 'users' }) })
    expect(body.scope).toBe('users:read groups')
    expect((await it.client(body.access_token).post('/Users', user('a'))).status).toBe(403)
  })

  type Wrong = readonly [
    string,
    (id: string, secret: string, other: { id: string; secret: string }) => Sent,
    number,
    string,
  ]
  const WRONG: readonly Wrong[] = [
    [
      'another method',
      (id, secret) => ({ method: 'PUT', basic: [id, secret], body: form(GRANT) }),
      405,
      'invalid_request',
    ],
    ['GET', () => ({ method: 'GET' }), 405, 'invalid_request'],
    [
      'JSON',
      (id, secret) => ({
        basic: [id, secret],
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(GRANT),
      }),
      400,
      'invalid_request',
    ],
    ['no grant', (id, secret) => ({ basic: [id, secret] }), 400, 'invalid_request'],
    ['an empty grant', (id, secret) => ({ basic: [id, secret], body: 'grant_type=' }), 400, 'invalid_request'],
    [
      'another grant',
      (id, secret) => ({ basic: [id, secret], body: form({ grant_type: 'password' }) }),
      400,
      'unsupported_grant_type',
    ],
    [
      'a parameter twice',
      (id, secret) => ({ basic: [id, secret], body: `${form(GRANT)}&${form(GRANT)}` }),
      400,
      'invalid_request',
    ],
    [
      'a body that is too large',
      (id, secret) => ({ basic: [id, secret], body: form({ ...GRANT, pad: 'x'.repeat(20_000) }) }),
      400,
      'invalid_request',
    ],
    [
      'a secret in the URL',
      (id, secret) => ({ query: `?${form({ client_secret: secret })}`, body: form({ ...GRANT, client_id: id }) }),
      400,
      'invalid_request',
    ],
    [
      'header and body that differ',
      (id, secret) => ({ basic: [id, secret], body: form({ ...GRANT, client_secret: `${secret}x` }) }),
      400,
      'invalid_request',
    ],
    [
      'two clients',
      (id, secret, other) => ({ basic: [id, secret], body: form({ ...GRANT, client_id: other.id }) }),
      400,
      'invalid_request',
    ],
    ['no client', () => ({ body: form(GRANT) }), 401, 'invalid_client'],
    ['a client without secret', (id) => ({ body: form({ ...GRANT, client_id: id }) }), 401, 'invalid_client'],
    [
      'another scheme',
      (id, secret) => ({ headers: { Authorization: `Bearer ${secret}` }, body: form({ ...GRANT, client_id: id }) }),
      401,
      'invalid_client',
    ],
    [
      'a header that is no text',
      () => ({ headers: { Authorization: 'Basic !!!' }, body: form(GRANT) }),
      401,
      'invalid_client',
    ],
    [
      'a bad escape',
      () => ({ headers: { Authorization: `Basic ${Buffer.from('%zz:%zz').toString('base64')}` }, body: form(GRANT) }),
      401,
      'invalid_client',
    ],
    [
      'an unknown client',
      (_id, secret) => ({ basic: ['2aaaaaaaaaaaaaaa', secret], body: form(GRANT) }),
      401,
      'invalid_client',
    ],
    [
      'a wrong secret',
      (id, secret) => ({ basic: [id, `${secret.slice(0, -1)}_`], body: form(GRANT) }),
      401,
      'invalid_client',
    ],
    [
      'the secret of another connection',
      (id, _secret, other) => ({ basic: [id, other.secret], body: form(GRANT) }),
      401,
      'invalid_client',
    ],
    [
      'the URL of another connection',
      (id, secret, other) => ({ basic: [id, secret], path: `/${other.id}`, body: form(GRANT) }),
      401,
      'invalid_client',
    ],
    [
      'an assertion that has no type',
      (id) => ({ body: form({ ...GRANT, client_id: id, client_assertion: 'x' }) }),
      400,
      'invalid_request',
    ],
  ]

  test.each(WRONG)('%s is refused', async (_what, sent, status, error) => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '' } = await it.connections.create(acme)
    const other = await it.connections.create({ ...acme, tenant: 'globex' })
    const request = sent(clientId, clientSecret, { id: other.clientId ?? '', secret: other.clientSecret ?? '' })
    const answer = await ask(it, request)
    expect([answer.status, answer.body.error]).toEqual([status, error])
    // RFC 6749 section 5.2: the challenge answers the header.
    const hasHeader = request.basic !== undefined || request.headers?.['Authorization'] !== undefined
    expect(answer.headers.has('www-authenticate')).toBe(status === 401 && hasHeader)
    // An unknown client is told no more than a known one.
    if (error === 'invalid_client') expect(answer.body).toEqual({ error })
    expect(JSON.stringify(answer.body)).not.toContain(clientSecret.slice(25))
  })

  test.each([
    ['revoked', (it: Service, id: string) => it.connections.revoke({ tenant: 'acme', id, by })],
    ['paused', (it: Service, id: string) => it.connections.pause({ tenant: 'acme', id, by })],
    ['closed', (it: Service, id: string) => it.connections.close({ tenant: 'acme', id, by })],
    [
      'expired',
      async (it: Service) => {
        it.clock.time += 731 * DAY
      },
    ],
  ])('of a credential that is %s is refused, and its access tokens end with it', async (reason, end) => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '', connection } = await it.connections.create(acme)
    const basic = [clientId, clientSecret] as const
    const { body } = await ask(it, { basic, body: form(GRANT) })
    expect((await it.client(body.access_token).get('/Users')).status).toBe(200)
    await end(it, connection.id)
    const refused = await ask(it, { basic, body: form(GRANT) })
    expect([refused.status, refused.body]).toEqual([401, { error: 'invalid_client' }])
    expect((await it.client(body.access_token).get('/Users')).status).toBe(401)
    expect((await it.connections.get({ tenant: 'acme', id: connection.id }))?.lastFailure?.reason).toBe(reason)
  })

  test('[P-2-05] a secret of another kind, and one of a connection of tokens, gets no token', async () => {
    const it = await service(withOAuth)
    const { token = '', connection } = await it.connections.create({ ...acme, method: 'token' })
    const { body, status } = await ask(it, { basic: [connection.id, token], body: form(GRANT) })
    expect([status, body]).toEqual([401, { error: 'invalid_client' }])
  })

  test('failures count for their address, and a good one is answered all the same', async () => {
    const it = await service({ ...withOAuth, rateLimit: { failures: { rate: 1 / 6, burst: 2 } } })
    const { clientId = '', clientSecret = '' } = await it.connections.create(acme)
    const wrong = () => ask(it, { basic: [clientId, 'wrong'], body: form(GRANT) })
    expect([(await wrong()).status, (await wrong()).status, (await wrong()).status]).toEqual([401, 401, 429])
    expect((await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })).status).toBe(200)
  })

  test('a store that fails is 503, and says nothing of itself', async () => {
    const store = memoryStore()
    const it = await service({
      ...withOAuth,
      store: { ...store, find: () => Promise.reject(new Error('no route to 10.0.0.1')) },
    })
    const { clientId = '', clientSecret = '' } = await it.connections.create(acme)
    const { status, headers, body } = await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })
    expect([status, headers.get('retry-after'), body]).toEqual([503, '5', { error: 'temporarily_unavailable' }])
    expect(String(it.errors)).toMatch(/no route/)
  })

  test.each([
    ['store', (never: () => Promise<never>) => ({ store: { ...memoryStore(), find: never } })],
    ['limiter of failures', (never: () => Promise<never>) => ({ rateLimit: { failures: { take: never } } })],
  ])('a %s that never answers is 503 when 30 seconds are over', async (_, options) => {
    let isAsked = () => {}
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    const never = () => {
      isAsked()
      return new Promise<never>(() => {})
    }
    const it = await service({ ...withOAuth, ...options(never) })
    const { clientId = '' } = await it.connections.create(acme)
    jest.useFakeTimers({ doNotFake: [...UNTOUCHED] })
    try {
      const answer = ask(it, { basic: [clientId, 'wrong'], body: form(GRANT) })
      await asked
      jest.advanceTimersByTime(30_000)
      const { status, headers, body } = await answer
      expect([status, headers.get('retry-after'), body]).toEqual([503, '5', { error: 'temporarily_unavailable' }])
      expect(it.errors.map(String)).toEqual(['Error: A token request was not answered within 30 seconds.'])
    } finally {
      jest.useRealTimers()
    }
  })

  test.each([4, 5])('behind a body parser of Express %i', async (version) => {
    const { connections } = connectionsOf(withOAuth)
    const { clientId = '', clientSecret = '' } = await connections.create(acme)
    const host = version === 4 ? express4() : express()
    const parser = version === 4 ? express4.urlencoded({ extended: true }) : express.urlencoded({ extended: true })
    const app = await serve(
      (host as ReturnType<typeof express>).use(parser as never).use('/scim/v2', connections.endpoint),
    )
    const post = async (body: string) =>
      (
        await fetch(`${app.base}/oauth/token`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body,
        })
      ).status
    const good = form({ ...GRANT, client_id: clientId, client_secret: clientSecret })
    expect([await post(good), await post(`${good}&grant_type=client_credentials`)]).toEqual([200, 400])
  })

  test('an upload that breaks off brings nothing down', async () => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '' } = await it.connections.create(acme)
    const { hostname, port } = new URL(it.app.base)
    const socket = connect(Number(port), hostname)
    socket.write('POST /scim/v2/oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n')
    socket.write('Content-Length: 100\r\n\r\ngrant_type=', () => socket.destroy())
    await once(socket, 'close')
    expect((await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })).status).toBe(200)
  })
})

describe('access tokens', () => {
  test('live an hour, and end with the rotation of their secret', async () => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '', connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    const { body: first } = await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })
    it.clock.time += 3_600_000 - 1
    expect((await it.client(first.access_token).get('/Users')).status).toBe(200)
    it.clock.time += 1
    expect((await it.client(first.access_token).get('/Users')).status).toBe(401)
    const { body: second } = await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })
    const rotated = await it.connections.rotate({ ...place, overlap: '0s' })
    expect((await it.client(second.access_token).get('/Users')).status).toBe(401)
    expect((await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })).status).toBe(401)
    expect((await ask(it, { basic: [clientId, rotated.clientSecret ?? ''], body: form(GRANT) })).status).toBe(200)
  })

  test('never outlive their secret', async () => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '' } = await it.connections.create({ ...acme, life: '90m' })
    it.clock.time += 3_600_000
    const { body } = await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })
    expect(body.expires_in).toBe(1_800)
  })

  test('forged ones open nothing: another end, another credential, another key', async () => {
    const it = await service(withOAuth)
    const { clientId = '', clientSecret = '' } = await it.connections.create(acme)
    const other = await it.connections.create(acme)
    const { body } = await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })
    const { tokenText } = await import('../../src/connections/tokens/token-text.js')
    const [, id = '', rest = ''] = (body.access_token as string).split('_')
    const secret = rest.slice(0, -6)
    const forged = [
      tokenText('scim', 'access', id, `zzzzzzz${secret.slice(7)}`),
      tokenText('scim', 'access', other.connection.credentials[0]?.id ?? '', secret),
      tokenText('scim', 'access', id, `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`),
    ]
    for (const token of forged) expect((await it.client(token).get('/Users')).status).toBe(401)
    const elsewhere = await service({ ...withOAuth, secret: `${SECRET} of another service` })
    expect((await elsewhere.client(body.access_token).get('/Users')).status).toBe(401)
  })

  test('go on while the secret of the service is changed', async () => {
    const store = memoryStore()
    const it = await service({ ...withOAuth, store })
    const { clientId = '', clientSecret = '' } = await it.connections.create(acme)
    const { body } = await ask(it, { basic: [clientId, clientSecret], body: form(GRANT) })
    const next = await service({ ...withOAuth, store, secret: [`${SECRET} newer`, SECRET] })
    expect((await next.client(body.access_token).get('/Users')).status).toBe(200)
    expect((await ask(next, { basic: [clientId, clientSecret], body: form(GRANT) })).status).toBe(200)
  })
})
