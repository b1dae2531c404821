import { bearer, defineSchema, type ResourceAdapter, resourceType, ScimError, scimRouter } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST } from '../../src/urn.js'
import { closedAfterEach, createUsers, ENTERPRISE, expectError, group, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { callOf } from '../support/calls.js'
import { detailOf } from '../support/client.js'
import { staleAtFirst } from '../support/stale.js'
import { transactionalStore } from '../support/transactions.js'

type Rule = NonNullable<AppOptions['validate']>

/** Adapters that count how often a resource is read; without `patch` if a test wants get and replace. */
function counted(withPatch = true) {
  const { users, groups } = memoryAdapters()
  const reads: string[] = []
  const counting = (name: string, { patch, ...adapter }: ResourceAdapter): ResourceAdapter => ({
    ...adapter,
    ...(withPatch && patch && { patch }),
    get: (id, call) => {
      reads.push(name)
      return adapter.get(id, call)
    },
  })
  const resources = {
    User: { adapter: counting('User', users as unknown as ResourceAdapter) },
    Group: { adapter: counting('Group', groups as unknown as ResourceAdapter) },
  }
  return { resources, reads, users: users as unknown as ResourceAdapter }
}

const apps = closedAfterEach()

/** Adapters without a count. */
const stored = (withPatch = true): AppOptions => ({ resources: counted(withPatch).resources })

async function appWith(validate: Rule, options: AppOptions = stored()): Promise<App> {
  return apps(startApp({ ...options, validate }))
}

const replacing = (path: string, value: unknown) => ({ Operations: [{ op: 'replace', path, value }] })

describe('which writes a rule is asked about', () => {
  /** A rule that refuses all writes after the set-up of the test. */
  function service() {
    const asked: string[] = []
    const state = { isClosed: false }
    const validate: Rule = ({ action, resourceType, id }) => {
      if (!state.isClosed) return
      asked.push([action, resourceType, id].join(' '))
      throw new ScimError(403, 'Closed for today.')
    }
    return { asked, state, validate }
  }

  test('POST, PUT, PATCH and DELETE: a refusal is the answer, and nothing is stored', async () => {
    const { asked, state, validate } = service()
    const { scim } = await appWith(validate)
    const [{ id }] = await createUsers(scim, user('a'))
    state.isClosed = true
    const answers = [
      await scim.post('/Users', user('b')),
      await scim.put(`/Users/${id}`, user('b')),
      await scim.patch(`/Users/${id}`, replacing('userName', 'b')),
      await scim.delete(`/Users/${id}`),
    ]
    expect(answers.map(({ status, body }) => [status, detailOf(body)])).toEqual(
      Array(4).fill([403, 'Closed for today.']),
    )
    expect(asked).toEqual(['create User ', `replace User ${id}`, `patch User ${id}`, `delete User ${id}`])
    const { body } = await scim.get('/Users')
    expect(body.Resources).toMatchObject([{ id, userName: 'a' }])
  })

  test('the same with an adapter that has no patch of its own', async () => {
    const { state, validate } = service()
    const { scim } = await appWith(validate, stored(false))
    const [{ id }] = await createUsers(scim, user('a'))
    state.isClosed = true
    expectError(await scim.patch(`/Users/${id}`, replacing('userName', 'b')), 403)
    expect((await scim.get(`/Users/${id}`)).body.userName).toBe('a')
  })

  test('/Me, and requests of the application itself', async () => {
    const { asked, state, validate } = service()
    const me = { resourceType: 'User', id: undefined as string | undefined }
    const scimOptions = stored()
    const scim = scimRouter({
      ...scimOptions,
      authenticate: () => ({ me }),
      validate,
      identity: () => ({ auth: { tenant: 'acme', me } }),
    })
    const { request } = scim.as({ tenant: 'acme', actor: 'test' })
    const { body } = await request({ method: 'POST', path: '/Users', body: user('a') })
    me.id = (body as { id: string }).id
    state.isClosed = true
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const sent =
        method === 'PATCH'
          ? { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], ...replacing('title', 'x') }
          : user('b')
      expect((await request({ method, path: '/Me', body: method === 'DELETE' ? undefined : sent })).status).toBe(403)
    }
    expect(asked).toEqual(['create User ', `replace User ${me.id}`, `patch User ${me.id}`, `delete User ${me.id}`])
  })

  test('each operation of a bulk request, of which the others go on', async () => {
    const asked: string[] = []
    const { scim } = await appWith(async (write) => {
      asked.push(write.action)
      if ((await write.after())?.['title'] === 'banned') throw ScimError.invalidValue('Nobody is banned here.')
    })
    const [{ id }] = await createUsers(scim, user('a'))
    const { body } = await scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'b', data: user('b', { title: 'banned' }) },
        { method: 'PUT', path: `/Users/${id}`, data: user('a', { title: 'banned' }) },
        { method: 'PATCH', path: `/Users/${id}`, data: replacing('title', 'banned') },
        { method: 'PATCH', path: `/Users/${id}`, data: replacing('title', 'fine') },
        { method: 'DELETE', path: `/Users/${id}` },
      ],
    })
    expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['400', '400', '400', '200', '204'])
    expect(asked).toEqual(['create', 'create', 'replace', 'patch', 'patch', 'delete'])
  })

  test('a circle in a bulk request is undone without it, and its links are asked about', async () => {
    const asked: string[] = []
    const { scim } = await appWith(({ action, resourceType }) => {
      asked.push(`${action} ${resourceType}`)
      if (action !== 'create') throw ScimError.forbidden('Groups have no members here.')
    })
    const member = (bulkId: string) => ({
      ...group(bulkId === 'a' ? 'b' : 'a'),
      members: [{ value: `bulkId:${bulkId}` }],
    })
    const { body } = await scim.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Groups', bulkId: 'a', data: member('b') },
        { method: 'POST', path: '/Groups', bulkId: 'b', data: member('a') },
      ],
    })
    expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['409', '409'])
    expect(asked).toEqual(['create Group', 'create Group', 'patch Group'])
    expect((await scim.get('/Groups')).body.totalResults).toBe(0)
  })

  test('nothing that is not permitted or not valid', async () => {
    const validate = jest.fn()
    const { scim } = await appWith(validate, {
      ...stored(),
      authorize: ({ resourceType }) => resourceType === 'User',
    })
    expectError(await scim.post('/Groups', group('a')), 403)
    expectError(await scim.post('/Users', { schemas: user('a')['schemas'] }), 400, 'invalidValue')
    expectError(await scim.post('/Users', user('a', { active: {} })), 400, 'invalidValue')
    expectError(await scim.patch('/Users/1', replacing('active', {})), 400, 'invalidValue')
    expectError(await scim.get('/Users/1'), 404)
    expect(validate).not.toHaveBeenCalled()
  })

  test('a POST that takes over what exists: as the creation and as the replacement', async () => {
    const asked: unknown[] = []
    const { resources } = counted()
    const { scim } = await appWith(
      async (write) => {
        const [before, after] = [await write.before(), await write.after()]
        asked.push([write.action, write.id, before?.['title'], after?.['title']])
      },
      { resources: { ...resources, User: { ...resources.User, onDuplicate: 'adopt' } } },
    )
    const [{ id }] = await createUsers(scim, user('a', { title: 'old' }))
    asked.length = 0
    await createUsers(scim, user('a', { title: 'new' }))
    expect(asked).toEqual([
      ['create', undefined, undefined, 'new'],
      ['replace', id, 'old', 'new'],
    ])
  })
})

