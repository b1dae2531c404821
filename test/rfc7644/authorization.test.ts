import { defineSchema, resourceType, ScimError } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { type AppOptions, describeExpress, sharedApp, startApp } from '../support/app.js'
import { detailOf } from '../support/client.js'
import { sendBulk, statuses } from './bulk-service.js'
import { column, createUsers, ENTERPRISE, expectError, group, memoryOptions, user } from './service.js'

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const where = (filter: string, path = '/Users'): string => `${path}?filter=${encodeURIComponent(filter)}`

describeExpress('authorize', (version) => {
  const asked: any[] = []
  let refused: (operation: any) => any = () => true
  const authenticate: AppOptions['authenticate'] = ({ token, params }) =>
    token === 'test-token' ? ({ subject: 'okta', scopes: ['users'], params } as object) : null
  const app = sharedApp(
    () =>
      memoryOptions({
        authenticate,
        authorize: (operation) => {
          asked.push(operation)
          return refused(operation)
        },
      }),
    version,
  )
  beforeEach(() => {
    refused = () => true
    asked.length = 0
  })

  test('[P-2-02, P-2-03, P-2.1-02, P-7.7-03] is asked before each operation, with the subject, the type and the id, and whether the groups of users may be listed', async () => {
    const [one] = await createUsers(app.scim, user('asked'))
    const path = `/Users/${one.id}`
    await app.scim.get(path)
    await app.scim.get('/Users')
    await app.scim.post('/Users/.search', { schemas: [SEARCH] })
    await app.scim.put(path, user('asked'))
    await app.scim.patch(path, { Operations: [{ op: 'add', path: 'title', value: 'x' }] })
    await app.scim.delete(path)
    await app.scim.get('/')
    expect(asked.map(({ action, resourceType, id }) => [action, resourceType, id])).toEqual([
      ['create', 'User', undefined],
      ['list', 'Group', undefined],
      ['retrieve', 'User', one.id],
      ['list', 'Group', undefined],
      ['list', 'User', undefined],
      ['list', 'Group', undefined],
      ['list', 'User', undefined],
      ['list', 'Group', undefined],
      ['replace', 'User', one.id],
      ['list', 'Group', undefined],
      ['patch', 'User', one.id],
      ['list', 'Group', undefined],
      ['delete', 'User', one.id],
      ['list', 'User', undefined],
      ['list', 'Group', undefined],
    ])
    for (const operation of asked) {
      expect(operation).toMatchObject({
        auth: { subject: 'okta', scopes: ['users'] },
        request: { method: expect.any(String) },
      })
    }
  })

  test.each<[string, unknown]>([
    ['false', false],
    ['a promise of false', Promise.resolve(false)],
    ['null', null],
    ['an empty text', ''],
    ['undefined, of scopes?.includes(action) without scopes,', undefined],
    ['a promise of undefined', Promise.resolve(undefined)],
    ['NaN', Number.NaN],
  ])('[P-2-02] %s is 403, and nothing is done', async (_title, decision) => {
    const [one] = await createUsers(app.scim, user('refused'))
    refused = () => decision
    const path = `/Users/${one.id}`
    expectError(await app.scim.get(path), 403)
    expectError(await app.scim.get('/Users'), 403)
    expectError(await app.scim.post('/Users', user('refused 2')), 403)
    expectError(await app.scim.put(path, user('refused')), 403)
    expectError(await app.scim.patch(path, { Operations: [] }), 403)
    expectError(await app.scim.delete(path), 403)
    expectError(await app.scim.post('/Users/.search', { schemas: [SEARCH] }), 403)
    refused = () => true
    expect((await app.scim.get(path)).body).toEqual(one)
    await app.scim.delete(path)
  })

  test('what it throws is the answer', async () => {
    refused = () => {
      throw ScimError.forbidden('A scope is missing.')
    }
    const answer = await app.scim.get('/Users')
    expectError(answer, 403)
    expect(detailOf(answer.body)).toBe('A scope is missing.')
    refused = () => Promise.reject(new Error('policy server is down'))
    expectError(await app.scim.get('/Users'), 500)
  })

  test('what it does not permit is not told from what does not exist', async () => {
    refused = () => false
    const answers = await Promise.all([app.scim.get('/Users/1'), app.scim.get('/Users/2')])
    const bare = answers.map(({ body }) => ({ ...body, detail: detailOf(body) }))
    expect(bare[0]).toEqual(bare[1])
  })

  test('[P-2-03, C-5.2-01] at the root, types that may not be listed are not there', async () => {
    const [one] = await createUsers(app.scim, user('rooted'))
    await app.scim.post('/Groups', group('rooted'))
    refused = ({ resourceType }) => resourceType !== 'Group'
    const all = await app.scim.get('/')
    expect(column(all, 'id')).toEqual([one.id])
    expect(all.body.totalResults).toBe(1)
    const found = await app.scim.post('/.search', { schemas: [SEARCH], filter: 'displayName eq "rooted"' })
    expect(found.body.totalResults).toBe(0)
    expectError(await app.scim.get('/?sortBy=members.value'), 400, 'invalidValue')
    refused = () => false
    expectError(await app.scim.get('/'), 403)
    refused = () => true
    await app.scim.delete(`/Users/${one.id}`)
  })

  test('without credentials neither it nor any callback is asked', async () => {
    expectError(await app.scim.get('/Users', { headers: { authorization: 'Bearer other' } }), 401)
    expect(asked).toEqual([])
  })
})

