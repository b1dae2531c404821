import type { Stored } from '../../src/adapter/contract.js'
import { memoryAdapters } from '../../src/memory/index.js'
import type { GroupResource } from '../../src/schema/core/group.js'
import type { UserResource } from '../../src/schema/core/user.js'
import { callWith, groupSchema, patchWith, userSchema } from './calls.js'

const call = callWith()
let { users, groups } = memoryAdapters()
beforeEach(() => {
  ;({ users, groups } = memoryAdapters())
})

const patchMembers = (...operations: Parameters<typeof patchWith>[1][]) =>
  patchWith<GroupResource>(groupSchema, ...operations)
const adding = (...ids: string[]) =>
  patchMembers({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) })
const removing = (id: string) => patchMembers({ op: 'remove', path: 'members', filter: `value eq "${id}"` })

async function createUser(userName: string, more: object = {}): Promise<string> {
  return String((await users.create({ userName, ...more }, call)).id)
}

async function createGroup(displayName: string, ...members: string[]): Promise<string> {
  const draft = { displayName, members: members.map((value) => ({ value })) }
  return String((await groups.create(draft, call)).id)
}

async function patch(id: string, change: ReturnType<typeof patchMembers>) {
  const result = await groups.patch?.(id, change, call)
  if (!result || typeof result === 'string') throw new Error(`not patched: ${result}`)
  return result
}

const membersOf = async (id: string) =>
  ((await groups.get(id, call))?.members ?? []) as NonNullable<GroupResource['members']>
const groupsOf = async (id: string) => ((await users.get(id, call)) as Stored & { groups?: unknown })?.groups
const versionOf = async (id: string) => (await groups.get(id, call))?.meta?.version

