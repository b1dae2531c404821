import { postgresAdapters, type Queryable } from '../../src/postgres/index.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { callOf, queryOf, USER_TYPE } from '../support/calls.js'
import { type CountedPool, countedPool } from '../support/counted-pool.js'
import { hooksCalled } from '../support/hooks.js'
import { testDatabase } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'

const types = (list: readonly { readonly type: string }[] = []): string[] => list.map(({ type }) => type)
const ASKING = [
  '/Users?attributes=groups',
  '/Users?attributes=groups.value',
  '/Users?filter=groups.value%20eq%20%22x%22',
  '/Users?filter=title%20pr&attributes=groups',
]

describe('groups of users as documents', () => {
  const database = testDatabase()
  let app: App | undefined
  let counted: CountedPool

  afterEach(async () => {
    await app?.close()
    app = undefined
    await database.pool.query(`DELETE FROM "${database.schema}".resource; DELETE FROM "${database.schema}".reference`)
  })

  /** Users in the first of some groups, each of which is a member of all later groups. */
  async function nested(users: number, groups: number, options: Partial<AppOptions> = {}) {
    const { pool, schema } = database
    counted = countedPool(pool)
    const adapters = postgresAdapters({ pool: counted, schema })
    await adapters.migrate()
    app = await startApp({ resources: adapters.resources, ...options })
    const { scim } = app
    const people: string[] = []
    for (let at = 0; at < users; at += 1) {
      const { body } = await scim.post('/Users', {
        schemas: [USER],
        userName: `user${at}`,
        title: at % 2 ? 'odd' : 'even',
      })
      people.push(body.id)
    }
    const made: string[] = []
    for (let at = 0; at < groups; at += 1) {
      const members = (at === 0 ? people : made).map((value) => ({ value }))
      const { body } = await scim.post('/Groups', { schemas: [GROUP], displayName: `group${at}`, members })
      made.push(body.id)
    }
    counted.take()
    return { scim, people, groups: made }
  }
  const walks = (): string[] => counted.take().filter((text) => text.includes('WITH RECURSIVE'))

  test('are worked out by one statement for a page, and are whole', async () => {
    const { scim, groups } = await nested(6, 5)
    for (const path of [
      '/Users',
      '/Users?sortBy=userName',
      '/Users?filter=title%20pr',
      '/Users?filter=groups.display%20co%20%22group%22',
    ]) {
      counted.take()
      const { body } = await scim.get(path)
      expect(body.Resources.length).toBe(6)
      for (const { groups: list } of body.Resources) {
        expect(list[0]).toMatchObject({ value: groups[0], display: 'group0', type: 'direct' })
        expect(types(list)).toEqual(['direct', ...Array(4).fill('indirect')])
      }
      const statements = walks()
      expect(statements.length).toBe(1)
      // The statement does not run once for each row.
      expect(statements[0]).toMatch(/unnest\(\$\d+::text\[\]\) AS m\(id\)/)
    }
  })

  test.each(['excludedAttributes=groups', 'attributes=userName', 'attributes=userName&filter=title%20pr', 'count=0'])(
    'are not worked out when nobody asks for them: %s',
    async (query) => {
      const { scim } = await nested(2, 2)
      expect((await scim.get(`/Users?${query}`)).status).toBe(200)
      expect(walks()).toEqual([])
    },
  )

  test('within the limit they are whole, whoever names them', async () => {
    const { scim, people } = await nested(3, 4, { limits: { groupLinks: 6 } })
    expect(types((await scim.get('/Users')).body.Resources[0].groups)).toHaveLength(4)
    expect(types((await scim.get(`/Users/${people[0]}`)).body.groups)).toHaveLength(4)
    for (const path of ASKING) expect([path, (await scim.get(path)).status]).toEqual([path, 200])
    const Operations = [{ op: 'replace', path: 'title', value: 'new' }]
    const patched = await scim.patch(`/Users/${people[0]}?attributes=groups`, { Operations })
    expect([patched.status, types(patched.body.groups).length]).toEqual([200, 4])
  })

  test('beyond the limit direct groups alone are shown, and the operator is told', async () => {
    const errors: string[] = []
    const on: AppOptions['on'] = { error: ({ error }) => errors.push((error as Error).message) }
    const { scim, people } = await nested(3, 4, { limits: { groupLinks: 5 }, on })
    for (const path of ['/Users', '/Users?filter=title%20pr', '/Users?sortBy=userName']) {
      const { body } = await scim.get(path)
      expect(body.Resources.map(({ groups }: { groups: never }) => types(groups))).toEqual([
        ['direct'],
        ['direct'],
        ['direct'],
      ])
    }
    expect(types((await scim.get(`/Users/${people[0]}`)).body.groups)).toEqual(['direct'])
    await hooksCalled()
    expect(errors).toEqual([expect.stringContaining('limits.groupLinks is 5')])
  })

  test('beyond the limit a request that names groups is 400 tooMany, and writes nothing', async () => {
    const { scim, people } = await nested(3, 4, { limits: { groupLinks: 5 } })
    const one = `/Users/${people[0]}`
    for (const path of [...ASKING.slice(0, 2), ASKING[3] as string, `${one}?attributes=groups`]) {
      const { status, body } = await scim.get(path)
      expect([path, status, body.scimType]).toEqual([path, 400, 'tooMany'])
    }
    const { body: before } = await scim.get(one)
    const put = await scim.put(`${one}?attributes=groups`, { schemas: [USER], userName: 'user0', title: 'new' })
    const Operations = [{ op: 'replace', path: 'title', value: 'new' }]
    const patch = await scim.patch(`${one}?attributes=groups`, { Operations })
    expect([put.body.scimType, patch.body.scimType]).toEqual(['tooMany', 'tooMany'])
    expect((await scim.get(one)).body).toEqual(before)
  })

  test('are walked up by the index of members, also before the tables have statistics', async () => {
    await nested(2, 2)
    const { pool, schema } = database
    const wide = `SELECT '', 'Group', 'g' || i, 'members', 'g' || j, 'g' || j, 'Group' FROM generate_series(1, 100) AS i, generate_series(1, i - 1) AS j`
    await pool.query(
      `INSERT INTO "${schema}".reference (tenant, type, id, attribute, value, value_key, target) ${wide}`,
    )
    const asked: (readonly [string, unknown[] | undefined])[] = []
    const query: Queryable['query'] = (text, values) => {
      asked.push([text, values])
      return pool.query(text, values)
    }
    const transaction = () => Promise.reject(new Error('Only reads are planned.'))
    await postgresAdapters({ pool: { query, transaction }, schema }).users.list(
      queryOf(USER_TYPE),
      callOf({ tenant: '' }),
    )
    const [text, values] = asked.find(([statement]) => statement.includes('WITH RECURSIVE')) ?? ['', []]
    const { rows } = await pool.query(`EXPLAIN ${text}`, values)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('reference_value_key')
    expect(plan).not.toMatch(/reference_pkey|Seq Scan on reference/)
  })

  test('circles of groups are followed once', async () => {
    const { scim, groups } = await nested(2, 3, { limits: { groupLinks: 6 } })
    const Operations = [{ op: 'add', path: 'members', value: [{ value: groups[2] }] }]
    expect((await scim.patch(`/Groups/${groups[0]}`, { Operations })).status).toBe(204)
    const { body } = await scim.get('/Users?attributes=groups')
    for (const { groups: list } of body.Resources) expect(types(list)).toEqual(['direct', 'indirect', 'indirect'])
  })
})
