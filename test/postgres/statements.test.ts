import type { IndexPage, PatchResult, Stored } from '../../src/adapter/contract.js'
import { openDatabase } from '../../src/database/postgresql/open.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { documentAdapters } from '../../src/tables/documents/adapters.js'
import { type App, startApp } from '../support/app.js'
import { callOf, GROUP_TYPE, patchFor, queryOf, USER_TYPE } from '../support/calls.js'
import { type CountedPool, countedPool } from '../support/counted-pool.js'
import { testAdapters } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const CALL = callOf()

describe('statements of an operation on documents', () => {
  const database = testAdapters()
  let pool: CountedPool
  let app: App
  let path: string
  let id: string
  let other: string
  let group: string

  beforeAll(async () => {
    pool = countedPool(database.pool)
    const { resources } = postgresAdapters({ pool, schema: database.schema })
    app = await startApp({ resources })
    const { scim } = app
    const emails = [{ value: 'a@b.c', type: 'work' }]
    const made = await scim.post('/Users', { schemas: [USER], userName: 'counted', title: 'Guide', emails })
    ;({ id } = made.body)
    path = `/Users/${id}`
    other = (await scim.post('/Users', { schemas: [USER], userName: 'other' })).body.id
    const members = [{ value: id }]
    group = (await scim.post('/Groups', { schemas: [GROUP], displayName: 'Counted', members })).body.id
  })
  afterAll(() => app?.close())

  const change = (...Operations: object[]) => ({ Operations })
  const replace = (attribute: string, value: unknown) => ({ op: 'replace', path: attribute, value })
  const filter = (text: string) => app.scim.get(`/Users?filter=${encodeURIComponent(text)}`)
  const member = () => `members[value eq "${other}"]`

  test.each<readonly [string, number, () => Promise<{ readonly status: number }>]>([
    ['GET', 1, () => app.scim.get(path)],
    ['a filter by userName', 1, () => filter('userName eq "COUNTED"')],
    ['a filter by userName and more', 1, () => filter('userName eq "counted" and title sw "g"')],
    ['a filter by id', 1, () => filter(`id eq "${id}"`)],
    ['a filter that finds nobody', 1, () => filter('userName eq "nobody"')],
    ['a list', 2, () => app.scim.get('/Users?count=10')],
    ['a list of which there is more', 2, () => app.scim.get('/Users?count=1')],
    [
      'a list of which there is more, without groups',
      1,
      () => app.scim.get('/Users?count=1&excludedAttributes=groups'),
    ],
    ['a filter of which there is more', 3, () => app.scim.get('/Users?count=1&filter=userName%20pr')],
    ['a page behind the last', 2, () => app.scim.get('/Users?count=1&startIndex=90')],
    ['the first page by cursor', 2, () => app.scim.get('/Users?count=1&cursor')],
    ['POST', 1, () => app.scim.post('/Users', { schemas: [USER], userName: 'posted' })],
    [
      'PATCH of a value that a filter chooses',
      1,
      () => app.scim.patch(path, change(replace('title', 'b'), replace('emails[type eq "work"].value', 'd@e.f'))),
    ],
    ['PUT', 2, () => app.scim.put(path, { schemas: [USER], userName: 'counted', title: 'Lead', active: true })],
    ['PATCH of an attribute', 1, () => app.scim.patch(path, change(replace('active', false)))],
    ['PATCH that changes nothing', 1, () => app.scim.patch(path, change(replace('active', false)))],
    [
      'PATCH without path',
      1,
      () => app.scim.patch(path, change({ op: 'add', value: { title: 'a', name: { givenName: 'b' } } })),
    ],
    [
      'PATCH of parts',
      1,
      () => app.scim.patch(path, change(replace('name.familyName', 'c'), replace(`${ENTERPRISE}:department`, 'd'))),
    ],
    ['PATCH that removes', 1, () => app.scim.patch(path, change({ op: 'remove', path: 'title' }))],
    ['PATCH that looks at a value', 2, () => app.scim.patch(path, change(replace('emails', [{ value: 'a@b.c' }])))],
    ['the name of a group', 1, () => app.scim.patch(`/Groups/${group}`, change(replace('displayName', 'Named')))],
    [
      'a member added',
      1,
      () => app.scim.patch(`/Groups/${group}`, change({ op: 'add', path: 'members', value: [{ value: other }] })),
    ],
    [
      'a member added again',
      1,
      () => app.scim.patch(`/Groups/${group}`, change({ op: 'add', path: 'members', value: [{ value: other }] })),
    ],
    ['a member removed', 1, () => app.scim.patch(`/Groups/${group}`, change({ op: 'remove', path: member() }))],
    ['members replaced', 1, () => app.scim.patch(`/Groups/${group}`, change(replace('members', [{ value: other }])))],
  ])('%s: %i', async (_operation, count, ask) => {
    pool.take()
    const { status } = await ask()
    const statements = pool.take()
    expect(status).toBeLessThan(300)
    expect({ status, statements: statements.length, begins: statements.includes('BEGIN') }).toEqual({
      status,
      statements: count,
      begins: false,
    })
  })

  test('GET of a user is two statements only if one of the groups is in a group', async () => {
    const { scim } = app
    const inner = (await scim.post('/Groups', { schemas: [GROUP], displayName: 'Inner', members: [{ value: other }] }))
      .body
    const ask = async () => {
      pool.take()
      const { body } = await scim.get(`/Users/${other}?attributes=groups`)
      const statements = pool.take().length
      const groups = body.groups.map(({ value, type, display }: Record<string, string>) => [value, type, display])
      return { statements, groups: groups.filter(([value]: string[]) => value !== group) }
    }
    expect(await ask()).toEqual({ statements: 1, groups: [[inner.id, 'direct', 'Inner']] })
    const members = [{ value: inner.id }]
    const outer = (await scim.post('/Groups', { schemas: [GROUP], displayName: 'Outer', members })).body
    expect(await ask()).toEqual({
      statements: 2,
      groups: [
        [inner.id, 'direct', 'Inner'],
        [outer.id, 'indirect', 'Outer'],
      ],
    })
    await scim.delete(`/Groups/${inner.id}`)
  })

  test('DELETE of a user: two statements in one message; who is gone is taken out of groups and is nobody’s manager', async () => {
    const { scim } = app
    const boss = (await scim.post('/Users', { schemas: [USER], userName: 'boss' })).body.id
    const manager = { value: boss }
    const report = await scim.post('/Users', { schemas: [USER], userName: 'report', [ENTERPRISE]: { manager } })
    await scim.patch(
      `/Groups/${group}`,
      change({ op: 'add', path: 'members', value: [{ value: boss }, { value: id }] }),
    )
    const leaver = (await scim.post('/Users', { schemas: [USER], userName: 'leaver' })).body.id
    pool.take()
    expect((await scim.delete(`/Users/${leaver}`)).status).toBe(204)
    const [message, ...more] = pool.take()
    expect([message?.split(';').length, more]).toEqual([2, []])
    // A resource that documents name needs more, and a transaction.
    expect((await scim.delete(`/Users/${boss}`)).status).toBe(204)
    expect(pool.take()).toEqual(expect.arrayContaining(['BEGIN', 'COMMIT']))
    expect((await scim.get(`/Users/${report.body.id}`)).body).not.toHaveProperty([ENTERPRISE])
    const members = (await scim.get(`/Groups/${group}`)).body.members.map(({ value }: { value: string }) => value)
    expect(members).not.toContain(boss)
    expect(members).toContain(id)
  })

  test('a list is one statement for a tenant without groups, and counts what is there by then', async () => {
    const { resources } = postgresAdapters({ pool, schema: database.schema })
    const { adapter } = resources.User
    const call = callOf({ tenant: 'without groups' })
    const ask = async (count: number) => {
      pool.take()
      const page = (await adapter.list(queryOf(USER_TYPE, { count }), call)) as unknown as IndexPage
      const names = [...page.resources].map((one) => one['userName'])
      return { names, total: page.totalResults, statements: pool.take().length }
    }
    expect(await ask(2)).toEqual({ names: [], total: 0, statements: 1 })
    const people: { readonly id: string; readonly userName: string }[] = []
    for (const userName of ['a', 'b', 'c']) {
      people.push({ id: String((await adapter.create({ userName } as never, call)).id), userName })
    }
    // A list is in the order of the ids, and ids of one millisecond are in any order.
    people.sort((one, other) => (one.id < other.id ? -1 : 1))
    const [first = '', second = '', third = ''] = people.map(({ userName }) => userName)
    expect(await ask(2)).toEqual({ names: [first, second], total: 3, statements: 1 })
    expect(await ask(3)).toEqual({ names: [first, second, third], total: 3, statements: 1 })
    const group = { displayName: 'First', members: [{ value: people[0]?.id }] }
    await resources.Group.adapter.create(group as never, call)
    expect(await ask(2)).toEqual({ names: [first, second], total: 3, statements: 2 })
    const page = (await adapter.list(queryOf(USER_TYPE, { count: 2 }), call)) as unknown as IndexPage
    expect([...page.resources][0]?.['groups']).toMatchObject([{ display: 'First' }])
  })

  test('where a resource is a member comes with the row that a filter finds', async () => {
    const all = await app.scim.patch(`/Groups/${group}`, change({ op: 'add', path: 'members', value: [{ value: id }] }))
    expect(all.status).toBe(204)
    const found = await filter('userName eq "counted"')
    expect(found.body).toMatchObject({
      totalResults: 1,
      Resources: [{ id, groups: [{ value: group, type: 'direct' }] }],
    })
    const without = await app.scim.get(
      `/Users?filter=${encodeURIComponent('userName eq "counted"')}&attributes=userName`,
    )
    expect(without.body.Resources[0]).not.toHaveProperty('groups')
  })
})

