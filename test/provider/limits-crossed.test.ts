import { request as httpRequest } from 'node:http'
import { EnterpriseUser, LIMITS, type LimitName, type ResourceAdapter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { bulkOf, post } from '../rfc7644/bulk-service.js'
import { createUsers, expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { hooksCalled } from '../support/hooks.js'

const where = (filter: string): string => `/Users?filter=${encodeURIComponent(filter)}`
const repeat = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at))
const nested = (levels: number): unknown => (levels === 0 ? 'x' : { a: nested(levels - 1) })
const add = (path: string, ...values: string[]): object => ({
  op: 'add',
  path,
  value: values.map((value) => ({ value })),
})

/** Users and groups that answer a list with all there is. */
function candidates(): AppOptions['resources'] {
  const { users, groups } = memoryAdapters()
  const all = async function* (this: unknown): AsyncGenerator<never> {
    for (let at = 0; at < 10; at += 1) {
      await new Promise((resolve) => setTimeout(resolve, 3))
      yield { id: `${at}`, userName: `u${at}`, meta: { version: '1' } } as never
    }
  }
  return { User: { adapter: { ...users, list: all } as never }, Group: { adapter: groups } }
}

/** An adapter without patch that another writer always overtakes. */
function overtaken(): AppOptions['resources'] {
  const { patch: _, ...users } = memoryAdapters().users
  return { User: { adapter: { ...users, replace: () => 'stale' } as never } }
}

interface Crossing {
  readonly limit: number
  /** Just within it. */
  readonly within: (app: App) => Promise<Answer>
  /** One beyond it. */
  readonly beyond: (app: App) => Promise<Answer>
  readonly answer: readonly [status: number, scimType?: string] | 'cut'
  readonly resources?: () => AppOptions['resources']
}

const patchUser = async ({ scim }: App, ...operations: object[]): Promise<Answer> => {
  const [one] = await createUsers(scim, user(`patched ${Math.random()}`))
  return scim.patch(`/Users/${one.id}`, { Operations: operations })
}
const padded = (bytes: number, body: object): string => {
  const text = JSON.stringify(body)
  return text.slice(0, -1) + ' '.repeat(bytes - text.length) + text.slice(-1)
}
const threeUsers = async ({ scim }: App): Promise<unknown> =>
  createUsers(scim, ...repeat(3, (at) => user(`listed ${at} ${Math.random()}`)))
const firstOf = async (app: App, path: string): Promise<Answer> => {
  await threeUsers(app)
  return app.scim.get(path)
}

/** Asks for the groups of a user in a group that is nested in this number of further groups. */
const groupsOfNested = async ({ scim }: App, count: number): Promise<Answer> => {
  const [{ id }] = await createUsers(scim, user(`nested ${count}`))
  let inner = String(id)
  for (let at = 0; at <= count; at += 1) {
    const { body } = await scim.post('/Groups', group(`nested ${count} ${at}`, inner))
    inner = body.id
  }
  return scim.get(`/Users/${id}?attributes=groups`)
}

