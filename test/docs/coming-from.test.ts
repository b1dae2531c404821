// The statements of docs/coming-from-*.md on other packages and on this one, run with both.
import express from 'express'
import { patchBodyValidation, type ScimPatchOperation, scimPatch } from 'scim-patch'
import { flatten, filter as peerFilter, parse as peerParse, stringify } from 'scim2-parse-filter'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'
import {
  applyPatch,
  type Compatibility,
  EnterpriseUser,
  filterPredicate,
  parseFilter,
  printFilter,
  type ResourceAdapter,
  ScimError,
  scimRouter,
  User,
  type UserResource,
} from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST, PATCH_OP } from '../../src/urn.js'
import { type App, serve, startApp } from '../support/app.js'
import { type ScimClient, scimClient } from '../support/client.js'
import { TOKEN } from '../support/token.js'
import { runBlock } from './run-block.js'

/** The result, or the status and scimType of the error. */
function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (ScimError.is(error)) return `${error.status} ${error.scimType}`
    return (error as Error).constructor.name
  }
}

describe('coming-from-scim-patch.md', () => {
  const user = () => ({
    schemas: [User.id],
    id: '1',
    userName: 'bjensen',
    active: true,
    emails: [{ value: 'a@x', type: 'work', primary: true }],
  })
  const theirs = (...operations: object[]) =>
    outcome(() => scimPatch(user() as never, operations as ScimPatchOperation[], { mutateDocument: false }))
  const ours = (...operations: object[]) => outcome(() => applyPatch(User, user(), operations as never))

  const ROWS: [string, object, unknown, unknown][] = [
    ['an unknown attribute', { op: 'add', path: 'shoeSize', value: 3 }, { shoeSize: 3 }, '400 invalidPath'],
    ['a text for a boolean', { op: 'replace', path: 'active', value: 'yes' }, { active: 'yes' }, '400 invalidValue'],
    ['letter case of a name', { op: 'replace', path: 'USERNAME', value: 'b' }, { USERNAME: 'b' }, { userName: 'b' }],
    ['a readOnly attribute', { op: 'replace', path: 'id', value: '2' }, { id: '2' }, '400 mutability'],
    ['op Add', { op: 'Add', path: 'title', value: 'x' }, { title: 'x' }, '400 invalidSyntax'],
    ['null', { op: 'replace', path: 'nickName', value: null }, { nickName: null }, { userName: 'bjensen' }],
    [
      'letter case of a value',
      { op: 'replace', path: 'emails[type eq "WORK"].value', value: 'b@x' },
      'NoTarget',
      { emails: [{ value: 'b@x', type: 'work', primary: true }] },
    ],
    [
      'remove with a part of the value',
      { op: 'remove', path: 'emails', value: [{ value: 'a@x' }] },
      { emails: user().emails },
      '400 invalidSyntax',
    ],
  ]
  test.each(ROWS)('%s', (_, operation, peer, here) => {
    const expected = (value: unknown) => (typeof value === 'string' ? value : expect.objectContaining(value as object))
    expect(theirs(operation)).toEqual(expected(peer))
    expect(ours(operation)).toEqual(expected(here))
  })

  test('a required attribute, a second primary value', () => {
    expect(theirs({ op: 'remove', path: 'userName' })).not.toHaveProperty('userName')
    expect(ours({ op: 'remove', path: 'userName' })).toBe('400 mutability')
    const email = { op: 'add', path: 'emails', value: [{ value: 'b@x', type: 'home', primary: true }] }
    const primaries = (resource: any) => resource.emails.filter(({ primary }: any) => primary).length
    expect([primaries(theirs(email)), primaries(ours(email))]).toEqual([2, 1])
  })

  test('an attribute of an extension: schemas name it here', () => {
    const operation = { op: 'add', path: `${EnterpriseUser.id}:department`, value: 'Sales' }
    const added = { [EnterpriseUser.id]: { department: 'Sales' } }
    expect(theirs(operation)).toMatchObject({ ...added, schemas: [User.id] })
    const options = { extensions: [EnterpriseUser] }
    expect(applyPatch(User, user(), [operation] as never, options)).toMatchObject({
      ...added,
      schemas: [User.id, EnterpriseUser.id],
    })
  })

  test('the tolerances of the page accept the operation', () => {
    const tolerant = (operation: object) =>
      applyPatch(User, user(), [operation] as never, { compatibility: 'tolerant' })
    expect(tolerant({ op: 'remove', path: 'emails', value: [{ value: 'a@x' }] })).not.toHaveProperty('emails')
    expect(tolerant({ op: 'Add', path: 'title', value: 'x' })).toMatchObject({ title: 'x' })
  })

  test('treatMissingAsAdd', () => {
    const operations = [{ op: 'replace', path: 'emails[type eq "home"].value', value: 'h@x' }] as const
    const added = { emails: [...user().emails, { type: 'home', value: 'h@x' }] }
    const peer = (treatMissingAsAdd: boolean) =>
      outcome(() => scimPatch(user() as never, [...operations] as never, { mutateDocument: false, treatMissingAsAdd }))
    const own = (compatibility?: Compatibility) =>
      outcome(() => applyPatch(User, user(), operations as never, compatibility && { compatibility }))
    expect([peer(true), own('tolerant'), own({ base: 'strict', createMissingValue: true })]).toEqual(
      Array(3).fill(expect.objectContaining(added)),
    )
    expect([peer(false), own('strict'), own()]).toEqual(['NoTarget', '400 noTarget', '400 noTarget'])
  })

  test('operations are checked, unknown keys stay, and an unchanged resource is the same object', () => {
    const wrong = { op: 'move', path: 'title' }
    expect(outcome(() => patchBodyValidation({ schemas: [PATCH_OP], Operations: [wrong] } as never))).toMatch(
      /^Invalid/,
    )
    expect(ours(wrong)).toBe('400 invalidSyntax')
    const row = { ...user(), passwordHash: 'h' }
    const patched = applyPatch(User, row, [{ op: 'add', path: 'title', value: 'x' }])
    expect(patched).toMatchObject({ title: 'x', passwordHash: 'h' })
    expect(row).toEqual({ ...user(), passwordHash: 'h' })
    expect(applyPatch(User, row, [{ op: 'replace', path: 'active', value: true }])).toBe(row)
    expect(ours({ op: 'replace', path: 'passwordHash', value: 'x' })).toBe('400 invalidPath')
  })
})

