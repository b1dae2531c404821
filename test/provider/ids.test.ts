import type { ListQuery } from '../../src/adapter/contract.js'
import { bearer, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST, PATCH_OP } from '../../src/urn.js'
import { expectError, group, user } from '../rfc7644/service.js'
import { type App, startApp } from '../support/app.js'

const ODD = ['abc', '7', 'ABCDEF01-0000-4000-8000-000000000000', "1' OR 1=1", '%00', 'x'.repeat(300)]
const NOBODY = '00000000-0000-4000-8000-000000000000'

/** A store that takes an id of another shape for a fault, as a column of type uuid does. */
function watched<A extends object>(adapter: A, asked: string[]): A {
  const callbacks = adapter as unknown as Record<string, (...given: unknown[]) => unknown>
  const told = ['get', 'replace', 'delete', 'patch'].map((name) => [
    name,
    (id: string, ...rest: unknown[]) => {
      asked.push(id)
      return callbacks[name]?.(id, ...rest)
    },
  ])
  const list = (query: ListQuery, call: unknown): unknown => {
    asked.push(String(query.equals('id') ?? query.equals('members.value') ?? query.equals('groups.value')))
    return callbacks['list']?.(query, call)
  }
  return { ...adapter, ...Object.fromEntries(told), list }
}

describe('ids', () => {
  const asked: string[] = []
  let app: App

  beforeEach(async () => {
    const { users, groups } = memoryAdapters()
    asked.length = 0
    app = await startApp({
      resources: {
        User: { ids: 'uuid', adapter: watched(users, asked) },
        Group: { ids: 'uuid', adapter: () => watched(groups, asked) },
      },
    })
  })
  afterEach(() => app.close())

  const odd = (): string[] => asked.filter((id) => [...ODD, '\0'].includes(id))
  const patch = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations })

  test('[P-3.12-01] a path of another shape is 404 for every method, and the store is not asked', async () => {
    for (const id of ODD.map(encodeURIComponent)) {
      for (const endpoint of ['Users', 'Groups']) {
        const path = `/${endpoint}/${id}`
        const body = endpoint === 'Users' ? user('ann') : group('team')
        expectError(await app.scim.get(path), 404)
        expectError(await app.scim.put(path, body), 404)
        expectError(await app.scim.patch(path, patch({ op: 'replace', path: 'externalId', value: 'a' })), 404)
        expectError(await app.scim.delete(path), 404)
      }
    }
    expect(odd()).toEqual([])
  })

  test('a path of the shape goes to the store', async () => {
    const { body } = await app.scim.post('/Users', user('ann'))
    expect((await app.scim.get(`/Users/${body.id}`)).status).toBe(200)
    expectError(await app.scim.get(`/Users/${NOBODY}`), 404)
    expect(asked).toContain(NOBODY)
  })

  test('in Bulk it is 404', async () => {
    const { body } = await app.scim.post('/Bulk', {
      schemas: [BULK_REQUEST],
      Operations: [
        { method: 'DELETE', path: '/Users/abc' },
        { method: 'PATCH', path: '/Groups/7', data: patch({ op: 'replace', path: 'externalId', value: 'a' }) },
      ],
    })
    expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['404', '404'])
    expect(odd()).toEqual([])
  })

  test('[P-3.12-01] among members it is 400 invalidValue', async () => {
    const { body: team } = await app.scim.post('/Groups', group('team'))
    const { body: ann } = await app.scim.post('/Users', user('ann'))
    const path = `/Groups/${team.id}`
    for (const id of ODD) {
      expectError(await app.scim.post('/Groups', group('other', id)), 400, 'invalidValue')
      expectError(await app.scim.put(path, group('team', ann.id, id)), 400, 'invalidValue')
      for (const op of ['add', 'replace']) {
        const members = [{ value: ann.id }, { value: id }]
        expectError(await app.scim.patch(path, patch({ op, path: 'members', value: members })), 400, 'invalidValue')
        expectError(await app.scim.patch(path, patch({ op, value: { members } })), 400, 'invalidValue')
      }
    }
    expect((await app.scim.get(path)).body.members).toBeUndefined()
    expect((await app.scim.put(path, group('team', ann.id))).status).toBe(200)
  })

  test('in filters it matches nothing, and everything differs from it', async () => {
    const { body: ann } = await app.scim.post('/Users', user('ann'))
    const { body: team } = await app.scim.post('/Groups', group('team', ann.id))
    const find = async (endpoint: string, filter: string): Promise<string[]> => {
      const { status, body } = await app.scim.get(`/${endpoint}?filter=${encodeURIComponent(filter)}`)
      expect(status).toBe(200)
      return (body.Resources ?? []).map(({ id }: { id: string }) => id)
    }
    expect(await find('Users', 'id eq "abc"')).toEqual([])
    expect(await find('Users', 'id ne "abc"')).toEqual([ann.id])
    expect(await find('Users', `id eq "abc" or id eq "${ann.id}"`)).toEqual([ann.id])
    expect(await find('Users', 'groups.value eq "abc"')).toEqual([])
    expect(await find('Groups', 'members.value eq "abc"')).toEqual([])
    expect(await find('Groups', 'members[value eq "abc"]')).toEqual([])
    expect(await find('Groups', 'members.value ne "abc"')).toEqual([team.id])
    expect(await find('Groups', `members[value eq "${ann.id}"]`)).toEqual([team.id])
    expect(odd()).toEqual([])
  })

  test('a member that cannot be is removed like one that is not there', async () => {
    const { body: ann } = await app.scim.post('/Users', user('ann'))
    const { body: team } = await app.scim.post('/Groups', group('team', ann.id))
    const remove = (id: string) =>
      app.scim.patch(`/Groups/${team.id}`, patch({ op: 'remove', path: `members[value eq "${id}"]` }))
    const [absent, odd] = [await remove(NOBODY), await remove('abc')]
    expect([odd.status, odd.body?.scimType]).toEqual([absent.status, absent.body?.scimType])
    expect((await app.scim.get(`/Groups/${team.id}`)).body.members).toHaveLength(1)
  })
})

