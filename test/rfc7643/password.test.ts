import { inspect } from 'node:util'
import createDebug from 'debug'
import { ScimError } from '../../src/index.js'
import { BULK_REQUEST, PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { expectError, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { created } from './device.js'

const SECRET = 't1meMa$heen'

/** All arguments of hooks and lines of logs. */
const told: unknown[] = []
const users = fixtureAdapter([], 'userName')
let failing = false

// The store hands passwords out with everything else, and fails while `failing` is set.
const app = sharedApp(() => ({
  resources: {
    User: {
      adapter: {
        ...users,
        list: () => {
          if (failing) throw new Error('The database is gone.')
          return users.list({} as never, {} as never)
        },
      },
      supports: { versions: true },
    },
  },
  cursor: { secrets: ['a secret of sixteen characters'] },
  on: {
    request: (report) => void told.push(report),
    error: (report) => void told.push(report),
    'user.created': (event) => void told.push(event),
    'user.updated': (event) => void told.push(event),
    'user.deactivated': (event) => void told.push(event),
    'user.deleted': (event) => void told.push(event),
  },
}))

const { log } = createDebug
beforeAll(() => {
  createDebug.log = (...parts: unknown[]) => void told.push(parts)
  createDebug.enable('scim:*')
})
afterAll(() => {
  createDebug.disable()
  createDebug.log = log
})

async function send(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await app.scim.send(method, path, { body })
  expect(answer.text).not.toContain(SECRET)
  expect([...answer.headers].join()).not.toContain(SECRET)
  expect(JSON.stringify(answer.body ?? {})).not.toMatch(/"password"/i)
  return answer
}

test('[S-4.1-02, S-4.1-13, P-3.9-07, P-7-01] a password is in no answer, header, event, report or log', async () => {
  const body = user('babs', { password: SECRET, active: true })
  const { id } = created(await send('POST', '/Users?attributes=password,userName', body))
  const other = created(await send('POST', '/Users', user('other', { password: SECRET })))
  for (const query of ['', '?attributes=password', '?excludedAttributes=title']) {
    expect((await send('GET', `/Users/${id}${query}`)).status).toBe(200)
    expect((await send('GET', `/Users${query}`)).status).toBe(200)
    expect((await send('GET', `/${query}`)).status).toBe(200)
    expect((await send('PUT', `/Users/${id}${query}`, body)).status).toBe(200)
    const operations = [
      { op: 'replace', path: 'password', value: SECRET },
      { op: 'add', value: { password: SECRET, active: query === '' } },
    ]
    const answer = await send('PATCH', `/Users/${id}${query}`, { schemas: [PATCH_OP], Operations: operations })
    expect(answer.status).toBeLessThan(300)
  }
  const search = { schemas: [SEARCH_REQUEST], attributes: ['password'], count: 1, cursor: '' }
  expect((await send('POST', '/Users/.search', search)).body.nextCursor).toMatch(/\S/)
  const Operations = [
    { method: 'POST', path: '/Users', bulkId: '1', data: user('bulk', { password: SECRET }) },
    { method: 'POST', path: '/Users', bulkId: '2', data: user('babs', { password: SECRET }) },
    { method: 'PUT', path: `/Users/${id}`, data: user('other', { password: SECRET }) },
    { method: 'PUT', path: `/Users/${id}`, data: body },
    { method: 'PATCH', path: `/Users/${id}`, data: { Operations: [{ op: 'replace', path: 'active', value: false }] } },
  ]
  const bulk = await send('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations })
  expect(bulk.body.Operations.map(({ status }: any) => status)).toEqual(['201', '409', '409', '200', '200'])
  await send('DELETE', `/Users/${other.id}`)

  expectError(await send('POST', '/Users', user('BABS', { password: SECRET })), 409, 'uniqueness')
  expectError(await send('POST', '/Users', user('wrong', { password: { clear: SECRET } })), 400, 'invalidValue')
  expectError(await send('POST', '/Users', user('wrong', { password: [SECRET, SECRET] })), 400, 'invalidValue')
  expectError(await send('POST', '/Users', { ...user('x'), password: SECRET, PASSWORD: SECRET }), 400, 'invalidSyntax')
  expectError(await send('POST', '/Users', `{"password":"${SECRET}",`), 400, 'invalidSyntax')
  failing = true
  expectError(await send('GET', '/Users'), 500)
  failing = false

  const text = inspect(told, { depth: 20, maxStringLength: null, maxArrayLength: null, breakLength: Infinity })
  expect(text).toContain('user.deactivated')
  expect(text).toContain('The database is gone.')
  expect(text).toContain("name: 'user.created'")
  expect(text).not.toContain(SECRET)
})

test('[P-7.7-02] nor can it be found out by a filter or an order', async () => {
  await send('POST', '/Users', user('guess', { password: SECRET }))
  for (const filter of ['password eq "x"', 'password pr', 'password sw "t"', 'not (password eq "x")']) {
    expectError(await send('GET', `/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter')
  }
  expectError(await send('GET', '/Users?sortBy=password'), 400, 'invalidValue')
})

describe('[S-4.1-03, S-9.2-01] what the store gets is what the hash hook makes of a password', () => {
  const stored = fixtureAdapter([])
  const hashing = sharedApp(() => ({
    resources: { User: { adapter: stored, supports: { versions: true } } },
    password: {
      hash: async (password) => {
        if (password.length < 8) throw ScimError.invalidValue('Attribute "password" asks for 8 characters or more.')
        return `hash of ${password.length}`
      },
    },
  }))
  const passwordOf = async (id: string): Promise<unknown> => (await stored.get(id, {} as never))?.['password']

  test('in POST, PUT and PATCH; left out it stays', async () => {
    const { id } = created(await hashing.scim.post('/Users', user('hash', { password: 'x'.repeat(10) })))
    expect(await passwordOf(id)).toBe('hash of 10')
    await hashing.scim.put(`/Users/${id}`, user('hash', { password: 'x'.repeat(11) }))
    expect(await passwordOf(id)).toBe('hash of 11')
    for (const operation of [
      { op: 'replace', path: 'password', value: 'x'.repeat(12) },
      { op: 'replace', value: { password: 'x'.repeat(12) } },
    ]) {
      await hashing.scim.put(`/Users/${id}`, user('hash', { password: 'x'.repeat(11) }))
      await hashing.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [operation] })
      expect(await passwordOf(id)).toBe('hash of 12')
    }
    await hashing.scim.put(`/Users/${id}`, user('hash'))
    const other = { op: 'replace', path: 'title', value: 'Guide' }
    await hashing.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [other] })
    expect(await passwordOf(id)).toBe('hash of 12')
  })

  test('[P-7.7-02] a policy may refuse one: 400 invalidValue, and nothing is stored', async () => {
    expectError(await hashing.scim.post('/Users', user('short', { password: 'x' })), 400, 'invalidValue')
    const { id } = created(await hashing.scim.post('/Users', user('short', { password: 'x'.repeat(10) })))
    expectError(await hashing.scim.put(`/Users/${id}`, user('short', { password: 'x' })), 400, 'invalidValue')
    const operation = { op: 'replace', path: 'password', value: 'x' }
    const answer = await hashing.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [operation] })
    expectError(answer, 400, 'invalidValue')
    expect(await passwordOf(id)).toBe('hash of 10')
  })
})
