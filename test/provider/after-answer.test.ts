import { createHook } from 'node:async_hooks'
import type { ResourceAdapter, ResourceEvent, UserResource } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { handle } from '../../src/provider/handle.js'
import { createProvider } from '../../src/provider/setup/provider.js'
import { bulkOf, patchOp, post } from '../rfc7644/bulk-service.js'
import { expectError, group, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { IS_LONG } from '../support/length.js'
import { transactionalStore } from '../support/transactions.js'

/** Long enough to see that a step does not happen: no step that waits here takes longer than a turn of the loop. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

async function until(isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 1_000 && !isSo(); round += 1) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A gate that a test opens, and that knows whether code waits for it. */
function gate() {
  let open = (): void => undefined
  let isAwaited = false
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    get opened(): Promise<void> {
      isAwaited = true
      return promise
    },
    isAwaited: () => isAwaited,
    open: () => open(),
  }
}

const REQUEST_TIME = 60_000
const clock = performance.now.bind(performance)
/** How far the clock of the router is ahead, so that tests need not wait for the time of a request to pass. */
let ahead = 0
beforeEach(() => {
  ahead = 0
  jest.spyOn(performance, 'now').mockImplementation(() => clock() + ahead)
})
afterEach(() => jest.restoreAllMocks())

const WRITES = ['create', 'replace', 'patch', 'delete'] as const

/** Notes every write that begins, by its name. */
function noting(adapter: ResourceAdapter<any>, begun: string[], before?: (name: string) => unknown): ResourceAdapter {
  const noted = Object.fromEntries(
    WRITES.flatMap((name) => {
      const callback = adapter[name] as ((...given: unknown[]) => unknown) | undefined
      if (callback === undefined) return []
      const write = async (...given: unknown[]) => {
        begun.push(name)
        await before?.(name)
        return callback(...given)
      }
      return [[name, write]]
    }),
  )
  return { ...adapter, ...noted }
}

const title = (value: string): object => patchOp({ op: 'replace', path: 'title', value })

