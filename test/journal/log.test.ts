import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import {
  type HookContext,
  type RequestReport,
  ScimError,
  type ScimRouter,
  type ScimRouterOptions,
  scimRouter,
} from '../../src/index.js'
import {
  ALL_TENANTS,
  type Journal,
  type JournalOptions,
  journal,
  type LogEntry,
  type LogStore,
  memoryLog,
} from '../../src/journal/index.js'
import { HmacKey } from '../../src/journal/shared/hmac-key.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach } from '../rfc7644/service.js'
import { type App, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const SECRET = 'journal-test-secret-of-32-characters'
const user = (userName: string, rest: object = {}) => ({ schemas: [USER], userName, ...rest })
const where = (filter: string): string => `/Users?filter=${encodeURIComponent(filter)}`

type ScimClient = ReturnType<ScimRouter['as']>

const closed = closedAfterEach()
let time = Date.now()
beforeEach(() => {
  time = Date.now()
})

function newJournal(options: Partial<JournalOptions> = {}): Journal {
  return journal({ store: memoryLog(), secret: SECRET, now: () => time, ...options })
}

function start(log: Journal, options: Partial<ScimRouterOptions> = {}): Promise<App> {
  const { users, groups } = memoryAdapters()
  return closed(
    startApp({
      resources: { User: { adapter: users }, Group: { adapter: groups } },
      authenticate: () => ({ tenant: 'acme', subject: 'okta-1' }),
      on: log.hooks,
      ...options,
    }),
  )
}

async function entriesOf(log: Journal, tenant = 'acme'): Promise<readonly LogEntry[]> {
  await hooksCalled()
  await log.flush()
  return (await log.page({ tenant })).entries
}

describe('the log', () => {
  test('tells what was done, for whom and by which connection', async () => {
    const log = newJournal()
    const app = await start(log)
    const { body, headers } = await app.scim.post('/Users', user('anna'), { headers: { 'user-agent': 'Okta SCIM' } })
    expect(await entriesOf(log)).toEqual([
      expect.objectContaining({
        id: headers.get('x-request-id'),
        tenant: 'acme',
        connection: 'okta-1',
        method: 'POST',
        path: '/Users',
        status: 201,
        code: '',
        action: 'create',
        resourceType: 'User',
        resourceId: body.id,
        changes: { attributes: expect.arrayContaining(['userName']), members: undefined },
        provider: 'okta',
        times: 1,
      }),
    ])
  })

  test('an identity of a connection is told by the id of the connection', async () => {
    const log = newJournal()
    const connection = { id: 'c-7', provider: 'entra', name: 'Entra' }
    const app = await start(log, { authenticate: () => ({ tenant: 'acme', subject: 's', connection }) })
    await app.scim.get('/Users')
    expect((await entriesOf(log))[0]?.connection).toBe('c-7')
  })

  test('holds nothing of what a client may have sent about people', async () => {
    const log = newJournal()
    const app = await start(log, {
      validate: ({ action }) => {
        if (action === 'create') throw ScimError.invalidValue('plant@secret.example is not of a verified domain')
      },
    })
    const plant = 'plant@secret.example'
    await app.scim.get(`/Users/${plant}`)
    await app.scim.get(`/Users/plant/secret.example`)
    await app.scim.get(`/${plant}`)
    await app.scim.get(`/Users?sortBy=${plant}&attributes=${plant}&${plant}=1`)
    await app.scim.get(where(`userName eq "${plant}"`))
    await app.scim.get(where(plant))
    await app.scim.get(where(`${plant} eq ${plant}`))
    await app.scim.post('/Users', user(plant, { externalId: plant }))
    await app.scim.post('/Users', user(plant, { active: plant, [plant]: plant }))
    await app.scim.post('/Users', `{"userName":"${plant}"`)
    await app.scim.patch(`/Users/${plant}`, { Operations: [{ op: plant, path: plant, value: plant }] })
    await app.scim.put(`/Users/${plant}`, user(plant))
    await app.scim.post('/Groups', { displayName: plant, members: [{ value: plant }] })
    await app.scim.post('/Bulk', { Operations: [{ method: 'DELETE', path: `/Users/${plant}` }, { method: plant }] })
    await app.scim.post('/Users/.search', { filter: `userName eq "${plant}"` })
    const entries = await entriesOf(log)
    expect(entries.length).toBeGreaterThan(10)
    expect(inspect(entries, { depth: 9, maxArrayLength: null })).not.toMatch(/plant|secret\.example/i)
    expect(entries.map(({ path }) => path)).toContain('/Users/<not an id>')
  })

  test('texts of the library are kept without what they quote', async () => {
    const log = newJournal()
    const app = await start(log)
    await app.scim.post('/Users', { schemas: [USER] })
    await app.scim.post('/Users', '{bad')
    expect((await entriesOf(log)).map(({ text }) => text)).toEqual([
      'The body is not JSON.',
      'Attribute "…" is missing.',
    ])
  })

  test('a person is found by userName or externalId, in any letter case, of refused requests too, in their tenant alone', async () => {
    const log = newJournal()
    const app = await start(log)
    const other = await start(log, { authenticate: () => ({ tenant: 'other' }) })
    await app.scim.post('/Users', user('Anna', { externalId: 'e-1' }))
    await app.scim.post('/Users', user('anna', { active: 'perhaps' }))
    await app.scim.get(where('userName eq "ANNA"'))
    await app.scim.post('/Users', user('berta'))
    await other.scim.post('/Users', user('anna'))
    await hooksCalled()
    await log.flush()
    const found = async (tenant: string, person: string) =>
      (await log.page({ tenant, person })).entries.map(({ method, status }) => [method, status])
    expect(await found('acme', 'anna')).toEqual([
      ['GET', 200],
      ['POST', 400],
      ['POST', 201],
    ])
    expect(await found('acme', 'e-1')).toEqual([['POST', 201]])
    expect(await found('other', 'anna')).toEqual([['POST', 201]])
    expect(await found('other', 'berta')).toEqual([])
    const [one] = (await log.page({ tenant: 'acme', person: 'e-1' })).entries
    const [two] = (await log.page({ tenant: 'other', person: 'anna' })).entries
    expect(one?.persons).toHaveLength(2)
    expect(one?.persons).not.toEqual(expect.arrayContaining([...(two?.persons ?? [])]))
  })

  test('what the host does to a report later changes no entry', async () => {
    const log = newJournal()
    const spoil = (report: RequestReport): void => {
      const { time, tolerances, tolerated, changes } = report
      time.setFullYear(1970)
      for (const list of [tolerances, tolerated, changes?.attributes]) {
        if (list !== undefined && !Object.isFrozen(list)) Object.assign(list, { length: 0 })
      }
    }
    const app = await start(log, { on: [log, { request: spoil }] })
    await app.scim.post('/Users', user('anna', { nickname: 'a', unknown: 1 }))
    const [entry] = await entriesOf(log)
    expect(entry?.time.getFullYear()).toBeGreaterThan(2000)
    expect(entry?.tolerances.length).toBeGreaterThan(0)
    expect(entry?.tolerated.length).toBeGreaterThan(0)
    expect(entry?.changes?.attributes).toContain('userName')
  })

  test('a store keeps what it got while more requests are counted in the entry', async () => {
    const got: LogEntry[] = []
    const log = newJournal({ store: { ...memoryLog(), append: async (entries) => void got.push(...entries) } })
    const app = await start(log)
    for (let round = 1; round <= 3; round += 1) {
      for (let times = 0; times < 2; times += 1) await app.scim.get(where('userName eq "nobody"'))
      await hooksCalled()
      await log.flush()
    }
    expect(got.map(({ times }) => times)).toEqual([2, 4, 6])
    expect(new Set(got.map(({ key }) => key)).size).toBe(1)
    expect(got.map(({ persons }) => persons)).toEqual(Array.from({ length: 3 }, () => got[0]?.persons))
    expect(got[0]?.persons).toHaveLength(1)
  })

  test('the memory counts a further poll in its entry at once, and a page that was read before stays as it was', async () => {
    const log = newJournal()
    const app = await start(log)
    const poll = () => app.scim.get(where('userName eq "nobody"'))
    await poll()
    const [before] = await entriesOf(log)
    await poll()
    await hooksCalled()
    const [after] = (await log.page({ tenant: 'acme' })).entries
    expect([before?.times, after?.times]).toEqual([1, 2])
    expect(after).toMatchObject({ key: before?.key, id: before?.id, time: before?.time, persons: before?.persons })
    expect(Number(after?.last)).toBeGreaterThanOrEqual(Number(before?.last))
  })

  test('a poll that is counted in an entry which the memory has removed brings the entry back', async () => {
    const log = newJournal({ days: 1 / 1_440 })
    const app = await start(log)
    const poll = () => app.scim.get(where('userName eq "nobody"'))
    await poll()
    expect(await entriesOf(log)).toHaveLength(1)
    time += 120_000
    expect(await log.prune()).toBe(1)
    expect(await entriesOf(log)).toHaveLength(0)
    time -= 120_000
    await poll()
    expect((await entriesOf(log)).map(({ times }) => times)).toEqual([2])
  })

  test('a function that takes the place of append gets the entries, also where the store is a memory', async () => {
    const store = memoryLog()
    const got: LogEntry[] = []
    Object.assign(store, { append: async (entries: readonly LogEntry[]) => void got.push(...entries) })
    const log = newJournal({ store })
    const app = await start(log)
    await app.scim.get('/Users')
    expect(await entriesOf(log)).toEqual([])
    expect(got).toHaveLength(1)
  })

  test('many requests in one turn become batches of 200, so that storing them holds nobody up', async () => {
    const sizes: number[] = []
    const append: LogStore['append'] = async (entries) => void sizes.push(entries.length)
    const log = newJournal({ store: { ...memoryLog(), append } })
    const reports: [RequestReport, HookContext][] = []
    const app = await start(log, { on: { request: (report, context) => reports.push([report, context]) } })
    await app.scim.post('/Users', user('anna'))
    await hooksCalled()
    const [first] = reports
    if (first === undefined) throw new Error('Nothing was reported.')
    for (let count = 0; count < 1_000; count += 1) log.hooks.request?.(...first)
    expect(sizes).toEqual([200])
    await log.flush()
    expect(sizes).toEqual([200, 200, 200, 200, 200])
  })

  test('polls are alike only if connection, user agent and result are', async () => {
    const log = newJournal()
    let subject = 'okta-1'
    const app = await start(log, { authenticate: () => ({ tenant: 'acme', subject }) })
    const poll = (agent: string) => app.scim.get(where('userName eq "nobody"'), { headers: { 'user-agent': agent } })
    for (const agent of ['a', 'b', 'a', 'b']) await poll(agent)
    subject = 'okta-2'
    await poll('a')
    await app.scim.post('/Users', user('nobody'))
    await poll('a')
    await app.scim.get(where('externalId eq "nobody"'))
    for (let n = 0; n < 12; n += 1) await poll(`agent ${n}`)
    const entries = await entriesOf(log)
    expect(entries.filter(({ method }) => method === 'GET').map(({ times }) => times)).toEqual([
      ...Array.from({ length: 12 }, () => 1),
      ...[1, 1, 1, 2, 2],
    ])
  })

  test.each([
    ['a short one', 'anna'],
    ['the empty one', ''],
    ['one beyond ASCII', 'Änne\u{1f600}\ud800'],
    ['the longest one without an object', 'x'.repeat(400)],
    ['a longer one', 'ü'.repeat(401)],
  ])('HMACs of texts are those of createHmac: %s', (_, text) => {
    const bytes = randomBytes(32)
    const key = new HmacKey(bytes)
    for (const each of [text, 'between', text]) {
      expect(key.of(each)).toBe(createHmac('sha256', bytes).update(each).digest('hex'))
    }
  })

  test('a person is found under the old secret while it is changed', async () => {
    const store = memoryLog()
    const old = newJournal({ store })
    await (await start(old)).scim.post('/Users', user('anna'))
    await hooksCalled()
    await old.flush()
    const changed = newJournal({ store, secret: `${'n'.repeat(32)}, ${SECRET}` })
    expect((await changed.page({ tenant: 'acme', person: 'anna' })).entries).toHaveLength(1)
    const replaced = newJournal({ store, secret: 'n'.repeat(32) })
    expect((await replaced.page({ tenant: 'acme', person: 'anna' })).entries).toHaveLength(0)
  })

  test('equal polls are one entry that counts them; a test of the connection stays for itself', async () => {
    const log = newJournal()
    const app = await start(log)
    for (let times = 0; times < 3; times += 1) await app.scim.get(where('userName eq "nobody"'))
    await app.scim.get(where('userName eq "somebody"'))
    for (let times = 0; times < 2; times += 1) await app.scim.get(where(`userName eq "${randomUUID()}"`))
    const entries = await entriesOf(log)
    expect(entries.map(({ times }) => times)).toEqual([1, 1, 1, 3])
    await app.scim.get(where('userName eq "nobody"'))
    expect((await entriesOf(log)).map(({ times }) => times)).toEqual([1, 1, 1, 4])
  })

  test('requests with refused credentials are one entry for each connection and minute, without a text of the client', async () => {
    const log = newJournal()
    const app = await start(log, {
      authenticate: ({ token }) => {
        throw ScimError.unauthorized({ reason: 'expired', tenant: 'acme', subject: token ?? '' })
      },
    })
    const headers = { authorization: 'Bearer c-1', 'user-agent': `evil${'x'.repeat(300)}` }
    for (let times = 0; times < 20; times += 1) await app.scim.get(`/Users/${times}`, { headers })
    await app.scim.get('/Users', { headers: { ...headers, authorization: 'Bearer c-2' } })
    const entries = await entriesOf(log)
    // A minute may end in the middle.
    expect(entries.length).toBeLessThanOrEqual(4)
    const first = entries.filter(({ connection }) => connection === 'c-1')
    expect(first.reduce((sum, { times }) => sum + times, 0)).toBe(20)
    expect(first.at(-1)).toMatchObject({ method: '', path: '', refusal: { reason: 'expired' }, status: 401 })
    expect(first.at(-1)?.userAgent).toHaveLength(100)
    expect(entries[0]).toMatchObject({ connection: 'c-2', times: 1 })
  })

  test('pages go on where the last ended, and are chosen by all that is documented', async () => {
    const log = newJournal()
    const app = await start(log)
    const { body } = await app.scim.post('/Users', user('a'))
    await app.scim.post('/Users', user('a'))
    await app.scim.get(`/Users/${body.id}`)
    await app.scim.delete('/Users/7')
    await hooksCalled()
    await log.flush()
    const methods = async (query: object) =>
      (await log.page({ tenant: 'acme', ...query })).entries.map(({ method }) => method)
    const first = await log.page({ tenant: 'acme', count: 3 })
    expect(first.entries.map(({ method }) => method)).toEqual(['DELETE', 'GET', 'POST'])
    expect(await log.page({ tenant: 'acme', count: 3, before: first.next })).toMatchObject({
      entries: [{ method: 'POST', status: 201 }],
      next: undefined,
    })
    expect(await methods({ after: first.entries[2]?.key })).toEqual(['DELETE', 'GET'])
    expect(await methods({ status: 404 })).toEqual(['DELETE'])
    expect(await methods({ status: { min: 400, max: 499 } })).toEqual(['DELETE', 'POST'])
    expect(await methods({ code: 'uniqueness' })).toEqual(['POST'])
    expect(await methods({ resourceId: body.id })).toEqual(['GET', 'POST'])
    expect(await methods({ connection: 'okta-1' })).toHaveLength(4)
    expect(await methods({ connection: 'other' })).toEqual([])
    expect(await methods({ from: new Date(Date.now() + 60_000) })).toEqual([])
    expect(await methods({ to: new Date(Date.now() - 60_000) })).toEqual([])
    expect(await methods({ tenant: 'other' })).toEqual([])
    expect(await methods({ tenant: ALL_TENANTS })).toHaveLength(4)
  })

  test.each([[undefined], [null], [0], [[]], [{}]])('a page for the tenant %p is refused', async (tenant) => {
    const log = newJournal()
    await expect(log.page({ tenant: tenant as never })).rejects.toThrow('ERR_SCIM_TENANT')
    await expect(log.erase({ tenant: tenant as never })).rejects.toThrow('ERR_SCIM_TENANT')
    await expect(log.page({ tenant: ALL_TENANTS, person: 'anna' })).rejects.toThrow('ERR_SCIM_TENANT')
  })

  test('the ring holds so many entries and loses the oldest', async () => {
    const log = newJournal({ store: memoryLog({ entries: 2 }) })
    const app = await start(log)
    for (const name of ['a', 'b', 'c']) await app.scim.post('/Users', user(name))
    await hooksCalled()
    await log.flush()
    expect((await log.page({ tenant: 'acme', person: 'a' })).entries).toHaveLength(0)
    expect((await log.page({ tenant: 'acme' })).entries).toHaveLength(2)
  })

  test('whoever writes removes what is older than the days', async () => {
    time = Date.now()
    const log = newJournal({ days: 2 })
    const app = await start(log)
    await app.scim.post('/Users', user('a'))
    expect(await entriesOf(log)).toHaveLength(1)
    time += 3 * 86_400_000
    await app.scim.post('/Users', user('b'))
    expect((await entriesOf(log)).length).toBeLessThanOrEqual(1)
    expect((await log.page({ tenant: 'acme', person: 'a' })).entries).toHaveLength(0)
    await log.prune()
  })

  test('entries of a resource, of a person, and all of a tenant are erased', async () => {
    const log = newJournal()
    const app = await start(log)
    const other = await start(log, { authenticate: () => ({ tenant: 'other' }) })
    const { body } = await app.scim.post('/Users', user('a'))
    await app.scim.post('/Users', user('b'))
    await app.scim.post('/Users', user('c'))
    await other.scim.post('/Users', user('a'))
    await hooksCalled()
    expect(await log.erase({ tenant: 'acme', resourceId: body.id })).toBe(1)
    expect(await log.erase({ tenant: 'acme', person: 'B' })).toBe(1)
    expect(await entriesOf(log)).toHaveLength(1)
    expect(await log.erase({ tenant: 'acme' })).toBe(1)
    expect(await entriesOf(log)).toHaveLength(0)
    expect(await entriesOf(log, 'other')).toHaveLength(1)
  })

  test.each([
    ['no store', { store: undefined }, /Option store of journal/],
    ['no secret', { secret: undefined }, /Option secret of journal/],
    ['a short secret', { secret: `${SECRET},short` }, /32 characters or more/],
    ['no days', { days: 0 }, /Option days/],
  ])('%s is a mistake in the set-up', (_, options, message) => {
    expect(() => newJournal(options as never)).toThrow(message)
  })
})

describe('a store of the log that is in trouble', () => {
  const broken = (append: LogStore['append']): LogStore => ({ ...memoryLog(), append })
  const never = new Promise<never>(() => {})

  test.each<[string, LogStore['append']]>([
    ['hangs', () => never],
    ['rejects', async () => Promise.reject(new Error('gone'))],
    [
      'throws',
      () => {
        throw new Error('gone')
      },
    ],
  ])('that %s neither delays, fails nor grows a request', async (_, append) => {
    const log = newJournal({ store: broken(append), onError: () => undefined })
    const { users } = memoryAdapters()
    const scim = scimRouter({ authenticate: () => null, resources: { User: { adapter: users } }, on: [log] })
    const client = scim.as({ tenant: 'acme', actor: 'test' })
    for (let count = 0; count < 250; count += 1) {
      const { status } = await client.request({ method: 'POST', path: '/Users', body: user(`u${count}`) })
      expect(status).toBe(201)
    }
    expect(await scim.settled({ timeout: 1_000 })).toEqual({ pending: 0 })
  })

  test('what finds no room is counted, and whoever runs the service is told once a minute', async () => {
    const told: Error[] = []
    const log = newJournal({ store: broken(() => never), onError: (error) => told.push(error) })
    const scim = scimRouter({
      authenticate: () => null,
      resources: { User: { adapter: memoryAdapters().users } },
      on: [log],
    })
    const client = scim.as({ tenant: 'acme', actor: 'test' })
    for (let count = 0; count < 10_300; count += 1) await client.request({ method: 'GET', path: `/Users/${count}` })
    await scim.settled()
    expect(log.dropped()).toBe(100)
    expect(told).toHaveLength(1)
    expect(told[0]?.message).toMatch(/^The log has lost 1 entries/)
  })

  describe('as time goes by', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    const ask = async (client: ScimClient, count: number, prefix = 'u'): Promise<void> => {
      for (let n = 0; n < count; n += 1) await client.request({ method: 'GET', path: `/Users/${prefix}${n}` })
      await hooksCalled()
    }
    const begin = (store: LogStore): { log: Journal; client: ScimClient; told: Error[] } => {
      const told: Error[] = []
      const log = journal({ store, secret: SECRET, onError: (error) => told.push(error) })
      const resources = { User: { adapter: memoryAdapters().users } }
      const scim = scimRouter({ authenticate: () => null, resources, on: [log] })
      return { log, client: scim.as({ tenant: 'acme', actor: 'test' }), told }
    }
    const sumOf = async (log: Journal): Promise<number> =>
      (await log.page({ tenant: 'acme', count: 1_000 })).entries.length

    test('nothing is lost while there is room, and the store is asked after pauses that grow', async () => {
      const store = memoryLog()
      let isGone = true
      let attempts = 0
      const append: LogStore['append'] = (entries) => {
        attempts += 1
        return isGone ? Promise.reject(new Error('gone')) : store.append(entries)
      }
      const { log, client, told } = begin({ ...store, append })
      for (let second = 0; second < 60; second += 1) {
        await ask(client, 10, `s${second}u`)
        await jest.advanceTimersByTimeAsync(1_000)
      }
      expect(attempts).toBeLessThan(12)
      expect(log.dropped()).toBe(0)
      expect(told).toEqual([expect.objectContaining({ cause: new Error('gone') })])
      isGone = false
      await jest.advanceTimersByTimeAsync(10_000)
      expect(await sumOf(log)).toBe(600)
      expect(log.dropped()).toBe(0)
    })

    test('one entry that the store does not take is lost alone', async () => {
      const store = memoryLog()
      const append: LogStore['append'] = (entries) =>
        entries.some(({ method }) => method === 'DELETE') ? Promise.reject(new Error('no')) : store.append(entries)
      const { log, client } = begin({ ...store, append })
      await ask(client, 150)
      await client.request({ method: 'DELETE', path: '/Users/7' })
      await ask(client, 100, 'later')
      await jest.advanceTimersByTimeAsync(30_000)
      expect(await sumOf(log)).toBe(250)
      expect(log.dropped()).toBe(1)
    })

    test('a store that hangs has three attempts at work at most, and gets the rest when it is back', async () => {
      const store = memoryLog()
      const hanging: (() => void)[] = []
      let isBack = false
      const append: LogStore['append'] = (entries) =>
        isBack ? store.append(entries) : new Promise((resolve) => hanging.push(resolve))
      const { log, client, told } = begin({ ...store, append })
      await ask(client, 250)
      await jest.advanceTimersByTimeAsync(10 * 60_000)
      expect(hanging).toHaveLength(3)
      expect(told[0]?.cause).toEqual(new Error('The store of the log has not answered for 10000 ms.'))
      isBack = true
      for (const end of hanging) end()
      await jest.advanceTimersByTimeAsync(10_000)
      expect(await sumOf(log)).toBe(250)
      expect(log.dropped()).toBe(0)
    })

    test('a step of removing that hangs holds nothing up', async () => {
      const { log, client } = begin({ ...memoryLog(), prune: () => never })
      for (let second = 0; second < 5; second += 1) {
        await ask(client, 10, `s${second}u`)
        await jest.advanceTimersByTimeAsync(1_100)
        expect(await sumOf(log)).toBe((second + 1) * 10)
      }
    })

    test('steps of removing come once a minute, also if the clock is set back', async () => {
      let steps = 0
      const prune: LogStore['prune'] = async () => {
        steps += 1
        return 0
      }
      const { client } = begin({ ...memoryLog(), prune })
      const second = async (): Promise<void> => {
        await ask(client, 1)
        await jest.advanceTimersByTimeAsync(1_000)
      }
      for (let n = 0; n < 30; n += 1) await second()
      expect(steps).toBe(1)
      jest.setSystemTime(Date.now() - 86_400_000)
      for (let n = 0; n < 35; n += 1) await second()
      expect(steps).toBe(2)
    })
  })
})