describe('the rule of an identity', () => {
  test('is asked before that of the application, sees the same write, and refuses by itself', async () => {
    const asked: string[] = []
    const { resources, reads } = counted()
    const { scim } = await apps(
      startApp({
        resources,
        authenticate: () => ({
          validate: async (write) => {
            asked.push(`identity ${write.action}`)
            if ((await write.before())?.['userName'] === 'kept') throw ScimError.forbidden('Kept.', { code: 'kept' })
          },
        }),
        validate: async (write) => {
          asked.push(`option ${write.action}`)
          await write.before()
        },
      }),
    )
    const [{ id }, kept] = await createUsers(scim, user('a'), user('kept'))
    asked.length = 0
    reads.length = 0
    expect((await scim.delete(`/Users/${id}`)).status).toBe(204)
    expect(reads).toEqual(['User'])
    expect((await scim.delete(`/Users/${kept.id}`)).status).toBe(403)
    expect(asked).toEqual(['identity delete', 'option delete', 'identity delete'])
    expect((await scim.get(`/Users/${kept.id}`)).status).toBe(200)
  })

  test('holds without one of the application, and must throw to refuse', async () => {
    const errors: unknown[] = []
    const { scim } = await apps(
      startApp({
        ...stored(),
        authenticate: () => ({ validate: (async () => false) as never }),
        on: { error: ({ error }) => errors.push(error) },
      }),
    )
    expect((await scim.post('/Users', user('a'))).status).toBe(500)
    expect(errors).toMatchObject([{ message: expect.stringMatching(/^Key validate of the identity must throw/) }])
  })
})

