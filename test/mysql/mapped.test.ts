import { createPool } from 'mariadb'
import { type MysqlPool, mappedResources, mysqlTransaction, tenant } from '../../src/mysql/index.js'
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import { callOf } from '../support/calls.js'
import { describeMysql, type TestMysql, testMysql } from '../support/mysql.js'

// The collation of all of it takes a for A and ä, and blanks at the end for nothing.
const TABLES = [
  `CREATE TABLE accounts (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    org VARCHAR(64) NOT NULL,
    kind VARCHAR(64) NOT NULL DEFAULT 'person',
    email VARCHAR(100) NOT NULL CHECK (email <> 'forbidden'),
    first_name VARCHAR(10) NOT NULL,
    boss BIGINT,
    enabled BIT(1),
    revision INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at DATETIME(6),
    UNIQUE KEY one_address (org, email)
  )`,
  'CREATE TABLE emails (account BIGINT NOT NULL REFERENCES accounts (id), address VARCHAR(100) NOT NULL, PRIMARY KEY (account, address))',
  `CREATE TABLE teams (
    id VARCHAR(36) PRIMARY KEY, org VARCHAR(64) NOT NULL, name VARCHAR(100) NOT NULL, revision INTEGER NOT NULL DEFAULT 1,
    UNIQUE KEY teams_name (org, name)
  )`,
  `CREATE TABLE members (
    team VARCHAR(36) NOT NULL, account BIGINT NOT NULL, role VARCHAR(64), PRIMARY KEY (team, account),
    FOREIGN KEY (team) REFERENCES teams (id), FOREIGN KEY (account) REFERENCES accounts (id)
  )`,
  'CREATE TABLE invoices (team VARCHAR(36) NOT NULL, FOREIGN KEY (team) REFERENCES teams (id))',
  `CREATE TRIGGER no_rename BEFORE UPDATE ON teams FOR EACH ROW
    IF new.name = 'fixed' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'secret words of a trigger'; END IF`,
]

const DRIVERS: readonly (readonly [
  name: string,
  open: (database: TestMysql) => MysqlPool & { end(): Promise<void> },
])[] = [
  ['mysql2', ({ pool }) => ({ getConnection: () => pool.getConnection(), end: async () => {} })],
  ['mariadb', ({ url }) => createPool({ ...partsOf(url), connectionLimit: 5 })],
]

