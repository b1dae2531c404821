import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST, PATCH_OP } from '../../src/urn.js'
import { closedAfterEach, expectError, memoryOptions, user } from '../rfc7644/service.js'
import { describeExpress, startApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

type Callbacks = Record<string, (...given: any[]) => any>

/**
 * The memory adapter behind a wrapper that hands on copies of all its arguments, as a wrapper does that adds values.
 */
function copying(): { readonly users: never; readonly groups: never } {
  const { users, groups } = memoryAdapters()
  const copied = (adapter: object): never =>
    Object.fromEntries(
      Object.entries(adapter as Callbacks).map(([name, callback]) => [
        name,
        typeof callback !== 'function' ? callback : (...given: any[]) => callback(...given.map(copyOf)),
      ]),
    ) as never
  return { users: copied(users), groups: copied(groups) }
}

function copyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value } : value
}

describeExpress('what is handed on as a copy', (version) => {
  const closed = closedAfterEach()

  test('says whose data it is about and what is to be done', async () => {
    const { users, groups } = copying()
    const tenantOf = ({ params, headers }: any) => ({ tenant: 'org' in params ? params.org : headers['x-tenant'] })
    const app = await closed(
      startApp(
        {
          authenticate: (credentials) => tenantOf({ ...credentials }),
          resources: { User: { adapter: users }, Group: { adapter: groups } },
        },
        version,
      ),
    )
    const as = (tenant: string) => ({ headers: { 'x-tenant': tenant } })
    const { body } = await app.scim.post('/Users', user('ann'), as('a'))
    const patch = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'displayName', value: 'Ann' }] }
    expect((await app.scim.patch(`/Users/${body.id}`, patch, as('a'))).status).toBe(200)
    expect((await app.scim.get(`/Users/${body.id}`, as('a'))).body.displayName).toBe('Ann')
    expectError(await app.scim.get(`/Users/${body.id}`, as('b')), 404)
    expect((await app.scim.get('/Users', as('b'))).body.totalResults).toBe(0)
    expect((await app.scim.get('/Users?filter=userName eq "ann"', as('a'))).body.totalResults).toBe(1)
  })
})

describeExpress('what an adapter gives', (version) => {
  const closed = closedAfterEach()
  const META = { created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z', version: '"1"' }

  test('may be a function that can be waited for', async () => {
    const users = fixtureAdapter([{ id: '1', userName: 'one', meta: META }])
    const later = (value: unknown) =>
      Object.defineProperty(() => undefined, 'then', { value: (done: any) => done(value) })
    const adapter = {
      ...users,
      get: (id: string, call: never) => later(users.get(id, call)),
      list: (query: never, call: never) => later(users.list(query, call)),
    }
    const app = await closed(startApp(memoryOptions({ resources: { User: { adapter: adapter as never } } }), version))
    expect((await app.scim.get('/Users/1')).body.userName).toBe('one')
    expect((await app.scim.get('/Users')).body.totalResults).toBe(1)
  })

  test('a version that makes no tag is a failure each time, and is given no other tag', async () => {
    const users = fixtureAdapter([
      { id: '1', userName: 'one', meta: META },
      { id: '2', userName: 'two', meta: META },
      { id: '3', userName: 'three', meta: META },
    ])
    const replace = async (id: string, draft: never, call: never) => {
      const stored: any = await users.replace(id, draft, call)
      return { ...stored, meta: { ...stored.meta, version: id === '1' ? 'a' : '\ud800' } }
    }
    const options = memoryOptions({
      resources: { User: { adapter: { ...users, replace } as never, supports: { versions: true } } },
    })
    const app = await closed(startApp(options, version))
    const Operations = ['1', '2', '3'].map((id) => ({ method: 'PUT', path: `/Users/${id}`, data: user(`u${id}`) }))
    const { body } = await app.scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations })
    expect(body.Operations.map(({ status }: any) => status)).toEqual(['200', '500', '500'])
    expect(body.Operations.map(({ version: tag }: any) => tag)).toEqual(['W/"a"', undefined, undefined])
  })

  test('a time that is none is no matter where it is not shown', async () => {
    const users = fixtureAdapter([{ id: '1', userName: 'one', meta: META }])
    const get = async (id: string, call: never) => {
      const stored: any = await users.get(id, call)
      return { ...stored, meta: { ...stored.meta, created: new Date(Number.NaN), lastModified: new Date(0) } }
    }
    const app = await closed(
      startApp(memoryOptions({ resources: { User: { adapter: { ...users, get } as never } } }), version),
    )
    const shown = await app.scim.get('/Users/1?attributes=meta.lastModified')
    expect(shown.body.meta).toEqual({ lastModified: '1970-01-01T00:00:00.000Z' })
    expectError(await app.scim.get('/Users/1'), 500)
  })
})
