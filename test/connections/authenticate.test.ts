import { createHash } from 'node:crypto'
import { memoryStore } from '../../src/connections/index.js'
import { user } from '../rfc7644/service.js'
import { by, connectionsOf, DAY, refusalOf, SECRET, type Service, START, service } from './service.js'

const acme = { tenant: 'acme', provider: 'entra', by }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The same token with another character in the middle. */
const mistyped = (token: string): string => token.slice(0, 30) + (token[30] === 'a' ? 'b' : 'a') + token.slice(31)

describe('a token', () => {
  test('opens its tenant, and says in each report whose it is', async () => {
    const it = await service()
    const { token = '', connection } = await it.connections.create(acme)
    const other = await it.connections.create({ tenant: 'globex', provider: 'okta', by })
    expect((await it.client(token).post('/Users', user('a'))).status).toBe(201)
    expect((await it.client(token).get('/Users')).body.totalResults).toBe(1)
    const report = await it.lastReport()
    expect(report).toMatchObject({
      tenant: 'acme',
      via: 'client',
      auth: {
        subject: connection.id,
        connection: { id: connection.id, provider: 'entra' },
        credential: connection.credentials[0]?.id,
      },
    })
    expect((await it.client(other.token).get('/Users')).body.totalResults).toBe(0)
  })

  test('reads as documented: prefix, id, secret and check characters, found by the pattern', async () => {
    const it = await service({ prefix: 'acme' })
    const { token = '', connection } = await it.connections.create(acme)
    expect(token).toMatch(/^acme_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}$/)
    expect(it.connections.pattern.exec(`curl -H "Authorization: Bearer ${token}" …`)?.[0]).toBe(token)
    expect(connection.credentials[0]?.hint).toBe(token.slice(-4))
    expect(connection.id).toMatch(/^[2-9][0-9a-z]{15}$/)
  })

  test('[P-7.4-01] bearer tokens have enough entropy: 43 random characters of 62, of which no two tokens share the same', async () => {
    const { connections } = connectionsOf()
    const secrets = new Set<string>()
    const used = Array.from({ length: 43 }, () => new Set<string>())
    for (let index = 0; index < 500; index += 1) {
      const { token = '' } = await connections.create(acme)
      const secret = token.slice(-49, -6)
      secrets.add(secret)
      for (const [place, character] of [...secret].entries()) used[place]?.add(character)
    }
    expect(secrets.size).toBe(500)
    // 500 draws of 62 leave hardly a character out; the first place holds the rest of 256 bits, log2(62 ** 43) =
    // 256.03.
    expect(used.slice(1).every((characters) => characters.size > 55)).toBe(true)
  })

  test('works at the URL of its connection, and at no other one', async () => {
    const it = await service()
    const { token = '', connection } = await it.connections.create(acme)
    const other = await it.connections.create(acme)
    expect(connection.url).toBe(`https://app.example/scim/v2/${connection.id}`)
    expect((await it.client(token, connection.id).get('/Users?count=1')).status).toBe(200)
    expect((await it.client(token, connection.id).get('')).status).toBe(200)
    expect(await refusalOf(it, it.client(token, other.connection.id).get('/Users'))).toEqual([
      401,
      'otherConnection',
      'acme',
    ])
    expect(await refusalOf(it, it.client(token, '2aaaaaaaaaaaaaaa').get('/Users'))).toEqual([
      401,
      'otherConnection',
      undefined,
    ])
  })
})