// Express has no part in the work after the answer.
describe.each(IS_LONG ? ([4, 5] as const) : ([5] as const))('after the answer (Express %i)', (version) => {
  let app: App | undefined
  const opened: ReturnType<typeof gate>[] = []
  const newGate = (): ReturnType<typeof gate> => {
    opened.push(gate())
    return opened.at(-1) as ReturnType<typeof gate>
  }
  const start = async (options: AppOptions): Promise<App> => {
    app = await startApp({ limits: { requestTime: REQUEST_TIME }, ...options }, version)
    return app
  }
  /** The time of a request passes while it waits at a gate: it gets 503. */
  const expectLate = async (sent: ReturnType<App['scim']['get']>): Promise<void> => {
    await until(() => opened.some(({ isAwaited }) => isAwaited()))
    ahead += REQUEST_TIME
    expectError(await sent, 503)
  }
  afterEach(async () => {
    for (const { open } of opened.splice(0)) open()
    await app?.close()
    app = undefined
  })

  const requests: readonly [string, (scim: App['scim'], path: string) => ReturnType<App['scim']['get']>][] = [
    ['POST', (scim) => scim.post('/Users', user('new'))],
    ['PUT', (scim, path) => scim.put(path, user('other'))],
    ['PATCH', (scim, path) => scim.patch(path, title('x'))],
    ['DELETE', (scim, path) => scim.delete(path)],
    ['bulk', (scim) => scim.post('/Bulk', bulkOf([post('/Users', 'a', user('a')), post('/Users', 'b', user('b'))]))],
  ]

  describe.each([true, false])('with a patch of the adapter itself: %s', (patches) => {
    test.each(requests)('%s: no write is begun when the permission has come too late', async (_method, send) => {
      const { users } = memoryAdapters()
      const [begun, told] = [[] as string[], [] as string[]]
      const permission = newGate()
      let isHeld = false
      const { patch: _patch, ...plain } = noting(users, begun)
      const { scim } = await start({
        resources: { User: { adapter: patches ? noting(users, begun) : plain } },
        authorize: async () => {
          if (isHeld) await permission.opened
          return true
        },
        on: { 'user.created': () => told.push('created'), 'user.updated': () => told.push('updated') },
      })
      const { body } = await scim.post('/Users', user('one'))
      await settled()
      begun.length = 0
      told.length = 0
      isHeld = true
      await expectLate(send(scim, `/Users/${body.id}`))
      permission.open()
      await settled()
      expect([begun, told]).toEqual([[], []])
    })
  })

  test('a DELETE whose event is read for too long removes nothing', async () => {
    const { users } = memoryAdapters()
    const begun: string[] = []
    const reading = newGate()
    const get: ResourceAdapter['get'] = async (...given) => {
      await reading.opened
      return users.get(...given)
    }
    const { scim } = await start({
      resources: { User: { adapter: { ...noting(users, begun), get } } },
      on: { 'user.deleted': () => undefined },
    })
    const { body } = await scim.post('/Users', user('one'))
    await expectLate(scim.delete(`/Users/${body.id}`))
    reading.open()
    await settled()
    expect(begun).toEqual(['create'])
  })

  test('a POST that would take an account over decides too late', async () => {
    const { users } = memoryAdapters()
    const begun: string[] = []
    const decision = newGate()
    const onDuplicate = async () => {
      await decision.opened
      return 'adopt' as const
    }
    const { scim } = await start({ resources: { User: { adapter: noting(users, begun), onDuplicate } } })
    await scim.post('/Users', user('one'))
    await expectLate(scim.post('/Users', user('one')))
    decision.open()
    await settled()
    expect(begun).toEqual(['create', 'create'])
  })

  test('what is in flight may be written, and is told as what it is', async () => {
    const { users } = memoryAdapters()
    const told: string[] = []
    const writing = newGate()
    const { scim } = await start({
      resources: { User: { adapter: noting(users, [], () => writing.opened) } },
      on: { 'user.created': ({ resource }: ResourceEvent) => told.push(String(resource?.['userName'])) },
    })
    await expectLate(scim.post('/Users', user('one')))
    writing.open()
    await settled()
    expect((await scim.get('/Users')).body.totalResults).toBe(1)
    expect(told).toEqual(['one'])
  })

  test('so is a patch by a store that heeds the signal when it is read for its event', async () => {
    const { users } = memoryAdapters()
    const told: unknown[] = []
    const writing = newGate()
    let isHeld = false
    const get: ResourceAdapter['get'] = async (id, call) => {
      call.signal.throwIfAborted()
      return users.get(id, call)
    }
    const patch: ResourceAdapter<UserResource>['patch'] = async (id, change, call) => {
      if (isHeld) await writing.opened
      const outcome = await users.patch?.(id, change, call)
      return typeof outcome === 'object' ? { changed: true } : outcome
    }
    const { scim } = await start({
      resources: { User: { adapter: { ...users, get, patch }, supports: { versions: false } } },
      on: { 'user.deactivated': ({ resource }: ResourceEvent) => told.push(resource?.['active']) },
    })
    const { body } = await scim.post('/Users', user('one', { active: true }))
    isHeld = true
    await expectLate(scim.patch(`/Users/${body.id}`, patchOp({ op: 'replace', path: 'active', value: false })))
    writing.open()
    await settled()
    expect(told).toEqual([false])
  })

  describe('a circle of a bulk request', () => {
    const circle = ['a', 'b', 'c', 'd'].map((name, at, all) =>
      post('/Groups', name, group(name, `bulkId:${all[(at + 1) % all.length]}`)),
    )

    test.each([
      ['create', 2],
      ['patch', 2],
    ])('goes no further: %s number %i is the last write, and all that was written is told', async (name, number) => {
      const { users, groups } = memoryAdapters()
      const [begun, told] = [[] as string[], [] as string[]]
      const writing = newGate()
      const adapter = noting(groups, begun, (each) => {
        if (each === name && begun.filter((one) => one === name).length === number) return writing.opened
        return undefined
      })
      const { scim } = await start({
        resources: { User: { adapter: users }, Group: { adapter } },
        on: {
          'group.created': () => told.push('create'),
          'group.updated': () => told.push('patch'),
          'group.deleted': () => told.push('delete'),
        },
      })
      await expectLate(scim.post('/Bulk', bulkOf(circle)))
      const atAnswer = [...begun]
      writing.open()
      await settled()
      expect(begun).toEqual(atAnswer)
      expect(begun.filter((one) => one === name)).toHaveLength(number)
      expect(told.sort()).toEqual([...begun].sort())
    })
  })

  describe('transactions', () => {
    test('none is begun', async () => {
      const store = transactionalStore()
      const permission = newGate()
      const transaction = jest.fn(store.transaction) as unknown as typeof store.transaction
      const { scim } = await start({
        resources: { User: { adapter: store.adapter('User') } },
        transaction,
        authorize: () => permission.opened.then(() => true),
      })
      await expectLate(scim.post('/Users', user('one')))
      permission.open()
      await settled()
      expect(transaction).not.toHaveBeenCalled()
    })

    test('one that is opened too late does nothing', async () => {
      const store = transactionalStore()
      const [connection, begun] = [newGate(), [] as string[]]
      const { scim } = await start({
        resources: { User: { adapter: noting(store.adapter('User'), begun) } },
        transaction: async (work, call) => {
          await connection.opened
          return store.transaction(work, call)
        },
      })
      await expectLate(scim.post('/Users', user('one')))
      connection.open()
      await settled()
      expect([begun, store.log, store.count('User')]).toEqual([[], ['rollback'], 0])
    })

    test('one whose work is done too late is not committed, and nobody is told', async () => {
      const store = transactionalStore()
      const [writing, told] = [newGate(), [] as string[]]
      const { scim } = await start({
        resources: { User: { adapter: noting(store.adapter('User'), [], () => writing.opened) } },
        transaction: store.transaction,
        outbox: () => void told.push('outbox'),
        on: { 'user.created': () => told.push('created') },
      })
      await expectLate(scim.post('/Users', user('one')))
      writing.open()
      await settled()
      expect([told, store.log, store.count('User')]).toEqual([[], ['rollback'], 0])
    })

    test('nor is one whose outbox is written too late', async () => {
      const store = transactionalStore()
      const [writing, told] = [newGate(), [] as string[]]
      const { scim } = await start({
        resources: { User: { adapter: store.adapter('User') } },
        transaction: store.transaction,
        outbox: () => writing.opened,
        on: { 'user.created': () => told.push('created') },
      })
      await expectLate(scim.post('/Users', user('one')))
      writing.open()
      await settled()
      expect([told, store.log, store.count('User')]).toEqual([[], ['rollback'], 0])
    })
  })

  describe.each(['PUT', 'PATCH'] as const)('%s that waits in line', (method) => {
    const body = (name: string): object => (method === 'PUT' ? user('one', { title: name }) : title(name))

    test('leaves it when its client has gone: nothing is read or written for it', async () => {
      const { users } = memoryAdapters()
      const { patch: _patch, ...plain } = users
      const [reading, reads] = [newGate(), jest.fn()]
      const [arrived, answered] = [jest.fn(), jest.fn()]
      const get: ResourceAdapter['get'] = async (...given) => {
        reads()
        await reading.opened
        return users.get(...given)
      }
      const { scim, base } = await start({
        resources: { User: { adapter: { ...plain, get } } },
        authorize: () => {
          arrived()
          return true
        },
        on: { 'user.updated': () => undefined, request: answered },
      })
      const { id } = (await scim.post('/Users', user('one'))).body
      const first = scim.send(method, `/Users/${id}`, { body: body('first') })
      await until(() => reads.mock.calls.length === 1)
      const leaving = new AbortController()
      const others = Array.from({ length: 5 }, (_, at) =>
        fetch(`${base}/Users/${id}`, {
          method,
          signal: leaving.signal,
          headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/scim+json' },
          body: JSON.stringify(body(`late ${at}`)),
        }).catch(() => undefined),
      )
      await until(() => arrived.mock.calls.length === 7)
      leaving.abort()
      await Promise.all(others)
      await until(() => answered.mock.calls.length === 6)
      reading.open()
      expect((await first).status).toBeLessThan(300)
      await settled()
      expect(reads).toHaveBeenCalledTimes(1)
      expect((await scim.get(`/Users/${id}`)).body.title).toBe('first')
    })

    test('waits no longer for a callback that never settles than its request has time', async () => {
      const { users } = memoryAdapters()
      const { patch: _patch, ...plain } = users
      const arrived = jest.fn()
      let isStuck = true
      const get: ResourceAdapter['get'] = (...given) => {
        if (!isStuck) return users.get(...given)
        isStuck = false
        return new Promise(() => undefined)
      }
      const { scim } = await start({
        resources: { User: { adapter: { ...plain, get } } },
        authorize: () => {
          arrived()
          return true
        },
        on: { 'user.updated': () => undefined },
      })
      const { id } = (await scim.post('/Users', user('one'))).body
      const stuck = scim.send(method, `/Users/${id}`, { body: body('stuck') })
      await until(() => !isStuck)
      ahead += REQUEST_TIME / 2
      const waiting = scim.send(method, `/Users/${id}`, { body: body('waiting') })
      await until(() => arrived.mock.calls.length === 3)
      ahead += REQUEST_TIME / 2
      expectError(await stuck, 503)
      expect((await waiting).status).toBeLessThan(300)
      expect((await scim.send(method, `/Users/${id}`, { body: body('next') })).status).toBeLessThan(300)
      expect((await scim.get(`/Users/${id}`)).body.title).toBe('next')
    })
  })
})

