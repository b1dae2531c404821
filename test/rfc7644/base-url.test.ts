import express5 from 'express'
import express4 from 'express4'
import { inProcessBaseUrl } from '../../src/express/base-url.js'
import { bearer, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { describeExpress, type ExpressVersion, serve, startApp, TOKEN } from '../support/app.js'
import { sendRaw } from '../support/raw.js'
import { closedAfterEach, expectError, memoryOptions, user } from './service.js'

const authorization = `Bearer ${TOKEN}`
const INVALID = [
  'https://example.com/v2?x=1',
  'https://example.com/v2?',
  'https://example.com/#x',
  '/scim/v2',
  'ftp://example.com',
  '',
  5,
]

/** Mounts a router wherever a test wants it. */
function mounted(
  version: ExpressVersion,
  mount: (app: any, scim: any, express: any) => void,
  options: Partial<ScimRouterOptions> = {},
) {
  const express: any = version === 4 ? express4 : express5
  const scim = scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions(), ...options } as ScimRouterOptions)
  const app = express()
  mount(app, scim, express)
  return serve(app)
}

/** Creates a user and gives where it is said to be. */
async function locate(base: string, path: string, headers: Record<string, string> = {}) {
  const answer = await sendRaw(base, {
    method: 'POST',
    path,
    headers: { authorization, 'content-type': 'application/scim+json', ...headers },
    body: JSON.stringify(user(`at-${Math.random()}`)),
  })
  return answer.status === 201 ? answer.body.meta.location.slice(0, -answer.body.id.length) : answer
}