describe('members', () => {
  test('[S-4.2-03] get the type and display name that the store knows, whatever the client said', async () => {
    const ann = await createUser('ann', { displayName: 'Ann' })
    const inner = await createGroup('Inner')
    const { id } = await groups.create(
      { displayName: 'Outer', members: [{ value: ann, display: 'Eve', type: 'Group' }, { value: inner }] },
      call,
    )
    expect(await membersOf(String(id))).toEqual([
      { value: ann, type: 'User', display: 'Ann' },
      { value: inner, type: 'Group', display: 'Inner' },
    ])
  })

  test('the display name is the best there is and follows the member', async () => {
    const id = await createUser('ann', { name: { formatted: 'Ann Lee' } })
    const group = await createGroup('G', id)
    const display = async () => (await membersOf(group))[0]?.display
    expect(await display()).toBe('Ann Lee')
    await users.replace(id, { userName: 'ann', displayName: 'Annie' }, call)
    expect(await display()).toBe('Annie')
    await users.replace(id, { userName: 'ann' }, call)
    expect(await display()).toBe('ann')
    expect(await versionOf(group)).toBe('1')
  })

  test('are not read when they are not asked for', async () => {
    const group = await createGroup('G', await createUser('ann'))
    expect(await groups.get(group, callWith({ select: ['displayName'] }))).not.toHaveProperty('members')
  })

  test('a list that was handed out stays as it was and cannot be changed', async () => {
    const ann = await createUser('ann')
    const group = await createGroup('G', ann)
    const before = await membersOf(group)
    await patch(group, adding(await createUser('bob')))
    expect(before).toHaveLength(1)
    expect(await membersOf(group)).toHaveLength(2)
    expect(() => (before as object[]).push({})).toThrow(TypeError)
    expect(() => Object.assign(before[0] as object, { value: 'x' })).toThrow(TypeError)
  })

  test('without a value are refused', () => {
    const draft = { displayName: 'G', members: [{ display: 'Ann' }] }
    expect(() => groups.create(draft, call)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidValue' }))
  })
})

describe('members that do not exist', () => {
  const unknown = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']

  test('are refused by every write, five of them by name, and nothing is written', async () => {
    const ann = await createUser('ann')
    const group = await createGroup('G', ann)
    const before = await groups.get(group, call)
    const refused = expect.objectContaining({
      status: 400,
      scimType: 'invalidValue',
      message: expect.stringMatching(/"u1", "u2", "u3", "u4", "u5" and 2 more/),
    })
    const draft = { displayName: 'H', members: unknown.map((value) => ({ value })) }
    expect(() => groups.create(draft, call)).toThrow(refused)
    expect(() => groups.replace(group, draft, call)).toThrow(refused)
    expect(() => groups.patch?.(group, adding(...unknown), call)).toThrow(refused)
    expect(await groups.get(group, call)).toEqual(before)
    expect(await groupsOf(ann)).toHaveLength(1)
  })

  test('are kept as they are when the policy says so', async () => {
    ;({ users, groups } = memoryAdapters({ members: { unknown: 'keep' } }))
    const ann = await createUser('ann')
    const draft = { displayName: 'G', members: [{ value: 'u1', display: 'U' }, { value: ann }] }
    const { id } = await groups.create(draft, call)
    expect(await membersOf(String(id))).toEqual([
      { value: 'u1', display: 'U' },
      { value: ann, type: 'User', display: 'ann' },
    ])
    await patch(String(id), removing('u1'))
    expect(await membersOf(String(id))).toHaveLength(1)
  })
})

describe('groups in groups', () => {
  test('a group in itself is refused', async () => {
    const group = await createGroup('G')
    const refused = expect.objectContaining({ status: 400, scimType: 'invalidValue' })
    expect(() => groups.patch?.(group, adding(group), call)).toThrow(refused)
    expect(() => groups.replace(group, { displayName: 'G', members: [{ value: group }] }, call)).toThrow(refused)
  })

  test('[S-4.2-04] [S-4.1-06] a user sees groups and the groups that these are in', async () => {
    const ann = await createUser('ann')
    const inner = await createGroup('Inner', ann)
    const middle = await createGroup('Middle', inner)
    const outer = await createGroup('Outer', middle, ann)
    const top = await createGroup('Top', outer)
    expect(await groupsOf(ann)).toEqual([
      { value: inner, display: 'Inner', type: 'direct' },
      { value: outer, display: 'Outer', type: 'direct' },
      { value: middle, display: 'Middle', type: 'indirect' },
      { value: top, display: 'Top', type: 'indirect' },
    ])
  })

  test('a circle of groups is stored and walked once', async () => {
    const ann = await createUser('ann')
    const first = await createGroup('First', ann)
    const second = await createGroup('Second', first)
    await patch(first, adding(second))
    expect(await groupsOf(ann)).toEqual([
      { value: first, display: 'First', type: 'direct' },
      { value: second, display: 'Second', type: 'indirect' },
    ])
  })
})

describe('groups of a user', () => {
  // Decision A-123.
  test('follow every change of the groups and never the version of the user', async () => {
    const ann = await createUser('ann')
    const { meta } = (await users.get(ann, call)) as Stored
    const group = await createGroup('G')
    await patch(group, adding(ann))
    expect(await groupsOf(ann)).toEqual([{ value: group, display: 'G', type: 'direct' }])
    await groups.replace(group, { displayName: 'H', members: [{ value: ann }] }, call)
    expect(await groupsOf(ann)).toEqual([{ value: group, display: 'H', type: 'direct' }])
    await patch(group, removing(ann))
    expect(await groupsOf(ann)).toBeUndefined()
    await patch(group, adding(ann))
    await groups.delete(group, call)
    expect(await groupsOf(ann)).toBeUndefined()
    expect((await users.get(ann, call))?.meta).toEqual(meta)
  })

  test('[S-4.1-05] a draft cannot set them', async () => {
    const draft = { userName: 'ann', groups: [{ value: 'x' }] }
    const { id } = await users.create(draft, call)
    await users.replace(String(id), draft, call)
    expect(await groupsOf(String(id))).toBeUndefined()
  })

  test('are there after a PATCH, though it asks for little', async () => {
    const ann = await createUser('ann')
    await createGroup('G', ann)
    const change = patchWith<UserResource>(userSchema, { op: 'replace', path: 'title', value: 'Dr' })
    const result = await users.patch?.(ann, change, callWith({ select: ['meta'] }))
    expect(result).toMatchObject({ resource: { title: 'Dr', groups: [{ display: 'G' }] } })
  })
})

describe('delete', () => {
  test('[P-3.6-07] who is deleted leaves every group, and those groups change', async () => {
    const ann = await createUser('ann')
    const inner = await createGroup('Inner', ann)
    const outer = await createGroup('Outer', ann, inner)
    const other = await createGroup('Other')
    await users.delete(ann, call)
    expect(await membersOf(inner)).toEqual([])
    expect(await membersOf(outer)).toEqual([{ value: inner, type: 'Group', display: 'Inner' }])
    await groups.delete(inner, call)
    expect(await membersOf(outer)).toEqual([])
    expect([await versionOf(outer), await versionOf(other)]).toEqual(['3', '1'])
  })
})

describe('a PUT of members', () => {
  test('makes nothing anew for members that stay', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, (_, index) => createUser(`user${index}`)))
    const group = await createGroup('G', ...ids)
    const [, second, third] = await membersOf(group)
    const members = [second, third].map((member) => ({ value: member?.value }))
    await groups.replace(group, { displayName: 'G', members } as never, call)
    const after = await membersOf(group)
    expect(after).toEqual([second, third])
    expect(after[0]).toBe(second)
    expect(after[1]).toBe(third)
  })

  test('of many by few leaves few, and those that left can come again', async () => {
    const ids = await Promise.all(Array.from({ length: 1_500 }, (_, index) => createUser(`user${index}`)))
    const group = await createGroup('G', ...ids)
    const [first = '', ...others] = ids
    const few = { displayName: 'G', members: [{ value: first }] }
    await groups.replace(group, few as never, call)
    expect(await membersOf(group)).toHaveLength(1)
    expect([await groupsOf(first), await groupsOf(String(others[0]))]).toEqual([
      [{ value: group, display: 'G', type: 'direct' }],
      undefined,
    ])
    const all = { displayName: 'G', members: ids.map((value) => ({ value })) }
    await groups.replace(group, all as never, call)
    expect(await membersOf(group)).toHaveLength(1_500)
    expect(await groupsOf(String(others[0]))).toEqual([{ value: group, display: 'G', type: 'direct' }])
  })
})

