import { postgresAdapters } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { countedPool } from '../support/counted-pool.js'
import { runs } from '../support/length.js'
import { testAdapters } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

describe('over HTTP', () => {
  const database = testAdapters()
  const told: string[] = []
  let app: App
  let failing = false
  let passes = 0

  beforeAll(async () => {
    const pool = countedPool(database.pool, (text) => {
      // The members behind the first are read while the answer is written.
      if (failing && text.includes('f.value >') && passes++ > 1)
        throw Object.assign(new Error('gone'), { code: '57P01' })
    })
    const postgres = postgresAdapters({ pool, schema: database.schema })
    app = await startApp({
      resources: postgres.resources,
      transaction: postgres.transaction,
      bulk: { atomic: true },
      on: {
        'group.member.added': ({ member }) => void told.push(`+${member}`),
        'group.member.removed': ({ member }) => void told.push(`-${member}`),
        'user.deactivated': ({ id }) => void told.push(`off ${id}`),
        error: () => undefined,
      },
    })
  })
  afterAll(() => app?.close())

  test('what a rule wrote is rolled back if another writer was faster than its write', async () => {
    const { pool, schema } = database
    await pool.query(`CREATE TABLE "${schema}".plan (taken integer); INSERT INTO "${schema}".plan VALUES (0)`)
    const { resources, transaction } = postgresAdapters({ pool, schema })
    let races = 0
    const counting = await startApp({
      resources,
      transaction,
      validate: async (write) => {
        if (!(await write.changed('active'))) return
        const client = write.transaction as typeof pool
        await client.query(`UPDATE "${schema}".plan SET taken = taken + 1`)
        const value = `race ${races}`
        if (races++ < 2) await replaceWith(app, String(write.id), 'title', value)
      },
    })
    try {
      const { body } = await app.scim.post('/Users', { schemas: [USER], userName: 'seats', active: false })
      expect((await replaceWith(counting, body.id, 'active', true)).status).toBe(200)
      const { rows } = await pool.query(`SELECT taken FROM "${schema}".plan`)
      expect([rows, races]).toEqual([[{ taken: 1 }], 3])
      expect((await app.scim.get(`/Users/${body.id}`)).body).toMatchObject({ active: true, title: 'race 1' })
    } finally {
      await counting.close()
    }
  })

  const replaceWith = ({ scim }: App, id: string, path: string, value: unknown) =>
    scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [{ op: 'replace', path, value }] })

  test('an atomic bulk request is done as a whole or not at all, users and groups alike', async () => {
    const { scim } = app
    const operations = (last: string) => [
      { method: 'POST', path: '/Users', bulkId: 'u', data: { schemas: [USER], userName: 'atomic' } },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: { schemas: [GROUP], displayName: 'Atomic', members: [{ value: 'bulkId:u' }] },
      },
      { method: 'POST', path: '/Users', bulkId: 'v', data: { schemas: [USER], userName: last } },
    ]
    const find = async (path: string, filter: string) =>
      (await scim.get(`${path}?filter=${encodeURIComponent(filter)}`)).body.totalResults
    const failed = await scim.post('/Bulk', { schemas: [BULK], Operations: operations('ATOMIC') })
    expect(failed.status).toBe(409)
    expect(await find('/Users', 'userName eq "atomic"')).toBe(0)
    expect(await find('/Groups', 'displayName eq "atomic"')).toBe(0)
    const done = await scim.post('/Bulk', { schemas: [BULK], Operations: operations('another') })
    expect(done.body.Operations.map(({ status }: { status: string }) => status)).toEqual(['201', '201', '201'])
    expect(await find('/Groups', 'displayName eq "atomic" and members pr')).toBe(1)
  })

  test('events tell what has really changed', async () => {
    const { scim } = app
    const ids = await Promise.all(
      ['e1', 'e2'].map(
        async (userName) => (await scim.post('/Users', { schemas: [USER], userName, active: true })).body.id,
      ),
    )
    const group = (
      await scim.post('/Groups', { schemas: [GROUP], displayName: 'Events', members: [{ value: ids[0] }] })
    ).body.id
    const patch = (path: string, ...Operations: unknown[]) => scim.patch(path, { schemas: [PATCH_OP], Operations })
    // Hooks run when the answer is out.
    await new Promise((resolve) => setTimeout(resolve, 20))
    told.length = 0
    await patch(`/Groups/${group}`, { op: 'add', path: 'members', value: ids.map((value) => ({ value })) })
    await patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${ids[0]}"]` })
    await patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${ids[0]}"]` })
    await patch(`/Users/${ids[1]}`, { op: 'replace', path: 'active', value: false })
    await patch(`/Users/${ids[1]}`, { op: 'replace', path: 'active', value: false })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toEqual([`+${ids[1]}`, `-${ids[0]}`, `off ${ids[1]}`])
  })

  test('a group of many is streamed, and broken off where its members cannot be read', async () => {
    const { scim } = app
    const size = runs(5_000, 20_000)
    const id = (await scim.post('/Groups', { schemas: [GROUP], displayName: 'Many' })).body.id
    const { pool, schema } = database
    await pool.query(
      `INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, display, data, keys)
       SELECT '', 'User', 'many' || i, 'v', now(), now(), 'Many ' || i, '{}', '{}' FROM generate_series(1, ${size}) AS i`,
    )
    await pool.query(
      `INSERT INTO "${schema}".reference (tenant, type, id, attribute, value, value_key, target)
       SELECT '', 'Group', $1, 'members', 'many' || i, 'many' || i, 'User' FROM generate_series(1, ${size}) AS i`,
      [id],
    )
    await pool.query(`ANALYZE "${schema}".resource, "${schema}".reference`)
    const whole = await scim.get(`/Groups/${id}`)
    expect(whole.headers.get('content-length')).toBeNull()
    expect(new Set(whole.body.members.map(({ value }: { value: string }) => value)).size).toBe(size)
    expect((await scim.get(`/Groups/${id}?excludedAttributes=members`)).body).not.toHaveProperty('members')
    failing = true
    await expect(scim.get(`/Groups/${id}`)).rejects.toThrow()
    failing = false
    expect((await scim.get(`/Groups/${id}`)).body.members.length).toBe(size)
  })
})
