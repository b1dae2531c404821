import { mappedResources } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { testDatabase } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const OWN = 'urn:example:Own'

describe('timestamps of existing tables that JavaScript writes otherwise or not at all', () => {
  const database = testDatabase()
  let app: App

  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(`
      SET search_path TO "${schema}";
      CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, until timestamptz, updated_at timestamptz);
      CREATE TABLE visits (account_id bigint NOT NULL, at timestamptz);
      RESET search_path`)
    const { User } = mappedResources(
      { pool },
      {
        User: {
          table: `${schema}.accounts`,
          extensions: [
            {
              id: OWN,
              attributes: [
                { name: 'until', type: 'dateTime' },
                { name: 'visits', type: 'dateTime', multiValued: true },
              ],
            },
          ],
          attributes: {
            id: { column: 'id', type: 'integer' },
            userName: 'email',
            [`${OWN}:until`]: 'until',
            [`${OWN}:visits`]: { table: `${schema}.visits`, on: { account_id: 'id' }, attributes: { value: 'at' } },
            'meta.lastModified': { column: 'updated_at', readOnly: true },
          },
        },
      },
    )
    app = await startApp({ authenticate: () => ({ tenant: 'acme' }), resources: { User } })
  })
  afterAll(() => app?.close())

  let rows = 0
  const insert = async (until: string): Promise<string> => {
    rows += 1
    const { pool, schema } = database
    await pool.query(`INSERT INTO "${schema}".accounts VALUES ($1, $2, $3, $3)`, [rows, `user${rows}`, until])
    await pool.query(`INSERT INTO "${schema}".visits VALUES ($1, $2)`, [rows, until])
    return String(rows)
  }
  const stored = async (id: string): Promise<unknown> => {
    const text = `SELECT (until AT TIME ZONE 'UTC')::text AS until FROM "${database.schema}".accounts WHERE id = $1`
    return (await database.pool.query(text, [id])).rows[0].until
  }
  const patch = (id: string, path: string, value: string) =>
    app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [{ op: 'replace', path, value }] })
  const find = async (filter: string): Promise<unknown> =>
    (await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`)).body.Resources?.map((one: any) => one.id)

  test.each([
    ['9999-12-31 23:59:59.5Z', '9999-12-31T23:59:59.500Z'],
    ['10000-01-01 00:00:00Z', '10000-01-01T00:00:00.000Z'],
    ['12345-06-07 08:09:10.011Z', '12345-06-07T08:09:10.011Z'],
    ['99999-12-31 00:00:00Z', '99999-12-31T00:00:00.000Z'],
    ['0044-03-15 00:00:00Z BC', '-0043-03-15T00:00:00.000Z'],
  ])('%s is answered as %s, and a client can send that back', async (given, shown) => {
    const id = await insert(given)
    const { status, body } = await app.scim.get(`/Users/${id}`)
    expect(status).toBe(200)
    expect(body[OWN].until).toBe(shown)
    expect(body.meta.lastModified).toBe(shown)
    const before = await stored(id)
    const put = await app.scim.put(`/Users/${id}`, { ...body, schemas: [USER, OWN], userName: `again${id}` })
    expect([put.status, put.body[OWN].until]).toEqual([200, shown])
    expect(await stored(id)).toBe(before)
    expect(await find(`${OWN}:until eq "${shown}"`)).toEqual([id])
  })

  test('a year of five digits can be written', async () => {
    const id = await insert('2020-01-01 00:00:00Z')
    expect((await patch(id, `${OWN}:until`, '12346-01-01T00:00:00Z')).body[OWN].until).toBe('12346-01-01T00:00:00.000Z')
    expect(await stored(id)).toBe('12346-01-01 00:00:00')
  })

  test.each(['infinity', '-infinity', '100000-01-01 00:00:00Z', '294000-01-01 00:00:00Z'])(
    '%s is not shown, and stays until it is set',
    async (given) => {
      const id = await insert(given)
      const { status, body } = await app.scim.get(`/Users/${id}`)
      expect(status).toBe(200)
      expect(body).not.toHaveProperty([OWN])
      expect(body.meta).not.toHaveProperty('lastModified')
      const before = await stored(id)
      const put = await app.scim.put(`/Users/${id}`, { ...body, userName: `again${id}` })
      expect([put.status, await stored(id)]).toEqual([200, before])
      await patch(id, `${OWN}:until`, '2020-01-01T00:00:00Z')
      expect(await stored(id)).toBe('2020-01-01 00:00:00')
    },
  )
})
