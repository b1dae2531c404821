import { memoryAdapters } from '../../src/memory/index.js'
import { type AppOptions, describeExpress, sharedApp, startApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { runs } from '../support/length.js'
import { createUsers, expectError, group, memoryOptions, user } from './service.js'

const replaceTitle = (value: string): object => ({ Operations: [{ op: 'replace', path: 'title', value }] })
const ifMatch = (value: string) => ({ headers: { 'if-match': value } })
const ifNoneMatch = (value: string) => ({ headers: { 'if-none-match': value } })

describeExpress('versions (RFC 7644 section 3.14)', (version) => {
  const app = sharedApp(() => memoryOptions(), version)

  test('[P-3.14-01, P-3.14-02, P-3.14-03] are announced, in ETag and the same in meta.version', async () => {
    const { body: config } = await app.scim.get('/ServiceProviderConfig')
    expect(config.etag).toEqual({ supported: true })
    const created = await app.scim.post('/Users', user('tagged'))
    const path = `/Users/${created.body.id}`
    const answers = [
      created,
      await app.scim.get(path),
      await app.scim.put(path, user('tagged', { title: 'a' })),
      await app.scim.patch(path, replaceTitle('b')),
    ]
    for (const { headers, body } of answers) {
      expect(headers.get('etag')).toMatch(/^W\/"[^"]+"$/)
      expect(body.meta.version).toBe(headers.get('etag'))
    }
    const { body } = await app.scim.get('/Users?filter=userName eq "tagged"')
    expect(body.Resources[0].meta.version).toBe(answers[3]?.headers.get('etag'))
  })

  test('[P-3.14-02] a PATCH without a body has it too', async () => {
    const { body } = await app.scim.post('/Groups', group('tagged'))
    const patched = await app.scim.patch(`/Groups/${body.id}`, {
      Operations: [{ op: 'replace', path: 'displayName', value: 'x' }],
    })
    expect(patched.status).toBe(204)
    const { headers } = await app.scim.get(`/Groups/${body.id}`)
    expect(patched.headers.get('etag')).toBe(headers.get('etag'))
    expect(patched.headers.get('etag')).not.toBe(body.meta.version)
  })

  test('[P-3.14-06] change with every change, and only then', async () => {
    const { body } = await app.scim.post('/Users', user('changes'))
    const path = `/Users/${body.id}`
    const versions = [body.meta.version]
    for (const title of ['a', 'a', 'b', 'b', 'a']) {
      versions.push((await app.scim.patch(path, replaceTitle(title))).headers.get('etag'))
    }
    const [created, a, stillA, b, stillB, back] = versions
    expect([stillA, stillB]).toEqual([a, b])
    expect(new Set([created, a, b, back]).size).toBe(4)
    const before = (await app.scim.get(path)).body.meta
    await app.scim.post('/Groups', group('of changes', body.id))
    expect((await app.scim.get(path)).body.meta).toEqual(before)
  })

  describe('If-None-Match', () => {
    test.each([
      ['the tag', (tag: string) => tag],
      ['the tag, strong', (tag: string) => tag.slice(2)],
      ['a list with it', (tag: string) => `"x", ${tag} ,W/"y"`],
      ['*', () => '*'],
    ])('[P-3.14-04, H-13.1.2-01, H-15.4.5-01] %s: 304 with ETag and without body', async (title, headerFor) => {
      const [one] = await createUsers(app.scim, user(`none-match ${title}`))
      const answer = await app.scim.get(`/Users/${one.id}`, ifNoneMatch(headerFor(one.meta.version)))
      expect(answer).toMatchObject({ status: 304, text: '' })
      expect(answer.headers.get('etag')).toBe(one.meta.version)
      expect(answer.headers.get('content-location')).toBe(one.meta.location)
      expect(answer.headers.get('content-type')).toBeNull()
    })

    test('[H-13.1.2-01] another tag: 200', async () => {
      const [one] = await createUsers(app.scim, user('none-match other'))
      for (const value of ['"x"', 'W/"x", "y"', one.meta.version.slice(3, -1), '""']) {
        expect((await app.scim.get(`/Users/${one.id}`, ifNoneMatch(value))).status).toBe(200)
      }
    })

    // Decision A-74.
    test('[H-8.8.3-01] the tag is weak, so it stands for every projection', async () => {
      const [one] = await createUsers(app.scim, user('projected', { title: 'x' }))
      const path = `/Users/${one.id}?attributes=title`
      const full = await app.scim.get(path)
      expect(full.headers.get('etag')).toBe(one.meta.version)
      expect(one.meta.version).toMatch(/^W\//)
      expect((await app.scim.get(path, ifNoneMatch(one.meta.version))).status).toBe(304)
    })

    test('[H-9.3.2-01] HEAD answers as GET does, without a body', async () => {
      const [one] = await createUsers(app.scim, user('headed'))
      for (const [path, request] of [
        [`/Users/${one.id}`, {}],
        [`/Users/${one.id}`, ifNoneMatch(one.meta.version)],
        ['/Users/nobody', {}],
        ['/Users?count=1', {}],
        ['/ServiceProviderConfig', {}],
      ] as const) {
        const get = await app.scim.get(path, request)
        const head = await app.scim.send('HEAD', path, request)
        expect({ status: head.status, text: head.text }).toEqual({ status: get.status, text: '' })
        for (const name of ['etag', 'location', 'content-location', 'content-type', 'content-length']) {
          expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)])
        }
      }
    })

    test('[H-13.1.2-01] of a write: 412 when it is false, done when it is true', async () => {
      const [one] = await createUsers(app.scim, user('none-match write'))
      const path = `/Users/${one.id}`
      for (const value of [one.meta.version, '*']) {
        expectError(await app.scim.patch(path, replaceTitle('x'), ifNoneMatch(value)), 412)
        expectError(await app.scim.put(path, user('none-match write'), ifNoneMatch(value)), 412)
        expectError(await app.scim.delete(path, ifNoneMatch(value)), 412)
      }
      expect((await app.scim.get(path)).body).not.toHaveProperty('title')
      expect((await app.scim.patch(path, replaceTitle('x'), ifNoneMatch('"other"'))).status).toBe(200)
      expectError(await app.scim.patch('/Users/nobody', replaceTitle('x'), ifNoneMatch('"other"')), 404)
    })
  })

  // Decision A-72.
  describe('If-Match', () => {
    const writes = [
      ['PUT', user('matched', { title: 'written' })],
      ['PATCH', replaceTitle('written')],
      ['DELETE', undefined],
    ] as const

    test.each(writes)(
      '[P-3.14-05, H-13.1.1-01, H-13.1.1-02] %s with another tag: 412, and nothing is done',
      async (method, body) => {
        const [one] = await createUsers(app.scim, user(`matched ${method}`))
        const path = `/Users/${one.id}`
        for (const value of ['W/"x"', '"x", "y"', '""', 'nonsense', '']) {
          expectError(await app.scim.send(method, path, { body, ...ifMatch(value) }), 412)
        }
        expect((await app.scim.get(path)).body).toEqual(one)
        await app.scim.delete(path)
      },
    )

    test.each(writes)(
      '[P-3.14-05, H-13.1.1-01, H-13.1.1-03] %s with the tag, strong or weak, in a list, or *: done',
      async (method, body) => {
        for (const form of [
          (tag: string) => tag,
          (tag: string) => tag.slice(2),
          (tag: string) => `"x",${tag}`,
          () => '*',
        ]) {
          const [one] = await createUsers(app.scim, user('matched'))
          const path = `/Users/${one.id}`
          const answer = await app.scim.send(method, path, { body, ...ifMatch(form(one.meta.version)) })
          expect(answer.status).toBe(method === 'DELETE' ? 204 : 200)
          await app.scim.delete(path)
        }
      },
    )

    test.each(writes)('[H-13.1.1-03] %s of what does not exist: 404', async (method, body) => {
      for (const value of ['*', 'W/"1"']) {
        expectError(await app.scim.send(method, '/Users/nobody', { body, ...ifMatch(value) }), 404)
      }
    })

    test('[H-13.2.2-01] comes before If-None-Match', async () => {
      const [one] = await createUsers(app.scim, user('both'))
      const path = `/Users/${one.id}`
      const both = (match: string, noneMatch: string) => ({
        headers: { 'if-match': match, 'if-none-match': noneMatch },
      })
      const { version } = one.meta
      expectError(await app.scim.get(path, both('"other"', version)), 412)
      expect((await app.scim.get(path, both(version, version))).status).toBe(304)
      expect((await app.scim.get(path, both(version, '"other"'))).status).toBe(200)
      expectError(await app.scim.patch(path, replaceTitle('x'), both('"other"', '"other"')), 412)
      expectError(await app.scim.patch(path, replaceTitle('x'), both(version, version)), 412)
      expect((await app.scim.patch(path, replaceTitle('x'), both(version, '"other"'))).status).toBe(200)
    })
  })
})

