import { type ExportedRow, type Method, sqlStore } from '../../src/connections/index.js'
import { sqliteDatabase } from '../../src/sqlite/index.js'
import { sqliteFile } from '../support/sqlite-file.js'
import { by, connectionsOf, service } from './service.js'

const file = sqliteFile()
const acme = { tenant: 'acme', provider: 'entra', by }
const SUBJECT = { tenantId: '0f8fad5b-d9cb-469f-a165-70867728950e', subject: '6fa459ea-ee8a-3ca4-894e-db77e160355e' }
const federation = { ...SUBJECT, audience: '886313e1-3b8a-5372-9b90-0c9aee199e5d' }

describe('notes of the set-up', () => {
  test('are kept with the connection, told by an event that names them, exported and forgotten with it', async () => {
    const store = sqlStore({ database: sqliteDatabase({ database: file.open() }) })
    const { connections, events } = connectionsOf({ store })
    await connections.migrate()
    const { connection } = await connections.create({ ...acme, setup: { app: 'saml', step: 'choose' } })
    const place = { tenant: 'acme', id: connection.id }
    expect(connection.setup).toEqual({ app: 'saml', step: 'choose' })
    events.length = 0
    await connections.update({ ...place, by: 'user 2', setup: { step: 'mapping', done: ['choose', 'paste'] } })
    expect((await connections.get(place))?.setup).toEqual({ app: 'saml', step: 'mapping', done: ['choose', 'paste'] })
    expect(events).toMatchObject([{ name: 'connection.updated', by: 'user 2', changed: ['setup'] }])

    const rows: ExportedRow[] = []
    for await (const row of connections.export({ tenant: 'acme', by })) rows.push(row)
    expect(rows).toMatchObject([{ kind: 'connection', connection: { setup: { step: 'mapping' } } }])
    expect(await connections.forget({ tenant: 'acme', by })).toMatchObject({ connections: 1, done: true })
    expect(await connections.get(place)).toBeUndefined()
  })

  test('two people who note different things at one time keep both; null removes a note, or all', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    expect(connection.setup).toEqual({})
    await Promise.all([
      connections.update({ ...place, setup: { app: 'oidc' } }),
      connections.update({ ...place, setup: { step: 'paste' } }),
    ])
    expect((await connections.get(place))?.setup).toEqual({ app: 'oidc', step: 'paste' })
    expect((await connections.update({ ...place, setup: { app: null } })).setup).toEqual({ step: 'paste' })
    expect((await connections.update({ ...place, setup: null })).setup).toEqual({})
  })

  test('are an object of 4,096 characters at most, together with those that are there', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create({ ...acme, setup: { a: 'x'.repeat(3_000) } })
    const place = { tenant: 'acme', id: connection.id, by }
    for (const setup of [[], 'text', 1, { b: 'x'.repeat(1_100) }]) {
      await expect(connections.update({ ...place, setup: setup as never })).rejects.toMatchObject({
        code: 'ERR_SCIM_OPTION',
        message: expect.stringMatching(/^Option setup of a connection must /),
      })
    }
    await expect(connections.create({ ...acme, setup: [] as never })).rejects.toThrow(/^Option setup/)
    expect((await connections.get(place))?.setup).toEqual({ a: 'x'.repeat(3_000) })
  })

  test('of another tenant are unknown', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create(acme)
    const change = connections.update({ tenant: 'globex', id: connection.id, by, setup: { step: 'x' } })
    await expect(change).rejects.toMatchObject({ code: 'unknown' })
  })
})

