// The statements of docs/adapters.md on adapters, over HTTP.
import { type AnyAdapter, EnterpriseUser, type ListQuery, ScimError, User } from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, user } from '../rfc7644/service.js'
import { type App, type AppOptions, sharedApp } from '../support/app.js'
import { type FixtureResource, fixtureAdapter } from '../support/fixture-adapter.js'

interface Service {
  readonly app: App
  /** The arguments of `on.error`. */
  readonly told: string[]
}

function serve(adapter: object, entry: object = {}, rest: Partial<AppOptions> = {}): Service {
  const told: string[] = []
  const app = sharedApp(() => ({
    resources: { User: { adapter: adapter as AnyAdapter, ...entry } },
    on: { error: ({ error }) => void told.push(String(error)) },
    ...rest,
  }))
  return { app, told }
}

function rowOf(id: string, rest: object = {}): FixtureResource {
  const meta = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: '1' }
  return { id, userName: `name-${id}`, meta, ...rest }
}

function patchOp(...Operations: readonly object[]): object {
  return { schemas: [PATCH_OP], Operations }
}

const TITLE = { op: 'replace', path: 'title', value: 'Guide' }

describe('Who fills what', () => {
  const time = new Date('2021-02-03T04:05:06.789Z')
  const row = {
    id: 42,
    userName: 'from-a-database',
    title: null,
    emails: null,
    name: { givenName: null, familyName: 'Jensen' },
    password: 'a hash',
    [EnterpriseUser.id]: { department: null, manager: { value: 7 } },
    meta: { created: time, lastModified: time },
  }
  const { app } = serve({ ...fixtureAdapter([]), get: () => row, list: () => [row] })

  test('null columns, number ids and dates are fine; schemas, locations and $ref are made; passwords are not written', async () => {
    const expected = {
      schemas: [User.id, EnterpriseUser.id],
      id: '42',
      userName: 'from-a-database',
      name: { familyName: 'Jensen' },
      [EnterpriseUser.id]: { manager: { value: '7', $ref: `${app.base}/Users/7` } },
      meta: {
        resourceType: 'User',
        created: time.toISOString(),
        lastModified: time.toISOString(),
        location: `${app.base}/Users/42`,
      },
    }
    expect((await app.scim.get('/Users/42')).body).toEqual(expected)
    expect((await app.scim.get('/Users')).body.Resources).toEqual([expected])
  })
})

describe('The shortest one', () => {
  const queries: ListQuery[] = []
  const selected: boolean[][] = []
  const all = ['c', 'a', 'b'].map((id) => rowOf(id, { title: id === 'b' ? 'Guide' : undefined }))
  const { app } = serve({
    ...fixtureAdapter(all),
    list: (query: ListQuery, call: any) => {
      queries.push(query)
      selected.push(['userName', 'title', 'emails'].map((attribute) => call.select.has(attribute)))
      return all
    },
  })

  test('candidates may be too many: they are filtered, sorted and cut', async () => {
    const filter = encodeURIComponent('userName eq "NAME-A" and not (title pr)')
    const { body } = await app.scim.get(`/Users?filter=${filter}&attributes=userName`)
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: 'a' }] })
    expect(queries.at(-1)?.equals('userName')).toBe('NAME-A')
    expect(queries.at(-1)?.equals('title')).toBeUndefined()
    // The router also selects the attributes that filter and order need.
    expect(selected.at(-1)).toEqual([true, true, false])
    const page = await app.scim.get('/Users?startIndex=2&count=1')
    expect(page.body).toMatchObject({ totalResults: 3, Resources: [{ id: 'b' }] })
    const sorted = await app.scim.get('/Users?sortBy=userName&sortOrder=descending&count=2')
    expect(sorted.body.Resources.map(({ id }: any) => id)).toEqual(['c', 'b'])
  })

  const budget = serve(fixtureAdapter(all), {}, { limits: { scanResources: 2 } })

  test('beyond the scan budget it is 400 tooMany', async () => {
    const filter = encodeURIComponent('title pr')
    expectError(await budget.app.scim.get(`/Users?filter=${filter}`), 400, 'tooMany')
  })
})

