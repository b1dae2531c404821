import { type Exchange, ScimClient, ScimClientError, type ScimClientOptions } from '../../src/client/index.js'
import { type Got, type Stub, type StubAnswer, startStub } from './stub.js'

let stub: Stub | undefined
afterEach(async () => {
  await stub?.close()
  stub = undefined
})

const waits: number[] = []
beforeEach(() => waits.splice(0))
const retry = { wait: async (milliseconds: number) => void waits.push(milliseconds) }

async function client(
  answer: (request: Got, number: number) => StubAnswer | undefined,
  options: ScimClientOptions = {},
): Promise<{ scim: ScimClient; got: readonly Got[] }> {
  stub = await startStub(answer)
  return { scim: new ScimClient(`${stub.url}/scim/v2/`, { retry, ...options }), got: stub.got }
}

const EMPTY = { body: { totalResults: 0, Resources: [] } }

describe('the base URL', () => {
  test.each([
    ['http://app.example/scim/v2', /Plain http to app\.example/],
    ['http://127.0.0.1.app.example/', /Plain http/],
    ['ftp://app.example', /must begin with https/],
    ['https://user:word@app.example', /must not hold a user name/],
    ['https://app.example/scim?tenant=1', /no query string/],
    ['app.example', /is no URL/],
  ])('%s is refused', (base, message) => {
    expect(() => new ScimClient(base)).toThrow(
      expect.objectContaining({ code: 'setup', message: expect.stringMatching(message) }),
    )
  })

  test('plain http goes to this machine, and elsewhere when it is allowed', () => {
    expect(new ScimClient('http://[::1]:3000/scim/v2/').base).toBe('http://[::1]:3000/scim/v2')
    expect(new ScimClient('http://localhost/').base).toBe('http://localhost')
    expect(new ScimClient('http://app.example/x', { insecure: true }).base).toBe('http://app.example/x')
  })

  test('a path that leads elsewhere is refused before a token is shown', async () => {
    const { scim, got } = await client(() => EMPTY, { authorization: { bearer: 'secret' } })
    for (const path of [
      'http://127.0.0.1:1/scim/v2/Users',
      `${scim.base}.example/Users`,
      '@127.0.0.1:1/',
      '.example/Users',
    ]) {
      await expect(scim.send('GET', path)).rejects.toThrow('A path must begin with / or with the base URL')
    }
    await scim.send('GET', `${scim.base}/Users`)
    expect(got.map(({ path }) => path)).toEqual(['/scim/v2/Users'])
  })

  test('a redirect is an answer: the token is not shown to another address', async () => {
    const { scim, got } = await client(() => ({ status: 308, headers: { location: '/other' } }))
    await expect(scim.users.get('1')).rejects.toMatchObject({ code: 'refused', status: 308 })
    expect(got).toHaveLength(1)
  })
})

