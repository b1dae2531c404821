import express from 'express'
import {
  defineSchema,
  EVENTS,
  type EventMember,
  type ResourceAdapter,
  type ResourceEvent,
  resourceType,
  scimRouter,
} from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { createUsers, expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { type App, type AppOptions, serve, startApp } from '../support/app.js'
import { EVENT_NAMES } from '../support/event-names.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { hooksCalled } from '../support/hooks.js'

type Told = readonly ResourceEvent[]

/** The members that not every kind of event has. */
const MEMBERS: readonly EventMember[] = ['member', 'resource', 'before', 'set', 'changes']

/** Runs a test with all events told to a list, which `take` empties. */
async function withEvents(
  work: (app: App, take: () => Promise<Told>) => Promise<void>,
  options: AppOptions = memoryOptions(),
): Promise<void> {
  let told: ResourceEvent[] = []
  const on = Object.fromEntries(EVENT_NAMES.map((name) => [name, (event: ResourceEvent) => told.push(event)]))
  const app = await startApp({ ...options, on: { ...on, ...options.on } })
  try {
    await work(app, async () => {
      await hooksCalled()
      const taken = told
      told = []
      return taken
    })
  } finally {
    await app.close()
  }
}

const namesOf = (events: Told): readonly string[] =>
  events.map(({ name, member }) => (member === undefined ? name : `${name} ${member}`))
const patch = (...Operations: readonly object[]): object => ({ Operations })
const replace = (path: string, value: unknown): object => patch({ op: 'replace', path, value })

/** The same service on the memory adapters, and on adapters without patch, for which the router does it. */
const STORES: readonly (readonly [string, () => AppOptions])[] = [
  ['an adapter with patch', () => memoryOptions()],
  [
    'an adapter without patch',
    () => {
      const { users, groups } = memoryAdapters({ members: { unknown: 'keep' } })
      const { patch: _users, ...plainUsers } = users
      const { patch: _groups, ...plainGroups } = groups
      return { resources: { User: { adapter: plainUsers }, Group: { adapter: plainGroups } } }
    },
  ],
]

describe.each(STORES)('events of %s', (_title, options) => {
  test('created, updated and deleted, with the resource before and after', async () => {
    await withEvents(async ({ scim }, take) => {
      const { body } = await scim.post('/Users', user('one', { title: 'a', emails: [{ value: 'a@x.test' }] }))
      expect(await take()).toMatchObject([
        {
          name: 'user.created',
          resourceType: 'User',
          id: body.id,
          resource: { id: body.id, userName: 'one', title: 'a' },
          before: undefined,
          changes: { emails: { added: ['a@x.test'], removed: [] } },
          member: undefined,
        },
      ])
      await scim.patch(`/Users/${body.id}`, replace('title', 'b'))
      await scim.put(`/Users/${body.id}`, user('two', { emails: [{ value: 'b@x.test' }] }))
      const [patched, put, ...others] = await take()
      expect(others).toEqual([])
      expect(patched).toMatchObject({
        name: 'user.updated',
        before: { title: 'a' },
        resource: { title: 'b' },
        changes: {},
      })
      expect(put).toMatchObject({
        name: 'user.updated',
        before: { userName: 'one', title: 'b' },
        resource: { userName: 'two' },
        changes: { emails: { added: ['b@x.test'], removed: ['a@x.test'] } },
      })
      await scim.delete(`/Users/${body.id}`)
      const deleted = await take()
      expect(deleted).toMatchObject([
        { name: 'user.deleted', id: body.id, before: { userName: 'two' }, resource: undefined },
      ])
    }, options())
  })

  test('every kind has the members that the table of events lists for it, and no others', async () => {
    await withEvents(async ({ scim }, take) => {
      const { body: one } = await scim.post('/Users', user('one'))
      const { body: team } = await scim.post('/Groups', group('team', one.id))
      await scim.patch(`/Users/${one.id}`, replace('active', false))
      await scim.patch(`/Users/${one.id}`, replace('active', true))
      const members = [{ value: one.id }]
      const rename = (displayName: string): object => ({ op: 'replace', path: 'displayName', value: displayName })
      await scim.patch(`/Groups/${team.id}`, patch(rename('a'), { op: 'remove', path: 'members', value: members }))
      await scim.patch(`/Groups/${team.id}`, patch(rename('b'), { op: 'add', path: 'members', value: members }))
      await scim.delete(`/Groups/${team.id}`)
      const found = new Map<string, Set<string>>()
      for (const event of await take()) {
        const kind = event.name.replace(/^[^.]*\./, '')
        const names = found.get(kind) ?? new Set()
        found.set(kind, names)
        for (const name of MEMBERS) if (event[name] !== undefined) names.add(name)
      }
      const told = Object.fromEntries([...found].map(([kind, names]) => [kind, [...names].sort()]))
      expect(told).toEqual(
        Object.fromEntries(Object.entries(EVENTS).map(([kind, { carries }]) => [kind, [...carries].sort()])),
      )
    }, options())
  })

  test.each<[string, unknown, object, string | undefined]>([
    ['is switched off', true, replace('active', false), 'user.deactivated'],
    ['is switched off without path', true, patch({ op: 'replace', value: { active: false } }), 'user.deactivated'],
    ['had never been set and is switched off', undefined, replace('active', false), 'user.deactivated'],
    [
      'is switched off beside a change of a part',
      true,
      patch({ op: 'replace', path: 'name.givenName', value: 'x' }, { op: 'replace', path: 'active', value: false }),
      'user.deactivated',
    ],
    [
      'is switched off and on again',
      true,
      patch(
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'active', value: true },
        { op: 'replace', path: 'title', value: 'x' },
      ),
      undefined,
    ],
    [
      'stays off',
      false,
      patch({ op: 'replace', path: 'active', value: false }, { op: 'add', path: 'title', value: 'x' }),
      undefined,
    ],
    ['is switched on', false, replace('active', true), 'user.reactivated'],
    ['loses its value', false, patch({ op: 'remove', path: 'active' }), 'user.reactivated'],
    ['had never been set and is switched on', undefined, replace('active', true), undefined],
  ])('when active %s', async (_title, active, body, expected) => {
    await withEvents(async ({ scim }, take) => {
      const created = await scim.post('/Users', user('one', { active }))
      await take()
      expect((await scim.patch(`/Users/${created.body.id}`, body)).status).toBeLessThan(300)
      const events = await take()
      expect(namesOf(events)).toEqual(['user.updated', ...(expected ? [expected] : [])])
      for (const event of events) expect(event.resource).toMatchObject({ id: created.body.id, userName: 'one' })
    }, options())
  })

  test('a PUT deactivates as well', async () => {
    await withEvents(async ({ scim }, take) => {
      const { body } = await scim.post('/Users', user('one', { active: true }))
      await scim.put(`/Users/${body.id}`, user('one', { active: false }))
      await scim.put(`/Users/${body.id}`, user('one', { active: true }))
      expect(namesOf(await take()).slice(1)).toEqual([
        'user.updated',
        'user.deactivated',
        'user.updated',
        'user.reactivated',
      ])
    }, options())
  })

  test('members that really came and went, one event each', async () => {
    await withEvents(async ({ scim }, take) => {
      const users = await createUsers(scim, user('a'), user('b'), user('c'))
      const [a, b, c] = users.map(({ id }) => id) as [string, string, string]
      await take()
      const { body } = await scim.post('/Groups', group('g', a))
      expect(namesOf(await take())).toEqual(['group.created', `group.member.added ${a}`])
      const path = `/Groups/${body.id}`
      const add = (...values: string[]) => ({ op: 'add', path: 'members', value: values.map((value) => ({ value })) })
      const remove = (value: string) => ({ op: 'remove', path: `members[value eq "${value}"]` })

      await scim.patch(path, patch(add(a, b)))
      const [updated, added, ...rest] = await take()
      expect(rest).toEqual([])
      expect(updated).toMatchObject({ name: 'group.updated', changes: { members: { added: [b], removed: [] } } })
      expect(added).toMatchObject({ name: 'group.member.added', member: b, id: body.id })
      await scim.patch(path, patch(add(a), remove('nobody')))
      expect(await take()).toEqual([])
      await scim.patch(path, patch(remove(a), add(c)))
      expect(namesOf(await take())).toEqual(['group.updated', `group.member.added ${c}`, `group.member.removed ${a}`])
      await scim.put(path, group('g', a, b))
      expect(namesOf(await take())).toEqual(['group.updated', `group.member.added ${a}`, `group.member.removed ${c}`])
      await scim.put(`${path}?excludedAttributes=members`, group('g2', a, b))
      expect(namesOf(await take())).toEqual(['group.updated'])
      await scim.delete(path)
      const gone = namesOf(await take())
      expect(gone[0]).toBe('group.deleted')
      expect([...gone.slice(1)].sort()).toEqual([a, b].map((id) => `group.member.removed ${id}`).sort())
    }, options())
  })

  test('a POST that leaves attributes out of its answer tells of them all the same', async () => {
    await withEvents(async ({ scim }, take) => {
      const [a] = await createUsers(scim, user('a'))
      await take()
      await scim.post('/Groups?attributes=displayName', group('g', a.id))
      const events = await take()
      expect(namesOf(events)).toEqual(['group.created', `group.member.added ${a.id}`])
      expect(events[0]?.resource).toMatchObject({ members: [{ value: a.id }] })
    }, options())
  })

  test('what changes nothing, fails or only reads is not told', async () => {
    await withEvents(async ({ scim }, take) => {
      const { body } = await scim.post('/Users', user('one', { title: 'a' }))
      await take()
      await scim.patch(`/Users/${body.id}`, replace('title', 'a'))
      expectError(await scim.patch(`/Users/${body.id}`, replace('id', 'x')), 400, 'mutability')
      expectError(await scim.post('/Users', user('one')), 409, 'uniqueness')
      expectError(await scim.delete('/Users/nobody'), 404)
      const stale = { headers: { 'if-match': 'W/"no"' } }
      expectError(await scim.put(`/Users/${body.id}`, user('two'), stale), 412)
      await scim.get(`/Users/${body.id}`)
      await scim.get('/Users')
      expect(await take()).toEqual([])
    }, options())
  })
})

