import { mappedResources, tenant } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { testDatabase } from '../support/postgres.js'

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/**
 * Two tenants whose ids are the same numbers, and rows of the tenant's own that its scope leaves out: accounts and
 * teams of another kind, and deleted rows. The name of every row that the client must not see has the word "hidden".
 * There are no foreign keys, which would refuse statements that must not even be tried.
 */
const TABLES = `
  CREATE SEQUENCE ids START 1000;
  CREATE TABLE accounts (
    org text, id bigint DEFAULT nextval('ids'), kind text, email text, external_id text, manager bigint,
    deleted_at timestamptz, scim jsonb, PRIMARY KEY (org, id));
  CREATE UNIQUE INDEX ON accounts (org, kind, lower(email)) WHERE deleted_at IS NULL;
  CREATE TABLE emails (org text, account bigint, address text);
  CREATE TABLE teams (
    org text, id bigint DEFAULT nextval('ids'), kind text, name text, deleted_at timestamptz, PRIMARY KEY (org, id));
  CREATE TABLE members (org text, team bigint, account bigint, child bigint, role text);
  INSERT INTO accounts
    SELECT org, id, CASE id WHEN 4 THEN 'manual' ELSE 'scim' END,
      CASE WHEN org = 'a' AND id < 4 THEN '' ELSE 'hidden-' END || 'user' || id, 'x' || id, 1,
      CASE id WHEN 5 THEN timestamptz '2020-01-01' END,
      jsonb_build_object('nickName', CASE WHEN org = 'a' AND id < 4 THEN 'n' ELSE 'hidden' END,
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', '{"manager":{"value":"1"}}'::jsonb)
    FROM unnest(ARRAY['a', 'b']) AS org, generate_series(1, 5) AS id;
  INSERT INTO emails SELECT org, id, CASE WHEN org = 'a' AND id < 4 THEN '' ELSE 'hidden' END || id || '@x' FROM accounts;
  INSERT INTO teams
    SELECT org, id, CASE id WHEN 103 THEN 'manual' ELSE 'scim' END,
      CASE WHEN org = 'a' AND id < 103 THEN '' ELSE 'hidden-' END || 'team' || id,
      CASE id WHEN 104 THEN timestamptz '2020-01-01' END
    FROM unnest(ARRAY['a', 'b']) AS org, generate_series(101, 104) AS id;
  INSERT INTO members
    SELECT org, team, account, NULL, 'owner' FROM unnest(ARRAY['a', 'b']) AS org, generate_series(101, 104) AS team,
      generate_series(1, 5) AS account WHERE NOT (team = 102 AND account = 2);
  INSERT INTO members
    SELECT org, team, NULL, child, 'nested' FROM unnest(ARRAY['a', 'b']) AS org, generate_series(101, 104) AS team,
      generate_series(101, 104) AS child WHERE team <> child;`

/** All rows outside the client's scope, each with the transaction that wrote it last. */
const OTHERS = `
  WITH own_accounts AS (SELECT id FROM accounts WHERE org = 'a' AND kind = 'scim' AND id <> 5),
    own_teams AS (SELECT id FROM teams WHERE org = 'a' AND kind = 'scim' AND id <> 104)
  SELECT 'account ' || a.xmin || a::text AS line FROM accounts AS a WHERE NOT (org = 'a' AND kind = 'scim' AND id <> 5)
  UNION ALL SELECT 'team ' || t.xmin || t::text FROM teams AS t WHERE NOT (org = 'a' AND kind = 'scim' AND id <> 104)
  UNION ALL SELECT 'email ' || e.xmin || e::text FROM emails AS e WHERE NOT (org = 'a' AND account NOT IN (4, 5))
  UNION ALL SELECT 'member ' || m.xmin || m::text FROM members AS m
    WHERE NOT (org = 'a' AND team NOT IN (103, 104) AND coalesce(account, 0) NOT IN (4, 5) AND coalesce(child, 0) NOT IN (103, 104))
  ORDER BY line`

