import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, scimClient } from '../support/client.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'
import { type ServerProcess, startServer } from '../support/process.js'

// A process may take a credential, or a recording, for good for so long after another has ended it: `cacheTime`.
const CACHE_TIME = 1_000
const SCRIPT = 'test/long/service-process.mjs'
const SECRET = 'a secret of a test that is long enough'
const PAGES = { 'x-scim-pages': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
const ENTRA = { 'user-agent': 'Microsoft-SCIM/1.0' }

const postgres = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'scim-processes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const databases: readonly (readonly [string, () => Promise<readonly string[]>])[] = [
  ['PostgreSQL', async () => [await databaseUrl(), postgres.schema]],
  ['a file of SQLite', async () => [join(folder, 'scim.db')]],
]

const person = (userName: string) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })

describe.each(databases)('two processes behind one mount, over %s', (_name, place) => {
  let processes: readonly ServerProcess[] = []
  beforeAll(async () => {
    const all = await place()
    const start = () => startServer(SCRIPT, { SCIM_SECRET: SECRET, DEBUG: '' }, /\n/, all)
    // Both make the tables at the same time.
    processes = await Promise.all([start(), start()])
  }, 60_000)
  afterAll(async () => {
    const codes = await Promise.all(processes.map((each) => each.stop('SIGTERM')))
    expect(codes).toEqual([null, null])
  })

  const originOf = (at: number): string => new URL(processes[at % 2]?.base ?? '').origin
  /** The pages at one of the two processes. */
  const pages = (at: number) => {
    const client = scimClient(`${originOf(at)}/settings/scim`, undefined)
    return {
      get: async (path: string) => (await client.get(path)).body,
      send: async (method: string, path: string, body?: unknown) => {
        const answer = await client.send(method, path, { headers: PAGES, ...(body !== undefined && { body }) })
        expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body])
        return answer.body
      },
    }
  }
  /** The identity provider at one of the two processes. */
  const idp = (at: number, token: string) => scimClient(`${originOf(at)}/scim/v2`, token)
  const statusesOf = async (token: string): Promise<readonly number[]> => [
    (await idp(0, token).get('/Users?count=1')).status,
    (await idp(1, token).get('/Users?count=1')).status,
  ]
  /** Waits for the wanted answer: the other process stores its part of the log within a second. */
  async function until<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
    for (let tries = 0; ; tries++) {
      const value = await read()
      if (isWanted(value) || tries === 100) return value
      await wait(100)
    }
  }

  test('a set-up that begins at one ticks itself by what arrives at the other', async () => {
    const { connection, token } = await pages(0).send('POST', '/api/connections', { provider: 'entra' })
    const setup = `/api/connections/${connection.id}/setup`
    await pages(1).send('PATCH', setup, { step: 'test', app: 'saml', method: 'token', ticked: ['app'] })
    const stepOf = (body: any, id: string) => body.steps.find((step: any) => step.id === id)?.state
    const begun = await pages(0).get(setup)
    expect([begun.step, stepOf(begun, 'app'), stepOf(begun, 'test')]).toEqual(['test', 'ticked', 'open'])

    const filter = encodeURIComponent(`userName eq "${crypto.randomUUID()}"`)
    expect((await idp(1, token).get(`/Users?filter=${filter}`, { headers: ENTRA })).status).toBe(200)
    const seen = await until(
      () => pages(0).get(setup),
      (body) => stepOf(body, 'test') === 'seen',
    )
    expect(stepOf(seen, 'test')).toBe('seen')

    // The processes take turns: each finds, changes and shows the resources of the other.
    const created: Answer[] = []
    for (let at = 0; at < 6; at++) created.push(await idp(at, token).post('/Users', person(`p${at}`)))
    expect(created.map(({ status }) => status)).toEqual(created.map(() => 201))
    for (const [at, { body }] of created.entries()) {
      expect((await idp(at + 1, token).get(`/Users/${body.id}`)).body.userName).toBe(`p${at}`)
      expect((await idp(at + 1, token).post('/Users', person(`p${at}`))).status).toBe(409)
    }
    const people = await Promise.all([0, 1].map((at) => pages(at).get('/api/people')))
    for (const { people: shown } of people) expect(shown).toHaveLength(6)
    const ended = await until(
      () => pages(0).get(setup),
      ({ arrived }) => arrived.people === 6,
    )
    expect(ended.arrived.people).toBe(6)
  }, 60_000)

  test('a credential that is replaced and revoked at one ends at the other', async () => {
    const { connection, token } = await pages(0).send('POST', '/api/connections', { provider: 'okta' })
    const at = `/api/connections/${connection.id}`
    expect(await statusesOf(token)).toEqual([200, 200])
    const { token: next } = await pages(0).send('POST', `${at}/credentials`, {})
    // The new one is good at once in every process, and the old one stays.
    expect(await statusesOf(next)).toEqual([200, 200])
    expect(await statusesOf(token)).toEqual([200, 200])
    const old = (await pages(1).get(at)).connection.credentials.find(({ state }: any) => state === 'ending')
    await pages(0).send('DELETE', `${at}/credentials/${old.id}`)
    expect((await idp(0, token).get('/Users')).status).toBe(401)
    await wait(CACHE_TIME)
    expect(await statusesOf(token)).toEqual([401, 401])
    expect(await statusesOf(next)).toEqual([200, 200])

    await pages(1).send('POST', `${at}/pause`, { reason: 'a test' })
    await wait(CACHE_TIME)
    expect(await statusesOf(next)).toEqual([401, 401])
    await pages(0).send('POST', `${at}/resume`)
    expect(await statusesOf(next)).toEqual([200, 200])
  }, 60_000)

  test('a recording begins and ends in both', async () => {
    const { connection, token } = await pages(0).send('POST', '/api/connections', { provider: 'okta' })
    const at = `/api/connections/${connection.id}/recording`
    expect(await statusesOf(token)).toEqual([200, 200])
    await pages(0).send('POST', at, { minutes: 5 })
    await wait(CACHE_TIME)
    await idp(0, token).get('/Users')
    await idp(1, token).get('/Groups')
    const pathsOf = (body: any) => body.exchanges.map(({ path }: any) => path).sort()
    const both = ['/Groups', '/Users']
    const recorded = await until(
      async () => pathsOf(await pages(0).get(at)),
      (paths) => paths.length === 2,
    )
    expect(recorded).toEqual(both)

    await pages(1).send('DELETE', at)
    await wait(CACHE_TIME)
    expect(await statusesOf(token)).toEqual([200, 200])
    for (const process of [0, 1]) {
      const shown = await pages(process).get(at)
      expect([shown.state, pathsOf(shown)]).toEqual([undefined, both])
    }
  }, 60_000)

  test('both write one audit trail at the same time, without a gap, and nothing has failed', async () => {
    const { token } = await pages(0).send('POST', '/api/connections', { provider: 'okta' })
    const writes = Array.from({ length: 20 }, (_, at) => idp(at, token).post('/Users', person(`same-time-${at}`)))
    expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(writes.map(() => 201))
    for (const at of [0, 1]) {
      const verified = (await scimClient(originOf(at), undefined).get('/verify')).body
      expect(verified).toEqual({ entries: expect.any(Number) })
      expect(verified.entries).toBeGreaterThan(writes.length)
    }
    for (const each of processes) expect(each.output().trim()).toBe(each.base)
  }, 60_000)
})
