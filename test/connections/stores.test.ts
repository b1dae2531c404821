import { connectionStoreChecks } from '../../src/conformance/index.js'
import { type ConnectionStore, memoryStore, sqlStore } from '../../src/connections/index.js'
import { postgresDatabase } from '../../src/postgres/index.js'
import { sqliteDatabase } from '../../src/sqlite/index.js'
import { user } from '../rfc7644/service.js'
import { countedPool } from '../support/counted-pool.js'
import { testDatabase } from '../support/postgres.js'
import { sqliteFile } from '../support/sqlite-file.js'
import { by, service } from './service.js'

const postgres = testDatabase()
const file = sqliteFile()
const STORES: readonly (readonly [string, () => ConnectionStore])[] = [
  ['memory', () => memoryStore()],
  ['PostgreSQL', () => sqlStore({ database: postgresDatabase({ pool: postgres.pool, schema: postgres.schema }) })],
  ['SQLite', () => sqlStore({ database: sqliteDatabase({ database: file.open() }) })],
]

describe.each(STORES)('a store of connections: %s', (_name, open) => {
  let store: ConnectionStore
  beforeAll(async () => {
    store = open()
    await store.migrate?.()
    await store.migrate?.()
  })

  test.each(connectionStoreChecks(() => store).map((check) => [check.name, check.run] as const))('%s', (_check, run) =>
    run(),
  )

  test('carries a service: made, used, rotated, imported, closed', async () => {
    const it = await service({ store })
    await it.connections.migrate()
    const acme = { tenant: 'acme', provider: 'entra', by }
    const { token, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    expect((await it.client(token).post('/Users', user('a'))).status).toBe(201)
    const rotated = await it.connections.rotate({ ...place, overlap: '0s' })
    expect((await it.client(token).get('/Users')).status).toBe(401)
    expect((await it.client(rotated.token, connection.id).get('/Users')).status).toBe(200)
    const own = `own-token-of-the-application-${connection.id}`
    await it.connections.import({ ...acme, token: own })
    expect((await it.client(own).get('/Users')).status).toBe(200)
    expect(await it.connections.list({ tenant: 'acme' })).toHaveLength(2)
    expect(await it.connections.list({ tenant: 'globex' })).toEqual([])
    await it.connections.close(place)
    expect((await it.client(rotated.token).get('/Users')).status).toBe(401)
    expect(it.errors).toEqual([])
  })
})

test('a request without the cache costs PostgreSQL one read by the key, and with it none', async () => {
  const pool = countedPool(postgres.pool)
  const database = postgresDatabase({ pool, schema: postgres.schema })
  for (const cacheTime of [0, 60]) {
    const it = await service({ store: sqlStore({ database }), cacheTime })
    await it.connections.migrate()
    const { token } = await it.connections.create({ tenant: 'acme', provider: 'entra', by })
    await it.client(token).get('/Users')
    pool.take()
    await it.client(token).get('/Users')
    expect(pool.take()).toEqual(cacheTime === 0 ? [expect.stringMatching(/connection_key.+WHERE k\.key = \$1$/)] : [])
  }
})

describe('row-level security', () => {
  test('connections have a role of their own; the role of the application sees no row of theirs', async () => {
    const { pool, schema } = postgres
    const roles = [`${schema}_connections`, `${schema}_app`] as const
    const store = sqlStore({ database: postgresDatabase({ pool, schema }) })
    await store.migrate?.()
    for (const role of roles) {
      await pool.query(`CREATE ROLE ${role} NOLOGIN`)
      await pool.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`)
      await pool.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.connection, ${schema}.connection_key TO ${role}`,
      )
    }
    for (const table of ['connection', 'connection_key']) {
      await pool.query(`ALTER TABLE ${schema}.${table} ENABLE ROW LEVEL SECURITY`)
      await pool.query(`CREATE POLICY connections ON ${schema}.${table} TO ${roles[0]} USING (true) WITH CHECK (true)`)
    }
    try {
      const counts: number[] = []
      for (const role of roles) {
        const client = await pool.connect()
        try {
          await client.query(`SET ROLE ${role}`)
          if (role === roles[0]) {
            await client.query(`INSERT INTO ${schema}.connection VALUES ('acme', 'rls', 1, '{}')`)
            await client.query(`INSERT INTO ${schema}.connection_key VALUES ('connection:rls', 'acme', 'rls')`)
          }
          const { rows } = await client.query(
            `SELECT 1 FROM ${schema}.connection_key k JOIN ${schema}.connection c ON c.tenant = k.tenant AND c.id = k.connection WHERE k.key = 'connection:rls'`,
          )
          counts.push(rows.length)
        } finally {
          await client.query('RESET ROLE')
          client.release()
        }
      }
      expect(counts).toEqual([1, 0])
    } finally {
      for (const role of roles) await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })
})

// Stores that break one rule each: the checks find every one of them.
const BROKEN: readonly (readonly [string, (store: ConnectionStore) => Partial<ConnectionStore>, RegExp])[] = [
  ['find of nothing', () => ({ find: async () => undefined }), /find must give the connection/],
  [
    'get without tenant',
    (s) => ({
      get: async (_tenant, id) =>
        (await s.list({ tenant: undefined, after: undefined, count: 1e6 })).find((row) => row.id === id),
    }),
    /get must/,
  ],
  [
    'remove without tenant',
    (s) => ({
      remove: async (tenant, id) => {
        const rows = (await s.list({ tenant: undefined, after: undefined, count: 1e6 })).filter((row) => row.id === id)
        for (const row of rows) await s.remove(row.tenant, id)
        return s.remove(tenant, id)
      },
    }),
    /remove must/,
  ],
  [
    'remove that says yes always',
    (s) => ({ remove: async (tenant, id) => (await s.remove(tenant, id)) || true }),
    /remove must be false/,
  ],
  [
    'remove that says no',
    (s) => ({ remove: async (tenant, id) => (await s.remove(tenant, id)) && false }),
    /remove must be true/,
  ],
  [
    'remove that leaves keys',
    (s) => ({
      find: async (key) =>
        (await s.find(key)) ?? (key.startsWith('k') ? { tenant: 'x', id: 'x', version: 1, data: '{}' } : undefined),
    }),
    /find must give undefined/,
  ],
  [
    'insert that replaces',
    (s) => ({
      insert: async (row) => {
        await s.remove(row.tenant, row.id)
        return s.insert(row)
      },
    }),
    /insert must be false for an id/,
  ],
  [
    'insert that takes keys',
    (s) => ({
      insert: async (row) => {
        for (const key of row.keys) {
          const other = await s.find(key)
          if (other) await s.remove(other.tenant, other.id)
        }
        return s.insert(row)
      },
    }),
    /insert must be false for a key/,
  ],
  [
    'update of any version',
    (s) => ({
      update: async (row) => s.update({ ...row, version: ((await s.get(row.tenant, row.id))?.version ?? 0) + 1 }),
    }),
    /update must/,
  ],
  [
    'update that keeps keys',
    (s) => {
      const old = new Map<string, readonly string[]>()
      return {
        insert: async (row) => {
          old.set(row.id, row.keys)
          return s.insert(row)
        },
        update: (row) => s.update({ ...row, keys: [...new Set([...(old.get(row.id) ?? []), ...row.keys])] }),
      }
    },
    /take away keys/,
  ],
  [
    'update that says yes always',
    (s) => ({ update: async (row) => (await s.update(row)) || true }),
    /update must be false|exactly one/,
  ],
  [
    'data that is cut',
    (s) => ({ insert: (row) => s.insert({ ...row, data: row.data.slice(0, 8) }) }),
    /get must give back/,
  ],
  ['list of all tenants', (s) => ({ list: (page) => s.list({ ...page, tenant: undefined }) }), /list must/],
  [
    'list without order',
    (s) => ({
      list: async (page) =>
        [...(await s.list({ ...page, after: undefined, count: 1e6 }))].reverse().slice(0, page.count),
    }),
    /list must/,
  ],
  [
    'list of one tenant only',
    (s) => ({ list: async (page) => (page.tenant === undefined ? [] : s.list(page)) }),
    /list without a tenant/,
  ],
]

describe('connectionStoreChecks', () => {
  test.each(BROKEN)('find a store with %s', async (_what, breakIt, told) => {
    const store = memoryStore()
    const broken = { ...store, ...breakIt(store) }
    const found: string[] = []
    for (const { run } of connectionStoreChecks(() => broken)) await run().catch((error) => found.push(String(error)))
    expect(found.join('\n')).toMatch(told)
  })
})
