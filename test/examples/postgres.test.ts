import pg from 'pg'
import { playSequence } from '../../src/conformance/replay/play.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import { type ScimClient, scimClient } from '../support/client.js'
import { databaseUrl } from '../support/postgres.js'
import { type ServerProcess, startServer } from '../support/process.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const TOKEN = 'example-token'

/** Runs an example on a database of its own. */
function example(name: string): { readonly server: () => ServerProcess; readonly scim: () => ScimClient } {
  let server: ServerProcess | undefined
  const database = `example_${name.replaceAll('-', '_')}_${process.pid}`
  beforeAll(async () => {
    const url = new URL(await databaseUrl())
    await ask(`CREATE DATABASE ${database}`)
    url.pathname = `/${database}`
    server = await startServer(`examples/${name}/server.js`, { SCIM_TOKEN: TOKEN, DATABASE_URL: url.href })
  })
  afterAll(async () => {
    await server?.stop('SIGKILL')
    await ask(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
  })
  const started = (): ServerProcess => {
    if (!server) throw new Error('The example runs inside tests only.')
    return server
  }
  return { server: started, scim: () => scimClient(started().base, TOKEN) }
}

async function ask(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: await databaseUrl() })
  await client.connect()
  await client.query(text)
  await client.end()
}

const patch = (scim: ScimClient, path: string, ...Operations: unknown[]) =>
  scim.patch(path, { schemas: [PATCH_OP], Operations })
const all = Object.entries(sequences).flatMap(([client, sent]) => sent.map((one) => [client, one.id, one] as const))

describe('examples/postgres', () => {
  const { server, scim } = example('postgres')

  test.each(all)('%s: %s', async (_client, _id, sequence) => {
    expect(await playSequence(sequence, scim())).toEqual([])
  })

  test('ends cleanly by SIGTERM', async () => {
    await scim().get('/Users')
    expect(await server().stop('SIGTERM')).toBe(0)
  })
})

test('examples/postgres brings a PostgreSQL of its own, and takes it away again', async () => {
  const server = await startServer('examples/postgres/server.js', { SCIM_TOKEN: TOKEN, DATABASE_URL: '' })
  expect((await scimClient(server.base, TOKEN).get('/Users')).status).toBe(200)
  expect(await server.stop('SIGTERM')).toBe(0)
})

describe('examples/existing-tables', () => {
  const { server, scim } = example('existing-tables')

  test.each(all)('%s: %s', async (_client, _id, sequence) => {
    expect(await playSequence(sequence, scim())).toEqual([])
  })

  test('who is deactivated is signed out, and may not sign in until reactivated', async () => {
    const origin = new URL(server().base).origin
    const login = () => fetch(`${origin}/login/babs@example.com`, { method: 'POST' })
    const whoami = async (session: string) => (await fetch(`${origin}/whoami?session=${session}`)).status
    const made = await scim().post('/Users', { schemas: [USER], userName: 'babs@example.com', active: true })
    const user = `/Users/${made.body.id}`
    await scim().post('/Groups', { schemas: [GROUP], displayName: 'Crew', members: [{ value: made.body.id }] })
    const { session } = (await (await login()).json()) as { session: string }
    const known = await fetch(`${origin}/whoami?session=${session}`)
    expect(await known.json()).toEqual({ email: 'babs@example.com', teams: ['Crew'] })
    await patch(scim(), user, { op: 'replace', path: 'active', value: false })
    await eventually(async () => expect(await whoami(session)).toBe(401))
    expect((await login()).status).toBe(403)
    await patch(scim(), user, { op: 'replace', path: 'active', value: true })
    const again = (await (await login()).json()) as { session: string }
    expect(await whoami(again.session)).toBe(200)
    await scim().put(user, { schemas: [USER], userName: 'babs@example.com', active: false })
    await eventually(async () => expect(await whoami(again.session)).toBe(401))
  })
})

describe('examples/drizzle', () => {
  const { scim } = example('drizzle')

  test('creates, finds, changes and deletes users and groups', async () => {
    const person = { schemas: [USER], userName: 'Babs@example.com', name: { givenName: 'Babs' }, active: true }
    const made = await scim().post('/Users', person)
    expect(made.body).toMatchObject(person)
    const { id } = made.body
    expect((await scim().post('/Users', { ...person, userName: 'BABS@example.com' })).status).toBe(409)
    const found = await scim().get(
      `/Users?filter=${encodeURIComponent('userName eq "babs@EXAMPLE.com" and active eq true')}`,
    )
    expect(found.body.Resources.map((one: { id: string }) => one.id)).toEqual([id])
    const etag = made.headers.get('etag')
    const stale = await scim().put(`/Users/${id}`, person, { headers: { 'if-match': 'W/"99"' } })
    expect(stale.status).toBe(412)
    const replaced = await scim().put(`/Users/${id}`, { ...person, active: false }, { headers: { 'if-match': etag } })
    expect(replaced.body).toMatchObject({ active: false })
    expect(
      (await patch(scim(), `/Users/${id}`, { op: 'replace', path: 'name.familyName', value: 'Jensen' })).status,
    ).toBe(200)
    expect((await scim().get('/Users/0')).status).toBe(404)

    const group = await scim().post('/Groups', { schemas: [GROUP], displayName: 'Crew', members: [{ value: id }] })
    const path = `/Groups/${group.body.id}`
    expect(group.body.members).toMatchObject([{ value: id, display: 'Babs@example.com' }])
    const again = await patch(scim(), path, { op: 'add', path: 'members', value: [{ value: id }] })
    expect([again.status, again.headers.get('etag')]).toEqual([204, group.headers.get('etag')])
    const other = await scim().post('/Users', { ...person, userName: 'other' })
    await patch(
      scim(),
      path,
      { op: 'add', path: 'members', value: [{ value: other.body.id }] },
      { op: 'remove', path: `members[value eq "${id}"]` },
    )
    await patch(scim(), path, { op: 'replace', path: 'displayName', value: 'Team' })
    const now = await scim().get(path)
    expect(now.body).toMatchObject({ displayName: 'Team', members: [{ value: other.body.id }] })
    expect(now.body.members.length).toBe(1)
    const nobody = { op: 'add', path: 'members', value: [{ value: '00000000-0000-4000-8000-000000000000' }] }
    expect((await patch(scim(), path, nobody)).body).toMatchObject({ status: '400', scimType: 'invalidValue' })
    await Promise.all(
      Array.from({ length: 8 }, async () =>
        patch(scim(), path, { op: 'add', path: 'members', value: [{ value: id }] }),
      ),
    )
    expect((await scim().get(path)).body.members.length).toBe(2)
    expect((await scim().delete(`/Users/${id}`)).status).toBe(204)
    expect((await scim().get(path)).body.members.length).toBe(1)
    expect((await scim().delete(path)).status).toBe(204)
    expect((await scim().get(path)).status).toBe(404)
  })
})

/** Hooks run after the answer. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check()
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
