import pg from 'pg'
import { bearer } from '../../src/index.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { databaseUrl, testAdapters } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describe('row-level security by the transaction option', () => {
  const database = testAdapters()
  let pool: pg.Pool
  let app: App | undefined

  beforeAll(async () => {
    const { schema } = database
    await database.pool.query(
      `CREATE ROLE "${schema}_role" LOGIN PASSWORD 'role';
       GRANT USAGE ON SCHEMA "${schema}" TO "${schema}_role";
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO "${schema}_role"`,
    )
    for (const table of ['resource', 'reference', 'lookup']) {
      await database.pool.query(
        `ALTER TABLE "${schema}".${table} ENABLE ROW LEVEL SECURITY;
         CREATE POLICY own ON "${schema}".${table} USING (tenant = current_setting('app.tenant', true))`,
      )
    }
    const url = new URL(await databaseUrl())
    url.username = `${schema}_role`
    url.password = 'role'
    pool = new pg.Pool({ connectionString: url.href, max: 3 })
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
  })
  afterAll(async () => {
    await pool.end()
    // The pool of the tests has ended by now.
    const client = new pg.Client({ connectionString: await databaseUrl() })
    await client.connect()
    await client.query(`DROP OWNED BY "${database.schema}_role"; DROP ROLE "${database.schema}_role"`)
    await client.end()
  })

  const transaction: NonNullable<AppOptions['transaction']> = async (work, { tenant }) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      await client.query("SELECT set_config('app.tenant', $1, true)", [tenant])
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }

  test('every operation finds what is its own when reads run in it', async () => {
    const { resources } = postgresAdapters({ pool, schema: database.schema })
    app = await startApp({
      authenticate: bearer((token) => (token === TOKEN ? { tenant: 'acme' } : null)),
      resources,
      transaction,
      readsInTransaction: true,
      cursor: { secrets: ['a secret of some length for cursors'] },
    })
    const { scim } = app
    const made = await scim.post('/Users', { schemas: [USER], userName: 'ann' })
    expect(made.status).toBe(201)
    const path = `/Users/${made.body.id}`
    expect((await scim.get(path)).body.userName).toBe('ann')
    for (const list of [
      '/Users',
      '/Users?filter=userName%20eq%20%22ann%22',
      '/Users?cursor',
      '/',
      '/Users?filter=groups.display%20ne%20%22x%22',
    ]) {
      const { body } = await scim.get(list)
      expect([list, body.Resources?.map(({ userName }: { userName: string }) => userName)]).toEqual([list, ['ann']])
    }
    const Operations = [{ op: 'replace', path: 'title', value: 'x' }]
    expect((await scim.patch(path, { schemas: [PATCH], Operations })).status).toBe(200)
    expect((await scim.put(path, { schemas: [USER], userName: 'ann' })).status).toBe(200)
    expect((await scim.delete(path)).status).toBe(204)
    expect((await scim.get(path)).status).toBe(404)
  })

  test('needs the transaction', async () => {
    const { resources } = database.postgres
    await expect(startApp({ resources, readsInTransaction: true })).rejects.toThrow(
      /readsInTransaction needs the option transaction/,
    )
  })
})
