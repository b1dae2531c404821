import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import {
  exportTenant,
  importTenant,
  mappedResources,
  postgresAdapters,
  tenant,
  tenantDigest,
} from '../../src/postgres/index.js'
import { mappedResources as mappedInSqlite, sqliteAdapters } from '../../src/sqlite/index.js'
import { BULK_REQUEST, GROUP_SCHEMA, USER_SCHEMA } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import { scimClient } from '../support/client.js'
import { countedPool } from '../support/counted-pool.js'
import { testDatabase } from '../support/postgres.js'
import { ROOT } from '../support/process.js'
import { sqliteInMemory } from '../support/sqlite-file.js'

/** Bearer tokens say the tenant. */
const authenticate = (request: { readonly headers: Readonly<Record<string, unknown>> }) => {
  const [, name] = /^Bearer of-(\w+)$/.exec(String(request.headers['authorization'])) ?? []
  return name === undefined ? null : { tenant: name, subject: name }
}
const as = (app: App, name: string) => scimClient(app.base, `of-${name}`)
async function lines(given: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const line of given) all.push(line)
  return all
}

async function* broken(given: readonly string[]): AsyncGenerator<string> {
  yield* given
  throw new Error('broken')
}

let made = 0
const PEOPLE = (table: string) =>
  ({
    User: {
      table,
      scope: { org: tenant },
      attributes: { id: { column: 'id', write: () => `i${++made}` }, userName: 'email' },
    },
  }) as const
const person = (userName: string) => ({ schemas: [USER_SCHEMA], userName })

