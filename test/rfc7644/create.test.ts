import { Group, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { ERROR } from '../../src/urn.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { leaks } from '../support/leaks.js'
import { column, createUsers, ENTERPRISE, expectError, group, memoryOptions, user } from './service.js'

describeExpress('POST to a resource endpoint', (version) => {
  const app = sharedApp(memoryOptions, version)
  const strict = sharedApp(() => memoryOptions({ compatibility: 'strict' }), version)

  test('[P-3.3-01, P-3.3-05, P-3.3.1-01] creates: 201 with the whole resource, its type from the endpoint', async () => {
    const sent = user('bjensen', {
      externalId: 'bj',
      name: { givenName: 'Barbara', familyName: 'Jensen' },
      emails: [{ value: 'bjensen@example.com', type: 'work', primary: true }],
      active: true,
      meta: { resourceType: 'Pet' },
      schemas: [User.id, ENTERPRISE],
      [ENTERPRISE]: { employeeNumber: '701984' },
    })
    const { status, body } = await app.scim.post('/Users', sent)
    expect(status).toBe(201)
    const { id, meta, ...attributes } = body
    const { meta: _, ...asserted } = sent
    expect(attributes).toEqual(asserted)
    expect(meta).toMatchObject({ resourceType: 'User', created: meta.lastModified })
    expect((await app.scim.get(`/Users/${id}`)).body).toEqual(body)
    expect((await app.scim.post('/Groups', group('tour guides'))).body.meta.resourceType).toBe('Group')
  })

  test('[P-3.3-06, P-3.3-13] Location is meta.location, ETag is meta.version', async () => {
    const { headers, body } = await app.scim.post('/Users', user('located'))
    expect(body.meta.location).toBe(`${app.base}/Users/${body.id}`)
    expect(headers.get('location')).toBe(body.meta.location)
    expect(headers.get('content-location')).toBe(body.meta.location)
    expect(headers.get('etag')).toBe(body.meta.version)
    expect(body.meta.version).toMatch(/^W\/".+"$/)
    expect((await app.scim.get(body.meta.location.slice(app.base.length))).body).toEqual(body)
  })

  test('[P-3.3-02, P-3.1-04] readOnly attributes are ignored', async () => {
    const forged = {
      id: 'mine',
      meta: { created: '1999-01-01T00:00:00Z', version: 'W/"x"' },
      groups: [{ value: 'admins' }],
    }
    const { status, body } = await app.scim.post('/Users', user('read-only', forged))
    expect(status).toBe(201)
    expect(body.id).not.toBe('mine')
    expect(body.meta.created).not.toMatch(/^1999/)
    expect(body).not.toHaveProperty('groups')
  })

  test('[P-3.3-07, S-4.1-01] a userName that is taken, in whatever letter case, is 409 uniqueness', async () => {
    const [first] = await createUsers(app.scim, user('taken@example.com', { title: 'first' }))
    for (const userName of ['taken@example.com', 'TAKEN@Example.COM']) {
      const answer = await app.scim.post('/Users', user(userName, { title: 'second' }))
      expectError(answer, 409, 'uniqueness')
      expect(answer.text).not.toContain(userName)
    }
    const found = await app.scim.get('/Users?filter=userName eq "taken@example.com"')
    expect(column(found, 'id')).toEqual([first.id])
    expect(column(found, 'title')).toEqual(['first'])
  })

  test('[P-3.3-08, P-3.9-01] the answer may be reduced', async () => {
    const some = await app.scim.post('/Users?attributes=userName', user('reduced', { title: 'x' }))
    expect(Object.keys(some.body).sort()).toEqual(['id', 'schemas', 'userName'])
    expect(some.headers.get('location')).toBe(`${app.base}/Users/${some.body.id}`)
    const others = await app.scim.post('/Users?excludedAttributes=title,meta', user('reduced-2', { title: 'x' }))
    expect(Object.keys(others.body).sort()).toEqual(['id', 'schemas', 'userName'])
  })

  test.each([
    ['is missing', {}],
    ['is null', { userName: null }],
    ['is empty', { userName: '' }],
    ['is blank', { userName: '  ' }],
    ['is an empty list', { userName: [] }],
  ])('[P-3.3-09, S-4.1-01] a required attribute that %s is 400 invalidValue', async (_, attributes) => {
    const answer = await app.scim.post('/Users', { schemas: [User.id], ...attributes })
    expectError(answer, 400, 'invalidValue')
    expect(answer.body.detail).toContain('userName')
  })

  test.each([
    [{ active: 'maybe' }],
    [{ active: 1 }],
    [{ name: 'Barbara' }],
    [{ name: { givenName: {} } }],
    [{ title: { a: 1 } }],
    [{ emails: [[{ value: 'x' }]] }],
    [{ [ENTERPRISE]: 'x' }],
    [{ x509Certificates: [{ value: '***' }] }],
  ])('[P-3.3-10] %j is of the wrong type: 400 invalidValue', async (attributes) => {
    const [name = ''] = Object.keys(attributes)
    const answer = await app.scim.post('/Users', user('wrong', attributes))
    expectError(answer, 400, 'invalidValue')
    expect(answer.body.detail).toContain(name)
    expect((await app.scim.get('/Users?filter=userName eq "wrong"')).body.totalResults).toBe(0)
  })

  test.each([
    [{ emails: { value: 'x' } }],
    [{ emails: ['x'] }],
    [{ title: 5 }],
    [{ title: ['x'] }],
    [{ active: 'true' }],
  ])('[P-3.3-10] %j is of the wrong type, strictly: 400 invalidValue', async (attributes) =>
    expectError(await strict.scim.post('/Users', user('wrong', attributes)), 400, 'invalidValue'),
  )

  test.each([
    ['a list', [user('x')]],
    ['a text', '"x"'],
    ['a number', 5],
    ['null', 'null'],
  ])('[P-3.8-08] %s is no resource: 400 invalidSyntax', async (_, body) =>
    expectError(await app.scim.post('/Users', body), 400, 'invalidSyntax'),
  )

  test('[P-3.3-11] a message is no resource', async () => {
    for (const schemas of [[ERROR], [User.id, ERROR]]) {
      expectError(await app.scim.post('/Users', { schemas, userName: 'message' }), 400, 'invalidSyntax')
    }
  })

  test('[S-2.1-03] one attribute in two letter cases is 400 invalidSyntax', async () => {
    expectError(await app.scim.post('/Users', user('a', { USERNAME: 'b' })), 400, 'invalidSyntax')
  })

  test('an error tells no password', async () => {
    const password = 'correct horse'
    for (const wrong of [
      { password: { password } },
      { password, active: 'maybe' },
      { password, [password]: 1, name: 5 },
    ]) {
      const answer = await app.scim.post('/Users', user('secret', wrong))
      expectError(answer, 400, 'invalidValue')
      expect(answer.text).not.toContain(password)
    }
    // Operators are told an unknown name, even if the client put a password in its place.
    expect(leaks.splice(0)).toEqual([
      expect.stringMatching(/^the password correct horse in the debug output: .*scim:compat.*unknownAttribute/s),
      expect.stringMatching(/^the password correct horse in the debug output: .*scim:request.*unknownAttribute/s),
    ])
  })
})

describe('what a body has to name', () => {
  const tolerant = sharedApp(() => memoryOptions())
  const strict = sharedApp(() => memoryOptions({ compatibility: 'strict' }))
  const LOOSE: readonly (readonly [string, unknown])[] = [
    ['absent', undefined],
    ['null', null],
    ['empty', []],
    ['only that of an extension', [ENTERPRISE]],
    ['only one of SCIM 1.1', ['urn:scim:schemas:core:1.0']],
    ['only that of another resource type', [Group.id]],
  ]

  test.each(LOOSE)('[P-3.3-11] schemas %s: 400 invalidSyntax, strictly', async (_, schemas) => {
    expectError(await strict.scim.post('/Users', { schemas, userName: 'x' }), 400, 'invalidSyntax')
  })

  test.each(LOOSE)(
    'schemas %s: taken as one of the endpoint, tolerantly, and answered right',
    async (title, schemas) => {
      const { status, body } = await tolerant.scim.post('/Users', { schemas, userName: title })
      expect({ status, schemas: body.schemas }).toEqual({ status: 201, schemas: [User.id] })
    },
  )

  test('[P-3.3-12] a URI that the resource type does not know: 400 strictly, ignored tolerantly', async () => {
    const body = { ...user('other-uri'), schemas: [User.id, 'urn:example:unknown'] }
    expectError(await strict.scim.post('/Users', body), 400, 'invalidSyntax')
    expect((await tolerant.scim.post('/Users', body)).body.schemas).toEqual([User.id])
  })

  test('[X-INT-02] an attribute that the resource type does not know: 400 strictly, ignored tolerantly', async () => {
    const body = user('unknown', { favouriteColour: 'blue' })
    expectError(await strict.scim.post('/Users', body), 400, 'invalidSyntax')
    expect((await tolerant.scim.post('/Users', body)).body).not.toHaveProperty('favouriteColour')
  })

  test('extensions are told by schemas and by data; without data they are not there', async () => {
    const data = { ...user('by-data'), [ENTERPRISE]: { department: 'x' } }
    expect((await strict.scim.post('/Users', data)).body.schemas).toEqual([User.id, ENTERPRISE])
    const urn = { ...user('by-urn'), schemas: [User.id, ENTERPRISE] }
    expect((await strict.scim.post('/Users', urn)).body.schemas).toEqual([User.id])
  })
})

describe('defaults', () => {
  const users = fixtureAdapter([])
  const plain = sharedApp(() => {
    // A store that has defaults of its own.
    const create: typeof users.create = (draft, call) => users.create({ userType: 'Guest', ...draft }, call)
    return { resources: { User: { adapter: { ...users, create } } } }
  })
  const configured = sharedApp(() => {
    const { users, groups } = memoryAdapters()
    return {
      resources: { User: { adapter: users, attributes: { active: { default: true } } }, Group: { adapter: groups } },
    }
  })

  test('[P-3.3-03] a default of the store or of the configuration is in the answer', async () => {
    expect((await plain.scim.post('/Users', user('default'))).body.userType).toBe('Guest')
    expect((await configured.scim.post('/Users', user('default'))).body.active).toBe(true)
    expect((await configured.scim.post('/Users', user('inactive', { active: false }))).body.active).toBe(false)
  })

  test('[P-3.3-04] null means explicitly no value, against a default too', async () => {
    const { body } = await configured.scim.post('/Users', user('null', { active: null, emails: [], title: null }))
    expect(Object.keys(body).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
  })

  test('[P-3.4.2.2-20] a default is what filters see, because it is what the client was told', async () => {
    await configured.scim.post('/Users', user('filtered'))
    expect(column(await configured.scim.get('/Users?filter=active eq true'), 'userName')).toContain('filtered')
    expect(column(await configured.scim.get('/Users?filter=not (active eq true)'), 'userName')).not.toContain(
      'filtered',
    )
  })
})