const CROSSINGS: Readonly<Record<Exclude<LimitName, 'requestTime' | 'inProcessBytes' | 'memberEvents'>, Crossing>> = {
  bodyBytes: {
    limit: 300,
    within: ({ scim }) => scim.post('/Users', padded(300, user('within'))),
    beyond: ({ scim }) => scim.post('/Users', padded(301, user('beyond'))),
    answer: [413],
  },
  jsonDepth: {
    limit: 4,
    within: ({ scim }) => scim.post('/Users', user('within', { x: nested(3) })),
    beyond: ({ scim }) => scim.post('/Users', user('beyond', { x: nested(4) })),
    answer: [400, 'invalidSyntax'],
  },
  jsonValues: {
    limit: 7,
    within: ({ scim }) => scim.post('/Users', user('within', { title: '{[,1,2,3,"]}', active: true, nickName: null })),
    beyond: ({ scim }) => scim.post('/Users', user('beyond', { x: { y: [], z: {}, w: 1 } })),
    answer: [413],
  },
  patchOperations: {
    limit: 2,
    within: (app) => patchUser(app, ...repeat(2, (at) => ({ op: 'add', path: 'title', value: `${at}` }))),
    beyond: (app) => patchUser(app, ...repeat(3, (at) => ({ op: 'add', path: 'title', value: `${at}` }))),
    answer: [413],
  },
  patchValues: {
    limit: 2,
    within: (app) => patchUser(app, add('emails', 'a@x.test', 'b@x.test'), add('emails', 'c@x.test')),
    beyond: (app) => patchUser(app, add('emails', 'a@x.test', 'b@x.test', 'c@x.test')),
    answer: [413],
  },
  filterLength: {
    limit: 20,
    within: ({ scim }) => scim.get(where('userName eq "aaaaaa"')),
    beyond: ({ scim }) => scim.get(where('userName eq "aaaaaaa"')),
    answer: [400, 'invalidFilter'],
  },
  searchFilterLength: {
    limit: 20,
    within: ({ scim }) => scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter: 'userName eq "aaaaaa"' }),
    beyond: ({ scim }) => scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter: 'userName eq "aaaaaaa"' }),
    answer: [400, 'invalidFilter'],
  },
  filterDepth: {
    limit: 3,
    within: ({ scim }) => scim.get(where('(((userName pr)))')),
    beyond: ({ scim }) => scim.get(where('((((userName pr))))')),
    answer: [400, 'invalidFilter'],
  },
  filterNodes: {
    limit: 3,
    within: ({ scim }) => scim.get(where('title pr or title eq "a"')),
    beyond: ({ scim }) => scim.get(where(repeat(6, () => 'title pr').join(' or '))),
    answer: [400, 'invalidFilter'],
  },
  maxResults: {
    limit: 2,
    within: (app) => firstOf(app, '/Users?count=2'),
    beyond: (app) => firstOf(app, '/Users?count=3'),
    answer: 'cut',
  },
  defaultResults: {
    limit: 2,
    within: (app) => firstOf(app, '/Users'),
    beyond: (app) => firstOf(app, '/Users'),
    answer: 'cut',
  },
  maxMatches: {
    limit: 3,
    within: (app) => firstOf(app, '/Users?count=1'),
    beyond: (app) => firstOf(app, '/Users?count=1'),
    answer: [400, 'tooMany'],
  },
  scanResources: {
    limit: 10,
    within: ({ scim }) => scim.get('/Users?count=1'),
    beyond: ({ scim }) => scim.get('/?sortBy=userName&startIndex=10&count=2'),
    answer: [400, 'tooMany'],
    resources: candidates,
  },
  scanTime: {
    limit: 15,
    within: ({ scim }) => scim.get('/Groups'),
    beyond: ({ scim }) => scim.get('/Users'),
    answer: [400, 'tooMany'],
    resources: candidates,
  },
  groupLinks: {
    limit: 2,
    within: (app) => groupsOfNested(app, 2),
    beyond: (app) => groupsOfNested(app, 3),
    answer: [400, 'tooMany'],
  },
  bulkOperations: {
    limit: 2,
    within: ({ scim }) => scim.post('/Bulk', bulkOf(repeat(2, (at) => post('/Users', `${at}`, user(`in ${at}`))))),
    beyond: ({ scim }) => scim.post('/Bulk', bulkOf(repeat(3, (at) => post('/Users', `${at}`, user(`out ${at}`))))),
    answer: [413],
  },
  bulkBytes: {
    limit: 400,
    within: ({ scim }) => scim.post('/Bulk', padded(400, bulkOf([post('/Users', 'a', user('within'))]))),
    beyond: ({ scim }) => scim.post('/Bulk', padded(401, bulkOf([post('/Users', 'a', user('beyond'))]))),
    answer: [413],
  },
  patchAttempts: {
    limit: 2,
    within: (app) => patchUser(app, { op: 'remove', path: 'title' }),
    beyond: (app) => patchUser(app, { op: 'add', path: 'title', value: 'x' }),
    answer: [503],
    resources: overtaken,
  },
}

/** The status and keyword that the table says, as a client gets them. */
const ANSWERED = /^(\d{3})(?: (\w+))?$/

describe('each limit is there, and crossing it has the answer that the table says', () => {
  test('each has a test', () => {
    expect([...Object.keys(CROSSINGS), 'requestTime', 'inProcessBytes', 'memberEvents'].sort()).toEqual(
      Object.keys(LIMITS).sort(),
    )
  })

  test.each(Object.entries(CROSSINGS))('%s', async (name, { limit, within, beyond, answer, resources }) => {
    const base = memoryOptions({ limits: { [name]: limit }, compatibility: 'tolerant' })
    const app = await startApp({ ...base, ...(resources && { resources: resources() }) })
    try {
      expect((await within(app)).status).toBeLessThan(300)
      const crossed = await beyond(app)
      if (answer === 'cut') {
        expect(LIMITS[name as LimitName].response).toBe('cut')
        expect(crossed.body.Resources).toHaveLength(limit)
        expect(crossed.body).toMatchObject({ itemsPerPage: limit, totalResults: 6 })
      } else {
        expectError(crossed, ...answer)
        expect(ANSWERED.exec(LIMITS[name as LimitName].response)?.slice(1)).toEqual([`${answer[0]}`, answer[1]])
      }
    } finally {
      await app.close()
    }
  })

  test('patchAttempts holds for a PUT that depends on what is stored, and tells when to come back', async () => {
    const access: AppOptions['access'] = ({ attribute }) => (attribute === 'title' ? 'read' : 'write')
    const app = await startApp({ resources: overtaken(), limits: { patchAttempts: 1 }, access })
    const [one] = await createUsers(app.scim, user('put'))
    const answer = await app.scim.put(`/Users/${one.id}`, user('put'))
    expectError(answer, 503)
    expect(answer.headers.get('retry-after')).toBe('1')
  })
})

