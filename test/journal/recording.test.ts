import type { Exchange, Identity, ScimRouterOptions } from '../../src/index.js'
import {
  type Journal,
  journal,
  type LoggedExchange,
  type LogStore,
  memoryLog,
  sqlLog,
} from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { sqliteDatabase } from '../../src/sqlite/index.js'
import { type App, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { sqliteInMemory } from '../support/sqlite-file.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const TOKEN = 'token-that-nobody-may-see-0123456789'
const PLANT = 'pl4nted-S3cret'
const PASSWORD = 'my-pl4in-Passw0rd'

const RECORDED = { tenant: 'acme', subject: 'c-1', record: { until: new Date(Date.now() + 3_600_000) } }

interface Recording {
  readonly app: App
  /** The id of a user. */
  readonly id: string
  readonly told: Exchange[]
  /** The reports of one request since the last call. */
  readonly last: () => Promise<Exchange>
  /** Forgets the reports. */
  readonly dropped: () => Promise<void>
}

/** A service whose client is recorded. */
async function recorded(options: Partial<ScimRouterOptions> = {}): Promise<Recording> {
  const told: Exchange[] = []
  const { users, groups } = memoryAdapters()
  const app = await startApp({
    authenticate: () => RECORDED,
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    on: { exchange: (exchange) => told.push(exchange) },
    ...options,
  })
  const { body } = await app.scim.post('/Users', { schemas: [USER], userName: 'anna@corp.example' })
  const dropped = async (): Promise<void> => {
    await hooksCalled()
    told.length = 0
  }
  await dropped()
  const last = async (): Promise<Exchange> => {
    await hooksCalled()
    expect(told).toHaveLength(1)
    return told.pop() as Exchange
  }
  return { app, id: body?.id, told, last, dropped }
}

/** One recording for all tests of a describe. */
function sharedRecording(values: boolean): Recording {
  let it: Recording
  beforeAll(async () => {
    it = await recorded({ authenticate: () => ({ ...RECORDED, record: { ...RECORDED.record, values } }) })
  })
  afterAll(() => it.app.close())
  return {
    get app() {
      return it.app
    },
    get id() {
      return it.id
    },
    get told() {
      return it.told
    },
    last: () => it.last(),
    dropped: () => it.dropped(),
  }
}

const headers = { authorization: `Bearer ${TOKEN}` }
const where = (filter: string): string => `/Users?filter=${encodeURIComponent(filter)}`
const patch = (...Operations: readonly object[]) => ({ schemas: [PATCH], Operations })
const user = (rest: object) => ({ schemas: [USER], userName: 'new@corp.example', ...rest })

interface To {
  readonly scim: App['scim']
  readonly id: string
}

// Only recordings with `values` show the values of attributes; PLANT stands where even they may not show it.
const never: readonly (readonly [form: string, send: (to: To) => Promise<unknown>])[] = [
  ['a password', ({ scim }) => scim.post('/Users', user({ password: PASSWORD }), { headers })],
  [
    // Without userName the request is refused, so that no answer repeats it.
    'a password that other attributes repeat',
    ({ scim }) => scim.post('/Users', { schemas: [USER], title: `is ${PASSWORD}`, password: PASSWORD }, { headers }),
  ],
  [
    'what the schema does not know: attributes, extensions, names',
    ({ scim }) => scim.post('/Users', user({ ssn: PLANT, 'urn:corp:hr': { ssn: PLANT }, Passwort: PLANT, [PLANT]: 1 })),
  ],
  ['unknown sub-attributes', ({ scim }) => scim.post('/Users', user({ name: { givenName: 'A', secret: PLANT } }))],
  [
    'dotted keys',
    ({ scim }) =>
      scim.post('/Users', user({ 'password.value': PLANT, 'name.secret': PLANT, [`${USER}:Password`]: PLANT })),
  ],
  [
    'JSON in a text',
    ({ scim, id }) =>
      scim.patch(`/Users/${id}`, patch({ op: 'replace', value: JSON.stringify({ password: PASSWORD, ssn: PLANT }) })),
  ],
  [
    'JSON in the value of a list, and what only looks like JSON',
    ({ scim, id }) => {
      const values = [{ value: JSON.stringify({ value: 'r', secret: PLANT }) }, { value: `{"password": "${PLANT}"` }]
      return scim.patch(`/Users/${id}`, patch({ op: 'add', path: 'roles', value: values }))
    },
  ],
  ['broken JSON', ({ scim }) => scim.post('/Users', `{"password": "${PLANT}", oops}`)],
  ['a filter', ({ scim }) => scim.get(where(`password eq "${PLANT}" or ssn eq "${PLANT}" or ${PLANT} pr`))],
  ['a filter that cannot be read', ({ scim }) => scim.get(where(`userName equals "${PLANT}"`))],
  [
    'other parameters of the query',
    ({ scim }) => scim.get(`/Users?access_token=${PLANT}&sortBy=${PLANT}&cursor=${PLANT}`),
  ],
  [
    'paths of a PATCH',
    ({ scim, id }) => {
      const operations = [
        { op: 'replace', path: 'password', value: PASSWORD },
        { op: 'replace', path: `emails[secret eq "${PLANT}"].value`, value: 'x@y.z' },
        { op: 'replace', path: PLANT, value: PLANT },
        { op: PLANT, path: `"${PLANT}`, value: PLANT },
      ]
      return scim.patch(`/Users/${id}`, patch(...operations))
    },
  ],
  [
    '.search',
    ({ scim }) => {
      const filter = `password eq "${PLANT}"`
      return scim.post('/Users/.search', {
        schemas: [SEARCH],
        filter,
        sortBy: PLANT,
        attributes: [PLANT],
        secret: PLANT,
      })
    },
  ],
  [
    'Bulk',
    ({ scim, id }) => {
      const Operations = [
        {
          method: 'POST',
          path: '/Users',
          bulkId: PLANT,
          data: user({ userName: 'b', password: PASSWORD, ssn: PLANT }),
        },
        { method: 'PATCH', path: `/Users/${id}`, data: patch({ op: 'replace', path: 'password', value: PASSWORD }) },
        { method: 'POST', path: `/${PLANT}`, data: { secret: PLANT } },
        { method: PLANT, path: '/Users', data: PLANT },
      ]
      return scim.post('/Bulk', { schemas: [BULK], Operations, secret: PLANT })
    },
  ],
  ['a path that leads nowhere', ({ scim }) => scim.get(`/${PLANT}/${PLANT}/${PLANT}`)],
  [
    'a media type',
    ({ scim }) => scim.post('/Users', user({}), { headers: { 'content-type': `application/${PLANT}` } }),
  ],
  [
    'the token itself',
    ({ scim }) => scim.post('/Users', user({ displayName: TOKEN, nickName: `x ${TOKEN}` }), { headers }),
  ],
]

describe('what a recording never shows', () => {
  describe.each([false, true])('with values: %s', (values) => {
    const it = sharedRecording(values)

    test.each(never)('a secret in %s', async (_, send) => {
      await send({ scim: it.app.scim, id: it.id })
      const exchange = await it.last()
      const text = JSON.stringify(exchange)
      expect(text).not.toContain(PLANT)
      expect(text).not.toContain(PASSWORD)
      expect(text).not.toContain(TOKEN)
      expect(text).toMatch(/\[(?:hidden|unknown|text|filter|path)|broken":\{/)
    })

    test('the rest of a password that begins with another one', async () => {
      const Operations = [PASSWORD.slice(0, 5), PASSWORD].map((password, index) => {
        const data = { schemas: [USER], title: `is ${PASSWORD}`, password }
        return { method: 'POST', path: '/Users', bulkId: String(index), data }
      })
      await it.app.scim.post('/Bulk', { schemas: [BULK], Operations })
      expect(JSON.stringify(await it.last())).not.toContain(PASSWORD.slice(5))
    })

    test('a secret in a long text that is cut', async () => {
      const title = `${'x'.repeat(492)}${PASSWORD}`
      await it.app.scim.post('/Users', { schemas: [USER], title, password: PASSWORD })
      expect(JSON.stringify(await it.last())).not.toContain(PASSWORD.slice(0, 6))
    })
  })
})

describe('what a recording shows', () => {
  const it = sharedRecording(false)
  const withValues = sharedRecording(true)
  const body = user({
    name: { givenName: 'Anna' },
    active: true,
    emails: [{ value: 'anna@corp.example', type: 'work' }],
    [ENTERPRISE]: { department: 'Sales', costCenter: 4 },
  })

  test('names, types and lengths; words of the schema as they are', async () => {
    const { headers: answered } = await it.app.scim.post('/Users', body)
    const { id, request, response, tenant, via, values } = await it.last()
    expect({ id, tenant, via, values }).toEqual({
      id: answered.get('x-request-id'),
      tenant: 'acme',
      via: 'client',
      values: false,
    })
    expect(request).toEqual({
      method: 'POST',
      path: '/Users',
      query: undefined,
      contentType: 'application/scim+json',
      broken: undefined,
      body: {
        schemas: [USER],
        userName: '[text, 16]',
        name: { givenName: '[text, 4]' },
        active: '[boolean]',
        emails: [{ value: '[text, 17]', type: 'work' }],
        [ENTERPRISE]: { department: '[text, 5]', costCenter: '[number]' },
      },
    })
    expect(response).toMatchObject({
      status: 201,
      contentType: 'application/scim+json',
      body: {
        id: '[text, 36]',
        userName: '[text, 16]',
        meta: { resourceType: 'User', created: expect.stringMatching(/^\[/) },
      },
    })
    expect(JSON.stringify({ request, response })).not.toMatch(/corp\.example|Anna|Sales/)
  })

  test('values, if they are asked for', async () => {
    await withValues.app.scim.post('/Users', body)
    const { request, response, values } = await withValues.last()
    expect(values).toBe(true)
    expect(request.body).toEqual(body)
    expect(response.body).toMatchObject({ userName: 'new@corp.example', emails: [{ value: 'anna@corp.example' }] })
  })

  test('filters, queries and paths in their own form', async () => {
    const path = `${where('emails[type eq "work" and value co "@corp"] or not (userName EQ "anna@corp.example")')}&count=5&sortBy=NAME.givenname&sortOrder=descending`
    await it.app.scim.get(path)
    expect((await it.last()).request.query).toEqual({
      filter: 'emails[type eq "work" and value co "[text, 5]"] or not (userName eq "[text, 17]")',
      count: '5',
      sortBy: 'name.givenName',
      sortOrder: 'descending',
    })
    await it.app.scim.patch(
      `/Users/${it.id}`,
      patch({ op: 'Add', path: 'emails[type eq "home"].value', value: 'x@y.z' }),
    )
    expect((await it.last()).request).toMatchObject({
      path: '/Users/[text, 36]',
      body: { schemas: [PATCH], Operations: [{ op: 'Add', path: 'emails[type eq "home"].value', value: '[text, 5]' }] },
    })
  })

  test('a list, with the number of what is left out', async () => {
    for (let count = 0; count < 22; count += 1) await it.app.scim.post('/Users', user({ userName: `list${count}` }))
    await it.dropped()
    await it.app.scim.get(where('userName sw "list"'))
    const { response } = await it.last()
    expect(response.body).toMatchObject({ totalResults: 22, itemsPerPage: 22 })
    const { Resources } = response.body as { Resources: unknown[] }
    expect(Resources).toHaveLength(21)
    expect(Resources.at(-1)).toBe('[2 more]')
  })

  test('an error by its code, and its text with values alone', async () => {
    await it.app.scim.get('/Users/anna@corp.example')
    const detail = expect.stringMatching(/^\[text, \d+\]$/)
    expect((await it.last()).response).toMatchObject({ status: 404, body: { status: '404', detail } })
    await withValues.app.scim.get('/Users/anna@corp.example')
    const exchange = await withValues.last()
    expect(exchange.request.path).toBe('/Users/anna@corp.example')
    expect(exchange.response.body).toMatchObject({ detail: expect.stringContaining('anna@corp.example') })
  })

  test('of JSON that is broken, where', async () => {
    const text = `{"userName": "x", "name": {"givenName": 'A'}}`
    await it.app.scim.post('/Users', text)
    const { request } = await it.last()
    expect(request.body).toBeUndefined()
    expect(request.broken).toEqual({ length: text.length, position: text.indexOf("'") })
  })

  test('a large body, up to a limit', async () => {
    const emails = Array.from({ length: 400 }, (_, index) => ({ value: `${index}`.padEnd(400, 'x'), type: 'work' }))
    const members = Object.fromEntries(['title', 'nickName', 'displayName'].map((name) => [name, 'y'.repeat(20_000)]))
    await withValues.app.scim.post('/Users', user({ ...members, emails }))
    const text = JSON.stringify(await withValues.last())
    expect(text.length).toBeLessThan(70_000)
    expect(text).toContain('… [text, 20000]')
    expect(text).toContain('[cut]')
  })

  test('of an object with thousands of names the first thousand, and how many more there are', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, index]))
    await it.app.scim.post('/Users', { schemas: [USER], ...unknown, title: 'x' })
    // `schemas` is the first of the thousand.
    expect((await it.last()).request.body).toEqual({ schemas: [USER], '[unknown]': 999, '[cut]': 2_002 })
  })

  test('a text of JSON that is longer than a recording by its length', async () => {
    const text = JSON.stringify({ value: 'r', display: 'x'.repeat(40_000) })
    await withValues.app.scim.post('/Users', user({ roles: [text] }))
    expect((await withValues.last()).request.body).toMatchObject({ roles: [`[text, ${text.length}]`] })
  })
})

