import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { format } from 'node:util'
import createDebug from 'debug'
import express from 'express'
import {
  bearer,
  type Identifier,
  type RequestReport,
  ScimError,
  type ScimRouterOptions,
  scimRouter,
} from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { QueryShapes } from '../../src/provider/shared/query-shapes.js'
import { RequestIds } from '../../src/provider/shared/request-ids.js'
import { closedAfterEach } from '../rfc7644/service.js'
import { type App, describeExpress, serve, startApp, TOKEN } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const user = (userName: string, rest: object = {}) => ({ schemas: [USER], userName, ...rest })
const patch = (...Operations: object[]) => ({ schemas: [PATCH], Operations })
const where = (filter: string): string => `/Users?filter=${encodeURIComponent(filter)}`

describeExpress('the report of a request', (version) => {
  const closed = closedAfterEach()
  const reports: RequestReport[] = []
  const last = async (): Promise<RequestReport> => {
    await hooksCalled()
    const report = reports.at(-1)
    if (report === undefined) throw new Error('Nothing was reported.')
    return report
  }
  const start = (options: Partial<ScimRouterOptions> = {}): Promise<App> => {
    reports.length = 0
    const { users, groups } = memoryAdapters()
    const resources = { User: { adapter: users }, Group: { adapter: groups } }
    return closed(startApp({ resources, on: { request: (report) => reports.push(report) }, ...options }, version))
  }

  test('tells what was done to which resource, for whom and by whom', async () => {
    const app = await start({ authenticate: () => ({ tenant: 'acme', subject: 'c7' }) })
    const headers = { 'user-agent': 'Okta SCIM Client 1.0.0', 'x-request-id': 'client-id.7' }
    const created = await app.scim.post('/Users', user('a', { title: 'x' }), { headers })
    expect(await last()).toMatchObject({
      id: created.headers.get('x-request-id'),
      clientId: 'client-id.7',
      method: 'POST',
      path: '/Users',
      query: undefined,
      status: 201,
      code: undefined,
      action: 'create',
      resourceType: 'User',
      resourceId: created.body.id,
      changes: { attributes: expect.arrayContaining(['userName', 'title']) },
      userAgent: 'Okta SCIM Client 1.0.0',
      provider: 'okta',
      tenant: 'acme',
      via: 'client',
    })
    const { id, time, ms } = await last()
    expect(id).toMatch(UUID)
    expect(Math.abs(Date.now() - time.getTime())).toBeLessThan(60_000)
    expect(ms).toBeGreaterThan(0)
  })

  test('each kind of operation has its action', async () => {
    const app = await start()
    const { body } = await app.scim.post('/Users', user('a'))
    const path = `/Users/${body.id}`
    const actions: unknown[] = []
    const note = async () => {
      const { action, resourceType, resourceId, count } = await last()
      actions.push([action, resourceType, resourceId === body.id, count])
    }
    await app.scim.get(path)
    await note()
    await app.scim.put(path, user('b'))
    await note()
    await app.scim.patch(path, patch({ op: 'replace', path: 'title', value: 'y' }))
    await note()
    await app.scim.get('/Users')
    await note()
    await app.scim.get('/')
    await note()
    await app.scim.get('/Schemas')
    await note()
    await app.scim.delete(path)
    await note()
    expect(actions).toEqual([
      ['retrieve', 'User', true, undefined],
      ['replace', 'User', true, undefined],
      ['patch', 'User', true, undefined],
      ['list', 'User', false, 1],
      ['list', undefined, false, 1],
      ['discovery', undefined, false, undefined],
      ['delete', 'User', true, undefined],
    ])
  })

  test('tells the ids of members that came and went, at most a hundred, and how many more', async () => {
    const app = await start()
    const ids: string[] = []
    for (let at = 0; at < 103; at += 1) ids.push((await app.scim.post('/Users', user(`m${at}`))).body.id)
    const { body } = await app.scim.post('/Groups', {
      schemas: [GROUP],
      displayName: 'g',
      members: [{ value: ids[0] }],
    })
    const value = ids.slice(1).map((id) => ({ value: id }))
    const remove = { op: 'remove', path: `members[value eq "${ids[0]}"]` }
    await app.scim.patch(`/Groups/${body.id}`, patch({ op: 'add', path: 'members', value }, remove))
    const { changes } = await last()
    expect(changes).toMatchObject({ attributes: ['members'], members: { more: 3 } })
    expect(changes?.members?.added).toHaveLength(100)
    await app.scim.patch(`/Groups/${body.id}`, patch(remove))
    expect((await last()).changes).toEqual({ attributes: [], members: undefined })
  })

  test('tells why a request was refused, with the attribute and a stable word', async () => {
    const app = await start()
    await app.scim.post('/Users', user('a'))
    const { body } = await app.scim.post('/Users', user('A'))
    expect(await last()).toMatchObject({
      status: 409,
      code: 'uniqueness',
      scimType: 'uniqueness',
      attribute: 'userName',
      detail: 'Another resource has the same value of attribute "userName".',
    })
    expect(body.detail).toBe(
      `Another resource has the same value of attribute "userName". (request ${(await last()).id})`,
    )
    await app.scim.post('/Users', user('b', { active: 'perhaps' }))
    expect(await last()).toMatchObject({ status: 400, code: 'invalidValue', attribute: 'active' })
    await app.scim.get('/Users/none')
    expect(await last()).toMatchObject({ status: 404, code: 'notFound', action: 'retrieve', resourceId: 'none' })
  })

  test('tells whose credentials were refused and why', async () => {
    const app = await start({
      authenticate: () => {
        throw ScimError.unauthorized({ reason: 'expired', tenant: 'acme', subject: 'connection-7' })
      },
    })
    await app.scim.get('/Users')
    expect(await last()).toMatchObject({
      status: 401,
      code: 'credentials.expired',
      refusal: { reason: 'expired', tenant: 'acme', subject: 'connection-7' },
      tenant: 'acme',
      auth: undefined,
      action: undefined,
    })
  })

  test('tells of each operation of a bulk request', async () => {
    const app = await start()
    const { body } = await app.scim.post('/Bulk', {
      schemas: [BULK],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: '1', data: user('a') },
        { method: 'POST', path: '/Users', bulkId: '2', data: user('a') },
        { method: 'DELETE', path: '/Users/none' },
      ],
    })
    const report = await last()
    expect(report).toMatchObject({ action: 'bulk', status: 200, resourceType: undefined })
    expect(report.bulk).toMatchObject([
      { method: 'POST', path: '/Users', resourceType: 'User', status: 201, code: undefined },
      { status: 409, code: 'uniqueness', attribute: 'userName' },
      { method: 'DELETE', path: '/Users/none', resourceId: 'none', status: 404, code: 'notFound' },
    ])
    for (const one of body.Operations.slice(1)) expect(one.response.detail).toContain(`(request ${report.id})`)
  })

  test('shows the query without the values that it compares with', async () => {
    const app = await start()
    const queries: (string | undefined)[] = []
    for (const query of [
      where('userName eq "anna@example.com" and (title sw "Chief \\"x\\"" or active eq true)'),
      where('userName eq "2819c223-7f76-453a-919d-413861904646"'),
      where('userName eq anna'),
      `${where('emails[value co "secret"]')}&count=1&attributes=userName&password=secret&cursor=abc`,
      where('userName eq anna berg'),
      where('anna.berg@example.com'),
      where('anna'),
      where('not (emails[type eq "work"].value eq \'anna\') and anna pr'),
      '/Users?&filter=userName+eq+%22anna+berg%22&Count=1&attributes=title&attributes=emails,x%40y&anna%40b=1&secret',
      '/Users?secret=%E0%A4%A&filter=userName%20eq%20%22%E0%A4%A%22',
      // Look-ups, which have a way of their own, and requests that only look like look-ups.
      '/Users?filter=userName%20eq%20%22anna%40x.example%22&startIndex=1&count=100',
      '/Users?filter=userName+eq+%22anna%22',
      '/Users?filter=userName%20eq%20%222819C223-7f76-453a-919d-413861904646%22',
      '/Users?filter=userName%20eq%20%22anna%22%20or%20berta%20eq%20%22%22',
      '/Users?filter=userName%20eq%20%22an%5C%22na%20eq%20%22',
      '/Users?filter=userName%20eq%20%22%C3%A4nna%22',
    ]) {
      await app.scim.get(query)
      queries.push((await last()).query)
    }
    expect(queries).toEqual([
      'filter=userName eq "?" and (title sw "?" or active eq true)',
      'filter=userName eq "<uuid>"',
      'filter=userName eq "?"',
      'filter=emails[value co "?"]&count=1&attributes=userName&password=?&cursor=?',
      'filter=userName eq "?" "?"',
      'filter="?"',
      'filter="?"',
      'filter=not (emails[type eq "?"].value eq "?") and anna pr',
      'filter=userName eq "?"&Count=1&attributes=title&attributes=?&?=?&secret=',
      'secret=?&filter=userName eq "?"',
      'filter=userName eq "?"&startIndex=1&count=100',
      'filter=userName eq "?"',
      'filter=userName eq "<uuid>"',
      'filter=userName eq "?" or berta eq "?"',
      'filter=userName eq "?"',
      'filter=userName eq "?"',
    ])
  })

  test('the names that a request says stand beside its report, of a refused one too, and nowhere in it', async () => {
    const told: (readonly Identifier[])[] = []
    const app = await start({ on: { request: (_, { identifiers }) => told.push(identifiers()) } })
    const { body } = await app.scim.post('/Users', user('Anna', { externalId: 'e-1', title: 'x' }))
    await app.scim.post('/Users', { schemas: [USER], USERNAME: 'anna', active: 'perhaps' })
    await app.scim.patch(`/Users/${body.id}`, patch({ op: 'replace', path: 'userName', value: 'berta' }))
    await app.scim.patch(`/Users/${body.id}`, patch({ op: 'replace', value: { externalId: 'e-2' } }))
    await app.scim.get(where('userName eq "carl" or externalId eq "e-3" or title eq "x" or userName co "y"'))
    await app.scim.post('/Bulk', {
      schemas: [BULK],
      Operations: [{ method: 'POST', path: '/Users', bulkId: '1', data: user('dora') }],
    })
    for (const filter of ['userName eq "emil"', 'userName ne "emil"', 'title eq "x"', 'active eq true', 'title pr']) {
      await app.scim.get(where(filter))
    }
    await app.scim.get('/Users')
    await hooksCalled()
    const of = (...pairs: string[][]) => pairs.map(([attribute, value]) => ({ attribute, value }))
    expect(told).toEqual([
      of(['userName', 'Anna'], ['externalId', 'e-1']),
      of(['userName', 'anna']),
      of(['userName', 'berta']),
      of(['externalId', 'e-2']),
      of(['userName', 'carl'], ['externalId', 'e-3']),
      of(['userName', 'dora']),
      of(['userName', 'emil']),
      ...[[], [], [], [], []],
    ])
  })

  test('names what each tolerance was needed for', async () => {
    const app = await start()
    await app.scim.post('/Users', user('a', { costCenterX: 'x', active: 'True' }))
    const { tolerances, tolerated } = await last()
    expect(tolerances).toEqual(expect.arrayContaining(['unknownAttribute', 'booleanText']))
    expect(tolerated).toEqual(
      expect.arrayContaining([
        { name: 'unknownAttribute', attribute: 'costCenterX' },
        { name: 'booleanText', attribute: 'active' },
      ]),
    )
  })

  test.each(['/Users/Users', '/v2/Users', '/Users/ServiceProviderConfig', '/scim/v2/Users/1'])(
    'GET %s: the base URL is wrong, and the answer says so',
    async (path) => {
      const app = await start()
      const { status, body } = await app.scim.get(path)
      expect(status).toBe(404)
      expect(body.detail).toMatch(/^The base URL ends too /)
      expect(await last()).toMatchObject({ status: 404, code: 'baseUrl' })
    },
  )

  test('a POST to /Users/Users is told so, too, and keeps its Allow header', async () => {
    const app = await start()
    const { status, body, headers } = await app.scim.post('/Users/Users', user('a'))
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, PATCH, DELETE'])
    expect(body.detail).toMatch(/^The base URL ends too late: it must end before "\/Users"\./)
  })

  test('what scim.errors answers is reported, with the name of the request in answer and report', async () => {
    reports.length = 0
    const { users } = memoryAdapters()
    const scim = scimRouter({
      authenticate: bearer(TOKEN),
      resources: { User: { adapter: users } },
      on: { request: (report) => reports.push(report) },
    })
    const app = await closed(
      serve(
        express()
          .use(express.json({ type: () => true }))
          .use('/scim/v2', scim, scim.errors),
      ),
    )
    const { status, headers, body } = await app.scim.post('/Users', '{bad')
    expect(status).toBe(400)
    expect(await last()).toMatchObject({ status: 400, path: '/Users', code: 'invalidSyntax' })
    expect(headers.get('x-request-id')).toBe((await last()).id)
    expect(body.detail).toContain((await last()).id)
  })

  test('every answer names its request, and no two are alike', async () => {
    const app = await start()
    const answers = [
      await app.scim.get('/Users'),
      await app.scim.get('/Users/none'),
      await app.scim.get('/nowhere'),
      await app.scim.get('/Users', { headers: { authorization: null } }),
      await app.scim.send('HEAD', '/Users'),
    ]
    const ids = answers.map(({ headers }) => headers.get('x-request-id'))
    for (const id of ids) expect(id).toMatch(UUID)
    expect(new Set(ids).size).toBe(ids.length)
    await app.scim.get('/Users', { headers: { 'x-request-id': 'no spaces please, or so' } })
    expect((await last()).clientId).toBeUndefined()
  })

  test('the diagnostics channel gets the report without what authenticate returned', async () => {
    const published: object[] = []
    const listen = (report: unknown) => published.push(report as object)
    subscribe('express-scim:request', listen)
    try {
      const app = await start({ on: [], authenticate: () => ({ tenant: 'acme', secret: 'x' }) })
      await app.scim.get('/Users')
    } finally {
      unsubscribe('express-scim:request', listen)
    }
    expect(published).toMatchObject([{ method: 'GET', path: '/Users', status: 200, tenant: 'acme' }])
    expect(published[0]).not.toHaveProperty('auth')
  })
})

