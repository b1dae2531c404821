import { createServer } from 'node:http'
import express5 from 'express'
import express4 from 'express4'
import { bearer, scimRouter } from '../../src/index.js'
import { type AppOptions, describeExpress, type ExpressVersion, serve, sharedApp, TOKEN } from '../support/app.js'
import { sendRaw } from '../support/raw.js'
import { closedAfterEach, expectError, memoryOptions, user } from './service.js'

const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' }
const path = '/scim/v2/Users'

describeExpress('the body of a request', (version) => {
  const app = sharedApp(() => memoryOptions({ limits: { bodyBytes: 2_000, jsonDepth: 8 } }), version)

  test.each(['', '{', '{"a":}', "{'a':1}", '{"a":1}x', '[]', '[{}]', '"text"', '5', 'null', 'true', 'NaN'])(
    '[P-3.8-08, P-3.12-01] %j is 400 invalidSyntax',
    async (body) => expectError(await sendRaw(app.base, { method: 'POST', path, headers, body }), 400, 'invalidSyntax'),
  )

  test('[P-3.8-08] no body at all is 400 invalidSyntax, for every method that takes one', async () => {
    for (const [method, where] of [
      ['POST', '/Users'],
      ['PUT', '/Users/1'],
      ['PATCH', '/Users/1'],
      ['POST', '/.search'],
    ] as const) {
      expectError(await app.scim.send(method, where), 400, 'invalidSyntax')
    }
    const body: Buffer[] = []
    const chunked = { ...headers, 'Transfer-Encoding': 'chunked' }
    expectError(await sendRaw(app.base, { method: 'POST', path, headers: chunked, body }), 400, 'invalidSyntax')
  })

  test('a body in pieces is put together, wherever they part', async () => {
    const bytes = Buffer.from(JSON.stringify(user('piéces')))
    const middle = bytes.indexOf('é') + 1
    const body = [bytes.subarray(0, middle), bytes.subarray(middle)]
    expect((await sendRaw(app.base, { method: 'POST', path, headers, body })).body.userName).toBe('piéces')
  })

  test('[P-3.12-01, P-3.12-06] a larger body than the limit is 413, announced or not', async () => {
    const body = JSON.stringify(user('x'.repeat(2_000)))
    const announced = await sendRaw(app.base, { method: 'POST', path, headers, body })
    expectError(announced, 413)
    expect(announced.body.detail).toContain('2000 bytes')
    const pieces = [body.slice(0, 1_000), body.slice(1_000)]
    expectError(await sendRaw(app.base, { method: 'POST', path, headers, body: pieces }), 413)
    expect((await app.scim.post('/Users', user('just-fits', { title: 'x'.repeat(1_800) }))).status).toBe(201)
  })

  test('a body that is nested too deeply is 400 invalidSyntax', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'x' : [nested(levels - 1)])
    expectError(await app.scim.post('/Users', user('deep', { name: nested(8) })), 400, 'invalidSyntax')
  })

  test('a client that goes away in the middle of its body does no harm', async () => {
    const aborted = new AbortController()
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('{"schemas":')),
      pull: () => aborted.abort(),
    })
    const init = { method: 'POST', headers, body: stream, duplex: 'half', signal: aborted.signal } as RequestInit
    await expect(fetch(`${app.base}/Users`, init)).rejects.toThrow()
    expect((await app.scim.get('/Users?count=0')).status).toBe(200)
  })

  test('names that objects have by themselves are names like any other', async () => {
    const text =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":[]}'
    const body = JSON.stringify(user('proto')).replace('{', `${text.slice(0, -1)},`)
    const created = await app.scim.post('/Users', body)
    expect(created.status).toBe(201)
    expect(created.text).not.toContain('polluted')
    expect(({} as any).polluted).toBeUndefined()
  })
})

/** Parsers that an application may have in front of the router. */
const PARSERS: Readonly<Record<string, (express: any) => unknown>> = {
  'express.json()': (express) => express.json(),
  'express.json() for SCIM': (express) => express.json({ type: ['application/scim+json', 'application/json'] }),
  'express.json() of everything': (express) => express.json({ type: () => true, strict: false }),
  'express.text()': (express) => express.text({ type: () => true }),
  'express.raw()': (express) => express.raw({ type: () => true }),
  'express.urlencoded()': (express) => express.urlencoded({ extended: true }),
}

