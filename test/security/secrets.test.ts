import { inspect } from 'node:util'
import createDebug from 'debug'
import express from 'express'
import type { ResourceAdapter } from '../../src/adapter/contract.js'
import { ScimError, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { soundAdapter } from '../conformance-kit/sound-adapter.js'
import { group, user } from '../rfc7644/service.js'
import { type App, serve, startApp } from '../support/app.js'
import { type Answer, scimClient } from '../support/client.js'
import { EVENT_NAMES } from '../support/event-names.js'
import { hooksCalled } from '../support/hooks.js'
import { bulkOf } from './faults/service.js'

/** Secrets that must be seen neither by clients nor in logs. */
const TOKEN = 'mark-token-51b8'
const WRONG_TOKEN = 'mark-wrong-token-9c02'
const PASSWORD = 'mark-Passw0rd-e4d1'
const CURSOR_SECRET = 'mark-cursor-secret-77aa'
/** Texts that operators may see, but clients may not. */
const DATABASE = 'postgres://mark-db-user:mark-db-password@10.1.2.3:5432/prod'

const NEVER = [TOKEN, WRONG_TOKEN, PASSWORD, CURSOR_SECRET]
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** All output of the router, as text. */
interface Captured {
  /** For clients. */
  readonly answers: string[]
  /** For hooks. */
  readonly events: string[]
  readonly requests: string[]
  readonly errors: string[]
  /** For logs. */
  readonly debug: string[]
  readonly console: string[]
}

const captured: Captured = { answers: [], events: [], requests: [], errors: [], debug: [], console: [] }
const show = (value: unknown): string =>
  inspect(value, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })

function hooks(...types: readonly ('user' | 'group')[]): NonNullable<ScimRouterOptions['on']> {
  const names = EVENT_NAMES.filter((name) => types.some((type) => name.startsWith(`${type}.`)))
  return {
    ...Object.fromEntries(names.map((name) => [name, (event: unknown) => void captured.events.push(show(event))])),
    request: (report) => void captured.requests.push(show(report)),
    error: (report) => void captured.errors.push(show(report)),
  }
}

beforeAll(() => {
  createDebug.enable('scim:*')
  createDebug.log = (...given: unknown[]) => void captured.debug.push(show(given))
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    jest.spyOn(console, name).mockImplementation((...given) => void captured.console.push(show(given)))
  }
})
afterEach(async () => {
  await hooksCalled()
  for (const [where, lines] of Object.entries(captured) as [keyof Captured, string[]][]) {
    for (const mark of NEVER) expect([where, lines.filter((line) => line.includes(mark))]).toEqual([where, []])
  }
  for (const where of ['answers', 'events', 'requests'] as const) {
    const told = captured[where].filter((line) => /mark-db|10\.1\.2\.3|\n\s+at .*:\d+:\d+|\.ts:\d+/.test(line))
    expect([where, told]).toEqual([where, []])
  }
})
afterAll(() => {
  createDebug.disable()
  jest.restoreAllMocks()
})

/** Sends a request and keeps the answer. */
async function ask(
  app: App,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await scimClient(app.base, TOKEN).send(method, path, { headers, body })
  captured.answers.push(`${answer.status} ${show([...answer.headers])} ${answer.text}`)
  return answer
}

const patchOf = (...Operations: readonly object[]): object => ({ schemas: [PATCH_OP], Operations })

const authenticate: ScimRouterOptions['authenticate'] = ({ token }) =>
  token === TOKEN ? { tenant: 't', subject: 's' } : null

