import type { Compatibility, RequestReport } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { mappedResources, postgresAdapters } from '../../src/postgres/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { closedAfterEach, createUsers, expectError, group, user } from '../rfc7644/service.js'
import { type App, type AppOptions, startApp } from '../support/app.js'
import { testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

type Policy = 'refuse' | 'skip'
const NOBODY = '00000000-0000-4000-8000-000000000000'
const NOBODY_ELSE = '00000000-0000-4000-8000-000000000001'

describe('memory', () => {
  skips((unknown) => {
    const { users, groups } = memoryAdapters({ members: { unknown } })
    return { resources: { User: { adapter: users }, Group: { adapter: groups } } }
  })
})

describe('documents', () => {
  const database = testDatabase()
  skips(async (unknown) => {
    const postgres = postgresAdapters({ pool: database.pool, schema: `skip_${unknown}`, members: { unknown } })
    await postgres.migrate()
    return { resources: postgres.resources, transaction: postgres.transaction }
  })
})

describe('mapped', () => {
  const database = testDatabase()
  beforeAll(() => database.pool.query(tableStatements(database.schema)))
  skips((unknown) => ({
    authenticate: ({ token }) => (token ? { tenant: unknown } : null),
    resources: mappedResources({ pool: database.pool, members: { unknown } }, tableMapping(database.schema)),
  }))
})

/** Decision A-121. */
function skips(options: (unknown: Policy) => AppOptions | Promise<AppOptions>): void {
  const closed = closedAfterEach()
  const names: string[][] = []
  beforeEach(() => names.splice(0))
  const start = async (unknown: Policy, compatibility: Compatibility): Promise<App> => {
    const request = ({ method, path, tolerances }: RequestReport): void => {
      if (path.startsWith('/Groups') && method !== 'GET') names.push([...tolerances])
    }
    return closed(startApp({ ...(await options(unknown)), compatibility, on: { request } }))
  }
  const membersOf = async ({ scim }: App, id: string): Promise<string[]> =>
    ((await scim.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: any) => value).sort()
  const patch = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations })
  const add = (...ids: string[]) => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) })

  test.each<Compatibility>(['tolerant', { base: 'strict', unknownMember: true }])(
    'skip in mode %j adds the known ones and reports the others, in POST, PUT and PATCH',
    async (compatibility) => {
      const app = await start('skip', compatibility)
      const [a, b] = await createUsers(app.scim, user(`a-${Math.random()}`), user(`b-${Math.random()}`))
      const { status, body } = await app.scim.post('/Groups', group('skips', a.id, NOBODY))
      expect(status).toBe(201)
      const path = `/Groups/${body.id}`
      expect(await membersOf(app, body.id)).toEqual([a.id])
      expect((await app.scim.patch(path, patch(add(NOBODY, b.id)))).status).toBe(204)
      expect(await membersOf(app, body.id)).toEqual([a.id, b.id].sort())
      expect((await app.scim.put(path, group('skips', NOBODY, b.id, NOBODY_ELSE))).status).toBe(200)
      expect(await membersOf(app, body.id)).toEqual([b.id])
      expect((await app.scim.patch(path, patch({ ...add(NOBODY, a.id), op: 'replace' }))).status).toBe(204)
      expect(await membersOf(app, body.id)).toEqual([a.id])
      await new Promise(setImmediate)
      expect(names).toEqual([['unknownMember'], ['unknownMember'], ['unknownMember'], ['unknownMember']])
    },
  )

  test('a list of which nobody is known is 400 and changes nothing: it would empty the group', async () => {
    const app = await start('skip', 'tolerant')
    const [a] = await createUsers(app.scim, user(`a-${Math.random()}`))
    expectError(await app.scim.post('/Groups', group('nobody', NOBODY)), 400, 'invalidValue')
    const { id } = (await app.scim.post('/Groups', group('stays', a.id))).body
    const path = `/Groups/${id}`
    expectError(await app.scim.put(path, group('stays', NOBODY, NOBODY_ELSE)), 400, 'invalidValue')
    expectError(await app.scim.patch(path, patch(add(NOBODY))), 400, 'invalidValue')
    expectError(await app.scim.patch(path, patch({ ...add(NOBODY), op: 'replace' })), 400, 'invalidValue')
    const byList = [{ op: 'remove', path: 'members[display eq "nobody"]' }, add(NOBODY)]
    expectError(await app.scim.patch(path, patch(...byList)), 400, 'invalidValue')
    expect(await membersOf(app, id)).toEqual([a.id])
    expect((await app.scim.put(path, group('stays'))).status).toBe(200)
    expect(await membersOf(app, id)).toEqual([])
  })

  test.each<[Policy, Compatibility]>([
    ['refuse', 'tolerant'],
    ['skip', 'strict'],
    ['skip', { unknownMember: false }],
  ])('%s in mode %j refuses all for one', async (unknown, compatibility) => {
    const app = await start(unknown, compatibility)
    const [a] = await createUsers(app.scim, user(`a-${Math.random()}`))
    expectError(await app.scim.post('/Groups', group('refused', a.id, NOBODY)), 400, 'invalidValue')
    const { id } = (await app.scim.post('/Groups', group('refused'))).body
    expectError(await app.scim.patch(`/Groups/${id}`, patch(add(a.id, NOBODY))), 400, 'invalidValue')
    expect(await membersOf(app, id)).toEqual([])
  })
}
