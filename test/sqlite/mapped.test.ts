import { mappedResources, type TransactionRunner, tenant } from '../../src/sqlite/index.js'
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import { type OpenSqlite, sqliteInMemory } from '../support/sqlite-file.js'

const TABLES = `
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    org TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'person',
    email TEXT NOT NULL COLLATE NOCASE CHECK (email <> 'forbidden'),
    first_name TEXT NOT NULL DEFAULT '',
    title TEXT,
    enabled BOOLEAN,
    revision INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at TEXT
  );
  CREATE UNIQUE INDEX accounts_email ON accounts (org, lower(email)) WHERE deleted_at IS NULL;
  CREATE TABLE emails (account INTEGER NOT NULL REFERENCES accounts, address TEXT NOT NULL, PRIMARY KEY (account, address));
  CREATE TABLE teams (id INTEGER PRIMARY KEY, org TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL DEFAULT 1);
  CREATE UNIQUE INDEX teams_name ON teams (org, name);
  CREATE TABLE members (team INTEGER NOT NULL REFERENCES teams, account INTEGER NOT NULL REFERENCES accounts, role TEXT);
  CREATE TABLE invoices (team INTEGER NOT NULL REFERENCES teams);
  CREATE TRIGGER no_rename BEFORE UPDATE OF name ON teams WHEN new.name = 'fixed'
    BEGIN SELECT RAISE(ABORT, 'secret words of a trigger'); END;`

