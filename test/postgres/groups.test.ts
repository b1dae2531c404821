import type { IndexPage, PatchResult, Stored } from '../../src/adapter/contract.js'
import { type PostgresAdapters, postgresAdapters } from '../../src/postgres/index.js'
import { callOf, GROUP_TYPE, patchFor, queryOf, USER_TYPE } from '../support/calls.js'
import { countedPool } from '../support/counted-pool.js'
import { testAdapters } from '../support/postgres.js'

const CALL = callOf()

describe('groups with their members in a table', () => {
  const database = testAdapters()
  let groups: PostgresAdapters['groups']
  let users: PostgresAdapters['users']
  let ids: string[]

  beforeAll(async () => {
    ;({ groups, users } = database.postgres)
    ids = []
    for (let index = 0; index < 6; index++) {
      const made = await users.create({ userName: `member${index}`, displayName: `Member ${index}` } as never, CALL)
      ids.push(String(made.id))
    }
  })

  const group = async (displayName: string, members: readonly object[] = []): Promise<string> =>
    String((await groups.create({ displayName, members } as never, CALL)).id)
  const read = async (id: string): Promise<Stored> => (await groups.get(id, CALL)) as Stored
  const patch = async (id: string, ...operations: readonly unknown[]): Promise<PatchResult> =>
    (await groups.patch?.(id, patchFor(GROUP_TYPE, ...operations), CALL)) as PatchResult
  const membersOf = (stored: Stored): unknown[] =>
    ((stored['members'] ?? []) as { value: string }[]).map(({ value }) => ids.indexOf(value))

  test('members are told with type and name, whatever a client says of them', async () => {
    const id = await group('Told', [{ value: ids[0], display: 'wrong', type: 'Group' }])
    expect((await read(id))['members']).toEqual([{ value: ids[0], type: 'User', display: 'Member 0' }])
    await users.patch?.(
      String(ids[0]),
      patchFor(USER_TYPE, { op: 'replace', path: 'displayName', value: 'Renamed' }),
      CALL,
    )
    expect((await read(id))['members']).toEqual([{ value: ids[0], type: 'User', display: 'Renamed' }])
  })

  test('PATCH says what really came and went, and touches the group once', async () => {
    const id = await group('Patched', [{ value: ids[0] }])
    const before = await read(id)
    const same = await patch(id, { op: 'add', path: 'members', value: [{ value: ids[0] }] })
    expect(same).toEqual({ changed: false, version: before.meta?.version })
    expect(await read(id)).toEqual(before)
    const added = await patch(id, {
      op: 'add',
      path: 'members',
      value: [{ value: ids[0] }, { value: ids[1] }, { value: ids[2] }],
    })
    expect(added.changed).toBe(true)
    expect(added.changes?.['members']?.removed).toEqual([])
    expect([...(added.changes?.['members']?.added ?? [])].sort()).toEqual([ids[1], ids[2]].sort())
    expect(added).not.toHaveProperty('resource')
    expect((await read(id)).meta?.version).toBe(added.version)
    expect(await patch(id, { op: 'remove', path: `members[value eq "${ids[5]}"]` })).toMatchObject({ changed: false })
    const both = await patch(
      id,
      { op: 'remove', path: `members[value eq "${ids[0]}"]` },
      { op: 'add', path: 'members', value: [{ value: ids[3] }] },
      { op: 'replace', path: 'displayName', value: 'Renamed' },
    )
    expect(both.changes).toEqual({ members: { added: [ids[3]], removed: [ids[0]] } })
    const after = await read(id)
    expect(after['displayName']).toBe('Renamed')
    expect(membersOf(after).sort()).toEqual([1, 2, 3])
    const replaced = await patch(id, { op: 'replace', path: 'members', value: [{ value: ids[3] }, { value: ids[4] }] })
    expect(replaced.changes?.['members']).toEqual({ added: [ids[4]], removed: [ids[1], ids[2]].sort() })
    expect(
      await patch(id, { op: 'replace', path: 'members', value: [{ value: ids[4] }, { value: ids[3] }] }),
    ).toMatchObject({ changed: false })
    expect((await patch(id, { op: 'remove', path: 'members' })).changes?.['members']?.removed.length).toBe(2)
    expect(await read(id)).not.toHaveProperty('members')
  })

  test('a patch that needs all members has all of them', async () => {
    const id = await group(
      'Needed',
      ids.slice(0, 3).map((value) => ({ value })),
    )
    const gone = await patch(id, { op: 'remove', path: 'members[display co "1"]' })
    expect(gone.changes?.['members']).toEqual({ added: [], removed: [ids[1]] })
    expect(membersOf(await read(id)).sort()).toEqual([0, 2])
  })

  test('PUT puts the list in the place of the old one', async () => {
    const id = await group(
      'Put',
      ids.slice(0, 3).map((value) => ({ value })),
    )
    const stored = await groups.replace(
      id,
      { displayName: 'Put', members: [{ value: ids[2] }, { value: ids[3] }] } as never,
      CALL,
    )
    expect(membersOf(stored as Stored).sort()).toEqual([2, 3])
    await groups.replace(id, { displayName: 'Put' } as never, CALL)
    expect(await read(id)).not.toHaveProperty('members')
  })

  test('unknown members are refused by name, and nothing of the request is done', async () => {
    const id = await group('Refused', [{ value: ids[0] }])
    const before = await read(id)
    const unknown = Array.from({ length: 7 }, (_, index) => ({ value: `nobody${index}` }))
    const operations = [
      { op: 'replace', path: 'displayName', value: 'Changed' },
      { op: 'remove', path: `members[value eq "${ids[0]}"]` },
      { op: 'add', path: 'members', value: [...unknown, { value: ids[1] }] },
    ]
    const refused = patch(id, ...operations)
    await expect(refused).rejects.toMatchObject({ status: 400, scimType: 'invalidValue' })
    await expect(refused).rejects.toThrow(/"nobody0".*and 2 more/)
    expect(await read(id)).toEqual(before)
    await expect(group('Never', unknown)).rejects.toMatchObject({ status: 400 })
    await expect(patch(id, { op: 'add', path: 'members', value: [{ value: id }] })).rejects.toThrow(/own/)
    await expect(patch(id, { op: 'add', path: 'members', value: [{ value: 'a\u0000' }] })).rejects.toMatchObject({
      status: 400,
    })
    const found = (await groups.list(queryOf(GROUP_TYPE, { filter: 'displayName eq "Never"' }), CALL)) as IndexPage
    expect(found.totalResults).toBe(0)
  })

  test('by policy unknown members are kept as they were told', async () => {
    const { pool, schema } = database
    const lenient = postgresAdapters({ pool, schema, members: { unknown: 'keep' } }).groups
    const members = [{ value: 'Nobody', display: 'No Body', type: 'User' }, { value: ids[0] }]
    const made = await lenient.create({ displayName: 'Kept', members } as never, CALL)
    expect(((await read(String(made.id)))['members'] as object[])[1]).toEqual({
      value: 'Nobody',
      display: 'No Body',
      type: 'User',
    })
    const find = async (filter: string): Promise<number> =>
      ((await groups.list(queryOf(GROUP_TYPE, { filter }), CALL)) as IndexPage).totalResults
    // The schema says that letter case does not count, in filters.
    expect(await find('members.value eq "nobody"')).toBe(1)
    // Identity is exact.
    const removed = (await lenient.patch?.(
      String(made.id),
      patchFor(GROUP_TYPE, { op: 'remove', path: 'members[value eq "nobody"]' }),
      CALL,
    )) as PatchResult
    expect(removed.changed).toBe(false)
  })

  test('who is deleted leaves all groups, whose versions change', async () => {
    const made = await users.create({ userName: 'leaver' } as never, CALL)
    const leaver = { value: String(made.id) }
    const [one, two, other] = [
      await group('One', [leaver]),
      await group('Two', [leaver, { value: ids[0] }]),
      await group('Other', [{ value: ids[0] }]),
    ]
    const versions = async (): Promise<unknown[]> => [
      (await read(one)).meta?.version,
      (await read(two)).meta?.version,
      (await read(other)).meta?.version,
    ]
    const before = await versions()
    await users.delete(String(made.id), CALL)
    const after = await versions()
    expect(after.map((version, index) => version === before[index])).toEqual([false, false, true])
    expect(await read(one)).not.toHaveProperty('members')
    expect(membersOf(await read(two))).toEqual([0])
  })

  test('groups of a user are direct or indirect, also in a circle', async () => {
    const inner = await group('Inner', [{ value: ids[5] }])
    const outer = await group('Outer', [{ value: inner }])
    await patch(inner, { op: 'add', path: 'members', value: [{ value: outer }] })
    const stored = (await users.get(String(ids[5]), CALL)) as Stored
    expect(stored['groups']).toEqual(
      [
        { value: inner, display: 'Inner', type: 'direct' },
        { value: outer, display: 'Outer', type: 'indirect' },
      ].sort((a, b) => (a.value < b.value ? -1 : 1)),
    )
    for (const filter of [
      `groups.value eq "${outer}"`,
      `groups[value eq "${inner.toUpperCase()}"]`,
      `groups eq "${inner}"`,
    ]) {
      const found = (await users.list(queryOf(USER_TYPE, { filter }), CALL)) as IndexPage
      expect([...found.resources].map(({ id }) => id)).toEqual([ids[5]])
    }
    expect(await users.get(String(ids[5]), callOf({ without: ['groups'] }))).not.toHaveProperty('groups')
  })

  test('filters on members find their groups', async () => {
    const nested = await group('Nested')
    const id = await group('Found', [{ value: ids[4] }, { value: nested }])
    const find = async (filter: string): Promise<unknown[]> => {
      const page = (await groups.list(
        queryOf(GROUP_TYPE, { filter: `displayName eq "found" and (${filter})` }),
        CALL,
      )) as IndexPage
      return [...page.resources].map((one) => one.id)
    }
    for (const filter of [
      `members eq "${ids[4]}"`,
      `members.value eq "${ids[4]?.toUpperCase()}"`,
      `members[value eq "${ids[4]}" and type eq "user"]`,
      `members[type eq "Group"]`,
      'members pr',
      `members.value ne "${ids[4]}"`,
      `not (members eq "${ids[0]}")`,
    ]) {
      expect({ filter, found: await find(filter) }).toEqual({ filter, found: [id] })
    }
    expect(await find(`members[value eq "${ids[4]}" and type eq "Group"]`)).toEqual([])
  })

  test('what is not asked for is not read, and lists take one statement, with one more for where all of a page are members', async () => {
    const { pool, schema } = database
    const counted = countedPool(pool)
    const own = postgresAdapters({ pool: counted, schema })
    const id = await group('Counted', [{ value: ids[0] }])
    counted.take()
    expect(await own.groups.get(id, callOf({ without: ['members'] }))).not.toHaveProperty('members')
    const [statement, ...more] = counted.take()
    expect(more).toEqual([])
    expect(statement).not.toContain('reference')
    await own.groups.list(queryOf(GROUP_TYPE), CALL)
    expect(counted.take().length).toBe(1)
    const page = (await own.users.list(queryOf(USER_TYPE), CALL)) as IndexPage
    expect([...page.resources].some((one) => 'groups' in one)).toBe(true)
    expect(counted.take().length).toBe(2)
    await own.users.list(queryOf(USER_TYPE, { count: 2 }), CALL)
    expect(counted.take().filter((text) => text.includes('count(*)')).length).toBe(1)
  })

  test('adding and removing a member never reads the others', async () => {
    const { pool, schema } = database
    const counted = countedPool(pool)
    const own = postgresAdapters({ pool: counted, schema })
    const id = await group('Never read', [{ value: ids[0] }])
    counted.take()
    const add = patchFor(GROUP_TYPE, { op: 'add', path: 'members', value: [{ value: ids[1] }] })
    await own.groups.patch?.(id, add, CALL)
    await own.groups.patch?.(id, patchFor(GROUP_TYPE, { op: 'remove', path: `members[value eq "${ids[1]}"]` }), CALL)
    const reading = counted.take().filter((text) => /SELECT[^;]*FROM[^;]*\.reference AS f/.test(text))
    expect(reading).toEqual([])
  })
})

