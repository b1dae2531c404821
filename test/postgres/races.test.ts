import type { PatchResult, Stored } from '../../src/adapter/contract.js'
import type { PostgresAdapters } from '../../src/postgres/index.js'
import { callOf, GROUP_TYPE, patchFor, USER_TYPE } from '../support/calls.js'
import { testAdapters } from '../support/postgres.js'

const CALL = callOf()

describe('writers at the same time', () => {
  const database = testAdapters()
  let groups: PostgresAdapters['groups']
  let users: PostgresAdapters['users']
  let ids: string[]

  beforeAll(async () => {
    ;({ groups, users } = database.postgres)
    const made = Array.from({ length: 60 }, (_, index) => users.create({ userName: `racer${index}` } as never, CALL))
    ids = (await Promise.all(made)).map(({ id }) => String(id))
  })

  const group = async (members: readonly string[] = []): Promise<string> =>
    String(
      (await groups.create({ displayName: 'Race', members: members.map((value) => ({ value })) } as never, CALL)).id,
    )
  const patch = async (id: string, ...operations: readonly unknown[]): Promise<PatchResult> =>
    (await groups.patch?.(id, patchFor(GROUP_TYPE, ...operations), CALL)) as PatchResult
  const membersOf = async (id: string): Promise<string[]> =>
    (((await groups.get(id, CALL)) as Stored)['members'] as { value: string }[] | undefined)?.map(
      ({ value }) => value,
    ) ?? []

  test('no member is lost when each writer adds its own, and each is told what it did', async () => {
    const id = await group()
    const results = await Promise.all(ids.map((value) => patch(id, { op: 'add', path: 'members', value: [{ value }] })))
    expect((await membersOf(id)).sort()).toEqual([...ids].sort())
    expect(results.flatMap(({ changes }) => changes?.['members']?.added ?? []).sort()).toEqual([...ids].sort())
    expect(new Set(results.map(({ version }) => version)).size).toBe(ids.length)
  })

  test('the same member is added once, however many add it', async () => {
    const id = await group()
    const value = [{ value: ids[0] }]
    const results = await Promise.all(
      Array.from({ length: 30 }, () => patch(id, { op: 'add', path: 'members', value })),
    )
    expect(results.filter(({ changed }) => changed).length).toBe(1)
    expect(await membersOf(id)).toEqual([ids[0]])
  })

  test('a list that replaces all sees what others have added before it', async () => {
    for (let turn = 0; turn < 10; turn++) {
      const id = await group(ids.slice(0, 3))
      const [replaced] = await Promise.all([
        patch(id, { op: 'replace', path: 'members', value: [{ value: ids[1] }] }),
        ...ids.slice(10, 20).map((value) => patch(id, { op: 'add', path: 'members', value: [{ value }] })),
      ])
      const members = await membersOf(id)
      const removed = replaced?.changes?.['members']?.removed ?? []
      // Earlier members are gone, later members are there, and each is either a member or removed.
      expect(members).toContain(ids[1])
      expect([...members, ...removed].sort()).toEqual([...ids.slice(0, 3), ...ids.slice(10, 20)].sort())
    }
  })

  test('a patch that looks at all members sees what others have written before it', async () => {
    const id = await group(ids.slice(0, 2))
    await Promise.all([
      ...ids.slice(20, 40).map((value) => patch(id, { op: 'add', path: 'members', value: [{ value }] })),
      ...ids.slice(20, 25).map(() => patch(id, { op: 'remove', path: 'members[display eq "racer0"]' })),
    ])
    expect((await membersOf(id)).sort()).toEqual([ids[1], ...ids.slice(20, 40)].sort())
  })

  test('attributes that different writers set are all there', async () => {
    const made = await users.create({ userName: 'attributes' } as never, CALL)
    const paths = [
      'title',
      'nickName',
      'displayName',
      'locale',
      'userType',
      'name.givenName',
      'name.familyName',
      'timezone',
    ]
    const set = (path: string) =>
      users.patch?.(String(made.id), patchFor(USER_TYPE, { op: 'add', path, value: path }), CALL)
    await Promise.all(paths.map(set))
    expect(await users.get(String(made.id), CALL)).toMatchObject({
      ...{ title: 'title', nickName: 'nickName', displayName: 'displayName', locale: 'locale', userType: 'userType' },
      name: { givenName: 'name.givenName', familyName: 'name.familyName' },
      timezone: 'timezone',
    })
  })

  test('of many who write under one version one succeeds', async () => {
    const id = await group()
    const version = String(((await groups.get(id, CALL)) as Stored).meta?.version)
    const call = callOf({ ifMatch: [version] })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => groups.replace(id, { displayName: `Race ${index}` } as never, call)),
    )
    expect(outcomes.filter((outcome) => outcome !== 'stale').length).toBe(1)
  })

  test('nobody stays a member who is deleted while being added', async () => {
    for (let turn = 0; turn < 15; turn++) {
      const made = await users.create({ userName: `ghost${turn}` } as never, CALL)
      const value = String(made.id)
      const targets = await Promise.all([group(), group([value])])
      const add = (id: string): Promise<unknown> =>
        patch(id, { op: 'add', path: 'members', value: [{ value }] }).catch((error) => error)
      const [first, second, gone] = await Promise.all([add(targets[0]), add(targets[1]), users.delete(value, CALL)])
      expect(gone).toBe(true)
      for (const outcome of [first, second]) {
        if (outcome instanceof Error) expect(outcome).toMatchObject({ status: 400 })
      }
      for (const id of targets) expect(await membersOf(id)).toEqual([])
    }
  })

  test('users who share many groups can be deleted at once', async () => {
    const leavers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => users.create({ userName: `leaver${index}` } as never, CALL)),
    )
    const values = leavers.map(({ id }) => String(id))
    const shared = await Promise.all(
      Array.from({ length: 8 }, (_, index) => group([...values].sort(() => (index % 2) - 0.5))),
    )
    expect(await Promise.all(values.map((id) => users.delete(id, CALL)))).toEqual(values.map(() => true))
    for (const id of shared) expect(await membersOf(id)).toEqual([])
  })

  test('two deletes of one resource: one finds it', async () => {
    const id = await group(ids.slice(0, 5))
    const outcomes = await Promise.all([groups.delete(id, CALL), groups.delete(id, CALL), groups.delete(id, CALL)])
    expect(outcomes.filter(Boolean).length).toBe(1)
    expect(await groups.get(id, CALL)).toBeUndefined()
  })
})