describe('values that are never returned', () => {
  const withValues = sharedRecording(true)

  test('are hidden at the cut of a long text, wherever they begin', async () => {
    for (const length of [3, 20, 499, 500, 501, 2_000]) {
      const password = `${PLANT}${'p'.repeat(length)}`
      for (const at of [0, 490, 499, 500, 501, 990, 999, 1_000]) {
        const title = `${'t'.repeat(at)}${password.repeat(3)}${'u'.repeat(2_000)}`
        await withValues.app.scim.post('/Users', { schemas: [USER], title, password })
        const text = JSON.stringify(await withValues.last())
        expect(text).not.toContain(PLANT.slice(0, 5))
        expect(text).not.toContain('ppp')
      }
    }
  })

  test('are hidden however many there are: with more than 50 no part is shown that may repeat one', async () => {
    const secrets = Array.from({ length: 2_000 }, (_, index) => `${PLANT}-${index}`)
    const path = `/Users?sortBy=${secrets[1_999]}`
    await withValues.app.scim.post(path, { schemas: [USER], title: `is ${secrets[1_999]}`, password: secrets })
    const { request, response } = await withValues.last()
    expect(request).toMatchObject({ method: 'POST', path: '[cut]', query: { '[cut]': 1 }, body: '[cut]' })
    expect(response).toMatchObject({ status: 400, body: '[cut]' })
    await withValues.app.scim.post('/Users', {
      schemas: [USER],
      title: `is ${secrets[3]}`,
      password: secrets.slice(0, 40),
    })
    expect((await withValues.last()).request.body).toMatchObject({ title: 'is [hidden]', password: '[hidden]' })
  })
})