describe('patch of members', () => {
  test('tells what really changed', async () => {
    const [ann, bob, cid] = [await createUser('ann'), await createUser('bob'), await createUser('cid')]
    const group = await createGroup('G', ann, bob)
    expect(await patch(group, adding(bob, cid))).toEqual({
      changed: true,
      version: '2',
      changes: { members: { added: [cid], removed: [] } },
    })
    expect(await patch(group, adding(bob, cid))).toEqual({ changed: false, version: '2' })
    expect(await patch(group, removing(ann))).toEqual({
      changed: true,
      version: '3',
      changes: { members: { added: [], removed: [ann] } },
    })
    expect(await patch(group, removing(ann))).toEqual({ changed: false, version: '3' })
    const all = patchMembers({ op: 'replace', path: 'members', value: [{ value: ann }, { value: bob }] })
    expect(await patch(group, all)).toMatchObject({ changes: { members: { added: [ann], removed: [cid] } } })
    expect(await patch(group, patchMembers({ op: 'remove', path: 'members' }))).toMatchObject({
      changes: { members: { added: [], removed: [bob, ann] } },
    })
  })

  test('goes together with other attributes, all or nothing', async () => {
    const ann = await createUser('ann')
    const group = await createGroup('G')
    const both = patchMembers(
      { op: 'replace', path: 'displayName', value: 'H' },
      { op: 'add', path: 'members', value: [{ value: ann }] },
    )
    expect(await patch(group, both)).toMatchObject({ changed: true, version: '2' })
    expect(await groupsOf(ann)).toEqual([{ value: group, display: 'H', type: 'direct' }])
    const bad = patchMembers(
      { op: 'replace', path: 'displayName', value: 'I' },
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: [{ value: 'nobody' }] },
    )
    expect(() => groups.patch?.(group, bad, call)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }))
    expect(await groups.get(group, call)).toMatchObject({ displayName: 'H', members: [{ value: ann }] })
  })

  test('of many by one is told where somebody wants to know, and not walked through otherwise', async () => {
    const ids = await Promise.all(Array.from({ length: 1_500 }, (_, index) => createUser(`user${index}`)))
    const [first = '', ...others] = ids
    const replacing = patchMembers({ op: 'replace', path: 'members', value: [{ value: first }] })
    const quiet = await createGroup('G', ...ids)
    expect(await patch(quiet, replacing)).toEqual({ changed: true, version: '2' })
    const told = await createGroup('H', ...ids)
    const events = { ...call, limits: { ...call.limits, memberEvents: 10_000 } }
    expect(await groups.patch?.(told, replacing, events)).toMatchObject({
      changed: true,
      changes: { members: { added: [], removed: others } },
    })
    expect([await membersOf(quiet), await membersOf(told)].map((list) => list.map(({ value }) => value))).toEqual([
      [first],
      [first],
    ])
  })

  test('a new name alone leaves the members alone', async () => {
    const ann = await createUser('ann')
    const group = await createGroup('G', ann)
    expect(await patch(group, patchMembers({ op: 'replace', path: 'displayName', value: 'H' }))).toEqual({
      changed: true,
      version: '2',
    })
    expect(await membersOf(group)).toHaveLength(1)
  })

  test('200 at once, each with one member, end with 200 members', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, (_, index) => createUser(`user${index}`)))
    const group = await createGroup('G')
    const results = await Promise.all(ids.map(async (id) => patch(group, adding(id))))
    expect((await membersOf(group)).map(({ value }) => value).toSorted()).toEqual(ids.toSorted())
    expect(new Set(results.map(({ version }) => version)).size).toBe(200)
    expect(await versionOf(group)).toBe('201')
  })

  test('one member comes or goes without a look at the others', async () => {
    const ids = await Promise.all(Array.from({ length: 1_000 }, (_, index) => createUser(`user${index}`)))
    const group = await createGroup('G', ...ids.slice(0, -1))
    await membersOf(group)
    // Counts each walk through a Map of many entries.
    const walked: number[] = []
    const spies = (['keys', 'values', 'entries', 'forEach', Symbol.iterator] as const).map((name) => {
      const original = Map.prototype[name] as (this: Map<unknown, unknown>, ...rest: unknown[]) => unknown
      return jest.spyOn(Map.prototype, name as 'keys').mockImplementation(function (
        this: Map<unknown, unknown>,
        ...rest
      ) {
        walked.push(this.size)
        return original.apply(this, rest) as never
      })
    })
    try {
      await patch(group, adding(String(ids.at(-1))))
      await patch(group, removing(String(ids[5])))
      expect(Math.max(...walked)).toBeLessThan(10)
      walked.length = 0
      await membersOf(group)
      expect(Math.max(...walked)).toBe(999)
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  })
})