/** A second server, which a test may kill. */
function secondServer(): { readonly url: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'scim-second-'))
  let url = ''
  beforeAll(async () => {
    const script = join(ROOT, 'test/support/postgres-server.mjs')
    spawn(process.execPath, [script, folder, String(process.pid)], { detached: true, stdio: 'ignore' }).unref()
    for (let tries = 0; !existsSync(join(folder, 'url')) && tries < 1_000; tries += 1) await delay(50)
    url = readFileSync(join(folder, 'url'), 'utf8')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return { url: () => url }
}

describe('tenants in databases of their own, in two servers', () => {
  const first = testDatabase()
  const second = secondServer()
  const errors: unknown[] = []
  let other: pg.Pool
  let pools: Readonly<Record<string, ReturnType<typeof countedPool>>>
  let app: App

  beforeAll(async () => {
    other = new pg.Pool({ connectionString: second.url(), max: 4 })
    other.on('error', () => {})
    pools = { acme: countedPool(first.pool), globex: countedPool(other) }
    const postgres = postgresAdapters({
      pool: async ({ tenant: name }) => pools[name ?? ''] as never,
      schema: first.schema,
    })
    for (const name of Object.keys(pools)) await postgres.migrate({ tenant: name })
    app = await startApp({
      authenticate,
      resources: postgres.resources,
      transaction: postgres.transaction,
      bulk: { atomic: true },
      cursor: { secrets: ['a secret that is long enough for cursors'] },
      on: { error: ({ error }: { error: unknown }) => void errors.push(error) },
    } as never)
  })
  afterAll(() => other.end())

  test('each finds its own, under the same names, and asks its own database alone', async () => {
    const [acme, globex] = [as(app, 'acme'), as(app, 'globex')]
    const mine = (await acme.post('/Users', person('babs'))).body.id
    const theirs = (await globex.post('/Users', person('babs'))).body.id
    await acme.post('/Groups', { schemas: [GROUP_SCHEMA], displayName: 'Crew', members: [{ value: mine }] })
    expect((await globex.get(`/Users/${mine}`)).status).toBe(404)
    expect((await acme.get(`/Users/${theirs}`)).status).toBe(404)
    expect(
      (await globex.post('/Groups', { schemas: [GROUP_SCHEMA], displayName: 'C', members: [{ value: mine }] })).status,
    ).toBe(400)
    pools['globex']?.take()
    // Statements over all types at once also belong to one tenant.
    expect((await acme.get('/?filter=meta.resourceType pr')).body.totalResults).toBe(2)
    expect((await acme.get(`/Users?filter=groups pr`)).body.totalResults).toBe(1)
    expect(pools['globex']?.take()).toEqual([])
  })

  test('a position of one opens nothing of the other', async () => {
    const [acme, globex] = [as(app, 'acme'), as(app, 'globex')]
    for (const client of [acme, globex])
      for (const name of ['p1', 'p2', 'p3']) await client.post('/Users', person(name))
    const page = (await acme.get('/Users?cursor&count=2')).body
    expect(page.nextCursor).toEqual(expect.any(String))
    const path = `/Users?count=2&cursor=${encodeURIComponent(page.nextCursor)}`
    expect((await globex.get(path)).status).toBe(400)
    expect((await acme.get(path)).body.Resources.length).toBeGreaterThan(0)
  })

  test('an atomic bulk request is one transaction of its own database', async () => {
    const operations = ['bulk-1', 'babs'].map((userName) => ({
      method: 'POST',
      path: '/Users',
      bulkId: userName,
      data: person(userName),
    }))
    pools['acme']?.take()
    await as(app, 'globex').post('/Bulk', { schemas: [BULK_REQUEST], failOnErrors: 1, Operations: operations })
    expect((await as(app, 'globex').get('/Users?filter=userName eq "bulk-1"')).body.totalResults).toBe(0)
    expect(pools['acme']?.take()).toEqual([])
  })

  test('in tables that exist', async () => {
    const table = `"${first.schema}".people`
    for (const pool of Object.values(pools))
      await pool.query(`CREATE TABLE ${table} (id text PRIMARY KEY, org text, email text)`)
    const resources = mappedResources(
      { pool: ({ tenant: name }) => pools[name ?? ''] as never },
      PEOPLE(`${first.schema}.people`),
    )
    const mapped = await startApp({ authenticate, resources } as never)
    const { id } = (await as(mapped, 'globex').post('/Users', person('babs'))).body
    expect((await other.query(`SELECT org, email FROM ${table}`)).rows).toEqual([{ org: 'globex', email: 'babs' }])
    pools['globex']?.take()
    expect((await as(mapped, 'acme').get(`/Users/${id}`)).status).toBe(404)
    expect((await as(mapped, 'acme').get('/Users')).body.totalResults).toBe(0)
    expect(pools['globex']?.take()).toEqual([])
  })

  test('a tenant without a database is told nothing, and the service why', async () => {
    errors.length = 0
    expect((await as(app, 'initech').get('/Users')).status).toBe(500)
    expect(errors).toMatchObject([
      { code: 'ERR_SCIM_OPTION', message: expect.stringMatching(/^Option pool must return a database/) },
    ])
  })

  test('a tenant is moved line by line, and goes on where it was broken off', async () => {
    const from = { pool: first.pool, schema: first.schema }
    const to = { pool: other, schema: first.schema }
    const acme = as(app, 'acme')
    const ids: string[] = []
    for (let number = 0; number < 8; number += 1) {
      const more = {
        title: 'O\'Brien "ü" \\ {}',
        emails: [{ value: `m${number}@example.com` }],
        password: 'a secret text',
      }
      ids.push((await acme.post('/Users', { ...person(`mover-${number}`), ...more })).body.id)
    }
    const members = ids.map((value) => ({ value }))
    const group = (await acme.post('/Groups', { schemas: [GROUP_SCHEMA], displayName: 'Movers', members })).body.id
    const there = await tenantDigest(to, { tenant: 'globex' })
    const all = await lines(exportTenant(from, { tenant: 'acme' }))
    expect(all.length).toBeGreaterThan(16)
    // Five lines arrive, then the connection breaks; lines that come again are refused, and the import never asks for
    // them.
    const asked: (string | undefined)[] = []
    const some = (after: string | undefined) => {
      asked.push(after)
      return exportTenant(from, { tenant: 'acme', after })
    }
    await expect(importTenant(to, { tenant: 'acme', lines: () => broken([]) })).rejects.toThrow('broken')
    await expect(importTenant(to, { tenant: 'acme', lines: () => all.slice(0, 5) })).resolves.toMatchObject({
      lines: 5,
    })
    await expect(importTenant(to, { tenant: 'acme', lines: () => all.slice(4, 6) })).rejects.toMatchObject({
      code: '23505',
    })
    const moved = await importTenant(to, { tenant: 'acme', lines: some })
    expect(asked).toEqual([all[4]])
    expect(moved).toEqual(await tenantDigest(from, { tenant: 'acme' }))
    expect(moved.lines).toBe(all.length)
    expect(await tenantDigest(to, { tenant: 'globex' })).toEqual(there)
    // The other server shows the same tenant: ids, versions and members.
    const before = (await acme.get(`/Groups/${group}`)).body
    const postgres = postgresAdapters(to)
    const elsewhere = await startApp({ authenticate, resources: postgres.resources } as never)
    expect((await as(elsewhere, 'acme').get(`/Groups/${group}`)).body.members.length).toBe(before.members.length)
    expect((await as(elsewhere, 'acme').get(`/Groups/${group}`)).body.meta.version).toBe(before.meta.version)
    expect((await as(elsewhere, 'acme').get('/Users?filter=emails.value eq "m3@example.com"')).body.totalResults).toBe(
      1,
    )
    await expect(importTenant(to, { tenant: 'acme', lines: () => ['{"table":"pg_authid","row":{}}'] })).rejects.toThrow(
      /names a table that this declaration does not have/,
    )
    await other.query(`DELETE FROM "${first.schema}".resource WHERE tenant = 'acme'`)
    expect((await tenantDigest(to, { tenant: 'acme' })).sha256).not.toBe(moved.sha256)
  })

  test('lines from before a column are refused, and nothing is written', async () => {
    const to = { pool: other, schema: first.schema }
    const line = (columns: object) => `{"table":"resource","row":${JSON.stringify(columns)}}`
    const old = {
      tenant: 'old',
      type: 'User',
      id: 'a',
      version: 'v',
      created: '2020-01-01',
      last_modified: '2020-01-01',
    }
    const keys = { unique_key: 'a', external_key: null, name_key: null, display: null, data: {}, keys: {} }
    await expect(importTenant(to, { tenant: 'old', lines: () => [line({ ...old, ...keys })] })).rejects.toMatchObject({
      code: 'ERR_SCIM_OPTION',
      message: expect.stringContaining('lacks column manager_key of table resource'),
    })
    expect(await tenantDigest(to, { tenant: 'old' })).toMatchObject({ lines: 0 })
    await importTenant(to, { tenant: 'old', lines: () => [line({ ...old, ...keys, manager_key: null })] })
    expect(await tenantDigest(to, { tenant: 'old' })).toMatchObject({ lines: 1 })
  })

  test('so is one in tables that exist', async () => {
    const table = (name: string) => `"${first.schema}".${name}`
    for (const pool of [first.pool, other]) {
      await pool.query(`CREATE TABLE ${table('staff')} (no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text, email text, key text GENERATED ALWAYS AS (lower(email)) STORED, at timestamptz DEFAULT now(), gone timestamptz);
        CREATE TABLE ${table('mails')} (staff bigint REFERENCES ${table('staff')}, address text);
        CREATE TABLE ${table('crews')} (id text PRIMARY KEY, org text, name text);
        CREATE TABLE ${table('crew_staff')} (crew text, staff bigint)`)
    }
    await first.pool.query(`INSERT INTO ${table('staff')} (org, email, gone) VALUES ('acme', 'A@x', NULL), ('acme', 'b@x', now()), ('globex', 'c@x', NULL);
      INSERT INTO ${table('mails')} VALUES (1, 'a@x'), (1, 'a@x'), (3, 'c@x');
      INSERT INTO ${table('crews')} VALUES ('c1', 'acme', 'Crew'), ('c2', 'globex', 'Crew');
      INSERT INTO ${table('crew_staff')} VALUES ('c1', 1), ('c1', 2), ('c2', 3)`)
    const resources = {
      User: {
        table: `${first.schema}.staff`,
        scope: { org: tenant },
        deleted: 'gone',
        attributes: {
          id: { column: 'no', type: 'integer' },
          userName: 'email',
          emails: { table: `${first.schema}.mails`, on: { staff: 'no' }, attributes: { value: 'address' } },
        },
      },
      Group: {
        table: `${first.schema}.crews`,
        scope: { org: tenant },
        attributes: {
          id: 'id',
          displayName: 'name',
          members: { table: `${first.schema}.crew_staff`, on: { crew: 'id' }, references: { User: 'staff' } },
        },
      },
    } as const
    const from = { pool: first.pool, resources }
    const moved = await importTenant(
      { pool: other, resources },
      { tenant: 'acme', lines: (after) => exportTenant(from, { tenant: 'acme', after }) },
    )
    expect(moved).toEqual(await tenantDigest(from, { tenant: 'acme' }))
    expect(moved.lines).toBe(7)
    const { rows } = await other.query(`SELECT no, org, key FROM ${table('staff')} ORDER BY no`)
    expect(rows).toEqual([
      { no: '1', org: 'acme', key: 'a@x' },
      { no: '2', org: 'acme', key: 'b@x' },
    ])
  })

  test('when a server is killed, tenants of the other notice nothing', async () => {
    const { rows } = await other.query("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid")
    const work = async (name: string, count: number) => {
      const statuses: number[] = []
      for (let number = 0; number < count; number += 1) {
        statuses.push((await as(app, name).post('/Users', person(`k-${number}`))).status)
        statuses.push((await as(app, name).get(`/Users?filter=userName eq "k-${number}"`)).status)
      }
      return statuses
    }
    expect(new Set(await work('globex', 1))).toEqual(new Set([201, 200]))
    process.kill(Number(rows[0].pid), 'SIGKILL')
    const [acme, globex] = await Promise.all([work('acme', 10), work('globex', 5)])
    expect(acme).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 201 : 200)))
    expect(globex.every((status) => status === 503 || status === 201 || status === 200 || status === 409)).toBe(true)
    expect(globex.at(-1)).toBe(503)
  })
})

