import { type MysqlPool, mappedResources, mysqlTransaction, type OfTenant } from '../../src/mysql/index.js'
import { BULK_REQUEST, GROUP_SCHEMA, USER_SCHEMA } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import { scimClient } from '../support/client.js'
import { describeMysql, testMysql } from '../support/mysql.js'

const TABLES = [
  'CREATE TABLE accounts (id BIGINT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100) NOT NULL UNIQUE, revision INTEGER NOT NULL DEFAULT 1)',
  'CREATE TABLE teams (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, revision INTEGER NOT NULL DEFAULT 1)',
  'CREATE TABLE members (team BIGINT NOT NULL, account BIGINT NOT NULL, PRIMARY KEY (team, account))',
]

describeMysql('a MySQL database for each tenant, over HTTP', () => {
  const acme = testMysql()
  const globex = testMysql()
  let app: App
  beforeAll(async () => {
    for (const { pool } of [acme, globex]) {
      for (const statement of TABLES) await pool.query(statement)
    }
  })
  beforeEach(async () => {
    const databases: Readonly<Record<string, MysqlPool>> = { acme: acme.pool, globex: globex.pool }
    const pool = async ({ tenant }: OfTenant): Promise<MysqlPool> => databases[tenant ?? ''] as MysqlPool
    app = await startApp({
      authenticate: ({ headers }) => ({ tenant: String(headers.authorization).slice('Bearer '.length) }),
      tenants: 'required',
      resources: mappedResources(
        { pool },
        {
          User: {
            table: 'accounts',
            attributes: {
              id: { column: 'id', type: 'integer' },
              'meta.version': 'revision',
              userName: { column: 'email', folded: true },
            },
          },
          Group: {
            table: 'teams',
            attributes: {
              id: { column: 'id', type: 'integer' },
              'meta.version': 'revision',
              displayName: 'name',
              members: { table: 'members', on: { team: 'id' }, references: { User: 'account' } },
            },
          },
        },
      ),
      transaction: mysqlTransaction({ pool }),
      bulk: { atomic: true },
    })
    for (const { rows } of [acme, globex]) {
      for (const table of ['members', 'teams', 'accounts']) await rows(`DELETE FROM ${table}`)
    }
  })

  const as = (tenant: string) => scimClient(app.base, tenant)
  const user = (userName: string) => ({ schemas: [USER_SCHEMA], userName })

  test('what one tenant writes is in its own database, in transactions and outside', async () => {
    const made = await as('acme').post('/Users', user('ada@example.com'))
    expect(made.status).toBe(201)
    const both = await as('globex').post('/Bulk', {
      schemas: [BULK_REQUEST],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'u', data: user('bob@example.com') },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'g',
          data: { schemas: [GROUP_SCHEMA], displayName: 'Crew', members: [{ value: 'bulkId:u' }] },
        },
      ],
    })
    expect(both.body).toMatchObject({ Operations: [{ status: '201' }, { status: '201' }] })
    const emails = 'SELECT email FROM accounts'
    expect(await acme.rows(emails)).toEqual([{ email: 'ada@example.com' }])
    expect(await globex.rows(emails)).toEqual([{ email: 'bob@example.com' }])
    expect([await acme.rows('SELECT name FROM teams'), await globex.rows('SELECT name FROM teams')]).toEqual([
      [],
      [{ name: 'Crew' }],
    ])
    expect((await as('acme').get('/Users')).body).toMatchObject({
      totalResults: 1,
      Resources: [{ userName: 'ada@example.com' }],
    })
    expect((await as('globex').get('/Groups')).body).toMatchObject({ totalResults: 1 })
  })

  test('an atomic bulk request leaves nothing in the database of its tenant when it fails', async () => {
    await as('acme').post('/Users', user('ada@example.com'))
    const { status } = await as('acme').post('/Bulk', {
      schemas: [BULK_REQUEST],
      failOnErrors: 1,
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'u', data: user('eve@example.com') },
        { method: 'POST', path: '/Users', bulkId: 'v', data: user('ada@example.com') },
      ],
    })
    expect(status).toBe(409)
    expect(await acme.rows('SELECT email FROM accounts')).toEqual([{ email: 'ada@example.com' }])
  })

  test('a tenant without a database gets 500, and nothing of another tenant', async () => {
    const none = await as('initech').get('/Users')
    expect(none.status).toBe(500)
    expect(none.text).not.toContain('pool')
  })
})