describe('DEBUG=scim:request', () => {
  const closed = closedAfterEach()
  const lines: string[] = []
  const log = createDebug.log
  beforeEach(() => {
    lines.length = 0
    createDebug.log = (...given: unknown[]) => void lines.push(format(...given))
    createDebug.enable('scim:request')
  })
  afterEach(() => {
    createDebug.disable()
    createDebug.log = log
  })
  const service = (options: Partial<ScimRouterOptions> = {}) => {
    const { users, groups } = memoryAdapters()
    const resources = { User: { adapter: users }, Group: { adapter: groups } }
    const authenticate: ScimRouterOptions['authenticate'] = ({ token }) => {
      if (token === TOKEN) return { tenant: 'acme' }
      throw ScimError.unauthorized({ reason: token === undefined ? 'missing' : 'unknown' })
    }
    return closed(startApp({ resources, authenticate, ...options }))
  }

  // Cases that operators had to explain by the library's own output.
  type Odd = readonly [what: string, send: (app: App, id: string) => Promise<unknown>, line: RegExp]
  const ODD: readonly Odd[] = [
    [
      'no token',
      ({ scim }) => scim.get('/Users', { headers: { authorization: null } }),
      /^401 GET \/Users \| .*missing.*nobody known/,
    ],
    [
      'an unknown token',
      ({ scim }) => scim.get('/Users', { headers: { authorization: 'Bearer x' } }),
      /^401 GET \/Users \| credentials\.unknown/,
    ],
    [
      'a base URL that ends too late',
      ({ scim }) => scim.get('/Users/Users'),
      /^404 GET \/Users\/Users \| .*baseUrl: The base URL ends too late/,
    ],
    [
      'a POST with such a base URL',
      ({ scim }) => scim.post('/Users/Users', user('x')),
      /^405 POST \/Users\/Users \| baseUrl: The base URL/,
    ],
    ['a base URL that ends too early', ({ scim }) => scim.get('/v2/Users'), /^404 GET \/v2\/Users \| baseUrl: /],
    [
      'a user that exists',
      ({ scim }) => scim.post('/Users', user('there')),
      /^409 POST \/Users \| create User, wrote userName \| uniqueness userName: .*tenant acme/,
    ],
    [
      'a required attribute that is missing',
      ({ scim }) => scim.post('/Users', { schemas: [USER] }),
      /^400 .*invalidValue userName: Attribute "userName" is missing/,
    ],
    [
      'a value of another type',
      ({ scim }) => scim.post('/Users', user('x', { active: 'perhaps' })),
      /^400 .*invalidValue active: /,
    ],
    ['a body that is not JSON', ({ scim }) => scim.post('/Users', '{bad'), /^400 POST \/Users \| .*invalidSyntax/],
    [
      'another media type',
      ({ scim }) => scim.post('/Users', 'x', { headers: { 'content-type': 'text/plain' } }),
      /^4\d\d POST \/Users \| /,
    ],
    [
      'a filter with an unknown attribute',
      ({ scim }) => scim.get(where('nickname2 eq "x"')),
      /^400 GET \/Users\?filter=nickname2 eq "\?" \| list User \| invalidFilter/,
    ],
    [
      'a filter that does not end',
      ({ scim }) => scim.get(where('userName eq')),
      /^400 GET \/Users\?filter=userName eq \| list User \| invalidFilter/,
    ],
    [
      'a member that does not exist',
      ({ scim }) => scim.post('/Groups', { schemas: [GROUP], displayName: 'g', members: [{ value: 'none' }] }),
      /^400 POST \/Groups \| create Group, .*unknownMember members/,
    ],
    [
      'an operation of a bulk request that fails',
      ({ scim }) => scim.post('/Bulk', { schemas: [BULK], Operations: [{ method: 'DELETE', path: '/Users/none' }] }),
      /^200 POST \/Bulk \| bulk \| DELETE \/Users\/none 404 notFound/,
    ],
    [
      'a PATCH of an attribute that the schema lacks',
      ({ scim }, id) =>
        scim.patch(
          `/Users/${id}`,
          patch({ op: 'add', path: 'costCenterX', value: 'x' }, { op: 'add', path: 'title', value: 'y' }),
        ),
      /^20\d PATCH .*wrote title \| tolerated: unknownPath \(costCenterX\)/,
    ],
    [
      'an attribute that the schema lacks',
      ({ scim }) => scim.post('/Users', user('z', { costCenterX: 'x' })),
      /^201 POST .*tolerated: unknownAttribute \(costCenterX\)/,
    ],
    [
      'a version that is not the last',
      ({ scim }, id) => scim.put(`/Users/${id}`, user('there'), { headers: { 'if-match': 'W/"none"' } }),
      /^412 PUT .*preconditionFailed/,
    ],
    [
      'a resource that is gone',
      ({ scim }) => scim.delete('/Users/gone'),
      /^404 DELETE \/Users\/gone \| delete User gone \| notFound/,
    ],
    [
      'a test of the connection',
      ({ scim }) => scim.get(where('userName eq "2819c223-7f76-453a-919d-413861904646"')),
      /^200 GET \/Users\?filter=userName eq "<uuid>" \| list User, 0 found \| tenant acme/,
    ],
  ]

  test.each(ODD)('%s', async (_, send, line) => {
    const app = await service()
    const { body } = await app.scim.post('/Users', user('there'))
    lines.length = 0
    await send(app, body.id)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/scim:request/)
    const text = String(lines[0]).slice(String(lines[0]).search(/\d{3} [A-Z]+ \//))
    expect(text).toMatch(line)
    expect(text).toMatch(/\d+ ms, request [0-9a-f-]{36}/)
  })

  test('a client cannot make a line of its own', async () => {
    const app = await service()
    await app.scim.post('/Users', user('a', { 'evil\nscim:error FAKE \u001b[31m': 'x' }))
    await app.scim.get('/Users', { headers: { 'user-agent': 'evil\u0085agent' } })
    expect(lines).toHaveLength(2)
    for (const line of lines)
      expect(line.replace(/^\S* ?\u001b\[[\d;]*m|\u001b\[[\d;]*m/g, '')).not.toMatch(/[\n\u001b\u0085]/)
  })
})

test('names of requests are random UUIDs of version 4, and none comes twice', () => {
  const ids = new RequestIds()
  const made = Array.from({ length: 1_000 }, () => ids.next())
  for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(made).size).toBe(1_000)
})

test('shapes of look-ups by ever other attributes are right, and do not fill the memory', () => {
  const shapes = new QueryShapes()
  const uuid = '2819c223-7f76-453a-919d-413861904646'
  for (let n = 0; n < 250; n += 1) {
    const name = `attribute${n % 125}`
    expect(shapes.of(`filter=${name}%20eq%20%22anna%40example.com%22`)).toBe(`filter=${name} eq "?"`)
    expect(shapes.of(`filter=${name}%20eq%20%22${uuid}%22`)).toBe(`filter=${name} eq "<uuid>"`)
    expect(shapes.of(`filter=${name}%20eq%20%22a%22%20or%20b%20eq%20%22c%22`)).toBe(`filter=${name} eq "?" or b eq "?"`)
    expect(shapes.of(`filter=${name}%20eq%20%22a%5c%22b%22`)).toBe(`filter=${name} eq "?"`)
  }
})