describe('requestTime', () => {
  /** Users whose store keeps each `get` waiting until the test releases it, and the signals of these calls. */
  function hanging() {
    const { users } = memoryAdapters()
    const signals: AbortSignal[] = []
    const waiting: (() => void)[] = []
    const writes: string[] = []
    const { patch: _, ...rest } = users
    const adapter = {
      ...rest,
      get: async (_id: string, { signal }: { signal: AbortSignal }) => {
        signals.push(signal)
        await new Promise<void>((resolve) => waiting.push(resolve))
        return { id: '1', userName: 'x', meta: { version: '1' } }
      },
      replace: async (id: string) => {
        writes.push(id)
        return { id, userName: 'x', meta: { version: '2' } }
      },
    } as never as ResourceAdapter
    return { adapter, signals, writes, release: () => waiting.splice(0).forEach((resolve) => void resolve()) }
  }
  /** Long enough for all work that can go on to do so. */
  const soon = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await hooksCalled()
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  test('over it is 503 with Retry-After, and the signal of the adapter aborts with the same error', async () => {
    expect(LIMITS.requestTime.response).toBe('503')
    const { adapter, signals, release } = hanging()
    const errors: unknown[] = []
    const on = { error: ({ error }: { error: unknown }) => errors.push(error) }
    const app = await startApp({ resources: { User: { adapter } }, limits: { requestTime: 50 }, on })
    const answer = await app.scim.get('/Users/1')
    expectError(answer, 503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(signals.map(({ aborted, reason }) => [aborted, reason.status])).toEqual([[true, 503]])
    expect(errors).toEqual([signals[0]?.reason])
    release()
  })

  test('what waits in line behind it writes nothing when its own time is over', async () => {
    const { adapter, writes, release } = hanging()
    const app = await startApp({ resources: { User: { adapter } }, limits: { requestTime: 50 } })
    const title = { Operations: [{ op: 'add', path: 'title', value: 'x' }] }
    const answers = await Promise.all([app.scim.patch('/Users/1', title), app.scim.patch('/Users/1', title)])
    for (const answer of answers) expectError(answer, 503)
    release()
    await soon()
    // The second may have had its turn when the time of the first was over, and have begun to read.
    expect(writes).toEqual([])
  })

  test('a bulk request goes no further', async () => {
    const { adapter, release } = hanging()
    const created: string[] = []
    const counting = {
      ...adapter,
      create: (draft: any, call: any) => {
        created.push(draft.userName)
        return adapter.create(draft, call)
      },
    }
    const app = await startApp({ resources: { User: { adapter: counting } }, limits: { requestTime: 500 } })
    const operations = [
      post('/Users', 'a', user('a')),
      { method: 'PATCH', path: '/Users/1', data: { Operations: [{ op: 'add', path: 'title', value: 'x' }] } },
      post('/Users', 'b', user('b')),
    ]
    expectError(await app.scim.post('/Bulk', bulkOf(operations)), 503)
    release()
    await soon()
    expect(created).toEqual(['a'])
  })

  test('a client that does not wait aborts the signal, and is no failure', async () => {
    const { adapter, signals, release } = hanging()
    const errors: unknown[] = []
    const statuses: number[] = []
    const scanning = {
      ...adapter,
      list: async function* (_query: unknown, { signal }: { signal: AbortSignal }) {
        signals.push(signal)
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 2))
          yield { id: '1', userName: 'x', meta: { version: '1' } }
        }
      },
    } as never as ResourceAdapter
    const app = await startApp({
      resources: { User: { adapter: scanning } },
      on: { error: ({ error }) => errors.push(error), request: ({ status }) => statuses.push(status) },
    })
    const sent = httpRequest(`${app.base}/Users`, { headers: { authorization: 'Bearer test-token' } })
    sent.on('error', () => undefined)
    sent.end()
    await until(() => signals.length === 1)
    sent.destroy()
    await until(() => statuses.length === 1)
    expect(signals[0]?.aborted).toBe(true)
    expect([errors, statuses]).toEqual([[], [499]])
    release()
  })

  test('a signal that nobody looks at is not made, and one that is stays quiet when all goes well', async () => {
    const { users, groups } = memoryAdapters()
    let signal: AbortSignal | undefined
    const get: typeof users.get = (id, call) => {
      signal = call.signal
      return users.get(id, call)
    }
    const app = await startApp({ resources: { User: { adapter: { ...users, get } }, Group: { adapter: groups } } })
    const [one] = await createUsers(app.scim, user('quiet'))
    expect((await app.scim.get(`/Users/${one.id}`)).status).toBe(200)
    expect((await app.scim.post('/Groups', group('quiet'))).status).toBe(201)
    await hooksCalled()
    expect(signal?.aborted).toBe(false)
  })
})