describe('what a rule sees', () => {
  test('the resource before and after, and what changes', async () => {
    const seen: unknown[] = []
    const paths = [
      'title',
      'active',
      'name.familyName',
      'emails',
      'emails.value',
      `${ENTERPRISE}:department`,
      'id',
      'groups',
    ]
    const { scim } = await appWith(async (write) => {
      const changes = await Promise.all(paths.map(async (path) => ((await write.changed(path)) ? path : [])))
      const { action } = write
      seen.push({ action, before: await write.before(), after: await write.after(), changes: changes.flat() })
    })
    const emails = [{ value: 'a@example.com', type: 'work' }]
    const [{ id, meta }] = await createUsers(scim, user('a', { active: true, emails, name: { familyName: 'A' } }))
    await scim.put(`/Users/${id}`, user('a', { emails, name: { familyName: 'B' } }))
    await scim.patch(`/Users/${id}`, replacing(`${ENTERPRISE}:department`, 'Sales'))
    await scim.patch(`/Users/${id}`, replacing('emails[type eq "work"].primary', true))
    await scim.delete(`/Users/${id}`)
    const [created, replaced, patched, primary, deleted] = seen as any[]
    expect(created).toEqual({
      action: 'create',
      before: undefined,
      after: { userName: 'a', active: true, emails, name: { familyName: 'A' } },
      changes: ['active', 'name.familyName', 'emails', 'emails.value'],
    })
    expect(replaced.before).toMatchObject({ id, userName: 'a', active: true })
    expect(replaced.before.meta.created).toEqual(new Date(meta.created).toISOString())
    // The values that a PUT leaves out and keeps are there, too.
    expect(replaced.after).toEqual({ userName: 'a', active: true, emails, name: { familyName: 'B' } })
    expect(replaced.changes).toEqual(['name.familyName'])
    expect(patched.changes).toEqual([`${ENTERPRISE}:department`])
    expect(patched.after).toMatchObject({ userName: 'a', [ENTERPRISE]: { department: 'Sales' } })
    expect(primary.changes).toEqual(['emails'])
    expect(deleted).toMatchObject({ before: { id, userName: 'a' }, after: undefined })
    expect(deleted.changes).toEqual(['active', 'name.familyName', 'emails', 'emails.value', `${ENTERPRISE}:department`])
  })

  test('PATCH operations stay apart: a condition sees nothing of an operation behind it', async () => {
    const { scim } = await appWith(() => undefined)
    const [{ id }] = await createUsers(scim, user('a', { name: { familyName: 'old', middleName: 'kept' } }))
    const { status } = await scim.patch(`/Users/${id}`, {
      Operations: [
        { op: 'replace', path: 'name', value: { givenName: 'new' } },
        { op: 'remove', path: 'name[familyName eq "later"].middleName' },
        { op: 'replace', path: 'name.familyName', value: 'later' },
      ],
    })
    expect(status).toBe(200)
    const { body } = await scim.get(`/Users/${id}`)
    expect(body.name).toEqual({ givenName: 'new', middleName: 'kept', familyName: 'later' })
  })

  test('no password, but whether the request sets one', async () => {
    const seen: string[] = []
    const changes: boolean[] = []
    const { scim } = await appWith(async (write) => {
      seen.push(JSON.stringify([await write.before(), await write.after()]))
      changes.push(await write.changed('password'))
    })
    const [{ id }] = await createUsers(scim, user('a', { password: 'seen-Passw0rd-1' }))
    await scim.put(`/Users/${id}`, user('a', { password: 'seen-Passw0rd-2' }))
    await scim.patch(`/Users/${id}`, replacing('password', 'seen-Passw0rd-3'))
    await scim.patch(`/Users/${id}`, {
      Operations: [{ op: 'add', value: { password: 'seen-Passw0rd-4', title: 'x' } }],
    })
    await scim.put(`/Users/${id}`, user('a'))
    await scim.patch(`/Users/${id}`, replacing('title', 'y'))
    await scim.delete(`/Users/${id}`)
    expect(seen.join()).not.toMatch(/seen-Passw0rd|password/i)
    expect(changes).toEqual([true, true, true, true, false, false, false])
  })

  test('whether a PATCH sets what no client can read, in a list that another operation sets too', async () => {
    const Device = defineSchema({
      id: 'urn:example:scim:Device',
      attributes: [
        { name: 'serial' },
        {
          name: 'slots',
          type: 'complex',
          multiValued: true,
          subAttributes: [{ name: 'value' }, { name: 'key', returned: 'never' }],
        },
      ],
    })
    const changes: boolean[] = []
    const resources = { Device: resourceType({ schema: Device, adapter: memoryAdapter({ schema: Device }) }) }
    const { scim } = await appWith(
      async (write) => {
        changes.push(await write.changed('slots.key'))
      },
      { resources },
    )
    const { body } = await scim.post('/Devices', { schemas: [Device.id], slots: [{ value: 'a' }] })
    const key = { op: 'replace', path: 'slots[value eq "a"].key', value: 'k' }
    const list = { op: 'add', path: 'slots', value: [{ value: 'b' }] }
    for (const Operations of [[list], [list, key], [key, list]]) await scim.patch(`/Devices/${body.id}`, { Operations })
    expect(changes).toEqual([false, false, true, true])
  })

  test('copies of its own: what it does to them changes nothing', async () => {
    const { scim } = await appWith(async (write) => {
      for (const resource of [await write.before(), await write.after()] as any[]) {
        if (resource === undefined) continue
        resource.title = 'changed'
        resource.emails?.push({ value: 'changed@example.com' })
      }
    })
    const emails = [{ value: 'a@example.com' }]
    const [{ id }] = await createUsers(scim, user('a', { emails }))
    await scim.put(`/Users/${id}`, user('a', { emails }))
    const { body } = await scim.get(`/Users/${id}`)
    expect(body).toMatchObject({ emails })
    expect(body).not.toHaveProperty('title')
  })

  test('who asks, the transaction that the write joins, and a signal', async () => {
    const seen: unknown[] = []
    const store = transactionalStore()
    const { scim } = await appWith(
      ({ auth, tenant, transaction, signal }) => {
        seen.push([auth.subject, tenant, typeof transaction, signal.aborted])
      },
      {
        authenticate: () => ({ tenant: 'acme', subject: 'client' }),
        resources: { User: { adapter: store.adapter('User') } },
        transaction: store.transaction,
      },
    )
    const [{ id }] = await createUsers(scim, user('a'))
    await scim.put(`/Users/${id}`, user('b'))
    await scim.patch(`/Users/${id}`, replacing('title', 'x'))
    await scim.delete(`/Users/${id}`)
    expect(seen).toEqual(Array(4).fill(['client', 'acme', 'object', false]))
    expect(store.log).toEqual(Array(4).fill('commit'))
  })

  test('a refusal rolls the transaction back', async () => {
    const store = transactionalStore()
    const { scim } = await appWith(() => Promise.reject(ScimError.forbidden()), {
      resources: { User: { adapter: store.adapter('User') } },
      transaction: store.transaction,
    })
    expectError(await scim.post('/Users', user('a')), 403)
    expect(store.log).toEqual(['rollback'])
  })
})