const protect = (value: string): string => `#${value}`

describe('a patch by one statement', () => {
  const database = testAdapters({ protect })
  const draft = {
    userName: 'Same',
    displayName: 'Shown',
    title: 'Guide',
    externalId: 'x1',
    active: true,
    name: { givenName: 'A', formatted: 'A B' },
    emails: [
      { value: 'a@b.c', type: 'work' },
      { value: 'h@b.c', type: 'Home', primary: true, display: 'Babs' },
      { value: 'i@b.c', type: 'home' },
      { value: 'j@b.c' },
      // Equal in every respect once they have the same value: one of them stays.
      { value: 'k@b.c', type: 'twin' },
      { value: 'l@b.c', type: 'twin' },
    ],
    // A Kelvin sign, which is prepared to the letter k.
    phoneNumbers: [
      { value: '+1', type: '\u212a' },
      { value: '+2', type: 'fax' },
    ],
    addresses: [{ type: 'work', locality: 'Hollywood' }, { formatted: 'Elsewhere' }],
    password: 'secret',
    [ENTERPRISE]: { department: 'D', employeeNumber: '1' },
  }
  /** The same adapters, which know no writes of one statement. */
  const several = () =>
    documentAdapters(
      {
        database: openDatabase(database.pool, false),
        prefix: `"${database.schema}".`,
        page: 'postgres.md',
        migrate: async () => undefined,
      },
      { protect },
    ).users
  const rowOf = async (tenant: string, id: string) => {
    const { rows } = await database.pool.query(
      `SELECT unique_key, external_key, name_key, display, data, keys, last_modified > created AS touched
       FROM "${database.schema}".resource WHERE tenant = $1 AND id = $2`,
      [tenant, id],
    )
    return rows[0]
  }

  test.each([
    [[{ op: 'replace', path: 'userName', value: 'OTHER' }]],
    [[{ op: 'replace', path: 'userName', value: 'Same' }]],
    [[{ op: 'replace', path: 'userName', value: 'SAME' }]],
    [[{ op: 'replace', path: 'displayName', value: 'New' }]],
    [[{ op: 'replace', path: 'displayName', value: '' }]],
    [[{ op: 'remove', path: 'displayName' }]],
    [
      [
        { op: 'remove', path: 'displayName' },
        { op: 'add', path: 'name.formatted', value: 'Formatted' },
      ],
    ],
    [[{ op: 'remove', path: 'externalId' }]],
    [
      [
        { op: 'add', path: 'externalId', value: 'X2' },
        { op: 'remove', path: 'externalId' },
      ],
    ],
    [
      [
        { op: 'remove', path: 'title' },
        { op: 'add', path: 'title', value: 'Guide' },
      ],
    ],
    [[{ op: 'add', path: 'nickName', value: 'É "quoted" \\ ☃' }]],
    [[{ op: 'remove', path: 'nickName' }]],
    [[{ op: 'replace', path: 'active', value: true }]],
    [[{ op: 'replace', value: { active: false, name: { givenName: 'Z' }, [ENTERPRISE]: { costCenter: 'C' } } }]],
    [[{ op: 'replace', path: 'name', value: { familyName: 'F' } }]],
    [[{ op: 'replace', path: 'name.givenName', value: 'A' }]],
    [[{ op: 'remove', path: 'name.givenName' }]],
    [[{ op: 'remove', path: 'name' }]],
    [[{ op: 'remove', path: `${ENTERPRISE}:department` }]],
    [[{ op: 'add', path: ENTERPRISE, value: { department: 'E', manager: { value: 'm' } } }]],
    [[{ op: 'replace', path: 'password', value: 'other' }]],
    [[{ op: 'replace', path: 'emails[type eq "work"].value', value: 'd@e.f' }]],
    [[{ op: 'replace', path: 'emails[type eq "WORK"].value', value: 'a@b.c' }]],
    [[{ op: 'add', path: 'emails[type eq "work"].display', value: 'É "quoted" \\ ☃' }]],
    [[{ op: 'replace', path: 'emails[type eq "home"].value', value: 'SAME@b.c' }]],
    [[{ op: 'replace', path: 'emails[type eq "home"].value', value: 'h@b.c' }]],
    [[{ op: 'replace', path: 'emails[type eq "twin"].value', value: 'm@b.c' }]],
    [[{ op: 'replace', path: 'emails[type eq "home"].type', value: 'work' }]],
    [[{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }]],
    [[{ op: 'replace', path: 'emails[type eq "other"].value', value: 'x@b.c' }]],
    [[{ op: 'replace', path: 'emails[type ne "work"].value', value: 'x@b.c' }]],
    [[{ op: 'replace', path: 'emails[primary eq true].value', value: 'x@b.c' }]],
    [[{ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'h@b.c', type: 'home' } }]],
    [[{ op: 'remove', path: 'emails[type eq "home"].display' }]],
    [[{ op: 'replace', path: 'emails[type eq "wor\u212a"].value', value: 'x@b.c' }]],
    [[{ op: 'replace', path: 'phoneNumbers[type eq "k"].value', value: '+3' }]],
    [[{ op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: '+1' }]],
    [[{ op: 'replace', path: 'photos[type eq "photo"].value', value: 'https://example.com/p' }]],
    [
      [
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'w@b.c' },
        { op: 'replace', path: 'emails[type eq "home"].value', value: 'x@b.c' },
        { op: 'replace', path: 'emails[value eq "x@b.c"].display', value: 'Found' },
      ],
    ],
    [
      [
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'w@b.c' },
        { op: 'replace', path: 'emails[type eq "home"].value', value: 'x@b.c' },
        { op: 'replace', path: 'title', value: 'Lead' },
        { op: 'replace', path: 'emails[display eq "babs"].value', value: 'y@b.c' },
      ],
    ],
    [
      [
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'w@b.c' },
        { op: 'replace', path: 'emails[type eq "other"].value', value: 'x@b.c' },
        { op: 'replace', path: 'displayName', value: 'Never' },
      ],
    ],
    [
      [
        { op: 'add', path: 'emails', value: [{ value: 'n@b.c', type: 'work' }] },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'w@b.c' },
      ],
    ],
    [
      [
        { op: 'replace', path: 'addresses[type eq "work"].locality', value: 'Berlin' },
        { op: 'replace', path: 'addresses[type eq "work"].country', value: 'DE' },
        { op: 'replace', path: 'addresses[type eq "work"].postalCode', value: '10115' },
        { op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: '+4' },
        { op: 'replace', path: 'name.familyName', value: 'F' },
        { op: 'replace', path: 'displayName', value: 'Moved' },
        { op: 'replace', path: `${ENTERPRISE}:department`, value: 'Sales' },
      ],
    ],
    [[{ op: 'add', path: 'title', value: 'a\u0000b' }]],
  ])('does to what is stored what several do: %j', async (operations) => {
    const outcomes = await Promise.all(
      (
        [
          ['one', database.postgres.users],
          ['several', several()],
        ] as const
      ).map(async ([kind, users]) => {
        const tenant = `${kind} ${JSON.stringify(operations)}`.replaceAll('\\u0000', '')
        const call = callOf({ tenant })
        const id = String((await users.create(draft as never, call)).id)
        const result = await Promise.resolve(users.patch?.(id, patchFor(USER_TYPE, ...operations), call)).catch(
          ({ status, scimType, message }) => ({ status, scimType, message }),
        )
        const { version, resource, before, ...told } = result as PatchResult & { readonly version?: string }
        const bare = (stored: object | undefined) => stored && { ...stored, id: undefined, meta: undefined }
        const read = (await users.get(id, call)) as Stored
        // Letter by letter: the order of attributes too.
        if (resource) expect(JSON.stringify(resource)).toBe(JSON.stringify(read))
        if (resource) expect(read.meta?.version).toBe(version)
        return { told, resource: bare(resource), before: bare(before), row: await rowOf(tenant, id) }
      }),
    )
    expect(outcomes[0]).toEqual(outcomes[1])
  })
})

