import {
  type AttributeDefinition,
  defineSchema,
  type ResourceAdapter,
  resourceType,
  ScimError,
} from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { sharedApp, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { ids, type Operation, patchOp, post, sendBulk, statuses } from './bulk-service.js'
import { createUsers, ENTERPRISE, group, memoryOptions, user } from './service.js'

const member = (value: string): object => ({ op: 'add', path: 'members', value: [{ value }] })

describe('references to what the request creates (RFC 7644 section 3.7.2)', () => {
  const app = sharedApp(() => memoryOptions({ compatibility: 'strict' }))
  const get = async (endpoint: string, id: string | undefined): Promise<any> =>
    (await app.scim.get(`/${endpoint}/${id}`)).body
  const membersOf = async (id: string | undefined): Promise<string[]> =>
    (await get('Groups', id)).members?.map(({ value }: { value: string }) => value) ?? []

  test.each<[string, readonly [number, number]]>([
    ['behind', [0, 1]],
    ['ahead of', [1, 0]],
  ])(
    '[P-3.7.2-01, P-3.7-16, P-3.7-19] in members, %s the creation of what they mean',
    async (title, [userAt, groupAt]) => {
      const operations: Operation[] = []
      operations[userAt] = post('/Users', 'qwerty', user(`Alice ${title}`))
      operations[groupAt] = post('/Groups', 'ytrewq', group('Tour Guides', 'bulkId:qwerty'))
      const answer = await sendBulk(app.scim, operations)
      expect(answer.body.Operations).toMatchObject(operations.map(({ bulkId }) => ({ bulkId, status: '201' })))
      expect(await get('Groups', ids(answer)[groupAt])).toMatchObject({
        members: [{ value: ids(answer)[userAt], type: 'User', $ref: `${app.base}/Users/${ids(answer)[userAt]}` }],
      })
    },
  )

  test('[P-3.7.2-05, P-3.7.2-01] in an extension', async () => {
    const boss = { [ENTERPRISE]: { employeeNumber: '11250', manager: { value: 'bulkId:qwerty' } } }
    const answer = await sendBulk(app.scim, [
      post('/Users', 'ytrewq', user('ext-bob', boss)),
      post('/Users', 'qwerty', user('ext-alice')),
    ])
    const [bob, alice] = ids(answer)
    expect((await get('Users', bob))[ENTERPRISE]).toEqual({
      employeeNumber: '11250',
      manager: { value: alice, $ref: `${app.base}/Users/${alice}` },
    })
  })

  // Decision A-67.
  test('[P-3.7.2-01] in a $ref, and in any other text', async () => {
    const boss = { [ENTERPRISE]: { manager: { value: 'bulkId:a', $ref: '../Users/bulkId:a' } } }
    const answer = await sendBulk(app.scim, [
      post('/Users', 'a', user('text-a')),
      post(
        '/Users',
        'b',
        user('text-b', { ...boss, nickName: 'bulkId:a', profileUrl: 'https://x.test/Users/bulkId:a' }),
      ),
    ])
    const [a, b] = ids(answer)
    expect(await get('Users', b)).toMatchObject({ nickName: a, profileUrl: `https://x.test/Users/${a}` })
  })

  test('a text that merely contains "bulkId:" is a text', async () => {
    const answer = await sendBulk(app.scim, [
      post('/Users', 'a', user('merely', { title: 'see bulkId:a', nickName: 'bulkId:' })),
    ])
    expect(await get('Users', ids(answer)[0])).toMatchObject({ title: 'see bulkId:a', nickName: 'bulkId:' })
  })

  test('[P-3.7.2-01] in the values and the value filters of a PATCH', async () => {
    const [old] = await createUsers(app.scim, user('patched-old'))
    const created = await app.scim.post('/Groups', group('patched', old.id))
    const answer = await sendBulk(app.scim, [
      { method: 'PATCH', path: `/Groups/${created.body.id}`, data: patchOp(member('bulkId:x'), member('bulkId:y')) },
      {
        method: 'PATCH',
        path: `/Groups/${created.body.id}`,
        data: patchOp({ op: 'remove', path: `members[value eq "bulkId:x" or value eq "${old.id}"]` }),
      },
      post('/Users', 'x', user('patched-x')),
      post('/Users', 'y', user('patched-y')),
    ])
    expect(statuses(answer)).toEqual(['204', '204', '201', '201'])
    expect(await membersOf(created.body.id)).toEqual([ids(answer)[3]])
  })

  test('[P-3.7.2-01] in a value filter of any length that the limits permit', async () => {
    const { scim } = await startApp(memoryOptions({ compatibility: 'strict', limits: { filterLength: 20_000 } }))
    const path = `members[value eq "bulkId:x" or value eq "${'y'.repeat(18_000)}"]`
    const answer = await sendBulk(scim, [
      post('/Users', 'x', user('long')),
      post('/Groups', 'g', group('long', 'bulkId:x')),
      { method: 'PATCH', path: '/Groups/bulkId:g', data: patchOp({ op: 'remove', path }) },
    ])
    expect(statuses(answer)).toEqual(['201', '201', '204'])
    expect((await scim.get(`/Groups/${ids(answer)[1]}`)).body.members).toBeUndefined()
  })

  test('[P-3.7.2-01] in a value filter, a bulkId with quotes is written as filters write text', async () => {
    const bulkId = 'it\'s "x"'
    const answer = await sendBulk(app.scim, [
      post('/Users', bulkId, user('quoted')),
      post('/Groups', 'g', group('quoted', `bulkId:${bulkId}`)),
      {
        method: 'PATCH',
        path: '/Groups/bulkId:g',
        data: patchOp({ op: 'remove', path: 'members[value eq "bulkId:it\'s \\"x\\""]' }),
      },
    ])
    expect(statuses(answer)).toEqual(['201', '201', '204'])
    expect(await membersOf(ids(answer)[1])).toEqual([])
  })

  test('[P-3.7.2-02] in the path of another operation, also percent-encoded', async () => {
    const answer = await sendBulk(app.scim, [
      { method: 'PATCH', path: '/Groups/bulkId:a/b', data: patchOp(member('bulkId:u')) },
      { method: 'PATCH', path: '/Groups/bulkId%3Aa%2Fb', data: patchOp(member('bulkId:u')) },
      post('/Users', 'u', user('in-path')),
      post('/Groups', 'a/b', group('in path')),
      { method: 'PUT', path: '/Users/bulkId:u', data: user('in-path-2') },
      { method: 'DELETE', path: '/Users/bulkId:u' },
    ])
    expect(statuses(answer)).toEqual(['404', '204', '201', '201', '200', '204'])
    const [, patched, , created] = ids(answer)
    expect(patched).toBe(created)
  })

  test('[P-3.7-19] two changes of one resource keep their order', async () => {
    const [bob] = await createUsers(app.scim, user('keeps-order'))
    const set = (value: string) => patchOp({ op: 'replace', path: 'nickName', value })
    const answer = await sendBulk(app.scim, [
      { method: 'PATCH', path: `/Users/${bob.id}`, data: set('first') },
      { method: 'PATCH', path: `/Users/${bob.id}`, data: set('bulkId:late') },
      { method: 'PATCH', path: `/Users/${bob.id}`, data: patchOp({ op: 'add', path: 'title', value: 'third' }) },
      post('/Users', 'late', user('late')),
    ])
    expect(await get('Users', bob.id)).toMatchObject({ nickName: ids(answer)[3], title: 'third' })
  })

  test('[P-3.7-19] users, groups and memberships in any order give the same', async () => {
    const operations = [
      post('/Users', 'a', user('any-a')),
      post('/Users', 'b', user('any-b', { [ENTERPRISE]: { manager: { value: 'bulkId:a' } } })),
      post('/Groups', 'g', group('any-g', 'bulkId:b')),
      { method: 'PATCH', path: '/Groups/bulkId:g', data: patchOp(member('bulkId:a')) },
    ]
    for (const order of permutations([0, 1, 2, 3])) {
      const answer = await sendBulk(
        app.scim,
        order.map((at) => operations[at] as Operation),
      )
      const [a, b, g] = [0, 1, 2].map((at) => ids(answer)[order.indexOf(at)])
      expect(statuses(answer)).toEqual(order.map((at) => (at === 3 ? '204' : '201')))
      expect((await membersOf(g)).sort()).toEqual([a, b].sort())
      expect((await get('Users', b))[ENTERPRISE].manager.value).toBe(a)
      for (const path of [`/Users/${a}`, `/Users/${b}`, `/Groups/${g}`]) await app.scim.delete(path)
    }
  })

  test.each([
    ['members', post('/Groups', 'g', group('refers', 'bulkId:nobody'))],
    ['PATCH', { method: 'PATCH', path: '/Users/1', data: patchOp(member('bulkId:nobody')) }],
    ['path', { method: 'DELETE', path: '/Users/bulkId:nobody' }],
    ['a bulkId that only a DELETE has', post('/Groups', 'g', group('refers', 'bulkId:deleted'))],
  ])('[P-3.7.2-03] to an unknown bulkId (%s): 409 for the one operation', async (_title, operation) => {
    const answer = await sendBulk(app.scim, [
      operation,
      { method: 'DELETE', path: '/Users/unknown', bulkId: 'deleted' },
    ])
    expect(statuses(answer)).toEqual(['409', '404'])
    expect(answer.body.Operations[0].response.detail).toContain(
      'The operation refers to a bulkId that no POST of the request has.',
    )
  })

  test('[P-3.7.2-03] to an operation that failed: 409, and so on for those that refer to these', async () => {
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'outer', group('fails-outer', 'bulkId:inner')),
      post('/Groups', 'inner', group('fails-inner', 'bulkId:u')),
      post('/Users', 'u', user('')),
      { method: 'PATCH', path: '/Groups/bulkId:outer', data: patchOp({ op: 'remove', path: 'externalId' }) },
      post('/Groups', 'alone', group('fails-alone')),
    ])
    expect(statuses(answer)).toEqual(['409', '409', '400', '409', '201'])
    expect(answer.body.Operations[1].response.detail).toContain('The operation refers to operation 3, which failed.')
    const { body } = await app.scim.get('/Groups?filter=displayName sw "fails"')
    expect(body.totalResults).toBe(1)
  })
})