describe('a rule that writes in the transaction', () => {
  /** A store with a user, and a rule that counts each write of which it has seen the resource. */
  async function counting(stale: number, options: Partial<AppOptions> = {}) {
    const store = transactionalStore()
    const adapter = staleAtFirst(store.adapter('User'), stale)
    const state = { isOpen: false }
    const validate: Rule = async ({ before, transaction }) => {
      if (!state.isOpen) return
      await before()
      const { rows } = transaction as { rows: Map<string, ReadonlyMap<string, object>> }
      const counted = rows.get('Seat') ?? new Map()
      rows.set('Seat', new Map([...counted, [String(counted.size), {}]]))
    }
    const app = await appWith(validate, {
      resources: { User: { adapter } },
      transaction: store.transaction,
      ...options,
    })
    const [{ id }] = await createUsers(app.scim, user('a'))
    state.isOpen = true
    store.log.length = 0
    return { app, store, path: `/Users/${id}`, taken: () => store.count('Seat') }
  }

  const writes = {
    PUT: ({ scim }: App, path: string) => scim.put(path, user('b')),
    PATCH: ({ scim }: App, path: string) => scim.patch(path, replacing('title', 'x')),
    DELETE: ({ scim }: App, path: string) => scim.delete(path),
  }
  const methods = ['PUT', 'PATCH', 'DELETE'] as const

  test.each(methods)('%s: what it wrote before a stale write is rolled back', async (method) => {
    const { app, store, path, taken } = await counting(2)
    expect((await writes[method](app, path)).status).toBe(method === 'DELETE' ? 204 : 200)
    expect([store.log, taken()]).toEqual([['rollback', 'rollback', 'commit'], 1])
  })

  test.each(methods)('%s that is stale to the end is a 503, and leaves nothing', async (method) => {
    const { app, store, path, taken } = await counting(Number.POSITIVE_INFINITY, { limits: { patchAttempts: 2 } })
    expectError(await writes[method](app, path), 503)
    expect([store.log, taken()]).toEqual([['rollback', 'rollback'], 0])
  })

  test('the option may throw an error of its own after the rollback', async () => {
    const store = transactionalStore()
    const transaction: AppOptions['transaction'] = async (work, call) => {
      try {
        return await store.transaction(work, call)
      } catch (cause) {
        throw new Error('The transaction was rolled back.', { cause })
      }
    }
    const adapter = staleAtFirst(store.adapter('User'), 1)
    const app = await appWith(async (write) => void (await write.before()), {
      resources: { User: { adapter } },
      transaction,
    })
    const [{ id }] = await createUsers(app.scim, user('a'))
    expect((await writes.PUT(app, `/Users/${id}`)).status).toBe(200)
  })

  test.each(methods)('%s with If-Match: a 412 rolls it back', async (method) => {
    const { app, store, path, taken } = await counting(1)
    const etag = (await app.scim.get(path)).headers.get('etag') as string
    const body = { PUT: user('b'), PATCH: replacing('title', 'x'), DELETE: undefined }[method]
    const answer = await app.scim.send(method, path, { headers: { 'If-Match': etag }, ...(body && { body }) })
    expectError(answer, 412)
    expect([store.log, taken()]).toEqual([['rollback'], 0])
  })

  test('a resource that is gone by the time of the write is a 404 that rolls it back', async () => {
    const store = transactionalStore()
    const adapter = { ...store.adapter('User'), replace: () => null, delete: () => false }
    const { app, path, taken } = await counting(0, { resources: { User: { adapter } }, transaction: store.transaction })
    for (const method of methods) expectError(await writes[method](app, path), 404)
    expect([store.log, taken()]).toEqual([['commit', 'rollback', 'rollback', 'rollback'], 0])
  })

  test('in a transaction of the application the answer is 503, so that it rolls back', async () => {
    const store = transactionalStore()
    const { resources = {} }: AppOptions = { resources: { User: { adapter: staleAtFirst(store.adapter('User'), 1) } } }
    const scim = scimRouter({
      authenticate: bearer(TOKEN),
      baseUrl: 'https://app.example/scim/v2',
      resources,
      validate: async (write) => void (await write.before()),
    })
    const statuses = async (transaction: unknown): Promise<readonly number[]> => {
      const { request } = scim.as({ tenant: 'acme', actor: 'test' })
      const created = await request({ method: 'POST', path: '/Users', body: user('a'), transaction })
      const path = `/Users/${(created.body as { readonly id: string }).id}`
      const replaced = await request({ method: 'PUT', path, body: user('b'), transaction })
      return [created.status, replaced.status]
    }
    expect(await store.transaction(statuses, undefined as never)).toEqual([201, 503])
  })

  test('an atomic bulk request is rolled back as a whole', async () => {
    const { app, store, path, taken } = await counting(1, { bulk: { atomic: true } })
    const answer = await app.scim.post('/Bulk', {
      schemas: [BULK_REQUEST],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'b', data: user('b') },
        { method: 'PATCH', path, data: replacing('title', 'x') },
      ],
    })
    expectError(answer, 503)
    expect([store.log, store.count('User'), taken()]).toEqual([['rollback'], 1, 0])
  })
})

