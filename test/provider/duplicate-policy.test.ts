import { defineSchema, type ResourceEvent, resourceType, ScimError } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { createUsers, expectError, memoryOptions, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { mapDuplicateKey, transactionalStore } from '../support/transactions.js'

type OnConflict = AppOptions['resources'][string]['onDuplicate']

/** Runs a test in a service with users that have a policy. */
async function withPolicy(
  onDuplicate: OnConflict,
  work: (app: App, told: readonly string[]) => Promise<void>,
  rest: Partial<AppOptions> = {},
): Promise<void> {
  const told: string[] = []
  const tell = ({ name }: ResourceEvent): unknown => told.push(name)
  const { resources } = memoryOptions()
  const app = await startApp({
    resources: { ...resources, User: { ...(resources['User'] as object), onDuplicate } as never },
    on: { 'user.created': tell, 'user.updated': tell, 'user.reactivated': tell },
    ...rest,
  })
  try {
    await work(app, told)
  } finally {
    await app.close()
  }
}

describe('a POST for a user who exists', () => {
  test.each([
    ['nothing is said', undefined],
    ['the policy is to refuse', 'refuse'],
    ['a function decides so', () => 'refuse'],
  ] as const)('is 409 where %s, inactive or not', async (_title, policy) => {
    await withPolicy(policy as OnConflict, async ({ scim }) => {
      const [one] = await createUsers(scim, user('one', { active: false }))
      expectError(await scim.post('/Users', user('ONE')), 409, 'uniqueness')
      expect((await scim.get(`/Users/${one.id}`)).body).toEqual(one)
    })
  })

  // Decision A-109.
  test('reactivate: an inactive one is replaced by what was sent and is active again, with its id: 201', async () => {
    await withPolicy('reactivate', async ({ scim }, told) => {
      const [one] = await createUsers(scim, user('one', { active: false, title: 'old', nickName: 'gone' }))
      await scim.post('/Groups', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: 'g',
        members: [{ value: one.id }],
      })
      const answer = await scim.post('/Users', user('One', { title: 'new' }))
      expect(answer.status).toBe(201)
      expect(answer.headers.get('location')).toBe(one.meta.location)
      expect(answer.body).toMatchObject({ id: one.id, userName: 'One', title: 'new', active: true })
      expect(answer.body).not.toHaveProperty('nickName')
      expect(answer.body.meta.created).toBe(one.meta.created)
      expect(answer.body.meta.version).not.toBe(one.meta.version)
      expect((await scim.get(`/Users/${one.id}`)).body.groups).toHaveLength(1)
      await hooksCalled()
      expect(told).toEqual(['user.created', 'user.updated', 'user.reactivated'])
    })
  })

  test.each([
    ['active', { active: true }],
    ['never said to be inactive', {}],
  ])('reactivate: one that is %s is 409', async (_title, rest) => {
    await withPolicy('reactivate', async ({ scim }) => {
      await createUsers(scim, user('one', rest))
      expectError(await scim.post('/Users', user('one', { title: 'new' })), 409, 'uniqueness')
    })
  })

  test('adopt: any is replaced', async () => {
    await withPolicy('adopt', async ({ scim }, told) => {
      const [one] = await createUsers(scim, user('one', { title: 'old' }))
      const answer = await scim.post('/Users', user('one', { displayName: 'One', active: false }))
      expect(answer.status).toBe(201)
      expect(answer.body).toMatchObject({ id: one.id, displayName: 'One', active: false })
      expect(answer.body).not.toHaveProperty('title')
      await hooksCalled()
      expect(told).toEqual(['user.created', 'user.updated'])
    })
  })

  test('a function is told of both and decides case by case', async () => {
    const seen: unknown[] = []
    const decide: OnConflict = async ({ existing, draft, auth }) => {
      seen.push([existing['userName'], draft['userName'], draft['title'], auth.subject])
      return existing['externalId'] === draft['externalId'] ? 'adopt' : 'refuse'
    }
    await withPolicy(
      decide,
      async ({ scim }) => {
        await createUsers(scim, user('one', { externalId: '1' }))
        expect((await scim.post('/Users', user('ONE', { externalId: '1', title: 'x' }))).status).toBe(201)
        expectError(await scim.post('/Users', user('ONE', { externalId: '2' })), 409, 'uniqueness')
        expect(seen).toEqual([
          ['one', 'ONE', 'x', 'okta'],
          ['ONE', 'ONE', undefined, 'okta'],
        ])
      },
      { authenticate: () => ({ subject: 'okta' }) },
    )
  })

  test.each([
    ['reactivat', 'got string. Did you mean "reactivate"?'],
    ['secret text', 'got string.'],
    [undefined, 'got undefined.'],
    [true, 'got boolean.'],
  ])('a function that returns %p is a fault of the application: 500, and on.error hears why', async (word, rest) => {
    const errors: unknown[] = []
    await withPolicy(
      (() => word) as never,
      async ({ scim }) => {
        const [one] = await createUsers(scim, user('one', { active: false }))
        expectError(await scim.post('/Users', user('one')), 500)
        expect((await scim.get(`/Users/${one.id}`)).body).toEqual(one)
        await hooksCalled()
        expect(errors).toEqual([
          expect.stringContaining(
            `Option onDuplicate of resource type User must return 'refuse', 'reactivate' or 'adopt', ${rest} (ERR_SCIM_OPTION`,
          ),
        ])
      },
      { on: { error: ({ error }) => errors.push((error as Error).message) } },
    )
  })

  describe('unique values in a list', () => {
    const attributes = { 'emails.value': { uniqueness: 'server' as const } }
    const mail = (...values: string[]) => ({ emails: values.map((value) => ({ value })) })
    /** Jane has two addresses and Bob one, in a service with a policy. */
    const service = async (onDuplicate: OnConflict) => {
      const { users } = memoryAdapters({ users: { attributes } })
      const app = await startApp({ resources: { User: { adapter: users, attributes, onDuplicate } as never } })
      const [jane, bob] = await createUsers(
        app.scim,
        user('jane', { active: false, ...mail('jane@x.test', 'team@x.test') }),
        user('bob', { active: false, ...mail('bob@x.test') }),
      )
      return { scim: app.scim, jane, bob }
    }

    test.each(['adopt', 'reactivate'] as const)('the word %s does not act on them', async (word) => {
      const { scim, jane } = await service(word)
      expectError(await scim.post('/Users', user('new', mail('TEAM@x.test'))), 409, 'uniqueness')
      expect((await scim.get(`/Users/${jane.id}`)).body).toEqual(jane)
      expect((await scim.post('/Users', user('JANE', mail('team@x.test')))).body.id).toBe(jane.id)
    })

    test('a function is asked for them, and told the attribute', async () => {
      const seen: unknown[] = []
      const { scim, jane, bob } = await service(({ existing, attribute }) => {
        seen.push([existing.id, attribute])
        return 'adopt'
      })
      const taken = await scim.post('/Users', user('jane@x.test', mail('other@x.test', 'jane@x.test')))
      expect([taken.status, taken.body.id, taken.body.userName]).toEqual([201, jane.id, 'jane@x.test'])
      expect((await scim.post('/Users', user('Bob', mail('bob@x.test')))).body.id).toBe(bob.id)
      expect(seen).toEqual([
        [jane.id, 'emails.value'],
        [bob.id, 'userName'],
      ])
    })

    test.each([
      ['in one attribute', user('new', mail('team@x.test', 'bob@x.test'))],
      ['in two attributes', user('bob', mail('jane@x.test'))],
    ])('values of two resources are 409, %s', async (_title, sent) => {
      const asked = jest.fn(() => 'adopt' as const)
      const { scim, jane, bob } = await service(asked)
      expectError(await scim.post('/Users', sent), 409, 'uniqueness')
      expect(asked).not.toHaveBeenCalled()
      for (const one of [jane, bob]) expect((await scim.get(`/Users/${one.id}`)).body).toEqual(one)
    })
  })

  test('in a bulk request as well', async () => {
    await withPolicy('reactivate', async ({ scim }) => {
      const [one] = await createUsers(scim, user('one', { active: false }))
      const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
      const operation = { method: 'POST', path: '/Users', bulkId: 'a', data: user('one') }
      const { body } = await scim.post('/Bulk', { schemas, Operations: [operation] })
      expect(body.Operations).toMatchObject([{ status: '201', location: one.meta.location }])
    })
  })

  test.each([
    ['403', ScimError.forbidden('No seats are left.'), 403, undefined],
    ['400 invalidValue', ScimError.invalidValue('The name is reserved.'), 400, 'invalidValue'],
    ['409 without a word', new ScimError(409, 'Locked.'), 409, undefined],
    ['a failure', new Error('The disk is full.'), 500, undefined],
  ] as const)(
    'another refusal of the store than uniqueness goes out as it is: %s',
    async (_title, thrown, status, type) => {
      const { users } = memoryAdapters()
      const full: { now?: true } = {}
      const create: typeof users.create = (draft, call) => {
        if (full.now) throw thrown
        return users.create(draft, call)
      }
      const app = await startApp({ resources: { User: { adapter: { ...users, create }, onDuplicate: 'adopt' } } })
      const [one] = await createUsers(app.scim, user('one', { title: 'old' }))
      full.now = true
      expectError(await app.scim.post('/Users', user('one', { title: 'new' })), status, type)
      expect((await app.scim.get(`/Users/${one.id}`)).body).toEqual(one)
    },
  )
})