describe('one statement and writers at the same time', () => {
  const database = testAdapters()
  const patch = async (id: string, ...operations: readonly unknown[]): Promise<PatchResult> =>
    (await database.postgres.groups.patch?.(id, patchFor(GROUP_TYPE, ...operations), CALL)) as PatchResult
  const membersOf = async (id: string): Promise<string[]> =>
    (((await database.postgres.groups.get(id, CALL)) as Stored)['members'] as { value: string }[] | undefined)?.map(
      ({ value }) => value,
    ) ?? []
  const user = async (userName: string): Promise<string> =>
    String((await database.postgres.users.create({ userName } as never, CALL)).id)
  const group = async (...members: string[]): Promise<string> => {
    const draft = { displayName: 'Raced', members: members.map((value) => ({ value })) }
    return String((await database.postgres.groups.create(draft as never, CALL)).id)
  }
  const add = (value: string) => ({ op: 'add', path: 'members', value: [{ value }] })
  const remove = (value: string) => ({ op: 'remove', path: `members[value eq "${value}"]` })

  /** Begins patches while another transaction has the group, which then does its own work and commits. */
  async function behind<T>(
    id: string,
    work: (query: (text: string, values: unknown[]) => unknown) => unknown,
    begin: () => Promise<T>,
  ): Promise<T> {
    const { pool, schema } = database
    const holder = await pool.connect()
    try {
      await holder.query('BEGIN')
      await holder.query(`SELECT 1 FROM "${schema}".resource WHERE id = $1 FOR NO KEY UPDATE`, [id])
      const outcome = begin()
      for (;;) {
        const { rows } = await pool.query(
          `SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')`,
        )
        if (rows[0].count > 0) break
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await work((text, values) => holder.query(text.replaceAll('{}', `"${schema}"`), values))
      await holder.query(`UPDATE "${schema}".resource SET version = 'held' WHERE id = $1`, [id])
      await holder.query('COMMIT')
      return await outcome
    } finally {
      holder.release()
    }
  }
  const INSERT = `INSERT INTO {}.reference (tenant, type, id, attribute, value, value_key, target) VALUES ('acme', 'Group', $1, 'members', $2, $2, 'User')`
  const DELETE = `DELETE FROM {}.reference WHERE id = $1 AND value = $2`

  test('who was added while the statement waited is removed', async () => {
    const [id, value] = [await group(), await user('late')]
    const result = await behind(
      id,
      (query) => query(INSERT, [id, value]),
      () => patch(id, remove(value)),
    )
    expect(result).toMatchObject({ changed: true, changes: { members: { removed: [value] } } })
    expect(await membersOf(id)).toEqual([])
  })

  test('who was added while the statement waited goes with a list that replaces all', async () => {
    const [id, value, next] = [await group(), await user('late list'), await user('next')]
    const replaceAll = { op: 'replace', path: 'members', value: [{ value: next }] }
    const result = await behind(
      id,
      (query) => query(INSERT, [id, value]),
      () => patch(id, replaceAll),
    )
    expect(result.changes).toEqual({ members: { added: [next], removed: [value] } })
    expect(await membersOf(id)).toEqual([next])
  })

  test('who was added while the statement waited is not added again, and the version is the one of that', async () => {
    const [id, value] = [await group(), await user('twice')]
    const result = await behind(
      id,
      (query) => query(INSERT, [id, value]),
      () => patch(id, add(value)),
    )
    expect(result).toEqual({ changed: false, version: 'held' })
    expect(await membersOf(id)).toEqual([value])
  })

  test('who was removed while the statement waited is added', async () => {
    const value = await user('gone and back')
    const id = await group(value)
    const result = await behind(
      id,
      (query) => query(DELETE, [id, value]),
      () => patch(id, add(value)),
    )
    expect(result.changes).toEqual({ members: { added: [value], removed: [] } })
    expect(await membersOf(id)).toEqual([value])
  })

  test('an attribute that was set while the statement waited stays', async () => {
    const { users } = database.postgres
    const id = await user('attributes')
    const data = `UPDATE {}.resource SET data = data || '{"title":"Theirs"}' WHERE id = $1`
    const nickName = patchFor(USER_TYPE, { op: 'replace', path: 'nickName', value: 'Mine' })
    const result = await behind(
      id,
      (query) => query(data, [id]),
      async () => users.patch?.(id, nickName, CALL),
    )
    expect(result).toMatchObject({ changed: true, before: { title: 'Theirs' }, resource: { title: 'Theirs' } })
    expect(await users.get(id, CALL)).toMatchObject({ nickName: 'Mine', title: 'Theirs' })
  })

  test('a condition is checked against the version that was locked', async () => {
    const [id, value] = [await group(), await user('bound')]
    const version = String(((await database.postgres.groups.get(id, CALL)) as Stored).meta?.version)
    const bound = callOf({ ifMatch: [version] })
    const { groups } = database.postgres
    const result = await behind(
      id,
      () => undefined,
      async () => groups.patch?.(id, patchFor(GROUP_TYPE, add(value)), bound),
    )
    expect(result).toBe('stale')
    expect(await membersOf(id)).toEqual([])
  })

  test('adding and removing one member at the same time ends as one of the two orders', async () => {
    const value = await user('flicker')
    for (let turn = 0; turn < 10; turn++) {
      const id = await group()
      const [added, removed] = await Promise.all([
        patch(id, add(value)),
        patch(id, remove(value)),
        patch(id, add(value)),
      ])
      const isMember = (await membersOf(id)).length === 1
      // If the member is gone, the removal must have told it; if no change was told, the member must still be there.
      if (!isMember) expect(removed?.changed).toBe(true)
      if (removed?.changed === false) expect({ isMember, turn }).toEqual({ isMember: true, turn })
      expect(added).toBeDefined()
    }
  })

  test('a group that adds a user while the DELETE of the user waits loses the user, and gets another version', async () => {
    const { pool, schema, postgres } = database
    const [id, value] = [await group(), await user(`leaving`)]
    const outcome = await behind(
      value,
      async (query) => {
        await query(INSERT, [id, value])
        await query(`UPDATE {}.resource SET version = 'added' WHERE id = $1`, [id])
      },
      async () => postgres.users.delete(value, CALL),
    )
    expect(outcome).toBe(true)
    const { rows } = await pool.query(`SELECT 1 FROM "${schema}".reference WHERE value = $1`, [value])
    expect(rows).toEqual([])
    expect(((await postgres.groups.get(id, CALL)) as Stored).meta?.version).not.toBe('added')
  })

  test('a user whom another names as manager while the DELETE waits is nobody’s manager afterwards', async () => {
    const { users } = database.postgres
    const [boss, worker] = [await user('boss to go'), await user('worker')]
    const name = patchFor(USER_TYPE, { op: 'add', path: `${ENTERPRISE}:manager`, value: { value: boss } })
    const outcome = await behind(
      boss,
      async () => {
        await users.patch?.(worker, name, CALL)
      },
      async () => users.delete(boss, CALL),
    )
    expect(outcome).toBe(true)
    expect(await users.get(worker, CALL)).not.toHaveProperty([ENTERPRISE])
  })

  test('a DELETE under another version, or of nobody, removes nothing', async () => {
    const { pool, schema, postgres } = database
    const value = await user('stays')
    const id = await group(value)
    expect(await postgres.users.delete(value, callOf({ ifMatch: ['another', `it's`] }))).toBe('stale')
    await pool.query(INSERT.replaceAll('{}', `"${schema}"`), [id, 'nobody'])
    expect(await postgres.users.delete('nobody', CALL)).toBe(false)
    expect((await membersOf(id)).sort()).toEqual(['nobody', value].sort())
  })

  test('a group that is deleted while members come is not there, and leaves no rows', async () => {
    const { pool, schema, postgres } = database
    const value = await user('into nothing')
    for (let turn = 0; turn < 10; turn++) {
      const id = await group()
      const [, gone] = await Promise.all([
        patch(id, add(value)),
        postgres.groups.delete(id, CALL),
        patch(id, add(value)),
      ])
      expect(gone).toBe(true)
      const { rows } = await pool.query(`SELECT 1 FROM "${schema}".reference WHERE id = $1`, [id])
      expect(rows).toEqual([])
    }
  })
})
