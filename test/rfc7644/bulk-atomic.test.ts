import { type ResourceEvent, ScimError } from '../../src/index.js'
import { failureKind } from '../../src/postgres/index.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { mapDuplicateKey, type TransactionalStore, transactionalStore } from '../support/transactions.js'
import { ids, patchOp, post, sendBulk, statuses } from './bulk-service.js'
import { expectError, group, user } from './service.js'

/** Runs a test against a store with transactions, with bulk requests that are all or nothing. */
async function withStore(
  work: (app: App, store: TransactionalStore, told: readonly string[]) => Promise<void>,
  { again = 0, ...rest }: Partial<AppOptions> & { readonly again?: number } = {},
): Promise<void> {
  const store = transactionalStore(again)
  const told: string[] = []
  const tell = ({ name }: ResourceEvent): unknown => told.push(name)
  const app = await startApp({
    resources: {
      User: { adapter: store.adapter('User', 'userName') },
      Group: { adapter: store.adapter('Group') },
    },
    transaction: store.transaction,
    mapError: mapDuplicateKey,
    bulk: { atomic: true },
    on: { 'user.created': tell, 'group.created': tell, 'group.member.added': tell, 'user.deleted': tell },
    ...rest,
  })
  try {
    await work(app, store, told)
  } finally {
    await app.close()
  }
}

const GOOD = [
  post('/Groups', 'g', group('crew', 'bulkId:u')),
  post('/Users', 'u', user('atomic')),
  { method: 'PATCH', path: '/Users/bulkId:u', data: patchOp({ op: 'add', path: 'title', value: 'x' }) },
]

