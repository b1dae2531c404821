import { type Connections, memoryStore, scimConnections } from '../../src/connections/index.js'
import { by, SECRET } from './service.js'

const connections = scimConnections({
  store: memoryStore(),
  secret: SECRET,
  url: 'https://app.example/scim/v2',
  credentials: ['token', 'federated'],
})
const place = { tenant: 'acme', id: 'an id' }
const change = { ...place, by }

/** A call of each name with an option that does not exist, and the message. */
const CALLS: readonly (readonly [name: keyof Connections, given: object, message: string])[] = [
  // Without scopes a connection may do everything.
  [
    'create',
    { tenant: 'acme', provider: 'entra', by, scope: ['users:read'] },
    'Unknown option "scope" of connections.create. Did you mean "scopes"?',
  ],
  [
    'create',
    { tenant: 'acme', provider: 'entra', by, lief: '1d' },
    'Unknown option "lief" of connections.create. Did you mean "life"?',
  ],
  [
    'create',
    { tenant: 'acme', provider: 'entra', by, method: 'federated', federation: { clod: 'us' } },
    'Unknown key "clod" in option federation of connections.create. Did you mean "cloud"?',
  ],
  ['get', { tenat: 'acme', id: 'an id' }, 'Unknown option "tenat" of connections.get. Did you mean "tenant"?'],
  ['list', { tenants: 'acme' }, 'Unknown option "tenants" of connections.list. Did you mean "tenant"?'],
  ['update', { ...change, scope: ['users'] }, 'Unknown option "scope" of connections.update. Did you mean "scopes"?'],
  ['rotate', { ...change, overlp: '0s' }, 'Unknown option "overlp" of connections.rotate. Did you mean "overlap"?'],
  [
    'revoke',
    { ...change, credentials: 'c' },
    'Unknown option "credentials" of connections.revoke. Did you mean "credential"?',
  ],
  ['startTest', { ...change, peple: ['a'] }, 'Unknown option "peple" of connections.startTest. Did you mean "people"?'],
  ['endTest', { ...change, people: [] }, 'Unknown option "people" of connections.endTest.'],
  ['pause', { ...change, reasn: 'x' }, 'Unknown option "reasn" of connections.pause. Did you mean "reason"?'],
  ['resume', { ...change, reason: 'x' }, 'Unknown option "reason" of connections.resume.'],
  ['record', { ...change, value: true }, 'Unknown option "value" of connections.record. Did you mean "values"?'],
  ['stopRecording', { ...change, for: '1m' }, 'Unknown option "for" of connections.stopRecording.'],
  ['close', { ...change, bye: 'x' }, 'Unknown option "bye" of connections.close. Did you mean "by"?'],
  [
    'import',
    { tenant: 'acme', provider: 'entra', by, tokn: 'x' },
    'Unknown option "tokn" of connections.import. Did you mean "token"?',
  ],
  [
    'invite',
    { tenant: 'acme', provider: 'entra', by, expire: '1h' },
    'Unknown option "expire" of connections.invite. Did you mean "expires"?',
  ],
  ['uninvite', { ...change, invite: 'i' }, 'Unknown option "invite" of connections.uninvite.'],
  ['forget', { tenant: 'acme', by, mst: 1 }, 'Unknown option "mst" of connections.forget. Did you mean "most"?'],
]

describe('an unknown option of a call', () => {
  test.each(CALLS)('of %s is refused: %j', async (name, given, message) => {
    const call = connections[name] as (given: object) => Promise<unknown>
    await expect(call(given)).rejects.toMatchObject({
      code: 'ERR_SCIM_OPTION',
      message: expect.stringContaining(message),
    })
  })

  test('of export is refused at the first row', async () => {
    const rows = connections.export({ tenant: 'acme', by, scm: undefined } as never)
    await expect(rows.next()).rejects.toThrow('Unknown option "scm" of connections.export. Did you mean "scim"?')
  })

  // Without scopes a connection may do everything: a value that the caller lacks is not that wish.
  test.each([null, []])('scopes %j of create are refused', async (scopes) => {
    const given = { tenant: 'acme', provider: 'entra', by, scopes } as never
    await expect(connections.create(given)).rejects.toMatchObject({
      code: 'ERR_SCIM_OPTION',
      message: expect.stringContaining('Option scopes of'),
    })
  })

  test('stands in no connection: nothing was made', async () => {
    expect(await connections.list({ tenant: 'acme' })).toEqual([])
  })

  test.each([undefined, null, 'acme'])('%p in place of the options is refused', async (given) => {
    await expect(connections.create(given as never)).rejects.toThrow(
      'connections.create must be called with an object of options',
    )
  })
})
