import { mappedResources, postgresAdapters } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { type CountedPool, countedPool } from '../support/counted-pool.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'

async function documents(pool: CountedPool, { schema }: TestDatabase) {
  const postgres = postgresAdapters({ pool, schema })
  await postgres.migrate()
  return postgres.resources
}

async function tables(pool: CountedPool, database: TestDatabase) {
  await database.pool.query(tableStatements(database.schema))
  return mappedResources({ pool }, tableMapping(database.schema))
}

describe.each([
  ['documents', documents],
  ['existing tables', tables],
])('what a list reads of %s', (_mode, resourcesOf) => {
  const database = testDatabase()
  let pool: CountedPool
  let app: App
  let group: string
  let user: string

  beforeAll(async () => {
    pool = countedPool(database.pool)
    app = await startApp({
      authenticate: () => ({ tenant: 'acme' }),
      resources: await resourcesOf(pool, database),
      cursor: { secrets: ['a secret of the tests, long enough for it'] },
    })
    user = (await app.scim.post('/Users', { schemas: [USER], userName: 'b', displayName: 'B' })).body.id
    const ids = await Promise.all(
      ['C', 'A'].map(async (displayName) => {
        const body = { schemas: [GROUP], displayName, members: [{ value: user }] }
        return (await app.scim.post('/Groups', body)).body.id
      }),
    )
    group = ids[1]
  })
  afterAll(() => app?.close())

  /** The result of a query, and whether it has read lists of other tables. */
  const ask = async (path: string) => {
    pool.take()
    const { status, body } = await app.scim.get(path)
    expect({ path, status }).toEqual({ path, status: 200 })
    const lists = pool.take().filter((text) => text.includes('jsonb_agg'))
    return { body, isRead: lists.length > 0 }
  }

  test.each(['excludedAttributes=members', 'attributes=id', 'attributes=displayName', 'attributes=id&cursor='])(
    'a filter on members with %s reads no member',
    async (projection) => {
      const filter = encodeURIComponent(`members.value eq "${user}" and displayName eq "a"`)
      const { body, isRead } = await ask(`/Groups?filter=${filter}&${projection}`)
      expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual([group])
      expect(body.Resources[0]).not.toHaveProperty('members')
      expect(isRead).toBe(false)
      const shown = await ask(`/Groups?filter=${filter}`)
      expect(shown.body.Resources).toMatchObject([{ members: [{ value: user }] }])
      expect(shown.isRead).toBe(true)
    },
  )

  test('a filter on groups reads no groups that are not shown', async () => {
    const filter = encodeURIComponent(`groups.value eq "${group}"`)
    const { body, isRead } = await ask(`/Users?filter=${filter}&attributes=userName`)
    expect(body.Resources).toMatchObject([{ id: user, userName: 'b' }])
    expect(isRead).toBe(false)
  })

  test('members that the router has to look at are read, and not shown', async () => {
    const filter = encodeURIComponent('members.display eq "b" and displayName eq "a"')
    const { body, isRead } = await ask(`/Groups?filter=${filter}&attributes=displayName`)
    expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual([group])
    expect(body.Resources[0]).not.toHaveProperty('members')
    expect(isRead).toBe(true)
  })

  test('types are merged by an attribute that is not shown', async () => {
    const { body } = await ask('/?sortBy=displayName&attributes=externalId')
    const first = body.Resources.map(({ id }: { id: string }) => id)
    expect(first.slice(0, 2)).toEqual([group, user])
    expect(first.length).toBe(3)
  })
})
