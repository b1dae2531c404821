import { defineSchema, EnterpriseUser } from '../../src/index.js'
import { mappedResources, tenant } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { type CountedPool, countedPool } from '../support/counted-pool.js'
import { testDatabase } from '../support/postgres.js'

const reference = [
  { name: 'value' },
  { name: '$ref', type: 'reference', referenceTypes: ['User', 'Group'] },
  { name: 'note' },
] as const
const Desk = defineSchema({
  id: 'urn:example:Desk',
  name: 'Desk',
  attributes: [
    { name: 'label', required: true },
    { name: 'owner', type: 'complex', subAttributes: reference },
    { name: 'users', type: 'complex', multiValued: true, subAttributes: reference },
    { name: 'backups', type: 'complex', multiValued: true, subAttributes: reference },
  ],
})

describe.each(['removed', 'marked as deleted'] as const)('a resource that is %s leaves no reference behind', (way) => {
  const database = testDatabase()
  let pool: CountedPool
  let app: App

  beforeAll(async () => {
    const { schema } = database
    await database.pool.query(`
      SET search_path TO "${schema}";
      CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text, email text, secret text,
        manager bigint REFERENCES accounts, manager_name text, revision integer DEFAULT 1, deleted_at timestamptz);
      CREATE TABLE teams (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, org text, name text, deleted_at timestamptz);
      CREATE TABLE members (team text REFERENCES teams, account bigint REFERENCES accounts, child text REFERENCES teams);
      CREATE TABLE desks (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, org text, label text, users json, scim jsonb, scim_keys jsonb);
      CREATE TABLE backups (desk text, who text, note text);
      RESET search_path`)
    pool = countedPool(database.pool)
    const scope = { org: tenant } as const
    const deleted = way === 'marked as deleted' ? { deleted: 'deleted_at' } : {}
    const manager = `${EnterpriseUser.id}:manager`
    const resources = mappedResources(
      { pool },
      {
        User: {
          table: `${schema}.accounts`,
          scope,
          ...deleted,
          attributes: {
            id: { column: 'id', type: 'integer' },
            userName: 'email',
            password: { column: 'secret', write: (value?: string) => value && `hash of ${value.length}` },
            [`${manager}.value`]: { column: 'manager', type: 'integer' },
            [`${manager}.displayName`]: 'manager_name',
            'meta.version': 'revision',
          },
        },
        Group: {
          table: `${schema}.teams`,
          scope,
          ...deleted,
          attributes: {
            id: 'id',
            displayName: 'name',
            members: {
              table: `${schema}.members`,
              on: { team: 'id' },
              references: { User: 'account', Group: 'child' },
            },
          },
        },
        Desk: {
          table: `${schema}.desks`,
          scope,
          schema: Desk,
          attributes: {
            id: 'id',
            label: 'label',
            users: { json: 'users' },
            backups: {
              table: `${schema}.backups`,
              on: { desk: 'id' },
              attributes: { value: 'who', note: 'note' },
            },
            '*': { json: 'scim', keys: 'scim_keys' },
          },
        },
      },
    )
    app = await startApp({ authenticate: () => ({ tenant: 'acme' }), resources: resources as never })
  })
  afterAll(() => app.close())

  const post = async (path: string, body: object): Promise<string> => {
    const answer = await app.scim.post(path, body)
    expect([answer.status, answer.text]).toEqual([201, answer.text])
    return answer.body.id
  }
  let names = 0
  const user = (manager?: string): Promise<string> =>
    post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', EnterpriseUser.id],
      userName: `u${names++}@x`,
      password: 'secret word',
      ...(manager && { [EnterpriseUser.id]: { manager: { value: manager } } }),
    })
  const group = (...members: readonly string[]): Promise<string> =>
    post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: `g${names++}`,
      members: members.map((value) => ({ value })),
    })
  const get = async (path: string) => (await app.scim.get(path)).body
  const rows = async (text: string): Promise<readonly any[]> =>
    (await database.pool.query(text.replaceAll('%', `"${database.schema}"`))).rows

  test('as manager of others, who get another version, by as many statements as for one of them', async () => {
    const boss = await user()
    await database.pool.query(
      `UPDATE "${database.schema}".accounts SET manager = id, manager_name = 'itself' WHERE id = $1`,
      [boss],
    )
    const staff = [await user(boss), await user(boss), await user(boss)]
    const other = await user(staff[0])
    await database.pool.query(
      `UPDATE "${database.schema}".accounts SET manager_name = 'The Boss' WHERE manager = $1 AND id <> $1`,
      [boss],
    )
    pool.take()
    expect((await app.scim.delete(`/Users/${boss}`)).status).toBe(204)
    expect(pool.take().filter((text) => text.startsWith('UPDATE') && text.includes('"manager"'))).toHaveLength(1)
    for (const id of staff) {
      const one = await get(`/Users/${id}`)
      expect(one).not.toHaveProperty([EnterpriseUser.id])
      expect(one.meta.version).toBe('W/"2"')
    }
    expect(await get(`/Users/${other}`)).toMatchObject({
      [EnterpriseUser.id]: { manager: { value: staff[0] } },
      meta: { version: 'W/"1"' },
    })
    const found = await get(`/Users?filter=${EnterpriseUser.id}:manager.value eq "${boss}"`)
    expect(found.totalResults).toBe(0)
    const left = await rows(
      `SELECT secret, manager_name FROM %.accounts WHERE id IN (${staff.join(', ')}) AND manager IS NULL`,
    )
    expect(left).toEqual(Array(3).fill({ secret: 'hash of 11', manager_name: null }))
  })

  test('as member of groups, and as group in groups', async () => {
    const one = await user()
    const two = await user()
    const inner = await group(one, two)
    const outer = await group(inner, two)
    expect((await app.scim.delete(`/Users/${one}`)).status).toBe(204)
    expect((await get(`/Groups/${inner}`)).members).toMatchObject([{ value: two }])
    expect((await app.scim.delete(`/Groups/${inner}`)).status).toBe(204)
    expect((await get(`/Groups/${outer}`)).members).toMatchObject([{ value: two }])
    expect((await get(`/Users/${two}`)).groups).toMatchObject([{ value: outer }])
    expect(await rows(`SELECT * FROM %.members WHERE account = ${one} OR '${inner}' IN (team, child)`)).toEqual([])
  })

  test('in JSON columns and tables of values, where what else is there stays', async () => {
    const gone = await user()
    const other = await user()
    const both = [
      { value: gone, note: 'a' },
      { value: other, note: 'b' },
    ]
    const desk = await post('/Desks', {
      schemas: [Desk.id],
      label: 'L',
      owner: { value: gone, note: 'o' },
      users: both,
      backups: both,
    })
    const kept = await post('/Desks', { schemas: [Desk.id], label: 'K', owner: { value: other }, users: [both[1]] })
    const [before, keptBefore] = [await get(`/Desks/${desk}`), await get(`/Desks/${kept}`)]
    expect((await app.scim.delete(`/Users/${gone}`)).status).toBe(204)
    const after = await get(`/Desks/${desk}`)
    expect(after).not.toHaveProperty('owner')
    expect(after.users).toMatchObject([{ value: other, note: 'b' }])
    expect(after.users).toHaveLength(1)
    expect(after.backups).toMatchObject([{ value: other, note: 'b' }])
    expect(after.backups).toHaveLength(1)
    expect(after.meta.version).not.toBe(before.meta.version)
    for (const filter of [`owner.value eq "${gone}"`, `users.value eq "${gone}"`, `backups.value eq "${gone}"`]) {
      expect((await get(`/Desks?filter=${filter}`)).totalResults).toBe(0)
    }
    expect(await get(`/Desks/${kept}`)).toEqual(keptBefore)
  })
})