describeExpress('access to single attributes', (version) => {
  const policies: Record<string, 'none' | 'read' | 'write'> = {
    title: 'none',
    emails: 'none',
    [`${ENTERPRISE}:costCenter`]: 'none',
    [`${ENTERPRISE}:manager`]: 'read',
    nickName: 'read',
    active: 'read',
    id: 'none',
    schemas: 'none',
  }
  const told: { attribute: string; resourceType: string }[] = []
  const { users, groups } = memoryAdapters()
  const options = (restricted: boolean): AppOptions => ({
    resources: {
      User: { adapter: users, attributes: { active: { default: true } } },
      Group: { adapter: groups },
    },
    cursor: { secrets: ['a secret of 16 characters'] },
    ...(restricted && {
      access: (access) => {
        told.push(access)
        return policies[access.attribute] ?? 'write'
      },
    }),
  })
  const app = sharedApp(() => options(true), version)
  const full = sharedApp(() => options(false), version)
  const DATA = {
    title: 'Secret',
    nickName: 'nick',
    emails: [{ value: 'secret@x.test' }],
    [ENTERPRISE]: { costCenter: '42', department: 'Tours', manager: { value: 'm' } },
  }
  let id: string
  let path: string
  beforeEach(async () => {
    const [one] = await createUsers(full.scim, user('guarded', DATA))
    id = one.id
    path = `/Users/${id}`
  })
  afterEach(() => full.scim.delete(path))
  const patch = (...Operations: object[]) => app.scim.patch(path, { Operations })
  const stored = async (): Promise<any> => (await full.scim.get(path)).body

  test('[P-7.5.1-01] what may not be read is in no answer', async () => {
    const seen = [
      (await app.scim.get(path)).body,
      (await app.scim.get(`${path}?attributes=title,emails.value,userName`)).body,
      ...(await app.scim.get('/Users')).body.Resources,
      ...(await app.scim.get('/Users?cursor')).body.Resources,
      ...(await app.scim.get('/')).body.Resources,
      ...(await app.scim.post('/Users/.search', { schemas: [SEARCH] })).body.Resources,
      (await patch({ op: 'add', path: 'displayName', value: 'x' })).body,
      (await app.scim.put(path, user('guarded'))).body,
    ]
    expect(seen).toHaveLength(8)
    for (const resource of seen) {
      expect(resource).toMatchObject({ id, userName: 'guarded' })
      expect(JSON.stringify(resource)).not.toMatch(/secret|title|emails|costCenter/i)
    }
    expect(seen[0]).toMatchObject({ nickName: 'nick', [ENTERPRISE]: { department: 'Tours', manager: { value: 'm' } } })
  })

  test.each([
    'title eq "Secret"',
    'title pr',
    'not (title sw "S")',
    'userName pr and title sw "S"',
    'userName eq "nobody" or title sw "S"',
    'emails.value co "@"',
    'emails co "@"',
    'emails[value co "@"]',
    'emails pr',
    `${ENTERPRISE}:costCenter eq "42"`,
    'costCenter eq "42"',
  ])('[P-7.5.1-01, P-7.7-03] it cannot be found out by a filter: %s', async (filter) => {
    const answers = [
      await app.scim.get(where(filter)),
      await app.scim.get(where(filter, '/')),
      await app.scim.post('/Users/.search', { schemas: [SEARCH], filter }),
      await app.scim.post('/.search', { schemas: [SEARCH], filter }),
    ]
    for (const answer of answers) expectError(answer, 403)
    expect(new Set(answers.map(({ body }) => detailOf(body))).size).toBe(1)
  })

  test('nor by an order, a projection or the filter of a PATCH', async () => {
    for (const sortBy of ['title', 'emails', 'emails.value', `${ENTERPRISE}:costCenter`]) {
      expectError(await app.scim.get(`/Users?sortBy=${encodeURIComponent(sortBy)}`), 403)
      expectError(await app.scim.get(`/?sortBy=${encodeURIComponent(sortBy)}`), 403)
    }
    expectError(await patch({ op: 'remove', path: 'emails[value sw "s"]' }), 403)
    expectError(await patch({ op: 'replace', path: 'emails[value sw "s"].type', value: 'work' }), 403)
    expect((await stored()).emails).toEqual([{ value: 'secret@x.test' }])
  })

  test('nor whether a resource has data of an extension that may not be read at all', async () => {
    const before = { ...policies }
    Object.assign(policies, { [`${ENTERPRISE}:department`]: 'none', [`${ENTERPRISE}:manager`]: 'none' })
    for (const name of ['employeeNumber', 'organization', 'division']) policies[`${ENTERPRISE}:${name}`] = 'none'
    try {
      expect((await app.scim.get(path)).body.schemas).toHaveLength(1)
      const filters = [`schemas eq "${ENTERPRISE}"`, `schemas[value eq "${ENTERPRISE}"]`, `${ENTERPRISE} pr`]
      for (const filter of filters) {
        expect((await app.scim.get(where(filter))).body.totalResults).toBe(0)
        expect((await full.scim.get(where(filter))).body.totalResults).toBe(1)
      }
    } finally {
      for (const name of Object.keys(policies)) delete policies[name]
      Object.assign(policies, before)
    }
  })

  test('a part of an extension that may be read counts', async () => {
    for (const filter of [`schemas eq "${ENTERPRISE}"`, `${ENTERPRISE} pr`]) {
      expect((await app.scim.get(where(filter))).body.totalResults).toBe(1)
    }
    await full.scim.put(path, user('guarded', { [ENTERPRISE]: { costCenter: '42' } }))
    const { body } = await app.scim.get(path)
    expect(body.schemas).toHaveLength(1)
    expect((await app.scim.get(where(`${ENTERPRISE} pr`))).body.totalResults).toBe(0)
  })

  test('what may be read may be filtered and sorted', async () => {
    expect((await app.scim.get(where('nickName eq "nick"'))).body.totalResults).toBe(1)
    expect((await app.scim.get('/Users?sortBy=nickName')).status).toBe(200)
  })

  test('[P-7.7-03] what may not be written is ignored in a POST, but for its default', async () => {
    const { body } = await app.scim.post('/Users', user('limited', { ...DATA, active: false, displayName: 'x' }))
    const { body: all } = await full.scim.get(`/Users/${body.id}`)
    expect(all).toMatchObject({
      userName: 'limited',
      displayName: 'x',
      active: true,
      [ENTERPRISE]: { department: 'Tours' },
    })
    for (const name of ['title', 'nickName', 'emails']) expect(all).not.toHaveProperty(name)
    expect(Object.keys(all[ENTERPRISE])).toEqual(['department'])
    await full.scim.delete(`/Users/${body.id}`)
  })

  test('[P-7.7-03] a PUT keeps it as it is stored', async () => {
    const changed = {
      title: 'Mine',
      nickName: 'x',
      active: false,
      [ENTERPRISE]: { costCenter: '0', department: 'Sales' },
    }
    expect((await app.scim.put(path, user('guarded', changed))).status).toBe(200)
    expect(await stored()).toMatchObject({
      title: 'Secret',
      nickName: 'nick',
      active: true,
      emails: [{ value: 'secret@x.test' }],
      [ENTERPRISE]: { costCenter: '42', department: 'Sales', manager: { value: 'm' } },
    })
    expect((await app.scim.put(path, user('guarded'))).status).toBe(200)
    expect(await stored()).toMatchObject({
      title: 'Secret',
      [ENTERPRISE]: { costCenter: '42', manager: { value: 'm' } },
    })
    expect((await stored())[ENTERPRISE]).not.toHaveProperty('department')
  })

  test.each<[string, object]>([
    ['its path', { op: 'replace', path: 'title', value: 'x' }],
    ['a part of it', { op: 'replace', path: `${ENTERPRISE}:manager.value`, value: 'x' }],
    ['a value without path', { op: 'add', value: { displayName: 'x', nickName: 'x' } }],
    ['an extension as a whole', { op: 'remove', path: ENTERPRISE }],
    ['an object of an extension', { op: 'add', path: ENTERPRISE, value: { costCenter: 'x' } }],
    ['schemas', { op: 'remove', path: `schemas[value eq "${ENTERPRISE}"]` }],
    ['a removal', { op: 'remove', path: 'active' }],
  ])('[P-7.7-03] a PATCH that names it is 403, and does nothing: %s', async (_title, operation) => {
    const before = await stored()
    expectError(await patch({ op: 'add', path: 'displayName', value: 'first' }, operation), 403)
    const bulk = await sendBulk(app.scim, [{ method: 'PATCH', path, data: { Operations: [operation] } }])
    expect(statuses(bulk)).toEqual(['403'])
    expect(await stored()).toEqual(before)
  })

  test('it is asked for whole attributes by their path, of each type', () => {
    const paths = new Set(told.map(({ attribute, resourceType }) => `${resourceType} ${attribute}`))
    expect(paths).toContain(`User ${ENTERPRISE}:manager`)
    expect(paths).toContain('Group members')
    expect([...paths].filter((each) => /emails\.|manager\./.test(each))).toEqual([])
  })
})