describe('who is recorded', () => {
  test('nobody without record, with one that is over, or whose time is none', async () => {
    for (const record of [undefined, { until: new Date(Date.now() - 1) }, { until: 'never' as unknown as Date }, {}]) {
      const it = await recorded({ authenticate: () => ({ tenant: 'acme', record }) as Identity })
      await it.app.scim.get('/Users')
      await hooksCalled()
      expect(it.told).toEqual([])
    }
  })

  test('nobody whose credentials were refused', async () => {
    const it = await recorded({ authenticate: ({ token }) => (token === TOKEN ? RECORDED : null) })
    expect((await it.app.scim.get('/Users')).status).toBe(401)
    await hooksCalled()
    expect(it.told).toEqual([])
  })

  test('until the time is over, without a word to the process', async () => {
    let until = Date.now() + 60_000
    const it = await recorded({ authenticate: () => ({ record: { until: new Date(until) } }) })
    await it.app.scim.get('/Users')
    await hooksCalled()
    expect(it.told).toHaveLength(1)
    until = Date.now() - 1
    await it.app.scim.get('/Users')
    await hooksCalled()
    expect(it.told).toHaveLength(1)
  })

  test('a hook that fails is told to on.error and harms no request', async () => {
    const errors: unknown[] = []
    const fails = () => {
      throw new Error('no room')
    }
    const it = await recorded({ on: { exchange: fails, error: ({ error }) => errors.push(error) } })
    expect((await it.app.scim.get('/Users')).status).toBe(200)
    await hooksCalled()
    expect(errors).toContainEqual(new Error('no room'))
  })
})