describe.each([
  ['that never hands a password out', () => memoryAdapters().users as never],
  ['that hands passwords out', () => soundAdapter() as never],
])('passwords, over a store %s', (_title, adapter: () => never) => {
  let app: App
  let id: string
  beforeAll(async () => {
    app = await startApp({ authenticate, resources: { User: { adapter: adapter() } }, on: hooks('user') })
    id = (await ask(app, 'POST', '/Users', user('secretive', { password: PASSWORD }))).body.id
  })
  afterAll(() => app.close())

  test('that are set, kept, changed and removed show up nowhere', async () => {
    for (const query of ['', '?attributes=password', '?attributes=password,userName', '?excludedAttributes=userName']) {
      await ask(app, 'GET', `/Users/${id}${query}`)
      await ask(app, 'GET', `/Users${query}`)
      await ask(app, 'PUT', `/Users/${id}${query}`, user('secretive', { password: PASSWORD, active: false }))
      await ask(app, 'PATCH', `/Users/${id}${query}`, patchOf({ op: 'replace', path: 'password', value: PASSWORD }))
      await ask(
        app,
        'PATCH',
        `/Users/${id}${query}`,
        patchOf({ op: 'replace', value: { password: PASSWORD, active: true } }),
      )
      await ask(
        app,
        'PATCH',
        `/Users/${id}${query}`,
        patchOf({ op: 'add', path: 'title', value: 'x' }, { op: 'remove', path: 'title' }),
      )
    }
    const bulk = bulkOf(
      { method: 'POST', path: '/Users', bulkId: 'a', data: user('in bulk', { password: PASSWORD }) },
      { method: 'POST', path: '/Users', bulkId: 'b', data: user('in bulk', { password: PASSWORD }) },
      { method: 'PATCH', path: '/Users/bulkId:a', data: patchOf({ op: 'replace', path: 'password', value: PASSWORD }) },
      { method: 'DELETE', path: '/Users/bulkId:a' },
    )
    expect((await ask(app, 'POST', '/Bulk', bulk)).status).toBe(200)
  })

  test('that are refused are not repeated', async () => {
    for (const password of [[PASSWORD], { value: PASSWORD }, { [PASSWORD]: 1 }, [[PASSWORD]], [PASSWORD, PASSWORD]]) {
      await ask(app, 'POST', '/Users', user('odd', { password }))
      await ask(app, 'PUT', `/Users/${id}`, user('odd', { password }))
      await ask(app, 'PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'password', value: password }))
      await ask(app, 'PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { password } }))
    }
    for (const operation of [
      { op: 'add', path: `password eq "${PASSWORD}"`, value: 1 },
      { op: 'remove', path: `password[value eq "${PASSWORD}"]` },
      { op: 'replace', path: `emails[value eq "${PASSWORD}"].value`, value: 'x' },
      { op: 'remove', path: 'password', value: PASSWORD },
      { op: 'replace', path: 'password.value', value: PASSWORD },
      { op: 'replace', path: 'active', value: PASSWORD },
    ]) {
      await ask(app, 'PATCH', `/Users/${id}`, patchOf(operation))
    }
    for (const filter of [
      `password eq "${PASSWORD}"`,
      `password eq '${PASSWORD}'`,
      `userName eq "${PASSWORD}`,
      `active eq "${PASSWORD}"`,
    ]) {
      await ask(app, 'GET', `/Users?filter=${encodeURIComponent(filter)}`)
      await ask(app, 'POST', '/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter,
      })
    }
    for (const broken of [
      `{"password":"${PASSWORD}"`,
      `"${PASSWORD}"`,
      `{"schemas":[],"password":"${PASSWORD}"}x`,
      PASSWORD,
    ]) {
      await ask(app, 'POST', '/Users', broken)
      await ask(app, 'PATCH', `/Users/${id}`, broken)
      await ask(app, 'POST', '/Bulk', broken)
    }
    await ask(app, 'POST', '/Users', user('wrong type', { password: PASSWORD }), { 'content-type': 'text/plain' })
    await ask(app, 'DELETE', `/Users/${id}`)
  })
})

describe('tokens', () => {
  let app: App
  beforeAll(async () => {
    const { users, groups } = memoryAdapters()
    app = await startApp({
      authenticate,
      resources: { User: { adapter: users }, Group: { adapter: groups } },
      cursor: { secrets: [CURSOR_SECRET] },
      on: hooks('user', 'group'),
    })
  })
  afterAll(() => app.close())

  test('right and wrong ones, of every scheme and at every place, show up nowhere', async () => {
    for (const authorization of [
      `Bearer ${WRONG_TOKEN}`,
      `Bearer ${TOKEN} ${WRONG_TOKEN}`,
      `Basic ${WRONG_TOKEN}`,
      `Digest username="x", response="${WRONG_TOKEN}"`,
      WRONG_TOKEN,
      `Bearer ${WRONG_TOKEN.repeat(50)}`,
    ]) {
      for (const [method, path] of [
        ['GET', '/Users'],
        ['POST', '/Users'],
        ['GET', '/Schemas'],
        ['GET', '/Nothing'],
        ['TRACE', '/Users'],
      ] as const) {
        if (method !== 'TRACE')
          expect(
            (await ask(app, method, path, method === 'POST' ? user('x') : undefined, { authorization })).status,
          ).toBe(401)
      }
    }
    await ask(app, 'GET', `/Users?access_token=${WRONG_TOKEN}`)
    await ask(app, 'GET', '/Users', undefined, { cookie: `token=${WRONG_TOKEN}`, 'x-api-key': WRONG_TOKEN })
    await ask(app, 'GET', '/ServiceProviderConfig')
  })

  test('and the secret of the cursors, nor what is in them', async () => {
    for (const name of ['a', 'b', 'c'])
      await ask(app, 'POST', '/Users', user(`mark-sorted-${name}`, { title: `mark-title-${name}` }))
    const { body } = await ask(app, 'GET', '/Users?cursor&count=1&sortBy=title&attributes=id')
    const cursor = Buffer.from(body.nextCursor, 'base64url').toString('latin1')
    expect(cursor).not.toMatch(/mark|title/)
    expect(body.nextCursor).not.toMatch(/mark/)
    await ask(app, 'GET', `/Users?cursor=${body.nextCursor}x&count=1&sortBy=title`)
  })
})

describe('what a database or a function of the application throws', () => {
  const fail = (): never => {
    throw Object.assign(new Error(`connect ECONNREFUSED ${DATABASE}`), {
      query: `SELECT '${DATABASE}'`,
      cause: new Error(DATABASE),
    })
  }
  const { users, groups } = memoryAdapters()
  const failing = Object.fromEntries(
    ['create', 'get', 'list', 'replace', 'patch', 'delete'].map((name) => [name, fail]),
  ) as unknown as ResourceAdapter
  const resources = { User: { adapter: users }, Group: { adapter: groups } }

  const PLACES: Readonly<Record<string, Partial<ScimRouterOptions>>> = {
    adapters: { resources: { User: { adapter: failing as never }, Group: { adapter: failing as never } } },
    authenticate: { authenticate: fail },
    authorize: { authorize: fail },
    access: { access: fail },
    'password.hash': { password: { hash: fail } },
    transaction: { transaction: fail },
    outbox: { transaction: (work) => work(undefined), outbox: fail },
    onDuplicate: { resources: { User: { adapter: users, onDuplicate: fail }, Group: { adapter: groups } } },
    baseUrl: { baseUrl: fail },
    'an adapter for each tenant': { resources: { User: { adapter: fail }, Group: { adapter: fail } } },
    'a ScimError with a cause': {
      authorize: () => {
        throw ScimError.unavailable({ retryAfter: 1, cause: new Error(DATABASE) })
      },
    },
  }

  test.each(Object.entries(PLACES))(
    'in %s is told to those who run the service, and to nobody else',
    async (_title, options) => {
      captured.errors.length = 0
      captured.debug.length = 0
      const app = await startApp({ authenticate, resources, ...options, on: hooks('user', 'group') })
      try {
        const body = user('taken', { password: PASSWORD })
        const first = await ask(app, 'POST', '/Users', body)
        const { id = 'x' } = first.body
        const answers = [
          first,
          await ask(app, 'POST', '/Users', body),
          await ask(app, 'GET', `/Users/${id}`),
          await ask(app, 'GET', '/Users?filter=userName%20pr'),
          await ask(app, 'PUT', `/Users/${id}`, body),
          await ask(app, 'PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'password', value: PASSWORD })),
          await ask(app, 'POST', '/Bulk', bulkOf({ method: 'POST', path: '/Groups', bulkId: 'a', data: group('x') })),
          await ask(app, 'DELETE', `/Users/${id}`),
        ]
        expect(answers.some(({ text }) => /"status":"50[03]"/.test(text))).toBe(true)
        await hooksCalled()
        expect(captured.errors.some((line) => line.includes(DATABASE))).toBe(true)
        expect(captured.debug.some((line) => line.includes(DATABASE))).toBe(true)
      } finally {
        await app.close()
      }
    },
  )

  test('and what a parser in front of the router throws is not repeated', async () => {
    const scim = scimRouter({ authenticate, resources, on: hooks('user', 'group') })
    const app = await serve(
      express()
        .use(express.json({ type: '*/*' }), express.text())
        .use('/scim/v2', scim, scim.errors),
    )
    try {
      for (const broken of [`{"password":"${PASSWORD}"`, `{"password":"${PASSWORD}"}x`, `"${PASSWORD}"`]) {
        const { status } = await ask(app, 'POST', '/Users', broken)
        expect(status).toBe(400)
      }
    } finally {
      await app.close()
    }
  })
})

test('there is something to be searched at every place', () => {
  const counts = Object.fromEntries(Object.entries(captured).map(([where, lines]) => [where, lines.length]))
  expect(counts).toMatchObject({
    answers: expect.any(Number),
    events: expect.any(Number),
    requests: expect.any(Number),
    debug: expect.any(Number),
  })
  for (const where of ['answers', 'events', 'requests', 'errors', 'debug'] as const)
    expect([where, counts[where]]).not.toEqual([where, 0])
})
