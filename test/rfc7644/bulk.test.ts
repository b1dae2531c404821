import express from 'express'
import { ScimError, scimRouter } from '../../src/index.js'
import { BULK_REQUEST, BULK_RESPONSE, ERROR } from '../../src/urn.js'
import { type App, type AppOptions, describeExpress, serve, sharedApp, startApp } from '../support/app.js'
import { detailOf } from '../support/client.js'
import { hooksCalled } from '../support/hooks.js'
import { sendRaw } from '../support/raw.js'
import { bulkOf, ids, type Operation, patchOp, post, sendBulk, statuses } from './bulk-service.js'
import { createUsers, expectError, group, memoryOptions, user } from './service.js'

/** Runs a test against an application of its own. */
async function withApp(options: Partial<AppOptions>, work: (app: App) => Promise<void>): Promise<void> {
  const app = await startApp(memoryOptions(options))
  try {
    await work(app)
  } finally {
    await app.close()
  }
}

describe('a bulk request (RFC 7644 section 3.7)', () => {
  const app = sharedApp(() => memoryOptions({ compatibility: 'strict' }))

  test('[P-3.7-01, P-3.7-02, P-3.7-09, P-3.7-12, P-3.7-13] does each operation and tells of each in the order of the request', async () => {
    const [bob, eve, joe] = await createUsers(app.scim, user('all-bob'), user('all-eve'), user('all-joe'))
    const answer = await sendBulk(app.scim, [
      post('/Users', 'qwerty', user('all-alice')),
      { method: 'PUT', path: `/Users/${bob.id}`, version: bob.meta.version, data: user('all-bob2') },
      { method: 'PATCH', path: `/Users/${eve.id}`, data: patchOp({ op: 'add', path: 'title', value: 'Dr.' }) },
      { method: 'DELETE', path: `/Users/${joe.id}`, bulkId: 'last' },
    ])
    expect(answer.status).toBe(200)
    expect(answer.body.schemas).toEqual([BULK_RESPONSE])
    const [alice] = ids(answer)
    const tag = expect.stringMatching(/^W\/".+"$/)
    expect(answer.body.Operations).toEqual([
      { method: 'POST', bulkId: 'qwerty', location: `${app.base}/Users/${alice}`, version: tag, status: '201' },
      { method: 'PUT', location: bob.meta.location, version: tag, status: '200' },
      { method: 'PATCH', location: eve.meta.location, version: tag, status: '200' },
      { method: 'DELETE', bulkId: 'last', location: joe.meta.location, status: '204' },
    ])
    const stored = await app.scim.get(`/Users/${alice}`)
    expect(stored.body).toMatchObject({ userName: 'all-alice' })
    expect(stored.headers.get('etag')).toBe(answer.body.Operations[0].version)
    expect((await app.scim.get(`/Users/${bob.id}`)).body.userName).toBe('all-bob2')
    expect((await app.scim.get(`/Users/${eve.id}`)).body.title).toBe('Dr.')
    expectError(await app.scim.get(`/Users/${joe.id}`), 404)
  })

  test('[P-3.7-15] an operation that has succeeded has no response', async () => {
    const { body } = await sendBulk(app.scim, [post('/Users', 'a', user('no-response'))])
    expect(body.Operations[0]).not.toHaveProperty('response')
  })

  test('[P-3.7-10, P-3.7-14] failures in the middle do not stop it, and each has its error as the response', async () => {
    await createUsers(app.scim, user('taken'))
    const answer = await sendBulk(app.scim, [
      post('/Users', 'a', user('goes-on-1')),
      post('/Users', 'b', user('taken')),
      { method: 'DELETE', path: '/Users/unknown' },
      post('/Users', 'c', user('goes-on-2')),
    ])
    expect(statuses(answer)).toEqual(['201', '409', '404', '201'])
    const [, taken, unknown] = answer.body.Operations
    const detail = expect.stringMatching(/\S/)
    expect(taken).toEqual({
      method: 'POST',
      bulkId: 'b',
      status: '409',
      response: { schemas: [ERROR], status: '409', scimType: 'uniqueness', detail },
    })
    expect(unknown).toEqual({
      method: 'DELETE',
      location: `${app.base}/Users/unknown`,
      status: '404',
      response: { schemas: [ERROR], status: '404', detail },
    })
  })

  test.each([
    [1, 2],
    [2, 4],
    [9, 5],
  ])('[P-3.7-11, P-3.7-21] after failOnErrors %i the rest is not done: %i of 5', async (failOnErrors, done) => {
    const names = [1, 2, 3].map((number) => `fail-${failOnErrors}-${number}`)
    const answer = await sendBulk(
      app.scim,
      [
        post('/Users', 'a', user(names[0] as string)),
        post('/Users', 'b', user(names[0] as string)),
        post('/Users', 'c', user(names[1] as string)),
        post('/Users', 'd', user(names[1] as string)),
        post('/Users', 'e', user(names[2] as string)),
      ],
      { failOnErrors },
    )
    expect(statuses(answer)).toEqual(['201', '409', '201', '409', '201'].slice(0, done))
    expect(Object.keys(answer.body).sort()).toEqual(['Operations', 'schemas'])
    const { body } = await app.scim.get(`/Users?filter=userName eq "${names[2]}"`)
    expect(body.totalResults).toBe(done === 5 ? 1 : 0)
  })

  test('[P-3.7-11] what an operation refers to counts when it fails first: nothing is done beyond', async () => {
    const answer = await sendBulk(
      app.scim,
      [post('/Groups', 'g', group('waits', 'bulkId:u')), post('/Users', 'u', user('')), post('/Users', 'v', user('v'))],
      { failOnErrors: 1 },
    )
    expect(answer.body.Operations).toMatchObject([{ bulkId: 'u', status: '400' }])
  })

  test.each([0, -1, 1.5, '1', true, {}])('[P-3.7-11] failOnErrors %j is 400', async (failOnErrors) => {
    expectError(await sendBulk(app.scim, [post('/Users', 'a', user('never'))], { failOnErrors }), 400, 'invalidValue')
  })

  const DATA = user('wrong')
  test.each<[string, Operation, string, string | undefined]>([
    ['[P-3.7-04] method GET', { method: 'GET', path: '/Users/1' }, '400', 'invalidSyntax'],
    ['[P-3.7-04] method in small letters', { method: 'delete', path: '/Users/1' }, '400', 'invalidSyntax'],
    ['[P-3.7-03] no method', { path: '/Users/1' }, '400', 'invalidSyntax'],
    ['[P-3.7-03] a method that is no text', { method: 1, path: '/Users/1' }, '400', 'invalidSyntax'],
    ['[P-3.7-03] no path', { method: 'DELETE' }, '400', 'invalidSyntax'],
    ['[P-3.7-05] POST without bulkId', { method: 'POST', path: '/Users', data: DATA }, '400', 'invalidSyntax'],
    ['[P-3.7-05] a bulkId that is no text', { ...post('/Users', '', DATA), bulkId: 1 }, '400', 'invalidSyntax'],
    ['[P-3.7-06] POST to a resource', post('/Users/1', 'a', DATA), '400', 'invalidSyntax'],
    ['[P-3.7-06] PUT to an endpoint', { method: 'PUT', path: '/Users', data: DATA }, '400', 'invalidSyntax'],
    ['[P-3.7-06] DELETE of an endpoint', { method: 'DELETE', path: '/Users/' }, '400', 'invalidSyntax'],
    ['[P-3.7-06] a query', { method: 'DELETE', path: '/Users/1?attributes=id' }, '400', 'invalidSyntax'],
    [
      '[P-3.7-06] an absolute URL',
      { method: 'DELETE', path: 'http://127.0.0.1/scim/v2/Users/1' },
      '400',
      'invalidSyntax',
    ],
    ['[P-3.7-06] bad percent-encoding', { method: 'DELETE', path: '/Users/%E0%A4%A' }, '400', 'invalidSyntax'],
    ['half a surrogate pair in a path', { method: 'DELETE', path: '/Users/x\ud83d' }, '400', 'invalidSyntax'],
    ['[P-3.7-06] an unknown endpoint', post('/Nobodies', 'a', DATA), '404', undefined],
    ['[P-3.7-06] an endpoint in other case', post('/users', 'a', DATA), '404', undefined],
    ['[P-3.7-06] below a resource', { method: 'DELETE', path: '/Users/1/name' }, '404', undefined],
    ['[P-3.7-06] /Bulk', post('/Bulk', 'a', bulkOf([])), '404', undefined],
    ['[P-3.7-06] /Me', { method: 'DELETE', path: '/Me' }, '404', undefined],
    ['[P-3.7-06] /Schemas', post('/Schemas', 'a', DATA), '404', undefined],
    ['[P-3.7-06] a search', post('/Users/.search', 'a', DATA), '404', undefined],
    ['[P-3.7-07] POST without data', { method: 'POST', path: '/Users', bulkId: 'a' }, '400', 'invalidSyntax'],
    ['[P-3.7-07] PUT without data', { method: 'PUT', path: '/Users/1' }, '400', 'invalidSyntax'],
    ['[P-3.7-07] PATCH with text for data', { method: 'PATCH', path: '/Users/1', data: 'x' }, '400', 'invalidSyntax'],
    ['a version that is no text', { method: 'DELETE', path: '/Users/1', version: 1 }, '400', 'invalidSyntax'],
  ])('%s fails alone', async (_title, operation, status, scimType) => {
    const beside = `beside-${Math.random()}`
    const answer = await sendBulk(app.scim, [operation, post('/Users', 'beside', user(beside))])
    expect(statuses(answer)).toEqual([status, '201'])
    const { response, method } = answer.body.Operations[0]
    expect({ scimType: response.scimType, method }).toEqual({
      scimType,
      method: typeof operation.method === 'string' ? operation.method : undefined,
    })
  })

  test('[P-3.7-06] a path without its first slash is the same', async () => {
    expect(statuses(await sendBulk(app.scim, [post('Users', 'a', user('no-slash'))]))).toEqual(['201'])
  })

  test('[P-3.7-08] a version works as If-Match, for that operation alone', async () => {
    const [one, two] = await createUsers(app.scim, user('version-1'), user('version-2'))
    const title = (value: string) => patchOp({ op: 'add', path: 'title', value })
    const bare = one.meta.version.slice(3, -1)
    const answer = await sendBulk(app.scim, [
      { method: 'PATCH', path: `/Users/${one.id}`, version: one.meta.version, data: title('first') },
      { method: 'PATCH', path: `/Users/${one.id}`, version: bare, data: title('second') },
      { method: 'PUT', path: `/Users/${one.id}`, version: one.meta.version, data: user('version-3') },
      { method: 'DELETE', path: `/Users/${one.id}`, version: one.meta.version },
      { method: 'DELETE', path: `/Users/${two.id}`, version: two.meta.version.slice(3, -1) },
    ])
    expect(statuses(answer)).toEqual(['200', '412', '412', '412', '204'])
    expect((await app.scim.get(`/Users/${one.id}`)).body).toMatchObject({ userName: 'version-1', title: 'first' })
  })

  test('[P-3.7-18] an operation is done whole or not at all', async () => {
    const [one] = await createUsers(app.scim, user('atomic-op'))
    const half = patchOp({ op: 'add', path: 'title', value: 'x' }, { op: 'replace', path: 'id', value: 'y' })
    const answer = await sendBulk(app.scim, [{ method: 'PATCH', path: `/Users/${one.id}`, data: half }])
    expect(answer.body.Operations[0].response.scimType).toBe('mutability')
    expect((await app.scim.get(`/Users/${one.id}`)).body).not.toHaveProperty('title')
  })

  test('names that objects inherit are bulkIds and attributes like any other', async () => {
    const data = JSON.parse('{"__proto__": {"userName": "polluted"}, "constructor": "bulkId:__proto__"}')
    const answer = await sendBulk(app.scim, [
      post('/Users', '__proto__', user('proto-1')),
      post('/Users', 'constructor', user('proto-2', { title: 'bulkId:__proto__' })),
      post('/Users', 'toString', { ...user('proto-3'), ...data }),
    ])
    const [first, second] = ids(answer)
    expect(statuses(answer).slice(0, 2)).toEqual(['201', '201'])
    expect((await app.scim.get(`/Users/${second}`)).body.title).toBe(first)
    expect(({} as { userName?: string }).userName).toBeUndefined()
  })
})

