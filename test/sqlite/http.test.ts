import { playSequence } from '../../src/conformance/replay/play.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import type { ResourceAdapter } from '../../src/index.js'
import { type SqliteOptions, sqliteAdapters } from '../../src/sqlite/index.js'
import { BULK_REQUEST, ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/urn.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { sqliteFile, sqliteInMemory } from '../support/sqlite-file.js'
import { staleAtFirst } from '../support/stale.js'

/** The sequence that asks for unique group names, which RFC 7643 section 8.7.1 does not (decision A-110). */
const UNIQUE_GROUP_NAMES = 'msval-duplicate-group'

const open = sqliteInMemory()

/** A server over tables of its own. */
async function start(rest: Partial<AppOptions> = {}, options: Omit<SqliteOptions, 'database'> = {}): Promise<App> {
  const sqlite = sqliteAdapters({ database: open(), ...options })
  await sqlite.migrate()
  return startApp({ resources: sqlite.resources, transaction: sqlite.transaction, ...rest })
}

describe('client sequences on documents in SQLite', () => {
  describe.each(['tolerant', 'strict'] as const)('%s', (compatibility) => {
    let plain: App
    let unique: App
    beforeAll(async () => {
      plain = await start({ compatibility })
      unique = await start({ compatibility }, { groups: { attributes: { displayName: { uniqueness: 'server' } } } })
    })
    for (const [client, recorded] of Object.entries(sequences)) {
      for (const sequence of recorded.filter(({ level }) => compatibility === 'tolerant' || level === 'rfc')) {
        test(`${client}: ${sequence.id} – ${sequence.title}`, async () => {
          const { scim } = sequence.id === UNIQUE_GROUP_NAMES ? unique : plain
          expect(await playSequence(sequence, scim)).toEqual([])
        })
      }
    }
  })
})

describe('documents in SQLite, over HTTP', () => {
  const user = (userName: string, rest: object = {}) => ({ schemas: [USER_SCHEMA], userName, ...rest })
  const group = (displayName: string, ...members: string[]) => ({
    schemas: [GROUP_SCHEMA],
    displayName,
    members: members.map((value) => ({ value })),
  })

  test('what a rule wrote is rolled back if its write is stale', async () => {
    const database = open()
    database.exec('CREATE TABLE plan (taken integer); INSERT INTO plan VALUES (0)')
    const { resources, transaction, migrate } = sqliteAdapters({ database })
    await migrate()
    const adapter = staleAtFirst(resources.User.adapter as unknown as ResourceAdapter, 2)
    const { scim } = await startApp({
      resources: { User: { ...resources.User, adapter } },
      transaction,
      validate: async (write) => {
        if (await write.changed('active')) database.exec('UPDATE plan SET taken = taken + 1')
      },
    })
    const { body } = await scim.post('/Users', user('seats'))
    const Operations = [{ op: 'replace', path: 'active', value: true }]
    expect((await scim.patch(`/Users/${body.id}`, { schemas: [PATCH_OP], Operations })).status).toBe(200)
    expect(database.prepare('SELECT taken FROM plan').all()).toEqual([{ taken: 1 }])
  })

  test('an atomic bulk request is done as a whole or not at all', async () => {
    const { scim } = await start({ bulk: { atomic: true } })
    const operations = (last: string) => [
      { method: 'POST', path: '/Users', bulkId: 'u', data: user('atomic') },
      { method: 'POST', path: '/Groups', bulkId: 'g', data: group('G', 'bulkId:u') },
      { method: 'POST', path: '/Users', bulkId: 'v', data: user(last) },
    ]
    const bulk = (last: string) =>
      scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations: operations(last), failOnErrors: 1 })
    await bulk('Atomic')
    expect((await scim.get('/Users')).body.totalResults).toBe(0)
    expect((await scim.get('/Groups')).body.totalResults).toBe(0)
    await bulk('other')
    expect((await scim.get('/Users')).body.totalResults).toBe(2)
    expect((await scim.get('/Groups')).body.Resources[0].members).toHaveLength(1)
  })

  test('a DELETE takes the resource out of groups and out of what refers to it, and their versions change', async () => {
    const { scim } = await start()
    const boss = (await scim.post('/Users', user('boss'))).body.id
    const manager = { value: boss }
    const { body: worker } = await scim.post(
      '/Users',
      user('worker', {
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
        [ENTERPRISE_USER_SCHEMA]: { manager, department: 'd' },
      }),
    )
    const inner = (await scim.post('/Groups', group('inner', boss))).body
    const outer = (await scim.post('/Groups', group('outer', inner.id))).body
    const { body: shown } = await scim.get(`/Users/${boss}`)
    expect(shown.groups.map(({ display, type }: { display: string; type: string }) => [display, type])).toEqual([
      ['inner', 'direct'],
      ['outer', 'indirect'],
    ])
    expect((await scim.get(`/Users?filter=groups.value eq "${outer.id}"`)).body.totalResults).toBe(1)
    expect((await scim.delete(`/Users/${boss}`)).status).toBe(204)
    const after = (await scim.get(`/Groups/${inner.id}`)).body
    expect(after.members).toBeUndefined()
    expect(after.meta.version).not.toBe(inner.meta.version)
    const left = (await scim.get(`/Users/${worker.id}`)).body
    expect(left[ENTERPRISE_USER_SCHEMA]).toEqual({ department: 'd' })
    expect(left.meta.version).not.toBe(worker.meta.version)
    expect((await scim.get(`/Groups?filter=members.value eq "${boss}"`)).body.totalResults).toBe(0)
  })

  test('tenants share a file and see nothing of each other', async () => {
    const { scim } = await start({
      authenticate: ({ token, headers }) => (token === TOKEN ? { tenant: String(headers['x-tenant'] ?? 'a') } : null),
    })
    const inB = { headers: { 'X-Tenant': 'b' } }
    const { id } = (await scim.post('/Users', user('same'))).body
    expect((await scim.post('/Users', user('SAME'), inB)).status).toBe(201)
    expect((await scim.get(`/Users/${id}`, inB)).status).toBe(404)
    expect((await scim.delete(`/Users/${id}`, inB)).status).toBe(404)
    expect((await scim.post('/Groups', group('g', id), inB)).status).toBe(400)
    expect((await scim.get('/Users', inB)).body.totalResults).toBe(1)
    expect((await scim.post('/Users', user('Same'))).body).toMatchObject({ status: '409', scimType: 'uniqueness' })
  })

  test('many who change one group at once lose nothing, and each is told once who came', async () => {
    const told: string[] = []
    const { scim } = await start({ on: { 'group.member.added': ({ member }) => void told.push(String(member)) } })
    const ids: string[] = []
    for (let number = 0; number < 20; number += 1) ids.push((await scim.post('/Users', user(`u${number}`))).body.id)
    const { id } = (await scim.post('/Groups', group('many'))).body
    const add = (value: string) =>
      scim.patch(`/Groups/${id}`, { Operations: [{ op: 'add', path: 'members', value: [{ value }] }] })
    await Promise.all([...ids, ...ids].map(add))
    const { members } = (await scim.get(`/Groups/${id}`)).body
    expect(members.map(({ value }: { value: string }) => value).sort()).toEqual([...ids].sort())
    for (let turn = 0; turn < 5; turn += 1) await hooksCalled()
    expect(told.sort()).toEqual([...ids].sort())
  })

  test('a group of many, which is read bit by bit, comes whole', async () => {
    const sqlite = sqliteAdapters({ database: open(), members: { unknown: 'keep' } })
    await sqlite.migrate()
    const { scim } = await startApp({ resources: sqlite.resources })
    const members = Array.from({ length: 3_500 }, (_, index) => `m${index}`)
    const { id } = (await scim.post('/Groups?attributes=displayName', group('large', ...members))).body
    const { body } = await scim.get(`/Groups/${id}`)
    expect(new Set(body.members.map(({ value }: { value: string }) => value))).toEqual(new Set(members))
  })
})