describeExpress('parsers of the host in front of the router', (version) => {
  const closed = closedAfterEach()
  const start = (parser: (express: any) => unknown, options: Partial<AppOptions> = {}) =>
    closed(serveBehind(parser, version, memoryOptions(options)))

  test.each(Object.entries(PARSERS))('%s: the body is taken as it is left', async (_, parser) => {
    const app = await start(parser)
    for (const type of ['application/scim+json', 'application/json']) {
      const created = await app.scim.post('/Users', user(type), { headers: { 'content-type': type } })
      expect({ status: created.status, userName: created.body.userName }).toEqual({ status: 201, userName: type })
      const { id } = created.body
      const patch = {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'title', value: 'Ms. é' }],
      }
      const changed = await app.scim.patch(`/Users/${id}?attributes=title`, patch, {
        headers: { 'content-type': type },
      })
      expect(changed.body.title).toBe('Ms. é')
    }
  })

  test.each(Object.entries(PARSERS))(
    '[P-3.8-08, P-3.12-01] %s: what is no JSON is 400 invalidSyntax in SCIM',
    async (_, parser) => {
      const app = await start(parser)
      for (const type of ['application/scim+json', 'application/json']) {
        for (const body of ['{', '', '[1]', '"x"', 'null']) {
          const sent = { method: 'POST', path, headers: { ...headers, 'content-type': type }, body }
          expectError(await sendRaw(app.base, sent), 400, 'invalidSyntax')
        }
      }
    },
  )

  test.each(Object.entries(PARSERS))('%s: a body larger than the limit of the router is 413', async (_, parser) => {
    const app = await start(parser, { limits: { bodyBytes: 1_000 } })
    expectError(await app.scim.post('/Users', user('x'.repeat(1_000))), 413)
  })

  const refuse = (): never => {
    throw new Error('unsigned')
  }

  test.each([
    ['too large', { limit: 100 }, 'application/json', 413],
    ['of another character set', {}, 'application/json; charset=klingon', 415],
    ['refused by the application', { verify: refuse }, 'application/json', 403],
  ])('[P-3.12-01] scim.errors answers in SCIM a body %s', async (_, options, type, status) => {
    const app = await start((express) => express.json({ type: () => true, ...options }))
    const answer = await app.scim.post('/Users', user('x'.repeat(100)), { headers: { 'content-type': type } })
    expectError(answer, status)
    expect(answer.text).not.toContain('unsigned')
  })

  test('a body that somebody has read and thrown away is a mistake in the set-up, told to on.error', async () => {
    const error = jest.fn()
    const discard = () => (request: any, _: unknown, next: () => void) => request.resume().on('end', next)
    const app = await start(discard, { on: { error } })
    expectError(await app.scim.post('/Users', user('lost')), 500)
    expect(error.mock.calls).toEqual([
      [expect.objectContaining({ error: expect.objectContaining({ code: 'ERR_SCIM_BODY' }) })],
    ])
    expect((await app.scim.get('/Users')).status).toBe(200)
  })
})

describe('without Express', () => {
  const closed = closedAfterEach()

  test('the router is a listener of node:http', async () => {
    const scim = scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions() })
    const app = await closed(serve(createServer((request, response) => scim(request, response))))
    const root = app.base.slice(0, -'/scim/v2'.length)
    const options = { headers: { ...headers } }
    const created = await fetch(`${root}/Users`, { method: 'POST', ...options, body: JSON.stringify(user('plain')) })
    const location = created.headers.get('location') ?? ''
    expect(location).toMatch(new RegExp(`^${root}/Users/`))
    expect(await (await fetch(location, options)).json()).toEqual(await created.json())
  })
})

function serveBehind(parser: (express: any) => unknown, version: ExpressVersion, options: AppOptions) {
  const express: any = version === 4 ? express4 : express5
  const scim = scimRouter({ authenticate: bearer(TOKEN), ...options })
  const app = express().use(parser(express)).use('/scim/v2', scim).use('/scim/v2', scim.errors)
  return serve(app)
}