describe('a connection that gets its credential later', () => {
  test.each([
    ['token', 'token'],
    ['oauth', 'clientSecret'],
  ] as const)('%s: rotate makes the first one', async (method, secret) => {
    const it = await service({ credentials: ['token', 'oauth'] })
    const made = await it.connections.create({ ...acme, method, credential: false })
    expect(made.connection).toMatchObject({ state: 'new', method, credentials: [] })
    expect(made[secret]).toBeUndefined()
    expect(it.events.map(({ name }) => name)).toEqual(['connection.created'])
    const rotated = await it.connections.rotate({ tenant: 'acme', id: made.connection.id, by })
    expect(rotated.connection.credentials).toMatchObject([{ state: 'live' }])
    expect(rotated[secret]).toEqual(expect.any(String))
  })

  test('federated: rotate says whose assertions are taken', async () => {
    const { connections } = connectionsOf({ credentials: ['federated'] })
    const { connection } = await connections.create({ ...acme, credential: false })
    const place = { tenant: 'acme', id: connection.id, by }
    await expect(connections.rotate(place)).rejects.toMatchObject({ code: 'method' })
    const rotated = await connections.rotate({ ...place, federation })
    expect(rotated.connection.credentials).toMatchObject([{ state: 'live', federation }])
    expect(rotated.clientId).toBe(connection.id)
  })
})

describe('the method of a connection', () => {
  test('may change until it has been used, and what was made for the one before ends', async () => {
    const it = await service({ credentials: ['token', 'oauth', 'federated'] })
    const { token, connection } = await it.connections.create(acme)
    const place = { tenant: 'acme', id: connection.id, by }
    const changed = await it.connections.update({ ...place, method: 'oauth' })
    expect(changed).toMatchObject({ method: 'oauth', credentials: [{ kind: 'token', state: 'revoked' }] })
    expect((await it.client(token).get('/Users')).status).toBe(401)
    await it.connections.update({ ...place, method: 'token' })
    const { token: next } = await it.connections.rotate(place)
    expect((await it.client(next).get('/Users')).status).toBe(200)
    await expect(it.connections.update({ ...place, method: 'oauth' })).rejects.toMatchObject({ code: 'method' })
    // Nothing else of the same update was done.
    await expect(it.connections.update({ ...place, method: 'oauth', name: 'x' })).rejects.toThrow(/has been used/)
    expect((await it.connections.get(place))?.name).toBe('entra')
    expect(await it.connections.update({ ...place, method: 'token', name: 'x' })).toMatchObject({ name: 'x' })
  })

  test('is one that the option credentials names', async () => {
    const { connections } = connectionsOf({ credentials: ['token', 'oauth'] })
    const { connection } = await connections.create(acme)
    const update = (method: string) =>
      connections.update({ tenant: 'acme', id: connection.id, by, method: method as Method })
    await expect(update('oath')).rejects.toThrow(
      'Option method of a connection must be one that the option credentials names: token, oauth. Did you mean "oauth"?',
    )
    await expect(update('federated')).rejects.toMatchObject({ code: 'ERR_SCIM_OPTION' })
    await expect(connections.rotate({ tenant: 'acme', id: connection.id, by, federation })).rejects.toMatchObject({
      code: 'method',
    })
  })
})

describe('tolerances', () => {
  test('of a connection are checked when they are set, and the nearest name is suggested', async () => {
    const { connections } = connectionsOf()
    const { connection } = await connections.create({ ...acme, compatibility: { base: 'strict', booleanText: true } })
    const wrong = { booleanTxt: true } as never
    const expected = { code: 'ERR_SCIM_COMPATIBILITY', message: expect.stringContaining('Did you mean "booleanText"?') }
    await expect(connections.create({ ...acme, compatibility: wrong })).rejects.toMatchObject(expected)
    await expect(connections.import({ ...acme, token: 'a'.repeat(40), compatibility: wrong })).rejects.toMatchObject(
      expected,
    )
    const place = { tenant: 'acme', id: connection.id, by }
    await expect(connections.update({ ...place, compatibility: wrong })).rejects.toMatchObject(expected)
    await expect(connections.update({ ...place, compatibility: 'lax' as never })).rejects.toThrow(
      "Option compatibility of connections.update must be 'tolerant', 'strict' or an object of named tolerances, got another string.",
    )
    expect((await connections.update({ ...place, compatibility: null })).compatibility).toBeUndefined()
  })
})
