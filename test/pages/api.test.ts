import { Ajv } from 'ajv'
import { memoryStore } from '../../src/connections/index.js'
import { LIMITS } from '../../src/index.js'
import { type Route, routes } from '../../src/pages/contract/routes.js'
import type { Answer } from '../support/client.js'
import { type PagesOfTest, pagesOfTest } from './service.js'

const ADMIN = { tenant: 'acme', actor: 'ada', can: ['read', 'people', 'credentials', 'record', 'close'] }
const HOSTILE = '<img src=x onerror=alert(1)>"\'&\u202e'

/** Holds an answer against the table that the document is made from. */
function held(name: keyof typeof routes, { status, body, headers }: Answer): any {
  const route: Route = routes[name]
  expect([name, status, body.message]).toEqual([name, route.status, undefined])
  expect(headers.get('cache-control')).toBe('no-store')
  const formats = { 'date-time': (text: string) => new Date(text).toISOString() === text }
  const validate = new Ajv({ formats }).compile(route.answer.json)
  validate(body)
  expect([name, validate.errors]).toEqual([name, null])
  return body
}

const patchOp = (Operations: readonly unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})
const person = (userName: string, more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  ...more,
})

test('from the first step of the set-up to the log, history and the way back, every answer fits the table', async () => {
  const { customer, client, scim, clock } = await pagesOfTest()
  const ada = customer(ADMIN)
  const { guides } = held('listGuides', await ada.get('/api/guides'))
  expect(guides.map(({ id }: { id: string }) => id)).toContain('entra')

  const made = held(
    'createConnection',
    await ada.send('POST', '/api/connections', { provider: 'entra', app: 'saml', method: 'token' }),
  )
  const { id } = made.connection
  expect(made.token).toMatch(/^scim_\w+$/)
  const at = `/api/connections/${id}`
  // The secret is in no other answer.
  const secret = made.token.slice(-40, -6)
  const shown = await ada.get(at)
  held('getConnection', shown)
  expect(shown.text).not.toContain(secret)

  held('updateSetup', await ada.send('PATCH', `${at}/setup`, { step: 'test', ticked: ['app'] }))
  clock.time += 61_000
  const waiting = held('getSetup', await ada.get(`${at}/setup`))
  const stepOf = (setup: any, step: string) => setup.steps.find((one: any) => one.id === step)
  expect(stepOf(waiting, 'app').state).toBe('ticked')
  expect(stepOf(waiting, 'test').notices).toMatchObject([{ id: 'nothingCame' }])
  expect(stepOf(waiting, 'token').fields).toMatchObject([
    { value: `${made.connection.url}?aadOptscim062020` },
    { secret: 'token' },
  ])

  // A token that is cut is shown at its step, until a good one comes.
  await client(made.token.slice(0, -3), id).get('/Users')
  const cut = held('getSetup', await ada.get(`${at}/setup`))
  expect(stepOf(cut, 'token').notices).toMatchObject([{ id: 'cutToken' }])
  const idp = client(made.token, id)
  await idp.get(`/Users?filter=${encodeURIComponent('userName eq "7b6b1a52-7d0c-4a6b-8f1e-6a2d4a3a9f10"')}`)
  const tested = held('getSetup', await ada.get(`${at}/setup`))
  expect(stepOf(tested, 'test').state).toBe('seen')
  expect(stepOf(tested, 'token').notices).toEqual([])

  held('startTest', await ada.send('POST', `${at}/test`, { people: ['anna@acme.example'] }))
  expect((await idp.post('/Users', person('bob@acme.example'))).status).toBe(403)
  const anna = (await idp.post('/Users', person('anna@acme.example', { displayName: HOSTILE, nick: 'x' }))).body
  expect(held('goLive', await ada.send('POST', `${at}/live`)).connection.state).toBe('active')
  const bob = (await idp.post('/Users', person('bob@acme.example', { emails: [{ value: 'b@acme.example' }] }))).body
  const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Staff' }
  const staff = (await idp.post('/Groups', { ...group, members: [{ value: anna.id }, { value: bob.id }] })).body
  expect((await idp.post('/Users', person('anna@acme.example'))).status).toBe(409)
  await scim.settled()

  const setup = held('getSetup', await ada.get(`${at}/setup`))
  expect(setup.arrived).toMatchObject({ people: 2, groups: 1 })
  // A second person is a fault until everybody is to come.
  expect(stepOf(setup, 'assign').notices).toMatchObject([{ id: 'everybody' }])
  const starting = held('updateSetup', await ada.send('PATCH', `${at}/setup`, { step: 'startAll' }))
  expect(stepOf(starting, 'assign').notices).toEqual([])
  const rows: any[] = stepOf(starting, 'mapping').mapping
  expect(rows.find(({ to }) => to === 'externalId').action).toBe('change')
  expect(rows.filter(({ to }) => /:manager\b/.test(to)).map(({ from }) => from)).toEqual(['manager'])

  const log = held('listLog', await ada.get('/api/log?count=3'))
  expect(log.entries[0]).toMatchObject({ status: 409, connection: id, explanation: { situation: 'uniqueness' } })
  expect(log.entries[0].support).toContain(`Request: ${log.entries[0].id}`)
  expect(JSON.stringify(log)).not.toContain('anna')
  const older = held('listLog', await ada.get(`/api/log?count=3&before=${log.next}`))
  expect(older.entries[0].key < log.entries[2].key).toBe(true)
  expect(held('listLog', await ada.get(`/api/log?after=${log.newest}`)).entries).toEqual([])
  const keys = async (query: string) => held('listLog', await ada.get(`/api/log?${query}`)).entries.length
  expect(await keys('status=409')).toBe(1)
  expect(await keys('status=failed&code=uniqueness')).toBe(1)
  expect(await keys(`resource=${staff.id}`)).toBe(1)
  expect(await keys('person=anna@acme.example')).toBe(2)
  expect(await keys(`connection=${id}&status=2xx`)).toBe(4)

  const people = held('listPeople', await ada.get('/api/people?count=1'))
  const rest = held('listPeople', await ada.get(`/api/people?count=1&next=${people.next}`))
  expect([people.people[0].name, rest.people[0].email]).toEqual([HOSTILE, 'b@acme.example'])
  expect(rest.next).toBeUndefined()
  expect(held('listPeople', await ada.get('/api/people?search=bob')).people).toHaveLength(1)
  expect(held('listPeople', await ada.get('/api/people?search=%22%20or%20x&active=true')).people).toEqual([])
  const one = held('getPerson', await ada.get(`/api/people/${anna.id}`))
  expect(one.person.name).toBe(HOSTILE)
  expect(one.notKept).toEqual(['nick'])
  expect(one.groups).toEqual([{ id: staff.id, name: 'Staff' }])
  expect(held('listGroups', await ada.get('/api/groups')).groups).toMatchObject([{ name: 'Staff' }])
  expect(held('getGroup', await ada.get(`/api/groups/${staff.id}`)).members).toHaveLength(2)
  expect(held('listTolerances', await ada.get('/api/tolerances')).tolerances).toMatchObject([
    { name: 'unknownAttribute', attributes: ['nick'], connections: [id] },
  ])
  expect(held('listStored', await ada.get('/api/stored')).attributes[0].paths).toContain('name.givenName')

  held('startRecording', await ada.send('POST', `${at}/recording`, { minutes: 5 }))
  await idp.patch(`/Users/${bob.id}`, patchOp([{ op: 'replace', path: 'displayName', value: 'Bob the secret' }]))
  await scim.settled()
  const recording = held('getRecording', await ada.get(`${at}/recording`))
  expect([recording.state.by, recording.exchanges.length]).toEqual(['ada', 1])
  expect(JSON.stringify(recording)).not.toContain('secret')
  held('stopRecording', await ada.send('DELETE', `${at}/recording`))

  const history = held('listHistory', await ada.get('/api/history?count=3'))
  expect(history.entries[0]).toMatchObject({ action: 'looked', actor: 'ada', resourceId: id })
  const all = held('listHistory', await ada.get(`/api/history?resource=${anna.id}`))
  expect(all.entries.map(({ action }: { action: string }) => action)).toEqual(['looked', 'user.created'])
  expect(all.entries[1].actorName).toBe('entra')
  held('listHistory', await ada.get(`/api/history?count=3&before=${history.next}`))

  const next = held('rotateCredential', await ada.send('POST', `${at}/credentials`, {}))
  expect(next.connection.findings[0]).toContain('has not been used yet')
  const old = next.connection.credentials[0].id
  held('revokeCredential', await ada.send('DELETE', `${at}/credentials/${old}`))
  const undone = held('undo', await ada.send('POST', `${at}/undo`))
  expect(undone).toMatchObject({ deactivated: 2, left: 0, failed: 0, connection: { state: 'paused' } })
  expect(held('getPerson', await ada.get(`/api/people/${bob.id}`)).person.active).toBe(false)
  held('resumeConnection', await ada.send('POST', `${at}/resume`))
  expect(held('pauseConnection', await ada.send('POST', `${at}/pause`, {})).consequence).toContain('quarantine')
  held('updateConnection', await ada.send('PATCH', at, { name: 'Head office' }))
  expect((await ada.send('POST', `${at}/close`, { name: 'entra' })).status).toBe(409)
  const closed = held('closeConnection', await ada.send('POST', `${at}/close`, { name: 'Head office' }))
  expect(closed.connection).toMatchObject({ state: 'closed', health: { state: 'closed' } })
  expect((await ada.send('POST', `${at}/resume`)).status).toBe(409)
  expect(held('listConnections', await ada.get('/api/connections')).connections).toHaveLength(1)
})

