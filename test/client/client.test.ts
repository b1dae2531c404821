import { filter, patch, ScimClient, type ScimClientOptions } from '../../src/client/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { type App, startApp, TOKEN } from '../support/app.js'
import { type Stub, startStub } from './stub.js'

const EMPLOYEE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

describe.each(['tolerant', 'strict'] as const)('against the router, %s', (compatibility) => {
  let app: App
  let scim: ScimClient
  beforeEach(async () => {
    const { users, groups } = memoryAdapters()
    app = await startApp({
      compatibility,
      cursor: { secrets: ['a secret of the tests'] },
      resources: {
        User: { adapter: users, supports: { versions: true } },
        Group: { adapter: groups, supports: { versions: true } },
      },
    })
    scim = new ScimClient(app.base, { authorization: { bearer: TOKEN } })
  })
  afterEach(() => app.close())

  test('a resource is created, read, replaced, changed and deleted', async () => {
    const created = await scim.users.create({ userName: 'babs', [EMPLOYEE]: { department: 'Tours' } })
    expect(created).toMatchObject({ userName: 'babs', schemas: expect.arrayContaining([EMPLOYEE]) })
    expect(await scim.users.get(created.id, { attributes: ['userName'] })).not.toHaveProperty(EMPLOYEE)
    const replaced = await scim.users.replace(created.id, { userName: 'barbara', nickName: 'Babs' })
    expect(replaced).toMatchObject({ userName: 'barbara', nickName: 'Babs' })
    expect(replaced).not.toHaveProperty(EMPLOYEE)
    const change = patch().replace('nickName', 'B').add({ title: 'Guide' }).remove('displayName')
    await scim.users.patch(created.id, change, { ifMatch: replaced.meta.version ?? '' })
    await expect(scim.users.patch(created.id, change, { ifMatch: replaced.meta.version ?? '' })).rejects.toMatchObject({
      status: 412,
    })
    expect(await scim.users.get(created.id)).toMatchObject({ nickName: 'B', title: 'Guide' })
    await scim.users.delete(created.id)
    await expect(scim.users.get(created.id)).rejects.toMatchObject({ status: 404 })
  })

  test('a resource is read again only when it has changed', async () => {
    const babs = await scim.users.create({ userName: 'babs' })
    expect(await scim.users.getIfChanged(babs)).toBeUndefined()
    await scim.users.patch(babs.id, patch().add('title', 'Guide'))
    expect(await scim.users.getIfChanged(babs)).toMatchObject({ title: 'Guide' })
  })

  test('update begins again when somebody else was faster, and writes nothing when there is nothing to change', async () => {
    const { id } = await scim.users.create({ userName: 'babs' })
    const seen: string[] = []
    const updated = await scim.users.update(id, (current) => {
      seen.push(String(current.title))
      return patch().replace('nickName', `${current.title}`)
    })
    expect(updated.nickName).toBe('undefined')
    let raced = false
    const raceFirst = new ScimClient(app.base, {
      authorization: { bearer: TOKEN },
      onExchange: () => undefined,
      fetch: async (...given) => {
        if (!raced && (given[1]?.method ?? '') === 'PATCH') {
          raced = true
          await scim.users.patch(id, patch().replace('title', 'Head'))
        }
        return fetch(...given)
      },
    })
    const titles: unknown[] = []
    await raceFirst.users.update(id, ({ title }) => {
      titles.push(title)
      return patch().replace('nickName', `${title}!`)
    })
    expect(titles).toEqual([undefined, 'Head'])
    const before = await scim.users.get(id)
    expect(await scim.users.update(id, () => undefined)).toEqual(before)
  })

  test('members are added and removed, each by its id', async () => {
    const users = await Promise.all(['a', 'b', 'c'].map((userName) => scim.users.create({ userName })))
    const [a = '', b = '', c = ''] = users.map(({ id }) => id)
    const group = await scim.groups.create({ displayName: 'all', members: [{ value: a }] })
    await scim.groups.patch(group.id, patch().addMembers(b, c).removeMembers(a, b).addMembers())
    expect((await scim.groups.get(group.id)).members?.map(({ value }) => value)).toEqual([c])
  })

  test.each(['index', 'cursor'] as const)('pages by %s give each resource once', async (paging) => {
    const names = Array.from({ length: 23 }, (_, index) => `user-${index}`)
    for (const userName of names) await scim.users.create({ userName, title: 'x' })
    for (const search of [false, true]) {
      const found: string[] = []
      const options = { count: 5, sortBy: 'userName', paging, search, filter: filter`title eq ${'x'}` }
      for await (const { userName } of scim.users.list(options)) found.push(userName)
      expect([...found].sort()).toEqual([...names].sort())
    }
    const { totalResults, resources } = await scim.users.page({ count: 2, attributes: ['userName'] })
    expect([totalResults, resources.length]).toEqual([23, 2])
    expect(await scim.users.first(filter`userName eq ${'user-7'}`)).toMatchObject({ userName: 'user-7' })
    expect(await scim.users.first(filter`userName eq ${'nobody'}`)).toBeUndefined()
  })

  test('a bulk request tells how each operation ended', async () => {
    const results = await scim.bulk([
      {
        method: 'POST',
        path: '/Users',
        bulkId: 'u',
        data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'a' },
      },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
          displayName: 'g',
          members: [{ value: 'bulkId:u' }],
        },
      },
      { method: 'PATCH', path: '/Users/none', data: patch().replace('title', 'x') },
    ])
    expect(results.map(({ status }) => status)).toEqual([201, 201, 404])
    const [user, group] = results
    expect((await scim.groups.get(group?.id ?? '')).members?.map(({ value }) => value)).toEqual([user?.id])
  })

  test('discovery', async () => {
    expect(await scim.serviceProviderConfig()).toMatchObject({ patch: { supported: true } })
    expect((await scim.schemas()).map(({ id }) => id)).toContain('urn:ietf:params:scim:schemas:core:2.0:User')
    expect((await scim.resourceTypes()).map(({ endpoint }) => endpoint)).toEqual(['/Users', '/Groups'])
  })
})