test('a policy for attributes that forgets to answer opens nothing', async () => {
  const { users } = memoryAdapters()
  const full = await startApp({ resources: { User: { adapter: users } } })
  const app = await startApp({ resources: { User: { adapter: users } }, access: () => undefined as never })
  const [one] = await createUsers(full.scim, user('closed', { title: 'x' }))
  const { body } = await app.scim.get(`/Users/${one.id}`)
  expect(Object.keys(body).sort()).toEqual(['id', 'schemas'])
  expectError(await app.scim.get('/Users?sortBy=title'), 403)
})

test('a writable attribute that is always returned may be closed to writing, not to reading', async () => {
  const Badge = defineSchema({ id: 'urn:example:scim:Badge', attributes: [{ name: 'number', returned: 'always' }] })
  const adapter = memoryAdapter({ schema: Badge })
  const start = (access?: AppOptions['access']) =>
    startApp({ resources: { Badge: resourceType({ schema: Badge, adapter }) }, ...(access && { access }) })
  const full = await start()
  const app = await start(() => 'none')
  const { body } = await full.scim.post('/Badges', { schemas: [Badge.id], number: '7' })
  const path = `/Badges/${body.id}`
  expect((await app.scim.get(path)).body.number).toBe('7')
  expectError(await app.scim.patch(path, { Operations: [{ op: 'replace', path: 'number', value: '8' }] }), 403)
  await app.scim.put(path, { schemas: [Badge.id], number: '8' })
  expect((await full.scim.get(path)).body.number).toBe('7')
})