describe('circles (RFC 7644 section 3.7.1)', () => {
  const told: string[] = []
  const app = sharedApp(() => {
    const tell = ({ name }: { readonly name: string }): void => void told.push(name)
    return memoryOptions({ on: { 'group.created': tell, 'group.deleted': tell, 'group.member.added': tell } })
  })
  const get = async (path: string): Promise<any> => (await app.scim.get(path)).body
  const countOf = async (endpoint: string, filter: string): Promise<number> =>
    (await get(`/${endpoint}?filter=${encodeURIComponent(filter)}`)).totalResults

  test('[P-3.7.1-01] two groups that contain each other are both created, with the right ids and versions', async () => {
    told.length = 0
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'qwerty', group('Group A', 'bulkId:ytrewq')),
      post('/Groups', 'ytrewq', group('Group B', 'bulkId:qwerty')),
    ])
    expect(statuses(answer)).toEqual(['201', '201'])
    const [a, b] = ids(answer)
    const groups = [await app.scim.get(`/Groups/${a}`), await app.scim.get(`/Groups/${b}`)]
    expect(groups.map(({ body }) => body.members)).toMatchObject([
      [{ value: b, type: 'Group' }],
      [{ value: a, type: 'Group' }],
    ])
    expect(groups.map(({ headers }) => headers.get('etag'))).toEqual(
      answer.body.Operations.map(({ version }: { version: string }) => version),
    )
    await hooksCalled()
    expect(told).toEqual(['group.created', 'group.created', 'group.member.added', 'group.member.added'])
  })

  test('[P-3.7.1-01] other members stay while the circle is closed', async () => {
    const [eve] = await createUsers(app.scim, user('circle-eve'))
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'c', group('Group C', 'bulkId:d', eve.id, 'bulkId:u')),
      post('/Users', 'u', user('circle-u')),
      post('/Groups', 'd', group('Group D', 'bulkId:c')),
    ])
    const [c, u, d] = ids(answer)
    const { members } = await get(`/Groups/${c}`)
    expect(members.map(({ value }: any) => value).sort()).toEqual([d, eve.id, u].sort())
  })

  test('[P-3.7.1-01, P-3.7.2-05] managers in a circle of three, and what refers to one of them', async () => {
    const managed = (by: string): Record<string, unknown> => ({
      [ENTERPRISE]: { department: 'x', manager: { value: `bulkId:${by}` } },
    })
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'g', group('Group of the circle', 'bulkId:b')),
      post('/Users', 'a', user('ring-a', managed('b'))),
      post('/Users', 'b', user('ring-b', managed('c'))),
      post('/Users', 'c', user('ring-c', managed('a'))),
    ])
    const [g, ...ring] = ids(answer)
    const managers = await Promise.all(ring.map(async (id) => (await get(`/Users/${id}`))[ENTERPRISE]))
    expect(managers).toMatchObject([1, 2, 0].map((at) => ({ department: 'x', manager: { value: ring[at] } })))
    expect((await get(`/Groups/${g}`)).members).toMatchObject([{ value: ring[1] }])
  })

  test('[P-3.7.1-01] a user who is their own manager', async () => {
    const own = { [ENTERPRISE]: { manager: { value: 'bulkId:self' } } }
    const answer = await sendBulk(app.scim, [post('/Users', 'self', user('own-manager', own))])
    expect((await get(`/Users/${ids(answer)[0]}`))[ENTERPRISE].manager.value).toBe(ids(answer)[0])
  })

  test('[P-3.7.1-01] a group that would contain itself: 409, and it does not remain', async () => {
    told.length = 0
    const answer = await sendBulk(app.scim, [post('/Groups', 'self', group('Own member', 'bulkId:self'))])
    expect(statuses(answer)).toEqual(['409'])
    expect(answer.body.Operations[0].response.detail).toMatch(/could not be linked/)
    expect(await countOf('Groups', 'displayName eq "Own member"')).toBe(0)
    await hooksCalled()
    expect(told).toEqual(['group.created', 'group.deleted'])
  })

  // Decision A-68.
  test('[P-3.7.1-01] when one of a circle fails none remains, nor what refers to one', async () => {
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'a', group('half-a', 'bulkId:b')),
      post('/Groups', 'b', group('half-b', 'bulkId:a', 'no-such-member')),
      post('/Groups', 'c', group('half-c', 'bulkId:a')),
      post('/Groups', 'd', group('half-d')),
    ])
    expect(statuses(answer)).toEqual(['409', '400', '409', '201'])
    expect(await countOf('Groups', 'displayName sw "half"')).toBe(1)
  })

  test('one of a circle that cannot be read spoils it before anything is created', async () => {
    told.length = 0
    const answer = await sendBulk(app.scim, [
      post('/Groups', 'a', group('unread-a', 'bulkId:b')),
      post('/Groups/1', 'b', group('unread-b', 'bulkId:a')),
    ])
    expect(statuses(answer)).toEqual(['409', '400'])
    await hooksCalled()
    expect(told).toEqual([])
  })

  test('three hundred groups, each in the one before it, and the last in the first', async () => {
    const count = 300
    const answer = await sendBulk(
      app.scim,
      Array.from({ length: count }, (_, at) =>
        post('/Groups', `${at}`, group(`chain-${at}`, `bulkId:${(at + 1) % count}`)),
      ),
    )
    expect(new Set(statuses(answer))).toEqual(new Set(['201']))
    expect((await get(`/Groups/${ids(answer)[count - 1]}`)).members).toMatchObject([{ value: ids(answer)[0] }])
  })
})