describe('hooks', () => {
  test('are told who did it, and for which tenant', async () => {
    const authenticate = ({ token }: { token: string | undefined }) => ({
      tenant: `${token}`.toUpperCase(),
      subject: 'okta',
      extra: 1,
    })
    await withEvents(
      async ({ scim }, take) => {
        await scim.post('/Users', user('one'))
        expect(await take()).toMatchObject([
          { tenant: 'TEST-TOKEN', auth: { tenant: 'TEST-TOKEN', subject: 'okta', extra: 1 } },
        ])
      },
      { ...memoryOptions(), authenticate },
    )
  })

  test('neither delay a request nor fail it; their failures are reported', async () => {
    const errors: unknown[] = []
    let release = (): void => undefined
    const blocked = new Promise<void>((resolve) => {
      release = resolve
    })
    const on: AppOptions['on'] = {
      'user.created': () => blocked,
      'user.updated': () => {
        throw new Error('at once')
      },
      'user.deleted': () => Promise.reject(new Error('later')),
      request: () => Promise.reject(new Error('request hook')),
      error: ({ error, method, path }) => errors.push([method, path, (error as Error).message]),
    }
    await withEvents(
      async ({ scim }) => {
        const { status, body } = await scim.post('/Users', user('one'))
        expect(status).toBe(201)
        expect((await scim.patch(`/Users/${body.id}`, replace('title', 'x'))).status).toBe(200)
        expect((await scim.delete(`/Users/${body.id}`)).status).toBe(204)
        await hooksCalled()
        await hooksCalled()
        const [POST, PATCH, DELETE] = [
          ['POST', '/Users'],
          ['PATCH', `/Users/${body.id}`],
          ['DELETE', `/Users/${body.id}`],
        ] as const
        expect(errors).toEqual([
          [...POST, 'request hook'],
          [...PATCH, 'at once'],
          [...PATCH, 'request hook'],
          [...DELETE, 'later'],
          [...DELETE, 'request hook'],
        ])
      },
      { ...memoryOptions(), on },
    )
    release()
  })

  test('run when the answer is out', async () => {
    const order: string[] = []
    const scim = scimRouter({
      ...memoryOptions(),
      authenticate: () => ({}),
      on: { 'user.created': () => order.push('event'), request: () => order.push('request') },
    })
    const watched = express().use((_request, response, next) => {
      const end = response.end.bind(response)
      response.end = ((...parts: []) => {
        order.push('answer')
        return end(...parts)
      }) as typeof response.end
      next()
    })
    const app = await serve(watched.use('/scim/v2', scim))
    await app.scim.post('/Users', user('one'))
    await hooksCalled()
    await app.close()
    expect(order).toEqual(['answer', 'event', 'request'])
  })

  test('a failing on.error is kept from the request and the process', async () => {
    const adapter = { ...memoryAdapters().users, get: () => Promise.reject(new Error('down')) }
    for (const error of [
      () => Promise.reject(new Error('hook')),
      () => {
        throw new Error('hook')
      },
    ]) {
      const app = await startApp({ resources: { User: { adapter } }, on: { error } })
      expectError(await app.scim.get('/Users/1'), 500)
    }
  })

  test('a list that a store yields bit by bit goes to the client, and is not read for an event', async () => {
    const members = ['1', '2']
    const { groups } = memoryAdapters()
    const stored = { id: 'g', displayName: 'g', meta: { version: '1' } }
    async function* stream(): AsyncGenerator<{ value: string }> {
      for (const value of members) yield { value }
    }
    const adapter = {
      ...groups,
      create: () => ({ ...stored, members: stream() }),
      get: () => ({ ...stored, members: stream() }),
      delete: () => true,
    } as never as ResourceAdapter
    await withEvents(
      async ({ scim }, take) => {
        const { body } = await scim.post('/Groups', group('g'))
        expect(body.members).toMatchObject([{ value: '1' }, { value: '2' }])
        await scim.delete('/Groups/g')
        const events = await take()
        expect(namesOf(events)).toEqual(['group.created', 'group.deleted'])
        for (const { resource, before } of events) expect(resource ?? before).not.toHaveProperty('members')
      },
      { resources: { User: { adapter: memoryAdapters().users }, Group: { adapter } } },
    )
  })

  test('an adapter that tells nothing of a patch but that it changed is read before and after a deactivation', async () => {
    const { users } = memoryAdapters()
    const seen: unknown[] = []
    const terse: typeof users = {
      ...users,
      get: (id, call) => {
        seen.push(['groups', 'userName', 'active'].filter((name) => call.select.has(name)))
        return users.get(id, call)
      },
      patch: async (id, given, call) => {
        const result = await users.patch?.(id, given, call)
        return typeof result === 'object' && result
          ? { changed: result.changed, version: result.version as string }
          : result
      },
    }
    await withEvents(
      async ({ scim }, take) => {
        const { body } = await scim.post('/Users', user('one', { active: true }))
        await take()
        await scim.patch(`/Users/${body.id}`, replace('title', 'x'))
        expect(seen).toEqual([])
        expect(await take()).toMatchObject([{ name: 'user.updated', resource: undefined, changes: undefined }])
        await scim.patch(`/Users/${body.id}`, replace('active', false))
        expect(await take()).toMatchObject([
          { name: 'user.updated' },
          {
            name: 'user.deactivated',
            before: { active: true, userName: 'one' },
            resource: { active: false, title: 'x' },
          },
        ])
        expect(seen).toEqual([
          ['groups', 'userName', 'active'],
          ['groups', 'userName', 'active'],
        ])
      },
      { resources: { User: { adapter: terse }, Group: { adapter: memoryAdapters().groups } } },
    )
  })

  test('where nobody listens nothing more is read than the request needs', async () => {
    const reads: string[] = []
    const { users } = memoryAdapters()
    const get: typeof users.get = (id, call) => {
      reads.push(id)
      return users.get(id, call)
    }
    const app = await startApp({ resources: { User: { adapter: { ...users, get } } } })
    const { body } = await app.scim.post('/Users', user('one', { active: true }))
    await app.scim.patch(`/Users/${body.id}`, replace('active', false))
    await app.scim.put(`/Users/${body.id}`, user('two', { active: false }))
    await app.scim.delete(`/Users/${body.id}`)
    expect(reads).toEqual([])
  })

  test('types of one’s own have the same events, by the roles of their attributes', async () => {
    const Lamp = defineSchema({
      id: 'urn:example:scim:Lamp',
      attributes: [
        { name: 'lit', type: 'boolean', role: 'activation' },
        {
          name: 'rooms',
          type: 'complex',
          multiValued: true,
          role: 'membership',
          subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference', referenceTypes: ['Lamp'] }],
        },
      ],
    })
    const told: string[] = []
    const names = ['created', 'updated', 'deactivated', 'reactivated', 'member.added', 'member.removed']
    const on = Object.fromEntries(
      names.map((name) => [
        `deskLamp.${name}`,
        (event: ResourceEvent) => told.push(event.member ? `${event.name} ${event.member}` : event.name),
      ]),
    )
    const adapter = memoryAdapter({ schema: Lamp, members: { unknown: 'keep' } })
    const app = await startApp({ resources: { DeskLamp: resourceType({ schema: Lamp, adapter }) }, on })
    const lamp = (rest: object): object => ({ schemas: [Lamp.id], ...rest })
    const { body } = await app.scim.post('/DeskLamps', lamp({ lit: true }))
    await app.scim.put(`/DeskLamps/${body.id}`, lamp({ lit: false, rooms: [{ value: 'hall' }] }))
    await hooksCalled()
    expect(told).toEqual(['deskLamp.created', 'deskLamp.updated', 'deskLamp.deactivated', 'deskLamp.member.added hall'])
  })
})

