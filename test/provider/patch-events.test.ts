import type { GroupResource, ResourceAdapter, ResourceEvent, UserResource } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach, group, user } from '../rfc7644/service.js'
import { startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const closed = closedAfterEach()

/** A store that patches by itself, but does not report the changes. */
function silent<R>(adapter: ResourceAdapter<R>): ResourceAdapter<R> {
  return {
    ...adapter,
    patch: async (id, patch, call) => {
      const outcome = await adapter.patch?.(id, patch, call)
      if (typeof outcome !== 'object' || outcome === null) return outcome
      return { changed: outcome.changed, version: outcome.version }
    },
  }
}

async function toldOf(wrap: <R>(adapter: ResourceAdapter<R>) => ResourceAdapter<R>) {
  const { users, groups } = memoryAdapters({ members: { unknown: 'keep' } })
  const events: ResourceEvent[] = []
  let reads = 0
  const counting = <R>(adapter: ResourceAdapter<R>): ResourceAdapter<R> => ({
    ...adapter,
    get: (...given) => {
      reads += 1
      return adapter.get(...given)
    },
  })
  const hook = (event: ResourceEvent): unknown => events.push(event)
  const names = ['group.updated', 'group.member.added', 'group.member.removed', 'user.updated', 'user.deactivated']
  const { scim } = await closed(
    startApp({
      resources: {
        User: { adapter: counting(wrap(users)) as ResourceAdapter<UserResource> },
        Group: { adapter: counting(wrap(groups)) as ResourceAdapter<GroupResource> },
      },
      password: { hash: (password) => `hash of ${password.length}` },
      on: Object.fromEntries(names.map((name) => [name, hook])),
    }),
  )
  /** Does a PATCH, and returns its events and the number of reads of the resource. */
  const patch = async (path: string, ...Operations: readonly object[]) => {
    await hooksCalled()
    events.length = 0
    reads = 0
    expect((await scim.patch(path, { Operations })).status).toBeLessThan(300)
    await hooksCalled()
    return { told: [...events], reads }
  }
  return { scim, patch }
}

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })
const add = (...values: readonly object[]) => ({ op: 'add', path: 'members', value: values })

test('the rename of a group tells its names before and after, and nobody reads it for that', async () => {
  const { scim, patch } = await toldOf((adapter) => adapter)
  const { body } = await scim.post('/Groups', group('Old', 'a'))
  const { told, reads } = await patch(`/Groups/${body.id}`, replace('displayName', 'New'), add({ value: 'b' }))
  expect(told.map(({ name }) => name)).toEqual(['group.updated', 'group.member.added'])
  expect(told[0]).toMatchObject({
    before: { displayName: 'Old' },
    resource: { displayName: 'New' },
    set: { displayName: 'New' },
    changes: { members: { added: ['b'], removed: [] } },
  })
  expect([told[0]?.before, told[0]?.resource].filter((resource) => resource && 'members' in resource)).toEqual([])
  expect(reads).toBe(0)
})

describe('a store that patches by itself and tells nothing: what the patch says is told, without a read', () => {
  test('the new name of a group', async () => {
    const { scim, patch } = await toldOf(silent)
    const { body } = await scim.post('/Groups', group('Old', 'a'))
    const { told, reads } = await patch(`/Groups/${body.id}`, replace('displayName', 'New'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ name: 'group.updated', set: { displayName: 'New' } })
    expect([told[0]?.before, told[0]?.resource, reads]).toEqual([undefined, undefined, 0])
  })

  test('the one member who came or went', async () => {
    const { scim, patch } = await toldOf(silent)
    const { body } = await scim.post('/Groups', group('G', 'a'))
    const path = `/Groups/${body.id}`
    const came = await patch(path, add({ value: 'b' }))
    expect(came.told.map(({ name, member }) => [name, member])).toEqual([
      ['group.updated', undefined],
      ['group.member.added', 'b'],
    ])
    const went = await patch(path, { op: 'remove', path: 'members[value eq "b"]' })
    expect(went.told.map(({ name, member }) => [name, member])).toEqual([
      ['group.updated', undefined],
      ['group.member.removed', 'b'],
    ])
    expect([came.reads, went.reads]).toEqual([0, 0])
    // A member that is there already changes nothing.
    expect((await patch(path, add({ value: 'a' }))).told).toEqual([])
  })

  test.each([
    ['two members', [add({ value: 'b' }, { value: 'c' })]],
    ['all members', [{ op: 'remove', path: 'members' }]],
    ['a member and the name', [add({ value: 'b' }), replace('displayName', 'New')]],
  ])('%s: which of them is news nobody knows, so no member is told', async (_title, operations) => {
    const { scim, patch } = await toldOf(silent)
    const { body } = await scim.post('/Groups', group('G', 'a'))
    const { told } = await patch(`/Groups/${body.id}`, ...operations)
    expect(told.map(({ name, changes }) => [name, changes])).toEqual([['group.updated', undefined]])
  })

  test('values of a user: null for none, no password, and nothing where it depends on what was stored', async () => {
    const { scim, patch } = await toldOf(silent)
    const { body } = await scim.post('/Users', user('one', { title: 'old', nickName: 'n', name: { familyName: 'F' } }))
    const path = `/Users/${body.id}`
    const setBy = async (...operations: readonly object[]) => (await patch(path, ...operations)).told[0]?.set
    const remove = { op: 'remove', path: 'nickName' }
    expect(await setBy(replace('title', 'new'), replace('password', 'secret-1'), remove)).toEqual({
      title: 'new',
      nickName: null,
    })
    expect(await setBy(replace('password', 'secret-2'))).toBeUndefined()
    expect(await setBy(replace('title', 'x'), replace('name.givenName', 'G'))).toBeUndefined()
  })

  test('who is deactivated is told with both resources, which are read for that', async () => {
    const { scim, patch } = await toldOf(silent)
    const { body } = await scim.post('/Users', user('one', { active: true }))
    const { told, reads } = await patch(`/Users/${body.id}`, replace('active', false))
    expect(told.map(({ name }) => name)).toEqual(['user.updated', 'user.deactivated'])
    expect(told[1]).toMatchObject({ before: { active: true }, resource: { active: false }, set: { active: false } })
    expect(reads).toBe(2)
  })
})