describe('where If-Match is required', () => {
  const app = sharedApp(() => memoryOptions({ requireIfMatch: true }))

  test('[P-3.12-09] PUT, PATCH and DELETE without it: 428', async () => {
    const [one] = await createUsers(app.scim, user('required'))
    const path = `/Users/${one.id}`
    expectError(await app.scim.put(path, user('required')), 428)
    expectError(await app.scim.patch(path, replaceTitle('x')), 428)
    expectError(await app.scim.delete(path), 428)
    expect((await app.scim.patch(path, replaceTitle('x'), ifMatch(one.meta.version))).status).toBe(200)
    expect((await app.scim.delete(path, ifMatch('*'))).status).toBe(204)
  })
})

describe('where no version is stored', () => {
  const plain = (): AppOptions => {
    const { resources } = memoryOptions()
    const adapter = fixtureAdapter([])
    return { resources: { ...resources, User: { adapter, supports: {} } } }
  }
  const app = sharedApp(plain)

  test('[P-3.14-01] there is no ETag, and ServiceProviderConfig says so', async () => {
    const { body: config } = await app.scim.get('/ServiceProviderConfig')
    expect(config.etag).toEqual({ supported: false })
    const created = await app.scim.post('/Users', user('plain'))
    const path = `/Users/${created.body.id}`
    for (const answer of [created, await app.scim.get(path), await app.scim.patch(path, replaceTitle('x'))]) {
      expect(answer.headers.get('etag')).toBeNull()
      expect(answer.body.meta).not.toHaveProperty('version')
    }
    const conditional = await app.scim.get(path, { headers: { 'if-none-match': '*', 'if-match': '"x"' } })
    expect(conditional.status).toBe(200)
    expect((await app.scim.delete(path, ifMatch('"x"'))).status).toBe(204)
  })
})

