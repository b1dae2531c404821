import type pg from 'pg'
import { type ScimRouter, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import {
  type AuditEntry,
  type AuditStore,
  type AuditTrail,
  auditTrail,
  memoryAudit,
  sqlAudit,
} from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { type ConnectionPool, postgresAdapters, postgresDatabase } from '../../src/postgres/index.js'
import { sqliteDatabase } from '../../src/sqlite/index.js'
import { runs } from '../support/length.js'
import { testDatabase } from '../support/postgres.js'
import { sqliteInMemory } from '../support/sqlite-file.js'

const SECRET = 'audit-test-secret-of-32-characters-or-more'
const DAY = 86_400_000
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const user = (userName: string, rest: object = {}) => ({ schemas: [USER], userName, ...rest })
const replace = (path: string, value: unknown) => ({ Operations: [{ op: 'replace', path, value }] })

const database = testDatabase()
const openSqlite = sqliteInMemory()
const connect = (pool: ConnectionPool = database.pool) => postgresDatabase({ pool, schema: database.schema })

function service(on: ScimRouterOptions['on'], options: Partial<ScimRouterOptions> = {}): ScimRouter {
  const { users, groups } = memoryAdapters()
  const resources = { User: { adapter: users }, Group: { adapter: groups } }
  return scimRouter({ authenticate: () => null, resources, ...(on && { on }), ...options })
}

async function send(scim: ScimRouter, method: string, path: string, body?: object, tenant = 'acme') {
  const { status, body: answer } = await scim.as({ tenant, actor: 'okta-1' }).request({ method, path, body })
  return { status, body: answer as { readonly id: string } }
}

const STORES: readonly (readonly [string, () => AuditStore])[] = [
  ['memory', () => memoryAudit()],
  ['PostgreSQL', () => sqlAudit({ database: connect() })],
  ['SQLite', () => sqlAudit({ database: sqliteDatabase({ database: openSqlite() }) })],
]

describe.each(STORES)('the audit trail in %s', (name, open) => {
  let trail: AuditTrail
  let time = Date.UTC(2030, 0, 1)
  // The tables are the same for all tests in PostgreSQL, the tenants are not.
  let tenant = ''
  let count = 0
  const scimOf = () => service([trail])
  const act = (scim: ScimRouter, method: string, path: string, body?: object) => send(scim, method, path, body, tenant)

  beforeEach(async () => {
    count += 1
    tenant = `${name}-${count}`
    trail = auditTrail({ store: open(), secret: SECRET, now: () => time })
    await trail.migrate()
  })

  test('tells what changed and who did it, with the ids of members, and no value', async () => {
    const scim = scimOf()
    const { body: anna } = await act(
      scim,
      'POST',
      '/Users',
      user('plant-a', { active: true, password: 'plant-Passw0rd' }),
    )
    const { body: berta } = await act(scim, 'POST', '/Users', user('plant-b'))
    const { body: group } = await act(scim, 'POST', '/Groups', {
      displayName: 'plant-g',
      members: [{ value: anna.id }],
    })
    await act(scim, 'PATCH', `/Users/${anna.id}`, replace('active', false))
    await act(scim, 'PUT', `/Groups/${group.id}`, { displayName: 'plant-g', members: [{ value: berta.id }] })
    await act(scim, 'PUT', `/Users/${berta.id}`, user('plant-b', { title: 'plant-t' }))
    await act(scim, 'DELETE', `/Users/${berta.id}`)
    await act(scim, 'POST', '/Users', { schemas: [USER] })
    const entries = await trail.page({ tenant })
    expect(entries.map(({ action, resourceId }) => [action, resourceId])).toEqual([
      ['user.created', anna.id],
      ['user.created', berta.id],
      ['group.created', group.id],
      ['user.updated', anna.id],
      ['user.deactivated', anna.id],
      ['group.updated', group.id],
      ['user.updated', berta.id],
      ['user.deleted', berta.id],
    ])
    expect(entries[0]?.attributes).toEqual(expect.arrayContaining(['userName', 'active', 'password']))
    expect(entries[3]?.attributes).toEqual(['active'])
    expect(entries[5]?.attributes).toEqual(['members'])
    expect(entries[5]?.members).toMatchObject({ added: [{ id: berta.id }], removed: [{ id: anna.id }] })
    expect(entries[6]?.attributes).toEqual(['title'])
    expect(entries[0]).toMatchObject({ actor: 'okta-1', via: 'application', number: 1, previous: '' })
    expect(entries[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(JSON.stringify(entries)).not.toContain('plant')
    expect(await trail.verify(tenant)).toEqual({ entries: 8, fault: undefined })
    expect(await trail.page({ tenant, resourceId: group.id })).toHaveLength(2)
    expect(await trail.page({ tenant: `${tenant}-other` })).toEqual([])
  })

  test('looks at people are in it, and all of it is exported as lines of JSON', async () => {
    await act(scimOf(), 'POST', '/Users', user('a'))
    await trail.note({
      tenant,
      actor: 'ada',
      action: 'looked',
      resourceType: 'User',
      resourceId: '7',
      reason: 'ticket 9',
    })
    const lines: string[] = []
    for await (const line of trail.export({ tenant })) lines.push(line)
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { number: 1, action: 'user.created' },
      { number: 2, action: 'looked', actor: 'ada', resourceId: '7', reason: 'ticket 9' },
    ])
  })

  test('a person is erased from it, as resource, member and actor, and the chain holds', async () => {
    const scim = scimOf()
    const { body: anna } = await act(scim, 'POST', '/Users', user('a'))
    const { body: group } = await act(scim, 'POST', '/Groups', { displayName: 'g', members: [{ value: anna.id }] })
    await trail.note({ tenant, actor: anna.id, action: 'looked' })
    const before = await trail.page({ tenant })
    expect(await trail.erase({ tenant, id: anna.id })).toBe(3)
    const after = await trail.page({ tenant })
    expect(JSON.stringify(after)).not.toContain(anna.id)
    expect(after.map(({ hash, person }) => [hash, person])).toEqual(before.map(({ hash, person }) => [hash, person]))
    expect(after[1]).toMatchObject({ resourceId: group.id, members: { added: [{ person: after[0]?.person }] } })
    expect(after[2]?.actor).toBeUndefined()
    expect(await trail.verify(tenant)).toEqual({ entries: 3, fault: undefined })
    expect(await trail.erase({ tenant, id: '' })).toBe(0)
  })

  test('old entries are removed from the first on, and the chain goes on', async () => {
    const scim = scimOf()
    await act(scim, 'POST', '/Users', user('a'))
    await act(scim, 'POST', '/Users', user('b'))
    time += 399 * DAY
    await act(scim, 'POST', '/Users', user('c'))
    expect(await trail.prune(tenant)).toBe(0)
    time += 2 * DAY
    expect(await trail.prune(tenant)).toBe(2)
    await act(scim, 'POST', '/Users', user('d'))
    expect((await trail.page({ tenant })).map(({ number }) => number)).toEqual([3, 4])
    expect(await trail.verify(tenant)).toEqual({ entries: 2, fault: undefined })
  })

  test('a chain holds while the secret is changed, and not under another one', async () => {
    const store = open()
    await store.migrate?.()
    const old = auditTrail({ store, secret: SECRET })
    await old.note({ tenant, actor: 'ada', action: 'looked' })
    const changed = auditTrail({ store, secret: `${'n'.repeat(32)},${SECRET}` })
    await changed.note({ tenant, actor: 'ada', action: 'looked' })
    expect(await changed.verify(tenant)).toEqual({ entries: 2, fault: undefined })
    const other = auditTrail({ store, secret: 'n'.repeat(32) })
    expect(await other.verify(tenant)).toEqual({ entries: 0, fault: 'Entry 1 was changed.' })
  })

  test('many who write at once make one chain', async () => {
    const notes = Array.from({ length: 20 }, (_, index) => ({ tenant, actor: `a${index}`, action: 'looked' }))
    await Promise.all(notes.map((note) => trail.note(note)))
    expect(await trail.verify(tenant)).toEqual({ entries: 20, fault: undefined })
  })
})

describe('old entries go where somebody writes', () => {
  const STEP = 500
  const setUp = async (prune?: AuditStore['prune']) => {
    let time = Date.UTC(2030, 0, 1)
    const errors: unknown[] = []
    const store = memoryAudit()
    const on = { error: (error: unknown) => errors.push(error) }
    const trail = auditTrail({ store: { ...store, ...(prune && { prune }) }, secret: SECRET, now: () => time, on })
    const note = () => trail.note({ tenant: 'acme', actor: 'ada', action: 'looked' })
    for (let count = 0; count < STEP + 2; count += 1) await note()
    await jest.advanceTimersByTimeAsync(2_000)
    return {
      note,
      errors,
      later: (milliseconds: number) => {
        time += milliseconds
      },
      count: async () => (await store.ends('acme')).number - (await store.ends('acme')).prunedNumber,
    }
  }
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  test('in small steps, one for each write while there is more, and then none for an hour', async () => {
    const { note, later, count } = await setUp()
    expect(await count()).toBe(STEP + 2)
    later(401 * DAY)
    await note()
    // The transaction of the write may still be open.
    expect(await count()).toBe(STEP + 3)
    await jest.advanceTimersByTimeAsync(2_000)
    expect(await count()).toBe(3)
    await note()
    await jest.advanceTimersByTimeAsync(2_000)
    expect(await count()).toBe(2)
    later(401 * DAY)
    await note()
    await jest.advanceTimersByTimeAsync(2_000)
    expect(await count()).toBe(1)
    later(1_000)
    // Connections of earlier tests may have timers of their own.
    const before = jest.getTimerCount()
    await note()
    expect(jest.getTimerCount()).toBeLessThanOrEqual(before)
  })

  test('a store that cannot remove them is told to on.error, and harms no write', async () => {
    const failure = new Error('no')
    const { errors } = await setUp(() => Promise.reject(failure))
    expect(errors).toEqual([failure])
  })
})

describe('on.audit', () => {
  const pg = () => postgresAdapters({ pool: database.pool, schema: database.schema })
  const told: AuditEntry[] = []
  const failures: unknown[] = []
  const listening = (store: AuditStore) =>
    auditTrail({
      store,
      secret: SECRET,
      on: { audit: (entry) => told.push(entry), error: (error) => failures.push(error) },
    })
  beforeAll(async () => {
    await pg().migrate()
    await sqlAudit({ database: connect() }).migrate?.()
  })
  beforeEach(() => {
    told.length = 0
    failures.length = 0
  })

  test('is told each entry once, as it is in the trail, in its order', async () => {
    const trail = listening(memoryAudit())
    const scim = service([trail])
    const { body: anna } = await send(scim, 'POST', '/Users', user('a', { active: true }))
    await send(scim, 'PATCH', `/Users/${anna.id}`, replace('active', false))
    await trail.note({ tenant: 'acme', actor: 'ada', action: 'looked', resourceId: anna.id })
    await send(scim, 'GET', '/Users')
    await scim.settled()
    expect(told.map(({ action }) => action)).toEqual(['user.created', 'user.updated', 'user.deactivated', 'looked'])
    expect(told).toEqual(await trail.page({ tenant: 'acme' }))
  })

  test('is told nothing of a transaction that did not commit, and of one that does later', async () => {
    const trail = listening(sqlAudit({ database: connect() }))
    const { resources, transaction } = pg()
    const fails = { hooks: { change: () => Promise.reject(new Error('full')) } }
    const rolledBack = service([trail, fails], { resources, transaction })
    expect((await send(rolledBack, 'POST', '/Users', user('undone'), 'siem')).status).toBe(500)
    await rolledBack.settled()
    expect(told).toEqual([])
    const scim = service([trail], { resources, transaction })
    await send(scim, 'POST', '/Users', user('done'), 'siem')
    await scim.settled()
    expect(told.map(({ number, action }) => [number, action])).toEqual([[1, 'user.created']])
    expect(told).toEqual(await trail.page({ tenant: 'siem' }))
  })

  test('a hook that throws or rejects harms nothing, and on.error is told', async () => {
    const hooks = [
      () => {
        throw new Error('thrown')
      },
      () => Promise.reject(new Error('rejected')),
    ]
    for (const audit of hooks) {
      const on = { audit, error: (error: unknown) => failures.push(error) }
      const trail = auditTrail({ store: memoryAudit(), secret: SECRET, on })
      await trail.note({ tenant: 'acme', actor: 'ada', action: 'looked' })
      expect((await send(service([trail]), 'POST', '/Users', user('a'))).status).toBe(201)
    }
    expect(failures).toEqual(expect.arrayContaining([new Error('thrown'), new Error('rejected')]))
  })

  test('what cannot be read at once is told with the next entry', async () => {
    const store = memoryAudit()
    let isDown = true
    const page: AuditStore['page'] = (query) => (isDown ? Promise.reject(new Error('down')) : store.page(query))
    const trail = listening({ ...store, page })
    await trail.note({ tenant: 'acme', actor: 'ada', action: 'first' })
    expect(told).toEqual([])
    isDown = false
    await trail.note({ tenant: 'acme', actor: 'ada', action: 'second' })
    expect(told.map(({ action }) => action)).toEqual(['first', 'second'])
  })
})

describe('what somebody changes in the tables is found', () => {
  const TAMPERED: readonly (readonly [string, string, string])[] = [
    ['an entry is gone', 'DELETE FROM audit WHERE tenant = $1 AND number = 2', 'Entry 2 is missing.'],
    ['the first is gone', 'DELETE FROM audit WHERE tenant = $1 AND number = 1', 'Entry 1 is missing.'],
    ['the last is gone', 'DELETE FROM audit WHERE tenant = $1 AND number = 3', 'Entry 3 is missing.'],
    [
      'a word is another',
      "UPDATE audit SET content = replace(content, 'looked', 'danced') WHERE tenant = $1 AND number = 2",
      'Entry 2 was changed.',
    ],
    [
      'an id is another',
      "UPDATE audit SET resource = 'x' WHERE tenant = $1 AND number = 2",
      'An id in entry 2 was changed.',
    ],
    [
      'an actor is another',
      "UPDATE audit SET actor = 'x' WHERE tenant = $1 AND number = 3",
      'An id in entry 3 was changed.',
    ],
    [
      'two entries have changed places',
      `UPDATE audit a SET previous = b.previous, hash = b.hash, content = b.content, resource = b.resource FROM audit b
       WHERE a.tenant = $1 AND b.tenant = $1 AND a.number IN (2, 3) AND b.number = 5 - a.number`,
      'Entry 2 does not follow the one before.',
    ],
    [
      'an entry was copied behind the last',
      `INSERT INTO audit SELECT a.tenant, 4, a.time, c.hash, a.hash, a.content, a.actor, a.resource
       FROM audit a, audit c WHERE a.tenant = $1 AND c.tenant = $1 AND a.number = 2 AND c.number = 3`,
      'Entry 4 was changed.',
    ],
    [
      'an entry of another tenant took a place',
      `UPDATE audit a SET content = b.content, hash = b.hash, previous = b.previous FROM audit b
       WHERE a.tenant = $1 AND b.tenant = 'an entry is gone' AND a.number = 1 AND b.number = 1`,
      'Entry 1 was changed.',
    ],
    [
      'a member was made up',
      "INSERT INTO audit_member (tenant, number, person, id) VALUES ($1, 2, 'x', 'y')",
      'An id in entry 2 was changed.',
    ],
    [
      'a time is another, so that the trail would remove the entry',
      'UPDATE audit SET time = 0 WHERE tenant = $1 AND number = 1',
      'The time of entry 1 was changed.',
    ],
  ]

  /** Cut-off ends of chains, and the message for each, after the last entry was told. */
  const CUT: readonly (readonly [string, string, string])[] = [
    [
      'the last two',
      `WITH gone AS (DELETE FROM audit WHERE tenant = $1 AND number > 1)
       UPDATE audit_chain SET number = 1, hash = (SELECT hash FROM audit WHERE tenant = $1 AND number = 1) WHERE tenant = $1`,
      'Entry 2 is missing.',
    ],
    [
      'all',
      `WITH gone AS (DELETE FROM audit WHERE tenant = $1)
       UPDATE audit_chain SET pruned_number = number, pruned_hash = hash WHERE tenant = $1`,
      'Entry 3 is missing.',
    ],
    [
      'all, with the row of the chain',
      'WITH gone AS (DELETE FROM audit WHERE tenant = $1) DELETE FROM audit_chain WHERE tenant = $1',
      'Entry 1 is missing.',
    ],
  ]

  const written = async (tenant: string): Promise<AuditTrail> => {
    const trail = auditTrail({ store: sqlAudit({ database: connect() }), secret: SECRET })
    await trail.migrate()
    for (const id of ['1', '2', '3']) {
      await trail.note({ tenant, actor: 'ada', action: 'looked', resourceType: 'User', resourceId: id })
    }
    return trail
  }
  const tamper = async (statement: string, tenant: string): Promise<void> => {
    const client = await database.pool.connect()
    try {
      await client.query(`SET search_path TO "${database.schema}"`)
      await client.query(statement, [tenant])
    } finally {
      await client.query('RESET search_path')
      client.release()
    }
  }

  test.each(TAMPERED)('%s', async (title, statement, fault) => {
    const trail = await written(title)
    await tamper(statement, title)
    expect(await trail.verify(title)).toMatchObject({ fault })
  })

  test.each(CUT)('by an entry that is kept elsewhere: %s', async (title, statement, fault) => {
    const tenant = `cut ${title}`
    const trail = await written(tenant)
    const known = (await trail.page({ tenant })).at(-1)
    expect(await trail.verify(tenant, known)).toEqual({ entries: 3, fault: undefined })
    await tamper(statement, tenant)
    expect(await trail.verify(tenant, known)).toMatchObject({ fault })
  })

  test('by an entry that is kept elsewhere: one that another took the place of', async () => {
    const trail = await written('rewritten')
    const known = { number: 2, hash: 'x', time: new Date() }
    expect(await trail.verify('rewritten', known)).toMatchObject({ fault: 'Entry 2 is another one than before.' })
  })

  test('an entry that is kept elsewhere may be old enough to have been removed', async () => {
    const trail = await written('old')
    const known = { number: 1, hash: 'x', time: new Date(0) }
    await tamper('DELETE FROM audit WHERE tenant = $1 AND number = 1', 'old')
    await tamper(
      `UPDATE audit_chain SET pruned_number = 1,
       pruned_hash = (SELECT previous FROM audit WHERE tenant = $1 AND number = 2) WHERE tenant = $1`,
      'old',
    )
    expect(await trail.verify('old', known)).toEqual({ entries: 2, fault: undefined })
  })
})

describe('no entry, no change', () => {
  const postgres = (pool: ConnectionPool) => postgresAdapters({ pool, schema: database.schema })
  const strictTrail = (pool: ConnectionPool) =>
    auditTrail({ store: sqlAudit({ database: connect(pool) }), secret: SECRET, strict: true })
  beforeAll(async () => {
    await postgres(database.pool).migrate()
    await strictTrail(database.pool).migrate()
  })

  test('a strict trail needs the transactions of the router', () => {
    const trail = strictTrail(database.pool)
    expect(() => service([trail])).toThrow(/Option transaction is missing: a listener/)
    expect(() => service(trail)).toThrow(/ERR_SCIM_OPTION/)
  })

  test('a trail that cannot be written undoes the change in the transaction', async () => {
    const { resources, transaction } = postgres(database.pool)
    const hooks = { change: () => Promise.reject(new Error('full')) }
    const scim = service([{ hooks }], { resources, transaction })
    expect((await send(scim, 'POST', '/Users', user('undone'))).status).toBe(500)
    expect((await send(scim, 'GET', '/Users?filter=userName%20eq%20"undone"')).body).toMatchObject({ totalResults: 0 })
  })

  test('without a transaction the change stands, the answer waits for the trail, and on.error is told', async () => {
    const errors: unknown[] = []
    const order: string[] = []
    const change = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push('trail')
      throw new Error('full')
    }
    const scim = service([{ change }, { error: (report) => errors.push(report) }])
    expect((await send(scim, 'POST', '/Users', user('a'))).status).toBe(201)
    order.push('answer')
    expect(order).toEqual(['trail', 'answer'])
    expect(errors).toEqual([
      expect.objectContaining({ error: new Error('full'), event: 'user.created', tenant: 'acme', method: 'POST' }),
    ])
  })

  /**
   * A pool whose connections end at the n-th statement: before it reaches the server, or when it has been carried out.
   */
  function endingPool(pool: pg.Pool, at: number, when: 'before' | 'after') {
    const seen = { statements: 0, isDead: false }
    const lost = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
    const ending: ConnectionPool = {
      query: (text, values) => pool.query(text, values),
      connect: async () => {
        if (seen.isDead) throw lost()
        const client = await pool.connect()
        const query = async (text: string, values?: unknown[]) => {
          if (seen.isDead) throw lost()
          seen.statements += 1
          if (seen.statements !== at) return client.query(text, values)
          if (when === 'after') await client.query(text, values)
          seen.isDead = true
          // The process is gone: PostgreSQL sees the connection end, and nothing more comes.
          await (client as unknown as { end(): Promise<void> }).end()
          throw lost()
        }
        return { query, release: () => client.release(true) }
      },
    }
    return { ending, seen }
  }

  test.each(['before', 'after'] as const)(
    'a process that ends %s any statement leaves no change without its entry and no entry without its change',
    async (when) => {
      const { resources, transaction } = postgres(database.pool)
      const sound = service([], { resources, transaction })
      const trail = strictTrail(database.pool)
      let wasWhole = false
      // In the short form every third statement, a different third before and after.
      for (let at = when === 'before' ? 1 : 2; !wasWhole; at += runs(3, 1)) {
        const tenant = `${when}-${at}`
        const { body: anna } = await send(sound, 'POST', '/Users', user('anna'), tenant)
        const { ending, seen } = endingPool(database.pool, at, when)
        const dying = postgres(ending)
        const scim = service([strictTrail(ending)], { resources: dying.resources, transaction: dying.transaction })
        await send(scim, 'POST', '/Groups', { displayName: 'g', members: [{ value: anna.id }] }, tenant)
        await send(scim, 'PATCH', `/Users/${anna.id}`, replace('title', 'x'), tenant)
        await send(scim, 'DELETE', `/Users/${anna.id}`, undefined, tenant)
        wasWhole = !seen.isDead
        const groups = await send(sound, 'GET', '/Groups', undefined, tenant)
        const person = await send(sound, 'GET', `/Users/${anna.id}`, undefined, tenant)
        const actions = (await trail.page({ tenant })).map(({ action }) => action)
        const happened = [
          (groups.body as unknown as { totalResults: number }).totalResults > 0 && 'group.created',
          ((person.body as unknown as { title?: string }).title === 'x' || person.status === 404) && 'user.updated',
          person.status === 404 && 'user.deleted',
        ]
        expect([at, actions]).toEqual([at, happened.filter((one) => one !== false)])
        expect((await trail.verify(tenant)).fault).toBeUndefined()
        if (at > 200) throw new Error('There is no end of statements.')
      }
    },
  )
})

test.each([
  ['store', { store: undefined }],
  ['secret', { secret: 'short' }],
  ['days', { days: -1 }],
])('a mistake in option %s is told at start', (name, options) => {
  expect(() => auditTrail({ store: memoryAudit(), secret: SECRET, ...options } as never)).toThrow(`Option ${name}`)
})

test.each([[undefined], [null], [0]])('the tenant %p is refused', async (tenant) => {
  const trail = auditTrail({ store: memoryAudit(), secret: SECRET })
  await expect(trail.page({ tenant: tenant as never })).rejects.toThrow('ERR_SCIM_TENANT')
  await expect(trail.verify(tenant as never)).rejects.toThrow('ERR_SCIM_TENANT')
  await expect(trail.erase({ tenant: tenant as never, id: '1' })).rejects.toThrow('ERR_SCIM_TENANT')
  await expect(trail.note({ tenant: tenant as never, actor: 'a', action: 'x' })).rejects.toThrow('ERR_SCIM_TENANT')
})