describe('a bulk request that is refused as a whole', () => {
  const app = sharedApp(() => memoryOptions())

  afterEach(async () => {
    expect((await app.scim.get('/Users')).body.totalResults).toBe(0)
  })

  const operation = post('/Users', 'a', user('whole'))
  /** The text of a bulk request whose last operation has this text as data. */
  const lastOfMany = (data: string): string => {
    const many = Array.from({ length: 200 }, (_, index) => post('/Users', `${index}`, user(`many-${index}`)))
    return JSON.stringify(bulkOf([...many, post('/Users', 'last', 'DATA')])).replace('"DATA"', data)
  }
  test.each<[string, unknown, string]>([
    ['[P-3.7-02] another schema', { schemas: [BULK_RESPONSE], Operations: [operation] }, 'invalidSyntax'],
    ['[P-3.7-02] no schema', { Operations: [operation] }, 'invalidSyntax'],
    ['[P-3.7-03] no Operations', { schemas: [BULK_REQUEST] }, 'invalidSyntax'],
    ['[P-3.7-03] Operations that are no list', { schemas: [BULK_REQUEST], Operations: operation }, 'invalidSyntax'],
    [
      '[P-3.7-03] an operation that is no object',
      { schemas: [BULK_REQUEST], Operations: [operation, 'x'] },
      'invalidSyntax',
    ],
    ['[P-3.7.2-04] the same bulkId twice', bulkOf([operation, { ...operation, data: user('w2') }]), 'invalidSyntax'],
    ['an array', [operation], 'invalidSyntax'],
    ['no JSON', '{', 'invalidSyntax'],
    ['Operations twice, in other case', { ...bulkOf([operation]), operations: [] }, 'invalidSyntax'],
    ['no JSON in the last of many operations', lastOfMany('{"userName":"x"'), 'invalidSyntax'],
    ['levels beyond the limit in the last of many', lastOfMany('['.repeat(40) + ']'.repeat(40)), 'invalidSyntax'],
  ])('[P-3.7-20] %s: 400', async (_title, body, scimType) => {
    expectError(await app.scim.post('/Bulk', body), 400, scimType)
  })

  test('[P-3.7-20] without credentials: 401', async () => {
    const headers = { authorization: null }
    expectError(await app.scim.post('/Bulk', bulkOf([operation]), { headers }), 401)
  })

  test('another media type: 415', async () => {
    const headers = { 'content-type': 'text/plain' }
    expectError(await app.scim.post('/Bulk', bulkOf([operation]), { headers }), 415)
  })

  test('GET /Bulk: 405', async () => {
    const answer = await app.scim.get('/Bulk')
    expectError(answer, 405)
    expect(answer.headers.get('allow')).toBe('POST')
  })
})