describe('what a rule costs', () => {
  /** How often the store is asked for resources by a PUT, two PATCHes and a DELETE. */
  async function readsOf(validate: Rule | undefined, withPatch = true): Promise<number> {
    const { reads, resources } = counted(withPatch)
    const { scim } = await apps(startApp({ resources, ...(validate && { validate }) }))
    const [{ id }] = await createUsers(scim, user('a', { active: true }))
    reads.length = 0
    await scim.put(`/Users/${id}`, user('b', { active: true }))
    await scim.patch(`/Users/${id}`, replacing('title', 'x'))
    await scim.patch(`/Users/${id}`, replacing('displayName', 'x'))
    await scim.delete(`/Users/${id}`)
    return reads.length
  }

  test.each([true, false])('a rule that does not look reads nothing (patch of the adapter: %p)', async (withPatch) => {
    expect(await readsOf(() => undefined, withPatch)).toBe(await readsOf(undefined, withPatch))
  })

  test('a rule that asks what the request alone tells reads nothing', async () => {
    const rule: Rule = async (write) => {
      await write.changed('password')
      await write.changed('groups')
      if (write.action === 'patch') await write.changed('emails')
      else await write.after()
    }
    expect(await readsOf(rule)).toBe(0)
  })

  test.each([true, false])('one that looks at everything reads once (patch of the adapter: %p)', async (withPatch) => {
    const rule: Rule = async ({ changed, ...write }) => {
      await Promise.all([write.before(), write.after(), changed('title'), changed('active'), write.before()])
    }
    expect(await readsOf(rule, withPatch)).toBe(4)
  })
})

