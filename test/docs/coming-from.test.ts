// What docs/coming-from-*.md say of other packages and of this one, run with both.
import express from 'express'
import { type ScimPatchOperation, scimPatch } from 'scim-patch'
import { filter as peerFilter, parse as peerParse } from 'scim2-parse-filter'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'
import {
  applyPatch,
  filterPredicate,
  type ResourceAdapter,
  ScimError,
  type StoredRow,
  User,
  type UserResource,
} from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { type App, serve, startApp } from '../support/app.js'
import { type ScimClient, scimClient } from '../support/client.js'

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
    here = await startApp({ resources: { User: { adapter: usersOfThePage() } } })
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
})

/** A service of SCIMMY in its documented form, with a Map as store. */
async function scimmyApp(): Promise<App> {
  const rows = new Map<string, any>()
  let number = 0
  SCIMMY.Resources.declare(SCIMMY.Resources.User as never)
  ;(SCIMMY.Resources.User as any)
    .ingress((resource: any, data: any) => {
      number += 1
      const id = resource.id ?? String(number)
      const row = { ...JSON.parse(JSON.stringify(data)), id }
      rows.set(id, row)
      return row
    })
    .egress((resource: any) => {
      if (resource.id) return rows.get(resource.id)
      return resource.filter ? resource.filter.match([...rows.values()]) : [...rows.values()]
    })
    .degress((resource: any) => rows.delete(resource.id))
  const router: any = new (SCIMMYRouters as any)({ type: 'bearer', handler: () => 'client' })
  return serve(express().use('/scim/v2', router))
}

/** The adapter of the page. */
function usersOfThePage(): ResourceAdapter<UserResource> {
  const rows = new Map<string, StoredRow<UserResource>>()
  return {
    create: (draft) => {
      const row = { ...draft, id: crypto.randomUUID() }
      rows.set(row.id, row)
      return row
    },
    get: (id) => rows.get(id),
    list: () => rows.values(),
    replace: (id, draft) => {
      if (!rows.has(id)) return undefined
      const row = { ...draft, id }
      rows.set(id, row)
      return row
    },
    delete: (id) => rows.delete(id),
  }
}