describeExpress('the base URL', (version) => {
  const closed = closedAfterEach()

  test.each([
    ['/scim/v2', '/scim/v2/Users'],
    ['/', '/Users'],
    ['/a/b/c', '/a/b/c/Users'],
    ['/scim/:org/v2', '/scim/acme%20inc/v2/Users'],
  ])('[P-3.3-06, P-6-03] mounted at %s it begins with the path that was asked', async (mount, path) => {
    const app = await closed(mounted(version, (host, scim) => host.use(mount, scim)))
    const root = new URL(app.base).origin
    expect(await locate(app.base, path)).toBe(`${root}${path}/`)
  })

  test('[P-3.3-06] inside a Router of the application it has the paths of both', async () => {
    const app = await closed(
      mounted(version, (host, scim, express) =>
        host.use('/api', express.Router({ mergeParams: true }).use('/scim', scim)),
      ),
    )
    expect(await locate(app.base, '/api/scim/Users')).toBe(`${new URL(app.base).origin}/api/scim/Users/`)
  })

  test('[P-1.3-01] the query of a request is no part of any location', async () => {
    const app = await closed(startApp(memoryOptions(), version))
    expect(await locate(app.base, '/scim/v2/Users?attributes=meta&x=y#z')).toBe(`${app.base}/Users/`)
    const { text } = await app.scim.get('/?filter=meta.resourceType eq "User"&secret=s3cret')
    expect(text).toContain(`${app.base}/Users/`)
    expect(text).not.toMatch(/\?|s3cret/)
  })

  test('[P-3.13-01, P-3.13-02] a version stands before the endpoint if it is mounted so; another version is 404', async () => {
    const app = await closed(mounted(version, (host, scim) => host.use('/scim/v2', scim).use('/scim', scim)))
    const root = new URL(app.base).origin
    expect(await locate(app.base, '/scim/v2/Users')).toBe(`${root}/scim/v2/Users/`)
    expect(await locate(app.base, '/scim/Users')).toBe(`${root}/scim/Users/`)
    for (const path of ['/scim/v1/Users', '/scim/v3/Users', '/scim/Users/v2', '/scim/v2/v2/Users']) {
      expectError(await sendRaw(app.base, { path, headers: { authorization } }), 404)
    }
  })

  // Decision A-108.
  test('forwarded headers count where the application trusts the proxy', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'scim.example.com:8443, inner' }
    const trusting = await closed(mounted(version, (host, scim) => host.set('trust proxy', true).use('/scim', scim)))
    expect(await locate(trusting.base, '/scim/Users', forwarded)).toBe('https://scim.example.com:8443/scim/Users/')
    expect(await locate(trusting.base, '/scim/Users')).toBe(`${new URL(trusting.base).origin}/scim/Users/`)
    const other = await closed(mounted(version, (host, scim) => host.set('trust proxy', '10.0.0.1').use('/scim', scim)))
    const plain = await closed(mounted(version, (host, scim) => host.use('/scim', scim)))
    for (const app of [other, plain]) {
      expect(await locate(app.base, '/scim/Users', forwarded)).toBe(`${new URL(app.base).origin}/scim/Users/`)
    }
  })

  test('an encrypted connection is https, whatever a client forwards', async () => {
    const app = await closed(
      mounted(version, (host, scim) =>
        host.use(
          '/scim',
          (request: any, _response: unknown, next: () => void) => {
            Object.assign(request.socket, { encrypted: true })
            next()
          },
          scim,
        ),
      ),
    )
    for (const forwarded of [{}, { 'x-forwarded-proto': 'http' }]) {
      expect(await locate(app.base, '/scim/Users', forwarded)).toMatch(/^https:/)
    }
  })

  test('a protocol that the host has put in its place counts, for one request or for the application', async () => {
    const define = (target: object) => Object.defineProperty(target, 'protocol', { value: 'https', configurable: true })
    const one = await closed(
      mounted(version, (host, scim) =>
        host.use(
          '/scim',
          (request: any, _response: unknown, next: () => void) => {
            if (request.headers['x-tls']) define(request)
            next()
          },
          scim,
        ),
      ),
    )
    expect(await locate(one.base, '/scim/Users', { 'x-tls': '1' })).toMatch(/^https:/)
    expect(await locate(one.base, '/scim/Users')).toMatch(/^http:/)
    const all = await closed(
      mounted(version, (host, scim) => {
        define(host.request)
        return host.use('/scim', scim)
      }),
    )
    expect(await locate(all.base, '/scim/Users')).toMatch(/^https:/)
  })

  test('a Host that is none is 400 and shows up nowhere', async () => {
    const app = await closed(startApp(memoryOptions(), version))
    for (const host of ['evil.example/path?', '<script>', 'a b', 'user@example.com', 'example.com:port']) {
      const answer = await locate(app.base, '/scim/v2/Users', { host })
      expectError(answer, 400)
      expect(answer.text).not.toContain(host)
    }
    // The router refuses the request before the store writes.
    expect((await app.scim.get('/Users')).body.totalResults).toBe(0)
    expect(await locate(app.base, '/scim/v2/Users', { host: 'example.com' })).toBe('http://example.com/scim/v2/Users/')
    expect(await locate(app.base, '/scim/v2/Users', { host: '[::1]:80' })).toBe('http://[::1]:80/scim/v2/Users/')
  })

  test.each([
    ['https://scim.example.com/v2', 'https://scim.example.com/v2/Users/'],
    ['https://scim.example.com/v2/', 'https://scim.example.com/v2/Users/'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4/Users/'],
  ])('the option %s is where clients find it', async (baseUrl, location) => {
    const app = await closed(startApp(memoryOptions({ baseUrl }), version))
    expect(await locate(app.base, '/scim/v2/Users', { host: 'ignored!' })).toBe(location)
  })

  test('the option may be a function of the request, whose mistakes are 500', async () => {
    const error = jest.fn()
    const baseUrl = (request: any) => request.headers['x-base']
    const app = await closed(startApp(memoryOptions({ baseUrl, on: { error } }), version))
    expect(await locate(app.base, '/scim/v2/Users', { 'x-base': 'https://a.example' })).toBe('https://a.example/Users/')
    for (const invalid of INVALID)
      expectError(await locate(app.base, '/scim/v2/Users', { 'x-base': String(invalid) }), 500)
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ error: expect.objectContaining({ code: 'ERR_SCIM_BASE_URL' }) }),
    )
  })
})

