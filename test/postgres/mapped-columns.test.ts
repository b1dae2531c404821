import { EnterpriseUser } from '../../src/index.js'
import { mappedResources, tenant } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { type CountedPool, countedPool } from '../support/counted-pool.js'
import { testDatabase } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const OWN = 'urn:example:Own'

describe('existing tables with columns of many types', () => {
  const database = testDatabase()
  let pool: CountedPool
  let app: App
  let users = 0

  beforeAll(async () => {
    const { schema } = database
    await database.pool.query(`
      SET search_path TO "${schema}";
      CREATE TYPE kind AS ENUM ('Employee', 'Contractor');
      CREATE TABLE accounts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        org text NOT NULL,
        email text NOT NULL,
        manager bigint REFERENCES accounts,
        kind kind,
        hired timestamptz,
        name json,
        phones json,
        updated_at timestamptz NOT NULL DEFAULT now(),
        scim json
      );
      CREATE UNIQUE INDEX ON accounts (org, lower(email));
      CREATE TABLE emails (account_id bigint NOT NULL REFERENCES accounts, address text NOT NULL UNIQUE, label text, kind text, main boolean, verified boolean NOT NULL DEFAULT false);
      CREATE TABLE teams (id text PRIMARY KEY, org text NOT NULL, name text NOT NULL);
      CREATE TABLE team_members (team_id text NOT NULL REFERENCES teams, account_id bigint REFERENCES accounts);
      CREATE TABLE squads (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text NOT NULL, name text NOT NULL);
      CREATE TABLE squad_members (squad_id bigint NOT NULL REFERENCES squads, account_id bigint NOT NULL REFERENCES accounts);
      RESET search_path`)
    pool = countedPool(database.pool)
    const scope = { org: tenant } as const
    const userType = {
      table: `${schema}.accounts`,
      scope,
      extensions: [EnterpriseUser, { id: OWN, attributes: [{ name: 'hired', type: 'dateTime' }] }],
      attributes: {
        id: { column: 'id', type: 'integer' },
        userName: 'email',
        [`${EnterpriseUser.id}:manager.value`]: { column: 'manager', type: 'integer' },
        userType: { column: 'kind', expression: (column: string) => `${column}::text` },
        [`${OWN}:hired`]: 'hired',
        name: { json: 'name' },
        phoneNumbers: { json: 'phones' },
        emails: {
          table: `${schema}.emails`,
          on: { account_id: 'id' },
          attributes: { value: 'address', display: 'label', type: 'kind', primary: 'main' },
        },
        'meta.lastModified': 'updated_at',
        '*': { json: 'scim' },
      },
    } as const
    const members = { table: `${schema}.team_members`, on: { team_id: 'id' }, references: { User: 'account_id' } }
    const squadMembers = {
      table: `${schema}.squad_members`,
      on: { squad_id: 'id' },
      references: { User: 'account_id' },
    }
    let teams = 0
    const teamId = (): string => {
      teams += 1
      return `Team${teams}`
    }
    const { User, Group } = mappedResources(
      { pool },
      {
        User: userType,
        Group: {
          table: `${schema}.teams`,
          scope,
          attributes: { id: { column: 'id', write: teamId }, displayName: 'name', members },
        },
      },
    )
    const { Group: Squad } = mappedResources(
      { pool },
      {
        User: userType,
        Group: {
          table: `${schema}.squads`,
          scope,
          attributes: { id: { column: 'id', type: 'integer' }, displayName: 'name', members: squadMembers },
        },
      },
    )
    app = await startApp({
      authenticate: () => ({ tenant: 'acme' }),
      cursor: { secrets: ['a secret of the tests, long enough for it'] },
      resources: { User, Group, Squad: { ...Squad, endpoint: '/Squads' } },
      on: { error: () => undefined },
    })
  })
  afterAll(() => app?.close())

  const post = (rest: object = {}) => {
    users += 1
    return app.scim.post('/Users', { schemas: [USER], userName: `user${users}`, ...rest })
  }
  const patch = (path: string, ...Operations: unknown[]) => app.scim.patch(path, { schemas: [PATCH_OP], Operations })
  const find = async (path: string, filter: string): Promise<unknown> => {
    const { status, body } = await app.scim.get(`${path}?filter=${encodeURIComponent(filter)}`)
    return status === 200 ? body.Resources.map(({ id }: { id: string }) => id) : body
  }

  test('a walk sorted by any column meets everybody once: by microseconds, by ids that are numbers, by JSON', async () => {
    const ids: string[] = []
    for (let index = 0; index < 11; index++) ids.push((await post({ userType: 'Employee' })).body.id)
    await database.pool.query(
      `UPDATE "${database.schema}".accounts SET updated_at = '2024-01-01T00:00:00.123Z'::timestamptz + (id || ' microseconds')::interval`,
    )
    const walk = async (sortBy: string, sortOrder: string): Promise<string[]> => {
      const seen: string[] = []
      for (let cursor = '', pages = 0; pages < 20; pages++) {
        const query = `sortBy=${sortBy}&sortOrder=${sortOrder}&count=2&cursor=${encodeURIComponent(cursor)}`
        const { status, body } = await app.scim.get(`/Users?${query}`)
        expect({ sortBy, status }).toEqual({ sortBy, status: 200 })
        seen.push(...body.Resources.map(({ id }: { id: string }) => id))
        cursor = body.nextCursor
        if (cursor === undefined) break
      }
      return seen
    }
    expect(await walk('meta.lastModified', 'ascending')).toEqual(ids)
    expect(await walk('meta.lastModified', 'descending')).toEqual([...ids].reverse())
    // The ids are sorted as texts: 10 comes before 9.
    expect(await walk('id', 'ascending')).toEqual([...ids].sort())
    expect(await walk('id', 'descending')).toEqual([...ids].sort().reverse())
    for (const sortBy of [
      `${EnterpriseUser.id}:manager.value`,
      'userType',
      'name.givenName',
      'phoneNumbers',
      'title',
    ]) {
      expect((await walk(sortBy, 'ascending')).sort()).toEqual([...ids].sort())
    }
  })

  test('what a column does not take is the client’s error, told by the attribute where the database tells it', async () => {
    const manager = (value: string) => ({ [EnterpriseUser.id]: { manager: { value } } })
    const hired = (value: string) => ({ [OWN]: { hired: value } })
    for (const rest of [
      manager('bob'),
      { userType: 'Robot' },
      hired('0000-01-01T00:00:00Z'),
      hired('-0001-01-01T00:00:00Z'),
      { userName: Array.from({ length: 6_000 }, (_, index) => `${(index * 7919) % 6007}`).join('') },
      { userName: 'half\ud800' },
      { title: 'half\ud800' },
      { title: 'nul\u0000' },
      { name: { givenName: 'nul\u0000' } },
      { phoneNumbers: [{ value: 'half\udc00' }] },
      { emails: [{ value: 'half\ud800@example.com' }] },
    ]) {
      const { status, body } = await post(rest)
      expect({ rest, status, scimType: body.scimType }).toEqual({ rest, status: 400, scimType: 'invalidValue' })
    }
    expect((await post(manager('999999'))).body.detail).toContain('manager.value" refers to something')
    expect((await post({ emails: [{ type: 'work' }] })).body).toMatchObject({
      status: '400',
      detail: expect.stringContaining('"emails"'),
    })
    await post({ emails: [{ value: 'taken@example.com' }] })
    expect((await post({ emails: [{ value: 'taken@example.com' }] })).body).toMatchObject({
      status: '409',
      detail: expect.stringContaining('"emails"'),
    })
    expect(await find('/Users', 'title co "l" or name.givenName pr')).toEqual([])
  })

  test('columns of type json and enum, and references, are filtered in the database', async () => {
    const boss = (await post()).body.id
    const { id } = (
      await post({
        name: { givenName: 'Ann' },
        phoneNumbers: [{ value: '+1', type: 'work' }],
        roles: [{ value: 'Admin' }],
        userType: 'Contractor',
        [EnterpriseUser.id]: { manager: { value: boss } },
      })
    ).body
    pool.take()
    for (const filter of [
      'name.givenName eq "ann"',
      'phoneNumbers[value sw "+" and type eq "WORK"]',
      'phoneNumbers pr',
      'roles.value eq "admin"',
      'userType eq "contractor"',
      `${EnterpriseUser.id}:manager.value eq "${boss}"`,
      `${EnterpriseUser.id}:manager pr`,
    ]) {
      expect({ filter, ids: await find('/Users', filter) }).toEqual({ filter, ids: [id] })
    }
    const lists = pool.take().filter((text) => text.includes('accounts" AS r'))
    expect(lists.length).toBeGreaterThan(0)
    expect(lists.filter((text) => !text.includes(' AND ('))).toEqual([])
    expect(await find('/Users', `${EnterpriseUser.id}:manager.value eq "bob"`)).toEqual([])
  })

  test('groups of users are no part of the column for all the rest', async () => {
    const { id } = (await post()).body
    const team = (await app.scim.post('/Groups', { schemas: [GROUP], displayName: 'Crew', members: [{ value: id }] }))
      .body
    expect(team.id).toMatch(/^Team/)
    for (const filter of [
      'groups pr',
      'groups.display eq "crew"',
      'groups[type eq "direct"]',
      'groups.value sw "team"',
      `groups.value eq "${team.id}"`,
      `groups.value eq "${team.id.toUpperCase()}"`,
      `groups[value eq "${team.id.toLowerCase()}"]`,
    ]) {
      expect({ filter, ids: await find('/Users', filter) }).toEqual({ filter, ids: [id] })
    }
    expect(await find('/Users', 'groups.value ne "x"')).toContain(id)
    expect(await find('/Users', 'not (groups pr)')).not.toContain(id)
    expect(await find('/Groups', `members.value eq "${id}"`)).toEqual([team.id])
  })

  test('rows of values that stay keep what else they have, however many values there are', async () => {
    const emails = Array.from({ length: 1_200 }, (_, index) => ({
      value: `${index}@x.com`,
      display: 'M',
      type: 'work',
      primary: index === 0,
    }))
    pool.take()
    const made = await post({ emails })
    expect(made.status).toBe(201)
    // A statement has room for 65,535 values.
    expect(pool.take().filter((text) => text.startsWith('INSERT') && text.includes('emails')).length).toBe(3)
    const path = `/Users/${made.body.id}`
    const verified = async (): Promise<unknown[]> =>
      (
        await database.pool.query(
          `SELECT address FROM "${database.schema}".emails WHERE account_id = $1 AND verified ORDER BY address`,
          [made.body.id],
        )
      ).rows.map(({ address }) => address)
    await database.pool.query(
      `UPDATE "${database.schema}".emails SET verified = true WHERE address IN ('1@x.com', '2@x.com', '3@x.com')`,
    )
    await patch(path, { op: 'add', path: 'emails', value: [{ value: 'new@example.com' }] })
    await patch(path, { op: 'replace', path: 'emails[value eq "2@x.com"].type', value: 'home' })
    await patch(path, { op: 'remove', path: 'emails[value eq "3@x.com"]' })
    expect(await verified()).toEqual(['1@x.com'])
    const stored = (await app.scim.get(path)).body.emails
    expect(stored.length).toBe(1_200)
    expect(stored).toContainEqual({ value: '2@x.com', display: 'M', type: 'home', primary: false })
    await app.scim.put(path, { schemas: [USER], userName: 'replaced', emails: [emails[1], emails[1]] })
    expect((await app.scim.get(path)).body.emails).toEqual([emails[1]])
    expect(await verified()).toEqual(['1@x.com'])
    await patch(path, { op: 'remove', path: 'emails' })
    expect((await app.scim.get(path)).body).not.toHaveProperty('emails')
  })

  test('a change writes the row once, whatever of it changes', async () => {
    const { id } = (await post()).body
    const team = (await app.scim.post('/Groups', { schemas: [GROUP], displayName: 'Once' })).body
    const updates = (): number => pool.take().filter((text) => text.startsWith('UPDATE')).length
    updates()
    await patch(
      `/Groups/${team.id}`,
      { op: 'add', path: 'members', value: [{ value: id }] },
      { op: 'replace', path: 'displayName', value: 'Renamed' },
    )
    expect(updates()).toBe(1)
    await patch(
      `/Users/${id}`,
      { op: 'add', path: 'name.givenName', value: 'Once' },
      { op: 'add', value: { title: 'x' } },
    )
    expect(updates()).toBe(1)
    await app.scim.put(`/Users/${id}`, { schemas: [USER], userName: 'once' })
    expect(updates()).toBe(1)
    expect((await app.scim.get(`/Groups/${team.id}`)).body).toMatchObject({
      displayName: 'Renamed',
      members: [{ value: id }],
    })
  })

  test('a user may have the number that the group has in its own table', async () => {
    const squad = (await app.scim.post('/Squads', { schemas: [GROUP], displayName: 'One' })).body
    expect((await app.scim.get(`/Users/${squad.id}`)).status).toBe(200)
    const added = await patch(`/Squads/${squad.id}`, { op: 'add', path: 'members', value: [{ value: squad.id }] })
    expect(added.status).toBe(204)
    expect((await app.scim.get(`/Squads/${squad.id}`)).body.members).toMatchObject([{ value: squad.id, type: 'User' }])
  })
})
