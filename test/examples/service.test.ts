import { scimClient } from '../support/client.js'
import { type ServerProcess, startServer } from '../support/process.js'

const SECRET = 'a secret of a test that is long enough'
const PAGES = { 'x-scim-pages': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }

/** Signs in as the page of the example does. */
async function signIn(base: string, who: string): Promise<Record<string, string>> {
  const answer = await fetch(`${base}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ person: who }),
    redirect: 'manual',
  })
  expect(answer.status).toBe(303)
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

test('examples/service: customers connect a provider by themselves, staff see all, nobody sees anything without a session', async () => {
  const env = { SCIM_SECRET: SECRET, DATABASE_URL: '', SCIM_DATA: '' }
  const server: ServerProcess = await startServer('examples/quick-start/start.js', env, /Ready\.\n/, ['--pages'])
  try {
    const settings = scimClient(`${server.base}/settings/scim`, undefined)
    const admin = scimClient(`${server.base}/admin/scim`, undefined)
    expect((await settings.get('/api/connections')).status).toBe(403)
    const ada = await signIn(server.base, 'ada')
    const made = await settings.post('/api/connections', { provider: 'okta' }, { headers: { ...ada, ...PAGES } })
    expect(made.body.token).toMatch(/^demo_/)
    const idp = scimClient(made.body.connection.url, made.body.token)
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
    expect((await idp.post('/Users', { schemas, userName: 'anna' })).status).toBe(201)
    expect((await settings.get('/api/people', { headers: ada })).body.people).toMatchObject([{ userName: 'anna' }])
    expect((await settings.get('/api/log', { headers: ada })).body.entries).toHaveLength(1)
    const hank = await signIn(server.base, 'hank')
    expect((await settings.get('/api/people', { headers: hank })).body.people).toEqual([])
    expect((await admin.get('/api/tenants', { headers: hank })).status).toBe(403)
    const sam = await signIn(server.base, 'sam')
    expect((await admin.get('/api/tenants', { headers: sam })).body.tenants).toMatchObject([{ tenant: 'acme' }])
    expect((await settings.get('/api/session', { headers: sam })).status).toBe(403)
    const page = await settings.get('/', { headers: ada })
    const script = /src="\.(\/pages\.js[^"]*)"/.exec(page.text)?.[1] ?? ''
    expect((await settings.get(script)).text.length).toBeGreaterThan(10_000)
  } finally {
    await server.stop('SIGTERM')
  }
})
