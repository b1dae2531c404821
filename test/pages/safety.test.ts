import { type Route, routes } from '../../src/pages/contract/routes.js'
import { type ConfirmRequest, type CustomerIdentity, pagesOpenApi } from '../../src/pages/index.js'
import { keep } from '../support/running.js'
import { type PagesOfTest, pagesOfTest, type Session } from './service.js'

const ALL = ['read', 'people', 'credentials', 'record', 'close']
const table = Object.entries(routes) as [keyof typeof routes, Route][]
const BODIES: Readonly<Record<string, object>> = {
  createConnection: { provider: 'okta' },
  updateConnection: { name: 'x' },
  closeConnection: { name: 'okta' },
  startTest: { people: [] },
  startRecording: { minutes: 1 },
}

let service: PagesOfTest
let own: { readonly connection: string; readonly user: string; readonly group: string }
let foreign: typeof own & { readonly credential: string; readonly invitation: string }

/** A tenant with one of everything. */
async function filled(tenant: string) {
  const { connections, client, scim } = service
  const made = await connections.create({ tenant, provider: 'okta', by: 'x' })
  const { invitation } = await connections.invite({ tenant, id: made.connection.id, by: 'x' })
  const idp = client(made.token, made.connection.id)
  const schemas = (type: string) => [`urn:ietf:params:scim:schemas:core:2.0:${type}`]
  const user = await idp.post('/Users', { schemas: schemas('User'), userName: `${tenant}@x.example` })
  const group = await idp.post('/Groups', { schemas: schemas('Group'), displayName: tenant })
  await scim.settled()
  const credential = made.connection.credentials[0]?.id as string
  return { connection: made.connection.id, user: user.body.id, group: group.body.id, credential, invitation }
}

beforeAll(async () => {
  service = await pagesOfTest()
  keep(service.app)
  own = await filled('acme')
  foreign = await filled('globex')
})

const pathOf = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_whole, name: string) => ids[name] ?? name)
const call = (name: string, route: Route, path: string, session: Session, headers = {}) => {
  const browser = session && 'tenant' in session ? service.customer(session) : service.staff(session)
  const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : (BODIES[name] ?? {})
  return browser.send(route.method, `/api/${path}`, body, headers)
}

describe('whoever has no permission', () => {
  test.each(table.filter(([, { can }]) => can !== 'any'))('cannot call %s', async (name, route) => {
    const ids = { ...own, id: route.path.startsWith('groups') ? own.group : own.user, credential: 'x', invitation: 'x' }
    const path = pathOf(route.path, ids)
    const others = ALL.filter((can) => can !== route.can)
    const place = route.scope === 'tenant' ? `tenants/acme/${path}` : path
    if (route.audience === 'everybody') {
      const sessions = [{ can: others }, { can: [] }, {}, { can: 'read people close' }, { can: null }]
      for (const { can } of sessions as { readonly can?: unknown }[]) {
        const answer = await call(name, route, path, { tenant: 'acme', actor: 'ada', can })
        expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
      }
    }
    const answer = await call(name, route, place, { actor: 'bob', can: others })
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
  })
})

describe('ids of another tenant are unknown', () => {
  const named = table.filter(([, { path }]) => path.includes('{'))

  test.each(named)('in the path of %s', async (name, route) => {
    const id = route.path.startsWith('groups') ? foreign.group : foreign.user
    const before = await service.connections.get({ tenant: 'globex', id: foreign.connection })
    for (const tenant of ['acme', 'nobody']) {
      const path = pathOf(route.path, { ...foreign, id })
      const answer = await call(name, route, path, { tenant, actor: 'ada', can: ALL })
      expect([answer.status, answer.body.code]).toEqual([404, 'notFound'])
      const headers = { 'x-scim-reason': 'a test' }
      expect((await call(name, route, `tenants/${tenant}/${path}`, { actor: 'bob', can: ALL }, headers)).status).toBe(
        404,
      )
    }
    // Nor behind a connection of one's own.
    if (/\{credential\}|\{invitation\}/.test(route.path)) {
      const path = pathOf(route.path, { ...foreign, connection: own.connection })
      expect((await call(name, route, path, { tenant: 'acme', actor: 'ada', can: ALL })).status).toBe(404)
    }
    expect(await service.connections.get({ tenant: 'globex', id: foreign.connection })).toEqual(before)
  })

  test('in bodies and queries', async () => {
    const ada = service.customer({ tenant: 'acme', actor: 'ada', can: ALL })
    expect((await ada.send('POST', '/api/invitations', { connection: foreign.connection })).status).toBe(404)
    expect((await ada.get(`/api/log?connection=${foreign.connection}`)).status).toBe(404)
    expect((await ada.get(`/api/tolerances?connection=${foreign.connection}`)).status).toBe(404)
    expect((await ada.get(`/api/log?resource=${foreign.user}`)).body.entries).toEqual([])
    expect((await ada.get('/api/log?person=globex@x.example')).body.entries).toEqual([])
    expect((await ada.get(`/api/history?resource=${foreign.user}`)).body.entries).toEqual([])
  })

  test.each(table.filter(([, { method, path }]) => method === 'GET' && !path.includes('{')))(
    'in the answer of %s',
    async (name, route) => {
      if (route.audience === 'staff') return
      const { text } = await call(name, route, route.path, { tenant: 'acme', actor: 'ada', can: ALL })
      for (const id of Object.values(foreign)) expect(text).not.toContain(id)
    },
  )

  test('and a customer cannot name a tenant at all', async () => {
    const ada = service.customer({ tenant: 'acme', actor: 'ada', can: ALL })
    for (const path of ['tenants', 'tenants/acme/log', 'tenants/globex/connections', 'service']) {
      expect([path, (await ada.get(`/api/${path}`)).status]).toEqual([path, 404])
    }
  })
})

