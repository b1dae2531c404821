import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MappedType, mappedResources, tenant } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { testDatabase } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/** The SQL that docs/postgres.md gives for versions. */
const [TRIGGERS = ''] =
  /(?<=```sql\n)CREATE FUNCTION count_up[\s\S]*?(?=```)/.exec(
    readFileSync(join(__dirname, '../../docs/postgres.md'), 'utf8'),
  ) ?? []

describe('versions of resources whose other tables the application writes', () => {
  const database = testDatabase()
  let app: App | undefined

  beforeEach(async () => {
    const { pool, schema } = database
    await pool.query(`DROP SCHEMA "${schema}" CASCADE; CREATE SCHEMA "${schema}"`)
    await sql(`
      CREATE TABLE accounts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), org_id text, email text, revision integer NOT NULL DEFAULT 1);
      CREATE TABLE account_emails (account_id uuid REFERENCES accounts, address text, note text);
      CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org_id text, name text, revision integer NOT NULL DEFAULT 1);
      CREATE TABLE team_members (team_id bigint REFERENCES teams, account_id uuid REFERENCES accounts)`)
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
  })

  const sql = (text: string): Promise<unknown> =>
    database.pool.query(`SET search_path TO "${database.schema}"; ${text}; RESET search_path`)
  const resourcesWith = (version: MappedType['attributes']) => {
    const { pool, schema } = database
    const emails = {
      table: `${schema}.account_emails`,
      on: { account_id: 'id' },
      attributes: { value: 'address' },
    }
    const members = { table: `${schema}.team_members`, on: { team_id: 'id' }, references: { User: 'account_id' } }
    return mappedResources(
      { pool },
      {
        User: {
          table: `${schema}.accounts`,
          scope: { org_id: tenant },
          attributes: { id: { column: 'id', type: 'uuid' }, userName: 'email', emails, ...version },
        },
        Group: {
          table: `${schema}.teams`,
          scope: { org_id: tenant },
          attributes: { id: { column: 'id', type: 'integer' }, displayName: 'name', members, ...version },
        },
      },
    )
  }
  const open = async (version: MappedType['attributes']) => {
    app = await startApp({ authenticate: () => ({ tenant: 'a' }), resources: resourcesWith(version) })
    const { scim } = app
    const [one, two] = await Promise.all(
      ['one', 'two'].map(
        async (userName) =>
          (await scim.post('/Users', { schemas: [USER], userName, emails: [{ value: `${userName}@x` }] })).body
            .id as string,
      ),
    )
    const team = (await scim.post('/Groups', { schemas: [GROUP], displayName: 'T', members: [{ value: one }] })).body.id
    return { scim, one, two, user: `/Users/${one}`, group: `/Groups/${team}`, team }
  }

  test('of users change with their rows of values; a PUT with the old one is 412 and takes nothing away', async () => {
    const { scim, user, one } = await open({})
    let last = ''
    for (const statement of [
      `INSERT INTO account_emails VALUES ('${one}', 'more@x')`,
      "UPDATE account_emails SET address = 'less@x' WHERE address = 'more@x'",
      "DELETE FROM account_emails WHERE address = 'less@x'",
      'DELETE FROM account_emails',
    ]) {
      const tag = (await scim.get(user)).headers.get('etag') as string
      expect(tag).not.toBe(last)
      last = tag
      const asked = { headers: { 'If-None-Match': tag } }
      const headers = { 'If-Match': tag }
      expect((await scim.get(user, asked)).status).toBe(304)
      await sql(statement)
      expect((await scim.get(user, asked)).status).toBe(200)
      const { version } = (await scim.get(`/Users?filter=userName eq "one"`)).body.Resources[0].meta
      expect(version).not.toBe(tag)
      expect((await scim.put(user, { schemas: [USER], userName: 'one' }, { headers })).status).toBe(412)
      expect((await scim.delete(user, { headers })).status).toBe(412)
    }
    const tag = (await scim.get(user)).headers.get('etag') as string
    await sql("UPDATE account_emails SET note = 'not shown'")
    const put = await scim.put(user, { schemas: [USER], userName: 'new' }, { headers: { 'If-Match': tag } })
    expect([put.status, put.headers.get('etag')]).toEqual([200, (await scim.get(user)).headers.get('etag')])
  })

  test('of groups are not promised without a column', async () => {
    const resources = resourcesWith({})
    expect([resources.User.supports, resources.Group.supports]).toEqual([
      { versions: true, cursor: 'both' },
      { versions: false, cursor: 'both' },
    ])
    expect(resources.Group.adapter.supports).toEqual(resources.Group.supports)
    const { scim, group } = await open({})
    const answer = await scim.get(group)
    expect([answer.status, answer.headers.get('etag'), answer.body.meta.version]).toEqual([200, null, undefined])
    expect((await scim.get(group, { headers: { 'If-None-Match': '*' } })).status).toBe(200)
    expect((await scim.get('/ServiceProviderConfig')).body.etag).toEqual({ supported: false })
  })

  test('are counted by the triggers of docs/postgres.md, whoever writes what', async () => {
    await sql(TRIGGERS)
    for (const name of ['count_up_teams', 'count_up_accounts']) {
      await sql(`ALTER FUNCTION ${name} SET search_path = "${database.schema}"`)
    }
    const { scim, user, group, one, two, team } = await open({ 'meta.version': 'revision' })
    const version = async (path: string): Promise<string> => (await scim.get(path)).headers.get('etag') as string
    for (const [path, statement] of [
      [group, `INSERT INTO team_members VALUES (${team}, '${two}')`],
      [group, `UPDATE team_members SET account_id = '${two}'`],
      [group, `DELETE FROM team_members WHERE account_id = '${two}'`],
      [group, "UPDATE teams SET name = 'Other'"],
      [user, `INSERT INTO account_emails VALUES ('${one}', 'more@x')`],
      [user, 'DELETE FROM account_emails'],
      [user, "UPDATE accounts SET email = email || '!'"],
    ] as const) {
      const tag = await version(path)
      const asked = { headers: { 'If-None-Match': tag } }
      const headers = { 'If-Match': tag }
      expect([statement, (await scim.get(path, asked)).status]).toEqual([statement, 304])
      await sql(statement)
      expect([statement, (await scim.get(path, asked)).status]).toEqual([statement, 200])
      const body = path === group ? { schemas: [GROUP], displayName: 'P' } : { schemas: [USER], userName: 'p' }
      expect([statement, (await scim.put(path, body, { headers })).status]).toEqual([statement, 412])
    }
    const Operations = [{ op: 'add', path: 'members', value: [{ value: one }] }]
    const patched = await scim.patch(group, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations })
    expect([patched.status, patched.headers.get('etag')]).toEqual([204, await version(group)])
    const put = await scim.put(user, { schemas: [USER], userName: 'put', emails: [{ value: 'put@x' }] })
    expect([put.status, put.headers.get('etag')]).toEqual([200, await version(user)])
  })
})