describe('coming-from-scim2-parse-filter.md', () => {
  const user = {
    userName: 'bjensen',
    active: true,
    emails: [{ value: 'a@x', type: 'work' }],
    password: 'secret',
    meta: { created: '2020-01-01T01:00:00+02:00' },
  }
  const theirs = (text: string) => outcome(() => peerFilter(peerParse(text))(user))
  const ours = (text: string) => outcome(() => filterPredicate(User, text)(user as never))

  test.each([
    ['userName eq "BJENSEN"', false, true],
    ['emails.value co "A@"', false, true],
    ['shoeSize eq 3', false, '400 invalidFilter'],
    ['active eq "true"', false, '400 invalidFilter'],
    ['title eq null', false, true],
    ['title ne "x"', false, true],
    ['meta.created gt "2020-01-01T00:00:00Z"', true, false],
    ['password eq "secret"', true, '400 invalidFilter'],
  ])('%s', (text, peer, here) => {
    expect([theirs(text), ours(text)]).toEqual([peer, here])
  })

  test.each([
    [
      'userName eq "x"',
      { op: 'eq', attrPath: 'userName', compValue: 'x' },
      { kind: 'compare', operator: 'eq', attribute: expect.anything(), value: 'x' },
    ],
    ['title pr', { op: 'pr', attrPath: 'title' }, { kind: 'present', attribute: expect.anything() }],
    [
      'emails[type pr]',
      { op: '[]', attrPath: 'emails', valFilter: expect.anything() },
      { kind: 'valuePath', attribute: expect.anything(), filter: expect.anything() },
    ],
    ['not (title pr)', { op: 'not', filter: expect.anything() }, { kind: 'not', filter: expect.anything() }],
    [
      'title pr and userName pr',
      { op: 'and', filters: expect.anything() },
      { kind: 'and', filters: expect.anything() },
    ],
  ])('the parts of %s', (text, peer, here) => {
    expect(peerParse(text)).toMatchObject(peer)
    expect(parseFilter(text)).toMatchObject(here)
    expect(stringify(peerParse(text))).toBe(text)
    expect(printFilter(parseFilter(text))).toBe(text)
  })

  test('a group in parentheses stays a node here, flatten takes it apart; a chain is flat in both', () => {
    const text = '(title pr and nickName pr) and userName pr'
    const nested = peerParse(text) as { filters: readonly unknown[] }
    const flat = flatten(nested as never) as typeof nested
    const own = parseFilter(text) as unknown as typeof nested
    expect([nested, flat, own].map(({ filters }) => filters.length)).toEqual([2, 3, 2])
    const chain = 'title pr and nickName pr and userName pr'
    const chains = [peerParse(chain), parseFilter(chain)] as unknown as (typeof nested)[]
    expect(chains.map(({ filters }) => filters.length)).toEqual([3, 3])
  })

  test('booleanText, Date objects, limits', () => {
    const tolerant = filterPredicate(User, 'active eq "true"', { compatibility: 'tolerant' })
    expect(tolerant({ active: true } as never)).toBe(true)
    const created = new Date('2020-01-01T00:00:01Z')
    const later = filterPredicate(User, 'meta.created gt "2020-01-01T01:00:00+01:00"')
    expect(later({ meta: { created } } as never)).toBe(true)
    const fails = (text: string) => outcome(() => parseFilter(text) && undefined)
    const nested = (levels: number) => `${'('.repeat(levels)}title pr${')'.repeat(levels)}`
    const many = (count: number) => Array(count).fill('a pr').join(' or ')
    const long = (characters: number) => `a eq "${'x'.repeat(characters - 7)}"`
    expect([fails(nested(50)), fails(many(499)), fails(long(8_192))]).toEqual([undefined, undefined, undefined])
    expect([fails(nested(51)), fails(many(500)), fails(long(8_193))]).toEqual(Array(3).fill('400 invalidFilter'))
  })
})

