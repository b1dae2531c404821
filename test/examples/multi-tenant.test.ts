import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ScimClient, scimClient } from '../support/client.js'
import { ROOT, type ServerProcess, startServer } from '../support/process.js'

const run = promisify(execFile)
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const user = (userName: string, rest: object = {}): object => ({ schemas: [USER], userName, ...rest })
const ADMINISTRATORS = { ADMIN_ACME: 'key-of-acme', ADMIN_GLOBEX: 'key-of-globex' }

/** A request of a settings page. */
async function settings(server: ServerProcess, key: string, method = 'GET', path = '', body?: object) {
  const response = await fetch(`${server.base}/settings/connections${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as any }
}

describe('examples/multi-tenant', () => {
  let server: ServerProcess
  let acme: ScimClient
  let globex: ScimClient
  let auditor: ScimClient
  beforeAll(async () => {
    server = await startServer('examples/multi-tenant/server.js', ADMINISTRATORS, /Ready\.\n/)
    const clientOf = async (org: string, scopes?: readonly string[]) => {
      const { body } = await settings(server, `key-of-${org}`, 'POST', '', { provider: 'entra', scopes })
      return scimClient(body.connection.url, body.token)
    }
    acme = await clientOf('acme')
    globex = await clientOf('globex')
    auditor = await clientOf('acme', ['users:read', 'groups:read'])
  })
  afterAll(() => server?.stop('SIGKILL'))

  test('[P-6-01, P-6-03] each customer has users of its own, below its own URL', async () => {
    const created = await acme.post('/Users', user('babs'))
    expect(created.status).toBe(201)
    expect(created.body.meta.location).toBe(`${acme.base}/Users/${created.body.id}`)
    expect((await globex.get('/Users')).body.totalResults).toBe(0)
    expect((await globex.get(`/Users/${created.body.id}`)).status).toBe(404)
    expect((await globex.post('/Users', user('babs'))).status).toBe(201)
  })

  test('a token is good for its own connection alone, an administrator for one customer', async () => {
    const [, , made] = (await settings(server, 'key-of-acme')).body
    expect(made).toBeUndefined()
    const { body } = await settings(server, 'key-of-acme', 'POST', '', { provider: 'okta' })
    expect((await scimClient(globex.base, body.token).get('/Users')).status).toBe(401)
    expect((await scimClient(acme.base, undefined).get('/Users')).status).toBe(401)
    expect((await settings(server, 'key-of-nobody')).status).toBe(401)
    expect((await settings(server, 'key-of-globex', 'DELETE', `/${body.connection.id}`)).status).toBe(404)
    const smuggled = { provider: 'x', tenant: 'acme', by: 'me' }
    expect((await settings(server, 'key-of-globex', 'POST', '', smuggled)).body.connection).toMatchObject({
      tenant: 'globex',
      created: { by: 'administrator of globex' },
    })
    expect((await settings(server, 'key-of-globex', 'POST', '', {})).status).toBe(400)
  })

  test('the auditor reads and changes nothing', async () => {
    expect((await auditor.get('/Users')).status).toBe(200)
    expect((await auditor.post('/Users', user('eve'))).status).toBe(403)
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
    const operation = { method: 'POST', path: '/Users', bulkId: 'a', data: user('eve') }
    const { body } = await auditor.post('/Bulk', { schemas, Operations: [operation] })
    expect(body.Operations[0].status).toBe('403')
  })

  test('pages by cursor are one’s own', async () => {
    for (const name of ['a', 'b', 'c']) await acme.post('/Users', user(`page ${name}`))
    const { body } = await acme.get('/Users?cursor&count=2')
    const next = `/Users?cursor=${body.nextCursor}`
    expect((await acme.get(next)).status).toBe(200)
    expect((await auditor.get(next)).body.scimType).toBe('invalidCursor')
    expect((await globex.get(next)).body.scimType).toBe('invalidCursor')
  })

  test('who is deactivated is signed out, and comes back with the same id', async () => {
    const { body } = await acme.post('/Users', user('returning', { active: true }))
    const off = { Operations: [{ op: 'replace', path: 'active', value: false }] }
    expect((await acme.patch(`/Users/${body.id}`, off)).status).toBe(200)
    const again = await acme.post('/Users', user('returning', { active: true }))
    expect(again.status).toBe(201)
    expect(again.body).toMatchObject({ id: body.id, active: true })
    // The line comes over a pipe of its own.
    while (!server.output().includes(`acme: signed out ${body.id}`))
      await new Promise((resolve) => setTimeout(resolve, 5))
  })

  test('a filter on mail addresses does not belong in a URL', async () => {
    expect((await acme.get('/Users?filter=emails.value eq "a@x.test"')).body.scimType).toBe('sensitive')
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
    const answer = await acme.post('/Users/.search', { schemas, filter: 'emails.value eq "a@x.test"' })
    expect(answer.status).toBe(200)
  })

  test('prints no key that was given to it, and ends cleanly', async () => {
    expect(server.output()).not.toMatch(/key-of|demo_/)
    expect(await server.stop('SIGTERM')).toBe(0)
  })
})

test('the lines of its README do what they say', async () => {
  const lines = readFileSync(join(ROOT, 'examples/multi-tenant/README.md'), 'utf8').match(/^curl .*$/gm) ?? []
  const server = await startServer('examples/multi-tenant/server.js', ADMINISTRATORS, /Ready\.\n/)
  const env: Record<string, string | undefined> = { ...process.env, ...ADMINISTRATORS, ORIGIN: server.base }
  const answers: any[] = []
  for (const line of lines) {
    const { stdout } = await run('sh', ['-c', line], { env })
    answers.push(JSON.parse(stdout))
    const [{ connection, token }] = answers
    Object.assign(env, { ID: connection.id, TOKEN: token })
  }
  const [made, babs, listed, rotated, invited, paused, resumed, foreign, revoked, closed, ...others] = answers
  expect(others).toEqual([])
  expect(made).toMatchObject({
    token: expect.stringMatching(/^demo_/),
    connection: { tenant: 'acme', name: 'Entra ID of Acme' },
  })
  expect(babs).toMatchObject({
    userName: 'babs@example.com',
    meta: { location: expect.stringContaining(`/scim/v2/${made.connection.id}/Users/`) },
  })
  expect(listed).toMatchObject([{ id: made.connection.id, state: 'active' }])
  expect(rotated).toMatchObject({
    token: expect.stringMatching(/^demo_/),
    connection: { credentials: [{ state: 'ending' }, { state: 'live' }] },
  })
  expect(invited).toMatchObject({ token: expect.stringMatching(/^demoin_/) })
  expect(paused).toMatchObject({ consequence: expect.stringContaining('quarantine'), connection: { state: 'paused' } })
  expect(resumed).toMatchObject({ state: 'active' })
  expect(foreign).toEqual({ error: 'The tenant has no such connection.' })
  expect(revoked.credentials).toMatchObject([{ state: 'revoked' }, { state: 'revoked' }])
  expect(closed).toMatchObject({ state: 'closed' })
})

test('without keys in the environment it prints some that work', async () => {
  const server = await startServer('examples/multi-tenant/server.js', { ADMIN_ACME: '', ADMIN_GLOBEX: '' }, /Ready\.\n/)
  const [, key = ''] = /administrator of acme: (\S+)\n/.exec(server.output()) ?? []
  expect((await settings(server, key)).body).toEqual([])
})