describe('against a server that is wrong', () => {
  let stub: Stub
  afterEach(() => stub.close())
  const against = async (body: unknown, options: ScimClientOptions = {}): Promise<ScimClient> => {
    stub = await startStub(() => ({ body }))
    return new ScimClient(stub.url, options)
  }
  const all = async (list: AsyncIterable<unknown>): Promise<unknown[]> => {
    const found: unknown[] = []
    for await (const one of list) found.push(one)
    return found
  }

  test('pages that never end are noticed', async () => {
    const scim = await against({ totalResults: 100, Resources: [{ id: '1' }], nextCursor: 'x' })
    await expect(all(scim.users.list())).rejects.toThrow('does not read startIndex')
    await expect(all(scim.users.list({ paging: 'cursor' }))).rejects.toThrow('the same cursor again')
    expect(stub.got).toHaveLength(4)
  })

  test('a server that does not know cursors is noticed', async () => {
    const scim = await against({ totalResults: 2, Resources: [{ id: '1' }] })
    await expect(all(scim.users.list({ paging: 'cursor' }))).rejects.toThrow('does not page by cursor')
  })

  test('an answer that is no list, no resource, or no bulk response is told', async () => {
    const scim = await against('<html>')
    await expect(scim.users.page()).rejects.toThrow('no ListResponse')
    await expect(scim.users.get('1')).rejects.toThrow('answered with 200 and no resource')
    await expect(scim.bulk([])).rejects.toThrow('must have Operations')
    await expect(scim.serviceProviderConfig()).rejects.toThrow('not JSON')
  })

  test('a list without Resources is empty', async () => {
    const scim = await against({ totalResults: 0 })
    expect(await all(scim.users.list())).toEqual([])
    expect(await scim.users.first('userName eq "a"')).toBeUndefined()
  })
})

test('values cannot become a part of a filter, nor an id a part of a path', async () => {
  expect(filter`a eq ${'" or b pr'} and c gt ${5} and d eq ${null} and e ge ${new Date(0)}`).toBe(
    'a eq "\\" or b pr" and c gt 5 and d eq null and e ge "1970-01-01T00:00:00.000Z"',
  )
  const { url, got } = await startStub(() => ({ body: {} }))
  const scim = new ScimClient(url)
  await scim.users.get('../Groups/1?x')
  expect(got.map(({ path }) => path)).toEqual(['/Users/..%2FGroups%2F1%3Fx'])
  expect(patch().removeMembers('1" or value pr').toJSON().Operations[0]?.path).toBe(
    'members[value eq "1\\" or value pr"]',
  )
  expect(() => scim.resources('/Users/1')).toThrow('one part of a path')
})