describe('Page and Contract faults', () => {
  const page = { resources: [rowOf('a'), rowOf('b')] as unknown, totalResults: 5 as unknown }
  const { app, told } = serve({ ...fixtureAdapter([]), list: () => page })

  test('a page is taken as it is', async () => {
    const { body } = await app.scim.get('/Users?count=2&startIndex=3&sortBy=title')
    expect(body).toMatchObject({ totalResults: 5, startIndex: 3, itemsPerPage: 2 })
  })

  test('one that is too long is a 500, and told in one sentence that leads to its section', async () => {
    const answer = await app.scim.get('/Users?count=1')
    expectError(answer, 500)
    expect(answer.body.detail).not.toContain('list')
    expect(told.at(-1)).toBe(
      'AdapterFault: User.list returned 2 resources for count 1 (node_modules/express-scim/docs/adapters.md#page)',
    )
  })
})

describe('Stored', () => {
  async function* emails(fails: boolean): AsyncGenerator {
    for (let count = 0; count < 3_000; count += 1) yield { value: `${count}@example.com` }
    if (fails) throw new Error('The connection is gone.')
  }
  const { app, told } = serve({
    ...fixtureAdapter([]),
    get: (id: string) => ({ ...rowOf(id), emails: emails(id === 'broken') }),
  })

  test('an AsyncIterable is streamed', async () => {
    const { body } = await app.scim.get('/Users/whole')
    expect(body.emails).toHaveLength(3_000)
    expect(body.emails[2_999]).toEqual({ value: '2999@example.com' })
  })

  test('when it fails half way the connection is broken off', async () => {
    await expect(app.scim.get('/Users/broken')).rejects.toThrow()
    expect(told).toEqual(['Error: The connection is gone.'])
  })
})

describe.each([undefined, null])('Missing: %j', (missing) => {
  const { app } = serve({
    ...fixtureAdapter([]),
    get: () => missing,
    replace: () => missing,
    patch: () => missing,
    delete: () => false,
  })

  test('is 404 in every operation', async () => {
    for (const id of ['nobody', '0', 'not-a-uuid']) {
      expectError(await app.scim.get(`/Users/${id}`), 404)
      expectError(await app.scim.put(`/Users/${id}`, user('missing')), 404)
      expectError(await app.scim.patch(`/Users/${id}`, patchOp(TITLE)), 404)
      expectError(await app.scim.delete(`/Users/${id}`), 404)
    }
  })
})

describe('Versions', () => {
  const { patch: _, ...rows } = fixtureAdapter([rowOf('a'), rowOf('b')])
  const conditions: unknown[] = []
  const adapter = {
    ...rows,
    supports: { versions: true },
    replace: (id: string, draft: any, call: any) => {
      conditions.push(call.ifMatch)
      return rows.replace(id, draft, call)
    },
  }
  const { app } = serve(adapter)
  const without = serve(fixtureAdapter([rowOf('a')]))

  test('what the adapter says of itself makes the ETag, and a conflict is 412', async () => {
    expect((await app.scim.get('/Users/a')).headers.get('etag')).toBe('W/"1"')
    const stale = { headers: { 'if-match': 'W/"0"' } }
    expectError(await app.scim.put('/Users/a', user('a'), stale), 412)
    expect(conditions.pop()).toEqual(['0'])
    expectError(await app.scim.delete('/Users/a', stale), 412)
    expectError(await app.scim.patch('/Users/a', patchOp(TITLE), stale), 412)
    expect((await app.scim.get('/Users/a')).headers.get('etag')).toBe('W/"1"')
  })

  test('a patch that the router makes is bound to the version it has read', async () => {
    conditions.length = 0
    expect((await app.scim.patch('/Users/b', patchOp(TITLE))).status).toBe(200)
    expect(conditions).toEqual([['1']])
  })

  test('without it there is no ETag, and the configuration says so', async () => {
    expect((await without.app.scim.get('/Users/a')).headers.has('etag')).toBe(false)
    const { body } = await without.app.scim.get('/ServiceProviderConfig')
    expect(body.etag).toEqual({ supported: false })
  })
})