describe('coming-from-scimmy.md', () => {
  let peer: App
  let here: App
  const both = (): ScimClient[] => [scimClient(peer.base, 'token'), here.scim]
  const create = (client: ScimClient) =>
    client.post('/Users', {
      schemas: [User.id],
      userName: 'Anna',
      name: { givenName: 'Anna', familyName: 'A' },
      emails: [{ value: 'a@x', type: 'work' }],
    })

  beforeEach(async () => {
    peer = await scimmyApp()
    here = await startApp({ resources: { User: { adapter: adapterOfThePage().users } } })
  })
  afterEach(async () => {
    await peer.close()
    await here.close()
  })

  test('filters', async () => {
    const answers = []
    for (const client of both()) {
      await create(client)
      for (const filter of [
        'userName co "A"',
        'userName co "ANN"',
        'not userName eq "x"',
        'emails[type eq "work"] pr',
      ]) {
        const { status, body } = await client.get(`/Users?filter=${encodeURIComponent(filter)}`)
        answers.push(status === 200 ? body.totalResults : status)
      }
    }
    expect(answers).toEqual([1, 0, 1, 1, 1, 1, 400, 400])
  })

  test('a replace of name with some of its sub-attributes', async () => {
    const names = []
    for (const client of both()) {
      const { body } = await create(client)
      const Operations = [{ op: 'replace', path: 'name', value: { givenName: 'B' } }]
      await client.patch(`/Users/${body.id}`, { schemas: [PATCH_OP], Operations })
      names.push((await client.get(`/Users/${body.id}`)).body.name)
    }
    expect(names).toEqual([{ givenName: 'B' }, { givenName: 'B', familyName: 'A' }])
  })

  test('locations, versions', async () => {
    const [theirs, ours] = await Promise.all(both().map(create))
    expect(theirs?.body.meta.location).toMatch(/^\/scim\/v2\/Users\//)
    expect(ours?.body.meta.location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scim\/v2\/Users\//)
    const [config] = await Promise.all(both().map((client) => client.get('/ServiceProviderConfig')))
    expect(config?.body.etag.supported).toBe(false)
  })

  test('a PATCH reads by egress and hands the whole to ingress', async () => {
    const [theirs] = both()
    const { body } = await create(theirs as ScimClient)
    handled.length = 0
    await (theirs as ScimClient).patch(`/Users/${body.id}`, {
      schemas: [PATCH_OP],
      Operations: [{ op: 'replace', path: 'title', value: 'x' }],
    })
    expect(handled.map(([callback]) => callback)).toEqual(['egress', 'ingress'])
    expect(handled[1]?.[1]).toMatchObject({ userName: 'Anna', title: 'x', emails: [{ value: 'a@x' }] })
  })

  test('failOnErrors: 0 in a bulk request', async () => {
    const Operations = [{ method: 'DELETE', path: '/Users/none' }]
    const request = { schemas: [BULK_REQUEST], failOnErrors: 0, Operations }
    const strict = await startApp({
      resources: { User: { adapter: adapterOfThePage().users } },
      compatibility: 'strict',
    })
    const clients = [...both(), strict.scim]
    const answers = await Promise.all(clients.map((client) => client.post('/Bulk', request)))
    await strict.close()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400])
  })

  test('/Me is the user whose id the handler returns, and an error has the same status and scimType', async () => {
    const { users } = memoryAdapters()
    const me = { resourceType: 'User', id: '' }
    const own = await startApp({ resources: { User: { adapter: users } }, authenticate: () => ({ me }) })
    const created = await create(own.scim)
    me.id = created.body.id
    const { body } = await create(scimClient(peer.base, 'token'))
    identity = body.id
    const answers = await Promise.all([scimClient(peer.base, 'token'), own.scim].map((client) => client.get('/Me')))
    expect(answers.map(({ status, body }) => [status, body.userName])).toEqual(Array(2).fill([200, 'Anna']))
    const thrown = [new (SCIMMY.Types as any).Error(409, 'uniqueness', 'taken'), ScimError.uniqueness('userName')]
    expect(thrown.map(({ status, scimType }) => [status, scimType])).toEqual(Array(2).fill([409, 'uniqueness']))
    await own.close()
  })

  test('baseUri: locations begin with its result and the mount path there, with baseUrl here', async () => {
    const theirs = await scimmyApp({ baseUri: () => 'https://id.example' })
    const baseUrl = 'https://id.example/scim/v2'
    const ours = await startApp({ resources: { User: { adapter: adapterOfThePage().users } }, baseUrl })
    const locations = []
    for (const client of [scimClient(theirs.base, 'token'), ours.scim]) {
      const { body } = await create(client)
      locations.push(body.meta.location.replace(body.id, 'ID'))
      locations.push((await client.get(`/Users/${body.id}`)).body.meta.location.replace(body.id, 'ID'))
    }
    await theirs.close()
    await ours.close()
    expect(locations).toEqual(Array(4).fill(`${baseUrl}/Users/ID`))
  })

  test('context: each handler gets it; a callback here gets the identity and the parameters of the mount path', async () => {
    const theirs = await scimmyApp({ context: () => ({ tenant: 'acme' }) })
    const seen: unknown[] = []
    const { create: insert, ...others } = adapterOfThePage().users
    const adapter: typeof others & { create: typeof insert } = {
      ...others,
      create: (draft, call) => {
        seen.push([call.auth.tenant, call.params.version])
        return insert(draft, call)
      },
    }
    const router = scimRouter({ resources: { User: { adapter } }, authenticate: () => ({ tenant: 'acme' }) })
    const ours = await serve(express().use('/scim/:version', router))
    const { body } = await create(scimClient(theirs.base, 'token'))
    await scimClient(theirs.base, 'token').get(`/Users/${body.id}`)
    await scimClient(theirs.base, 'token').delete(`/Users/${body.id}`)
    expect(contexts).toEqual(Array(3).fill({ tenant: 'acme' }))
    await create(ours.scim)
    expect(seen).toEqual([['acme', 'v2']])
    await theirs.close()
    await ours.close()
  })

  test('If-Match of another version is ignored there, and 412 here if the adapter keeps versions', async () => {
    const versioned = await startApp({ resources: { User: { adapter: memoryAdapters().users } } })
    const answers = []
    for (const client of [scimClient(peer.base, 'token'), versioned.scim]) {
      const { body } = await create(client)
      const changed = { schemas: [User.id], userName: 'Bea' }
      const put = await client.put(`/Users/${body.id}`, changed, { headers: { 'If-Match': 'W/"of-nobody"' } })
      answers.push(put.status)
    }
    await versioned.close()
    // Decision A-73: without versions it is ignored here too.
    const { body } = await create(here.scim)
    const headers = { 'If-Match': 'W/"of-nobody"' }
    answers.push(
      (await here.scim.put(`/Users/${body.id}`, { schemas: [User.id], userName: 'Bea' }, { headers })).status,
    )
    expect(answers).toEqual([200, 412, 200])
  })

  test('two services in one process share the registry of SCIMMY, and nothing here', async () => {
    const [second, own] = [
      await serve(express().use('/scim/v2', new (SCIMMYRouters as any)({ type: 'bearer', handler: () => 'x' }))),
      await startApp({ resources: { User: { adapter: adapterOfThePage().users } } }),
    ]
    for (const client of both()) await create(client)
    const counts = [scimClient(second.base, 'token'), own.scim].map(async (client) => (await client.get('/Users')).body)
    expect((await Promise.all(counts)).map(({ totalResults }) => totalResults)).toEqual([1, 0])
    await second.close()
    await own.close()
  })
})