describe('an absent tenant is nobody', () => {
  test.each([undefined, null, '', 0, [], {}, true, ['acme']].map((tenant) => ({ tenant })))(
    '%j',
    async ({ tenant }) => {
      const { customer, staff, errors } = await pagesOfTest()
      const session = { tenant, actor: 'ada', can: ALL }
      for (const path of ['/api/session', '/api/connections', '/api/tenants']) {
        expect((await customer(session).get(path)).status).toBe(403)
      }
      expect((await customer(session).get('/')).status).toBe(403)
      expect(errors.length).toBeGreaterThanOrEqual(3)
      // JSON leaves undefined out, as a session may: a session without a tenant belongs to staff.
      if (tenant !== undefined) expect((await staff(session).get('/api/tenants')).status).toBe(403)
      expect((await staff({ ...session, tenant: 'acme' }).get('/api/tenants')).status).toBe(403)
    },
  )

  test.each([undefined, null, false, '', 0, { tenant: 'acme' }, { tenant: 'acme', actor: '' }])(
    'nor is %j somebody',
    async (session) => {
      const { customer, staff } = await pagesOfTest()
      const given = session as unknown as CustomerIdentity & Session
      expect((await customer(given).get('/api/session')).status).toBe(403)
      expect((await staff(given).get('/api/session')).status).toBe(403)
    },
  )
})