describe('tenants in files of their own', () => {
  const open = sqliteInMemory()
  const files = { acme: open(), globex: open() } as Readonly<Record<string, ReturnType<typeof open>>>
  const database = ({ tenant: name }: { tenant?: string | undefined }) => files[name ?? ''] as never

  test('as documents', async () => {
    const sqlite = sqliteAdapters({ database })
    for (const name of Object.keys(files)) await sqlite.migrate({ tenant: name })
    const app = await startApp({ authenticate, resources: sqlite.resources, transaction: sqlite.transaction } as never)
    const { id } = (await as(app, 'acme').post('/Users', person('babs'))).body
    expect((await as(app, 'acme').get(`/Users/${id}`)).status).toBe(200)
    expect((await as(app, 'globex').get(`/Users/${id}`)).status).toBe(404)
    expect((await as(app, 'globex').get('/Users')).body.totalResults).toBe(0)
  })

  test('in tables that exist', async () => {
    for (const file of Object.values(files))
      file.exec('CREATE TABLE people (id text PRIMARY KEY, org text, email text)')
    const app = await startApp({ authenticate, resources: mappedInSqlite({ database }, PEOPLE('people')) } as never)
    const { id } = (await as(app, 'acme').post('/Users', person('babs'))).body
    expect(files['acme']?.prepare('SELECT org, email FROM people').all()).toEqual([{ org: 'acme', email: 'babs' }])
    expect((await as(app, 'globex').get(`/Users/${id}`)).status).toBe(404)
  })
})
