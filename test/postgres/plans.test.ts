import type { ListQuery } from '../../src/adapter/contract.js'
import { EnterpriseUser } from '../../src/index.js'
import { postgresAdapters, type Queryable } from '../../src/postgres/index.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { callOf, GROUP_TYPE, queryOf, USER_TYPE } from '../support/calls.js'
import { testAdapters } from '../support/postgres.js'

const SIZE = 20_000
const CALL = callOf({ tenant: 'acme', without: ['members', 'groups'] })

/**
 * A page carries the count of all resources of the tenant, which must visit each of them. The plan of the page is
 * judged.
 */
function withoutCount(plan: string): string {
  return plan.replace(/^ {2}InitPlan \d+.*\n {4}-> {2}Aggregate .*\n(?: {10,}.*\n)*/m, '')
}

describe('plans', () => {
  const database = testAdapters()
  const id = (index: number): string => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`

  beforeAll(async () => {
    const { pool, schema } = database
    // Two tenants with as many users each, and a group of all users beside many small groups.
    for (const tenant of ['acme', 'other']) {
      await pool.query(
        `INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, unique_key, external_key, name_key, manager_key, display, data, keys)
         SELECT $1, 'User', '00000000-0000-7000-8000-' || lpad(i::text, 12, '0'), 'v', now(), now(), 'user' || i, 'x' || i, 'name ' || i, boss, 'Name ' || i,
           jsonb_build_object('userName', 'User' || i), jsonb_build_object('title', 't' || (i % 100), '${EnterpriseUser.id}', jsonb_build_object('manager', jsonb_build_object('value', boss)))
         FROM generate_series(1, ${SIZE}) AS i, LATERAL (SELECT '00000000-0000-7000-8000-' || lpad((1 + i / 10)::text, 12, '0') AS boss) AS b`,
        [tenant],
      )
      await pool.query(
        `INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, name_key, display, data, keys)
         SELECT $1, 'Group', 'g' || i, 'v', now(), now(), 'group ' || i, 'Group ' || i, jsonb_build_object('displayName', 'Group ' || i), '{}'
         FROM generate_series(1, 1000) AS i`,
        [tenant],
      )
      await pool.query(
        `INSERT INTO "${schema}".reference (tenant, type, id, attribute, value, value_key, target)
         SELECT $1, 'Group', g, 'members', v, v, 'User' FROM (
           SELECT 'g1' AS g, '00000000-0000-7000-8000-' || lpad(i::text, 12, '0') AS v FROM generate_series(1, ${SIZE}) AS i
           UNION SELECT 'g' || (1 + i % 1000), '00000000-0000-7000-8000-' || lpad(i::text, 12, '0') FROM generate_series(1, ${SIZE}) AS i
         ) AS m`,
        [tenant],
      )
    }
    await pool.query(`ANALYZE "${schema}".resource, "${schema}".reference`)
  })

  /** The plan of the first statement that a piece of work sends. */
  async function planOf(
    work: (adapters: ReturnType<typeof postgresAdapters>) => Promise<unknown>,
    options = 'COSTS',
  ): Promise<string> {
    const { pool, schema } = database
    let first: readonly [string, unknown[]] | undefined
    const own = {
      transaction: () => Promise.reject(new Error('Only reads are planned.')),
      query: (text: string, values?: unknown[]) => {
        first ??= [text, values ?? []]
        return pool.query(text, values)
      },
    }
    await work(postgresAdapters({ pool: own, schema }))
    const { rows } = await pool.query(`EXPLAIN (${options}) ${first?.[0]}`, first?.[1])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  const users = (query: ListQuery) => (adapters: ReturnType<typeof postgresAdapters>) =>
    adapters.users.list(query, CALL) as Promise<unknown>
  const groups = (query: ListQuery) => (adapters: ReturnType<typeof postgresAdapters>) =>
    adapters.groups.list(query, CALL) as Promise<unknown>
  const sortBy = (path: string, order: string) => ({ attribute: attributeNamed(USER_TYPE, path), order })

  test.each([
    ['resource_unique_key', users(queryOf(USER_TYPE, { filter: 'userName eq "USER77"' }))],
    [
      'reference_value_key',
      async ({ users: all }: ReturnType<typeof postgresAdapters>) => all.get(id(77), callOf({ tenant: 'acme' })),
    ],
    ['resource_external_key', users(queryOf(USER_TYPE, { filter: 'externalId eq "x77"' }))],
    ['resource_name_key', users(queryOf(USER_TYPE, { filter: 'displayName eq "name 77"' }))],
    ['resource_name_key', groups(queryOf(GROUP_TYPE, { filter: 'displayName eq "group 77"' }))],
    [
      'resource_manager_key',
      users(queryOf(USER_TYPE, { filter: `${EnterpriseUser.id}:manager.value eq "${id(77)}"` })),
    ],
    [
      'resource_manager_key',
      users(queryOf(USER_TYPE, { filter: `${EnterpriseUser.id}:manager[value eq "${id(77)}"]` })),
    ],
    ['resource_pkey', users(queryOf(USER_TYPE, { filter: `id eq "${id(77)}"` }))],
    ['reference_value_key', groups(queryOf(GROUP_TYPE, { filter: `members eq "${id(77)}"` }))],
    ['reference_value_key', groups(queryOf(GROUP_TYPE, { filter: `members.value eq "${id(77)}"` }))],
    ['reference_value_key', groups(queryOf(GROUP_TYPE, { filter: `members[value eq "${id(77)}"]` }))],
    ['reference_value_key', groups(queryOf(GROUP_TYPE, { filter: `id eq "g2" and members eq "${id(77)}"` }))],
    ['reference_pkey', users(queryOf(USER_TYPE, { filter: 'groups.value eq "g2"' }))],
    ['resource_unique_key', users(queryOf(USER_TYPE, { filter: 'userName eq "USER77" and active eq true' }))],
    ['resource_unique_key', users(queryOf(USER_TYPE, { filter: 'userName sw "user77"' }))],
    ['resource_pkey', users(queryOf(USER_TYPE))],
    ['resource_pkey', users(queryOf(USER_TYPE, { pagination: 'cursor', after: [id(SIZE - 200)] }))],
    ['resource_pkey', users(queryOf(USER_TYPE, { pagination: 'cursor', before: [id(SIZE - 200)] }))],
    [
      'resource_unique_key',
      users(
        queryOf(USER_TYPE, { pagination: 'cursor', after: ['user7', id(7)], sort: sortBy('userName', 'ascending') }),
      ),
    ],
    [
      'resource_unique_key',
      users(
        queryOf(USER_TYPE, { pagination: 'cursor', after: ['user7', id(7)], sort: sortBy('userName', 'descending') }),
      ),
    ],
    ['resource_unique_key', users(queryOf(USER_TYPE, { sort: sortBy('userName', 'ascending') }))],
  ])('%s is used', async (index, work) => {
    const plan = withoutCount(await planOf(work))
    expect(plan).toContain(index)
    expect(plan).not.toMatch(/Seq Scan on (resource|reference)/)
    // The tenant is part of the condition of the index.
    expect(plan).toMatch(/Index Cond: .*tenant = /)
  })

  test('who has a deleted manager is found by an index', async () => {
    const { pool, schema } = database
    const asked: (readonly [string, unknown[] | undefined])[] = []
    const connection = await pool.connect()
    const query: Queryable['query'] = (text, values) => {
      asked.push([text, values])
      return connection.query(text, values)
    }
    const own = { query, connect: async () => ({ query, release: () => {} }) }
    try {
      await postgresAdapters({ pool: own, schema }).users.delete(id(SIZE), callOf({ tenant: 'other' }))
    } finally {
      connection.release()
    }
    const [text, values] = asked.find(([statement]) => statement.includes('manager_key')) ?? ['', []]
    const { rows } = await pool.query(`EXPLAIN ${text}`, values)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('resource_manager_key')
  })

  test('the lists of resources that a page by index skips are not read', async () => {
    const query = queryOf(GROUP_TYPE, { startIndex: 950, count: 10 })
    const plan = await planOf(
      (adapters) => adapters.groups.list(query, callOf({ tenant: 'acme' })) as Promise<unknown>,
      'ANALYZE',
    )
    // The members are read only for the ten groups of the page, and for the one more that tells whether there is a next
    // page.
    const loops = [...plan.matchAll(/reference_pkey on reference f .*loops=(\d+)/g)].map(([, count]) => Number(count))
    expect(loops.length).toBeGreaterThan(0)
    expect(Math.max(...loops)).toBeLessThanOrEqual(11)
  })

  test('the ids of a page are selected once, also in a tenant of which there are no statistics yet', async () => {
    const { pool, schema } = database
    await pool.query(
      `INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, unique_key, data, keys)
       SELECT 'fresh', 'User', 'u' || i, 'v', now(), now(), 'fresh' || i, jsonb_build_object('userName', 'fresh' || i), '{}'
       FROM generate_series(1, 2000) AS i`,
    )
    const query = queryOf(USER_TYPE, { startIndex: 1_001, count: 100 })
    const plan = await planOf(
      (adapters) => adapters.users.list(query, callOf({ tenant: 'fresh', without: ['groups'] })) as Promise<unknown>,
      'ANALYZE',
    )
    const loops = [...plan.matchAll(/ loops=(\d+)/g)].map(([, count]) => Number(count))
    expect(loops.length).toBeGreaterThan(2)
    expect(Math.max(...loops)).toBeLessThanOrEqual(101)
  })

  test('a page deep in the list is found where it begins', async () => {
    const plan = await planOf(users(queryOf(USER_TYPE, { pagination: 'cursor', after: [id(SIZE - 200)] })))
    expect(plan).toMatch(/Index Cond: .*id > /)
    const sorted = await planOf(
      users(
        queryOf(USER_TYPE, { pagination: 'cursor', after: ['user7', id(7)], sort: sortBy('userName', 'ascending') }),
      ),
    )
    expect(sorted).toMatch(/Index Cond: .*unique_key >= /)
  })
})
