import {
  ALL_TENANTS,
  type Connections,
  type ConnectionsOptions,
  type MadeCredential,
  memoryStore,
  scimConnections,
} from '../../src/connections/index.js'
import { crc32, numberText, readNumber } from '../../src/connections/tokens/base62.js'
import { explain } from '../../src/journal/index.js'
import { by, connectionsOf, DAY, refusalOf, SECRET, type Service, START, service } from './service.js'

const acme = { tenant: 'acme', provider: 'entra', by }
const get = async (it: Service, token: string | undefined): Promise<number> =>
  (await it.client(token).get('/Users?count=0')).status

describe('rotation', () => {
  test('the old token ends when the overlap is over, counted from the first use of the new one', async () => {
    const it = await service()
    const { token: old, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id }
    await get(it, old)
    const { token } = await it.connections.rotate({ ...place, by })
    it.clock.time += 200 * DAY
    expect(await get(it, old)).toBe(200)
    expect((await it.connections.get(place))?.credentials).toMatchObject([
      { state: 'ending', ends: undefined },
      { state: 'live' },
    ])
    expect(await get(it, token)).toBe(200)
    expect((await it.connections.get(place))?.credentials[0]?.ends).toEqual(new Date(it.clock.time + 7 * DAY))
    it.clock.time += 7 * DAY - 1
    expect(await get(it, old)).toBe(200)
    it.clock.time += 1
    expect([await get(it, old), await get(it, token)]).toEqual([401, 200])
  })

  test('at most two live: one that nobody has used is taken back, and the one in use stays', async () => {
    const it = await service()
    const { token: used, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    await get(it, used)
    const lost = await it.connections.rotate(place)
    const next = await it.connections.rotate(place)
    expect([await get(it, used), await get(it, lost.token), await get(it, next.token)]).toEqual([200, 401, 200])
    const last = await it.connections.rotate(place)
    expect([await get(it, used), await get(it, next.token), await get(it, last.token)]).toEqual([401, 200, 200])
    const live = (await it.connections.get(place))?.credentials.filter(({ state }) => /live|ending/.test(state))
    expect(live).toHaveLength(2)
  })

  test('at once by hand: by the overlap, or by revoking the old one', async () => {
    const it = await service()
    const { token: old, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    const { token } = await it.connections.rotate(place)
    await it.connections.revoke({ ...place, credential: connection.credentials[0]?.id as string })
    expect([await get(it, old), await get(it, token)]).toEqual([401, 200])
    const { token: last } = await it.connections.rotate({ ...place, overlap: '0s' })
    expect([await get(it, token), await get(it, last)]).toEqual([401, 200])
    await expect(it.connections.rotate({ ...place, overlap: 'soon' as never })).rejects.toThrow(/Option overlap/)
  })

  test('a successor that was revoked before its first use takes nobody’s place', async () => {
    const it = await service()
    const { token: old, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    await get(it, old)
    const made = await it.connections.rotate(place)
    await it.connections.revoke({ ...place, credential: made.connection.credentials[1]?.id as string })
    it.clock.time += 100 * DAY
    expect(await get(it, old)).toBe(200)
  })

  test('many rotations leave ten dead credentials and no more', async () => {
    const it = connectionsOf()
    const { connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    for (let index = 0; index < 20; index += 1) await it.connections.rotate({ ...place, overlap: '0s' })
    expect((await it.connections.get(place))?.credentials).toHaveLength(11)
  })

  test('two at one time: both are done, and at most two credentials live', async () => {
    const it = connectionsOf()
    const { connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    await Promise.all([it.connections.rotate(place), it.connections.rotate(place), it.connections.rotate(place)])
    const live = (await it.connections.get(place))?.credentials.filter(({ state }) => /live|ending/.test(state))
    expect(live).toHaveLength(2)
  })
})

describe('lives', () => {
  test('[P-7.4-01] bearer tokens have a limited lifetime: a year, client secrets two, unless never is written out', async () => {
    const it = await service({ credentials: ['token', 'oauth'] })
    const { token, connection } = await it.connections.create(acme)
    const secret = await it.connections.create({ ...acme, method: 'oauth' })
    const never = await it.connections.create({ ...acme, life: 'never' })
    const imported = await it.connections.import({ ...acme, token: 'a'.repeat(40) })
    const expires = [connection, secret.connection, never.connection, imported.connection].map(
      ({ credentials }) => credentials[0]?.expires,
    )
    const year = new Date(START + 365 * DAY)
    expect(expires).toEqual([year, new Date(START + 730 * DAY), undefined, year])
    it.clock.time = START + 365 * DAY - 1
    expect([await get(it, token), await get(it, never.token), await get(it, 'a'.repeat(40))]).toEqual([200, 200, 200])
    it.clock.time += 1
    expect([await get(it, token), await get(it, never.token), await get(it, 'a'.repeat(40))]).toEqual([401, 200, 401])
  })

  test('a life that is none is refused', async () => {
    const { connections } = connectionsOf()
    await expect(connections.create({ ...acme, life: '1 year' as never })).rejects.toThrow(/Option life/)
    await expect(connections.create({ ...acme, life: '0d' })).rejects.toThrow(/Option life/)
  })
})

describe('closed connections', () => {
  async function closedOnes(it: ReturnType<typeof connectionsOf>, count: number) {
    const ids: string[] = []
    for (let index = 0; index < count; index += 1) {
      const { connection } = await it.connections.create(acme)
      await it.connections.close({ tenant: 'acme', id: connection.id, by })
      ids.push(connection.id)
    }
    it.events.length = 0
    return ids
  }
  const removed = ({ events }: ReturnType<typeof connectionsOf>) =>
    events.filter(({ name, by: who }) => name === 'connection.removed' && who === 'retention').length

  test('are kept for 90 days, and removed by calls that meet them, twenty at a time', async () => {
    const store = memoryStore()
    const it = connectionsOf({ store })
    const stored = async () => (await store.list({ tenant: 'acme', after: undefined, count: 1_000 })).length
    await closedOnes(it, 45)
    const { connection: open } = await it.connections.create(acme)
    it.clock.time += 90 * DAY - 1
    expect(await it.connections.list({ tenant: 'acme' })).toHaveLength(46)
    it.clock.time += 1
    it.events.length = 0
    // Another tenant's calls meet none of them.
    expect(await it.connections.list({ tenant: 'globex' })).toEqual([])
    expect([await stored(), removed(it)]).toEqual([46, 0])
    expect(await it.connections.list({ tenant: 'acme' })).toMatchObject([{ id: open.id }])
    expect([await stored(), removed(it)]).toEqual([26, 20])
    expect(await it.connections.list({ tenant: ALL_TENANTS })).toMatchObject([{ id: open.id }])
    await it.connections.migrate()
    expect([await stored(), removed(it)]).toEqual([1, 45])
  })

  test('that are asked for by id are gone as well, and a store that fails at it fails no call', async () => {
    const store = memoryStore()
    const it = connectionsOf({
      store: { ...store, remove: async () => Promise.reject(new Error('The store is down.')) },
    })
    const [id = ''] = await closedOnes(it, 1)
    const place = { tenant: 'acme', id }
    expect(await it.connections.get(place)).toMatchObject({ state: 'closed' })
    it.clock.time += 90 * DAY
    expect(await it.connections.get(place)).toBeUndefined()
    expect(await it.connections.list({ tenant: 'acme' })).toEqual([])
    await new Promise(setImmediate)
    expect(it.errors).toMatchObject([{ message: 'The store is down.' }, { message: 'The store is down.' }])
  })

  test('an imported token that was closed never comes back by fallback: not after 90 days, nor after many rotations', async () => {
    const token = 'a-token-of-the-application-itself-0001'
    const it = await service({ fallback: () => ({ tenant: 'acme' }) })
    const { connection } = await it.connections.import({ ...acme, token })
    const place = { tenant: 'acme', id: connection.id, by }
    expect(await get(it, token)).toBe(200)
    for (let index = 0; index < 20; index += 1) await it.connections.rotate({ ...place, overlap: '0s' })
    expect(await get(it, token)).toBe(401)
    await it.connections.close(place)
    it.clock.time += 1_000 * DAY
    await it.connections.list({ tenant: 'acme' })
    expect(await get(it, token)).toBe(401)
  })
})

describe('the cache', () => {
  const ended: readonly (readonly [string, (it: Service, id: string) => unknown, number])[] = [
    ['revoke', (it, id) => it.connections.revoke({ tenant: 'acme', id, by }), 401],
    ['pause', (it, id) => it.connections.pause({ tenant: 'acme', id, by }), 401],
    ['close', (it, id) => it.connections.close({ tenant: 'acme', id, by }), 401],
    ['a change of scopes', (it, id) => it.connections.update({ tenant: 'acme', id, by, scopes: ['groups'] }), 403],
    ['expiry', (it) => (it.clock.time += 2 * DAY - 1_000), 401],
    ['a report of a leak', (it) => it.connections.reportLeak(tokenOf(it)), 401],
  ]
  const tokens = new WeakMap<Service, string>()
  const tokenOf = (it: Service): string => tokens.get(it) ?? ''

  test.each(ended)('is dropped by %s at once in this process', async (_what, change, status) => {
    const it = await service({ cacheTime: 60 })
    const { token = '', connection } = await it.connections.create({ ...acme, life: '2d' })
    tokens.set(it, token)
    it.clock.time += 500
    expect([await get(it, token), await get(it, token)]).toEqual([200, 200])
    await change(it, connection.id)
    it.clock.time += 500
    expect(await get(it, token)).toBe(status)
  })

  test('is dropped by the end of an overlap', async () => {
    const it = await service({ cacheTime: 60 })
    const { token: old, connection } = await it.connections.create(acme)
    await get(it, old)
    const { token } = await it.connections.rotate({ tenant: 'acme', id: connection.id, overlap: '10s', by })
    await get(it, token)
    await get(it, old)
    it.clock.time += 9_999
    expect(await get(it, old)).toBe(200)
    it.clock.time += 1
    expect(await get(it, old)).toBe(401)
  })

  test('holds for cacheTime what another process has revoked, and nothing with 0', async () => {
    for (const cacheTime of [1, 0]) {
      const store = memoryStore()
      const it = await service({ store, cacheTime })
      const other = connectionsOf({ store }, it.clock)
      const { token, connection } = await it.connections.create(acme)
      await get(it, token)
      await other.connections.revoke({ tenant: 'acme', id: connection.id, by })
      expect(await get(it, token)).toBe(cacheTime === 0 ? 401 : 200)
      it.clock.time += 1_000
      expect(await get(it, token)).toBe(401)
    }
  })

  test.each<[string, NonNullable<ConnectionsOptions['rateLimit']>]>([
    ['without a rate', { failures: false }],
    ['with a rate', { failures: false, perConnection: { rate: 25, burst: 100 } }],
  ])('saves reads of the store, %s: one for the first request, none for the next', async (_what, rateLimit) => {
    const store = memoryStore()
    const reads: string[] = []
    const counting = {
      ...store,
      find: (key: string) => {
        reads.push('find')
        return store.find(key)
      },
      get: (tenant: string, id: string) => {
        reads.push('get')
        return store.get(tenant, id)
      },
    }
    const it = await service({ store: counting, rateLimit })
    const { token } = await it.connections.create(acme)
    await get(it, token)
    reads.length = 0
    await get(it, token)
    expect(reads).toEqual([])
    it.clock.time += 1_000
    await get(it, token)
    expect(reads).toEqual(['find'])
  })

  test('keeps nothing that was revoked while it was looked up', async () => {
    const store = memoryStore()
    let looking: () => void = () => undefined
    let go: Promise<void> | undefined
    const slow = {
      ...store,
      find: async (key: string) => {
        const found = await store.find(key)
        looking()
        await go
        return found
      },
    }
    const it = await service({ store: slow, cacheTime: 60 })
    const { token, connection } = await it.connections.create(acme)
    await get(it, token)
    await it.connections.update({ tenant: 'acme', id: connection.id, by, name: 'not in the cache' })
    let release: () => void = () => undefined
    go = new Promise((resolve) => {
      release = resolve
    })
    const isLooking = new Promise<void>((resolve) => {
      looking = resolve
    })
    const answer = get(it, token)
    await isLooking
    await it.connections.revoke({ tenant: 'acme', id: connection.id, by })
    release()
    await answer
    expect(await get(it, token)).toBe(401)
  })

  test('refusals are looked up each time', async () => {
    const it = await service({ cacheTime: 60 })
    const { token, connection } = await it.connections.create(acme)
    await it.connections.pause({ tenant: 'acme', id: connection.id, by })
    expect(await get(it, token)).toBe(401)
    await it.connections.resume({ tenant: 'acme', id: connection.id, by })
    expect(await get(it, token)).toBe(200)
  })
})

describe('the secret of the service', () => {
  const older = 'the older secret of a test, with 32 characters'.replace(',', '')

  test('a row is hashed anew under the newest key when it is used, and the old secret can go then', async () => {
    const store = memoryStore()
    const before = connectionsOf({ store, secret: older })
    const { token } = await before.connections.create(acme)
    await before.connections.import({ ...acme, token: 'b'.repeat(40) })
    const both = await service({ store, secret: `${SECRET},${older}` })
    expect([await get(both, token), await get(both, 'b'.repeat(40))]).toEqual([200, 200])
    const { newest, keys } = await both.connections.describe()
    expect(keys).toEqual({ [newest]: 2 })
    const after = await service({ store, secret: [SECRET] })
    await after.connections.migrate()
    expect([await get(after, token), await get(after, 'b'.repeat(40))]).toEqual([200, 200])
  })

  test('one that is still needed stops the start, and a token under it is a 500 and no 401', async () => {
    const store = memoryStore()
    const { token } = await connectionsOf({ store, secret: older }).connections.create(acme)
    const it = await service({ store })
    await expect(it.connections.migrate()).rejects.toMatchObject({ code: 'ERR_SCIM_SECRET' })
    expect(await get(it, token)).toBe(500)
  })

  test('a digest that was copied to the row of another opens nothing', async () => {
    const store = memoryStore()
    const it = await service({ store })
    const { token = '', connection } = await it.connections.create(acme)
    const other = await it.connections.create({ tenant: 'globex', provider: 'okta', by })
    const [mine, theirs] = [await store.get('acme', connection.id), await store.get('globex', other.connection.id)]
    if (!mine || !theirs) throw new Error('Both are there.')
    await store.remove('acme', connection.id)
    // The credential as a whole, id, digest and key, now stands in the connection of another tenant.
    const { credentials } = JSON.parse(mine.data)
    await store.update({
      ...theirs,
      version: theirs.version + 1,
      keys: [`credential:${credentials[0].id}`],
      data: JSON.stringify({ ...JSON.parse(theirs.data), credentials }),
    })
    expect(await refusalOf(it, it.client(token).get('/Users'))).toEqual([401, 'unknown', undefined])
  })

  test.each([undefined, '', 'short', ['short'], `${SECRET},short`, 5])(
    'a secret of %p is refused at start',
    (secret) => {
      expect(() => connectionsOf({ secret: secret as string })).toThrow(/ERR_SCIM_SECRET/)
    },
  )
})

describe('options', () => {
  test.each([
    [{ store: {} }, /^Option store of scimConnections must have a function find, got undefined\. \(/],
    [{ store: undefined }, /^Option store of scimConnections is missing\. \(/],
    [{ prefix: 'Acme' }, /^Option prefix of scimConnections must be a text of 1 to 12 .*, got string\. \(/],
    [{ prefix: '' }, /Option prefix/],
    [{ cacheTime: 61 }, /Option cacheTime/],
    [{ cacheTime: -1 }, /Option cacheTime/],
    [{ credentials: ['password'] }, /Option credentials/],
    [{ credentials: [] }, /Option credentials/],
    [{ url: '/scim/v2' }, /Option url/],
    [{ url: 'https://app.example/scim?x=1' }, /Option url/],
    [{ life: { token: 'long' } }, /Option life\.token/],
    [{ life: { access: '59m' } }, /Option life\.access/],
    [{ life: { access: 'never' } }, /Option life\.access/],
    [{ life: { access: '7h' } }, /Option life\.access/],
    [{ fallback: true }, /Option fallback/],
    [{ rateLimit: { perConnection: { rate: 0, burst: 1 } } }, /Option rateLimit\.perConnection/],
    [{ rateLimit: { failures: null as never } }, /Option rateLimit\.failures must have numbers/],
    [{ rateLimit: { perConnection: { take: 1 } as never } }, /Option rateLimit\.perConnection must have numbers/],
    [{ rateLimit: { perConection: { rate: 1, burst: 1 } } }, /Did you mean "perConnection"\?/],
    [{ life: { tokens: '1d' } }, /^Unknown key "tokens" in option life of scimConnections\. Did you mean "token"\? \(/],
    [{ scopes: { users: 1 } }, /^Option scopes of scimConnections must be an object of resource types/],
    [{ on: { 'connection.create': () => undefined } }, /Did you mean "connection\.created"\?/],
    [{ on: [{ error: true }] }, /^Option on\[0\]\.error of scimConnections must be a function, got boolean\. \(/],
    [{ on: 'all' }, /^Option on of scimConnections must be an object of hooks/],
    [{ federation: [] }, /^Option federation of scimConnections must be an object, got array\. \(/],
    [{ unheard: 1 }, /Unknown option "unheard"/],
    [{ cachetime: 1 }, /Did you mean "cacheTime"\?/],
  ])('%j is refused at start', (options, told) => {
    expect(() => connectionsOf(options as object)).toThrow(told)
  })

  test('[P-7.4-01] tokens are for TLS alone: http is a URL of this machine', () => {
    for (const url of [
      'http://localhost:3000',
      'http://127.0.0.1:3000/scim',
      'http://[::1]:3000/scim',
      'https://a.example',
    ]) {
      expect(() => connectionsOf({ url })).not.toThrow()
    }
    for (const host of ['app.example', 'localhost.app.example', '127.0.0.1.app.example', '128.0.0.1']) {
      expect(() => connectionsOf({ url: `http://${host}/scim/v2` })).toThrow(/^Option url must begin with https/)
    }
  })

  test('a rate below what Entra ID needs warns', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    connectionsOf({ rateLimit: { perConnection: { rate: 24, burst: 100 } } })
    expect(warning).toHaveBeenCalledWith(expect.stringMatching(/below 25 a second/), { code: 'SCIM_RATE_LIMIT' })
    warning.mockRestore()
  })

  test('an event whose hook fails is told to error, and the others go on', async () => {
    const told: unknown[] = []
    const on = [
      {
        'connection.created': () => Promise.reject(new Error('first')),
        error: (error: unknown) => told.push(String(error)),
      },
      { 'connection.created': () => told.push('second') },
    ]
    const connections = scimConnections({ store: memoryStore(), secret: SECRET, url: 'https://app.example', on })
    await connections.create(acme)
    await new Promise(setImmediate)
    expect(told).toEqual(['second', 'Error: first'])
  })
})

// Every call that names a connection, made by a person of another tenant.
type Call = (
  connections: Connections,
  place: { tenant: never; id: string; by: string },
  credential: string,
) => Promise<unknown>
const CALLS: Readonly<Record<string, Call>> = {
  get: (connections, place) => connections.get(place),
  update: (connections, place) => connections.update({ ...place, name: 'mine' }),
  rotate: (connections, place) => connections.rotate(place),
  revoke: (connections, place) => connections.revoke(place),
  'revoke of one': (connections, place, credential) => connections.revoke({ ...place, credential }),
  startTest: (connections, place) => connections.startTest({ ...place, people: ['anna'] }),
  endTest: (connections, place) => connections.endTest(place),
  record: (connections, place) => connections.record(place),
  stopRecording: (connections, place) => connections.stopRecording(place),
  pause: (connections, place) => connections.pause(place),
  resume: (connections, place) => connections.resume(place),
  close: (connections, place) => connections.close(place),
  invite: (connections, place) => connections.invite(place),
  uninvite: (connections, place, invitation) => connections.uninvite({ ...place, invitation }),
}

// Calls that name no connection: functions for the router, calls that make a connection, calls for a whole tenant or a
// token.
const NAME_NONE = [
  'endpoint',
  'metadata',
  'baseUrl',
  'create',
  'import',
  'list',
  'export',
  'forget',
  'describe',
  'migrate',
]
const BY_TOKEN = ['reportLeak', 'invitation']

describe('tenants', () => {
  test('every call that there is stands here', () => {
    const calls = Object.entries(connectionsOf().connections).filter(([, call]) => typeof call === 'function')
    const known = [...Object.keys(CALLS), ...NAME_NONE, ...BY_TOKEN]
    expect(calls.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([])
  })

  test.each(Object.entries(CALLS))(
    '%s: a connection of another tenant is unknown, and stays as it is',
    async (name, call) => {
      const store = memoryStore()
      const { connections, events } = connectionsOf({ store })
      const { connection } = await connections.create(acme)
      const stored = await store.get('acme', connection.id)
      events.length = 0
      const answer = call(
        connections,
        { tenant: 'globex' as never, id: connection.id, by },
        connection.credentials[0]?.id as string,
      )
      if (name === 'get') expect(await answer).toBeUndefined()
      else await expect(answer).rejects.toMatchObject({ code: 'unknown' })
      expect(await store.get('acme', connection.id)).toEqual(stored)
      expect(events).toEqual([])
      expect(await connections.list({ tenant: 'globex' })).toEqual([])
    },
  )

  test.each(Object.entries(CALLS))('%s: an absent tenant is a mistake and never all of them', async (_name, call) => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create(acme)
    for (const tenant of [undefined, null, '', 0, [], {}, Symbol('all'), 'a\0b']) {
      await expect(call(connections, { tenant: tenant as never, id: connection.id, by }, 'x')).rejects.toMatchObject({
        code: 'ERR_SCIM_TENANT',
      })
    }
  })

  test('create, import and list want one, too', async () => {
    const { connections } = connectionsOf()
    for (const tenant of [undefined, null, '', 0, [], {}, Symbol('all'), ALL_TENANTS] as never[]) {
      await expect(connections.create({ ...acme, tenant })).rejects.toMatchObject({ code: 'ERR_SCIM_TENANT' })
      await expect(connections.import({ ...acme, tenant, token: 'a'.repeat(40) })).rejects.toMatchObject({
        code: 'ERR_SCIM_TENANT',
      })
      if (tenant !== ALL_TENANTS)
        await expect(connections.list({ tenant })).rejects.toMatchObject({ code: 'ERR_SCIM_TENANT' })
    }
  })

  test('ALL_TENANTS is everybody’s, in the order of tenants, over many pages', async () => {
    const { connections } = connectionsOf()
    for (let index = 0; index < 205; index += 1) await connections.create({ ...acme, tenant: `t${index % 3}` })
    const all = await connections.list({ tenant: ALL_TENANTS })
    expect(all).toHaveLength(205)
    expect(new Set(all.map(({ id }) => id)).size).toBe(205)
    expect(all.map(({ tenant }) => tenant)).toEqual([...all.map(({ tenant }) => tenant)].sort())
    const [first] = all
    expect(await connections.get({ tenant: ALL_TENANTS, id: first?.id as string })).toEqual(first)
  })

  test('nobody does anything without a name', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create(acme)
    await expect(connections.create({ ...acme, by: '' })).rejects.toThrow(/Option by/)
    await expect(connections.pause({ tenant: 'acme', id: connection.id, by: undefined as never })).rejects.toThrow(
      /Option by/,
    )
  })
})

describe('states', () => {
  test('paused says what the identity provider makes of it, and goes on', async () => {
    const it = await service()
    const { token, connection } = await it.connections.create(acme)
    await get(it, token)
    const place = { tenant: 'acme', id: connection.id, by }
    const { consequence, connection: paused } = await it.connections.pause({ ...place, reason: 'audit' })
    expect(consequence).toMatch(/quarantine.*four weeks/)
    expect(paused).toMatchObject({ state: 'paused', paused: { by, reason: 'audit' } })
    expect(await it.connections.resume(place)).toMatchObject({ state: 'active', paused: undefined })
    expect(it.events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['connection.paused', 'connection.resumed']),
    )
  })

  test('closed is for good', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    expect(await connections.close(place)).toMatchObject({ state: 'closed', closed: { by } })
    for (const call of [
      connections.rotate,
      connections.resume,
      connections.pause,
      connections.endTest,
      connections.update,
      connections.invite,
      connections.close,
    ]) {
      await expect(call(place)).rejects.toMatchObject({ code: 'closed' })
    }
  })

  test('an update changes what it names', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create({ ...acme, scopes: ['users'], compatibility: 'strict' })
    const place = { tenant: 'acme', id: connection.id, by }
    expect(await connections.update({ ...place, name: 'Entra of Acme' })).toMatchObject({
      name: 'Entra of Acme',
      provider: 'entra',
      scopes: ['users'],
      compatibility: 'strict',
    })
    expect(await connections.update({ ...place, scopes: null, compatibility: null })).toMatchObject({
      scopes: undefined,
      compatibility: undefined,
    })
  })
})

describe('leaks and invitations', () => {
  test('a token that was found is revoked, whoever reports it', async () => {
    const it = await service({ credentials: ['token', 'oauth'] })
    const { token = '', connection } = await it.connections.create(acme)
    const imported = 'c'.repeat(40)
    await it.connections.import({ ...acme, token: imported })
    const { clientSecret = '' } = await it.connections.create({ ...acme, method: 'oauth' })
    const foreign = (await connectionsOf().connections.create(acme)).token ?? ''
    const reports = [token, imported, clientSecret, token, foreign, 'nonsense', `${token.slice(0, -1)}_`]
    const found = []
    for (const report of reports) found.push(await it.connections.reportLeak(report))
    expect(found).toEqual([true, true, true, false, false, false, false])
    expect([await get(it, token), await get(it, imported)]).toEqual([401, 401])
    expect(
      it.events.filter(({ name, connection: id }) => name === 'credential.leaked' && id === connection.id),
    ).toHaveLength(1)
  })

  test('an access token that was found ends, with all others of its secret; the secret stays', async () => {
    const it = await service({ credentials: ['oauth'] })
    const made = await it.connections.create(acme)
    const tokens = async () => (await askForTokens(it, made, [])).access
    const [found, other] = [await tokens(), await tokens()]
    expect([await get(it, found), await get(it, other)]).toEqual([200, 200])
    expect(await it.connections.reportLeak(`${found.slice(0, -1)}_`)).toBe(false)
    expect(await it.connections.reportLeak(found)).toBe(true)
    expect([await get(it, found), await get(it, other)]).toEqual([401, 401])
    expect(await it.connections.reportLeak(found)).toBe(false)
    expect(it.events.map(({ name }) => name)).toContain('credential.leaked')
    expect(it.events.map(({ name }) => name)).not.toContain('credential.revoked')
    expect(await get(it, await tokens())).toBe(200)
  })

  test('an invitation that was found is taken back', async () => {
    const it = connectionsOf()
    const { token } = await it.connections.invite(acme)
    const foreign = (await connectionsOf().connections.invite(acme)).token
    const found = []
    for (const report of [foreign, token, token]) found.push(await it.connections.reportLeak(report))
    expect(found).toEqual([false, true, false])
    expect(await it.connections.invitation(token)).toBeUndefined()
    expect(it.events.map(({ name }) => name).slice(-2)).toEqual(['credential.leaked', 'invitation.revoked'])
  })

  test('an invitation opens one connection, for its time, until it is taken back', async () => {
    const it = connectionsOf()
    const made = await it.connections.invite(acme)
    expect(made.token).toMatch(/^scimin_/)
    expect(made.expires).toEqual(new Date(START + 3 * DAY))
    expect(await it.connections.invitation(made.token)).toMatchObject({
      tenant: 'acme',
      connection: { id: made.connection.id, state: 'new' },
      can: ['credentials'],
    })
    it.clock.time += 3 * DAY
    expect(await it.connections.invitation(made.token)).toBeUndefined()
    const place = { tenant: 'acme', id: made.connection.id, by }
    const again = await it.connections.invite({ ...place, expires: '1h' })
    expect(await it.connections.invitation(again.token)).toBeDefined()
    await it.connections.uninvite({ ...place, invitation: again.invitation })
    expect(await it.connections.invitation(again.token)).toBeUndefined()
    const { token = '' } = await it.connections.rotate(place)
    for (const other of [token, again.token.slice(0, -1), '', undefined as never])
      expect(await it.connections.invitation(other)).toBeUndefined()
    const last = await it.connections.invite(place)
    await it.connections.close(place)
    expect(await it.connections.invitation(last.token)).toBeUndefined()
  })
})

/** Asks the token endpoint with a good secret, a wrong one and an assertion. */
async function askForTokens(it: Service, { clientId = '', clientSecret = '' }: MadeCredential, answers: unknown[]) {
  const ask = async (given: Readonly<Record<string, string>>): Promise<string> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, ...given })
    const response = await fetch(`${it.app.base}/oauth/token`, { method: 'POST', body })
    return response.text()
  }
  const { access_token: access } = JSON.parse(await ask({ client_secret: clientSecret })) as { access_token: string }
  const assertion = `${'a'.repeat(40)}.${'b'.repeat(40)}.${'c'.repeat(40)}`
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  answers.push(await ask({ client_secret: 'f'.repeat(40) }))
  answers.push(await ask({ client_assertion_type: type, client_assertion: assertion }))
  return { access, assertion }
}

describe('secrets', () => {
  test('stand in the one answer that makes them, and in nothing else: no view, event, report or row', async () => {
    const store = memoryStore()
    const it = await service({ store, credentials: ['token', 'oauth'] })
    const made = await it.connections.create(acme)
    const oauth = await it.connections.create({ ...acme, method: 'oauth' })
    const invited = await it.connections.invite(acme)
    const place = { tenant: 'acme', id: made.connection.id, by }
    await get(it, made.token)
    const rotated = await it.connections.rotate(place)
    const imported = 'd'.repeat(40)
    await it.connections.import({ ...acme, token: imported })
    await get(it, imported)
    await get(it, `${made.token}x`)
    const unknown = 'e'.repeat(40)
    const answers: unknown[] = [
      await it.client(unknown).get('/Users'),
      await it.client(oauth.clientSecret).get('/Users'),
    ]
    const { access, assertion } = await askForTokens(it, oauth, answers)
    answers.push(await it.client(access, made.connection.id).get('/Users'))
    await it.connections.pause(place)
    answers.push(await it.client(rotated.token).get('/Users'))
    const refusals = await Promise.allSettled([
      it.connections.import({ ...acme, token: imported }),
      it.connections.import({ ...acme, token: imported.slice(0, 20) }),
      it.connections.rotate({ ...place, overlap: made.token as never }),
      it.connections.create({ ...acme, method: oauth.clientSecret as never }),
    ])
    const exported = []
    for await (const row of it.connections.export({ tenant: 'acme', by })) exported.push(row)
    const secrets = [
      ...[made.token, oauth.clientSecret, invited.token, rotated.token, access, assertion, imported, unknown].map(
        (text = '') => text.slice(-40, -6),
      ),
      SECRET,
    ]
    const { rows } = { rows: await store.list({ tenant: undefined, after: undefined, count: 100 }) }
    const digests = rows.flatMap(({ data }) =>
      [...data.matchAll(/"(?:digest|salt)":"(\w+)"/g)].map(([, digest = '']) => digest),
    )
    expect(digests.length).toBeGreaterThan(4)
    await it.lastReport()
    const views = JSON.stringify([
      await it.connections.list({ tenant: 'acme' }),
      await it.connections.describe(),
      await it.connections.invitation(invited.token),
      [made.connection, rotated.connection, oauth.connection],
      it.events,
      it.errors.map(String),
      it.reports,
      it.reports.map((report) => explain(report as never)),
      answers,
      refusals.map((result) => (result.status === 'rejected' ? String(result.reason) : '')),
      exported,
    ])
    for (const secret of [...secrets, ...digests]) expect(views).not.toContain(secret)
    for (const secret of secrets) expect(JSON.stringify(rows)).not.toContain(secret)
  })
})

test('check characters are those of CRC-32, and numbers in base 62 come back', () => {
  // The check value of the algorithm, as catalogues of CRCs have it.
  expect(crc32('123456789')).toBe(0xcbf43926)
  for (const value of [0, 61, 62, 0xffffffff, 1_800_000_000]) expect(readNumber(numberText(value, 7))).toBe(value)
})
