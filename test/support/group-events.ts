import express from 'express'
import {
  type GroupResource,
  type ResourceAdapter,
  type ResourceEvent,
  type ScimRouterOptions,
  scimRouter,
} from '../../src/index.js'
import { group } from '../rfc7644/service.js'
import { type App, serve } from './app.js'
import { hooksCalled } from './hooks.js'

/** A service whose groups tell events, and the calls of its hooks and its adapter. */
export interface GroupEvents {
  readonly app: App
  /** Events `group.updated`, in their order. */
  readonly updated: ResourceEvent[]
  /** How often the adapter was asked for one group. */
  readonly reads: () => number
  /** The members who came (`+id`) and went (`-id`) since the last call, sorted. */
  readonly take: () => Promise<string[]>
}

/** Serves resources with hooks on the events of groups. */
export async function groupEvents(options: {
  readonly resources: { readonly Group: { readonly adapter: unknown } }
  readonly [option: string]: unknown
}): Promise<GroupEvents> {
  const told: string[] = []
  const updated: ResourceEvent[] = []
  let reads = 0
  const adapter = options.resources.Group.adapter as ResourceAdapter<GroupResource>
  const get: typeof adapter.get = (...given) => {
    reads += 1
    return adapter.get(...given)
  }
  const on = {
    'group.updated': (event: ResourceEvent) => updated.push(event),
    'group.member.added': ({ member }: ResourceEvent) => told.push(`+${member}`),
    'group.member.removed': ({ member }: ResourceEvent) => told.push(`-${member}`),
  }
  const Group = { ...options.resources.Group, adapter: { ...adapter, get } }
  const router = scimRouter({
    ...options,
    resources: { ...options.resources, Group },
    on,
  } as never as ScimRouterOptions)
  return {
    app: await serve(express().use('/scim/v2', router)),
    updated,
    reads: () => reads,
    take: async () => {
      for (let turn = 0; turn < 5; turn += 1) await hooksCalled()
      return told.splice(0).sort()
    },
  }
}

/** How many members a group has: databases take a thousand at a time. */
const SIZES = [0, 1, 999, 1_000, 1_001, 2_500]

/**
 * The common behaviour of stores of groups: events name each member who comes or goes, and the group is not read for
 * that. The store must know the ids m0 to m2499, x, y and z.
 *
 * @param sizes of the groups; fewer for a store that another test tries with all of them.
 */
export function testGroupEvents(events: () => GroupEvents, sizes: readonly number[] = SIZES): void {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `m${at}`)

  test.each(sizes)('%i members: POST, PUT, PATCH and DELETE tell who came and went', async (size) => {
    const { app, take } = events()
    const { scim } = app
    const start = ids(size)
    const { body, status } = await scim.post('/Groups?attributes=displayName', group(`G${size}`, ...start))
    expect(status).toBe(201)
    expect(await take()).toEqual(start.map((id) => `+${id}`).sort())
    const path = `/Groups/${body.id}`
    const next = [...start.slice(1), 'x', 'y']
    await scim.put(`${path}?attributes=displayName`, group(`G${size}`, ...next))
    expect(await take()).toEqual(['+x', '+y', ...start.slice(0, 1).map((id) => `-${id}`)])
    await scim.patch(path, { Operations: [{ op: 'add', path: 'members', value: [{ value: 'x' }, { value: 'z' }] }] })
    expect(await take()).toEqual(['+z'])
    expect((await scim.delete(path)).status).toBe(204)
    expect(await take()).toEqual([...next, 'z'].map((id) => `-${id}`).sort())
  })

  test('a PATCH tells the name of a group before and after, and nobody reads it for that', async () => {
    const { app, take, updated, reads } = events()
    const { body } = await app.scim.post('/Groups', group('Old', 'm1'))
    await take()
    updated.length = 0
    const before = reads()
    const Operations = [
      { op: 'replace', path: 'displayName', value: 'New' },
      { op: 'add', path: 'members', value: [{ value: 'm2' }] },
    ]
    expect((await app.scim.patch(`/Groups/${body.id}`, { Operations })).status).toBe(204)
    expect(await take()).toEqual(['+m2'])
    expect(updated).toHaveLength(1)
    expect(updated[0]).toMatchObject({
      before: { id: body.id, displayName: 'Old' },
      resource: { id: body.id, displayName: 'New' },
      set: { displayName: 'New' },
      changes: { members: { added: ['m2'], removed: [] } },
    })
    expect([updated[0]?.before, updated[0]?.resource].filter((one) => one && 'members' in one)).toEqual([])
    expect(reads()).toBe(before)
  })
}
