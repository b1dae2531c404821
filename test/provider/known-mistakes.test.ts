/**
 * Mistakes that SCIM servers for Express are known to make: each test names the right behaviour. Requirements of the
 * RFCs have tests of their own in the folders rfc7643 and rfc7644; here one test crosses several of them, as the
 * mistake did.
 */
import { type ResourceAdapter, ScimError, User, type UserResource } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import {
  closedAfterEach,
  column,
  createUsers,
  ENTERPRISE,
  expectError,
  group,
  memoryOptions,
  user,
} from '../rfc7644/service.js'
import { describeExpress, sharedApp, startApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { runs } from '../support/length.js'

const NAMES = Array.from({ length: 50 }, (_, index) => `user${index + 1}`)
const patch = (...Operations: object[]) => ({ schemas: [PATCH_OP], Operations })

describeExpress('queries', (version) => {
  const app = sharedApp(memoryOptions, version)
  beforeAll(async () => {
    await createUsers(
      app.scim,
      ...NAMES.map((userName, index) =>
        user(userName, {
          title: index === 0 ? 'a "quoted" name' : `t${index % 2}`,
          nickName: index === 0 ? 'rock and roll' : 'not (a or b)',
          [ENTERPRISE]: { department: index < 5 ? 'Sales' : 'Tours', costCenter: String(index % 3) },
        }),
      ),
    )
  })
  const find = async (filter: string) => {
    const query = new URLSearchParams({ filter, count: '100' })
    return column(await app.scim.get(`/Users?${query}`), 'userName')
  }

  test('pages are the same on every version of Express', async () => {
    const { body } = await app.scim.get('/Users?count=3&startIndex=5')
    expect(body).toMatchObject({ totalResults: 50, startIndex: 5, itemsPerPage: 3 })
    expect(body.Resources.map(({ userName }: any) => userName)).toEqual(['user5', 'user6', 'user7'])
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expectError(await app.scim.send(method, '/Me', { body: method === 'GET' ? undefined : {} }), 501)
    }
  })

  test('not over and, and not over or, are what De Morgan says', async () => {
    expect(await find('not (userName eq "user1" and title pr)')).toHaveLength(49)
    expect(await find('not (userName eq "user1" or userName eq "user2")')).toHaveLength(48)
    expect(await find('not (userName eq "user1" and userName eq "user2")')).toHaveLength(50)
  })

  test('what stands in a literal is text', async () => {
    expect(await find('nickName eq "rock and roll"')).toEqual(['user1'])
    expect(await find('not (nickName eq "rock and roll")')).toHaveLength(49)
    expect(await find('nickName eq "not (a or b)"')).toHaveLength(49)
    expect(await find('nickName eq "rock and not roll"')).toEqual([])
  })

  test('brackets in brackets and escaped quotes are valid', async () => {
    expect(await find('((userName eq "user1") or (userName eq "user2")) and (title sw "a")')).toEqual(['user1'])
    expect(await find('title eq "a \\"quoted\\" name"')).toEqual(['user1'])
  })

  test('names with their URN mean what they say, in filters and projections', async () => {
    expect(await find(`${User.id}:userName eq "user3"`)).toEqual(['user3'])
    expect(await find(`${ENTERPRISE}:department eq "Sales"`)).toHaveLength(5)
    const { body } = await app.scim.get(`/Users?count=1&attributes=${User.id}:userName`)
    expect(body.Resources).toEqual([{ schemas: expect.any(Array), id: expect.any(String), userName: 'user1' }])
  })

  test('userName is found in any letter case', async () => {
    expect(await find('userName eq "USER7"')).toEqual(['user7'])
    expectError(await app.scim.post('/Users', user('USER7')), 409, 'uniqueness')
  })

  test('a comparison without a value is no filter', async () => {
    expectError(await app.scim.get('/Users?filter=userName eq'), 400, 'invalidFilter')
  })

  test('groups of or joined by and cost what they are long, not what they branch to', async () => {
    // Two to the power of 100 branches would never end.
    const groups = Array.from({ length: 100 }, (_, index) => `(title eq "t0" or userName ew "${index % 10}")`)
    const expected = NAMES.filter((_, index) => index > 0 && index % 2 === 0)
    expect((await find(groups.join(' and '))).sort()).toEqual(expected.sort())
    const nested = Array.from({ length: 40 }).reduce<string>(
      (inner) => `(${inner} or title eq "x") and title pr`,
      'title pr',
    )
    expect(await find(nested)).toHaveLength(50)
  })
})

