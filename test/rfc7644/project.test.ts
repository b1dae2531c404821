import { User } from '../../src/index.js'
import { PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { createUsers, ENTERPRISE, expectError, group, memoryOptions, user } from './service.js'

const BODY = user('project', {
  schemas: [User.id, ENTERPRISE],
  title: 'Dr',
  name: { givenName: 'Ann', familyName: 'Bell', formatted: 'Ann Bell' },
  emails: [
    { value: 'ann@example.com', type: 'work', primary: true },
    { value: 'bell@example.com', type: 'home' },
  ],
  password: 'never shown',
  [ENTERPRISE]: { department: 'Sales', employeeNumber: '7', manager: { value: 'm' } },
})
const MANAGER = { value: 'm', $ref: expect.stringMatching(/\/Users\/m$/) }

describeExpress('attributes and excludedAttributes', (version) => {
  const app = sharedApp(memoryOptions, version)
  let whole: any
  beforeAll(async () => {
    ;[whole] = await createUsers(app.scim, BODY)
  })
  const read = async (query: string) => {
    const { body } = await app.scim.get(`/Users/${whole.id}?${query}`)
    const { body: list } = await app.scim.get(`/Users?filter=userName eq "project"&${query}`)
    expect(list.Resources).toEqual([body])
    return body
  }
  /** The attributes that are always returned, and more. */
  const always = (more: object = {}, schemas = whole.schemas) => ({ schemas, id: whole.id, ...more })
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))

  test('[P-3.4.2.5-01, P-3.9-02] attributes replaces the default: what is always returned, and what is named', async () => {
    expect(await read('attributes=userName')).toEqual(always({ userName: 'project' }))
    expect(await read('attributes=userName,title')).toEqual(always({ userName: 'project', title: 'Dr' }))
    expect(await read('attributes=meta')).toEqual(always({ meta: whole.meta }))
    expect(await read('attributes=meta.location')).toEqual(always({ meta: { location: whole.meta.location } }))
  })

  test('[P-3.9-03] excludedAttributes takes away from the default, but not what is always returned', async () => {
    expect(await read('excludedAttributes=id,emails,schemas')).toEqual(without('emails'))
    expect(await read('excludedAttributes=title, name,meta')).toEqual(without('title', 'name', 'meta'))
  })

  test('[P-3.9-04] the list is parted by commas, blanks around names are no matter', async () => {
    for (const list of ['title,userName', 'title , userName', '%20title,%09userName ', 'title,,userName,']) {
      expect(await read(`attributes=${list}`)).toEqual(always({ userName: 'project', title: 'Dr' }))
    }
    expect(await read('attributes=')).toEqual(whole)
    expect(await read('excludedAttributes=')).toEqual(whole)
  })

  test('[P-3.9-05] both together are 400 invalidValue', async () => {
    for (const path of ['/Users', `/Users/${whole.id}`, '/']) {
      expectError(await app.scim.get(`${path}?attributes=title&excludedAttributes=name`), 400, 'invalidValue')
    }
    const search = { schemas: [SEARCH_REQUEST], attributes: ['title'], excludedAttributes: ['name'] }
    expectError(await app.scim.post('/Users/.search', search), 400, 'invalidValue')
  })

  test('[P-3.9-07, S-4.1-02] password never appears, named or not', async () => {
    for (const query of [
      '',
      'attributes=password',
      `attributes=${User.id}`,
      `attributes=${User.id}:password,password.value`,
      'excludedAttributes=title',
    ]) {
      const { text } = await app.scim.get(`/Users/${whole.id}?${query}`)
      expect(text).not.toMatch(/password|never shown/)
    }
  })

  test('[P-3.9-08, P-3.9-09] a sub-attribute is it alone, a complex attribute all of it', async () => {
    expect(await read('attributes=name.givenName')).toEqual(always({ name: { givenName: 'Ann' } }))
    expect(await read('attributes=emails.value')).toEqual(
      always({ emails: [{ value: 'ann@example.com' }, { value: 'bell@example.com' }] }),
    )
    expect(await read('attributes=name')).toEqual(always({ name: whole.name }))
    expect(await read('attributes=name,name.givenName')).toEqual(always({ name: whole.name }))
    expect(await read('attributes=emails')).toEqual(always({ emails: whole.emails }))
    // No value has it, so nothing of the attribute is left.
    expect(await read('attributes=emails.display')).toEqual(always())
  })

  test('[P-3.9-10] a sub-attribute that is excluded leaves the rest', async () => {
    const { name } = await read('excludedAttributes=name.givenName')
    expect(name).toEqual({ familyName: 'Bell', formatted: 'Ann Bell' })
    const { emails } = await read('excludedAttributes=emails.type,emails.primary')
    expect(emails).toEqual([{ value: 'ann@example.com' }, { value: 'bell@example.com' }])
  })

  test('[P-3.9-11] unknown names are ignored', async () => {
    for (const name of [
      'nope',
      'name.nope',
      'urn:example:nope:title',
      'title.x.y',
      '__proto__',
      'constructor',
      'urn:x',
      ':',
      '.',
    ]) {
      expect(await read(`attributes=${name}`)).toEqual(always())
      expect(await read(`excludedAttributes=${name}`)).toEqual(whole)
    }
  })

  test('[P-3.9-12, P-3.10-01] a URN names a schema, or an attribute of it', async () => {
    const extension = (value: object) => always({ [ENTERPRISE]: value })
    expect(await read(`attributes=${ENTERPRISE}`)).toEqual(
      extension({ department: 'Sales', employeeNumber: '7', manager: MANAGER }),
    )
    expect(await read(`attributes=${ENTERPRISE}:department`)).toEqual(extension({ department: 'Sales' }))
    expect(await read(`attributes=${ENTERPRISE}:manager.value`)).toEqual(extension({ manager: { value: 'm' } }))
    expect(await read(`excludedAttributes=${ENTERPRISE}`)).toEqual(without(ENTERPRISE))
    expect((await read(`excludedAttributes=${ENTERPRISE}:manager`))[ENTERPRISE]).toEqual({
      department: 'Sales',
      employeeNumber: '7',
    })
    expect(await read(`attributes=${User.id}:userName`)).toEqual(always({ userName: 'project' }))
    expect(await read(`attributes=${User.id}:name.givenName`)).toEqual(always({ name: { givenName: 'Ann' } }))
    expect(await read(`attributes=${User.id}`)).toEqual(without(ENTERPRISE))
  })

  test('[P-3.9-13] schemas is in every resource, whatever is asked', async () => {
    for (const query of [
      'attributes=title',
      'excludedAttributes=schemas',
      `excludedAttributes=${ENTERPRISE}`,
      'attributes=id',
    ]) {
      expect((await read(query)).schemas).toEqual([User.id, ENTERPRISE])
    }
  })

  test('[P-3.10-02] URN, attribute and sub-attribute are known in any letter case, and answered as defined', async () => {
    expect(await read('attributes=USERNAME,Name.GIVENNAME')).toEqual(
      always({ userName: 'project', name: { givenName: 'Ann' } }),
    )
    expect(await read(`attributes=${ENTERPRISE.toUpperCase()}:DEPARTMENT`)).toEqual(
      always({ [ENTERPRISE]: { department: 'Sales' } }),
    )
    expect(await read('excludedAttributes=EMAILS,Title')).toEqual(without('emails', 'title'))
  })

  test('[P-3.10-03] an extension attribute without its URN is found where only one can be meant', async () => {
    expect(await read('attributes=department')).toEqual(always({ [ENTERPRISE]: { department: 'Sales' } }))
  })

  test('[P-3.9-01] they hold for every answer with a resource', async () => {
    const shown = ['id', 'schemas', 'title']
    const path = `/Users/${whole.id}?attributes=title`
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'Prof' }] }
    const answers = [
      await app.scim.post('/Users?attributes=title', user('project-2', { title: 'x' })),
      await app.scim.get(path),
      await app.scim.put(path, BODY),
      await app.scim.patch(path, patch),
    ]
    for (const { body } of answers) expect(Object.keys(body).sort()).toEqual(shown)
    const search = { schemas: [SEARCH_REQUEST], attributes: ['title'], filter: 'title pr' }
    for (const where of ['/Users/.search', '/.search']) {
      const { body } = await app.scim.post(where, search)
      expect(body.Resources).toHaveLength(2)
      for (const resource of body.Resources) expect(Object.keys(resource).sort()).toEqual(shown)
    }
    const excluded = await app.scim.patch(`/Users/${whole.id}?excludedAttributes=meta,name,emails`, patch)
    expect(Object.keys(excluded.body).sort()).toEqual(['id', 'schemas', 'title', ENTERPRISE, 'userName'].sort())
  })

  test('[P-3.9-03] excludedAttributes=members keeps a group readable without them', async () => {
    const { body } = await app.scim.post('/Groups?excludedAttributes=members', group('large', whole.id))
    expect(Object.keys(body).sort()).toEqual(['displayName', 'id', 'meta', 'schemas'])
    const { body: found } = await app.scim.get('/Groups?filter=displayName eq "large"&excludedAttributes=members')
    expect(found.Resources).toEqual([body])
    const { body: one } = await app.scim.get(`/Groups/${body.id}?attributes=members.value`)
    expect(one.members).toEqual([{ value: whole.id }])
  })
})