describe('a token that is not good never reaches the fallback', () => {
  const fallback = jest.fn(() => ({ tenant: 'fallen through' }))
  beforeEach(() => fallback.mockClear())

  type Change = (it: Service, token: string, id: string) => unknown
  const cases: readonly (readonly [string, Change, string, string | undefined])[] = [
    ['mistyped', () => undefined, 'mistyped', undefined],
    ['cut', () => undefined, 'malformed', undefined],
    ['another secret', () => undefined, 'unknown', undefined],
    ['expired', (it) => (it.clock.time += 366 * DAY), 'expired', 'acme'],
    ['revoked', (it, _, id) => it.connections.revoke({ tenant: 'acme', id, by }), 'revoked', 'acme'],
    ['paused', (it, _, id) => it.connections.pause({ tenant: 'acme', id, by }), 'paused', 'acme'],
    ['closed', (it, _, id) => it.connections.close({ tenant: 'acme', id, by }), 'closed', 'acme'],
    [
      'rotated without overlap',
      (it, _, id) => it.connections.rotate({ tenant: 'acme', id, overlap: '0s', by }),
      'revoked',
      'acme',
    ],
  ]

  test.each(cases)('%s', async (what, change, reason, tenant) => {
    const it = await service({ fallback })
    const { token = '', connection } = await it.connections.create(acme)
    expect((await it.client(token).get('/Users')).status).toBe(200)
    const foreign = (await (await service()).connections.create(acme)).token ?? ''
    await change(it, token, connection.id)
    const sent = { mistyped: mistyped(token), cut: token.slice(0, -3), 'another secret': foreign }[what] ?? token
    const answer = it.client(sent).get('/Users')
    expect(await refusalOf(it, answer)).toEqual([401, reason, tenant])
    expect((await answer).headers.get('www-authenticate')).toMatch(/error="invalid_token"/)
    expect((await answer).text).not.toMatch(/expired|revoked|paused|closed|mistyped/)
    // The owner of the connection is told of each refusal at the URL of the connection.
    if (reason !== 'mistyped')
      expect(await refusalOf(it, it.client(sent, connection.id).get('/Users'))).toEqual([401, reason, 'acme'])
    expect(await refusalOf(it, it.client('own-token-of-the-application', connection.id).get('/Users'))).toEqual([
      401,
      'unknown',
      'acme',
    ])
    expect(fallback).not.toHaveBeenCalled()
  })

  test('without a token there is nothing to fall back to', async () => {
    const it = await service({ fallback })
    const { connection } = await it.connections.create(acme)
    expect(await refusalOf(it, it.client(undefined).get('/Users'))).toEqual([401, undefined, undefined])
    expect(await refusalOf(it, it.client(undefined, connection.id).get('/Users'))).toEqual([401, 'missing', 'acme'])
    expect(fallback).not.toHaveBeenCalled()
  })

  test('nor one that the store could not look up: 503', async () => {
    const store = memoryStore()
    const it = await service({
      fallback,
      store: { ...store, find: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')) },
    })
    const { token = '', connection } = await it.connections.create(acme)
    for (const sent of [token, 'own-token-of-the-application-itself', undefined]) {
      const answer = await it.client(sent, sent ? undefined : connection.id).get('/Users')
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      expect(answer.text).not.toMatch(/10\.0\.0\.1/)
    }
    expect(fallback).not.toHaveBeenCalled()
  })

  test('secrets of other kinds open nothing', async () => {
    const it = await service({ fallback, credentials: ['token', 'oauth'] })
    const { clientSecret } = await it.connections.create({ ...acme, method: 'oauth' })
    const invited = await it.connections.invite({ ...acme, method: 'token' })
    for (const sent of [clientSecret, invited.token]) {
      expect(await refusalOf(it, it.client(sent).get('/Users'))).toEqual([401, 'unknown', undefined])
    }
    expect(fallback).not.toHaveBeenCalled()
  })
})

describe('tokens of the application’s own', () => {
  const own = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'

  test('move in by digest or as they are; the fallback is asked for the rest', async () => {
    const fallback = jest.fn(({ token }: { token: string | undefined }) => (token === 'old' ? { tenant: 'old' } : null))
    const it = await service({ fallback })
    const byDigest = await it.connections.import({ ...acme, digest: { algorithm: 'sha256', hex: sha256(own) } })
    await it.connections.import({ tenant: 'globex', provider: 'okta', by, token: `${own}-globex` })
    expect(byDigest.connection.credentials).toMatchObject([{ kind: 'import', hint: undefined }])
    expect((await it.client(own).post('/Users', user('a'))).status).toBe(201)
    expect((await it.lastReport())?.tenant).toBe('acme')
    expect((await it.client(`${own}-globex`).get('/Users')).body.totalResults).toBe(0)
    expect(fallback).not.toHaveBeenCalled()
    expect((await it.client('old').get('/Users')).status).toBe(200)
    expect(await refusalOf(it, it.client('other').get('/Users'))).toEqual([401, 'unknown', undefined])
    expect(fallback).toHaveBeenCalledTimes(2)
    await it.connections.revoke({ tenant: 'acme', id: byDigest.connection.id, by })
    expect(await refusalOf(it, it.client(own).get('/Users'))).toEqual([401, 'revoked', 'acme'])
    expect(fallback).toHaveBeenCalledTimes(2)
  })

  test('what is short or no digest is refused, and so is what another connection has', async () => {
    const { connections } = await service()
    for (const wrong of [
      { token: 'short' },
      { digest: { algorithm: 'md5', hex: 'ab' } },
      { digest: { algorithm: 'sha256', hex: 'ab' } },
      {},
    ]) {
      await expect(connections.import({ ...acme, ...(wrong as { token: string }) })).rejects.toThrow(
        /connections\.import/,
      )
    }
    await connections.import({ ...acme, token: own })
    await expect(connections.import({ tenant: 'globex', provider: 'okta', by, token: own })).rejects.toMatchObject({
      code: 'taken',
    })
  })

  test('what begins as ours is refused: nobody would look for it among the imported ones', async () => {
    const { connections } = await service()
    await expect(connections.import({ ...acme, token: `scim_${'a'.repeat(40)}` })).rejects.toThrow(
      /Option token of connections\.import must not begin with the option prefix/,
    )
  })

  test('another connection has a token that was imported under an older secret, too', async () => {
    const store = memoryStore()
    const older = connectionsOf({ store })
    await older.connections.import({ ...acme, token: own })
    const { connections } = connectionsOf({ store, secret: [`a newer ${SECRET}`, SECRET] })
    await expect(connections.import({ tenant: 'globex', provider: 'okta', by, token: own })).rejects.toMatchObject({
      code: 'taken',
    })
  })

  test('the fallback has to tell a tenant', async () => {
    const it = await service({ fallback: (() => ({ subject: 'x' })) as never })
    expect((await it.client('old').get('/Users')).status).toBe(500)
  })
})

describe('scopes', () => {
  test('what they permit, and that the missing one is named', async () => {
    const it = await service()
    const { token } = await it.connections.create({ ...acme, scopes: ['users:read', 'groups'] })
    const client = it.client(token)
    const refused = await client.post('/Users', user('a'))
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('scope="users"'),
    ])
    expect((await client.get('/Users')).status).toBe(200)
    expect(
      (await client.post('/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'a' }))
        .status,
    ).toBe(201)
    expect((await client.get('/ServiceProviderConfig')).status).toBe(200)
    const users = await it.connections.create({ ...acme, scopes: ['users'] })
    expect((await it.client(users.token).get('/')).body.Resources).toEqual([])
    expect((await it.client(users.token).get('/Groups')).status).toBe(403)
  })

  test('one that does not exist is refused at create and update', async () => {
    const { connections } = await service({ scopes: { devices: 'Device' } })
    await expect(connections.create({ ...acme, scopes: ['users'] })).rejects.toThrow(
      /one or more of scim, devices, devices:read/,
    )
    await expect(connections.create({ ...acme, scopes: [] })).rejects.toThrow(/Option scopes/)
    const { connection } = await connections.create({ ...acme, scopes: ['devices:read'] })
    await expect(connections.update({ tenant: 'acme', id: connection.id, by, scopes: ['user'] })).rejects.toThrow(
      /Option scopes/,
    )
  })
})

describe('what else a request is held to', () => {
  test('the tenant that its path names', async () => {
    const it = await service({ tenantOf: ({ headers }) => headers['x-org'] as string | undefined })
    const { token } = await it.connections.create(acme)
    const get = (org: string) => it.client(token).send('GET', '/Users', { headers: { 'X-Org': org } })
    expect((await get('acme')).status).toBe(200)
    expect((await get('globex')).status).toBe(401)
    expect((await it.client(token).get('/Users')).status).toBe(401)
  })

  test('compatibility of the connection replaces that of the router', async () => {
    const it = await service()
    const { token } = await it.connections.create({ ...acme, compatibility: 'strict' })
    expect((await it.client(token).post('/Users', user('a', { unheard: 1 }))).status).toBe(400)
  })

  test('a rate for each connection, which others do not feel', async () => {
    const it = await service({ rateLimit: { perConnection: { rate: 25, burst: 2 }, failures: false } })
    const { token } = await it.connections.create(acme)
    const other = await it.connections.create(acme)
    const statuses = [1, 2, 3].map(() => it.client(token).get('/Users?count=0'))
    expect((await Promise.all(statuses)).map(({ status }) => status).sort()).toEqual([200, 200, 429])
    expect((await it.client(other.token).get('/Users')).status).toBe(200)
    it.clock.time += 40
    expect((await it.client(token).get('/Users')).status).toBe(200)
  })

  test('failures are bounded for each address, and a good credential is never refused for its address', async () => {
    const it = await service({ rateLimit: { failures: { rate: 1 / 6, burst: 3 } } })
    const { token } = await it.connections.create(acme)
    const statuses: number[] = []
    for (let index = 0; index < 5; index += 1) statuses.push((await it.client('wrong').get('/Users')).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    const limited = await it.client('wrong').get('/Users')
    expect(limited.headers.get('retry-after')).toBe('6')
    expect((await it.lastReport())?.refusal).toMatchObject({ reason: 'rate' })
    expect((await it.client(token).get('/Users')).status).toBe(200)
    it.clock.time += 6_000
    expect((await it.client('wrong').get('/Users')).status).toBe(401)
  })
})

describe('what is noted', () => {
  test('the first use, then at most one use a minute, with the address and agent of the provider', async () => {
    const it = await service()
    const { token, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id }
    expect(connection).toMatchObject({ state: 'new', lastUsed: undefined })
    const get = () => it.client(token).send('GET', '/Users', { headers: { 'User-Agent': 'Provider/1 \u00e9' } })
    await get()
    expect(await it.connections.get(place)).toMatchObject({
      state: 'active',
      lastUsed: {
        at: new Date(START),
        address: expect.stringContaining('127.0.0.1'),
        userAgent: expect.stringMatching(/^Provider\/1/),
      },
    })
    it.clock.time += 59_000
    await get()
    expect((await it.connections.get(place))?.lastUsed?.at).toEqual(new Date(START))
    it.clock.time += 1_000
    await get()
    expect((await it.connections.get(place))?.lastUsed?.at).toEqual(new Date(START + 60_000))
    expect(it.events.map(({ name, by }) => [name, by])).toEqual([
      ['connection.created', 'user 1'],
      ['credential.created', 'user 1'],
      ['connection.used', 'client'],
    ])
  })

  test('a failure only of a secret that fits or at the URL of the connection, once a minute', async () => {
    const it = await service()
    const { token = '', connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id }
    const failure = async () => (await it.connections.get(place))?.lastFailure
    await it.client(mistyped(token)).get('/Users')
    expect(await failure()).toBeUndefined()
    await it.client('wrong', connection.id).get('/Users')
    expect(await failure()).toEqual({ at: new Date(START), reason: 'unknown' })
    it.clock.time += 1_000
    await it.client(undefined, connection.id).get('/Users')
    expect((await failure())?.reason).toBe('unknown')
    it.clock.time += 60_000
    await it.client(undefined, connection.id).get('/Users')
    expect((await failure())?.reason).toBe('missing')
  })

  test('a store that cannot note it fails no request', async () => {
    const store = memoryStore()
    const it = await service({ store: { ...store, update: () => Promise.reject(new Error('read only')) } })
    const { token } = await it.connections.create(acme)
    expect((await it.client(token).get('/Users')).status).toBe(200)
    // A store that fails is not asked for it again with each request.
    expect((await it.client(token).get('/Users')).status).toBe(200)
    expect(it.errors).toHaveLength(1)
    it.clock.time += 60_000
    await it.client(token).get('/Users')
    expect(it.errors).toHaveLength(2)
  })

  test('that a credential ends: 30, 14 and 3 days before, once each, and when it has ended', async () => {
    const it = await service()
    const { token } = await it.connections.create({ ...acme, life: '40d' })
    const told: unknown[] = []
    for (const days of [5, 11, 12, 26.5, 27, 38, 39, 41, 41]) {
      it.clock.time = START + days * DAY
      it.events.length = 0
      await it.client(token).get('/Users')
      for (const { name } of it.events) if (name.startsWith('credential')) told.push([days, name])
    }
    expect(told).toEqual([
      [11, 'credential.expiring'],
      [26.5, 'credential.expiring'],
      [38, 'credential.expiring'],
      [41, 'credential.expired'],
    ])
  })
})

test.each<[string, (token: string) => string]>([
  ['in quotes', (token) => `"${token}"`],
  ['in brackets', (token) => `<${token}>`],
  ['with a comma behind', (token) => `${token},`],
  ['in capitals', (token) => token.toUpperCase()],
  ['with a prefix in capitals', (token) => token.replace('scim', 'SCIM')],
])('a token of ours %s is malformed, and never handed to the fallback', async (_, changed) => {
  const fallback = jest.fn(() => null)
  const it = await service({ fallback })
  const { token = '' } = await it.connections.create(acme)
  const headers = { authorization: `Bearer ${changed(token)}` }
  expect((await it.client(undefined).get('/Users', { headers })).status).toBe(401)
  expect((await it.lastReport())?.refusal?.reason).toBe('malformed')
  await it.client('SCIM_a-token-of-the-host').get('/Users')
  expect(fallback).toHaveBeenCalledTimes(1)
})

describe('a clock that is set back by an hour', () => {
  const HOUR = 3_600_000
  let back = 0
  let passed = 0
  beforeEach(() => {
    back = 0
    passed = 0
    const [now, ticks] = [Date.now.bind(Date), performance.now.bind(performance)]
    jest.spyOn(Date, 'now').mockImplementation(() => now() + passed - back)
    jest.spyOn(performance, 'now').mockImplementation(() => ticks() + passed)
  })
  afterEach(() => {
    jest.restoreAllMocks()
  })

  test('keeps no token in the cache that another process has revoked', async () => {
    const store = memoryStore()
    const it = await service({ store, now: undefined as never, cacheTime: 60 })
    const other = connectionsOf({ store, now: undefined as never })
    const { token = '', connection } = await it.connections.create(acme)
    expect((await it.client(token).get('/Users')).status).toBe(200)
    back = HOUR
    await other.connections.revoke({ tenant: 'acme', id: connection.id, by })
    passed = 61_000
    expect(await refusalOf(it, it.client(token).get('/Users'))).toEqual([401, 'revoked', 'acme'])
  })

  test('takes no requests from a connection that it may make', async () => {
    const it = await service({
      now: undefined as never,
      rateLimit: { perConnection: { rate: 25, burst: 25 }, failures: false },
    })
    const { token = '' } = await it.connections.create(acme)
    expect((await it.client(token).get('/Users')).status).toBe(200)
    back = HOUR
    expect((await it.client(token).get('/Users')).status).toBe(200)
  })
})

describe('failures are counted for an address', () => {
  // RFC 4291 section 2.5.5.2: both are the address 9.9.9.9 of IPv4.
  test.each<[string, readonly string[], number]>([
    ['of IPv4, however it is written', ['9.9.9.9', '::ffff:9.9.9.9', '::ffff:909:909', '0:0:0:0:0:ffff:909:909'], 429],
    [
      'and for no other one of IPv4 that is written as IPv6',
      ['::ffff:909:909', '::ffff:909:90a', '::ffff:909:90b'],
      401,
    ],
    ['and its /64', ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3', '2001:db8::1.2.3.4'], 429],
    ['and no other /64', ['2001:db8::1', '2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1'], 401],
  ])('%s', async (_what, addresses, last) => {
    let address = ''
    const it = await service({ address: () => address, rateLimit: { failures: { rate: 1 / 600, burst: 2 } } })
    const statuses = []
    for (address of addresses) statuses.push((await it.client('nobody').get('/Users')).status)
    expect(statuses.at(-1)).toBe(last)
  })
})

describe('a limiter that fails', () => {
  const broken = { take: async () => Promise.reject(new Error('the store of counts is gone')) }

  test('is 503 for a good token, for its owner may come again', async () => {
    const it = await service({ rateLimit: { perConnection: broken, failures: false } })
    const { token } = await it.connections.create(acme)
    const answer = await it.client(token).get('/Users')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  })

  test('leaves a refusal a refusal, and is told', async () => {
    const it = await service({ rateLimit: { failures: broken } })
    const { connection } = await it.connections.create(acme)
    expect(await refusalOf(it, it.client('nobody', connection.id).get('/Users'))).toEqual([401, 'unknown', 'acme'])
    expect(String(it.errors[0])).toMatch(/the store of counts is gone/)
  })
})