describe('who the client is', () => {
  test.each<[string, NonNullable<ScimClientOptions['authorization']>, string]>([
    ['a bearer token', { bearer: 'abc' }, 'Bearer abc'],
    ['a function that gives one', { bearer: async () => 'new' }, 'Bearer new'],
    ['the token alone', { bare: 'abc' }, 'abc'],
    [
      'user and password',
      { basic: { userName: 'ü', password: 'p:q' } },
      `Basic ${Buffer.from('ü:p:q').toString('base64')}`,
    ],
  ])('%s', async (_name, authorization, header) => {
    const { scim, got } = await client(() => EMPTY, { authorization, headers: { 'X-Tenant': 'acme' } })
    await scim.send('GET', '/Users')
    expect(got[0]?.headers).toMatchObject({
      authorization: header,
      'x-tenant': 'acme',
      accept: 'application/scim+json',
    })
  })

  test('client credentials: one token for requests at once, a new one before it ends and when it is refused', async () => {
    let issued = 0
    const valid = (request: Got) => request.headers.authorization === `Bearer token-${issued}`
    const { scim, got } = await client(
      (request) => {
        if (request.path === '/token') {
          issued += 1
          return {
            body: { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: issued === 1 ? 3600 : 20 },
          }
        }
        if (request.path.endsWith('/revoke')) {
          issued += 100
          return EMPTY
        }
        return valid(request) ? EMPTY : { status: 401 }
      },
      { authorization: { oauth: { tokenUrl: 'http://127.0.0.1/', clientId: 'a', clientSecret: 'b' } } },
    )
    const oauth = { tokenUrl: `${stub?.url}/token`, clientId: 'a b', clientSecret: 'c:+', scope: 'scim' }
    const authorized = new ScimClient(scim.base, { authorization: { oauth }, retry })
    await Promise.all([authorized.users.page(), authorized.groups.page()])
    expect(issued).toBe(1)
    expect(got[0]?.headers.authorization).toBe(`Basic ${Buffer.from('a+b:c%3A%2B').toString('base64')}`)
    expect(got[0]?.body).toBe('grant_type=client_credentials&scope=scim')
    await authorized.send('POST', '/revoke')
    await authorized.users.page()
    expect(issued).toBe(102)
    // The second token ends within the margin, so no other request uses it.
    await authorized.users.page()
    expect(issued).toBe(103)
    const inBody = new ScimClient(scim.base, { authorization: { oauth: { ...oauth, sendIn: 'body' } }, retry })
    await inBody.users.page()
    expect(got.at(-2)?.body).toBe('grant_type=client_credentials&scope=scim&client_id=a+b&client_secret=c%3A%2B')
    expect(got.at(-2)?.headers.authorization).toBeUndefined()
  })

  test('a token endpoint that refuses is told without the secret', async () => {
    const { scim } = await client(() => ({ status: 400, body: { error: 'invalid_client' } }))
    const oauth = { tokenUrl: `${stub?.url}/token`, clientId: 'a', clientSecret: 'very-secret' }
    const refused = new ScimClient(scim.base, { authorization: { oauth }, retry: false })
    await expect(refused.users.page()).rejects.toThrow('The token endpoint gave no token: status 400 (invalid_client).')
    expect(
      () => new ScimClient(scim.base, { authorization: { oauth: { ...oauth, tokenUrl: 'http://a.example' } } }),
    ).toThrow('Plain http')
  })
})

describe('sending again', () => {
  test.each([429, 503])('%i is sent again after Retry-After, a write too', async (status) => {
    const { scim, got } = await client((_request, number) =>
      number < 3 ? { status, headers: number === 1 ? { 'retry-after': '7' } : {} } : { status: 201, body: { id: '1' } },
    )
    expect(await scim.users.create({ userName: 'a' })).toEqual({ id: '1' })
    expect(waits).toEqual([7000, 1000])
    expect(new Set(got.map(({ body }) => body)).size).toBe(1)
  })

  test('Retry-After may be a date', async () => {
    const { scim } = await client((_request, number) =>
      number === 1 ? { status: 503, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } } : EMPTY,
    )
    await scim.users.page()
    expect(waits[0]).toBeGreaterThan(50_000)
    expect(waits[0]).toBeLessThanOrEqual(60_000)
  })

  test('a longer wait than allowed is an error at once, and so is the last try', async () => {
    const { scim, got } = await client(() => ({ status: 429, headers: { 'retry-after': '600' } }))
    await expect(scim.users.page()).rejects.toMatchObject({ status: 429 })
    expect(got).toHaveLength(1)
    await stub?.close()
    const second = await client(() => ({ status: 429 }))
    await expect(second.scim.users.page()).rejects.toMatchObject({ status: 429 })
    expect(second.got).toHaveLength(5)
    expect(waits).toEqual([500, 1000, 2000, 4000])
  })

  test('a read whose answer is lost is sent again, a write is not: it may have been done', async () => {
    const { scim, got } = await client((_request, number) => (number === 1 ? { status: 0 } : EMPTY))
    await scim.users.page()
    expect(got).toHaveLength(2)
    await stub?.close()
    const second = await client(() => ({ status: 0 }))
    await expect(second.scim.users.create({ userName: 'a' })).rejects.toMatchObject({ code: 'network' })
    expect(second.got).toHaveLength(1)
  })

  test('other errors and retry: false are sent once', async () => {
    const { scim, got } = await client(() => ({ status: 500 }))
    await expect(scim.users.page()).rejects.toMatchObject({ status: 500 })
    const once = new ScimClient(scim.base, { retry: false })
    await expect(once.users.page()).rejects.toMatchObject({ status: 500 })
    expect(got).toHaveLength(2)
  })
})