/** The adapter of coming-from-scimmy.md, with a store of its own. */
function adapterOfThePage(): { readonly users: ResourceAdapter<UserResource> } {
  process.env.SCIM_TOKEN = TOKEN
  return runBlock('docs/coming-from-scimmy.md', 'export const users')
}

/** The calls of the handlers of SCIMMY, and the id that its authentication returns. */
const handled: (readonly [string, unknown])[] = []
let identity = 'client'
/** The contexts that they got. */
const contexts: unknown[] = []

/** A service of SCIMMY in its documented form, with a Map as store. */
async function scimmyApp(options: object = {}): Promise<App> {
  contexts.length = 0
  const rows = new Map<string, any>()
  let number = 0
  SCIMMY.Resources.declare(SCIMMY.Resources.User as never)
  ;(SCIMMY.Resources.User as any)
    .ingress((resource: any, data: any, context: unknown) => {
      contexts.push(context)
      handled.push(['ingress', JSON.parse(JSON.stringify(data))])
      number += 1
      const id = resource.id ?? String(number)
      const row = { ...JSON.parse(JSON.stringify(data)), id }
      rows.set(id, row)
      return row
    })
    .egress((resource: any, context: unknown) => {
      contexts.push(context)
      handled.push(['egress', resource.id])
      if (resource.id) return rows.get(resource.id)
      return resource.filter ? resource.filter.match([...rows.values()]) : [...rows.values()]
    })
    .degress((resource: any, context: unknown) => {
      contexts.push(context)
      rows.delete(resource.id)
    })
  const router: any = new (SCIMMYRouters as any)({ type: 'bearer', handler: () => identity, ...options })
  return serve(express().use('/scim/v2', router))
}
