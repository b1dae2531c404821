import { type ScimClient, scimClient } from '../support/client.js'
import { type ServerProcess, startServer } from '../support/process.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const user = (userName: string, rest: object = {}): object => ({ schemas: [USER], userName, ...rest })

describe('examples/multi-tenant', () => {
  let server: ServerProcess
  let acme: ScimClient
  let globex: ScimClient
  let auditor: ScimClient
  beforeAll(async () => {
    const env = {
      SCIM_TOKEN_ACME: 'token-of-acme',
      SCIM_TOKEN_GLOBEX: 'token-of-globex',
      SCIM_TOKEN_AUDITOR: 'auditor',
    }
    server = await startServer('examples/multi-tenant/server.js', env, /Ready\.\n/)
    const baseOf = (org: string): string => new URL(`/scim/${org}/v2`, server.base).href
    acme = scimClient(baseOf('acme'), 'token-of-acme')
    globex = scimClient(baseOf('globex'), 'token-of-globex')
    auditor = scimClient(baseOf('acme'), 'auditor')
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

  test('a token is good for its own customer alone', async () => {
    expect((await scimClient(globex.base, 'token-of-acme').get('/Users')).status).toBe(401)
    expect((await scimClient(acme.base.replace('acme', 'nobody'), 'token-of-acme').get('/Users')).status).toBe(401)
    expect((await scimClient(acme.base, undefined).get('/Users')).status).toBe(401)
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

  test('prints no token that was given to it, and ends cleanly', async () => {
    expect(server.output()).not.toMatch(/token-of|auditor/)
    expect(await server.stop('SIGTERM')).toBe(0)
  })
})

test('without tokens in the environment it prints some that work', async () => {
  const env = { SCIM_TOKEN_ACME: '', SCIM_TOKEN_GLOBEX: '', SCIM_TOKEN_AUDITOR: '' }
  const server = await startServer('examples/multi-tenant/server.js', env, /Ready\.\n/)
  try {
    const [, base = '', token] = /acme: (\S+)\n {2}token: (\S+)/.exec(server.output()) ?? []
    expect(token).toMatch(/^[\w-]{43}$/)
    expect((await scimClient(base, token).get('/Users')).status).toBe(200)
  } finally {
    await server.stop('SIGKILL')
  }
})