test('the option is understood in every request, however many there were', () => {
  // Node 20 compiles `URL.canParse` anew for a hot caller, and takes letters beyond ASCII for a mistake from then on.
  const read = inProcessBaseUrl(() => 'https://bücher.example/ä')
  const found = new Set(Array.from({ length: 50_000 }, () => read(undefined)))
  expect([...found]).toEqual(['https://xn--bcher-kva.example/%C3%A4'])
})

test.each(INVALID)('[P-1.3-01] the option %j is refused at start', (baseUrl) => {
  const options = { authenticate: bearer(TOKEN), ...memoryOptions(), baseUrl: baseUrl as string }
  expect(() => scimRouter(options)).toThrow(/ERR_SCIM_BASE_URL/)
})

describeExpress('parameters of the mount path', (version) => {
  const closed = closedAfterEach()
  afterEach(() => jest.restoreAllMocks())
  const authenticate: ScimRouterOptions['authenticate'] = ({ params }) => ({ tenant: params['org'] })

  test('reach authenticate and the adapters', async () => {
    const adapter = jest.fn(({ params }: { params: Record<string, string> }) => {
      expect(params['org']).toBe('acme')
      return memoryOptions().resources['User']?.adapter
    })
    const app = await closed(
      mounted(version, (host, scim) => host.use('/:org/scim', scim), {
        authenticate,
        resources: { User: { adapter: adapter as never } },
      }),
    )
    expect((await sendRaw(app.base, { path: '/acme/scim/Users' })).status).toBe(200)
    expect(adapter).toHaveBeenCalled()
  })

  test.each([
    ['a Router without mergeParams', (scim: any, express: any) => express.Router().use('/scim', scim), '/:org'],
    ['a mount path without parameters', (scim: any, express: any) => express.Router().use('/scim', scim), '/acme'],
    ['a mount path with another parameter', (scim: any) => scim, '/:customer/scim'],
    ['two mount paths of which the other has it', (scim: any) => scim, ['/acme/scim', '/x/:org/scim']],
  ])('%s: a look at one that is not there is 500, told to on.error once', async (_title, wrap, path) => {
    const adapter = jest.fn()
    const errors: unknown[] = []
    const app = await closed(
      mounted(version, (host, scim, express) => host.use(path, wrap(scim, express)), {
        // Undefined is no organization of a token that is not known, either.
        authenticate: ({ token, params }) => ({ known: 'acme' })[token ?? ''] === params.org ? {} : null,
        resources: { User: { adapter: (() => adapter()) as never } },
        on: { error: ({ error }) => errors.push(error) },
      }),
    )
    for (const token of ['unknown', 'known', 'unknown']) {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await sendRaw(app.base, { path: '/acme/scim/Users', headers })
      expect([answer.status, answer.body.detail]).toEqual([500, expect.stringContaining('ERR_SCIM_PARAMS')])
    }
    expect(adapter).not.toHaveBeenCalled()
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_SCIM_PARAMS' })])
  })

  test.each(['0', '1', 'größe', 'customer-id', 'org.id', '$org', ''])('so it is with the name %j', async (name) => {
    const app = await closed(
      mounted(version, (host, scim) => host.use('/:org/scim', scim), {
        authenticate: ({ params }) => (params[name] ? {} : {}),
      }),
    )
    const { status, body } = await sendRaw(app.base, { path: '/acme/scim/Users' })
    expect([status, body.detail]).toEqual([500, expect.stringContaining('ERR_SCIM_PARAMS')])
  })

  test('can be looked through, written and waited for without naming one', async () => {
    const seen: unknown[] = []
    const app = await closed(
      mounted(version, (host, scim) => host.use('/:org/scim', scim).use('/scim', scim), {
        authenticate: async ({ params }) => {
          seen.push([{ ...params }, JSON.parse(JSON.stringify(params)), 'org' in params, Object.keys(await params)])
          return {}
        },
      }),
    )
    for (const path of ['/acme/scim/Users', '/scim/Users']) expect((await sendRaw(app.base, { path })).status).toBe(200)
    expect(seen).toEqual([
      [{ org: 'acme' }, { org: 'acme' }, true, ['org']],
      [{}, {}, false, []],
    ])
  })
})