describe('while another process writes', () => {
  const file = sqliteFile()

  test.each([true, false])(
    'writes that have been answered with 503 are not begun later, and hold up no reads (transaction: %s)',
    async (inTransaction) => {
      const sqlite = sqliteAdapters({ database: file.open() })
      await sqlite.migrate()
      const told: unknown[] = []
      const { scim } = await startApp({
        resources: sqlite.resources,
        ...(inTransaction && { transaction: sqlite.transaction }),
        limits: { requestTime: 600 },
        on: { 'user.created': ({ id }) => told.push(id) },
      })
      const name = `first ${inTransaction}`
      const { body: first } = await scim.post('/Users', { schemas: [USER_SCHEMA], userName: name })
      const other = file.open()
      other.exec('BEGIN IMMEDIATE')
      const names = Array.from({ length: 8 }, (_, at) => `late ${inTransaction} ${at}`)
      const late = await Promise.all(names.map((userName) => scim.post('/Users', { schemas: [USER_SCHEMA], userName })))
      expect(late.map(({ status }) => status)).toEqual(names.map(() => 503))
      expect((await scim.get(`/Users/${first.id}`)).status).toBe(200)
      other.exec('ROLLBACK')
      // The last POST stands in line behind all of them.
      const last = { schemas: [USER_SCHEMA], userName: `last ${inTransaction}` }
      expect((await scim.post('/Users', last)).status).toBe(201)
      await hooksCalled()
      const filter = encodeURIComponent('userName sw "late"')
      expect((await scim.get(`/Users?filter=${filter}`)).body.totalResults).toBe(0)
      expect(told).toHaveLength(2)
    },
  )
})