describe('Patch', () => {
  const results: Record<string, unknown> = {
    same: { changed: false, version: 'same' },
    bare: { changed: true, version: 'next' },
    given: { changed: true, version: 'next', resource: rowOf('given', { title: 'Guide' }) },
  }
  const asked: unknown[] = []
  const rows = fixtureAdapter([rowOf('decline'), rowOf('bare', { title: 'read' })])
  const { app } = serve(
    {
      ...rows,
      patch: (id: string, patch: any) => {
        asked.push(patch.delta('emails'), patch.set, [...patch.attributes])
        return results[id] ?? 'decline'
      },
    },
    { supports: { versions: true } },
  )

  test('a result without resource is 204, with the ETag of its version, changed or not', async () => {
    for (const [id, version] of [
      ['same', 'same'],
      ['bare', 'next'],
    ]) {
      const answer = await app.scim.patch(`/Users/${id}`, patchOp(TITLE))
      expect({ status: answer.status, etag: answer.headers.get('etag') }).toEqual({
        status: 204,
        etag: `W/"${version}"`,
      })
    }
    expect(asked.slice(1, 3)).toEqual([{ title: 'Guide' }, ['title']])
  })

  test('unless attributes are asked for; a result with the resource is answered without another read', async () => {
    expect((await app.scim.patch('/Users/bare?attributes=title', patchOp(TITLE))).body.title).toBe('read')
    const answer = await app.scim.patch('/Users/given', patchOp(TITLE))
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ id: 'given', title: 'Guide' })
  })

  test('what it declines the router does', async () => {
    expect((await app.scim.patch('/Users/decline', patchOp(TITLE))).status).toBe(200)
    expect((await app.scim.get('/Users/decline')).body.title).toBe('Guide')
  })
})

describe('Per tenant', () => {
  const stores = new Map(['red', 'blue'].map((tenant) => [tenant, fixtureAdapter([])]))
  const { app } = serve(
    ({ tenant }: { readonly tenant: string }) => stores.get(tenant),
    { supports: { versions: true } },
    { authenticate: ({ token }) => ({ tenant: String(token) }) },
  )

  test('a function gives the adapter for each operation', async () => {
    const as = (tenant: string) => ({ headers: { authorization: `Bearer ${tenant}` } })
    const { status, headers } = await app.scim.post('/Users', user('one'), as('red'))
    expect({ status, etag: headers.has('etag') }).toEqual({ status: 201, etag: true })
    expect((await app.scim.get('/Users', as('red'))).body.totalResults).toBe(1)
    expect((await app.scim.get('/Users', as('blue'))).body.totalResults).toBe(0)
  })
})

describe('Errors', () => {
  const failing = (): never => {
    throw Object.assign(new Error('duplicate key in "accounts"'), { code: '23505' })
  }
  const adapter = {
    ...fixtureAdapter([]),
    create: failing,
    get: () => {
      throw new Error('password authentication failed for user "postgres"')
    },
    delete: () => {
      throw ScimError.tooManyRequests({ retryAfter: 7 })
    },
  }
  const { app, told } = serve(
    adapter,
    {},
    {
      mapError: (error) => ((error as { code?: string }).code === '23505' ? ScimError.uniqueness() : undefined),
    },
  )

  test('mapError makes a ScimError of a code', async () => {
    expectError(await app.scim.post('/Users', user('one')), 409, 'uniqueness')
    expect(told).toEqual([])
  })

  test('a ScimError goes out as it is', async () => {
    const answer = await app.scim.delete('/Users/1')
    expectError(answer, 429)
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  test('everything else is a 500 that tells the client nothing and on.error everything', async () => {
    const answer = await app.scim.get('/Users/1')
    expectError(answer, 500)
    expect(answer.text).not.toMatch(/postgres|password/)
    expect(told).toEqual(['Error: password authentication failed for user "postgres"'])
  })
})