test('steps that exclude each other never stand in one list, whatever is not chosen yet', async () => {
  const { connections, customer } = await pagesOfTest({
    connections: { credentials: ['token', 'oauth'] },
    pages: { credentials: ['token', 'oauth'] },
  })
  const ada = customer(ADMIN)
  const stepsOf = async (provider: string, change: object) => {
    const { connection } = await connections.create({ tenant: 'acme', provider, by: 'ada' })
    const at = `/api/connections/${connection.id}/setup`
    const { steps } = held('updateSetup', await ada.send('PATCH', at, change))
    return steps.map(({ id }: any) => id).filter((id: string) => PASTES.includes(id))
  }
  const PASTES = ['token', 'oauth', 'federated', 'connector', 'bearer', 'header']
  expect(await stepsOf('entra', {})).toEqual(['token'])
  expect(await stepsOf('entra', { method: 'oauth' })).toEqual(['oauth'])
  expect(await stepsOf('okta', {})).toEqual(['connector'])
  for (const app of ['oidc', 'catalog', 'none']) expect(await stepsOf('okta', { app })).toEqual(['bearer'])
})

test('whoever is invited sets one connection up and sees nothing else', async () => {
  const { customer, client } = await pagesOfTest()
  const ada = customer(ADMIN)
  const invited = held('invite', await ada.send('POST', '/api/invitations', { provider: 'okta' }))
  const other = held('createConnection', await ada.send('POST', '/api/connections', { provider: 'entra' }))
  expect(invited.link).toMatch(/^i\/#scim\w+$/)
  const { id } = invited.connection
  const headers = { 'x-scim-invitation': invited.link.slice(3), 'x-scim-browser': 'b'.repeat(64) }
  const guest = customer(undefined)
  expect((await guest.get('/i/')).status).toBe(200)
  const session = held('getSession', await guest.get('/api/session', headers))
  expect(session).toMatchObject({ audience: 'invited', connection: id, can: ['credentials'] })
  const made = held('rotateCredential', await guest.send('POST', `/api/connections/${id}/credentials`, {}, headers))
  await client(made.token, id).get('/Users?count=1')
  await client(other.token).get('/Users?count=1')
  held('getSetup', await guest.get(`/api/connections/${id}/setup`, headers))
  const log = held('listLog', await guest.get('/api/log', headers))
  expect(log.entries.map((entry: any) => entry.connection)).toEqual([id])
  expect((await guest.get(`/api/connections/${other.connection.id}`, headers)).status).toBe(404)
  for (const path of ['/api/connections', '/api/people', '/api/history', '/api/log?person=anna', '/api/stored']) {
    expect([path, (await guest.get(path, headers)).status]).toEqual([path, 403])
  }
  held('uninvite', await ada.send('DELETE', `/api/connections/${id}/invitations/${invited.invitation}`))
  expect((await guest.get('/api/session', headers)).body.code).toBe('invitation')
})

test('a link is for the browser that opens it first, and for every process', async () => {
  const store = memoryStore()
  const [one, other] = [await pagesOfTest({ connections: { store } }), await pagesOfTest({ connections: { store } })]
  const made = await one.customer(ADMIN).send('POST', '/api/invitations', { provider: 'okta' })
  const open = async ({ customer }: PagesOfTest, browser: string | null) => {
    const headers = { 'x-scim-invitation': made.body.link.slice(3), 'x-scim-browser': browser }
    const { status, body } = await customer(undefined).get('/api/session', headers)
    return status === 200 ? status : [status, body.code]
  }
  const refused = [403, 'invitation']
  const [mine, theirs] = ['a'.repeat(64), 'b'.repeat(64)]
  expect(await open(one, null)).toEqual(refused)
  expect(await open(one, 'short')).toEqual(refused)
  // Both people open the link at once: only the first one gets in, at either process.
  const both = await Promise.all([open(one, mine), open(other, theirs)])
  expect(both.filter((answer) => answer === 200)).toHaveLength(1)
  const [owner, stranger] = both[0] === 200 ? [mine, theirs] : [theirs, mine]
  for (const process of [one, other]) {
    expect([await open(process, owner), await open(process, stranger)]).toEqual([200, refused])
  }
  expect(JSON.stringify(await one.connections.list({ tenant: 'acme' }))).not.toContain(owner)
})

test('a connection without a secret is told to register its identity, not to make a secret', async () => {
  const { connections, customer } = await pagesOfTest({ connections: { federation: {}, credentials: ['federated'] } })
  const { connection } = await connections.create({ tenant: 'acme', provider: 'entra', credential: false, by: 'ada' })
  const shown = held('getConnection', await customer(ADMIN).get(`/api/connections/${connection.id}`))
  expect(shown.connection.findings).toEqual([
    'No workload identity is registered. Paste the values of the provider into the set-up.',
  ])
})

test("the log of the pages leaves out the pages' own reads, on each page of it", async () => {
  const { customer, connections, client, scim } = await pagesOfTest()
  const { token } = await connections.create({ tenant: 'acme', provider: 'okta', by: 'ada' })
  const ada = customer(ADMIN)
  const asked: string[] = []
  for (const number of [1, 2, 3]) {
    const path = `/Users/${number}`
    await client(token).get(path)
    asked.unshift(path)
    for (let reads = 0; reads < 4; reads++) held('listPeople', await ada.get(`/api/people?search=${number}${reads}`))
  }
  await scim.settled()
  const seen: string[] = []
  let next: string | undefined
  do {
    const page = held(
      'listLog',
      await ada.get(`/api/log?count=2${next === undefined ? '' : `&before=${encodeURIComponent(next)}`}`),
    )
    expect(page.entries.map(({ via }: any) => via)).toEqual(page.entries.map(() => 'client'))
    seen.push(...page.entries.map(({ path }: any) => path))
    next = page.next
  } while (next !== undefined)
  expect(seen).toEqual(asked)

  // Looks at one person do not stand among the requests about them either.
  const { body } = await client(token).post('/Users', person('anna@acme.example'))
  for (let looks = 0; looks < 3; looks++) {
    await scim.settled()
    const { entries } = held('getPerson', await ada.get(`/api/people/${body.id}`))
    expect(entries.map(({ method, via }: any) => [method, via])).toEqual([['POST', 'client']])
  }
})

test('staff see all tenants, those with trouble first, and the tenant reads why they looked', async () => {
  const { customer, staff, connections, client, scim } = await pagesOfTest()
  const fine = await connections.create({ tenant: 'acme', provider: 'okta', by: 'ada' })
  const bad = await connections.create({ tenant: 'globex', provider: 'okta', by: 'hank' })
  await client(fine.token).get('/Users')
  await client('scim_cut', bad.connection.id).get('/Users')
  await scim.settled()
  const bob = staff({ actor: 'bob', can: ['read', 'people'] })
  const { tenants } = held('listTenants', await bob.get('/api/tenants'))
  expect(tenants.map(({ tenant, state }: any) => [tenant, state.state])).toEqual([
    ['globex', 'lockedOut'],
    ['acme', 'good'],
  ])
  // "Locked out" beside "never" would be a contradiction: the table shows refused requests too.
  const last = tenants.map(({ connections: [{ lastRequest, lastUsed }] }: any) => [lastRequest, lastUsed !== undefined])
  expect(last).toEqual([
    [{ at: expect.any(String), accepted: false }, false],
    [{ at: expect.any(String), accepted: true }, true],
  ])
  const { limits } = held('getService', await bob.get('/api/service'))
  expect(limits).toContainEqual({
    name: 'bodyBytes',
    value: 1_048_576,
    unit: 'bytes',
    description: 'request body, except on /Bulk',
  })
  expect(limits.map(({ name, unit }: any) => [name, unit])).toEqual(
    Object.entries(LIMITS).map(([name, { unit }]) => [name, unit]),
  )
  held('listStored', await bob.get('/api/stored'))
  held('listLog', await bob.get('/api/tenants/globex/log'))
  expect((await bob.get('/api/log')).status).toBe(404)
  const refused = [undefined, '', 'ab', ' a ', 'x'.repeat(301), encodeURIComponent(' ab ')]
  for (const reason of refused) {
    const headers = reason === undefined ? {} : { 'x-scim-reason': reason }
    const { status, body } = await bob.get('/api/tenants/acme/people', headers)
    expect([reason, status, body.code]).toEqual([reason, 428, 'reason'])
  }
  const why = 'Fall 4711: Grüße nicht da'
  held('listPeople', await bob.get('/api/tenants/acme/people', { 'x-scim-reason': encodeURIComponent(why) }))
  const history = held('listHistory', await customer(ADMIN).get('/api/history'))
  expect(history.entries).toMatchObject([{ action: 'looked', actor: 'bob', reason: why, via: 'staff pages' }])
})