describe.each(['removed', 'marked as deleted'] as const)('what is not the client’s own, where rows are %s', (way) => {
  const database = testDatabase()
  let app: App
  const sql = async (text: string): Promise<readonly { readonly line: string }[]> => {
    const results = await database.pool.query(`SET search_path TO "${database.schema}"; ${text}; RESET search_path`)
    return (results as unknown as { rows: { line: string }[] }[])[1]?.rows ?? []
  }
  const others = async (): Promise<readonly string[]> => (await sql(OTHERS)).map(({ line }) => line)

  beforeEach(async () => {
    const { pool, schema } = database
    await pool.query(`DROP SCHEMA "${schema}" CASCADE; CREATE SCHEMA "${schema}"`)
    await pool.query(`SET search_path TO "${schema}"; ${TABLES} RESET search_path`)
    const common = {
      scope: { org: tenant, kind: 'scim' },
      ...(way === 'marked as deleted' && { deleted: 'deleted_at' }),
    } as const
    const id = { column: 'id', type: 'integer' } as const
    // Where rows are removed, the marked ones are left out by a value of the scope.
    if (way === 'removed')
      await sql("UPDATE accounts SET kind = 'old' WHERE id = 5; UPDATE teams SET kind = 'old' WHERE id = 104")
    const resources = mappedResources(
      { pool },
      {
        User: {
          ...common,
          table: `${schema}.accounts`,
          attributes: {
            id,
            userName: 'email',
            externalId: 'external_id',
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value': {
              column: 'manager',
              type: 'integer',
            },
            emails: { table: `${schema}.emails`, on: { org: 'org', account: 'id' }, attributes: { value: 'address' } },
            '*': { json: 'scim' },
          },
        },
        Group: {
          ...common,
          table: `${schema}.teams`,
          attributes: {
            id,
            displayName: 'name',
            members: {
              table: `${schema}.members`,
              on: { org: 'org', team: 'id' },
              references: { User: 'account', Group: 'child' },
            },
          },
        },
      },
    )
    app = await startApp({ authenticate: () => ({ tenant: 'a' }), resources })
  })
  afterEach(() => app.close())

  const patch = (path: string, ...operations: readonly unknown[]): Promise<Answer> =>
    app.scim.patch(path, { schemas: [PATCH_OP], Operations: operations })
  const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] }
  const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] }
  const list = async (path: string): Promise<Answer> => {
    const answer = await app.scim.get(path)
    expect({ path, status: answer.status }).toEqual({ path, status: 200 })
    return answer
  }

  test('reading shows nothing of it, by whatever filter', async () => {
    const before = await others()
    const users = await list('/Users?sortBy=userName')
    expect(users.body.Resources.map(({ id }: { id: string }) => id)).toEqual(['1', '2', '3'])
    expect(users.body.Resources[0].groups.map(({ value }: { value: string }) => value)).toEqual(['101', '102'])
    for (const path of [
      '/Users?filter=groups.value eq "101"',
      '/Users?filter=groups.display co "team" and userName pr',
      '/Users?filter=emails.value co "@" or not (emails pr)',
      '/Groups?filter=members.value eq "1"',
      '/Groups?filter=members.display co "user"',
      '/Groups?filter=not (members.value eq "77")',
      '/Groups?sortBy=displayName',
      '/Users/1',
      '/Groups/101',
    ]) {
      const { text } = await list(path)
      expect(text).not.toContain('hidden')
    }
    for (const path of ['/Groups/103', '/Groups/104', '/Users/4', '/Users/5']) {
      expect((await app.scim.get(path)).status).toBe(404)
    }
    expect(await others()).toEqual(before)
  })

  test('a filter finds the members that GET shows, and no others', async () => {
    const groups: readonly { id: string; members?: readonly { value: string; type: string }[] }[] = (
      await list('/Groups?sortBy=displayName')
    ).body.Resources
    const find = async (filter: string): Promise<readonly string[]> =>
      (await list(`/Groups?sortBy=displayName&filter=${filter}`)).body.Resources.map(({ id }: { id: string }) => id)
    for (const id of ['1', '2', '3', '4', '5', '101', '102', '103', '104', '7']) {
      const holding = groups
        .filter(({ members = [] }) => members.some(({ value }) => value === id))
        .map((one) => one.id)
      for (const filter of [`members eq "${id}"`, `members.value eq "${id}"`, `members[value eq "${id}"]`]) {
        expect({ filter, found: await find(filter) }).toEqual({ filter, found: holding })
      }
      const others = groups.filter((group) => !holding.includes(group.id)).map((one) => one.id)
      expect(await find(`not (members.value eq "${id}")`)).toEqual(others)
    }
    await sql('DELETE FROM members WHERE account < 4 OR child < 103')
    expect(await find('members pr or members.type eq "User" or members.type eq "Group"')).toEqual([])
  })

  test.each<readonly [string, () => Promise<Answer>, number]>([
    ['POST of a user', () => app.scim.post('/Users', { ...user, userName: 'new', emails: [{ value: 'n@x' }] }), 201],
    ['PUT of a user', () => app.scim.put('/Users/1', { ...user, userName: 'one', emails: [{ value: 'n@x' }] }), 200],
    ['PUT of a user without anything', () => app.scim.put('/Users/1', { ...user, userName: 'one' }), 200],
    [
      'PATCH of a user',
      () =>
        patch(
          '/Users/1',
          { op: 'replace', path: 'emails', value: [{ value: 'o@x' }] },
          { op: 'replace', path: 'nickName', value: 'o' },
        ),
      200,
    ],
    ['DELETE of a user', () => app.scim.delete('/Users/1'), 204],
    ['PUT of a user outside', () => app.scim.put('/Users/4', { ...user, userName: 'one' }), 404],
    ['PATCH of a user outside', () => patch('/Users/4', { op: 'add', path: 'nickName', value: 'o' }), 404],
    ['DELETE of a user outside', () => app.scim.delete('/Users/4'), 404],
    [
      'POST of a group',
      () => app.scim.post('/Groups', { ...group, displayName: 'new', members: [{ value: '1' }] }),
      201,
    ],
    [
      'PUT of a group',
      () => app.scim.put('/Groups/101', { ...group, displayName: 'one', members: [{ value: '3' }] }),
      200,
    ],
    ['PUT of a group without members', () => app.scim.put('/Groups/101', { ...group, displayName: 'one' }), 200],
    [
      'PATCH that adds a member',
      () => patch('/Groups/102', { op: 'add', path: 'members', value: [{ value: '2' }] }),
      204,
    ],
    ['PATCH that removes all members', () => patch('/Groups/101', { op: 'remove', path: 'members' }), 204],
    [
      'PATCH that replaces the members',
      () => patch('/Groups/101', { op: 'replace', path: 'members', value: [{ value: '1' }] }),
      204,
    ],
    [
      'PATCH that removes a member outside',
      () => patch('/Groups/101', { op: 'remove', path: 'members[value eq "4"]' }),
      204,
    ],
    [
      'PATCH that removes a group outside',
      () => patch('/Groups/101', { op: 'remove', path: 'members[value eq "103"]' }),
      204,
    ],
    [
      'PATCH that adds a member outside',
      () => patch('/Groups/101', { op: 'add', path: 'members', value: [{ value: '4' }] }),
      400,
    ],
    ['PUT of a group outside', () => app.scim.put('/Groups/103', { ...group, displayName: 'one' }), 404],
    ['PATCH of a group outside', () => patch('/Groups/103', { op: 'remove', path: 'members' }), 404],
    ['DELETE of a group outside', () => app.scim.delete('/Groups/103'), 404],
  ])('%s leaves it as it is, byte for byte', async (_title, send, status) => {
    const before = await others()
    expect((await send()).status).toBe(status)
    expect(await others()).toEqual(before)
  })

  test('DELETE of a group takes along nothing but the rows that say who is in it', async () => {
    const before = await others()
    expect((await app.scim.delete('/Groups/101')).status).toBe(204)
    const isOfTheGroup = (line: string): boolean => /^member \d+\(a,101,/.test(line)
    const kept = way === 'removed' ? before.filter((line) => !isOfTheGroup(line)) : before
    expect(await others()).toEqual(kept)
  })
})