describeExpress('members in any order', (version) => {
  const A = { id: 'a', userName: 'ann', title: 'Dr', name: { givenName: 'Ann', familyName: 'Bell' }, active: true }
  const META = { created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z', version: 'W/"1"' }
  const ORDERS = [
    { ...A, password: 'secret' },
    { password: 'secret', active: true, id: 'b', userName: 'bob', name: { familyName: 'Cox', givenName: 'Bob' } },
    { title: 'Mr', password: 'secret', unknown: 'secret', userName: 'cal', id: 'c' },
    { ...A, id: 'd', userName: 'dan', password: 'secret' },
    { unknown: 'secret', id: 'e', name: { secret: 'secret', givenName: 'Eve' }, userName: 'eve' },
  ]
  const app = sharedApp(
    () =>
      memoryOptions({
        resources: { User: { adapter: fixtureAdapter(ORDERS.map((stored) => ({ ...stored, meta: META }))) as never } },
      }),
    version,
  )

  test('[P-3.9-01, S-4.1-02] every resource of a list shows what it has and may show, wherever that stands', async () => {
    const shown = ORDERS.map((stored) => {
      const { password: _password, unknown: _unknown, ...rest } = stored as Record<string, any>
      const { secret: _secret, ...name } = rest['name'] ?? {}
      return { ...rest, ...(rest['name'] && { name }) }
    })
    for (let round = 0; round < 3; round += 1) {
      const { body, text } = await app.scim.get('/Users')
      expect(body.Resources).toEqual(shown.map((resource) => expect.objectContaining(resource)))
      expect(text).not.toContain('secret')
      expect(Object.keys(body.Resources[4]).sort()).toEqual(['id', 'meta', 'name', 'schemas', 'userName'])
      const some = await app.scim.get('/Users?attributes=title,name.givenName')
      expect(some.body.Resources[1]).toEqual({ schemas: [User.id], id: 'b', name: { givenName: 'Bob' } })
      expect(some.body.Resources[2]).toEqual({ schemas: [User.id], id: 'c', title: 'Mr' })
    }
  })

  test('[S-2.1-03] a body is read the same in any order and any letters', async () => {
    const bodies = [
      { schemas: [User.id], userName: 'a1', title: 'T', name: { givenName: 'G', familyName: 'F' } },
      { NAME: { FamilyName: 'F', givenname: 'G' }, TITLE: 'T', USERNAME: 'a2', schemas: [User.id] },
      { title: 'T', schemas: [User.id], name: { familyName: 'F', givenName: 'G' }, userName: 'a3' },
      { schemas: [User.id], userName: 'a4', title: 'T', name: { givenName: 'G', familyName: 'F' } },
    ]
    for (const body of bodies) {
      const created = (await app.scim.post('/Users', body)).body
      expect(created).toMatchObject({ title: 'T', name: { givenName: 'G', familyName: 'F' } })
      expect(created.userName).toMatch(/^a\d$/)
    }
  })
})