describe('to take a resource over is to replace it', () => {
  test('with the permission for that', async () => {
    const asked: unknown[] = []
    const authorize: AppOptions['authorize'] = ({ action, id }) => {
      asked.push([action, id])
      return action !== 'replace'
    }
    await withPolicy(
      'adopt',
      async ({ scim }) => {
        const [one] = await createUsers(scim, user('one'))
        asked.length = 0
        expectError(await scim.post('/Users', user('one', { title: 'x' })), 403)
        expect(asked).toEqual([
          ['create', undefined],
          ['list', undefined],
          ['replace', one.id],
        ])
        expect((await scim.get(`/Users/${one.id}`)).body).toEqual(one)
      },
      { authorize },
    )
  })

  test('without what the client may not write', async () => {
    const { users } = memoryAdapters()
    const resources = { User: { adapter: users, onDuplicate: 'adopt' as const } }
    const full = await startApp({ resources })
    const [one] = await createUsers(full.scim, user('one', { title: 'kept', nickName: 'gone' }))
    const app = await startApp({ resources, access: ({ attribute }) => (attribute === 'title' ? 'read' : 'write') })
    const { body } = await app.scim.post('/Users', user('one', { title: 'ignored' }))
    expect(body).toMatchObject({ id: one.id, title: 'kept' })
    expect(body).not.toHaveProperty('nickName')
  })

  test('where an immutable attribute has another value, it is not the same that is meant: 409', async () => {
    const Device = defineSchema({
      id: 'urn:example:scim:Device',
      attributes: [
        { name: 'label', uniqueness: 'server' },
        { name: 'serial', mutability: 'immutable' },
        { name: 'note' },
      ],
    })
    const adapter = memoryAdapter({ schema: Device })
    const app = await startApp({
      resources: { Device: resourceType({ schema: Device, adapter, onDuplicate: 'adopt' }) },
    })
    const device = (rest: object) => ({ schemas: [Device.id], label: 'x', ...rest })
    const { body: one } = await app.scim.post('/Devices', device({ serial: '1' }))
    expectError(await app.scim.post('/Devices', device({ serial: '2' })), 409, 'uniqueness')
    const same = await app.scim.post('/Devices', device({ note: 'same' }))
    expect(same.body).toMatchObject({ id: one.id, serial: '1', note: 'same' })
  })

  test('under the version that was found: one that is faster wins', async () => {
    const { users } = memoryAdapters()
    const bound: unknown[] = []
    const replace: typeof users.replace = (_id, _draft, { ifMatch }) => {
      bound.push(ifMatch)
      return 'stale'
    }
    const app = await startApp({ resources: { User: { adapter: { ...users, replace }, onDuplicate: 'adopt' } } })
    const [one] = await createUsers(app.scim, user('one'))
    expectError(await app.scim.post('/Users', user('one')), 409, 'uniqueness')
    expect(bound).toEqual([[one.meta.version.slice(3, -1)]])
  })

  test('only when there is one that is meant: 409 when two have the value', async () => {
    const { users } = memoryAdapters()
    const twins = ['1', '2'].map((id) => ({ id, userName: 'one', active: false, meta: { version: '1' } }))
    const create: typeof users.create = () => {
      throw ScimError.uniqueness('userName')
    }
    const adapter = { ...users, create, list: () => twins as never }
    const app = await startApp({ resources: { User: { adapter, onDuplicate: 'reactivate' } } })
    expectError(await app.scim.post('/Users', user('one')), 409, 'uniqueness')
  })

  test('in a transaction of its own, whatever the database calls a duplicate', async () => {
    const store = transactionalStore()
    const app = await startApp({
      resources: { User: { adapter: store.adapter('User', 'userName'), onDuplicate: 'reactivate' } },
      transaction: store.transaction,
      mapError: mapDuplicateKey,
      password: { hash: (password) => `hash of ${password}` },
    })
    const [one] = await createUsers(app.scim, user('one', { active: false }))
    const answer = await app.scim.post('/Users', user('one', { title: 'x' }))
    expect(answer.body).toMatchObject({ id: one.id, title: 'x', active: true })
    expect(store.log).toEqual(['commit', 'rollback', 'commit'])
  })

  test('a refusal without a resource that has the value stays one', async () => {
    const { users } = memoryAdapters()
    const create: typeof users.create = () => {
      throw ScimError.uniqueness('userName')
    }
    const app = await startApp({ resources: { User: { adapter: { ...users, create }, onDuplicate: 'adopt' } } })
    expectError(await app.scim.post('/Users', user('one')), 409, 'uniqueness')
  })
})