const openSqlite = sqliteInMemory()

describe.each([
  ['memory', () => memoryLog()],
  ['SQL', () => sqlLog({ database: sqliteDatabase({ database: openSqlite() }) })],
] as const)('recordings in the log: %s', (_, makeStore) => {
  let time = Date.now()
  const start = async (store: LogStore, options: Partial<ScimRouterOptions> = {}) => {
    const log = journal({ store, secret: 'journal-test-secret-of-32-characters', now: () => time })
    await log.migrate()
    return { log, ...(await recorded({ on: log.hooks, ...options })) }
  }
  const all = async (log: Journal) => {
    await hooksCalled()
    await log.flush()
    return (await log.exchanges({ tenant: 'acme', count: 100 })).exchanges
  }

  test('are kept with their connection, and come in pages, the latest first', async () => {
    const { log, app } = await start(makeStore())
    const { headers: answered } = await app.scim.get(where('userName eq "nobody"'))
    const [latest, first, ...others] = await all(log)
    expect(others).toEqual([])
    expect(latest).toMatchObject({
      id: answered.get('x-request-id'),
      tenant: 'acme',
      connection: 'c-1',
      time: expect.any(Date),
      values: false,
      request: { query: { filter: 'userName eq "[text, 6]"' } },
      response: { status: 200 },
    })
    expect(latest).not.toHaveProperty('auth')
    const page = await log.exchanges({ tenant: 'acme', count: 1 })
    expect(page).toEqual({ exchanges: [latest], next: latest?.key })
    expect(await log.exchanges({ tenant: 'acme', count: 1, before: page.next })).toEqual({
      exchanges: [first],
      next: undefined,
    })
    expect((await log.exchanges({ tenant: 'acme', after: latest?.key })).exchanges).toEqual([])
    expect((await log.exchanges({ tenant: 'acme', connection: 'c-2' })).exchanges).toEqual([])
    expect((await log.exchanges({ tenant: 'other' })).exchanges).toEqual([])
    await expect(log.exchanges({ tenant: undefined as unknown as string })).rejects.toThrow(/tenant/)
  })

  test('end after a day, also if nothing is recorded any more', async () => {
    const store = makeStore()
    const { log, app } = await start(store)
    expect(await all(log)).toHaveLength(1)
    time += 86_400_000 + 60_000
    // The recording is not removed yet, but no longer shown.
    expect((await log.exchanges({ tenant: 'acme' })).exchanges).toEqual([])
    await app.scim.get('/Users')
    await hooksCalled()
    await log.flush()
    await log.prune()
    expect(await store.exchanges?.page({ tenant: 'acme', count: 9 })).toHaveLength(0)
    time = Date.now()
  })

  test('are at most 500 of a connection', async () => {
    const store = makeStore()
    const { log } = await start(store)
    const [one] = await all(log)
    const more = Array.from({ length: 520 }, (_each, index) => ({
      ...(one as LoggedExchange),
      key: `z${1_000 + index}`,
    }))
    await store.exchanges?.append(more, 500)
    await store.exchanges?.append([{ ...(one as LoggedExchange), key: 'zz', connection: 'c-2' }], 500)
    const kept = (await store.exchanges?.page({ tenant: 'acme', count: 1_000 })) ?? []
    expect(kept).toHaveLength(501)
    expect(kept.at(-1)?.key).toBe('z1020')
  })

  test('go with the erasure of anybody in the tenant', async () => {
    const { log } = await start(makeStore())
    expect(await all(log)).toHaveLength(1)
    await log.erase({ tenant: 'other' })
    expect(await all(log)).toHaveLength(1)
    await log.erase({ tenant: 'acme', person: 'somebody else' })
    expect(await all(log)).toEqual([])
  })
})

test('a store without room for recordings makes none, and says so when it is asked', async () => {
  const { exchanges: _, ...store } = memoryLog()
  const log = journal({ store, secret: 'journal-test-secret-of-32-characters' })
  expect(log.hooks).not.toHaveProperty('exchange')
  await expect(log.exchanges({ tenant: 'acme' })).rejects.toThrow(/exchanges/)
  await log.erase({ tenant: 'acme' })
})