describe('a write is bound to what its rule has seen', () => {
  /** A rule that says when it has looked, and goes on when another writer has been there. */
  async function raced(send: (app: App, id: string, etag: string) => Promise<{ status: number }>, withPatch = true) {
    const { resources, users } = counted(withPatch)
    const seen: unknown[] = []
    const rule: Rule = async ({ action, id, ...write }) => {
      if (action === 'create') return
      const stored = await write.before()
      seen.push(stored?.['title'])
      if (seen.length === 1) await changeTitle(users, id as string, 'between')
      else if (stored?.['title'] === 'between' && action === 'delete') throw ScimError.forbidden('It has a title.')
    }
    const app = await appWith(rule, { resources })
    const answer = await app.scim.post('/Users', user('a', { title: 'first' }))
    const { status } = await send(app, answer.body.id, answer.headers.get('etag') as string)
    return { status, seen, stored: (await app.scim.get(`/Users/${answer.body.id}`)).body }
  }

  /** Another writer, in another process as it were. */
  async function changeTitle(users: ResourceAdapter, id: string, title: string): Promise<void> {
    await users.replace(id, { userName: 'a', title }, callOf({ tenant: undefined }))
  }

  test('PUT: after a lost race it is asked anew', async () => {
    const { status, seen, stored } = await raced(({ scim }, id) => scim.put(`/Users/${id}`, user('b')))
    expect([status, seen, stored.userName]).toEqual([200, ['first', 'between'], 'b'])
  })

  test.each([true, false])('PATCH: the same (patch of the adapter: %p)', async (withPatch) => {
    const { status, seen, stored } = await raced(
      ({ scim }, id) => scim.patch(`/Users/${id}`, replacing('displayName', 'b')),
      withPatch,
    )
    expect([status, seen, stored.displayName]).toEqual([200, ['first', 'between'], 'b'])
  })

  test('DELETE: what it sees then decides', async () => {
    const { status, seen, stored } = await raced(({ scim }, id) => scim.delete(`/Users/${id}`))
    expect([status, seen, stored.title]).toEqual([403, ['first', 'between'], 'between'])
  })

  test.each(['put', 'patch', 'delete'] as const)('%s with If-Match is 412 and not tried again', async (method) => {
    const { status, seen } = await raced(({ scim }, id, etag) => {
      const body = method === 'patch' ? replacing('displayName', 'b') : user('b')
      return scim.send(method.toUpperCase(), `/Users/${id}`, {
        headers: { 'If-Match': etag },
        ...(method !== 'delete' && { body }),
      })
    })
    expect([status, seen]).toEqual([412, ['first']])
  })

  test('If-Match of another version is 412, whatever the rule says', async () => {
    const { scim } = await appWith(async (write) => void (await write.before().catch(() => undefined)))
    const [{ id }] = await createUsers(scim, user('a'))
    expectError(await scim.send('PUT', `/Users/${id}`, { headers: { 'If-Match': '"other"' }, body: user('b') }), 412)
    expectError(await scim.send('DELETE', `/Users/${id}`, { headers: { 'If-Match': '"other"' } }), 412)
    expectError(await scim.put('/Users/none', user('b')), 404)
  })
})

describe('mistakes of the application', () => {
  test.each<[string, Rule, RegExp]>([
    ['false in place of an exception', (() => false) as never, /Option validate must throw a ScimError/],
    [
      'an unknown path',
      async (write) => void (await write.changed('usrName')),
      /Option validate asks whether "usrName" changes/,
    ],
    ['an error of its own', () => Promise.reject(new Error('no route to 10.0.0.1')), /no route/],
  ])('%s is a 500 without internals, and nothing is stored', async (_what, validate, told) => {
    const errors: string[] = []
    const { scim } = await appWith(validate, { ...stored(), on: { error: ({ error }) => errors.push(String(error)) } })
    const answer = await scim.post('/Users', user('a'))
    expectError(answer, 500)
    expect(answer.text).not.toMatch(/10\.0\.0\.1|usrName/)
    expect(errors).toEqual([expect.stringMatching(told)])
    expect((await scim.get('/Users')).body.totalResults).toBe(0)
  })

  test('an option that is no function stops the start', () => {
    expect(() => scimRouter({ ...stored(), authenticate: bearer(TOKEN), validate: true as never })).toThrow(
      /Option validate must be a function, got boolean/,
    )
  })
})