describe('changes come from the pages alone', () => {
  test.each([
    ['a form of another site', { 'x-scim-pages': null, 'sec-fetch-site': 'cross-site' }, 403],
    ['another site that sets the header', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another subdomain', { 'sec-fetch-site': 'same-site', origin: 'https://app.example' }, 403],
    ['an address that was typed', { 'sec-fetch-site': 'none' }, 403],
    ['the same origin without the header', { 'x-scim-pages': null }, 403],
    ['an old browser of another origin', { 'sec-fetch-site': null, origin: 'https://evil.example' }, 403],
    ['an origin that says nothing', { 'sec-fetch-site': null, origin: 'null' }, 403],
    ['nothing that says where it comes from', { 'sec-fetch-site': null }, 403],
    ['an old browser of this origin', { 'sec-fetch-site': null, origin: 'https://app.example' }, 200],
    ['the pages', {}, 200],
  ])('%s', async (_who, headers, status) => {
    const ada = service.customer({ tenant: 'acme', actor: 'ada', can: ALL })
    const answer = await ada.send('PATCH', `/api/connections/${own.connection}`, { name: 'Okta' }, headers)
    expect(answer.status).toBe(status)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('credentials', () => {
  test('at most ten an hour for an actor, whatever makes them', async () => {
    const { customer, clock } = await pagesOfTest()
    const ada = customer({ tenant: 'acme', actor: 'ada', can: ALL })
    const make = () => ada.send('POST', '/api/connections', { provider: 'okta' })
    const { connection } = (await make()).body
    for (let made = 1; made < 10; made++) {
      const path = made % 2 ? `/api/connections/${connection.id}/credentials` : '/api/invitations'
      expect((await ada.send('POST', path, made % 2 ? {} : { connection: connection.id })).status).toBe(201)
    }
    expect([(await make()).status, (await make()).body.code]).toEqual([429, 'tooMany'])
    const other = customer({ tenant: 'acme', actor: 'carl', can: ALL })
    expect((await other.send('POST', '/api/connections', { provider: 'okta' })).status).toBe(201)
    clock.time += 3_600_001
    expect((await make()).status).toBe(201)
  })

  test('the application is asked to confirm, and nothing is done before', async () => {
    const asked: string[] = []
    let answer: unknown = { url: 'https://app.example/sign-in' }
    const confirm = ({ action, tenant, actor }: ConfirmRequest) => {
      asked.push(`${action} ${tenant} ${actor}`)
      return answer as boolean
    }
    const { customer, connections } = await pagesOfTest({ pages: { confirm } })
    const ada = customer({ tenant: 'acme', actor: 'ada', can: ALL })
    for (const refusal of [{ url: 'https://app.example/sign-in' }, false, undefined, 'yes', {}]) {
      answer = refusal
      const refused = await ada.send('POST', '/api/connections', { provider: 'okta' })
      expect([refused.status, refused.body.code]).toEqual([403, 'confirm'])
      expect(refused.body.url).toBe(typeof refusal === 'object' ? refusal.url : undefined)
    }
    expect(await connections.list({ tenant: 'acme' })).toEqual([])
    answer = true
    expect((await ada.send('POST', '/api/connections', { provider: 'okta' })).status).toBe(201)
    expect(new Set(asked)).toEqual(new Set(['createConnection acme ada']))
    expect(table.filter(([, { confirm: isAsked }]) => isAsked).map(([name]) => name)).toEqual([
      'createConnection',
      'rotateCredential',
      'revokeCredential',
      'closeConnection',
      'invite',
      'undo',
    ])
  })
})

describe('what is wrong is said and nothing is done', () => {
  test.each([
    ['POST', '/api/connections', '{', 400],
    ['POST', '/api/connections', { provider: 1 }, 400],
    ['POST', '/api/connections', { provider: 'okta', tenant: 'globex' }, 400],
    ['POST', '/api/connections', { provider: 'okta', method: 'oauth' }, 400],
    ['POST', '/api/connections', { provider: 'x'.repeat(70_000) }, 413],
    ['GET', '/api/log?count=0', undefined, 400],
    ['GET', '/api/log?count=1&count=2', undefined, 400],
    ['GET', '/api/log?tenant=globex', undefined, 400],
    ['GET', '/api/log?from=yesterday', undefined, 400],
    ['GET', '/api/people/%E0%A4%A', undefined, 404],
    ['GET', '/api/people/..%2F..%2FServiceProviderConfig', undefined, 404],
    ['GET', '/api/people?next=cforged', undefined, 400],
    ['GET', '/api/people?next=forged', undefined, 400],
    ['PUT', '/api/connections', {}, 405],
    ['GET', '/api/nothing', undefined, 404],
    ['GET', '/api/', undefined, 404],
    ['GET', '/elsewhere', undefined, 404],
  ])('%s %s %j', async (method, path, body, status) => {
    const ada = service.customer({ tenant: 'acme', actor: 'ada', can: ALL })
    const answer = await ada.send(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.text).not.toMatch(/globex|node_modules|xxxx/)
  })
})

describe('the OpenAPI document', () => {
  test.each(['customer', 'staff'] as const)(
    'for %s has each route with its parameters, and is well formed',
    async (audience) => {
      const document = pagesOpenApi({ audience, url: 'https://app.example/settings/scim' }) as any
      const operations = Object.entries<Record<string, any>>(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
      )
      const wanted = table.filter(([, route]) => audience === 'staff' || route.audience === 'everybody')
      expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
        wanted.map(([name]) => name).sort(),
      )
      for (const { path, method, operation } of operations) {
        const inPath = operation.parameters.filter((one: any) => one.in === 'path').map((one: any) => `{${one.name}}`)
        expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath)
        expect(path.includes('{tenant}')).toBe(
          audience === 'staff' && routes[operation.operationId as 'listLog'].scope === 'tenant',
        )
        expect(method === 'get').toBe(!operation.parameters.some((one: any) => one.name === 'X-Scim-Pages'))
        const [status = '', answer] = Object.entries<any>(operation.responses)[0] ?? []
        expect([['200', '201'].includes(status), typeof answer.content['application/json'].schema]).toEqual([
          true,
          'object',
        ])
      }
    },
  )
})