// To look at every step again for each that is created takes the cube of their number: minutes, and no test has so much
// time.
test('three thousand groups that require each other in turn, and the first a member of the last', async () => {
  const count = 3_000
  const app = await startApp(memoryOptions({ limits: { bulkOperations: count, requestTime: 50_000 } }))
  const operations = Array.from({ length: count }, (_, at) => {
    const isLast = at === count - 1
    const members = isLast ? [{ value: 'bulkId:g0' }] : []
    return post('/Groups', `g${at}`, { ...group(isLast ? 'last' : `bulkId:g${at + 1}`), members })
  })
  try {
    const answer = await sendBulk(app.scim, operations)
    expect(new Set(statuses(answer))).toEqual(new Set(['201']))
    const [first, second] = ids(answer)
    expect((await app.scim.get(`/Groups/${first}`)).body.displayName).toBe(second)
    expect((await app.scim.get(`/Groups/${ids(answer).at(-1)}`)).body.members).toMatchObject([{ value: first }])
  } finally {
    await app.close()
  }
})

test('a circle of many lets others have their turn', async () => {
  const { users, groups } = memoryAdapters()
  const turns: string[] = []
  let other: Promise<unknown> | undefined
  const busy: typeof groups.create = (draft, call) => {
    other ??= own.scim.get('/Users').then(() => turns.push('another request'))
    const end = performance.now() + 10
    while (performance.now() < end);
    return groups.create(draft, call)
  }
  const own = await startApp({
    resources: { User: { adapter: users }, Group: { adapter: { ...groups, create: busy } } },
  })
  try {
    const circle = Array.from({ length: 50 }, (_, at) =>
      post('/Groups', `g${at}`, group(`Link ${at}`, `bulkId:g${(at + 1) % 50}`)),
    )
    const answer = await sendBulk(own.scim, circle)
    turns.push('the bulk request')
    expect(new Set(statuses(answer))).toEqual(new Set(['201']))
    await other
    expect(turns).toEqual(['another request', 'the bulk request'])
  } finally {
    await own.close()
  }
})

