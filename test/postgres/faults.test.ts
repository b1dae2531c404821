import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { type PostgresAdapters, postgresAdapters } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { callOf, GROUP_TYPE, patchFor, USER_TYPE } from '../support/calls.js'
import { countedPool } from '../support/counted-pool.js'
import { databaseUrl, testAdapters } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'

describe('a database that fails', () => {
  const database = testAdapters()
  let link: Link
  let pool: pg.Pool
  let app: App
  let adapters: PostgresAdapters

  beforeAll(async () => {
    link = await linkTo(new URL(await databaseUrl()))
    pool = new pg.Pool({ connectionString: link.url, max: 4, connectionTimeoutMillis: 2_000 })
    adapters = postgresAdapters({ pool, schema: database.schema })
    app = await startApp({ resources: adapters.resources })
  })
  afterAll(async () => {
    await app?.close()
    await pool?.end()
    await link?.close()
  })

  test('is a 503 with Retry-After for every operation, never a 404, and works again when it does', async () => {
    const { scim } = app
    const made = await scim.post('/Users', { schemas: [USER], userName: 'survivor' })
    const path = `/Users/${made.body.id}`
    const operations = [{ op: 'replace', path: 'title', value: 'x' }]
    const requests = [
      () => scim.get(path),
      () => scim.get('/Users'),
      () => scim.get('/Users/0'),
      () => scim.get(`/Users?filter=${encodeURIComponent('userName eq "survivor"')}`),
      () => scim.post('/Users', { schemas: [USER], userName: 'other' }),
      () => scim.put(path, { schemas: [USER], userName: 'survivor' }),
      () => scim.patch(path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }),
      () => scim.delete(path),
    ]
    await link.cut()
    for (const request of requests) {
      const answer = await request()
      expect({ status: answer.status, text: answer.text.includes('ECONN') }).toEqual({ status: 503, text: false })
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    }
    await link.mend()
    expect((await scim.get(path)).body.userName).toBe('survivor')
    expect((await scim.get('/Users/0')).status).toBe(404)
  })

  test('connections that end while idle or in a transaction cost one request at most', async () => {
    const { scim } = app
    await Promise.all(Array.from({ length: 8 }, () => scim.get('/Users')))
    await link.drop()
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await scim.get('/Users')).status))
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect((await scim.get('/Users')).status).toBe(200)

    let connections = 0
    const dying = countedPool(pool, async (text) => {
      if (text.includes('UPDATE') && connections++ === 0) await link.drop()
    })
    const made = await adapters.groups.create({ displayName: 'Before' } as never, callOf())
    const { groups } = postgresAdapters({ pool: dying, schema: database.schema })
    const patch = patchFor(GROUP_TYPE, { op: 'replace', path: 'displayName', value: 'After' })
    await expect(groups.patch?.(String(made.id), patch, callOf())).rejects.toMatchObject({ status: 503 })
    expect(await groups.get(String(made.id), callOf())).toMatchObject({ displayName: 'Before' })
    expect(await groups.patch?.(String(made.id), patch, callOf())).toMatchObject({ changed: true })
  })

  test.each([
    ...['57P01', '57P03', '57P05', '08006', '53100', '53300', '25006', '25P03'],
    ...['ECONNREFUSED', 'ETIMEDOUT'],
  ])('%s is a 503', async (code) => {
    const failing = countedPool(database.pool, () => {
      throw Object.assign(new Error('secret host name'), { code })
    })
    const { users } = postgresAdapters({ pool: failing, schema: database.schema })
    await expect(users.get('x', callOf())).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '2' } })
    await expect(users.create({ userName: 'x' } as never, callOf())).rejects.toMatchObject({ status: 503 })
    await expect(users.get('x', callOf())).rejects.not.toThrow(/secret/)
  })

  test('an error that is nobody’s fault but ours stays what it is', async () => {
    const failing = countedPool(database.pool, () => {
      throw Object.assign(new Error('column does not exist'), { code: '42703' })
    })
    const { users } = postgresAdapters({ pool: failing, schema: database.schema })
    await expect(users.get('x', callOf())).rejects.toMatchObject({ code: '42703' })
    await expect(users.delete('x', callOf())).rejects.toMatchObject({ code: '42703' })
  })

  test.each(['40001', '40P01'])('%s is tried again, a bounded number of times', async (code) => {
    const made = await database.postgres.groups.create({ displayName: 'Tried' } as never, callOf())
    // By one statement first, and then in transactions.
    let failures = 4
    const failing = countedPool(database.pool, (text) => {
      if (text.includes('SET version') && failures-- > 0) throw Object.assign(new Error('contention'), { code })
    })
    const { groups } = postgresAdapters({ pool: failing, schema: database.schema })
    const patch = patchFor(GROUP_TYPE, { op: 'replace', path: 'displayName', value: `Again ${code}` })
    expect(await groups.patch?.(String(made.id), patch, callOf())).toMatchObject({ changed: true })
    const statements = failing.take()
    expect(statements.filter((text) => text === 'BEGIN').length).toBe(4)
    expect(statements.filter((text) => text === 'ROLLBACK').length).toBe(3)
    failures = Number.POSITIVE_INFINITY
    const other = patchFor(GROUP_TYPE, { op: 'replace', path: 'displayName', value: 'Never' })
    await expect(groups.patch?.(String(made.id), other, callOf())).rejects.toMatchObject({ status: 503 })
    expect(failing.take().filter((text) => text === 'BEGIN').length).toBeLessThanOrEqual(10)
  })

  test.each([
    ['lock_timeout', '55P03'],
    ['statement_timeout', '57014'],
  ])('%s of the database is a 503 with Retry-After, and its time is taken once', async (setting, code) => {
    const made = await database.postgres.groups.create({ displayName: setting } as never, callOf({ tenant: undefined }))
    const limited = new pg.Pool({ connectionString: await databaseUrl(), max: 2, options: `-c ${setting}=100` })
    const locker = await database.pool.connect()
    const codes: unknown[] = []
    const counted = countedPool(limited)
    const timed = await startApp({
      resources: postgresAdapters({ pool: counted, schema: database.schema }).resources,
      on: { error: ({ error }) => codes.push((error as { cause?: { code?: string } }).cause?.code) },
    })
    try {
      await locker.query('BEGIN')
      await locker.query(`SELECT 1 FROM "${database.schema}".resource WHERE id = $1 FOR UPDATE`, [made.id])
      const answer = await timed.scim.patch(`/Groups/${made.id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'displayName', value: 'Late' }],
      })
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
      expect(counted.take().filter((text) => text.includes('UPDATE')).length).toBe(1)
      expect(codes).toEqual([code])
    } finally {
      await locker.query('ROLLBACK')
      locker.release()
      await timed.close()
      await limited.end()
    }
  })

  test('a circle of locks is broken and both succeed', async () => {
    const { users, transaction } = database.postgres
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => users.create({ userName: `lock ${name}` } as never, callOf())),
    )
    let waiting = 0
    const title = (id: unknown, value: string, connection: unknown) =>
      users.patch?.(
        String(id),
        patchFor(USER_TYPE, { op: 'add', path: 'title', value }),
        callOf({ transaction: connection }),
      )
    const both = (first: unknown, second: unknown, value: string) =>
      transaction(async (connection) => {
        await title(first, value, connection)
        // Each transaction has its first lock before either asks for its second.
        waiting += 1
        for (let tries = 0; waiting < 2 && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 5))
        await title(second, value, connection)
        return value
      })
    const outcome = await Promise.all([both(a?.id, b?.id, 'x'), both(b?.id, a?.id, 'y')])
    expect(outcome).toEqual(['x', 'y'])
    const titles = await Promise.all([a, b].map(async (one) => (await users.get(String(one?.id), callOf()))?.title))
    expect(new Set(titles).size).toBe(1)
  })
})

/** A way to the database that can be cut. */
interface Link {
  readonly url: string
  /** No connection lives on, and no new one is taken. */
  readonly cut: () => Promise<void>
  readonly mend: () => Promise<void>
  /** No connection lives on; new ones are taken. */
  readonly drop: () => Promise<void>
  readonly close: () => Promise<void>
}

async function linkTo(target: URL): Promise<Link> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const other = connect(Number(target.port || 5432), target.hostname)
    for (const one of [socket, other]) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => sockets.delete(one))
    }
    socket.pipe(other).pipe(socket)
  })
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const drop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const cut = async (): Promise<void> => {
    const closed = new Promise<unknown>((resolve) => server.close(resolve))
    await drop()
    await closed
  }
  const url = new URL(target)
  url.host = `127.0.0.1:${port}`
  return { url: url.href, drop, cut, mend: () => listen(port), close: cut }
}