describe.each(['strict', 'tolerant'] as const)('a filter in the path of a PATCH operation, %s', (compatibility) => {
  const userOptions = (): AppOptions => ({
    resources: { User: { adapter: memoryAdapters().users, extensions: [EnterpriseUser] } },
  })
  const valueFilter = (length: number): string => `value eq "${'x'.repeat(length - 11)}"`
  const anyOf = (count: number): string => repeat(count, () => 'value pr').join(' or ')
  const nestedIn = (levels: number): string => `${'('.repeat(levels)}value pr${')'.repeat(levels)}`

  test.each([
    ['filterLength', 60, valueFilter(60), valueFilter(61)],
    ['filterLength', 9_000, valueFilter(9_000), valueFilter(9_001)],
    // The brackets of the path are a level of their own.
    ['filterDepth', 3, nestedIn(2), nestedIn(3)],
    // Each comparison is one node, and "or" is one more.
    ['filterNodes', 3, anyOf(2), anyOf(3)],
  ] as const)('%s is %d', async (name, limit, within, beyond) => {
    const app = await startApp({ ...userOptions(), compatibility, limits: { [name]: limit } })
    const remove = (filter: string): object => ({ op: 'remove', path: `emails[${filter}].display` })
    const send = async (filter: string): Promise<Answer> => {
      const [one] = await createUsers(app.scim, user(`patched ${Math.random()}`))
      return app.scim.patch(`/Users/${one.id}`, { schemas: [PATCH_OP], Operations: [remove(filter)] })
    }
    expect((await send(within)).status).toBe(200)
    expectError(await send(beyond), 400, 'invalidFilter')
    // The text around the filter is not counted.
    const [{ id }] = await createUsers(app.scim, user('urn'))
    const path = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'
    const department = { op: 'add', path, value: 'Tour' }
    expect((await app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [department] })).status).toBe(200)
    if (compatibility === 'strict') return
    // By tolerance the keys of a body are paths.
    const keyed = (filter: string): object => ({
      ...user(`keyed ${Math.random()}`),
      [`emails[${filter}].display`]: 'x',
    })
    expect((await app.scim.post('/Users', keyed(beyond))).body).not.toHaveProperty('emails')
  })
})

test('texts of JSON in one resource hold 20,000 values, 32 levels deep', async () => {
  const { scim } = await startApp(memoryOptions())
  const numbers = (count: number): string => `[${repeat(count, (at) => at).join()}]`
  const post = (rest: object): Promise<Answer> => scim.post('/Users', user(`texts ${Math.random()}`, rest))
  // The list is a value as well.
  const { status, body } = await post({ emails: numbers(19_999) })
  expect([status, body.emails.length]).toEqual([201, 19_999])
  expectError(await post({ emails: numbers(20_000) }), 413)
  expectError(await post({ emails: numbers(10_000), phoneNumbers: numbers(10_000) }), 413)
  expect((await post({ name: `{"x":${'['.repeat(31)}${']'.repeat(31)}}` })).status).toBe(201)
  expectError(await post({ name: `{"x":${'['.repeat(32)}${']'.repeat(32)}}` }), 400, 'invalidSyntax')
  const [{ id }] = await createUsers(scim, user('patched'))
  const patch = (path: object, value: string): Promise<Answer> =>
    scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [{ op: 'add', ...path, value }] })
  expectError(await patch({ path: 'emails' }, numbers(20_000)), 413)
  expectError(await patch({}, `{"emails":${numbers(20_000)}}`), 413)
  // A text where a text may stand is a text.
  const value = `{${numbers(30_000)}`
  expect((await post({ displayName: value, roles: [{ value }] })).body).toMatchObject({
    displayName: value,
    roles: [{ value }],
  })
})
