import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { ResourceAdapter } from '../../src/adapter/contract.js'
import { cancelOf } from '../../src/database/postgresql/cancel.js'
import { bearer } from '../../src/index.js'
import { mappedResources, postgresAdapters, type Queryable } from '../../src/postgres/index.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { callOf, GROUP_TYPE, patchFor, queryOf, USER_TYPE } from '../support/calls.js'
import { countedPool } from '../support/counted-pool.js'
import { databaseUrl, testAdapters } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const PATIENCE = 200

/** Asks again until it is so; the test fails when it never is. */
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    if (await isSo()) return
    await delay(25)
  }
  throw new Error(`It has not come about that ${what}.`)
}

describe('requests that nobody waits for any more', () => {
  const database = testAdapters()
  let pool: pg.Pool
  let locker: pg.Client
  let app: App | undefined
  const name = `signal-${process.pid}`

  beforeAll(() => database.pool.query(tableStatements(database.schema)))
  beforeEach(async () => {
    pool = new pg.Pool({ connectionString: await databaseUrl(), max: 2, application_name: name })
    locker = new pg.Client({ connectionString: await databaseUrl() })
    await locker.connect()
    await locker.query('BEGIN')
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
    await locker.end()
    await pool.end()
  })

  const waiting = async (): Promise<number> => {
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`,
      [name],
    )
    return rows[0].count
  }
  const isIdle = async (): Promise<boolean> =>
    (await waiting()) === 0 && pool.waitingCount === 0 && pool.idleCount === pool.totalCount

  const documents = () => {
    const { resources, transaction } = postgresAdapters({ pool, schema: database.schema })
    return { resources, transaction, table: 'resource' }
  }
  const mapped = () => {
    const { transaction } = postgresAdapters({ pool, schema: database.schema })
    return { resources: mappedResources({ pool }, tableMapping(database.schema)), transaction, table: 'teams' }
  }
  const start = async (options: Pick<AppOptions, 'resources' | 'transaction' | 'on' | 'limits'>): Promise<App> => {
    app = await startApp({ authenticate: bearer((token) => (token === TOKEN ? { tenant: 'acme' } : null)), ...options })
    return app
  }

  test.each([
    ['documents', documents, false],
    ['documents, with the transaction option', documents, true],
    ['mapped', mapped, false],
    ['mapped, with the transaction option', mapped, true],
  ] as const)('are not carried out later: %s', async (_kind, store, inTransaction) => {
    const { resources, transaction, table } = store()
    const told: string[] = []
    const on: AppOptions['on'] = {
      'user.created': () => told.push('created'),
      'group.updated': () => told.push('updated'),
    }
    const options = { resources, ...(inTransaction && { transaction }), on }
    const groups = resources.Group.adapter as unknown as ResourceAdapter
    const users = resources.User.adapter as unknown as ResourceAdapter
    const group = await groups.create({ displayName: 'Locked' } as never, callOf())
    const count = async (): Promise<unknown> => {
      const page = await users.list(queryOf(USER_TYPE, { filter: 'userName sw "late"', count: 0 }), callOf())
      return (page as { totalResults?: number }).totalResults
    }
    await locker.query(`SELECT 1 FROM "${database.schema}".${table} WHERE id = $1 FOR UPDATE`, [group.id])

    const { scim } = await start({ ...options, limits: { requestTime: 400 } })
    const rename = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'displayName', value: 'Late' }] }
    const put = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Later' }
    const held = [scim.patch(`/Groups/${group.id}`, rename), scim.put(`/Groups/${group.id}`, put)]
    const queued = Array.from({ length: 6 }, (_, index) =>
      scim.post('/Users', { schemas: [USER], userName: `late ${index}` }),
    )
    const answers = await Promise.all([...held, ...queued])
    // The second writer of the group may wait in the queue of the router or of the pool; the others have a connection
    // left.
    for (const { status } of answers.slice(0, 2)) expect(status).toBe(503)
    // While the row is still locked, the waiting statements have been ended and have given their connections back.
    await until('no statement waits and the pool is at rest', isIdle)
    const before = await count()
    await locker.query('COMMIT')
    await until('the pool is at rest', isIdle)
    expect(await count()).toBe(before)
    expect(await groups.get(String(group.id), callOf())).toMatchObject({ displayName: 'Locked' })
    // Exactly the stored writes are told, even if a COMMIT was on its way when the time was over.
    await until('all that is stored was told', () => told.length === before)
    expect(told).toEqual(Array(before).fill('created'))
    for (const one of await database.pool
      .query(`SELECT id FROM "${database.schema}".${table === 'teams' ? 'accounts' : 'resource'}`)
      .then(({ rows }) => rows))
      await users.delete(one.id, callOf())
  })

  test('leave the queue of the pool, and nothing of theirs is written or told', async () => {
    const { resources } = documents()
    const created: unknown[] = []
    const busy = [await pool.connect(), await pool.connect()]
    const { scim } = await start({
      resources,
      on: { 'user.created': ({ id }) => created.push(id) },
      limits: { requestTime: 200 },
    })
    const posts = Array.from({ length: 10 }, (_, index) =>
      scim.post('/Users', { schemas: [USER], userName: `queued ${index}` }),
    )
    for (const { status } of await Promise.all(posts)) expect(status).toBe(503)
    for (const connection of busy) connection.release()
    await until('the pool is at rest', isIdle)
    const { rows } = await database.pool.query(
      `SELECT 1 FROM "${database.schema}".resource WHERE unique_key LIKE 'queued%'`,
    )
    expect({ rows, created }).toEqual({ rows: [], created: [] })
  })

  test('read no further when the client has gone', async () => {
    const { resources } = documents()
    await locker.query(`LOCK TABLE "${database.schema}".resource IN ACCESS EXCLUSIVE MODE`)
    const { base } = await start({ resources })
    const clients = Array.from({ length: 2 }, () => {
      const client = new AbortController()
      const answer = fetch(`${base}/Users`, { headers: { authorization: `Bearer ${TOKEN}` }, signal: client.signal })
      return { client, answer: answer.then(({ status }) => status).catch(() => 'gone') }
    })
    await until('both wait for the table', async () => (await waiting()) === 2)
    for (const { client } of clients) client.abort()
    expect(await Promise.all(clients.map(({ answer }) => answer))).toEqual(['gone', 'gone'])
    await until('neither statement waits, though the table is locked', isIdle)
    await locker.query('COMMIT')
  })

  test.each([false, true])(
    'are rolled back before COMMIT; a COMMIT on its way is told as what it is (%s)',
    async (late) => {
      const client = new AbortController()
      const counted = countedPool(pool, (text) => {
        if (late ? text === 'COMMIT' : text.startsWith('INSERT')) client.abort(new Error('gone'))
      })
      const { groups } = postgresAdapters({ pool: counted, schema: database.schema })
      const member = await database.postgres.users.create({ userName: `before commit ${late}` } as never, callOf())
      const draft = { displayName: `Commit ${late}`, members: [{ value: member.id }] }
      const create = async () => groups.create(draft as never, callOf({ signal: client.signal }))
      const outcome = await create()
        .then(() => 'stored')
        .catch((error: Error) => error.message)
      const statements = counted.take().filter((text) => !text.includes('pg_cancel_backend'))
      // No further statement is begun.
      if (!late)
        expect(statements.slice(statements.findIndex((text) => text.startsWith('INSERT')) + 1)).toEqual(['ROLLBACK'])
      const page = await groups.list(queryOf(GROUP_TYPE, { filter: `displayName eq "Commit ${late}"` }), callOf())
      expect([outcome, (page as { totalResults?: number }).totalResults]).toEqual(late ? ['stored', 1] : ['gone', 0])
    },
  )

  test('in a transaction of the host the statements stop, and it rolls back', async () => {
    const client = new AbortController()
    const { groups, transaction } = postgresAdapters({ pool, schema: database.schema })
    const group = await groups.create({ displayName: 'Outer' } as never, callOf())
    await locker.query(`SELECT 1 FROM "${database.schema}".resource WHERE id = $1 FOR UPDATE`, [group.id])
    const rename = patchFor(GROUP_TYPE, { op: 'replace', path: 'displayName', value: 'Inner' })
    const work = transaction(
      async (connection) =>
        groups.patch?.(String(group.id), rename, callOf({ transaction: connection, signal: client.signal })),
      callOf({ signal: client.signal }),
    ).catch((error: Error) => error.message)
    await until('the row is waited for', async () => (await waiting()) === 1)
    client.abort(new Error('gone'))
    expect(await work).toBe('gone')
    await until('the pool is at rest', isIdle)
    await locker.query('COMMIT')
  })

  test('nothing begins for a call that is over', async () => {
    const counted = countedPool(pool)
    const { users, transaction } = postgresAdapters({ pool: counted, schema: database.schema })
    const call = callOf({ signal: AbortSignal.abort(new Error('over')) })
    const operations = [
      () => users.get('x', call),
      () => users.list(queryOf(USER_TYPE), call),
      () => users.create({ userName: 'over' } as never, call),
      () => users.replace('x', { userName: 'over' } as never, call),
      () => users.delete('x', call),
      () => users.patch?.('x', patchFor(USER_TYPE, { op: 'add', path: 'title', value: 'x' }), call),
      () => transaction(async () => 'done', call),
    ]
    for (const operation of operations) await expect((async () => operation())()).rejects.toThrow('over')
    expect(counted.take()).toEqual([])
  })

  test('a connection of another driver is told to cancel, once the call is over', async () => {
    let cancelled = 0
    const client = new AbortController()
    const query = (): Queryable['query'] => () =>
      new Promise((_resolve, reject) => {
        client.signal.addEventListener('abort', () =>
          setTimeout(reject, 20, Object.assign(new Error(), { code: '57014' })),
        )
        setTimeout(() => client.abort(new Error('gone')), 20)
      })
    const released: unknown[] = []
    const { users } = postgresAdapters({
      schema: database.schema,
      pool: {
        query: query(),
        connect: async () => ({
          query: query(),
          release: (error) => released.push(error),
          cancelStatement: () => {
            cancelled += 1
          },
        }),
      },
    })
    await expect(users.get('x', callOf({ signal: client.signal }))).rejects.toThrow('gone')
    // A late cancel must not meet the statement of another request.
    expect({ cancelled, released }).toEqual({ cancelled: 1, released: [true] })
  })

  test('only the statement that is meant is cancelled', async () => {
    const [busy, other] = [await pool.connect(), await pool.connect()]
    await locker.query(`LOCK TABLE "${database.schema}".resource IN ACCESS EXCLUSIVE MODE`)
    const running = busy.query(`SELECT count(*) FROM "${database.schema}".resource`)
    await until('it waits', async () => (await waiting()) === 1)
    await cancelOf(pool)(busy, 'SELECT 1')
    await cancelOf(pool)(other, `SELECT count(*) FROM "${database.schema}".resource`)
    expect(await waiting()).toBe(1)
    await locker.query('COMMIT')
    expect((await running).rows.length).toBe(1)
    busy.release()
    other.release()
  })
})