describeExpress('failures of an adapter', (version) => {
  const closed = closedAfterEach()

  test.each([
    ['an outage', new Error('connect ECONNREFUSED 10.0.0.5')],
    ['a mistake', new TypeError("Cannot read properties of undefined (reading 'row')")],
  ])('8: %s is 500 and no 404, for every operation, and tells nothing', async (_, thrown) => {
    const fail = () => Promise.reject(thrown)
    const adapter = { create: fail, get: fail, list: fail, replace: fail, delete: fail }
    const app = await closed(startApp({ resources: { User: { adapter } } }, version))
    const answers = [
      await app.scim.get('/Users/u1'),
      await app.scim.get('/Users'),
      await app.scim.post('/Users', user('u1')),
      await app.scim.put('/Users/u1', user('u1')),
      await app.scim.patch('/Users/u1', patch({ op: 'replace', path: 'title', value: 'x' })),
      await app.scim.delete('/Users/u1'),
    ]
    for (const answer of answers) {
      expectError(answer, 500)
      expect(answer.text).not.toMatch(/ECONN|10\.0\.0\.5|Cannot read|row/)
    }
  })
})

describeExpress('many tenants at once', (version) => {
  const closed = closedAfterEach()

  test('an answer has the locations and resources of its own tenant, whoever else is served meanwhile', async () => {
    const { users, groups } = memoryAdapters()
    const slow: ResourceAdapter<UserResource> = {
      ...users,
      get: async (id, call) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
        return users.get(id, call)
      },
    }
    const app = await closed(
      startApp(
        {
          authenticate: ({ token }) => ({ tenant: token }),
          baseUrl: (request: any) => `https://${request.headers.authorization.slice(7)}.example.com/scim`,
          resources: { User: { adapter: slow }, Group: { adapter: groups } },
        },
        version,
      ),
    )
    const tenants = ['a', 'b', 'c', 'd']
    const headersOf = (tenant: string) => ({ headers: { authorization: `Bearer ${tenant}` } })
    const created = await Promise.all(tenants.map((tenant) => app.scim.post('/Users', user('same'), headersOf(tenant))))
    const requests = Array.from({ length: runs(60, 200) }, async (_, index) => {
      const tenant = tenants[index % 4] ?? ''
      const { body, headers } = await app.scim.get(`/Users/${created[index % 4]?.body.id}`, headersOf(tenant))
      expect(body.meta.location).toBe(`https://${tenant}.example.com/scim/Users/${body.id}`)
      expect(headers.get('location')).toBe(body.meta.location)
      return body.id
    })
    expect(new Set(await Promise.all(requests)).size).toBe(4)
    const foreign = tenants.map((_, index) =>
      app.scim.get(`/Users/${created[index]?.body.id}`, headersOf(tenants[(index + 1) % 4] ?? '')),
    )
    for (const answer of await Promise.all(foreign)) expectError(answer, 404)
  })
})

describeExpress('PATCH', (version) => {
  const app = sharedApp(memoryOptions, version)
  let number = 0
  const create = async (rest: object = {}) => (await createUsers(app.scim, user(`patched-${number++}`, rest)))[0]
  const change = async (path: string, ...operations: object[]) => {
    const answer = await app.scim.patch(path, patch(...operations))
    expect([200, 204]).toContain(answer.status)
    return (await app.scim.get(path)).body
  }

  test('what is there already is not added again, and one value is primary', async () => {
    const { id } = await create({ emails: [{ value: 'a@example.com', primary: true }] })
    const { body: created } = await app.scim.post('/Groups', group('g', id))
    const same = await change(`/Groups/${created.id}`, { op: 'add', path: 'members', value: [{ value: id }] })
    expect(same.members).toHaveLength(1)
    expect(same.meta).toEqual(created.meta)
    const { emails } = await change(`/Users/${id}`, {
      op: 'add',
      path: 'emails',
      value: [{ value: 'b@example.com', primary: true }],
    })
    expect(emails.filter(({ primary }: any) => primary).map(({ value }: any) => value)).toEqual(['b@example.com'])
  })

  test('what Entra sends by default is understood', async () => {
    const { id, active } = await create({ active: 'True' })
    expect(active).toBe(true)
    const { id: boss } = await create()
    const changed = await change(
      `/Users/${id}`,
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'w@example.com' },
      { op: 'Add', path: `${ENTERPRISE}:manager`, value: boss },
    )
    expect(changed).toMatchObject({
      active: false,
      phoneNumbers: [{ type: 'mobile', value: '+1 555' }],
      emails: [{ type: 'work', value: 'w@example.com' }],
      [ENTERPRISE]: { manager: { value: boss } },
    })
  })

  test('an extension can be removed whole, paths have no letter case, and replace has a value', async () => {
    const { id, userName } = await create({ [ENTERPRISE]: { department: 'Sales' }, title: 'x' })
    const without = await change(`/Users/${id}`, { op: 'remove', path: ENTERPRISE })
    expect(without).not.toHaveProperty([ENTERPRISE])
    expect(without.schemas).toEqual([User.id])
    expect((await change(`/Users/${id}`, { op: 'replace', path: 'USERNAME', value: `${userName}-2` })).userName).toBe(
      `${userName}-2`,
    )
    expectError(await app.scim.patch(`/Users/${id}`, patch({ op: 'replace', path: 'title' })), 400, 'invalidValue')
    expect((await app.scim.get(`/Users/${id}`)).body.title).toBe('x')
  })
})