/** Users and groups with the memory adapters’ own patch, and with the router’s. */
const STORES: readonly (readonly [string, () => AppOptions])[] = [
  ['an adapter with patch', () => memoryOptions()],
  ['an adapter without patch', withoutPatch],
]

function withoutPatch(): AppOptions {
  const { users, groups } = memoryAdapters()
  const { patch: _users, ...plainUsers } = users
  const { patch: _groups, ...plainGroups } = groups
  return { resources: { User: { adapter: plainUsers }, Group: { adapter: plainGroups } } }
}

describe.each(STORES)('writers at the same time, %s', (_title, options) => {
  const app = sharedApp(options)

  test('[P-3.14-05] of two that name the same version exactly one wins, each time', async () => {
    const [one] = await createUsers(app.scim, user('contended'))
    const path = `/Users/${one.id}`
    let tag: string = one.meta.version
    for (let round = 0; round < 20; round += 1) {
      const titles = ['left', 'right'].map((side) => `${side} ${round}`)
      const answers = await Promise.all([
        app.scim.patch(path, replaceTitle(titles[0] as string), ifMatch(tag)),
        app.scim.put(path, user('contended', { title: titles[1] }), ifMatch(tag)),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
      const winner = answers.findIndex(({ status }) => status === 200)
      const stored = await app.scim.get(path)
      expect(stored.body.title).toBe(titles[winner])
      tag = stored.body.meta.version
    }
  })

  const count = runs(60, 200)
  test(`${count} additions of one member each to one group: ${count} members, and no error`, async () => {
    const operations = Array.from({ length: count }, (_, at) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `${at}` },
      data: user(`member-${at}`),
    }))
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
    const created = await app.scim.post('/Bulk', { schemas, Operations: operations })
    const ids: string[] = created.body.Operations.map(({ location }: any) => location.split('/').pop())
    const { body } = await app.scim.post('/Groups', group('crowd'))
    const path = `/Groups/${body.id}`
    const answers = await Promise.all(
      ids.map((value) => app.scim.patch(path, { Operations: [{ op: 'add', path: 'members', value: [{ value }] }] })),
    )
    expect(new Set(answers.map(({ status }) => status >= 200 && status < 300))).toEqual(new Set([true]))
    expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(count)
    const { members } = (await app.scim.get(path)).body
    expect(members.map(({ value }: any) => value).sort()).toEqual([...ids].sort())
  })

  test('one of 50 that all create the same user wins', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.scim.post('/Users', user('the one'))))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(49).fill(409)])
  })
})

