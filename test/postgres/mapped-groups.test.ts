import type { IndexPage, ListQuery, Stored } from '../../src/adapter/contract.js'
import { mappedResources } from '../../src/postgres/index.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { callOf, queryOf, USER_TYPE } from '../support/calls.js'
import { countedPool } from '../support/counted-pool.js'
import { hooksCalled } from '../support/hooks.js'
import { testDatabase } from '../support/postgres.js'
import { emptyTables, tableMapping, tableStatements } from '../support/tables.js'

/** The database cannot sort by a column of another table: the router does it, with candidates. */
const EMAIL = USER_TYPE.find({ urn: undefined, name: 'emails', sub: 'value' })

describe('groups of users in existing tables', () => {
  const database = testDatabase()
  let app: App | undefined
  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(tableStatements(schema))
    await pool.query(`CREATE INDEX ON "${schema}".team_members (child_id)`)
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
  })

  /** Users in the first of some teams, each of which is a member of all later teams. */
  async function nest(users: number, teams: number): Promise<void> {
    const { pool, schema } = database
    await emptyTables(pool, schema)
    await pool.query(`
      SET search_path TO "${schema}";
      INSERT INTO accounts (id, org, email, email_key, external_id, label, label_key)
        SELECT 'u' || i, 'acme', 'u' || i, 'u' || i, 'x' || i, 'l', 'l' FROM generate_series(10, ${9 + users}) AS i;
      INSERT INTO teams (id, org, name, name_key) SELECT 't' || i, 'acme', 'T' || i, 't' || i FROM generate_series(10, ${9 + teams}) AS i;
      INSERT INTO team_members (team_id, account_id) SELECT 't10', id FROM accounts;
      INSERT INTO team_members (team_id, child_id) SELECT a.id, b.id FROM teams AS a, teams AS b WHERE b.id < a.id;
      ANALYZE accounts, teams, team_members;
      RESET search_path`)
  }
  const adapters = (pool: unknown = database.pool) =>
    mappedResources({ pool: pool as never }, tableMapping(database.schema))
  const open = async (options: Partial<AppOptions> = {}) => {
    app = await startApp({ authenticate: () => ({ tenant: 'acme' }), resources: adapters(), ...options } as AppOptions)
    return app.scim
  }
  const types = ({ groups = [] }: { groups?: readonly { readonly type: string }[] }): string[] =>
    groups.map(({ type }) => type)

  test('are worked out in one walk for a page: the rows that the database reads do not multiply with the users', async () => {
    const { pool, schema } = database
    await nest(50, 40)
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const query = queryOf(USER_TYPE, { count: 50 })
      const page = (await adapters().User.adapter.list(query, callOf({ transaction: client }))) as IndexPage
      const resources = [...page.resources] as (Stored & { groups: { type: string }[] })[]
      expect(resources.map(types)).toEqual(Array(50).fill(['direct', ...Array(39).fill('indirect')]))
      const { rows } = await client.query(
        `SELECT (SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE schemaname = $1 AND relname = 'team_members')::int AS read`,
        [schema],
      )
      // 50 users, and 780 memberships of teams in teams: 39,000 when every user is walked up from by itself.
      expect(rows[0].read).toBeGreaterThan(0)
      expect(rows[0].read).toBeLessThan(10 * (50 + 780))
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  })

  test('are worked out for the users on the page alone, in one statement, whoever filters and sorts', async () => {
    await nest(30, 4)
    const counted = countedPool(database.pool)
    const { adapter } = adapters(counted).User
    const sort = { attribute: USER_TYPE.root.subAttribute('userName'), order: 'ascending' }
    for (const query of [
      queryOf(USER_TYPE, { count: 4 }),
      queryOf(USER_TYPE, { count: 4, sort }),
      queryOf(USER_TYPE, { count: 4, sort: { ...sort, attribute: EMAIL } }),
      queryOf(USER_TYPE, { count: 4, pagination: 'cursor' }),
    ]) {
      counted.take()
      const page = (await adapter.list(query as ListQuery, callOf())) as IndexPage
      const resources = [...page.resources] as (Stored & { groups: { type: string }[] })[]
      expect(resources.map(types)).toEqual(Array(4).fill(['direct', 'indirect', 'indirect', 'indirect']))
      expect(counted.take().filter((text) => text.includes('team_members'))).toHaveLength(1)
    }
  })

  test.each([
    ['list', queryOf(USER_TYPE)],
    ['list that the database cannot sort', queryOf(USER_TYPE, { sort: { attribute: EMAIL, order: 'ascending' } })],
    ['total', queryOf(USER_TYPE, { count: 0 })],
  ])('are not worked out when nobody asks for them: %s', async (_name, query) => {
    await nest(3, 3)
    const counted = countedPool(database.pool)
    await adapters(counted).User.adapter.list(query, callOf({ without: ['groups'] }))
    expect(counted.take().filter((text) => text.includes('team_members'))).toEqual([])
  })

  test('are not worked out for a PATCH whose answer has none', async () => {
    await nest(3, 3)
    const counted = countedPool(database.pool)
    const scim = await open({ resources: adapters(counted) })
    const Operations = [{ op: 'replace', path: 'title', value: 'new' }]
    counted.take()
    expect((await scim.patch('/Users/u10?attributes=title', { Operations })).status).toBe(200)
    expect(counted.take().filter((text) => text.includes('team_members'))).toEqual([])
    // A PATCH that names no attributes gets the answer of GET.
    const { body } = await scim.patch('/Users/u10', { Operations })
    expect(types(body)).toEqual(['direct', 'indirect', 'indirect'])
    expect(counted.take().filter((text) => text.includes('team_members'))).toHaveLength(1)
  })

  const ASKING = [
    '/Users?attributes=groups',
    '/Users?attributes=groups.type',
    '/Users?filter=groups.value%20eq%20%22t10%22',
    '/Users?filter=groups.display%20co%20%22t%22',
    '/Users?filter=userName%20pr&attributes=groups',
    '/Users?sortBy=groups.display',
    '/Users/u10?attributes=groups',
  ]

  test('within limits.groupLinks they are whole, whoever names them', async () => {
    await nest(3, 4)
    const scim = await open({ limits: { groupLinks: 6 } })
    for (const path of ASKING) {
      const { status, body } = await scim.get(path)
      expect([path, status]).toEqual([path, 200])
      for (const one of body.Resources ?? [body]) {
        expect([path, types(one)]).toEqual([path, ['direct', 'indirect', 'indirect', 'indirect']])
      }
    }
  })

  test('beyond it every answer shows direct groups alone, and the operator is told once', async () => {
    await nest(3, 4)
    const errors: string[] = []
    const on = { error: ({ error }: { error: unknown }) => errors.push((error as Error).message) }
    const scim = await open({ limits: { groupLinks: 5 }, on } as never)
    for (const path of ['/Users', '/Users?sortBy=emails.value', '/Users?sortBy=userName']) {
      const { body } = await scim.get(path)
      expect([path, body.Resources.map(types)]).toEqual([path, [['direct'], ['direct'], ['direct']]])
    }
    expect(types((await scim.get('/Users/u10')).body)).toEqual(['direct'])
    await hooksCalled()
    expect(errors).toEqual([expect.stringContaining('limits.groupLinks is 5')])
  })

  test('beyond it a request that names groups is 400 tooMany, and writes nothing', async () => {
    await nest(3, 4)
    const scim = await open({ limits: { groupLinks: 5 } })
    for (const path of ASKING) {
      const { status, body } = await scim.get(path)
      expect([path, status, body.scimType]).toEqual([path, 400, 'tooMany'])
    }
    const Operations = [{ op: 'replace', path: 'title', value: 'new' }]
    expect((await scim.patch('/Users/u10?attributes=groups', { Operations })).status).toBe(400)
    expect((await scim.get('/Users/u10')).body).not.toHaveProperty('title')
  })

  test('teams in a circle are followed once', async () => {
    await nest(2, 3)
    await database.pool.query(`INSERT INTO "${database.schema}".team_members (team_id, child_id) VALUES ('t10', 't12')`)
    const scim = await open({ limits: { groupLinks: 6 } })
    const { body } = await scim.get('/Users?attributes=groups')
    expect(body.Resources.map(types)).toEqual(Array(2).fill(['direct', 'indirect', 'indirect']))
  })
})