describe('what is there already is not waited for', () => {
  /** How many promises a request makes, at a store that answers at once. */
  async function promisesOf(path: string): Promise<number> {
    const { users, groups } = memoryAdapters()
    const provider = createProvider({
      authenticate: () => ({ tenant: 'acme' }),
      resources: { User: { adapter: users }, Group: { adapter: groups } },
    })
    const send = (method: string, to: string, query: string, body?: unknown) =>
      handle(provider, {
        ...{ method, query, params: {}, headers: {}, request: undefined },
        path: to,
        body: () => body,
        baseUrl: () => 'https://x.test',
        onAbort: () => undefined,
        isAborted: () => false,
      })
    const created = await send('POST', '/Users', '', user('ada'))
    const { id } = JSON.parse(created.body as string)
    let promises = 0
    const hook = createHook({
      init(_id, kind) {
        if (kind === 'PROMISE') promises += 1
      },
    }).enable()
    const [to = '', query = ''] = path.replace(':id', id).split('?')
    const answer = send('GET', to, query)
    await answer
    hook.disable()
    expect((await answer).status).toBe(200)
    return promises
  }

  // One for the answer, two for the operation and its end, one for this test. If the engine awaited values that are
  // there, they would be 15 and 17.
  test('a GET', async () => expect(await promisesOf('/Users/:id')).toBeLessThanOrEqual(8))

  test('a list', async () => expect(await promisesOf('/Users?count=1')).toBeLessThanOrEqual(12))
})