describe('writers in other processes', () => {
  /** An adapter without patch, in which another writer is faster a number of times. */
  const overtaken = (times: number): AppOptions => {
    const { resources } = withoutPatch()
    const adapter = { ...(resources['User']?.adapter as ReturnType<typeof memoryAdapters>['users']) }
    const { replace } = adapter
    let left = times
    adapter.replace = async (id, draft, call) => {
      left -= 1
      return left < 0 ? replace(id, draft, call) : 'stale'
    }
    return { resources: { User: { adapter } } }
  }

  test('a PATCH that is overtaken is done anew', async () => {
    const app = await startApp(overtaken(3))
    const [one] = await createUsers(app.scim, user('overtaken'))
    expect((await app.scim.patch(`/Users/${one.id}`, replaceTitle('x'))).body.title).toBe('x')
  })

  test('with If-Match it is not: 412', async () => {
    const app = await startApp(overtaken(1))
    const [one] = await createUsers(app.scim, user('overtaken'))
    expectError(await app.scim.patch(`/Users/${one.id}`, replaceTitle('x'), ifMatch(one.meta.version)), 412)
  })

  test('[H-13.1.2-01] If-None-Match holds for the version that is written over', async () => {
    const { users } = memoryAdapters()
    let other = ''
    const get: typeof users.get = async (id, call) => {
      const found = await users.get(id, call)
      // Another client writes right after the condition was found true.
      if (other) await users.replace(id, { userName: other }, { ...call, ifMatch: undefined } as never)
      return found
    }
    const app = await startApp({ resources: { User: { adapter: { ...users, get } } } })
    const [one] = await createUsers(app.scim, user('raced'))
    other = 'raced by another'
    expectError(await app.scim.put(`/Users/${one.id}`, user('mine'), ifNoneMatch('"x"')), 412)
    other = ''
    expect((await app.scim.get(`/Users/${one.id}`)).body.userName).toBe('raced by another')
  })

  test('a PUT that keeps something of what was stored is done anew with what is stored now', async () => {
    const { users } = memoryAdapters()
    const other: Partial<typeof users> = {
      get: async (id, call) => {
        const found = await users.get(id, call)
        // Another client sets a title right after the router has read the user.
        if (found && !found.title) {
          await users.replace(id, { userName: 'put', title: 'Director' }, { ...call, ifMatch: undefined } as never)
        }
        return found
      },
    }
    const access: AppOptions['access'] = ({ attribute }) => (attribute === 'title' ? 'read' : 'write')
    const app = await startApp({ resources: { User: { adapter: { ...users, ...other } } }, access })
    const [one] = await createUsers(app.scim, user('put'))
    const answer = await app.scim.put(`/Users/${one.id}`, user('put', { nickName: 'x', title: 'ignored' }))
    expect(answer.body).toMatchObject({ title: 'Director', nickName: 'x' })
  })
})