describeExpress('limits of bulk requests', (version) => {
  const app = sharedApp(
    () => memoryOptions({ limits: { bulkOperations: 3, bulkBytes: 2_000, bodyBytes: 500 } }),
    version,
  )
  const headers = { authorization: 'Bearer test-token', 'content-type': 'application/scim+json' }
  const users = (count: number) =>
    Array.from({ length: count }, (_, index) => post('/Users', `${index}`, user(`limit-${index}`)))

  afterEach(async () => {
    expect((await app.scim.get('/Users')).body.totalResults).toBe(0)
  })

  test('[P-3.7.4-01, P-3.7-01] are announced', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body.bulk).toEqual({ supported: true, maxOperations: 3, maxPayloadSize: 2_000 })
  })

  // Decision A-69.
  test('[P-3.7.4-02, P-3.7-20] one operation too many: 413, and nothing is done', async () => {
    const answer = await sendBulk(app.scim, users(4))
    expectError(answer, 413)
    expect(answer.body.detail).toMatch(/\b3\b.*maxOperations/)
  })

  test.each([
    ['with its length', (text: string) => text],
    ['in chunks', (text: string) => [text.slice(0, 1_900), text.slice(1_900)]],
  ])('[P-3.7.4-02] a byte too many, sent %s: 413, and nothing is done', async (_title, bodyOf) => {
    const text = JSON.stringify(bulkOf(users(1)))
    const body = bodyOf(text.slice(0, -1) + ' '.repeat(2_001 - text.length) + text.slice(-1))
    const answer = await sendRaw(app.base, { method: 'POST', path: '/scim/v2/Bulk', headers, body })
    expectError(answer, 413)
    expect(answer.body.detail).toMatch(/\b2000\b.*maxPayloadSize/)
  })
})