describeExpress('headers', (version) => {
  const app = sharedApp(memoryOptions, version)
  const unversioned = sharedApp(() => ({ resources: { User: { adapter: fixtureAdapter([]) } } }), version)

  test('201 has a Location, which is absolute, and 401 a challenge', async () => {
    const { headers, body } = await app.scim.post('/Users', user('located'))
    expect(headers.get('location')).toBe(body.meta.location)
    expect(body.meta.location).toBe(`${app.base}/Users/${body.id}`)
    const refused = await app.scim.get('/Users', { headers: { authorization: null } })
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test('If-Match counts, and an ETag is there only where versions are', async () => {
    const { headers, body } = await app.scim.post('/Users', user('versioned'))
    const tag = headers.get('etag') ?? ''
    const write = (version: string) =>
      app.scim.put(`/Users/${body.id}`, user('versioned'), { headers: { 'if-match': version } })
    expectError(await write('W/"other"'), 412)
    expect((await write(tag)).status).toBe(200)
    expectError(await write(tag), 412)

    const plain = await unversioned.scim.post('/Users', user('x'))
    for (const answer of [
      plain,
      await unversioned.scim.get(`/Users/${plain.body.id}`),
      await unversioned.scim.get('/Users'),
    ]) {
      expect(answer.headers.get('etag')).toBeNull()
    }
    expect(plain.body.meta).not.toHaveProperty('version')
    expect((await unversioned.scim.get('/ServiceProviderConfig')).body.etag).toEqual({ supported: false })
  })
})

describe('the size of what is not asked for', () => {
  const closed = closedAfterEach()

  test('members that are excluded are neither asked for nor looked at', async () => {
    const look = jest.fn(() => {
      throw new Error('Nobody has asked for a member.')
    })
    const untouchable = new Proxy([], { get: look, has: look, ownKeys: look, getOwnPropertyDescriptor: look })
    const selected: boolean[] = []
    const stored = (call: { select: { has(name: string): boolean } }) => {
      selected.push(call.select.has('members'))
      return { id: 'g', displayName: 'large', members: untouchable }
    }
    const adapter = {
      ...fixtureAdapter([]),
      get: (_: string, call: any) => stored(call),
      list: (_: unknown, call: any) => ({ resources: [stored(call)], totalResults: 1 }),
    }
    const app = await closed(startApp({ resources: { Group: { adapter } } }))
    for (const path of [
      '/Groups/g?excludedAttributes=members',
      '/Groups/g?attributes=displayName',
      '/Groups?excludedAttributes=members',
    ]) {
      expect((await app.scim.get(path)).status).toBe(200)
    }
    expect(selected).toEqual([false, false, false])
    expect(look).not.toHaveBeenCalled()
  })

  test('a page that the store has cut is answered whole and as it is', async () => {
    const list: ResourceAdapter<UserResource>['list'] = (query) => {
      if (query.pagination !== 'index') throw ScimError.notImplemented()
      const resources = Array.from({ length: query.count }, (_, index) => {
        const id = String(query.startIndex + index)
        return { id, userName: `user${id}` }
      })
      return { resources, totalResults: 500 }
    }
    const app = await closed(startApp({ resources: { User: { adapter: { ...fixtureAdapter([]), list } } } }))
    const answer = await app.scim.get('/Users?startIndex=51&count=100')
    expect(answer.body).toMatchObject({ totalResults: 500, startIndex: 51, itemsPerPage: 100 })
    expect(column(answer, 'id')).toEqual(Array.from({ length: 100 }, (_, index) => String(51 + index)))
  })
})
