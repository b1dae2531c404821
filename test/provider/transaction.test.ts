import type { Call, ResourceEvent } from '../../src/index.js'
import { expectError, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { mapDuplicateKey, transactionalStore } from '../support/transactions.js'

async function withApp(options: Partial<AppOptions>, work: (app: App) => Promise<void>): Promise<void> {
  const store = transactionalStore()
  const adapter = store.adapter('User', 'userName')
  const app = await startApp({
    resources: { User: { adapter } },
    transaction: store.transaction,
    mapError: mapDuplicateKey,
    ...options,
  })
  try {
    await work(app)
  } finally {
    await app.close()
  }
}

describe('the transaction option', () => {
  test('runs every write, and gives adapters what it hands in', async () => {
    const store = transactionalStore()
    const seen: unknown[] = []
    const adapter = store.adapter('User', 'userName')
    const noting: typeof adapter = {
      ...adapter,
      patch: (_id, _patch, { transaction }) => {
        seen.push(transaction)
        return 'decline'
      },
    }
    await withApp({ resources: { User: { adapter: noting } }, transaction: store.transaction }, async ({ scim }) => {
      const { body } = await scim.post('/Users', user('one'))
      const path = `/Users/${body.id}`
      const title = { op: 'add', path: 'title', value: 'x' }
      expect((await scim.put(path, user('two'))).status).toBe(200)
      expect((await scim.patch(path, { Operations: [title] })).status).toBe(200)
      expect((await scim.get(path)).status).toBe(200)
      expect((await scim.delete(path)).status).toBe(204)
    })
    expect(new Set(store.log)).toEqual(new Set(['commit']))
    expect(seen).toEqual([expect.objectContaining({ rows: expect.any(Map) })])
  })

  test('a PATCH is read, applied and replaced if the adapter of the transaction has no patch', async () => {
    const store = transactionalStore()
    const rest = store.adapter('User', 'userName')
    const adapter = (call: Call): typeof rest =>
      call.transaction === undefined ? { ...rest, patch: () => 'decline' } : rest
    const options = { resources: { User: { adapter, supports: rest.supports ?? {} } }, transaction: store.transaction }
    await withApp(options, async ({ scim }) => {
      const { body } = await scim.post('/Users', user('one'))
      const title = { op: 'add', path: 'title', value: 'x' }
      const answer = await scim.patch(`/Users/${body.id}`, { Operations: [title] })
      expect(answer.status).toBe(200)
      expect(answer.body.title).toBe('x')
    })
  })

  test('is told who asks', async () => {
    const store = transactionalStore()
    const tenants: unknown[] = []
    const transaction: AppOptions['transaction'] = (work, { tenant }) => {
      tenants.push(tenant)
      return store.transaction(work, undefined as never)
    }
    const resources = { User: { adapter: store.adapter('User') } }
    await withApp({ authenticate: () => ({ tenant: 'acme' }), resources, transaction }, async ({ scim }) => {
      await scim.post('/Users', user('one'))
    })
    expect(tenants).toEqual(['acme'])
  })

  test('an error that it keeps to itself is the answer all the same, and nobody is told', async () => {
    const told: unknown[] = []
    const store = transactionalStore()
    const swallowing: AppOptions['transaction'] = async (work, call) =>
      store.transaction(work, call).catch(() => undefined as never)
    const resources = { User: { adapter: store.adapter('User', 'userName') } }
    const on = { 'user.created': ({ id }: ResourceEvent) => told.push(id) }
    await withApp({ resources, transaction: swallowing, on }, async ({ scim }) => {
      expect((await scim.post('/Users', user('one'))).status).toBe(201)
      expectError(await scim.post('/Users', user('one')), 409, 'uniqueness')
      await hooksCalled()
      expect(told).toHaveLength(1)
    })
  })

  test('one that does not run its work is a fault of the set-up', async () => {
    const errors: string[] = []
    const on = { error: ({ error }: { error: unknown }) => errors.push(String(error)) }
    await withApp({ transaction: async () => undefined as never, on }, async ({ scim }) => {
      expectError(await scim.post('/Users', user('one')), 500)
    })
    expect(errors).toEqual([expect.stringMatching(/Option transaction must call the function/)])
  })

  test('a failing commit is a 500, and nobody is told', async () => {
    const told: unknown[] = []
    const transaction: AppOptions['transaction'] = async (work) => {
      await work({ rows: new Map(), failed: false })
      throw new Error('could not commit')
    }
    const on = { 'user.created': ({ id }: ResourceEvent) => told.push(id) }
    await withApp({ transaction, on }, async ({ scim }) => {
      expectError(await scim.post('/Users', user('one')), 500)
      await hooksCalled()
      expect(told).toEqual([])
    })
  })
})

describe('the outbox', () => {
  test('is written in the transaction, before the commit, with what is told afterwards', async () => {
    const order: string[] = []
    const store = transactionalStore()
    const transaction: AppOptions['transaction'] = async (work, call) => {
      const value = await store.transaction(work, call)
      order.push('committed')
      return value
    }
    await withApp(
      {
        resources: { User: { adapter: store.adapter('User') } },
        transaction,
        outbox: (events, { transaction: handle }) => {
          order.push(`outbox ${events.map(({ name }) => name)} ${typeof handle}`)
        },
        on: { 'user.created': ({ name }) => order.push(`told ${name}`) },
      },
      async ({ scim }) => {
        const { body } = await scim.post('/Users', user('one', { active: true }))
        const off = { op: 'replace', path: 'active', value: false }
        await scim.patch(`/Users/${body.id}`, { Operations: [off] })
        await scim.patch(`/Users/${body.id}`, { Operations: [off] })
        await hooksCalled()
      },
    )
    expect(order.filter((entry) => entry !== 'told user.created')).toEqual([
      'outbox user.created object',
      'committed',
      'outbox user.updated,user.deactivated object',
      'committed',
      'committed',
    ])
    expect(order.indexOf('told user.created')).toBeGreaterThan(order.indexOf('committed'))
  })

  test('its failure undoes the write', async () => {
    const store = transactionalStore()
    const resources = { User: { adapter: store.adapter('User') } }
    const outbox = () => Promise.reject(new Error('outbox table is locked'))
    await withApp({ resources, transaction: store.transaction, outbox }, async ({ scim }) => {
      expectError(await scim.post('/Users', user('one')), 500)
    })
    expect([store.log, store.count('User')]).toEqual([['rollback'], 0])
  })
})