test('[P-3.7.4-02] what a parser of the application has read counts too, with a length or in chunks', async () => {
  const scim = scimRouter({ authenticate: () => ({}), ...memoryOptions({ limits: { bulkBytes: 300 } }) })
  const parser = express.json({ type: '*/*', limit: '1mb' })
  const app = await serve(express().use(parser).use('/scim/v2', scim))
  const text = JSON.stringify(bulkOf([post('/Users', 'a', user('x'.repeat(300)))]))
  const headers = { 'content-type': 'application/scim+json' }
  for (const body of [text, [text.slice(0, 9), text.slice(9)]]) {
    expectError(await sendRaw(app.base, { method: 'POST', path: '/scim/v2/Bulk', headers, body }), 413)
  }
  const small = JSON.stringify(bulkOf([post('/Users', 'a', user('x'))]))
  const taken = await sendRaw(app.base, {
    method: 'POST',
    path: '/scim/v2/Bulk',
    headers,
    body: [small.slice(0, 9), small.slice(9)],
  })
  expect(taken.body.Operations).toMatchObject([{ status: '201' }])
})

test('as many operations and bytes as are announced are taken, more than of a single request', async () => {
  await withApp({ limits: { bulkOperations: 2, bulkBytes: 700, bodyBytes: 100 } }, async ({ base, scim }) => {
    const text = JSON.stringify(bulkOf([post('/Users', 'a', user('exact-1')), post('/Users', 'b', user('exact-2'))]))
    const body = text.slice(0, -1) + ' '.repeat(700 - text.length) + text.slice(-1)
    expect(Buffer.byteLength(body)).toBe(700)
    expect(statuses(await scim.post('/Bulk', body))).toEqual(['201', '201'])
    expect(base).toMatch(/^http/)
  })
})

