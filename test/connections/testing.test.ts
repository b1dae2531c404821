import { explain } from '../../src/journal/index.js'
import { createUsers, group, user } from '../rfc7644/service.js'
import { detailOf } from '../support/client.js'
import { by, connectionsOf, type Service, service } from './service.js'

const PATCH = (path: string, value: unknown) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path, value }],
})

/** A service with two people, and a connection in its test that lets Anna through. */
async function inTest(people: readonly string[] = ['Anna@corp.example']) {
  const it = await service({ cacheTime: 60 })
  const { connection, token } = await it.connections.create({ tenant: 'acme', provider: 'entra', by })
  const place = { tenant: 'acme', id: connection.id, by }
  const client = it.client(token)
  const [bert] = await createUsers(client, user('bert@corp.example'))
  const started = await it.connections.startTest({ ...place, people })
  return { it, place, client, token, bert: bert.id as string, started }
}

const states = async (it: Service, place: { readonly tenant: string; readonly id: string }) =>
  (await it.connections.get(place))?.state

describe('a connection in its test', () => {
  test('writes its test people and nobody else; reads are answered as before', async () => {
    const { it, client, bert, started } = await inTest()
    expect(started).toMatchObject({ state: 'testing', testing: { by, people: ['Anna@corp.example'] } })
    const anna = await client.post('/Users', user('anna@CORP.example'))
    expect(anna.status).toBe(201)
    const refused = [
      await client.post('/Users', user('carl@corp.example')),
      await client.put(`/Users/${bert}`, user('anna@corp.example')),
      await client.patch(`/Users/${bert}`, PATCH('userName', 'anna@corp.example')),
      await client.patch(`/Users/${bert}`, PATCH('title', 'x')),
      await client.delete(`/Users/${bert}`),
      await client.post('/Groups', group('everybody', bert)),
    ]
    expect(refused.map(({ status }) => status)).toEqual(Array(6).fill(403))
    expect(detailOf(refused[0]?.body)).toBe(
      'The connection is in its test, and the resource is none of its test people.',
    )
    expect(JSON.stringify(refused.map(({ body }) => body))).not.toMatch(/anna|bert|carl/i)
    expect((await client.get('/Groups')).body.totalResults).toBe(0)
    expect((await client.get(`/Users/${bert}`)).body).toMatchObject({ id: bert, userName: 'bert@corp.example' })
    expect((await client.get(`/Users/${bert}`)).body.title).toBeUndefined()
    // The look-up of an identity provider, and its test of the connection.
    expect((await client.get('/Users?filter=userName eq "nobody"')).body.totalResults).toBe(0)
    expect((await client.get('/Users')).body.totalResults).toBe(2)
    // A test person may be changed, renamed and deleted.
    const id = anna.body.id
    expect((await client.patch(`/Users/${id}`, PATCH('active', false))).status).toBe(200)
    expect((await client.patch(`/Users/${id}`, PATCH('userName', 'anna2@corp.example'))).status).toBe(200)
    expect((await client.delete(`/Users/${id}`)).status).toBe(403)
    expect(it.errors).toEqual([])
  })

  test('knows people by each of their addresses, and what is not there is 404', async () => {
    const { client } = await inTest()
    const { status, body } = await client.post(
      '/Users',
      user('a.berg', { emails: [{ value: 'other@corp.example' }, { value: ' ANNA@corp.example ', type: 'work' }] }),
    )
    expect(status).toBe(201)
    expect((await client.delete(`/Users/${body.id}`)).status).toBe(204)
    expect((await client.delete(`/Users/${body.id}`)).status).toBe(404)
    expect((await client.patch(`/Users/${body.id}`, PATCH('active', false))).status).toBe(404)
  })

  test('answers each operation of a bulk request for itself', async () => {
    const { client } = await inTest()
    const post = (bulkId: string) => ({
      method: 'POST',
      path: '/Users',
      bulkId,
      data: user(`${bulkId}@corp.example`),
    })
    const { body } = await client.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [post('carl'), post('anna')],
    })
    expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['403', '201'])
  })

  test('the report has a code, and the log explains it', async () => {
    const { it, client } = await inTest()
    await client.post('/Users', user('carl@corp.example'))
    const report = await it.lastReport()
    expect(report).toMatchObject({ status: 403, code: 'testing', tenant: 'acme' })
    expect(explain(report as never)).toMatchObject({
      situation: 'testing',
      sentence: 'The connection is in its test, and the User is not one of the test people. Nothing was stored.',
      hint: expect.stringContaining('end the test'),
    })
  })
})

describe('the state testing', () => {
  test('begins and ends at once in this process, outlives uses and a pause, and forgets the names', async () => {
    const { it, place, client, bert } = await inTest()
    const remove = async () => (await client.delete(`/Users/${bert}`)).status
    expect(await remove()).toBe(403)
    it.clock.time += 61_000
    expect(await remove()).toBe(403)
    expect(await states(it, place)).toBe('testing')
    await it.connections.pause(place)
    expect([await states(it, place), await remove()]).toEqual(['paused', 401])
    await it.connections.startTest({ ...place, people: ['x'] })
    expect(await states(it, place)).toBe('paused')
    await it.connections.resume(place)
    expect([await states(it, place), await remove()]).toEqual(['testing', 403])
    const ended = await it.connections.endTest(place)
    expect(ended).toMatchObject({ state: 'active', testing: undefined })
    expect(await remove()).toBe(204)
    const names = it.events.map(({ name }) => name).filter((name) => name.startsWith('connection.test'))
    expect(names).toEqual(['connection.testStarted', 'connection.testStarted', 'connection.testEnded'])
    expect(JSON.stringify(it.events)).not.toContain('corp.example')
  })

  test('of a connection that was never used: its first use is told, and it is new again after the test', async () => {
    const it = await service()
    const { connection, token } = await it.connections.create({ tenant: 'acme', provider: 'entra', by })
    const place = { tenant: 'acme', id: connection.id, by }
    await it.connections.startTest({ ...place, people: ['anna'] })
    expect((await it.connections.endTest(place)).state).toBe('new')
    await it.connections.startTest({ ...place, people: ['anna'] })
    expect((await it.client(token).get('/Users')).status).toBe(200)
    expect(it.events.filter(({ name }) => name === 'connection.used')).toHaveLength(1)
    expect((await it.connections.endTest(place)).state).toBe('active')
  })

  test('is not for a connection of another tenant, or one that is closed', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create({ tenant: 'acme', provider: 'entra', by })
    const other = { tenant: 'globex', id: connection.id, by }
    await expect(connections.startTest({ ...other, people: ['a'] })).rejects.toMatchObject({ code: 'unknown' })
    await expect(connections.endTest(other)).rejects.toMatchObject({ code: 'unknown' })
    const place = { ...other, tenant: 'acme' }
    await connections.close(place)
    await expect(connections.startTest({ ...place, people: ['a'] })).rejects.toMatchObject({ code: 'closed' })
  })

  test.each([undefined, null, [], 'anna', [''], [1], ['a', 'b', 'c', 'd', 'e', 'f'], ['x'.repeat(257)]])(
    'nobody is a test person by %p',
    async (people) => {
      const { connections } = connectionsOf()
      const { connection } = await connections.create({ tenant: 'acme', provider: 'entra', by })
      const start = connections.startTest({ tenant: 'acme', id: connection.id, by, people: people as never })
      await expect(start).rejects.toThrow(/^Option people of connections\.startTest must be a list of 1 to 5/)
    },
  )
})
