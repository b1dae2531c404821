import { EnterpriseUser } from '../../src/index.js'
import { BULK_REQUEST, PATCH_OP } from '../../src/urn.js'
import { deviceOptions, Rack, Warranty } from '../rfc7643/device.js'
import { patcher, STORES } from './patch-service.js'
import { expectError } from './service.js'

const OPERATION = { op: 'replace', path: 'title', value: 'Guide' }

describe('what is asked of the body', () => {
  const strict = patcher(() => deviceOptions({ compatibility: 'strict' }))
  const tolerant = patcher(deviceOptions)

  async function send({ scim, createUser, read }: typeof strict, body: unknown): Promise<any> {
    const before = await createUser()
    const answer = await scim.patch(`/Users/${before.id}`, body)
    const after = await read(before)
    if (answer.status >= 400) expect(after).toEqual(before)
    return { ...answer, after }
  }

  test('[P-3.5.2-01] PATCH is supported, and the configuration says so', async () => {
    const { body } = await strict.scim.get('/ServiceProviderConfig')
    expect(body.patch).toEqual({ supported: true })
    const { status, after } = await send(strict, { schemas: [PATCH_OP], Operations: [OPERATION] })
    expect([200, 204]).toContain(status)
    expect(after.title).toBe('Guide')
  })

  test.each([undefined, null, [], 'x', [BULK_REQUEST], [5], {}])(
    '[P-3.5.2-02] strict: schemas %j is 400 invalidSyntax',
    async (schemas) => {
      expectError(await send(strict, { schemas, Operations: [OPERATION] }), 400, 'invalidSyntax')
    },
  )

  test('[P-3.5.2-02] tolerant: it may be missing, but not be another one', async () => {
    expect((await send(tolerant, { Operations: [OPERATION] })).after.title).toBe('Guide')
    const body = { schemas: [BULK_REQUEST], Operations: [OPERATION] }
    expectError(await send(tolerant, body), 400, 'invalidSyntax')
  })

  test.each([undefined, null, [], {}, 'x', OPERATION, [null], ['x'], [[OPERATION]]])(
    '[P-3.5.2-03] strict: Operations %j is 400 invalidSyntax',
    async (Operations) => {
      expectError(await send(strict, { schemas: [PATCH_OP], Operations }), 400, 'invalidSyntax')
    },
  )

  test('[P-3.5.2-03] tolerant: none at all changes nothing, and anything but a list is 400 invalidSyntax', async () => {
    expect((await send(tolerant, { schemas: [PATCH_OP], Operations: [] })).status).toBeLessThan(300)
    for (const Operations of [undefined, {}, [null]]) {
      expectError(await send(tolerant, { schemas: [PATCH_OP], Operations }), 400, 'invalidSyntax')
    }
  })

  test.each([undefined, null, 'move', 'copy', 'test', '', 5, ['add'], 'Add', 'REPLACE'])(
    '[P-3.5.2-04, P-3.5.2-20] strict: op %j is 400 invalidSyntax',
    async (op) => {
      const Operations = [{ ...OPERATION, op }]
      expectError(await send(strict, { schemas: [PATCH_OP], Operations }), 400, 'invalidSyntax')
    },
  )

  test('[P-3.5.2-04] more than one op in one operation is 400 invalidSyntax', async () => {
    const Operations = [{ ...OPERATION, OP: 'add' }]
    expectError(await send(strict, { schemas: [PATCH_OP], Operations }), 400, 'invalidSyntax')
  })

  test('[P-3.5.2-04] tolerant: op may be in any letter case, but must be one of the three', async () => {
    const Operations = [{ ...OPERATION, op: 'Replace' }]
    expect((await send(tolerant, { schemas: [PATCH_OP], Operations })).after.title).toBe('Guide')
    const moved = [{ ...OPERATION, op: 'move' }]
    expectError(await send(tolerant, { schemas: [PATCH_OP], Operations: moved }), 400, 'invalidSyntax')
  })

  // Decision A-59h.
  test.each([['[]'], ['"x"'], ['null'], ['5'], ['{'], ['']])(
    '[P-3.8-08] the body %s is 400 invalidSyntax',
    async (body) => {
      expectError(await send(strict, body), 400, 'invalidSyntax')
    },
  )

  test('[P-3.5.2-21] an unknown id is 404, another version 412, whatever the body says', async () => {
    const body = { schemas: [PATCH_OP], Operations: [OPERATION] }
    expectError(await strict.scim.patch('/Users/nobody', body), 404)
    const before = await strict.createUser()
    const headers = { 'if-match': 'W/"other"' }
    expectError(await strict.scim.patch(`/Users/${before.id}`, body, { headers }), 412)
    expect(await strict.read(before)).toEqual(before)
    expectError(await strict.scim.patch('/Users', body), 405)
  })

  test('[P-3.5.2-05] path is optional for add and replace, and required for remove', async () => {
    const value = { title: 'Guide' }
    for (const op of ['add', 'replace']) {
      const { after } = await send(strict, { schemas: [PATCH_OP], Operations: [{ op, value }] })
      expect(after.title).toBe('Guide')
    }
    const Operations = [{ op: 'remove', value }]
    expectError(await send(strict, { schemas: [PATCH_OP], Operations }), 400, 'noTarget')
  })
})