describe('bulk: { atomic: true }', () => {
  test('does all in one transaction, and tells of it after the commit', async () => {
    await withStore(async ({ scim }, store, told) => {
      const answer = await sendBulk(scim, GOOD)
      expect(statuses(answer)).toEqual(['201', '201', '200'])
      expect(store.log).toEqual(['commit'])
      await hooksCalled()
      expect(told).toEqual(['user.created', 'group.created', 'group.member.added'])
      const { body } = await scim.get(`/Groups/${ids(answer)[0]}`)
      expect(body.members).toMatchObject([{ value: ids(answer)[1] }])
    })
  })

  test('[P-3.7-20] the first error undoes all, is the answer, and nobody is told', async () => {
    const asked: string[] = []
    const authorize: AppOptions['authorize'] = ({ action, resourceType }) => asked.push(`${action} ${resourceType}`) > 0
    await withStore(
      async ({ scim }, store, told) => {
        const answer = await sendBulk(scim, [
          ...GOOD,
          post('/Users', 'v', user('atomic')),
          post('/Users', 'w', user('w')),
        ])
        expectError(answer, 409, 'uniqueness')
        expect(answer.body.detail).toMatch(/^Operation 4 failed, and none was carried out: /)
        expect(store.log).toEqual(['rollback'])
        expect([store.count('User'), store.count('Group')]).toEqual([0, 0])
        // The fifth was not tried.
        expect(asked).toEqual(['create User', 'list Group', 'create Group', 'list User', 'patch User', 'create User'])
        await hooksCalled()
        expect(told).toEqual([])
      },
      { authorize },
    )
  })

  test('failOnErrors changes nothing about it', async () => {
    await withStore(async ({ scim }, store) => {
      const operations = [post('/Users', 'a', user('')), post('/Users', 'b', user('b'))]
      expectError(await sendBulk(scim, operations, { failOnErrors: 5 }), 400, 'invalidValue')
      expect(store.count('User')).toBe(0)
    })
  })

  test('a circle that cannot be closed is undone by the transaction alone', async () => {
    const store = transactionalStore()
    const adapter = { ...store.adapter('Group'), delete: jest.fn(() => true) }
    const app = await startApp({
      resources: { Group: { adapter } },
      transaction: store.transaction,
      bulk: { atomic: true },
    })
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'a', group('a', 'bulkId:b')),
      post('/Groups', 'b', { ...group('b', 'bulkId:a'), displayName: [] }),
    ])
    expectError(answer, 400, 'invalidValue')
    expect(store.log).toEqual(['rollback'])
    expect(adapter.delete).not.toHaveBeenCalled()
  })

  test('the work of a transaction may be run again: all of it is done anew, and told once', async () => {
    await withStore(
      async ({ scim }, store, told) => {
        const answer = await sendBulk(scim, GOOD)
        expect(statuses(answer)).toEqual(['201', '201', '200'])
        expect((await scim.get(`/Users/${ids(answer)[1]}`)).body).toMatchObject({ userName: 'atomic', title: 'x' })
        expect([store.count('User'), store.count('Group')]).toEqual([1, 1])
        await hooksCalled()
        expect(told).toEqual(['user.created', 'group.created', 'group.member.added'])
      },
      { again: 2 },
    )
  })

  test('a PATCH in it does not wait for one that waits for its transaction', async () => {
    const store = transactionalStore()
    const adapter = store.adapter('User')
    const begun: string[] = []
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow: typeof adapter = {
      ...adapter,
      create: async (draft, call) => {
        begun.push(String(draft['userName']))
        if (draft['userName'] === 'slow') await gate
        return adapter.create(draft, call)
      },
    }
    const transaction: AppOptions['transaction'] = (work, call) => {
      begun.push('transaction')
      return store.transaction(work, call)
    }
    const app = await startApp({ resources: { User: { adapter: slow } }, transaction, bulk: { atomic: true } })
    const { body } = await app.scim.post('/Users', user('first'))
    const set = patchOp({ op: 'replace', path: 'title', value: 'x' })
    const path = `/Users/${body.id}`
    // The bulk request holds the transaction, the PATCH stands in line for the user and waits for the transaction.
    const all = sendBulk(app.scim, [post('/Users', 's', user('slow')), { method: 'PATCH', path, data: set }])
    while (begun.length < 4) await new Promise((resolve) => setTimeout(resolve, 2))
    const single = app.scim.patch(path, set)
    while (begun.length < 5) await new Promise((resolve) => setTimeout(resolve, 2))
    release()
    expect(statuses(await all)).toEqual(['201', '200'])
    expect((await single).status).toBe(200)
    expect(begun).toEqual(['transaction', 'first', 'transaction', 'slow', 'transaction'])
  })

  test('a transaction that others were in the way of is known as such, and is run again', async () => {
    const store = transactionalStore(0)
    const adapter = store.adapter('User', 'userName')
    let deadlocks = 1
    const busy: typeof adapter = {
      ...adapter,
      create: async (draft, call) => {
        deadlocks -= 1
        if (deadlocks >= 0) {
          const cause = Object.assign(new Error('deadlock detected'), { code: '40P01' })
          throw ScimError.unavailable({ retryAfter: 1, cause })
        }
        return adapter.create(draft, call)
      },
    }
    const transaction: AppOptions['transaction'] = (work, call) =>
      store.transaction(work, call).catch((error: unknown) => {
        if (failureKind(error) !== 'contention') throw error
        return store.transaction(work, call)
      })
    const app = await startApp({ resources: { User: { adapter: busy } }, transaction, bulk: { atomic: true } })
    expect(statuses(await sendBulk(app.scim, [post('/Users', 'u', user('busy'))]))).toEqual(['201'])
    expect(store.log).toEqual(['rollback', 'commit'])
  })
})

test('without atomic each operation has a transaction of its own', async () => {
  await withStore(
    async ({ scim }, store, told) => {
      const answer = await sendBulk(scim, [...GOOD, post('/Users', 'v', user('atomic'))])
      expect(statuses(answer)).toEqual(['201', '201', '200', '409'])
      expect(store.log.filter((entry) => entry === 'rollback')).toHaveLength(1)
      expect([store.count('User'), store.count('Group')]).toEqual([1, 1])
      await hooksCalled()
      expect(told).toEqual(['user.created', 'group.created', 'group.member.added'])
    },
    { bulk: {} },
  )
})