describe('the shapes', () => {
  const statusOf = async (ids: 'integer' | RegExp, id: string): Promise<number> => {
    const adapter = { get: (own: string) => ({ id: own, userName: 'ann' }), list: () => [], delete: () => true }
    const write = { create: () => ({ id: '1', userName: 'a' }), replace: () => undefined }
    const app = await startApp({ resources: { User: { ids, adapter: { ...adapter, ...write } } } })
    try {
      return (await app.scim.get(`/Users/${encodeURIComponent(id)}`)).status
    } finally {
      await app.close()
    }
  }

  test.each([
    ['integer', '17', 200],
    ['integer', '017', 404],
    ['integer', '1e3', 404],
    ['integer', '9'.repeat(19), 404],
    [/u_[a-z]+/g, 'u_ann', 200],
    [/u_[a-z]+/, 'x u_ann', 404],
    [/^u_[a-z]+$/m, 'u_ann\n1', 404],
    [/a|ab/, 'ab', 200],
  ] as const)('%s takes %j: %i', async (ids, id, status) => {
    expect(await statusOf(ids, id)).toBe(status)
    // An expression that remembers its last match would answer otherwise now.
    expect(await statusOf(ids, id)).toBe(status)
  })

  test('an adapter that makes an id of another shape is told', async () => {
    const { users } = memoryAdapters()
    const errors: unknown[] = []
    const adapter = { ...users, create: () => ({ id: '7', userName: 'ann' }) }
    const app = await startApp({
      resources: { User: { ids: 'uuid', adapter } },
      on: { error: ({ error }) => errors.push(String(error)) },
    })
    expect((await app.scim.post('/Users', user('ann'))).status).toBe(500)
    await app.close()
    expect(errors).toEqual([expect.stringContaining('returned an id of another shape than option ids')])
  })

  test('anything else is refused at start', () => {
    const { users } = memoryAdapters()
    const start = () =>
      scimRouter({ authenticate: bearer('secret'), resources: { User: { ids: 'uuid4' as 'uuid', adapter: users } } })
    expect(start).toThrow("must be 'uuid', 'integer' or a regular expression")
  })
})