describeMysql('existing tables in MySQL, over HTTP', () => {
  describe.each(DRIVERS)('by %s', (_driver, open) => {
    const database = testMysql()
    let app: App
    let pool: ReturnType<typeof open>
    beforeAll(async () => {
      for (const statement of TABLES) await database.pool.query(statement)
      pool = open(database)
    })
    afterAll(() => pool.end())
    beforeEach(async () => {
      for (const table of ['invoices', 'members', 'teams', 'emails', 'accounts'])
        await database.rows(`DELETE FROM ${table}`)
      app = await startApp({
        authenticate: () => ({ tenant: 'acme' }),
        resources: mappedResources(
          { pool },
          {
            User: {
              table: 'accounts',
              scope: { org: tenant, kind: 'person' },
              deleted: 'deleted_at',
              attributes: {
                id: { column: 'id', type: 'integer' },
                'meta.version': 'revision',
                'meta.created': { column: 'created_at', readOnly: true },
                'meta.lastModified': 'updated_at',
                userName: { column: 'email', folded: true },
                'name.givenName': 'first_name',
                active: 'enabled',
                emails: { table: 'emails', on: { account: 'id' }, attributes: { value: 'address' } },
              },
            },
            Group: {
              table: 'teams',
              scope: { org: tenant },
              attributes: {
                id: 'id',
                'meta.version': 'revision',
                displayName: 'name',
                members: { table: 'members', on: { team: 'id' }, references: { User: 'account' } },
              },
            },
          },
        ),
        transaction: mysqlTransaction({ pool }),
        cursor: { secrets: ['a secret of sixteen letters'] },
      })
    })

    const user = (userName: string, rest: object = {}) => ({
      schemas: [USER_SCHEMA],
      userName,
      name: { givenName: 'g' },
      ...rest,
    })
    const group = (displayName: string, ...ids: string[]) => ({
      schemas: [GROUP_SCHEMA],
      displayName,
      members: ids.map((value) => ({ value })),
    })
    const patch = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations })

    test('booleans, times of any time zone and ids that are numbers are what clients know', async () => {
      const { scim } = app
      const before = Date.now()
      const { body } = await scim.post('/Users', user('a@x', { active: false, emails: [{ value: 'a@x' }] }))
      expect(body).toMatchObject({ active: false, userName: 'a@x', emails: [{ value: 'a@x' }] })
      expect(body.id).toMatch(/^\d+$/)
      for (const time of [body.meta.created, body.meta.lastModified]) {
        expect(Math.abs(Date.parse(time) - before)).toBeLessThan(60_000)
      }
      for (const filter of [
        'active eq false',
        'not (active eq true)',
        'userName eq "A@X"',
        `id eq "${body.id}"`,
        `meta.created ge "${body.meta.created}" and meta.created le "${body.meta.created}"`,
        'emails.value eq "A@X"',
      ]) {
        const { body: list } = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`)
        expect([filter, list.totalResults]).toEqual([filter, 1])
      }
      for (const id of [`0${body.id}`, `${body.id}.0`, 'x', `${body.id}x`, '9'.repeat(30)])
        expect((await scim.get(`/Users/${id}`)).status).toBe(404)
    })

    test('an id is found letter by letter, whatever the collation takes for the same', async () => {
      const { scim } = app
      const { id, meta } = (await scim.post('/Groups', group('team'))).body
      expect((await scim.get(`/Groups/${id}`)).status).toBe(200)
      for (const other of [id.toUpperCase(), `${id}%20`]) {
        expect((await scim.get(`/Groups/${other}`)).status).toBe(404)
        expect((await scim.put(`/Groups/${other}`, group('other'))).status).toBe(404)
        expect((await scim.delete(`/Groups/${other}`)).status).toBe(404)
      }
      expect((await scim.get(`/Groups/${id}`)).body.meta.version).toBe(meta.version)
    })

    test('pages in an order by cursor and by index, resources without a value last', async () => {
      const { scim } = app
      for (const [name, active] of [
        ['c', true],
        ['a', false],
        ['B', undefined],
        ['d', true],
      ] as const)
        await scim.post('/Users', user(name, active === undefined ? {} : { active }))
      for (const sortBy of ['userName', 'active', 'meta.created', 'id']) {
        const whole = (await scim.get(`/Users?sortBy=${sortBy}`)).body.Resources.map((one: { id: string }) => one.id)
        const walked: string[] = []
        for (let cursor: string | undefined = ''; cursor !== undefined; ) {
          const { body } = await scim.get(`/Users?sortBy=${sortBy}&count=1&cursor=${cursor}`)
          walked.push(...body.Resources.map((one: { id: string }) => one.id))
          cursor = body.nextCursor
        }
        expect([sortBy, walked]).toEqual([sortBy, whole])
      }
      const { body } = await scim.get('/Users?sortBy=userName&startIndex=2&count=2')
      expect(body.Resources.map((one: { userName: string }) => one.userName)).toEqual(['B', 'c'])
    })

    test('refusals of the database name attributes and repeat no values', async () => {
      const { scim } = app
      const { id } = (await scim.post('/Users', user('a@x'))).body
      // The collation takes it for the same.
      expect((await scim.post('/Users', user('Ä@X'))).body).toMatchObject({
        status: '409',
        scimType: 'uniqueness',
        detail: expect.stringContaining('"userName"'),
      })
      for (const refused of [user('forbidden'), user('b@x', { name: { givenName: 'far too long a name' } })])
        expect((await scim.post('/Users', refused)).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
      expect((await scim.post('/Users', { schemas: [USER_SCHEMA], userName: 'b@x' })).body).toMatchObject({
        status: '400',
        detail: expect.stringContaining('"name.givenName" must have a value'),
      })
      const team = (await scim.post('/Groups', group('one', id))).body
      await scim.post('/Groups', group('two'))
      expect((await scim.put(`/Groups/${team.id}`, group('two'))).body).toMatchObject({
        status: '409',
        scimType: 'uniqueness',
      })
      const fixed = await scim.patch(
        `/Groups/${team.id}`,
        patch({ op: 'replace', path: 'displayName', value: 'fixed' }),
      )
      expect(fixed.body).toMatchObject({ status: '409' })
      expect(JSON.stringify(fixed.body)).not.toContain('secret words')
      await database.rows('INSERT INTO invoices VALUES (?)', [team.id])
      expect((await scim.delete(`/Groups/${team.id}`)).body).toMatchObject({
        status: '409',
        detail: expect.stringContaining('Other data refers to this resource'),
      })
      // The refused write has left no rows.
      expect((await scim.get(`/Groups/${team.id}`)).body).toMatchObject({
        displayName: 'one',
        members: [{ value: id }],
      })
      const twice = patch({ op: 'add', path: 'emails', value: [{ value: 'e@x' }, { value: 'é@X' }] })
      expect((await scim.patch(`/Users/${id}`, twice)).body).toMatchObject({
        status: '400',
        detail: expect.stringContaining('"emails" has two values that its table holds as one'),
      })
    })

    test('a DELETE marks the row and takes it out of its groups, whose versions change', async () => {
      const { scim } = app
      const { id } = (await scim.post('/Users', user('a@x'))).body
      const team = (await scim.post('/Groups', group('team', id))).body
      expect((await scim.get(`/Users/${id}`)).body.groups).toEqual([
        expect.objectContaining({ value: team.id, display: 'team', type: 'direct' }),
      ])
      expect((await scim.delete(`/Users/${id}`)).status).toBe(204)
      expect((await scim.get(`/Users/${id}`)).status).toBe(404)
      const after = (await scim.get(`/Groups/${team.id}`)).body
      expect(after.members).toBeUndefined()
      expect(after.meta.version).not.toBe(team.meta.version)
      expect(await database.rows('SELECT count(*) AS n FROM accounts WHERE deleted_at IS NOT NULL')).toEqual([{ n: 1 }])
    })

    test('transactions that lock in a circle are done again, and nothing is left of those that were ended', async () => {
      const ids: string[] = []
      for (const name of ['a', 'b']) ids.push((await app.scim.post('/Users', user(name))).body.id)
      const transaction = mysqlTransaction({ pool })
      let attempts = 0
      let locked = 0
      let go = (): void => {}
      const bothLocked = new Promise<void>((resolve) => {
        go = resolve
      })
      const lockBoth = (first: string, second: string): Promise<unknown> =>
        transaction(async ({ query }) => {
          attempts += 1
          const count = 'UPDATE accounts SET revision = revision + 10 WHERE id = ?'
          await query(count, [first])
          locked += 1
          if (locked === 2) go()
          await bothLocked
          return query(count, [second])
        })
      const [one = '', two = ''] = ids
      await Promise.all([lockBoth(one, two), lockBoth(two, one)])
      expect(attempts).toBeGreaterThan(2)
      expect(await database.rows('SELECT revision FROM accounts')).toEqual([{ revision: 21 }, { revision: 21 }])
    })

    test('a transaction that a deadlock has ended is not committed, though its error was caught', async () => {
      const ids: string[] = []
      for (const name of ['a', 'b']) ids.push((await app.scim.post('/Users', user(name))).body.id)
      const transaction = mysqlTransaction({ pool })
      let begun = 0
      let go = (): void => {}
      const bothLocked = new Promise<void>((resolve) => {
        go = resolve
      })
      const lockBoth = (first: string, second: string): Promise<string> =>
        transaction(async ({ query }) => {
          const count = 'UPDATE accounts SET revision = revision + 10 WHERE id = ?'
          await query(count, [first])
          begun += 1
          if (begun === 2) go()
          await bothLocked
          return query(count, [second]).then(
            () => 'both',
            () => 'caught',
          )
        })
      const [one = '', two = ''] = ids
      const outcomes = await Promise.allSettled([lockBoth(one, two), lockBoth(two, one)])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 'both' }])
      expect(await database.rows('SELECT revision FROM accounts')).toEqual([{ revision: 11 }, { revision: 11 }])
    })

    test('a lock that others hold for too long is a 503 that says when to try again, and nothing is written', async () => {
      const { id } = (await app.scim.post('/Users', user('a'))).body
      const other = await database.pool.getConnection()
      await other.query('START TRANSACTION')
      await other.query('UPDATE accounts SET revision = revision WHERE id = ?', [id])
      const limited: MysqlPool = {
        getConnection: async () => {
          const connection = await pool.getConnection()
          const statement = { rowsAsArray: false, nestTables: false, namedPlaceholders: false }
          await connection.query({ ...statement, sql: 'SET innodb_lock_wait_timeout = 1' })
          return connection
        },
      }
      try {
        const { scim } = await startApp({
          authenticate: () => ({ tenant: 'acme' }),
          resources: mappedResources(
            { pool: limited },
            {
              User: {
                table: 'accounts',
                scope: { org: tenant },
                attributes: {
                  id: { column: 'id', type: 'integer' },
                  'meta.version': 'revision',
                  userName: 'email',
                  'name.givenName': 'first_name',
                },
              },
            },
          ),
        })
        const operation = { op: 'replace', path: 'userName', value: 'b' }
        const answer = await scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [operation] })
        expect({ status: answer.status, retryAfter: answer.headers.get('retry-after') }).toEqual({
          status: 503,
          retryAfter: '1',
        })
      } finally {
        await other.query('ROLLBACK')
        other.release()
      }
      expect((await app.scim.get(`/Users/${id}`)).body.userName).toBe('a')
    })

    test('a connection of the application is one that the adapters know', async () => {
      const { User } = mappedResources(
        { pool },
        {
          User: {
            table: 'accounts',
            scope: { org: tenant },
            attributes: { id: { column: 'id', type: 'integer' }, userName: 'email' },
          },
        },
      )
      const { id } = (await app.scim.post('/Users', user('a'))).body
      const connection = await pool.getConnection()
      try {
        const statement = { rowsAsArray: false, nestTables: false, namedPlaceholders: false }
        await connection.query({ ...statement, sql: 'START TRANSACTION' })
        const call = callOf({ tenant: 'acme', transaction: connection })
        expect(await User.adapter.delete(id, call as never)).toBe(true)
        await connection.query({ ...statement, sql: 'ROLLBACK' })
      } finally {
        connection.release()
      }
      expect((await app.scim.get(`/Users/${id}`)).status).toBe(200)
    })
  })
})

function partsOf(url: string): { host: string; port: number; user: string; password: string; database: string } {
  const { hostname, port, username, password, pathname } = new URL(url)
  return { host: hostname, port: Number(port || 3306), user: username, password, database: pathname.slice(1) }
}
