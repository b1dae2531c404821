import pg from 'pg'
import { bearer, type EventHooks } from '../../src/index.js'
import { mappedResources, postgresAdapters, tenant } from '../../src/postgres/index.js'
import { RecentWrites } from '../../src/tables/shared/recent-writes.js'
import { type App, startApp, TOKEN } from '../support/app.js'
import { scimClient } from '../support/client.js'
import { type CountedPool, countedPool } from '../support/counted-pool.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

const TABLES = (schema: string) => `
  CREATE TABLE "${schema}".accounts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), org text, email text, title text,
    active boolean, revision integer DEFAULT 1);
  CREATE UNIQUE INDEX ON "${schema}".accounts (org, lower(email));
  CREATE TABLE "${schema}".teams (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), org text, name text, revision integer DEFAULT 1);
  CREATE TABLE "${schema}".team_members (team uuid, account uuid)`

describe.each(['documents', 'existing tables'] as const)('a reader that is behind: %s', (kind) => {
  const database = testDatabase()
  let replica: pg.Pool
  let reader: CountedPool
  let app: App | undefined
  const tables = kind === 'documents' ? ['resource', 'reference', 'lookup'] : ['accounts', 'teams', 'team_members']

  /** Replication, at the moment that the test chooses. */
  const copy = async (): Promise<void> => {
    for (const name of tables) {
      const table = `"${database.schema}".${name}`
      const { rows } = await database.pool.query(`SELECT coalesce(jsonb_agg(t), '[]')::text AS all FROM ${table} AS t`)
      await replica.query(`TRUNCATE ${table}`)
      await replica.query(
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::text::jsonb)`,
        [rows[0].all],
      )
    }
  }

  const resourcesFor = (readerLag: number, from: CountedPool) => {
    const { pool, schema } = database
    if (kind === 'documents') return postgresAdapters({ pool, reader: from, readerLag, schema }).resources
    const scope = { org: tenant } as const
    return mappedResources(
      { pool, reader: from, readerLag },
      {
        User: {
          table: `${schema}.accounts`,
          scope,
          attributes: {
            id: { column: 'id', type: 'uuid' },
            userName: 'email',
            title: 'title',
            active: 'active',
            'meta.version': 'revision',
          },
        },
        Group: {
          table: `${schema}.teams`,
          scope,
          attributes: {
            id: { column: 'id', type: 'uuid' },
            displayName: 'name',
            members: { table: `${schema}.team_members`, on: { team: 'id' }, references: { User: 'account' } },
            'meta.version': 'revision',
          },
        },
      },
    )
  }

  const start = async (readerLag: number, on: EventHooks = {}, from = reader): Promise<App['scim']> => {
    const resources = resourcesFor(readerLag, from)
    app = await startApp({
      authenticate: bearer((token) => ({ tenant: token === TOKEN ? 'acme' : 'other' })),
      resources: { ...resources, User: { ...resources.User, onDuplicate: 'reactivate' } } as never,
      on,
    })
    return app.scim
  }

  beforeAll(async () => {
    const name = `${database.schema}_reader`
    await database.pool.query(`CREATE DATABASE "${name}"`)
    const url = new URL(await databaseUrl())
    url.pathname = `/${name}`
    replica = new pg.Pool({ connectionString: url.href, max: 3 })
    reader = countedPool(replica)
    if (kind === 'documents') {
      for (const pool of [database.pool, replica]) await postgresAdapters({ pool, schema: database.schema }).migrate()
    } else {
      await replica.query(`CREATE SCHEMA "${database.schema}"`)
      for (const pool of [database.pool, replica]) await pool.query(TABLES(database.schema))
    }
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
  })
  afterAll(async () => {
    await replica.end()
    const client = new pg.Client({ connectionString: await databaseUrl() })
    await client.connect()
    await client.query(`DROP DATABASE "${database.schema}_reader" WITH (FORCE)`)
    await client.end()
  })

  const titleOf = ({ body }: { readonly body: any }): unknown => body.title
  const retitle = (title: string) => ({
    schemas: [PATCH],
    Operations: [{ op: 'replace', path: 'title', value: title }],
  })

  test('answers what is only shown, and what it lacks is looked for in the pool', async () => {
    const scim = await start(0)
    const { body: user } = await scim.post('/Users', { schemas: [USER], userName: 'shown', title: 'old' })
    const path = `/Users/${user.id}`
    expect(titleOf(await scim.get(path))).toBe('old')
    const list = '/Users?filter=userName%20eq%20%22shown%22'
    expect((await scim.get(list)).body.totalResults).toBe(0)
    await copy()
    await scim.patch(path, retitle('new'))
    reader.take()
    expect(titleOf(await scim.get(path))).toBe('old')
    expect((await scim.get(list)).body.Resources.map(({ title }: { title: string }) => title)).toEqual(['old'])
    expect(
      (await scim.post('/.search', { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] })).body
        .Resources,
    ).toEqual([expect.objectContaining({ title: 'old' })])
    expect(reader.take().length).toBeGreaterThanOrEqual(3)
    await copy()
    expect(titleOf(await scim.get(path))).toBe('new')
    expect((await scim.delete(path)).status).toBe(204)
  })

  test('is not asked for what this process has just written, nor for what that shows in', async () => {
    const scim = await start(3_600)
    const post = async (userName: string): Promise<string> => {
      const { body } = await scim.post('/Users', { schemas: [USER], userName })
      return `/Users/${body.id}`
    }
    const [path, other] = [await post('mine'), await post('other')]
    await copy()
    await app?.close()
    // Another process, which has written nothing yet.
    const next = await start(3_600)
    await next.patch(path, retitle('new'))
    expect(titleOf(await next.get(path))).toBe('new')
    expect((await next.get('/Users?filter=title%20eq%20%22new%22')).body.totalResults).toBe(1)
    reader.take()
    expect((await next.get(other)).status).toBe(200)
    expect(reader.take().length).toBe(1)
    // A group shows in its members.
    const members = [{ value: other.slice('/Users/'.length) }]
    expect((await next.post('/Groups', { schemas: [GROUP], displayName: 'g', members })).status).toBe(201)
    expect((await next.get(other)).body.groups).toHaveLength(1)
    // No client has written in another tenant.
    reader.take()
    expect((await scimClient(next.base, 'other-token').get('/Users')).body.totalResults).toBe(0)
    expect(reader.take().length).toBeGreaterThan(0)
    // A deleted user leaves the groups, too.
    expect((await next.delete(other)).status).toBe(204)
    expect((await next.get(other)).status).toBe(404)
    expect((await next.get('/Groups')).body.Resources).toEqual([
      expect.not.objectContaining({ members: expect.anything() }),
    ])
  })

  test('is never asked for what a write depends on, or tells', async () => {
    const befores: unknown[] = []
    const scim = await start(0, {
      'user.updated': ({ before }: any) => void befores.push(before?.title),
      'user.deleted': ({ before }: any) => void befores.push(before?.title),
    } as EventHooks)
    const { body: user } = await scim.post('/Users', { schemas: [USER], userName: 'ann', title: 'one' })
    const path = `/Users/${user.id}`
    await copy()
    const Operations = [
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'title', value: 'two' },
    ]
    reader.take()
    const patched = await scim.patch(`${path}?attributes=title`, { schemas: [PATCH], Operations })
    expect([patched.status, titleOf(patched)]).toEqual([200, 'two'])
    // The replica still has version one, of which the condition would be true.
    const etag = (await scim.patch(`${path}?attributes=meta`, retitle('two'))).headers.get('etag')
    const put = (headers: Record<string, string>) =>
      scim.put(path, { schemas: [USER], userName: 'ann', title: 'three' }, { headers })
    expect((await put({ 'If-None-Match': String(etag) })).status).toBe(412)
    expect((await put({ 'If-Match': 'W/"stale"' })).status).toBe(412)
    const kept = await put({})
    // The PUT takes an attribute that it leaves out from the pool, not from the reader.
    expect([kept.status, kept.body.active]).toEqual([200, false])
    // The POST finds the user by name and reactivates it.
    const again = await scim.post('/Users', { schemas: [USER], userName: 'ANN', title: 'four' })
    expect([again.body.id, again.body.active]).toEqual([user.id, true])
    expect((await scim.delete(path)).status).toBe(204)
    await app?.close()
    expect(befores).toEqual(['one', 'two', 'three', 'four'])
    expect(reader.take()).toEqual([])
  })

  test('a statement that replication has ended is done by the pool', async () => {
    const busy = countedPool(replica, () => {
      throw Object.assign(new Error('canceling statement due to conflict with recovery'), { code: '40001' })
    })
    const scim = await start(0, {}, busy)
    const { body } = await scim.post('/Users', { schemas: [USER], userName: 'busy' })
    expect((await scim.get(`/Users/${body.id}`)).status).toBe(200)
    expect((await scim.get('/Users?filter=userName%20eq%20%22busy%22')).body.totalResults).toBe(1)
    expect(busy.take()).toHaveLength(2)
  })

  test('a mistake in its options is told at start', () => {
    const { pool } = database
    expect(() => postgresAdapters({ pool, readerLag: 1 })).toThrow(
      'Option readerLag must have option reader, which is missing.',
    )
    for (const readerLag of [-1, Number.NaN, 3_601, '5' as never]) {
      expect(() => postgresAdapters({ pool, reader: pool, readerLag })).toThrow(/readerLag must be a number of seconds/)
      expect(() => mappedResources({ pool, reader: pool, readerLag }, {})).toThrow(/readerLag must be/)
    }
    expect(() => postgresAdapters({ pool, reader: {} as never })).toThrow(/The reader must have query/)
  })
})

describe('RecentWrites', () => {
  test('remembers each write for its time, and more than was written rather than less', () => {
    let now = 0
    const writes = new RecentWrites(10, () => now)
    writes.add('a', '1')
    expect([writes.has('a', '1'), writes.has('a', '2'), writes.hasAny('a'), writes.hasAny('b')]).toEqual([
      true,
      false,
      true,
      false,
    ])
    writes.add('b', undefined)
    expect([writes.has('b', '9'), writes.has('a', '2')]).toEqual([true, false])
    now = 9
    writes.add('a', '2')
    now = 10
    expect([writes.has('a', '1'), writes.has('a', '2'), writes.hasAny('a'), writes.has('b', '9')]).toEqual([
      false,
      true,
      true,
      false,
    ])
    // Beyond the writes that it remembers, all of a tenant counts as written, and then all tenants.
    for (let at = 0; at < 10_001; at += 1) writes.add('many', String(at))
    expect([writes.has('many', '10000'), writes.has('many', 'another'), writes.has('a', '3')]).toEqual([
      true,
      true,
      false,
    ])
    for (let at = 0; at < 10_001; at += 1) writes.add(`tenant ${at}`, '1')
    expect([writes.has('another', '1'), writes.hasAny('another')]).toEqual([true, true])
    now = 30
    expect([writes.has('many', '10000'), writes.hasAny('another'), writes.hasAny('tenant 1')]).toEqual([
      false,
      false,
      false,
    ])
    writes.add('another', '1')
    expect([writes.has('another', '1'), writes.has('others', '1')]).toEqual([true, false])
  })
})