describe('existing tables in SQLite, over HTTP', () => {
  const open = sqliteInMemory()
  let connection: OpenSqlite
  let app: App
  beforeEach(async () => {
    connection = open()
    connection.exec(TABLES)
    app = await startApp({
      authenticate: () => ({ tenant: 'acme' }),
      resources: mappedResources(
        { database: connection },
        {
          User: {
            table: 'accounts',
            scope: { org: tenant, kind: 'person' },
            deleted: 'deleted_at',
            attributes: {
              id: { column: 'id', type: 'integer' },
              'meta.version': 'revision',
              'meta.created': { column: 'created_at', readOnly: true },
              userName: 'email',
              'name.givenName': 'first_name',
              title: 'title',
              active: 'enabled',
              emails: { table: 'emails', on: { account: 'id' }, attributes: { value: 'address' } },
            },
          },
          Group: {
            table: 'teams',
            scope: { org: tenant },
            attributes: {
              id: { column: 'id', type: 'integer' },
              'meta.version': 'revision',
              displayName: 'name',
              members: { table: 'members', on: { team: 'id' }, references: { User: 'account' } },
            },
          },
        },
      ),
    })
  })

  const rows = (text: string): unknown => connection.prepare(text).all()
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

  test('booleans, times of CURRENT_TIMESTAMP and ids that are numbers are what clients know', async () => {
    const { scim } = app
    const { body } = await scim.post('/Users', user('a@x', { active: false, emails: [{ value: 'a@x' }] }))
    expect(body).toMatchObject({ id: '1', active: false, userName: 'a@x', emails: [{ value: 'a@x' }] })
    expect(body.meta.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(rows('SELECT typeof(enabled) AS type FROM accounts')).toEqual([{ type: 'integer' }])
    for (const filter of [
      'active eq false',
      'not (active eq true)',
      'userName eq "A@X"',
      'id eq "1"',
      'meta.created gt "2020-01-01T00:00:00Z"',
      'emails.value eq "A@X"',
    ]) {
      const { body: list } = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`)
      expect([filter, list.totalResults]).toEqual([filter, 1])
    }
    for (const id of ['01', '1.0', 'x', '1x', '9'.repeat(30)]) expect((await scim.get(`/Users/${id}`)).status).toBe(404)
  })

  test('letters beyond ASCII, which SQLite does not fold, are compared as everywhere', async () => {
    const { scim } = app
    await scim.post('/Users', user('ä@x'))
    expect((await scim.get(`/Users?filter=${encodeURIComponent('userName eq "a@x"')}`)).body.totalResults).toBe(0)
    expect((await scim.get(`/Users?filter=${encodeURIComponent('userName eq "Ä@X"')}`)).body.totalResults).toBe(1)
  })

  test('refusals of the database name attributes and repeat no values', async () => {
    const { scim } = app
    const { id } = (await scim.post('/Users', user('a@x'))).body
    expect((await scim.post('/Users', user('A@X'))).body).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
      detail: expect.stringContaining('"userName"'),
    })
    expect((await scim.post('/Users', user('forbidden'))).body).toMatchObject({
      status: '400',
      scimType: 'invalidValue',
    })
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
    const fixed = await scim.patch(`/Groups/${team.id}`, patch({ op: 'replace', path: 'displayName', value: 'fixed' }))
    expect(fixed.body).toMatchObject({ status: '409' })
    expect(JSON.stringify(fixed.body)).not.toContain('secret words')
    connection.exec(`INSERT INTO invoices VALUES (${team.id})`)
    expect((await scim.delete(`/Groups/${team.id}`)).body).toMatchObject({
      status: '409',
      detail: expect.stringContaining('Other data refers to this resource'),
    })
    // The refused write has left no rows.
    expect((await scim.get(`/Groups/${team.id}`)).body).toMatchObject({ displayName: 'one', members: [{ value: id }] })
    const twice = patch({ op: 'add', path: 'emails', value: [{ value: 'e@x' }, { value: 'E@X' }] })
    expect((await scim.patch(`/Users/${id}`, twice)).status).toBe(200)
  })

  test('a DELETE marks the row, frees its name, and takes it out of its groups, whose versions change', async () => {
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
    expect((await scim.post('/Users', user('a@x'))).status).toBe(201)
    expect(rows('SELECT count(*) AS n FROM accounts')).toEqual([{ n: 2 }])
  })

  test('rows of other tenants and kinds are neither seen nor written, and columns of a membership stay', async () => {
    const { scim } = app
    connection.exec(
      `INSERT INTO accounts (id, org, kind, email) VALUES (7, 'acme', 'robot', 'r@x'), (8, 'other', 'person', 'o@x')`,
    )
    const { id } = (await scim.post('/Users', user('a@x'))).body
    const team = (await scim.post('/Groups', group('team', id))).body
    connection.exec(`UPDATE members SET role = 'owner'; INSERT INTO members VALUES (${team.id}, 7, 'robot')`)
    for (const hidden of ['7', '8']) {
      expect((await scim.get(`/Users/${hidden}`)).status).toBe(404)
      expect((await scim.put(`/Users/${hidden}`, user('x@x'))).status).toBe(404)
      expect((await scim.delete(`/Users/${hidden}`)).status).toBe(404)
      expect(
        (await scim.patch(`/Groups/${team.id}`, patch({ op: 'add', path: 'members', value: [{ value: hidden }] })))
          .status,
      ).toBe(400)
    }
    expect((await scim.get('/Users')).body.totalResults).toBe(1)
    expect((await scim.get(`/Groups/${team.id}`)).body.members).toHaveLength(1)
    expect((await scim.put(`/Groups/${team.id}`, group('renamed', id))).status).toBe(200)
    expect(rows('SELECT account, role FROM members ORDER BY account')).toEqual([
      { account: 7, role: 'robot' },
      { account: Number(id), role: 'owner' },
    ])
  })

  test('without a column for it there are no versions, and that is told', async () => {
    const { User } = mappedResources(
      { database: connection },
      {
        User: {
          table: 'accounts',
          scope: { org: tenant },
          attributes: { id: { column: 'id', type: 'integer' }, userName: 'email' },
        },
      },
    )
    expect(User.supports.versions).toBe(false)
    const plain = await startApp({ authenticate: () => ({ tenant: 'acme' }), resources: { User } })
    const made = await plain.scim.post('/Users', { schemas: [USER_SCHEMA], userName: 'v@x' })
    expect(made.status).toBe(201)
    expect(made.body.meta).not.toHaveProperty('version')
    expect((await plain.scim.get('/ServiceProviderConfig')).body.etag.supported).toBe(false)
  })
})

describe('SQLite behind a query builder', () => {
  const open = sqliteInMemory()
  const declared = {
    User: {
      table: 'accounts',
      scope: { org: tenant },
      attributes: {
        id: { column: 'id', type: 'integer' },
        'meta.version': 'revision',
        userName: 'email',
        active: 'enabled',
      },
    },
  } as const

  /** Runs statements and transactions as a query builder does, in a line of its own. */
  function builder(connection: OpenSqlite): TransactionRunner & { readonly transactions: () => number } {
    let begun = 0
    let line: Promise<unknown> = Promise.resolve()
    const query: TransactionRunner['query'] = async (text, values = []) => {
      const statement = connection.prepare(text)
      if (statement.reader === false) statement.run(values)
      return { rows: statement.reader === false ? [] : (statement.all(values) as object[]) }
    }
    const inLine = <T>(work: () => Promise<T>): Promise<T> => {
      const done = line.then(work)
      line = done.catch(() => undefined)
      return done
    }
    const transaction: TransactionRunner['transaction'] = (work) =>
      inLine(async () => {
        begun += 1
        connection.exec('BEGIN')
        try {
          const result = await work({ query })
          connection.exec('COMMIT')
          return result
        } catch (error) {
          connection.exec('ROLLBACK')
          throw error
        }
      })
    return { query: (text, values) => inLine(() => query(text, values)), transaction, transactions: () => begun }
  }

  test('its statements and transactions are used, and its errors told apart', async () => {
    const connection = open()
    connection.exec(TABLES)
    const database = builder(connection)
    const resources = mappedResources({ database }, declared)
    const app = await startApp({ authenticate: () => ({ tenant: 'acme' }), resources })
    const babs = { schemas: [USER_SCHEMA], userName: 'babs', active: true }
    const { body } = await app.scim.post('/Users', babs)
    expect(body).toMatchObject({ userName: 'babs', active: true })
    const again = await app.scim.post('/Users', babs)
    expect({ status: again.status, scimType: again.body.scimType }).toEqual({ status: 409, scimType: 'uniqueness' })
    const off = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'active', value: false }] }
    expect((await app.scim.patch(`/Users/${body.id}`, off)).body.active).toBe(false)
    expect((await app.scim.get('/Users?filter=active%20eq%20false')).body.totalResults).toBe(1)
    expect(database.transactions()).toBeGreaterThan(0)
  })

  test('what runs no statements is refused at start', () => {
    const database = { transaction: async () => undefined } as never
    expect(() => mappedResources({ database }, declared)).toThrow(
      /must be a connection with prepare\(text\), .* or have query/,
    )
  })
})