test('[P-3.7-01, P-3.7-20] switched off it is 501, and announced so', async () => {
  await withApp({ bulk: false }, async ({ scim }) => {
    expectError(await sendBulk(scim, [post('/Users', 'a', user('off'))]), 501)
    const { body } = await scim.get('/ServiceProviderConfig')
    expect(body.bulk).toEqual({ supported: false, maxOperations: 0, maxPayloadSize: 0 })
  })
})

test('[P-3.7-17, P-2-03] each operation is authorized as a request of its own would be', async () => {
  const asked: unknown[] = []
  const authorize: AppOptions['authorize'] = ({ action, resourceType, id }) => {
    asked.push([action, resourceType, id])
    if (action === 'delete') throw ScimError.forbidden('No deletions.')
    return resourceType === 'User'
  }
  await withApp({ authorize }, async ({ scim }) => {
    const [{ id }] = (await createUsers(scim, user('authorized'))) as [any]
    asked.length = 0
    const answer = await sendBulk(scim, [
      post('/Groups', 'g', group('forbidden')),
      { method: 'DELETE', path: `/Users/${id}` },
      { method: 'PUT', path: `/Users/${id}`, data: user('authorized', { title: 'x' }) },
      { method: 'PATCH', path: `/Users/${id}`, data: patchOp({ op: 'remove', path: 'title' }) },
      post('/Users', 'u', user('authorized-2')),
    ])
    expect(statuses(answer)).toEqual(['403', '403', '200', '200', '201'])
    expect(detailOf(answer.body.Operations[1].response)).toBe('No deletions.')
    expect(asked).toEqual([
      ['create', 'Group', undefined],
      ['delete', 'User', id],
      ['replace', 'User', id],
      // For the groups of users, once for all operations.
      ['list', 'Group', undefined],
      ['patch', 'User', id],
      ['create', 'User', undefined],
    ])
    expect((await scim.get(`/Users/${id}`)).status).toBe(200)
  })
})

test('without If-Match where it is required, an operation without version is 428', async () => {
  await withApp({ requireIfMatch: true }, async ({ scim }) => {
    const [{ id, meta }] = (await createUsers(scim, user('needs-version'))) as [any]
    const answer = await sendBulk(scim, [
      { method: 'DELETE', path: `/Users/${id}` },
      { method: 'DELETE', path: `/Users/${id}`, version: meta.version },
    ])
    expect(statuses(answer)).toEqual(['428', '204'])
  })
})

test('tolerated: methods and endpoints in any letter case, absolute paths below the base URL', async () => {
  const reports: unknown[] = []
  const request = ({ path, tolerances }: { path: string; tolerances: readonly string[] }): void => {
    if (path === '/Bulk') reports.push([...tolerances].sort())
  }
  await withApp({ on: { request } }, async ({ base, scim }) => {
    const [{ id }] = (await createUsers(scim, user('tolerated'))) as [any]
    const answer = await sendBulk(scim, [
      { method: 'put', path: `${base}/Users/${id}`, data: user('tolerated-2') },
      { method: 'Delete', path: `/users/${id}` },
    ])
    expect(statuses(answer)).toEqual(['200', '204'])
    expect(answer.body.Operations[1].location).toBe(`${base}/Users/${id}`)
    await hooksCalled()
    expect(reports).toEqual([['bulkAbsolutePath', 'bulkMethodCase', 'endpointCase']])
  })
})

test('a failure of the store is a 500 of its operation, told once and without internals', async () => {
  const errors: unknown[] = []
  const { resources } = memoryOptions()
  const failing = { ...resources['User']?.adapter, delete: () => Promise.reject(new Error('disk at /dev/sda is full')) }
  const options = {
    resources: { User: { adapter: failing as never } },
    on: { error: ({ error }: any) => errors.push(error) },
  }
  await withApp(options, async ({ scim }) => {
    const answer = await sendBulk(scim, [
      { method: 'DELETE', path: '/Users/1' },
      post('/Users', 'a', user('after-failure')),
    ])
    expect(statuses(answer)).toEqual(['500', '201'])
    expect(answer.text).not.toContain('disk')
    expect(errors).toEqual([new Error('disk at /dev/sda is full')])
  })
})
