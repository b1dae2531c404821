import type { CursorPage, IndexPage, Stored } from '../../src/adapter/contract.js'
import { defineSchema, EnterpriseUser, scimRouter } from '../../src/index.js'
import { type PostgresAdapters, postgresAdapters, verifySecret } from '../../src/postgres/index.js'
import { callOf, patchFor, queryOf, USER_TYPE } from '../support/calls.js'
import { testAdapters, testDatabase } from '../support/postgres.js'

const CALL = callOf()
const user = (userName: string, rest: object = {}): never => ({ userName, ...rest }) as never

describe('users as documents', () => {
  const database = testAdapters({ users: { indexes: ['emails.value'] } })
  const users = (): PostgresAdapters['users'] => database.postgres.users

  test('are stored under an id of their own with times and a version', async () => {
    const before = Date.now()
    const made = await users().create(user('Anna'), CALL)
    expect(made).toMatchObject({ userName: 'Anna', id: expect.stringMatching(/^[\da-f-]{36}$/) })
    expect(made.meta?.version).toEqual(expect.any(String))
    expect(Number(made.meta?.created)).toBeGreaterThanOrEqual(before - 1)
    expect(await users().get(String(made.id), CALL)).toEqual(made)
  })

  test('an id of whatever shape is missing, never an error', async () => {
    for (const id of ['0', '', "' OR 1=1 --", 'a\u0000b', '\ud800', 'x'.repeat(5_000), '../..']) {
      expect(await users().get(id, CALL)).toBeUndefined()
      expect(await users().replace(id, user('nobody'), CALL)).toBeUndefined()
      expect(
        await users().patch?.(id, patchFor(USER_TYPE, { op: 'add', path: 'title', value: 'x' }), CALL),
      ).toBeUndefined()
      expect(await users().delete(id, CALL)).toBe(false)
    }
  })

  test('of many parallel creations with one userName, in whatever letter case, exactly one succeeds', async () => {
    const spellings = ['Straße', 'STRAßE', 'straße', 'StraßE', 'strasse']
    const outcomes = await Promise.allSettled(spellings.map((name) => users().create(user(name), CALL)))
    const failures = outcomes.filter(({ status }) => status === 'rejected')
    expect(failures.length).toBe(3)
    for (const failure of failures) {
      expect((failure as PromiseRejectedResult).reason).toMatchObject({ status: 409, scimType: 'uniqueness' })
      expect((failure as PromiseRejectedResult).reason.message).toContain('userName')
    }
  })

  test('a name is free again after a rename or a delete, and not before', async () => {
    const one = await users().create(user('first'), CALL)
    const two = await users().create(user('second'), CALL)
    const rename = patchFor(USER_TYPE, { op: 'replace', path: 'userName', value: 'FIRST' })
    await expect(users().patch?.(String(two.id), rename, CALL)).rejects.toMatchObject({ status: 409 })
    await expect(users().replace(String(two.id), user('First'), CALL)).rejects.toMatchObject({ status: 409 })
    expect(await users().get(String(two.id), CALL)).toEqual(two)
    await users().replace(String(one.id), user('third'), CALL)
    expect(await users().patch?.(String(two.id), rename, CALL)).toMatchObject({ changed: true })
    expect(await users().delete(String(two.id), CALL)).toBe(true)
    await users().create(user('first'), CALL)
  })

  test('tenants do not see each other, and have names of their own', async () => {
    const other = callOf({ tenant: 'other' })
    const mine = await users().create(user('shared'), CALL)
    const theirs = await users().create(user('shared'), other)
    const id = String(mine.id)
    expect(await users().get(id, other)).toBeUndefined()
    expect(await users().delete(id, other)).toBe(false)
    expect(await users().replace(id, user('x'), other)).toBeUndefined()
    const found = (await users().list(queryOf(USER_TYPE, { filter: 'userName eq "shared"' }), other)) as IndexPage
    expect([...found.resources].map((one) => one.id)).toEqual([theirs.id])
    expect(await users().get(id, callOf({ tenant: undefined }))).toBeUndefined()
  })

  test('who is deleted is nobody’s manager any more; others and other tenants are left alone', async () => {
    const manager = `${EnterpriseUser.id}:manager`
    const other = callOf({ tenant: 'managers' })
    const boss = await users().create(user('boss'), CALL)
    const extension = (value: unknown, rest: object = {}): object => ({
      [EnterpriseUser.id]: { manager: { value }, ...rest },
    })
    const alone = await users().create(user('report 1', extension(boss.id)), CALL)
    const whole = await users().create(user('report 2', extension(boss.id, { department: 'Ships' })), CALL)
    const apart = await users().create(user('report 3', extension(alone.id)), CALL)
    const theirs = await users().create(user('report 4', extension(boss.id)), other)
    expect(await users().delete(String(boss.id), CALL)).toBe(true)
    const left = (await users().get(String(alone.id), CALL)) as Stored
    expect(left).not.toHaveProperty([EnterpriseUser.id])
    expect(left.meta?.version).not.toBe(alone.meta?.version)
    expect(await users().get(String(whole.id), CALL)).toMatchObject({ [EnterpriseUser.id]: { department: 'Ships' } })
    expect(JSON.stringify(await users().get(String(whole.id), CALL))).not.toContain(String(boss.id))
    expect(await users().get(String(apart.id), CALL)).toEqual(apart)
    expect(await users().get(String(theirs.id), other)).toEqual(theirs)
    const filter = `${manager}.value eq "${boss.id}"`
    expect(await users().list(queryOf(USER_TYPE, { filter }), CALL)).toMatchObject({ totalResults: 0 })
  })

  test('a write needs the version that it names', async () => {
    const made = await users().create(user('versions'), CALL)
    const id = String(made.id)
    const version = String(made.meta?.version)
    const stale = callOf({ ifMatch: ['stale'] })
    const title = patchFor(USER_TYPE, { op: 'add', path: 'title', value: 'Boss' })
    expect(await users().replace(id, user('versions'), stale)).toBe('stale')
    expect(await users().patch?.(id, title, stale)).toBe('stale')
    expect(await users().delete(id, stale)).toBe('stale')
    expect(await users().get(id, CALL)).toEqual(made)
    const patched = await users().patch?.(id, title, callOf({ ifMatch: ['stale', version] }))
    expect(patched).toMatchObject({ changed: true, before: { userName: 'versions' }, resource: { title: 'Boss' } })
    // A closure as accessor would keep the whole request in memory until the next full collection, so there is one
    // function for all results.
    const again = await users().patch?.(id, patchFor(USER_TYPE, { op: 'add', path: 'nickName', value: 'B' }), CALL)
    const accessors = (result: unknown) =>
      Object.values(Object.getOwnPropertyDescriptors(result as object)).flatMap(({ get }) => get ?? [])
    expect(accessors(patched)).toHaveLength(1)
    expect(accessors(again)).toEqual(accessors(patched))
    const now = (await users().get(id, CALL)) as Stored
    expect(now.meta?.version).not.toBe(version)
    expect(Number(now.meta?.lastModified)).toBeGreaterThan(Number(made.meta?.lastModified))
    expect(now.meta?.created).toEqual(made.meta?.created)
    expect(await users().patch?.(id, title, CALL)).toMatchObject({ changed: false, version: now.meta?.version })
    expect(await users().delete(id, callOf({ ifMatch: [String(now.meta?.version)] }))).toBe(true)
    expect(await users().delete(id, callOf({ ifMatch: [String(now.meta?.version)] }))).toBe('stale')
  })

  test('a password is stored as a hash, kept by PUT and PATCH, and never handed out', async () => {
    const secret = 't1meMa$heen'
    const made = await users().create(user('secret', { password: secret }), CALL)
    const id = String(made.id)
    const stored = async (): Promise<string> => {
      const { rows } = await database.pool.query(`SELECT data FROM "${database.schema}".resource WHERE id = $1`, [id])
      return rows[0].data.password
    }
    const hash = await stored()
    expect(made).not.toHaveProperty('password')
    expect(await verifySecret(secret, hash)).toBe(true)
    expect(await verifySecret('another', hash)).toBe(false)
    expect(await verifySecret(secret, 'plain')).toBe(false)
    await users().replace(id, user('secret', { title: 'x' }), CALL)
    const patched = await users().patch?.(id, patchFor(USER_TYPE, { op: 'add', path: 'nickName', value: 'S' }), CALL)
    expect(JSON.stringify(patched)).not.toContain('scrypt')
    expect(await stored()).toBe(hash)
    await users().patch?.(id, patchFor(USER_TYPE, { op: 'replace', path: 'password', value: 'new' }), CALL)
    expect(await verifySecret('new', await stored())).toBe(true)
    const { rows } = await database.pool.query(`SELECT keys::text FROM "${database.schema}".resource WHERE id = $1`, [
      id,
    ])
    expect(rows[0].keys).not.toContain('scrypt')
    const listed = (await users().list(queryOf(USER_TYPE, { filter: `id eq "${id}"` }), CALL)) as IndexPage
    expect([...listed.resources][0]).not.toHaveProperty('password')
  })

  test('what the database cannot hold is refused as a value, not as a failure', async () => {
    for (const odd of ['a\u0000b', 'a\ud800']) {
      await expect(users().create(user(odd), CALL)).rejects.toMatchObject({ status: 400, scimType: 'invalidValue' })
      await expect(users().create(user('odd', { title: odd }), CALL)).rejects.toMatchObject({ status: 400 })
      await expect(users().create(user('odd', { unknown: odd }), CALL)).rejects.toMatchObject({ status: 400 })
    }
    const long = Array.from(
      { length: 6_000 },
      (_, index) => String.fromCharCode(97 + ((index * 7919) % 26)) + index,
    ).join('')
    await expect(users().create(user(long), CALL)).rejects.toMatchObject({ status: 400, scimType: 'invalidValue' })
  })

  test('an attribute named in "indexes" is found by its values, old ones no longer', async () => {
    const made = await users().create(
      user('mail', { emails: [{ value: 'A@example.com' }, { value: 'b@example.com' }] }),
      CALL,
    )
    const find = async (filter: string): Promise<unknown[]> => {
      const page = (await users().list(queryOf(USER_TYPE, { filter }), CALL)) as IndexPage
      return [...page.resources].map(({ id }) => id)
    }
    expect(await find('emails.value eq "a@EXAMPLE.com"')).toEqual([made.id])
    await users().replace(String(made.id), user('mail', { emails: [{ value: 'c@example.com' }] }), CALL)
    expect(await find('emails.value eq "a@example.com"')).toEqual([])
    expect(await find('emails eq "C@example.com"')).toEqual([made.id])
    await users().delete(String(made.id), CALL)
    expect(await find('emails eq "c@example.com"')).toEqual([])
    const { rows } = await database.pool.query(`SELECT * FROM "${database.schema}".lookup WHERE id = $1`, [made.id])
    expect(rows).toEqual([])
  })

  test('values that are looked up are compared in linear work', async () => {
    const emails = (prefix: string): object => ({
      emails: Array.from({ length: 1_000 }, (_, index) => ({ value: `${prefix}${index}@example.com` })),
    })
    const made = await users().create(user('many mails', emails('a')), CALL)
    let looked = 0
    const { includes } = Array.prototype
    const spy = jest.spyOn(Array.prototype, 'includes').mockImplementation(function (this: unknown[], ...given) {
      looked += this.length
      return includes.apply(this, given)
    })
    try {
      await users().replace(String(made.id), user('many mails', emails('b')), CALL)
      const title = patchFor(USER_TYPE, { op: 'replace', path: 'title', value: 'x' })
      await users().patch?.(String(made.id), title, CALL)
    } finally {
      spy.mockRestore()
    }
    expect(looked).toBeLessThan(10_000)
    const { rows } = await database.pool.query(`SELECT key FROM "${database.schema}".lookup WHERE id = $1`, [made.id])
    expect(rows.filter(({ key }) => key.startsWith('b')).length).toBe(1_000)
  })

  test('what runs in a transaction is there after it, or not at all; an error inside leaves the rest', async () => {
    const { transaction } = database.postgres
    await expect(
      transaction(async (connection) => {
        await users().create(user('rolled back'), callOf({ transaction: connection }))
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    const made = await transaction(async (connection) => {
      const call = callOf({ transaction: connection })
      const first = await users().create(user('rolled back'), call)
      await expect(users().create(user('ROLLED back'), call)).rejects.toMatchObject({ status: 409 })
      expect(await users().get(String(first.id), call)).toEqual(first)
      expect(await users().get(String(first.id), CALL)).toBeUndefined()
      return first
    })
    expect(await users().get(String(made.id), CALL)).toEqual(made)
    await expect(users().get('x', callOf({ transaction: { no: 'query' } }))).rejects.toMatchObject({
      code: 'ERR_SCIM_OPTION',
    })
  })

  test('names from Object.prototype are attributes like others', async () => {
    const draft = JSON.parse('{"userName":"proto","title":"constructor","__proto__":{"admin":true}}')
    const made = await users().create(draft, CALL)
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
    expect((await users().get(String(made.id), CALL))?.title).toBe('constructor')
  })
})

describe('lists', () => {
  const database = testAdapters()
  const users = (): PostgresAdapters['users'] => database.postgres.users
  const names = Array.from({ length: 25 }, (_, index) => `user${String(index).padStart(2, '0')}`)
  beforeAll(async () => {
    for (const name of names) await users().create(user(name), CALL)
  })

  test('a page by index has the total, also behind the end and for count 0', async () => {
    const page = async (startIndex: number, count: number): Promise<IndexPage> =>
      (await users().list(queryOf(USER_TYPE, { startIndex, count }), CALL)) as IndexPage
    for (const [startIndex, count, length] of [
      [1, 10, 10],
      [21, 10, 5],
      [16, 10, 10],
      [26, 10, 0],
      [99, 10, 0],
      [1, 0, 0],
      [1, 25, 25],
      [1, 26, 25],
    ] as const) {
      const { resources, totalResults } = await page(startIndex, count)
      expect({ startIndex, count, length: [...resources].length, totalResults }).toEqual({
        startIndex,
        count,
        length,
        totalResults: 25,
      })
    }
  })

  test('a walk by cursor is not disturbed by what comes and goes', async () => {
    const seen: string[] = []
    const [gone] = [
      ...((await users().list(queryOf(USER_TYPE, { filter: 'userName eq "user10"' }), CALL)) as IndexPage).resources,
    ]
    let after: unknown
    for (let turn = 0; ; turn++) {
      const query = queryOf(USER_TYPE, { pagination: 'cursor', count: 7, after })
      const page = (await users().list(query, CALL)) as CursorPage
      seen.push(...[...page.resources].map((one) => String(one['userName'])))
      if (turn === 0) await users().delete(String(gone?.id), CALL)
      if (page.next === undefined) break
      after = page.next
    }
    expect(seen.sort()).toEqual(names.filter((name) => name !== 'user10'))
    const nothing = (await users().list(
      queryOf(USER_TYPE, { pagination: 'cursor', count: 5, filter: 'title pr' }),
      CALL,
    )) as CursorPage
    expect({ ...nothing, resources: [...nothing.resources] }).toEqual({ resources: [], totalResults: 0 })
  })

  test.each([[{}], ['x'], [[1]], [['a', 'b']], [null]])('position %j is no position', async (after) => {
    const query = queryOf(USER_TYPE, { pagination: 'cursor', count: 5, after })
    await expect(users().list(query, CALL)).rejects.toMatchObject({ status: 400, scimType: 'invalidCursor' })
  })
})

describe('types of one’s own', () => {
  const database = testDatabase()
  const Device = defineSchema({
    id: 'urn:example:Device',
    attributes: [
      { name: 'serial', uniqueness: 'server', required: true },
      { name: 'port', type: 'integer', uniqueness: 'server' },
      { name: 'tags', multiValued: true, uniqueness: 'server' },
      { name: 'displayName' },
    ],
  })

  test('share the tables, keep their values unique and may be members', async () => {
    const { pool, schema } = database
    const postgres = postgresAdapters({
      pool,
      schema,
      groups: { attributes: { displayName: { uniqueness: 'server' } } },
    })
    const { adapter: devices, supports } = postgres.resource({ name: 'Device', schema: Device })
    await postgres.migrate()
    expect(supports).toEqual({ versions: true, cursor: 'both' })
    const made = await devices.create({ serial: 'S1', port: 80, tags: ['a', 'b'] }, CALL)
    for (const taken of [{ serial: 's1' }, { serial: 'S2', port: 80 }, { serial: 'S2', tags: ['c', 'B'] }]) {
      await expect(devices.create(taken as never, CALL)).rejects.toMatchObject({ status: 409, scimType: 'uniqueness' })
    }
    await devices.replace(String(made.id), { serial: 'S1', port: 81, tags: ['c'] }, CALL)
    await devices.create({ serial: 'S2', port: 80, tags: ['a', 'b'] }, CALL)
    await postgres.groups.create({ displayName: 'Team' } as never, CALL)
    await expect(postgres.groups.create({ displayName: 'TEAM' } as never, CALL)).rejects.toMatchObject({ status: 409 })
  })

  test.each([
    [['displayName', 'externalId']],
    [['externalId', 'displayName', 'nickName']],
    [['emails.value', 'displayName', 'title', 'externalId']],
  ])('%j are unique beside userName, on every way in, and when many come at once', async (paths) => {
    const { pool, schema } = database
    const attributes = Object.fromEntries(paths.map((path) => [path, { uniqueness: 'server' as const }]))
    const { users, migrate } = postgresAdapters({ pool, schema, users: { attributes } })
    await migrate()
    const call = callOf({ tenant: paths.join() })
    const attributeOf = (path: string, value: string): object =>
      path === 'emails.value' ? { emails: [{ value }] } : { [path]: value }
    const conflict = { status: 409, scimType: 'uniqueness' }
    for (const path of paths) {
      const made = await Promise.allSettled(
        Array.from({ length: 5 }, (_, at) => users.create(user(`${path} ${at}`, attributeOf(path, 'Same')), call)),
      )
      expect([path, made.filter(({ status }) => status === 'fulfilled').length]).toEqual([path, 1])
      const other = await users.create(user(`other ${path}`, attributeOf(path, 'other')), call)
      const id = String(other.id)
      await expect(users.replace(id, user(`other ${path}`, attributeOf(path, 'Same')), call)).rejects.toMatchObject(
        conflict,
      )
      const [name, value] = Object.entries(attributeOf(path, 'Same'))[0] ?? []
      const patch = patchFor(USER_TYPE, { op: 'replace', path: name, value })
      await expect((async () => users.patch?.(id, patch, call))()).rejects.toMatchObject({
        ...conflict,
        message: expect.stringContaining(path),
      })
    }
    await expect(users.create(user(`OTHER ${paths[0]}`), call)).rejects.toMatchObject(conflict)
  })

  test('what an adapter keeps unique stands beside what it supports', () => {
    const attributes = { displayName: { uniqueness: 'server' } } as const
    const { users, groups } = postgresAdapters({ pool: database.pool, groups: { attributes }, users: { attributes } })
    expect(groups.enforces).toEqual(['displayName'])
    expect([...(users.enforces ?? [])].sort()).toEqual(['displayName', 'userName'])
    const plain = postgresAdapters({ pool: database.pool })
    const entry = { adapter: plain.groups, attributes }
    const authenticate = () => null
    expect(() => scimRouter({ authenticate, resources: { Group: entry } })).toThrow(/ERR_SCIM_UNIQUENESS/)
    expect(() => scimRouter({ authenticate, resources: { Group: { adapter: groups, attributes } } })).not.toThrow()
  })

  test('a mistake in the set-up is told at once', () => {
    const { pool } = database
    expect(() => postgresAdapters({ pool: {} as never })).toThrow(/query/)
    expect(() => postgresAdapters({ pool, members: { unknown: 'drop' as never } })).toThrow(/unknown/)
    expect(() => postgresAdapters({ pool, users: { indexes: ['emials.value'] } })).toThrow(/emials/)
    const postgres = postgresAdapters({ pool })
    expect(() => postgres.resource({ name: 'User', schema: Device })).toThrow(/twice/)
  })
})
