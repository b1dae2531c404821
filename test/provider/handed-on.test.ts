import express from 'express'
import { bearer, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST, PATCH_OP } from '../../src/urn.js'
import { closedAfterEach, expectError, memoryOptions, user } from '../rfc7644/service.js'
import { type App, type AppOptions, describeExpress, serve, startApp, TOKEN } from '../support/app.js'
import { callOf } from '../support/calls.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

type Callbacks = Record<string, (...given: any[]) => any>

/** The memory adapter behind one that hands on copies of all it is given, as a wrapper does that adds something. */
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

describe('a draft that the application has too', () => {
  const closed = closedAfterEach()
  const body = () => ({ ...user('ann'), name: { givenName: 'Ann' }, emails: [{ value: 'ann@example.com' }] })
  const shown = async ({ scim }: App, id: string) => {
    const { body } = await scim.get(`/Users/${id}`)
    return { name: body.name, emails: body.emails }
  }
  const AS_SENT = { name: { givenName: 'Ann' }, emails: [{ value: 'ann@example.com' }] }

  /** What an application does to objects that it has. */
  function change(had: any): void {
    had.name.givenName = 'Eve'
    had.emails.push({ value: 'eve@example.com' })
  }

  test('is copied if a parser of the host has read the body', async () => {
    const bodies: any[] = []
    const scim = scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions() } as never)
    const keep = (request: any, _response: unknown, next: () => void) => {
      bodies.push(request.body)
      next()
    }
    const app = await closed(
      serve(
        express()
          .use(express.json({ type: () => true }))
          .use(keep)
          .use('/scim/v2', scim),
      ),
    )
    const { id } = (await app.scim.post('/Users', body())).body
    change(bodies[0])
    expect(await shown(app, id)).toEqual(AS_SENT)
    expect((await app.scim.put(`/Users/${id}`, body())).status).toBe(200)
    change(bodies.find((one, index) => index > 0 && one?.name))
    expect(await shown(app, id)).toEqual(AS_SENT)
  })

  test('is copied if an adapter of the application adds objects to it', async () => {
    const { users } = memoryAdapters() as any
    const added = { name: { givenName: 'Ann' }, emails: [{ value: 'ann@example.com' }] }
    const adapter = {
      ...users,
      create: (draft: object, call: unknown) => users.create(Object.assign(draft, added), call),
      replace: (id: string, draft: object, call: unknown) => users.replace(id, Object.assign(draft, added), call),
    }
    const app = await closed(startApp({ resources: { User: { adapter } } }))
    const { id } = (await app.scim.post('/Users', user('ann'))).body
    change(added)
    expect(await shown(app, id)).toEqual(AS_SENT)
    Object.assign(added, structuredClone(AS_SENT))
    expect((await app.scim.put(`/Users/${id}`, user('ann'))).status).toBe(200)
    change(added)
    expect(await shown(app, id)).toEqual(AS_SENT)
  })

  test('is copied if a rule of the application has seen it', async () => {
    const seen: any[] = []
    const validate: AppOptions['validate'] = async (write) => void seen.push(await write.after())
    const app = await closed(startApp(memoryOptions({ validate })))
    const { id } = (await app.scim.post('/Users', body())).body
    change(seen[0])
    expect(await shown(app, id)).toEqual(AS_SENT)
    expect((await app.scim.put(`/Users/${id}`, body())).status).toBe(200)
    change(seen[1])
    expect(await shown(app, id)).toEqual(AS_SENT)
  })

  test('is kept as it is if nobody else has it, frozen through and through, by POST and by PUT', async () => {
    const { users } = memoryAdapters() as any
    const app = await closed(startApp({ resources: { User: { adapter: users } } }))
    const { id } = (await app.scim.post('/Users', { ...body(), nickName: null, title: '' })).body
    for (const repeat of [true, false]) {
      const { name, emails } = users.get(id, callOf({ tenant: undefined }))
      for (const part of [name, emails, emails[0]]) expect(Object.isFrozen(part)).toBe(true)
      expect(await shown(app, id)).toEqual(AS_SENT)
      if (repeat) expect((await app.scim.put(`/Users/${id}`, body())).status).toBe(200)
    }
  })
})
