import { setImmediate } from 'node:timers/promises'
import type { Call, ResourceAdapter } from '../../../src/adapter/contract.js'
import type { ResourceEvent, ScimRouterOptions } from '../../../src/index.js'
import { type Row, soundAdapter } from '../../conformance-kit/sound-adapter.js'
import { group, user } from '../../rfc7644/service.js'
import { type App, startApp } from '../../support/app.js'
import type { Answer } from '../../support/client.js'
import { hooksCalled } from '../../support/hooks.js'
import { bulkOf, titlePatch } from './service.js'

type Table = Map<string, Row>
type Tables = Readonly<Record<'users' | 'groups', Table>>

/** A store with transactions: they write to a copy, which takes the place of the whole when they commit. */
function store() {
  let committed: Tables = { users: new Map(), groups: new Map() }
  let calls = 0
  let failing = Number.POSITIVE_INFINITY
  let commits = true
  const tick = (): void => {
    calls += 1
    if (calls === failing) throw new Error(`the store fails at call ${calls}`)
  }
  const adapter = (name: keyof Tables): ResourceAdapter => {
    const rowsOf = (_tenants: unknown, call: Call): Table => {
      tick()
      return ((call.transaction as Tables | undefined) ?? committed)[name]
    }
    return soundAdapter({ rowsOf, ...(name === 'groups' && { isTaken: () => false }) })
  }
  const transaction: NonNullable<ScimRouterOptions['transaction']> = async (work) => {
    const own: Tables = { users: new Map(committed.users), groups: new Map(committed.groups) }
    const value = await work(own)
    await setImmediate()
    if (!commits) throw new Error('the commit fails')
    committed = own
    return value
  }
  return {
    resources: { User: { adapter: adapter('users') as never }, Group: { adapter: adapter('groups') as never } },
    transaction,
    /** The n-th call from now on fails. */
    failAt: (count: number): void => {
      calls = 0
      failing = count
    },
    calls: () => calls,
    failCommit: (fails: boolean): void => {
      commits = !fails
    },
    content: () => JSON.stringify([...committed.users.values(), ...committed.groups.values()]),
  }
}

interface Service {
  readonly app: App
  readonly store: ReturnType<typeof store>
  readonly events: ResourceEvent[]
  readonly outbox: ResourceEvent[]
  readonly ids: { readonly a: string; readonly b: string; readonly g: string }
}

async function service(atomic: boolean): Promise<Service> {
  const tables = store()
  const events: ResourceEvent[] = []
  const outbox: ResourceEvent[] = []
  const hook = (event: ResourceEvent): void => void events.push(event)
  const names = [
    'user.created',
    'user.updated',
    'user.deleted',
    'group.created',
    'group.updated',
    'group.member.added',
  ] as const
  const app = await startApp({
    resources: tables.resources,
    on: Object.fromEntries(names.map((name) => [name, hook])),
    ...(atomic && {
      transaction: tables.transaction,
      bulk: { atomic: true },
      outbox: (written) => void outbox.push(...written),
    }),
  })
  const created = []
  for (const name of ['a', 'b']) created.push((await app.scim.post('/Users', user(name, { title: 'old' }))).body.id)
  const [a, b] = created
  const g = (await app.scim.post('/Groups', group('g', a))).body.id
  await hooksCalled()
  events.length = 0
  outbox.length = 0
  return { app, store: tables, events, outbox, ids: { a, b, g } }
}

const MANY = 60

function sendBulk({ app, ids }: Service): Promise<Answer> {
  const operations = bulkOf(
    { method: 'POST', path: '/Users', bulkId: 'x', data: user('x') },
    { method: 'POST', path: '/Groups', bulkId: 'y', data: group('y', 'bulkId:x', ids.a) },
    { method: 'PATCH', path: `/Users/${ids.a}`, data: titlePatch() },
    { method: 'PUT', path: `/Users/${ids.b}`, data: user('b', { title: 'new' }) },
    { method: 'DELETE', path: `/Users/${ids.b}` },
  )
  return app.scim.post('/Bulk', operations)
}