describe.each(STORES)('paths, with %s', (_store, options) => {
  const { createUser, createDevice, change, refuse } = patcher(options)

  test.each([
    ['title', 'Guide', { title: 'Guide' }],
    ['TITLE', 'Guide', { title: 'Guide' }],
    ['name.givenName', 'Babs', { name: { givenName: 'Babs' } }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:title', 'Guide', { title: 'Guide' }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:name.givenName', 'Babs', { name: { givenName: 'Babs' } }],
    [`${EnterpriseUser.id}:department`, 'Tours', { [EnterpriseUser.id]: { department: 'Tours' } }],
    [`${EnterpriseUser.id}:manager.value`, 'x', { [EnterpriseUser.id]: { manager: { value: 'x' } } }],
    [EnterpriseUser.id, { department: 'Tours' }, { [EnterpriseUser.id]: { department: 'Tours' } }],
    ['department', 'Tours', { [EnterpriseUser.id]: { department: 'Tours' } }],
    ['emails[type eq "work"].value', 'b@example.com', { emails: [{ value: 'b@example.com', type: 'work' }] }],
    [
      'emails[type eq "work" and not (value ew "x")]',
      { display: 'B' },
      { emails: [{ value: 'a@example.com', type: 'work', display: 'B' }] },
    ],
  ])('[P-3.5.2-06, P-3.5.2-22, P-3.10-01] %s leads to its attribute', async (path, value, expected) => {
    const resource = await createUser({ emails: [{ value: 'a@example.com', type: 'work' }] })
    expect(await change(resource, { op: 'replace', path, value })).toMatchObject(expected)
  })

  test('[P-3.5.2-22] every extension of a type of one’s own as well, with or without data before', async () => {
    const after = await change(
      await createDevice(),
      { op: 'add', path: `${Rack.id}:unit`, value: 7 },
      { op: 'replace', path: `${Warranty.id}:provider`, value: 'us' },
    )
    expect(after).toMatchObject({ [Rack.id]: { unit: 7 }, [Warranty.id]: { provider: 'us' } })
  })

  test.each([
    '1title',
    'title.',
    '.title',
    'name..givenName',
    'name.givenName.x',
    'emails[type eq "work"',
    'emails[type eq "work"].',
    'emails[type eq "work"]value',
    'emails[type eq "work"][value eq "x"]',
    'emails[type eq "work"].value.x',
    'emails].value',
    'title title',
    ' title',
    '',
    '/title',
    '/emails/0',
    'emails[0]',
    'emails[0].value',
    'title[value eq "x"]',
  ])('[P-3.5.2-06, P-3.5.2-20] %j is 400', async (path) => {
    const resource = await createUser({ title: 'x', emails: [{ value: 'a', type: 'work' }] })
    const { body } = await refuse(resource, expect.any(String) as never, { op: 'replace', path, value: 'x' })
    expect(['invalidPath', 'invalidFilter']).toContain(body.scimType)
  })

  test.each(['emails[type xx "work"]', 'emails[type eq ]', 'emails[type eq work]', 'emails[]', 'emails[nope eq "x"]'])(
    '[P-3.5.2-06] the filter in %j is 400 invalidFilter',
    async (path) => {
      const resource = await createUser({ emails: [{ value: 'a', type: 'work' }] })
      await refuse(resource, 'invalidFilter', { op: 'remove', path })
    },
  )

  test.each(['nope', 'name.nope', 'emails.nope', 'emails[type eq "work"].nope', 'urn:example:nope:title', '__proto__'])(
    '[P-3.5.2-18] the unknown attribute %j is 400 invalidPath',
    async (path) => {
      const resource = await createUser({ emails: [{ value: 'a', type: 'work' }] })
      for (const op of ['add', 'replace', 'remove']) {
        await refuse(resource, 'invalidPath', { op, path, ...(op !== 'remove' && { value: 'x' }) })
      }
    },
  )

  test.each([5, true, {}, ['title']])('[P-3.5.2-06] the path %j is 400 invalidSyntax', async (path) => {
    await refuse(await createUser(), 'invalidSyntax', { op: 'replace', path, value: 'x' })
  })
})

describe.each(STORES)('answers, with %s', (_store, options) => {
  const app = patcher(options)

  // Decision A-59g.
  test('[P-3.5.2-15, P-3.5.2-14] success is 200 with the whole resource, or 204 with headers and no body', async () => {
    for (const resource of [await app.createUser(), await app.createDevice()]) {
      const operation = { op: 'replace', path: 'externalId', value: 'new' }
      const { status, body, text, headers } = await app.patch(resource, operation)
      const now = await app.read(resource)
      expect(now.externalId).toBe('new')
      expect(headers.get('etag')).toBe(now.meta.version)
      expect(headers.get('location')).toBe(now.meta.location)
      if (status === 204) expect(text).toBe('')
      else expect({ status, body }).toEqual({ status: 200, body: now })
    }
    const { id } = await app.createGroup()
    const large = await app.scim.patch(`/Groups/${id}`, {
      schemas: [PATCH_OP],
      Operations: [{ op: 'replace', path: 'displayName', value: `new-${id}` }],
    })
    expect([200, 204]).toContain(large.status)
  })

  test.each(['attributes=displayName', 'attributes=nope', 'excludedAttributes=members'])(
    '[P-3.5.2-16, P-3.9-01] with %s it is 200, also when nothing has changed',
    async (query) => {
      const { id, displayName } = await app.createGroup()
      for (const value of ['other', 'other']) {
        const Operations = [{ op: 'replace', path: 'externalId', value }]
        const { status, body } = await app.scim.patch(`/Groups/${id}?${query}`, { schemas: [PATCH_OP], Operations })
        expect(status).toBe(200)
        expect(body).toMatchObject({ id, ...(query.includes('isplayName') && { displayName }) })
        expect('meta' in body).toBe(query.startsWith('excluded'))
      }
    },
  )

  test('[P-3.5.2-14, P-3.12-02] failure is a status and an error message', async () => {
    const answer = await app.patch(await app.createUser(), { op: 'replace', path: 'active', value: 'maybe' })
    expectError(answer, 400, 'invalidValue')
    expect(answer.body.detail).toContain('active')
  })
})
