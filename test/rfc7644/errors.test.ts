import { ScimError, type ScimRouterOptions } from '../../src/index.js'
import { BULK_REQUEST, ERROR, PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { describeExpress, sharedApp, startApp } from '../support/app.js'
import { detailOf } from '../support/client.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { closedAfterEach, createUsers, expectError, memoryOptions, user } from './service.js'

const patch = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations })

describeExpress('the table of errors', (version) => {
  const app = sharedApp(
    () => memoryOptions({ compatibility: 'strict', limits: { bodyBytes: 10_000, bulkOperations: 1 } }),
    version,
  )
  let path = ''
  beforeAll(async () => {
    const [{ id }] = await createUsers(app.scim, user('known'), user('taken'))
    path = `/Users/${id}`
  })

  type Row = readonly [
    string,
    number,
    string | undefined,
    () => readonly [method: string, path: string, body?: unknown, headers?: Record<string, string | null>],
  ]
  const ROWS: readonly Row[] = [
    ['unparsable JSON', 400, 'invalidSyntax', () => ['POST', '/Users', '{']],
    ['a body that is no object', 400, 'invalidSyntax', () => ['PUT', path, '[]']],
    ['a message of another schema', 400, 'invalidSyntax', () => ['PATCH', path, { Operations: [] }]],
    ['a bad filter', 400, 'invalidFilter', () => ['GET', '/Users?filter=userName']],
    ['a taken value in a POST', 409, 'uniqueness', () => ['POST', '/Users', user('TAKEN')]],
    ['a taken value in a PUT', 409, 'uniqueness', () => ['PUT', path, user('taken')]],
    [
      'a taken value in a PATCH',
      409,
      'uniqueness',
      () => ['PATCH', path, patch({ op: 'replace', path: 'userName', value: 'taken' })],
    ],
    [
      'a change of what is readOnly',
      400,
      'mutability',
      () => ['PATCH', path, patch({ op: 'replace', path: 'id', value: 'x' })],
    ],
    [
      'the removal of what is required',
      400,
      'mutability',
      () => ['PATCH', path, patch({ op: 'remove', path: 'userName' })],
    ],
    [
      'a malformed path',
      400,
      'invalidPath',
      () => ['PATCH', path, patch({ op: 'replace', path: '/title', value: 'x' })],
    ],
    ['a path without target', 400, 'noTarget', () => ['PATCH', path, patch({ op: 'remove' })]],
    ['a missing required value', 400, 'invalidValue', () => ['POST', '/Users', { schemas: user('').schemas }]],
    ['a value of the wrong type', 400, 'invalidValue', () => ['POST', '/Users', user('x', { active: 'maybe' })]],
    ['a bad query value', 400, 'invalidValue', () => ['GET', '/Users?count=many']],
    ['a filter on discovery', 403, undefined, () => ['GET', '/Schemas?filter=id pr']],
    ['no credentials', 401, undefined, () => ['GET', '/Users', undefined, { authorization: null }]],
    ['an unknown id', 404, undefined, () => ['GET', '/Users/nobody']],
    ['an unknown endpoint', 404, undefined, () => ['GET', '/nothing']],
    ['a method that is not for the endpoint', 405, undefined, () => ['PUT', '/Users', user('x')]],
    ['nothing that the client accepts', 406, undefined, () => ['GET', '/Users', undefined, { accept: 'text/html' }]],
    ['another version', 412, undefined, () => ['PUT', path, user('known'), { 'if-match': 'W/"other"' }]],
    ['a body that is too large', 413, undefined, () => ['POST', '/Users', user('x'.repeat(10_000))]],
    [
      'too many bulk operations',
      413,
      undefined,
      () => ['POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: [{}, {}] }],
    ],
    ['another media type', 415, undefined, () => ['POST', '/Users', user('x'), { 'content-type': 'text/plain' }]],
    ['a feature that is off', 501, undefined, () => ['GET', '/Me']],
  ]

  test.each(ROWS)(
    '[P-3.12-01, P-3.12-02, P-3.12-03, P-3.12-04, P-3.12-06, P-3.2-04] %s is %i %s',
    async (_, status, scimType, request) => {
      const [method, where, body, headers = {}] = request()
      expectError(await app.scim.send(method, where, { body, headers }), status, scimType)
    },
  )
})

describeExpress('errors of adapters and hooks', (version) => {
  const closed = closedAfterEach()
  /** A service whose store does nothing but throw. */
  const throwing = (thrown: unknown, options: Partial<ScimRouterOptions> = {}) => {
    const fail = () => {
      throw thrown
    }
    const adapter = { create: fail, get: fail, list: fail, replace: fail, delete: fail }
    return closed(startApp({ resources: { User: { adapter } }, ...options }, version))
  }
  const EACH: readonly (readonly [string, string, unknown?])[] = [
    ['GET', '/Users/1'],
    ['GET', '/Users', undefined],
    ['GET', '/', undefined],
    ['POST', '/Users', user('x')],
    ['POST', '/Users/.search', { schemas: [SEARCH_REQUEST] }],
    ['PUT', '/Users/1', user('x')],
    ['PATCH', '/Users/1', patch({ op: 'replace', path: 'title', value: 'x' })],
    ['DELETE', '/Users/1', undefined],
  ]

  test.each([
    [
      'an Error',
      Object.assign(new Error('connect ECONNREFUSED db.internal:5432'), {
        code: 'ECONNREFUSED',
        status: 404,
        statusCode: 404,
      }),
    ],
    ['a TypeError', new TypeError("Cannot read properties of undefined (reading 'internal')")],
    ['a text', 'internal text'],
    ['undefined', undefined],
    ['null', null],
    ['an object like an error', { name: 'ScimError', status: 404, message: 'internal', scimType: 'noTarget' }],
  ])('[P-3.12-04, P-3.12-07] %s thrown by a store is 500 without internals, told to on.error', async (_, thrown) => {
    const error = jest.fn()
    const app = await throwing(thrown, { on: { error } })
    for (const [method, path, body] of EACH) {
      const answer = await app.scim.send(method, path, { body })
      expectError(answer, 500)
      expect(answer.text).not.toMatch(/internal|ECONN|undefined/)
      const requestId = expect.stringMatching(/^[\da-f-]{36}$/)
      expect(error).toHaveBeenLastCalledWith({ error: thrown, method, path, requestId, auth: {} })
    }
    expect(error).toHaveBeenCalledTimes(EACH.length)
  })

  test.each([
    ['uniqueness', ScimError.uniqueness('userName'), 409, 'uniqueness'],
    ['forbidden', ScimError.forbidden(), 403, undefined],
    ['invalidValue', ScimError.invalidValue('The password is too short.'), 400, 'invalidValue'],
    ['notImplemented', ScimError.notImplemented(), 501, undefined],
  ])('[P-3.12-03] ScimError.%s goes out as it is', async (_, thrown, status, scimType) => {
    const error = jest.fn()
    const app = await throwing(thrown, { on: { error } })
    for (const [method, path, body] of EACH) {
      const answer = await app.scim.send(method, path, { body })
      expectError(answer, status, scimType)
      expect(detailOf(answer.body)).toBe(thrown.message)
    }
    expect(error).not.toHaveBeenCalled()
  })

  test('[P-3.12-08] 429 and 503 carry Retry-After; only the second is a failure of the service', async () => {
    const error = jest.fn()
    const limited = await throwing(ScimError.tooManyRequests({ retryAfter: 7 }), { on: { error } })
    const answer = await limited.scim.get('/Users')
    expectError(answer, 429)
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(error).not.toHaveBeenCalled()
    const down = await throwing(ScimError.unavailable({ retryAfter: 1.5, cause: new Error('db') }), { on: { error } })
    const unavailable = await down.scim.get('/Users')
    expectError(unavailable, 503)
    expect(unavailable.headers.get('retry-after')).toBe('2')
    expect(error).toHaveBeenCalledTimes(1)
  })

  test('[P-3.12-05] a redirect keeps the method: 307 and 308 go out with their Location', async () => {
    for (const status of [307, 308]) {
      const Location = 'https://eu.example.com/scim/v2/Users/1'
      const app = await throwing(new ScimError(status, 'The resource has moved.', { headers: { Location } }))
      const answer = await app.scim.patch('/Users/1', patch({ op: 'replace', path: 'title', value: 'x' }))
      expectError(answer, status)
      expect(answer.headers.get('location')).toBe(Location)
    }
  })

  test('mapError translates the errors of a database, and may fail itself', async () => {
    const duplicate = Object.assign(new Error('duplicate key (bob)'), { code: '23505' })
    const mapError = (error: any) => (error.code === '23505' ? ScimError.uniqueness() : undefined)
    expectError(await (await throwing(duplicate, { mapError })).scim.post('/Users', user('bob')), 409, 'uniqueness')
    expectError(await (await throwing(new Error('other'), { mapError })).scim.post('/Users', user('bob')), 500)
    const error = jest.fn()
    const failing = await throwing(null, { mapError, on: { error } })
    expectError(await failing.scim.get('/Users'), 500)
    expect(error).toHaveBeenCalledTimes(2)
  })

  test.each([
    ['no HTTP status', new ScimError(42, 'x')],
    ['a status of success', new ScimError(200, 'x')],
    ['a status that is no number', new ScimError('404' as never, 'x')],
    ['a line break in a header', new ScimError(400, 'x', { headers: { 'X-Reason': 'a\r\nSet-Cookie: b' } })],
    ['a header beyond HTTP', new ScimError(400, 'x', { headers: { 'X-Reason': '日本' } })],
    ['a header without name', new ScimError(400, 'x', { headers: { '': 'x' } })],
  ])('an error with %s is 500, told to on.error, and the server goes on', async (_, thrown) => {
    const error = jest.fn()
    const app = await throwing(thrown, { on: { error } })
    const answer = await app.scim.get('/Users')
    expectError(answer, 500)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(error).toHaveBeenCalledTimes(1)
    expect((await app.scim.get('/Schemas')).status).toBe(200)
  })

  test('an error of another copy of the package is one as well', async () => {
    const { ScimError: Other } = await importAnew()
    expect(new Other(418, 'x')).not.toBeInstanceOf(ScimError)
    expectError(await (await throwing(Other.uniqueness('userName'))).scim.get('/Users'), 409, 'uniqueness')
  })

  test('hooks that fail change no answer', async () => {
    const fail = () => {
      throw new Error('hook')
    }
    const app = await throwing(new Error('store'), { on: { error: fail, request: fail } })
    expectError(await app.scim.get('/Users'), 500)
    expect((await app.scim.get('/Schemas')).status).toBe(200)
  })

  test('a store that does not answer in time is 503, and hears of it by its signal', async () => {
    const aborted = jest.fn()
    const get = (_: string, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener('abort', aborted)
      return new Promise<never>(() => undefined)
    }
    const adapter = { ...fixtureAdapter([]), get }
    const app = await closed(startApp({ resources: { User: { adapter } }, limits: { requestTime: 100 } }, version))
    const answer = await app.scim.get('/Users/1')
    expectError(answer, 503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(aborted).toHaveBeenCalledTimes(1)
  })

  test('a store hears by its signal of a client that has gone away, even if it asks late', async () => {
    const heard = new Promise<void>((resolve) => {
      const get = async (_: string, call: { signal: AbortSignal; request: any }) => {
        leave.abort()
        await new Promise((closed) => call.request.socket.once('close', closed))
        if (call.signal.aborted) resolve()
        return undefined
      }
      const leave = new AbortController()
      const adapter = { ...fixtureAdapter([]), get }
      void closed(startApp({ resources: { User: { adapter } } }, version)).then((app) =>
        fetch(`${app.base}/Users/1`, { headers: { authorization: 'Bearer test-token' }, signal: leave.signal }).catch(
          () => undefined,
        ),
      )
    })
    await heard
  })

  test('a store that fails in the middle of a long list breaks the answer off: no half document looks whole', async () => {
    const error = jest.fn()
    const members = async function* () {
      for (let index = 0; index < 500; index += 1) yield { value: `m${index}` }
      throw new Error('cursor lost')
    }
    const adapter = { ...fixtureAdapter([]), get: () => ({ id: 'g', displayName: 'g', members: members() }) as never }
    const app = await closed(startApp({ resources: { Group: { adapter } }, on: { error } }, version))
    await expect(app.scim.get('/Groups/g')).rejects.toThrow()
    expect(error).toHaveBeenCalledTimes(1)
    expect((await app.scim.get('/Groups/g?excludedAttributes=members')).status).toBe(200)
  })
})

describe('what URIs tell', () => {
  const app = sharedApp(() => memoryOptions({ cursor: { secrets: ['0123456789abcdef'] } }))

  test('[P-3.12-10] what the server makes holds ids, and no names, addresses or filters', async () => {
    const person = user('jane.doe', { emails: [{ value: 'jane.doe@example.com' }], externalId: 'jane.doe' })
    const [first] = await createUsers(app.scim, person, user('jane.doe2'))
    const { body: created } = await app.scim.post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'jane.doe',
      members: [{ value: first.id }],
    })
    const { body: list } = await app.scim.get('/Users?filter=userName sw "jane.doe"&sortBy=userName&count=1&cursor=')
    const decoded = Buffer.from(list.nextCursor, 'base64url').toString('latin1')
    for (const uri of [first.meta.location, created.meta.location, created.members[0].$ref, list.nextCursor, decoded]) {
      expect(uri).not.toMatch(/jane|doe|example\.com/)
    }
  })

  test('an error repeats neither the message nor the value', async () => {
    const answer = await app.scim.post('/Users', user('x', { schemas: [ERROR], password: 'p4ssw0rd' }))
    expectError(answer, 400, 'invalidSyntax')
    expect(answer.text).not.toContain('p4ssw0rd')
  })
})

/** The module of errors once more, as a second module format in one process has it. */
async function importAnew(): Promise<{ readonly ScimError: typeof ScimError }> {
  let module: { readonly ScimError: typeof ScimError } | undefined
  await jest.isolateModulesAsync(async () => {
    module = await import('../../src/error.js')
  })
  return module as { readonly ScimError: typeof ScimError }
}
