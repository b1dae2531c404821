import type { Identity } from '../../src/index.js'
import { type App, type AppOptions, describeExpress, startApp } from '../support/app.js'
import { createUsers, expectError, memoryOptions, user } from './service.js'

/** Runs a test in which `/Me` is the resource that `me` names. */
async function withMe(
  me: () => Identity['me'] | null,
  work: (app: App) => Promise<void>,
  rest: Partial<AppOptions> = {},
  version: 4 | 5 = 5,
): Promise<void> {
  const authenticate: AppOptions['authenticate'] = () => {
    const found = me()
    return found === null ? null : { me: found }
  }
  const app = await startApp(memoryOptions({ ...rest, authenticate }), version)
  try {
    await work(app)
  } finally {
    await app.close()
  }
}

const PATCH = { Operations: [{ op: 'replace', path: 'title', value: 'patched' }] }

describeExpress('/Me (RFC 7644 section 3.11)', (version) => {
  test('[P-3.11-03, P-3.11-04] is the resource of the one who asks, and answers with its permanent location', async () => {
    let id: string | undefined
    await withMe(
      () => ({ resourceType: 'User', id }),
      async ({ scim }) => {
        const [one] = await createUsers(scim, user('myself'))
        id = one.id
        const answers = [
          await scim.get('/Me'),
          await scim.send('HEAD', '/Me'),
          await scim.get('/Me?attributes=userName'),
          await scim.put('/Me', user('myself', { title: 'put' })),
          await scim.patch('/Me', PATCH),
          await scim.delete('/Me'),
        ]
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 204])
        for (const { headers } of answers) expect(headers.get('location')).toBe(one.meta.location)
        const [got, , projected, put, patched] = answers.map(({ body }) => body)
        expect(got).toEqual(one)
        expect(Object.keys(projected).sort()).toEqual(['id', 'schemas', 'userName'])
        expect([put.title, patched.title]).toEqual(['put', 'patched'])
        expect(patched.meta.location).toBe(one.meta.location)
        expectError(await scim.get(`/Users/${one.id}`), 404)
        expectError(await scim.get('/Me'), 404)
      },
      {},
      version,
    )
  })

  test('[P-3.11-04] a PATCH without a body and a 304 have the location too', async () => {
    let id: string | undefined
    await withMe(
      () => ({ resourceType: 'Group', id }),
      async ({ scim }) => {
        const { body } = await scim.post('/Groups', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
          displayName: 'we',
        })
        id = body.id
        const patched = await scim.patch('/Me', { Operations: [{ op: 'replace', path: 'displayName', value: 'us' }] })
        const tag = `${patched.headers.get('etag')}`
        const unchanged = await scim.get('/Me', { headers: { 'if-none-match': tag } })
        for (const [answer, status] of [
          [patched, 204],
          [unchanged, 304],
        ] as const) {
          expect(answer.status).toBe(status)
          expect(answer.headers.get('location')).toBe(body.meta.location)
        }
        expectError(await scim.delete('/Me', { headers: { 'if-match': body.meta.version } }), 412)
      },
      {},
      version,
    )
  })

  test('[P-3.11-05, P-2-04] POST creates a resource of the type that the subject has', async () => {
    await withMe(
      () => ({ resourceType: 'User' }),
      async ({ base, scim }) => {
        const created = await scim.post('/Me', user('registered'))
        expect(created.status).toBe(201)
        const { location } = created.body.meta
        expect(location).toBe(`${base}/Users/${created.body.id}`)
        expect(created.headers.get('location')).toBe(location)
        expect((await scim.get(`/Users/${created.body.id}`)).body.userName).toBe('registered')
      },
      {},
      version,
    )
  })
})

describe('/Me that is nothing', () => {
  const requests = (scim: App['scim']) => [
    scim.get('/Me'),
    scim.put('/Me', user('x')),
    scim.patch('/Me', PATCH),
    scim.delete('/Me'),
  ]

  test('[P-3.11-01] 501 for a client that is nobody in particular', async () => {
    for (const me of [undefined, { resourceType: 'Device', id: '1' }]) {
      await withMe(
        () => me,
        async ({ scim }) => {
          for (const answer of await Promise.all(requests(scim))) expectError(answer, 501)
          expectError(await scim.post('/Me', user('x')), 501)
        },
      )
    }
  })

  test('[P-3.11-06] 404 for a subject without resource', async () => {
    for (const id of [undefined, 'gone']) {
      await withMe(
        () => ({ resourceType: 'User', id }),
        async ({ scim }) => {
          for (const answer of await Promise.all(requests(scim))) expectError(answer, 404)
        },
      )
    }
  })

  test('[P-3.11-06] 401 without credentials', async () => {
    await withMe(
      () => null,
      async ({ scim }) => {
        for (const answer of await Promise.all(requests(scim))) expectError(answer, 401)
      },
    )
  })

  test('nothing is below it, and it is searched by nobody', async () => {
    await withMe(
      () => ({ resourceType: 'User', id: '1' }),
      async ({ scim }) => {
        expectError(await scim.get('/Me/1'), 404)
        expectError(await scim.post('/Me/.search', {}), 404)
        expectError(await scim.send('OPTIONS', '/Me'), 405)
      },
    )
  })
})

test('[P-7.7-03] rights over one’s own data: some attributes, some operations', async () => {
  let id: string | undefined
  const asked: unknown[] = []
  const WRITABLE = ['nickName', 'preferredLanguage']
  await withMe(
    () => ({ resourceType: 'User', id }),
    async ({ scim }) => {
      const [one] = await createUsers(scim, user('restricted', { nickName: 'a', title: 'Clerk' }))
      const [other] = await createUsers(scim, user('someone'))
      id = one.id
      asked.length = 0
      const write = (path: string) => ({ Operations: [{ op: 'replace', path, value: 'mine' }] })
      expect((await scim.patch('/Me', write('nickName'))).body.nickName).toBe('mine')
      expectError(await scim.patch('/Me', write('title')), 403)
      expectError(await scim.delete('/Me'), 403)
      expectError(await scim.patch(`/Users/${other.id}`, write('nickName')), 403)
      const put = await scim.put('/Me', user('restricted', { nickName: 'b', title: 'Boss' }))
      expect(put.body).toMatchObject({ nickName: 'b', title: 'Clerk' })
      expect(asked[0]).toMatchObject({
        action: 'patch',
        resourceType: 'User',
        id: one.id,
        auth: { me: { id: one.id } },
      })
    },
    {
      access: ({ attribute, auth }) =>
        auth.me?.id === undefined || WRITABLE.includes(attribute) || attribute === 'userName' ? 'write' : 'read',
      authorize: (operation) => {
        asked.push(operation)
        const { action, auth, id: target } = operation
        return auth.me?.id === undefined || (auth.me.id === target && action !== 'delete')
      },
    },
  )
})