/** Requests that need several calls. */
const REQUESTS: Readonly<Record<string, (service: Service) => Promise<Answer>>> = {
  bulk: sendBulk,
  'a circle in bulk': ({ app }) =>
    app.scim.post(
      '/Bulk',
      bulkOf(
        { method: 'POST', path: '/Groups', bulkId: 'p', data: group('p', 'bulkId:q') },
        { method: 'POST', path: '/Groups', bulkId: 'q', data: group('q', 'bulkId:p') },
      ),
    ),
  PATCH: ({ app, ids }) => app.scim.patch(`/Users/${ids.a}`, titlePatch()),
  'PATCH with attributes': ({ app, ids }) => app.scim.patch(`/Users/${ids.a}?attributes=title`, titlePatch()),
  PUT: ({ app, ids }) => app.scim.put(`/Users/${ids.a}`, user('a', { title: 'new' })),
  POST: ({ app }) => app.scim.post('/Users', user('new')),
  DELETE: ({ app, ids }) => app.scim.delete(`/Users/${ids.b}`),
}

describe.each(Object.entries(REQUESTS))('%s in a transaction', (title, send) => {
  test('leaves nothing behind, whichever call fails, and tells nobody', async () => {
    let reached = 0
    for (let failing = 1; failing < MANY; failing += 1) {
      const own = await service(true)
      try {
        const before = own.store.content()
        own.store.failAt(failing)
        const answer = await send(own)
        const hasFailed = own.store.calls() >= failing
        await hooksCalled()
        if (!hasFailed) {
          expect(answer.status).toBeLessThan(300)
          expect(own.store.content()).not.toBe(before)
          break
        }
        reached += 1
        expect([title, failing, answer.status]).toEqual([title, failing, 500])
        expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
        // A write stays done if only its answer cannot be read: this happens only for a PATCH with attributes.
        if (own.store.content() !== before) expect(title).toBe('PATCH with attributes')
        else expect([own.events, own.outbox]).toEqual([[], []])
      } finally {
        await own.app.close()
      }
    }
    expect(reached).toBeGreaterThan(0)
    expect(reached).toBeLessThan(MANY - 1)
  })

  test('leaves nothing behind when it cannot be committed', async () => {
    const own = await service(true)
    try {
      const before = own.store.content()
      own.store.failCommit(true)
      expect((await send(own)).status).toBe(500)
      await hooksCalled()
      expect([own.store.content(), own.events]).toEqual([before, []])
      own.store.failCommit(false)
      expect((await send(own)).status).toBeLessThan(300)
    } finally {
      await own.app.close()
    }
  })
})

test('a bulk request without a transaction tells of each operation what has become of it, whichever call fails', async () => {
  let reached = 0
  for (let failing = 1; failing < MANY; failing += 1) {
    const own = await service(false)
    try {
      own.store.failAt(failing)
      const { status, body } = await sendBulk(own)
      const hasFailed = own.store.calls() >= failing
      expect(status).toBe(200)
      const told = Object.fromEntries(body.Operations.map((one: any, index: number) => [index, one.status]))
      own.store.failAt(Number.POSITIVE_INFINITY)
      const text = (await own.app.scim.get('/?count=100')).body.Resources
      const byName = new Map<string, any>(text.map((one: any) => [one.userName ?? one.displayName, one]))
      expect([failing, byName.has('x')]).toEqual([failing, told[0] === '201'])
      expect([failing, byName.has('y')]).toEqual([failing, told[1] === '201'])
      expect([failing, byName.get('a')?.title]).toEqual([failing, ['200', '204'].includes(told[2]) ? 'new' : 'old'])
      expect([failing, byName.has('b')]).toEqual([failing, told[4] !== '204'])
      if (byName.has('b')) expect(byName.get('b').title).toBe(told[3] === '200' ? 'new' : 'old')
      if (!hasFailed) break
      reached += 1
      // One call has failed, and with it one operation and the operations that depend on it.
      expect(Object.values(told)).toContain('500')
    } finally {
      await own.app.close()
    }
  }
  expect(reached).toBeGreaterThan(4)
})
