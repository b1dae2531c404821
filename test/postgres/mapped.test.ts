import { randomUUID } from 'node:crypto'
import type { CursorPage, IndexPage, PatchResult, Stored } from '../../src/adapter/contract.js'
import { Group, User } from '../../src/index.js'
import { mappedResources, tenant } from '../../src/postgres/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { startApp } from '../support/app.js'
import { callOf, patchFor, queryOf } from '../support/calls.js'
import { countedPool } from '../support/counted-pool.js'
import { testDatabase } from '../support/postgres.js'

const CALL = callOf()

describe('existing tables', () => {
  const database = testDatabase()

  beforeAll(() =>
    database.pool.query(`
      SET search_path TO "${database.schema}";
      CREATE TABLE accounts (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        org_id text NOT NULL,
        email text NOT NULL,
        first_name varchar(20),
        last_name text,
        age integer,
        salary numeric,
        disabled_at timestamptz,
        deleted_at timestamptz,
        hired_at timestamptz,
        last_login timestamptz,
        secret text,
        scim jsonb
      );
      CREATE UNIQUE INDEX ON accounts (org_id, lower(email)) WHERE deleted_at IS NULL;
      CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org_id text NOT NULL, name text NOT NULL CHECK (name <> 'forbidden'), revision integer NOT NULL DEFAULT 1);
      CREATE TABLE team_members (team_id bigint NOT NULL REFERENCES teams, account_id uuid NOT NULL REFERENCES accounts, added_at timestamptz DEFAULT now());
      RESET search_path`),
  )

  const staff = 'urn:example:Staff'
  const resources = (pool = database.pool as never) => {
    const { schema } = database
    return mappedResources(
      { pool },
      {
        User: {
          table: `${schema}.accounts`,
          scope: { org_id: tenant },
          deleted: 'deleted_at',
          extensions: [
            {
              id: staff,
              attributes: [
                { name: 'age', type: 'integer' },
                { name: 'salary', type: 'decimal' },
                { name: 'hired', type: 'dateTime' },
                { name: 'lastLogin', type: 'dateTime' },
                { name: 'nothing' },
              ],
            },
          ],
          attributes: {
            id: { column: 'id', type: 'uuid' },
            userName: 'email',
            'name.givenName': 'first_name',
            'name.familyName': 'last_name',
            active: {
              column: 'disabled_at',
              read: (at: Date | null) => at === null,
              write: (active: boolean | undefined) => (active === false ? new Date() : null),
              expression: (column) => `${column} IS NULL`,
            },
            password: {
              column: 'secret',
              write: (password: string | undefined) => password && `hash:${password.length}`,
            },
            [`${staff}:age`]: 'age',
            [`${staff}:salary`]: 'salary',
            [`${staff}:hired`]: 'hired_at',
            [`${staff}:lastLogin`]: { column: 'last_login', readOnly: true },
          },
        },
        Group: {
          table: `${schema}.teams`,
          scope: { org_id: tenant },
          attributes: {
            id: { column: 'id', type: 'integer' },
            displayName: 'name',
            'meta.version': 'revision',
            members: { table: `${schema}.team_members`, on: { team_id: 'id' }, references: { User: 'account_id' } },
          },
        },
      },
    )
  }
  const users = () => resources().User.adapter
  const groups = () => resources().Group.adapter
  const userType = () => resourceSchema(resources().User.schema, resources().User.extensions)
  const groupType = () => resourceSchema(resources().Group.schema)
  const row = async (id: unknown): Promise<any> =>
    (await database.pool.query(`SELECT * FROM "${database.schema}".accounts WHERE id = $1`, [id])).rows[0]
  const find = async (filter: string): Promise<unknown[]> => {
    const page = (await users().list(queryOf(userType(), { filter }), CALL)) as IndexPage
    return [...page.resources].map(({ id }) => id)
  }

  test('columns are attributes, in both directions, and /Schemas has what the tables can hold', async () => {
    const hired = '2020-02-29T12:00:00Z'
    const draft = {
      userName: 'Babs@example.com',
      name: { givenName: 'Barbara', familyName: 'Jensen' },
      active: true,
      [staff]: { age: 41, salary: 0.5, hired },
    }
    const made = (await users().create(draft as never, CALL)) as Stored
    expect(made).toMatchObject({ ...draft, [staff]: { age: 41, salary: 0.5, hired: new Date(hired) } })
    expect(await row(made.id)).toMatchObject({
      org_id: 'acme',
      email: 'Babs@example.com',
      first_name: 'Barbara',
      age: 41,
    })
    const { User: entry } = resources()
    expect(entry.schema.attributes.map(({ name }) => name)).toEqual([
      'userName',
      'name',
      'active',
      'password',
      'groups',
    ])
    expect(entry.schema.attributes[1]?.subAttributes?.map(({ name }) => name)).toEqual(['familyName', 'givenName'])
    expect(entry.extensions[0]?.schema.attributes.map(({ name, mutability }) => [name, mutability])).toEqual([
      ['age', undefined],
      ['salary', undefined],
      ['hired', undefined],
      ['lastLogin', 'readOnly'],
    ])
    const app = await startApp({ authenticate: () => ({ tenant: 'acme' }), resources: resources() })
    try {
      expect((await app.scim.get(`/Schemas/${User.id}`)).text).not.toContain('nickName')
      expect((await app.scim.get(`/Users/${made.id}`)).body).toMatchObject({
        userName: 'Babs@example.com',
        [staff]: { age: 41 },
      })
      expect((await app.scim.get('/Groups/0')).status).toBe(404)
      expect((await app.scim.get('/Users/0')).status).toBe(404)
    } finally {
      await app.close()
    }
  })

  test('filters and orders are said in SQL, by the columns', async () => {
    const made = await users().create(
      {
        userName: 'Filter@example.com',
        active: false,
        [staff]: { age: 7, salary: 1.25, hired: '2001-01-01T00:00:00.123Z' },
      } as never,
      CALL,
    )
    const id = String(made.id)
    await database.pool.query(
      `UPDATE "${database.schema}".accounts SET hired_at = hired_at + interval '456 microseconds' WHERE id = $1`,
      [id],
    )
    for (const filter of [
      'userName eq "filter@EXAMPLE.com"',
      'active eq false',
      `${staff}:age eq 7`,
      `${staff}:age lt 7.5 and ${staff}:age gt 6`,
      `${staff}:salary eq 1.25`,
      `${staff}:hired eq "2001-01-01T00:00:00.123Z"`,
      `${staff}:hired lt "2001-01-01T00:00:00.1231Z" and ${staff}:hired ge "2001-01-01T00:00:00.123Z"`,
      `id eq "${id}"`,
      `id sw "${id.slice(0, 20)}"`,
      `not (name pr) and ${staff} pr`,
      'meta.resourceType eq "User" and userName co "FILTER"',
    ]) {
      expect({ filter, found: await find(`userName co "filter" and (${filter})`) }).toEqual({ filter, found: [id] })
    }
    expect(await find(`id eq "${id.toUpperCase()}"`)).toEqual([])
    expect(await find('id eq "0" or id eq "x"')).toEqual([])
    const sort = { attribute: userType().find({ urn: staff, name: 'age', sub: undefined }), order: 'ascending' }
    const first = (await users().list(
      queryOf(userType(), { pagination: 'cursor', count: 1, sort }),
      CALL,
    )) as CursorPage
    expect([...first.resources].map((one) => one.id)).toEqual([id])
    const next = (await users().list(
      queryOf(userType(), { pagination: 'cursor', count: 5, sort, after: first.next }),
      CALL,
    )) as CursorPage
    expect([...next.resources].length).toBeGreaterThan(0)
    expect([...next.resources].map((one) => one.id)).not.toContain(id)
    const foreign = users().list(queryOf(userType(), { pagination: 'cursor', count: 1, after: ['0'] }), CALL)
    await expect(foreign).rejects.toMatchObject({ scimType: 'invalidCursor' })
  })

  test('only what has changed is written: columns remember when something happened', async () => {
    const made = await users().create(
      { userName: 'twice@example.com', active: false, name: { givenName: 'A', familyName: 'B' } } as never,
      CALL,
    )
    const id = String(made.id)
    const before = await row(id)
    const patch = (...operations: unknown[]) =>
      users().patch?.(id, patchFor(userType(), ...operations), CALL) as Promise<PatchResult>
    const changed = await patch(
      { op: 'replace', path: 'name.givenName', value: 'C' },
      { op: 'replace', path: 'active', value: false },
    )
    expect(changed).toMatchObject({
      changed: true,
      before: { active: false },
      resource: { name: { givenName: 'C', familyName: 'B' } },
    })
    expect(await row(id)).toMatchObject({ disabled_at: before.disabled_at, first_name: 'C', last_name: 'B' })
    expect(await patch({ op: 'replace', path: 'active', value: false })).toMatchObject({
      changed: false,
      version: changed.version,
    })
    await users().replace(id, { userName: 'twice@example.com', active: false } as never, CALL)
    expect(await row(id)).toMatchObject({ disabled_at: before.disabled_at, first_name: null, last_name: null })
    await patch({ op: 'replace', path: 'active', value: true })
    expect((await row(id)).disabled_at).toBeNull()
  })

  test('a password is written and never read; PUT and PATCH without one keep it', async () => {
    const made = await users().create({ userName: 'pw@example.com', password: 'secret' } as never, CALL)
    const id = String(made.id)
    expect(made).not.toHaveProperty('password')
    await users().replace(id, { userName: 'pw@example.com', name: { givenName: 'P' } } as never, CALL)
    await users().patch?.(id, patchFor(userType(), { op: 'add', path: 'name.givenName', value: 'Q' }), CALL)
    expect((await row(id)).secret).toBe('hash:6')
    const patched = await users().patch?.(
      id,
      patchFor(userType(), { op: 'replace', path: 'password', value: 'longer secret' }),
      CALL,
    )
    expect(JSON.stringify(patched)).not.toContain('hash:')
    expect((await row(id)).secret).toBe('hash:13')
    await users().patch?.(id, patchFor(userType(), { op: 'remove', path: 'password' }), CALL)
    expect((await row(id)).secret).toBeNull()
  })

  test('the scope holds for every statement, and a call without a tenant is refused', async () => {
    const other = callOf({ tenant: 'other' })
    const made = await users().create({ userName: 'scoped@example.com' } as never, CALL)
    const id = String(made.id)
    await users().create({ userName: 'scoped@example.com' } as never, other)
    expect(await users().get(id, other)).toBeUndefined()
    expect(await users().replace(id, { userName: 'x' } as never, other)).toBeUndefined()
    expect(
      await users().patch?.(id, patchFor(userType(), { op: 'replace', path: 'active', value: false }), other),
    ).toBeUndefined()
    expect(await users().delete(id, other)).toBe(false)
    const listed = (await users().list(
      queryOf(userType(), { filter: 'userName pr or not (userName pr)' }),
      other,
    )) as IndexPage
    expect([...listed.resources].map((one) => one['userName'])).toEqual(['scoped@example.com'])
    const team = await groups().create({ displayName: 'Theirs' } as never, other)
    const add = patchFor(groupType(), { op: 'add', path: 'members', value: [{ value: id }] })
    await expect(groups().patch?.(String(team.id), add, other)).rejects.toMatchObject({ status: 400 })
    await expect(users().list(queryOf(userType()), callOf({ tenant: undefined }))).rejects.toMatchObject({
      code: 'ERR_SCIM_OPTION',
    })
  })

  test('what a table refuses is the client’s error, told by the attribute', async () => {
    const made = await users().create({ userName: 'taken@example.com' } as never, CALL)
    await expect(users().create({ userName: 'TAKEN@example.com' } as never, CALL)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('"userName"'),
    })
    const long = { userName: 'long@example.com', name: { givenName: 'x'.repeat(21) } }
    await expect(users().create(long as never, CALL)).rejects.toMatchObject({ status: 400, scimType: 'invalidValue' })
    await expect(users().replace(String(made.id), {} as never, CALL)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('userName'),
    })
    await expect(groups().create({ displayName: 'forbidden' } as never, CALL)).rejects.toMatchObject({ status: 400 })
  })

  test('a deleted row stays, is nowhere to be seen, and its name is free', async () => {
    const made = await users().create({ userName: 'gone@example.com' } as never, CALL)
    const id = String(made.id)
    const team = await groups().create({ displayName: 'Left', members: [{ value: id }] } as never, CALL)
    expect(await users().delete(id, callOf({ ifMatch: ['stale'] }))).toBe('stale')
    expect(await users().delete(id, CALL)).toBe(true)
    expect((await row(id)).deleted_at).toBeInstanceOf(Date)
    expect(await users().get(id, CALL)).toBeUndefined()
    expect(await users().delete(id, CALL)).toBe(false)
    expect(await find('userName eq "gone@example.com"')).toEqual([])
    const left = (await groups().get(String(team.id), CALL)) as Stored
    expect(left).not.toHaveProperty('members')
    expect(left.meta?.version).toBe('2')
    await users().create({ userName: 'gone@example.com' } as never, CALL)
  })

  test('members are rows: told by name, changed one by one, found by filters, shown as groups', async () => {
    const made = await Promise.all(
      ['m1', 'm2', 'm3'].map((name) => users().create({ userName: `${name}@example.com` } as never, CALL)),
    )
    const ids = made.map(({ id }) => String(id))
    const team = await groups().create({ displayName: 'Team', members: [{ value: ids[0] }] } as never, CALL)
    const id = String(team.id)
    expect(team).toMatchObject({
      displayName: 'Team',
      members: [{ value: ids[0], type: 'User', display: 'm1@example.com' }],
      meta: { version: '1' },
    })
    const counted = countedPool(database.pool)
    const own = resources(counted as never).Group.adapter
    const patch = (...operations: unknown[]) =>
      own.patch?.(id, patchFor(groupType(), ...operations), CALL) as Promise<PatchResult>
    counted.take()
    expect(await patch({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) })).toMatchObject({
      changed: true,
      version: '2',
      changes: { members: { added: expect.arrayContaining([ids[1], ids[2]]), removed: [] } },
    })
    expect(counted.take().filter((text) => text.includes('jsonb_agg'))).toEqual([])
    expect(await patch({ op: 'add', path: 'members', value: [{ value: ids[1] }] })).toEqual({
      changed: false,
      version: '2',
    })
    expect(
      await patch(
        { op: 'remove', path: `members[value eq "${ids[0]}"]` },
        { op: 'replace', path: 'displayName', value: 'Crew' },
      ),
    ).toMatchObject({
      changes: { members: { added: [], removed: [ids[0]] } },
    })
    await expect(patch({ op: 'add', path: 'members', value: [{ value: randomUUID() }] })).rejects.toMatchObject({
      status: 400,
    })
    await expect(patch({ op: 'add', path: 'members', value: [{ value: 'x' }] })).rejects.toThrow(/"x"/)
    const search = async (filter: string) =>
      [...((await groups().list(queryOf(groupType(), { filter }), CALL)) as IndexPage).resources].map((one) => one.id)
    expect(await search(`members eq "${ids[1]}" and displayName eq "crew"`)).toEqual([id])
    expect(await search(`members[value eq "${ids[0]}"] and members pr`)).toEqual([])
    expect(await users().get(String(ids[1]), CALL)).toMatchObject({
      groups: [{ value: id, display: 'Crew', type: 'direct' }],
    })
    expect(await find(`groups.value eq "${id}"`)).toEqual([ids[1], ids[2]].sort())
    const replaced = (await groups().replace(
      id,
      { displayName: 'Crew', members: [{ value: ids[0] }] } as never,
      CALL,
    )) as Stored
    expect(replaced['members']).toMatchObject([{ value: ids[0] }])
    expect(await groups().delete(id, CALL)).toBe(true)
    expect(await groups().get(id, CALL)).toBeUndefined()
  })

  test('no change is lost and no member counted twice among parallel writers', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) => users().create({ userName: `p${index}@example.com` } as never, CALL)),
    )
    const team = await groups().create({ displayName: 'Parallel' } as never, CALL)
    const add = (value: unknown) =>
      groups().patch?.(String(team.id), patchFor(groupType(), { op: 'add', path: 'members', value: [{ value }] }), CALL)
    await Promise.all([...made, ...made].map(({ id }) => add(id)))
    const stored = (await groups().get(String(team.id), CALL)) as Stored
    expect((stored['members'] as { value: string }[]).map(({ value }) => value)).toEqual(
      made.map(({ id }) => String(id)).sort(),
    )
    expect(stored.meta?.version).toBe('21')
    await Promise.all(made.map(({ id }) => users().delete(String(id), CALL)))
    expect(await groups().get(String(team.id), CALL)).not.toHaveProperty('members')
  })

  test('members of a large group are read bit by bit', async () => {
    await database.pool.query(
      `WITH a AS (INSERT INTO "${database.schema}".accounts (org_id, email) SELECT 'large', 'l' || i FROM generate_series(1, 2500) AS i RETURNING id),
       t AS (INSERT INTO "${database.schema}".teams (org_id, name) VALUES ('large', 'Large') RETURNING id)
       INSERT INTO "${database.schema}".team_members (team_id, account_id) SELECT t.id, a.id FROM a, t`,
    )
    await database.pool.query(`ANALYZE "${database.schema}".accounts, "${database.schema}".team_members`)
    const call = callOf({ tenant: 'large' })
    const [team] = [...((await groups().list(queryOf(groupType()), call)) as IndexPage).resources] as [Stored]
    const whole = (await groups().get(String(team.id), call)) as Stored
    for (const list of [team['members'], whole['members']] as AsyncIterable<{ value: string }>[]) {
      const values: string[] = []
      for await (const { value } of list) values.push(value)
      expect(new Set(values).size).toBe(2_500)
      expect(values).toEqual([...values].sort())
    }
  })

  test('what the router announces as unique has to be declared here, where the index is asked for', async () => {
    const { schema, pool } = database
    await pool.query(`
      CREATE TABLE "${schema}".people (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, login text UNIQUE, label text);
      CREATE TABLE "${schema}".people_emails (person text, address text UNIQUE);
      CREATE UNIQUE INDEX ON "${schema}".people (lower(label))`)
    const unique = { uniqueness: 'server' } as const
    const people = (policies: Readonly<Record<string, typeof unique>>) =>
      mappedResources(
        { pool },
        {
          User: {
            table: `${schema}.people`,
            policies,
            attributes: {
              id: 'id',
              userName: 'login',
              displayName: 'label',
              emails: { table: `${schema}.people_emails`, on: { person: 'id' }, attributes: { value: 'address' } },
            },
          },
        },
      ).User
    expect(people({}).adapter.enforces).toEqual(['id', 'userName'])
    const declared = people({ displayName: unique, 'emails.value': unique })
    expect(declared.adapter.enforces).toEqual(['id', 'userName', 'displayName', 'emails.value'])
    const only = { ...people({}), attributes: { displayName: unique } }
    await expect(startApp({ resources: { User: only } as never })).rejects.toMatchObject({
      code: 'ERR_SCIM_UNIQUENESS',
      message: expect.stringContaining('"displayName"'),
    })
    const app = await startApp({ resources: { User: declared } as never })
    try {
      const post = (more: object) => app.scim.post('/Users', { schemas: [User.id], ...more })
      expect((await post({ userName: 'a', displayName: 'N', emails: [{ value: 'a@x' }] })).status).toBe(201)
      const label = await post({ userName: 'b', displayName: 'n' })
      expect([label.status, label.body.detail]).toEqual([409, expect.stringContaining('"displayName"')])
      const email = await post({ userName: 'c', emails: [{ value: 'a@x' }] })
      expect([email.status, email.body.detail]).toEqual([409, expect.stringContaining('"emails"')])
    } finally {
      await app.close()
    }
  })

  test('a mistake in the declaration is told at once', () => {
    const { pool } = database
    const id = 'id'
    const make =
      (User: object, more: object = {}) =>
      () =>
        mappedResources({ pool }, { User: { table: 'a', ...User }, ...more } as never)
    expect(make({ attributes: { id, title: 't' } })).toThrow(/Required attribute "userName" of User must have a column/)
    expect(make({ attributes: { userName: 'x' } })).toThrow(/"id"/)
    expect(make({ attributes: { id, userName: 'x', emial: 'y' } })).toThrow(/emial/)
    const members = { table: 'm', on: { g: 'id' }, references: { Account: 'a' } }
    const GroupType = { table: 'g', schema: Group, attributes: { id, displayName: 'n', members } }
    expect(make({ attributes: { id, userName: 'x' } }, { Group: GroupType })).toThrow(/Account/)
    expect(() => mappedResources({ pool: {} as never }, {})).toThrow(/query/)
  })
})