test('a password that may not be written stays the one that is stored, whatever the store hands out', async () => {
  const rows = new Map<string, any>([['1', { id: '1', userName: 'x', password: 'hash of old' }]])
  const adapter = {
    ...memoryAdapters().users,
    supports: {},
    // A store may show that there is a password.
    get: (id: string) => ({ ...rows.get(id), password: '(set)' }),
    replace: (id: string, draft: object) => {
      rows.set(id, { password: rows.get(id).password, ...draft, id })
      return rows.get(id)
    },
  }
  const { patch: _, ...plain } = adapter
  const app = await startApp({
    resources: { User: { adapter: plain as never } },
    password: { hash: (password) => `hash of ${password}` },
    access: ({ attribute }) => (attribute === 'password' ? 'none' : 'write'),
  })
  await app.scim.put('/Users/1', user('y', { password: 'new' }))
  expect(rows.get('1')).toMatchObject({ userName: 'y', password: 'hash of old' })
  expectError(await app.scim.patch('/Users/1', { Operations: [{ op: 'replace', path: 'password', value: 'n' }] }), 403)
})

describe('sensitive attributes', () => {
  const app = sharedApp(() =>
    memoryOptions({ sensitive: ['emails', 'name.familyName', ENTERPRISE], limits: { maxMatches: 3 } }),
  )
  beforeAll(() =>
    createUsers(app.scim, user('sensitive', { emails: [{ value: 'a@x.test' }], name: { familyName: 'F' } })),
  )

  test.each([
    'emails.value eq "a@x.test"',
    'emails[value eq "a@x.test"]',
    'emails pr',
    'userName pr and name.familyName eq "F"',
    'employeeNumber eq "1"',
    `${ENTERPRISE}:manager.value eq "1"`,
  ])('[P-7.5.2-01, P-3.12-10] a GET with the filter %s is 403 sensitive; a POST is answered', async (filter) => {
    for (const path of ['/Users', '/']) {
      const answer = await app.scim.get(where(filter, path))
      expectError(answer, 403, 'sensitive')
      expect(answer.text).not.toContain('x.test')
      expect((await app.scim.send('HEAD', where(filter, path))).status).toBe(403)
    }
    expect((await app.scim.post('/Users/.search', { schemas: [SEARCH], filter })).status).toBe(200)
    expect((await app.scim.post('/.search', { schemas: [SEARCH], filter })).status).toBe(200)
  })

  test.each(['userName eq "sensitive"', 'name.givenName pr'])('[P-7.5.2-01] %s may stand in a URL', async (filter) => {
    expect((await app.scim.get(where(filter))).status).toBe(200)
  })
})