describe('changes', () => {
  test('name attributes of extensions and simple lists; computed and keyless ones are left out', async () => {
    const Tagged = defineSchema({
      id: 'urn:example:scim:Tagged',
      attributes: [
        { name: 'tags', multiValued: true },
        { name: 'seen', multiValued: true, mutability: 'readOnly' },
        { name: 'places', type: 'complex', multiValued: true, subAttributes: [{ name: 'street' }] },
      ],
    })
    const adapter = fixtureAdapter([])
    const told: ResourceEvent[] = []
    const app = await startApp({
      resources: { User: { adapter, extensions: [Tagged], supports: { versions: true } } },
      on: { 'user.updated': (event) => told.push(event) },
    })
    const tagged = (tags: string[], street: string): object => ({ [Tagged.id]: { tags, places: [{ street }] } })
    const { body } = await app.scim.post('/Users', user('one', tagged(['a', 'b'], 'x') as never))
    await app.scim.put(`/Users/${body.id}`, user('one', tagged(['b', 'c'], 'y') as never))
    await hooksCalled()
    expect(told.map(({ changes }) => changes)).toEqual([{ [`${Tagged.id}:tags`]: { added: ['c'], removed: ['a'] } }])
  })
})

describe('on.request and on.error', () => {
  test('[P-7.5.2-02] each request is told once: method, path without query, status, time, tolerances, who', async () => {
    const reports: unknown[] = []
    const request = (report: unknown): unknown => reports.push(report)
    await withEvents(
      async ({ base, scim }) => {
        const { body } = await scim.post('/Users', user('one', { active: 'True' } as never))
        await scim.get('/Users?filter=userName eq "secret"')
        await scim.delete('/Users/nobody')
        await scim.post('/Bulk', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
          Operations: [
            { method: 'DELETE', path: `/Users/${body.id}` },
            { method: 'DELETE', path: `/Users/${body.id}` },
          ],
        })
        await fetch(`${base}/Users`)
        await hooksCalled()
        const told = (method: string, path: string, status: number, tolerances: string[], auth: unknown) => ({
          ...{ method, path, status, tolerances, auth },
          ms: expect.any(Number),
        })
        expect(reports).toMatchObject([
          told('POST', '/Users', 201, ['booleanText'], {}),
          told('GET', '/Users', 200, [], {}),
          told('DELETE', '/Users/nobody', 404, [], {}),
          told('POST', '/Bulk', 200, [], {}),
          told('GET', '/Users', 401, [], undefined),
        ])
        expect(JSON.stringify(reports)).not.toContain('secret')
      },
      { ...memoryOptions(), on: { request } },
    )
  })

  test('an answer that cannot be written as JSON is a 500, and told', async () => {
    const errors: string[] = []
    const { users, groups } = memoryAdapters()
    const adapter = { ...users, get: () => ({ id: '1', userName: 'x', active: 1n, meta: { version: '1' } }) as never }
    await withEvents(
      async ({ scim }) => {
        expectError(await scim.get('/Users/1'), 500)
        expect(errors).toEqual([expect.stringMatching(/BigInt/)])
      },
      {
        resources: { User: { adapter }, Group: { adapter: groups } },
        on: { error: ({ error }) => errors.push(String(error)) },
      },
    )
  })
})
