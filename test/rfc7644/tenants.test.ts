import express5 from 'express'
import express4 from 'express4'
import { type ResourceAdapter, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { handle } from '../../src/provider/handle.js'
import { createProvider, type Provider } from '../../src/provider/setup/provider.js'
import { BULK_REQUEST } from '../../src/urn.js'
import { type App, type ExpressVersion, serve } from '../support/app.js'
import { type ScimClient, scimClient } from '../support/client.js'
import { runs } from '../support/length.js'
import { ids, patchOp, post, sendBulk, statuses } from './bulk-service.js'
import { ENTERPRISE, expectError, group, user } from './service.js'

type Authenticate = ScimRouterOptions['authenticate']

/** One pair of adapters for all tenants: they find the tenant in the call. */
function shared(): ScimRouterOptions['resources'] {
  const { users, groups } = memoryAdapters()
  return { User: { adapter: users }, Group: { adapter: groups } }
}

/** Adapters of its own for each tenant. */
function perTenant(): ScimRouterOptions['resources'] {
  const stores = new Map<string | undefined, ReturnType<typeof memoryAdapters>>()
  const storeOf = (tenant: string | undefined): ReturnType<typeof memoryAdapters> => {
    const store = stores.get(tenant) ?? memoryAdapters()
    stores.set(tenant, store)
    return store
  }
  return {
    User: { adapter: ({ tenant }) => storeOf(tenant).users, supports: { versions: true, cursor: 'both' } },
    Group: { adapter: ({ tenant }) => storeOf(tenant).groups, supports: { versions: true, cursor: 'both' } },
  }
}

interface Two {
  readonly a: ScimClient
  readonly b: ScimClient
  readonly close: () => Promise<void>
}

/** Ways to tell tenants apart: the path of the router, the authentication, and a client for each tenant. */
const WAYS: readonly (readonly [string, string, Authenticate, (base: string, tenant: string) => ScimClient])[] = [
  [
    'the path',
    '/scim/:tenant/v2',
    ({ params }) => ({ tenant: params['tenant'] }),
    (base, tenant) => scimClient(base.replace('/scim/v2', `/scim/${tenant}/v2`), 'x'),
  ],
  [
    'the token',
    '/scim/v2',
    ({ token }) => ({ tenant: token?.split('-')[0] }),
    (base, tenant) => scimClient(base, `${tenant}-secret`),
  ],
  [
    'a header',
    '/scim/v2',
    ({ headers }) => ({ tenant: String(headers['x-tenant']) }),
    (base, tenant) => withHeader(scimClient(base, 'x'), 'x-tenant', tenant),
  ],
]

function withHeader(client: ScimClient, name: string, value: string): ScimClient {
  const send: ScimClient['send'] = (method, path, request = {}) =>
    client.send(method, path, { ...request, headers: { [name]: value, ...request.headers } })
  return {
    ...client,
    send,
    get: (path, request) => send('GET', path, request),
    post: (path, body, request) => send('POST', path, { ...request, body }),
    put: (path, body, request) => send('PUT', path, { ...request, body }),
    patch: (path, body, request) => send('PATCH', path, { ...request, body }),
    delete: (path, request) => send('DELETE', path, request),
  }
}

const CASES = WAYS.flatMap((way) =>
  (
    [
      ['one adapter for all', shared, 5],
      ['an adapter for each', perTenant, 4],
    ] as const
  ).map(([title, resources, version]) => [way[0], title, way, resources, version] as const),
)

describe.each(CASES)('tenants by %s, %s', (_way, _title, [, path, authenticate, clientOf], resources, version) => {
  let two: Two
  beforeAll(async () => {
    const scim = scimRouter({ authenticate, resources: resources(), cursor: { secrets: ['sixteen characters'] } })
    const app: App = await serve(appOn(version, path, scim))
    two = { a: clientOf(app.base, 'a'), b: clientOf(app.base, 'b'), close: app.close }
  })
  afterAll(() => two.close())

  test('[P-6-01, P-6-02] what one has another does not: ids, lists, filters, uniqueness, ETags', async () => {
    const { a, b } = two
    const mine = (await a.post('/Users', user('shared', { title: 'of a' }))).body
    const theirs = await b.post('/Users', user('shared', { title: 'of b' }))
    expect(theirs.status).toBe(201)
    const path = `/Users/${mine.id}`
    const title = patchOp({ op: 'replace', path: 'title', value: 'stolen' })
    const conditional = { headers: { 'if-none-match': mine.meta.version, 'if-match': mine.meta.version } }
    for (const answer of [
      await b.get(path),
      await b.get(path, conditional),
      await b.put(path, user('stolen')),
      await b.patch(path, title),
      await b.patch(path, title, conditional),
      await b.delete(path),
      await b.delete(path, { headers: { 'if-match': '*' } }),
    ]) {
      expectError(answer, 404)
    }
    for (const path of ['/Users', '/', '/Users?filter=userName eq "shared"', '/Users?cursor', '/Users?sortBy=title']) {
      const [ofA, ofB] = [await a.get(path), await b.get(path)]
      expect(ofA.body.Resources.map(({ title }: any) => title)).toEqual(['of a'])
      expect(ofB.body.Resources.map(({ title }: any) => title)).toEqual(['of b'])
      expect([ofA, ofB].map(({ body }) => body.totalResults)).toEqual([1, 1])
    }
    expect((await a.get(path)).body).toEqual(mine)
  })

  test('[P-6.2-01] the same externalId in two tenants is that of two resources', async () => {
    const created = [
      await two.a.post('/Users', user('ext-a', { externalId: '701984' })),
      await two.b.post('/Users', user('ext-b', { externalId: '701984' })),
    ]
    for (const [at, client] of [two.a, two.b].entries()) {
      const { body } = await client.get('/Users?filter=externalId eq "701984"')
      expect(body.Resources.map(({ id }: any) => id)).toEqual([created[at]?.body.id])
    }
  })

  test('[P-6-02] members and managers of another are nobody, and so are bulkIds', async () => {
    const mine = (await two.a.post('/Users', user('member-a'))).body
    expectError(await two.b.post('/Groups', group('theirs', mine.id)), 400, 'invalidValue')
    const created = await sendBulk(two.a, [
      post('/Users', 'x', user('bulk-a')),
      post('/Groups', 'g', group('bulk', 'bulkId:x')),
    ])
    expect(statuses(created)).toEqual(['201', '201'])
    const theirs = await sendBulk(two.b, [
      post('/Groups', 'g', group('bulk', 'bulkId:x')),
      { method: 'DELETE', path: `/Users/${ids(created)[0]}` },
      { method: 'PATCH', path: '/Users/bulkId:x', data: patchOp({ op: 'remove', path: 'title' }) },
    ])
    expect(statuses(theirs)).toEqual(['409', '404', '409'])
  })

  test('[P-6-02] a cursor of another is invalid', async () => {
    await sendBulk(two.a, [post('/Users', '1', user('cursor-1')), post('/Users', '2', user('cursor-2'))])
    const { body } = await two.a.get('/Users?cursor&count=1')
    const path = `/Users?cursor=${body.nextCursor}`
    expect((await two.a.get(path)).status).toBe(200)
    expectError(await two.b.get(path), 400, 'invalidCursor')
  })

  test('[P-6-03] locations and references lie below the URL of the request', async () => {
    for (const client of [two.a, two.b]) {
      const one = (await client.post('/Users', user(`located ${Math.random()}`))).body
      const created = await client.post('/Groups', group('located', one.id))
      expect(one.meta.location).toBe(`${client.base}/Users/${one.id}`)
      expect(created.headers.get('location')).toBe(`${client.base}/Groups/${created.body.id}`)
      expect(created.body.members[0].$ref).toBe(one.meta.location)
      const { body } = await client.get('/Schemas')
      expect(body.Resources[0].meta.location).toMatch(new RegExp(`^${client.base}/Schemas/`))
    }
  })
})

function appOn(version: ExpressVersion, path: string, scim: ReturnType<typeof scimRouter>) {
  return version === 4 ? express4().use(path, scim) : express5().use(path, scim)
}

describe('mixed load', () => {
  const TENANTS = Array.from({ length: 8 }, (_, at) => `tenant${at}`)
  const PARALLEL = 64

  /** Sends a request to a provider as an HTTP server would, without one: ten thousand are no more than a second. */
  async function send(provider: Provider, tenant: string, method: string, url: string, body?: unknown): Promise<any> {
    // Requests of others come in between, as at any asynchronous step of a request.
    await new Promise((resolve) => setImmediate(resolve))
    const [path = '', query = ''] = url.split('?')
    const text = body === undefined ? undefined : JSON.stringify(body)
    const answer = await handle(provider, {
      ...{ method, path, query, params: {}, request: undefined },
      headers: { authorization: `Bearer ${tenant}` },
      baseUrl: () => `https://x.test/${tenant}`,
      body: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        return text === undefined ? undefined : JSON.parse(text)
      },
      onAbort: () => undefined,
      isAborted: () => false,
    })
    return { status: answer.status, text: answer.body ?? '', body: answer.body && JSON.parse(answer.body as string) }
  }

  /** Sends requests of all tenants at once, and returns the leaks from one tenant to another. */
  async function load(
    resources: ScimRouterOptions['resources'],
    authenticate: Authenticate,
    requests: number,
  ): Promise<readonly string[]> {
    const leaks: string[] = []
    const provider = createProvider({
      authenticate,
      resources,
      cursor: { secrets: ['sixteen characters'] },
      // This test counts answers: a slow machine must not end a request.
      limits: { requestTime: 3_600_000, scanTime: 3_600_000 },
      on: {
        'user.created': ({ tenant, resource }) => {
          if (!String(resource?.['userName']).startsWith(`${tenant}.`)) leaks.push(`${tenant} was told of another`)
        },
      },
    })
    const known: Record<string, string[]> = Object.fromEntries(TENANTS.map((tenant) => [tenant, []]))
    const isOther = (tenant: string, text: string): boolean =>
      TENANTS.some((other) => other !== tenant && text.includes(`${other}.`))
    let sent = 0

    const one = async (): Promise<void> => {
      sent += 1
      const tenant = TENANTS[sent % TENANTS.length] as string
      const own = known[tenant] as string[]
      // Every name and value carries the tenant that it belongs to.
      const name = `${tenant}.${sent}`
      const id = own[sent % Math.max(1, own.length)] ?? 'none'
      const foreign = known[TENANTS[(sent + 3) % TENANTS.length] as string]?.at(-1) ?? 'none'
      const nick = patchOp({ op: 'replace', path: 'nickName', value: name })
      const operations = [
        post('/Users', 'same', user(`${name}.bulk`, { [ENTERPRISE]: { manager: { value: id } } })),
        post('/Groups', 'g', group(`${name}.group`, 'bulkId:same')),
      ]
      const requests: readonly (readonly [string, string, unknown?])[] = [
        ['POST', '/Users', user(name, { title: name })],
        ['GET', `/Users/${id}`],
        ['GET', `/Users/${foreign}`],
        ['GET', '/Users?count=5'],
        ['GET', `/Users?filter=${encodeURIComponent(`title eq "${name}" or nickName pr`)}&count=3&sortBy=title`],
        ['GET', '/?cursor&count=3'],
        ['PATCH', `/Users/${id}`, nick],
        ['PATCH', `/Users/${foreign}`, nick],
        ['DELETE', `/Users/${foreign}`],
        ['POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: operations }],
      ]
      const at = Math.floor(sent / TENANTS.length) % requests.length
      const { status, text, body } = await send(provider, tenant, ...(requests[at] as (typeof requests)[number]))
      if (isOther(tenant, text)) leaks.push(text)
      if ([2, 7, 8].includes(at) && status !== 404) leaks.push(`${status} for the resource of another: ${text}`)
      if (at !== 0) return
      if (status === 201) own.push(body.id)
      else leaks.push(`${status} for a new user: ${text}`)
    }
    const worker = async (): Promise<void> => {
      while (sent < requests) await one()
    }
    await Promise.all(Array.from({ length: PARALLEL }, worker))
    return leaks
  }

  test.each([
    ['one adapter for all', runs(2_000, 10_000), shared],
    ['an adapter for each', runs(800, 3_000), perTenant],
    ['one adapter without patch', runs(800, 3_000), withoutPatch],
  ])(
    '[P-6-02, P-7.5.1-01] %s: nothing in %i answers is of another tenant',
    async (_title, requests, resources) => {
      expect(await load(resources(), ({ token }) => ({ tenant: token, subject: 'same' }), requests)).toEqual([])
    },
    600_000,
  )

  test('the load finds a leak where there is one', async () => {
    const leaks = await load(shared(), ({ token }) => ({ tenant: token === 'tenant3' ? 'tenant4' : token }), 500)
    expect(leaks).not.toEqual([])
  })

  function withoutPatch(): ScimRouterOptions['resources'] {
    const { users, groups } = memoryAdapters()
    const plain = ({ patch: _, ...adapter }: ResourceAdapter<any>) => adapter
    return { User: { adapter: plain(users) }, Group: { adapter: plain(groups) } }
  }
})