describe('circles where something is in the way', () => {
  const node = (id: string, next: Partial<AttributeDefinition>) =>
    defineSchema({
      id: `urn:example:scim:${id}`,
      attributes: [
        { name: 'label', required: true },
        { name: 'next', ...next },
      ],
    })
  const Free = node('Free', {})
  const Bound = node('Bound', { required: true })

  const options = (rest: object = {}, change: (adapter: ResourceAdapter) => object = () => ({})) => {
    const { users, groups } = memoryAdapters()
    const free = memoryAdapter({ schema: Free })
    return {
      resources: {
        User: { adapter: users },
        Group: { adapter: { ...groups, ...change(groups as never) } as never },
        Free: resourceType({ endpoint: '/Free', schema: Free, adapter: free }),
        Bound: resourceType({ endpoint: '/Bound', schema: Bound, adapter: memoryAdapter({ schema: Bound }) }),
      },
      ...rest,
    }
  }
  const labelled = (schema: { id: string }, next: string) => ({ schemas: [schema.id], label: 'x', next })

  describe('a required reference', () => {
    const app = sharedApp(() => options())

    test('[P-3.7.1-01] is there from the start, when another can wait', async () => {
      const answer = await sendBulk(app.scim, [
        post('/Bound', 'b', labelled(Bound, 'bulkId:f')),
        post('/Free', 'f', labelled(Free, 'bulkId:b')),
      ])
      const [bound, free] = ids(answer)
      expect((await app.scim.get(`/Bound/${bound}`)).body.next).toBe(free)
      expect((await app.scim.get(`/Free/${free}`)).body.next).toBe(bound)
    })

    test('[P-3.7.1-01] 409 when none can', async () => {
      const before = await app.scim.get('/Bound')
      const answer = await sendBulk(app.scim, [
        post('/Bound', 'a', labelled(Bound, 'bulkId:b')),
        post('/Bound', 'b', labelled(Bound, 'bulkId:a')),
      ])
      expect(statuses(answer)).toEqual(['409', '409'])
      expect((await app.scim.get('/Bound')).body.totalResults).toBe(before.body.totalResults)
    })
  })

  describe('permissions and preconditions of other requests', () => {
    const app = sharedApp(() =>
      options({
        requireIfMatch: true,
        authorize: ({ action }: { action: string }) => action === 'create' || action === 'retrieve',
        access: ({ attribute }: { attribute: string }) => (attribute === 'next' ? 'read' : 'write'),
      }),
    )

    test('to link and to undo is part of the creation', async () => {
      const good = await sendBulk(app.scim, [
        post('/Groups', 'a', group('A', 'bulkId:b')),
        post('/Groups', 'b', group('B', 'bulkId:a')),
      ])
      expect(statuses(good)).toEqual(['201', '201'])
      const bad = await sendBulk(app.scim, [post('/Groups', 'a', group('Self', 'bulkId:a'))])
      expect(statuses(bad)).toEqual(['409'])
      expect((await app.scim.get(`/Groups/${ids(good)[0]}`)).body.members).toHaveLength(1)
    })

    test('what may not be written is ignored as in a POST', async () => {
      const answer = await sendBulk(app.scim, [
        post('/Free', 'a', labelled(Free, 'bulkId:b')),
        post('/Free', 'b', labelled(Free, 'bulkId:a')),
      ])
      expect(statuses(answer)).toEqual(['201', '201'])
      expect((await app.scim.get(`/Free/${ids(answer)[0]}`)).body).not.toHaveProperty('next')
    })
  })

  describe('a store that fails', () => {
    const errors: unknown[] = []
    const refusing = (): object => ({
      patch: () => Promise.reject(ScimError.unavailable()),
      delete: () => Promise.reject(new Error('cannot undo')),
    })
    const app = sharedApp(() => options({ on: { error: ({ error }: any) => errors.push(error) } }, refusing))

    test('while it links: its own status, and what could not be undone is told', async () => {
      const answer = await sendBulk(app.scim, [
        post('/Groups', 'a', group('A', 'bulkId:b')),
        post('/Groups', 'b', group('B', 'bulkId:a')),
      ])
      expect(statuses(answer)).toEqual(['503', '409'])
      expect(errors.map((error) => (error as Error).message)).toEqual([
        'cannot undo',
        'cannot undo',
        expect.stringContaining('not available'),
      ])
    })
  })
})

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