describe('bounds', () => {
  test('a server that never answers is a timeout', async () => {
    const { scim } = await client(() => undefined, { timeout: 20, retry: false })
    await expect(scim.users.get('1')).rejects.toMatchObject({
      code: 'timeout',
      message: 'GET /scim/v2/Users/1 got no answer within 20 ms.',
    })
  })

  test('the caller may end a request', async () => {
    const { scim } = await client(() => undefined)
    const controller = new AbortController()
    const asked = scim.users.get('1', { signal: controller.signal })
    controller.abort(new Error('no longer needed'))
    await expect(asked).rejects.toThrow('no longer needed')
  })

  test('an answer that is too large is not read to its end, and not asked for again', async () => {
    const { scim, got } = await client(() => ({ body: 'x'.repeat(2000) }), { maxAnswerBytes: 1000 })
    await expect(scim.users.page()).rejects.toMatchObject({ code: 'answer' })
    expect(got).toHaveLength(1)
  })

  test('an answer may have any size if there is no limit', async () => {
    const { scim } = await client(() => ({ body: { id: 'x'.repeat(2000) } }), { maxAnswerBytes: Infinity })
    expect((await scim.users.get('7'))?.id).toHaveLength(2000)
  })
})

test('onExchange is told everything but tokens and passwords', async () => {
  const exchanges: Exchange[] = []
  const { scim } = await client(
    (_request, number) => (number === 1 ? { status: 429 } : { status: 201, body: { id: '1' } }),
    {
      authorization: { bearer: 'token-of-mine' },
      headers: { 'X-Key': 'key-of-mine' },
      onExchange: (exchange) => exchanges.push(exchange),
    },
  )
  await scim.users.create({ userName: 'a', password: 'word-of-mine' })
  await scim.send('PATCH', '/Users/1', {
    body: {
      Operations: [{ op: 'replace', path: 'password', value: 'word-of-mine' }, { value: { password: 'word-of-mine' } }],
    },
  })
  await scim.send('POST', '/Users', { body: '{"password":"word-of-mine"' })
  expect(exchanges.map(({ method, attempt, answer }) => [method, attempt, answer?.status])).toEqual([
    ['POST', 1, 429],
    ['POST', 2, 201],
    ['PATCH', 1, 201],
    ['POST', 1, 201],
  ])
  expect(exchanges[0]?.requestHeaders).toMatchObject({ authorization: '[hidden]', 'x-key': '[hidden]' })
  expect(JSON.stringify(exchanges.map(({ answer: _answer, ...exchange }) => exchange))).not.toMatch(/of-mine/)
})

test('an error says what was asked and what the server said', async () => {
  const { scim } = await client(() => ({ status: 409, body: { scimType: 'uniqueness', detail: 'userName is taken' } }))
  const error = await scim.users.create({ userName: 'a' }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ScimClientError)
  expect(error).toMatchObject({
    code: 'refused',
    status: 409,
    scimType: 'uniqueness',
    detail: 'userName is taken',
    message: 'POST /Users was answered with 409 uniqueness: userName is taken',
  })
})