describe('a large group', () => {
  const database = testAdapters({ members: { unknown: 'keep' } })
  const SIZE = 3_500

  test('is read bit by bit, and fails where the store fails', async () => {
    const { groups } = database.postgres
    const members = Array.from({ length: SIZE }, (_, index) => ({ value: `m${String(index).padStart(6, '0')}` }))
    const made = await groups.create({ displayName: 'Large', members } as never, CALL)
    const counted = countedPool(database.pool)
    const own = postgresAdapters({ pool: counted, schema: database.schema }).groups
    const stored = (await own.get(String(made.id), CALL)) as Stored
    const list = stored['members'] as AsyncIterable<{ value: string }>
    expect(counted.take().length).toBe(1)
    const values: string[] = []
    for await (const { value } of list) values.push(value)
    expect(values).toEqual(members.map(({ value }) => value))
    expect(counted.take().length).toBe(3)
    // Again from the beginning, and no further than it is read.
    for await (const { value } of list) if (value === 'm000010') break
    expect(counted.take()).toEqual([])

    const failing = countedPool(database.pool, (text) => {
      if (text.includes('f.value >')) throw Object.assign(new Error('gone'), { code: '57P01' })
    })
    const broken = (await postgresAdapters({ pool: failing, schema: database.schema }).groups.get(
      String(made.id),
      CALL,
    )) as Stored
    const reading = async (): Promise<void> => {
      for await (const _ of broken['members'] as AsyncIterable<unknown>);
    }
    await expect(reading()).rejects.toMatchObject({ status: 503 })
  })

  test('is an array inside of a transaction, which ends before the answer is written', async () => {
    const { groups, transaction } = database.postgres
    const members = Array.from({ length: 1_200 }, (_, index) => ({ value: `t${index}` }))
    const made = await groups.create({ displayName: 'Inside', members } as never, CALL)
    const inside = await transaction(
      (connection) => groups.get(String(made.id), callOf({ transaction: connection })) as Promise<Stored>,
    )
    expect((inside['members'] as unknown[]).length).toBe(1_200)
  })

  test('comes with the first of its members in a list, and the rest when it is written', async () => {
    const page = (await database.postgres.groups.list(
      queryOf(GROUP_TYPE, { filter: 'displayName eq "large"' }),
      CALL,
    )) as IndexPage
    const [stored] = [...page.resources] as [Stored]
    let count = 0
    for await (const _ of stored['members'] as AsyncIterable<unknown>) count += 1
    expect(count).toBe(SIZE)
  })
})
