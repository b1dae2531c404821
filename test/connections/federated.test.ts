import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import express from 'express'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import { httpsGet, publicLookup } from '../../src/connections/federated/https-get.js'
import { KeySets, readKeySet } from '../../src/connections/federated/key-sets.js'
import { isPublicAddress } from '../../src/connections/federated/public-address.js'
import type { FederationChoice, TrustedIssuers } from '../../src/connections/index.js'
import { serve } from '../support/app.js'
import { startHttps } from './https-server.js'
import { by, connectionsOf, type Service, START, service } from './service.js'

// Values of the form that Microsoft Entra ID has.
const TENANT = '0f8fad5b-d9cb-469f-a165-70867728950e'
const OTHER_TENANT = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const SUBJECT = '6fa459ea-ee8a-3ca4-894e-db77e160355e'
const OTHER_SUBJECT = '16fd2706-8baf-433b-82eb-8c7fada847da'
const APP = '886313e1-3b8a-5372-9b90-0c9aee199e5d'
const ISSUER = `https://login.microsoftonline.com/${TENANT}/v2.0`
const OTHER_ISSUER = `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`
const IDP = 'https://idp.example'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const jwk = (key: KeyObject, kid: string, rest: object = {}) => ({
  ...key.export({ format: 'jwk' }),
  kid,
  use: 'sig',
  ...rest,
})
// Entra ID signs for all of its tenants with the same keys.
const KEYS = {
  keys: [
    jwk(rsa.publicKey, 'k1'),
    jwk(ec.publicKey, 'k2', { alg: 'ES256' }),
    jwk(stranger.publicKey, 'enc', { use: 'enc' }),
  ],
}
const federation: TrustedIssuers = {
  [ISSUER]: { jwks: () => KEYS },
  [OTHER_ISSUER]: { jwks: async () => KEYS },
  [IDP]: { jwks: () => KEYS },
}
const options = { credentials: ['federated'], federation } as const
const entra: FederationChoice = { tenantId: TENANT, subject: SUBJECT, audience: APP }
const acme = { tenant: 'acme', provider: 'entra', by }

const NOW = START / 1_000
/** The claims of an assertion as Microsoft's documentation shows them, which live 65 minutes. */
const CLAIMS = {
  aud: APP,
  iss: ISSUER,
  iat: NOW,
  nbf: NOW,
  exp: NOW + 3_900,
  aio: 'k2RgYPjPfHz',
  azp: APP,
  azpacr: '2',
  oid: SUBJECT,
  rh: '1.AXkA',
  sub: SUBJECT,
  tid: TENANT,
  uti: 'q1Zb0Z1mRkq',
  ver: '2.0',
}
const HEADER = { typ: 'JWT', alg: 'RS256', kid: 'k1' }

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signs any claims, also such as a library would refuse. */
function forge(claims: unknown, header: object = HEADER, key: KeyObject | Buffer | undefined = rsa.privateKey): string {
  const signed = `${encode(header)}.${encode(claims)}`
  if (key === undefined) return `${signed}.`
  if (Buffer.isBuffer(key)) return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
  const isEc = key.asymmetricKeyType === 'ec'
  const isEd = key.asymmetricKeyType === 'ed25519'
  const signature = sign(isEd ? null : 'sha256', Buffer.from(signed), isEc ? { key, dsaEncoding: 'ieee-p1363' } : key)
  return `${signed}.${signature.toString('base64url')}`
}

/** A signature of the curve as OpenSSL has it, which RFC 7518 section 3.4 does not allow. */
function derSigned(header: object): string {
  const signed = `${encode(header)}.${encode(CLAIMS)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), ec.privateKey).toString('base64url')}`
}

const assertion = (claims: object = {}, header: object = {}, key?: KeyObject | Buffer): string =>
  forge({ ...CLAIMS, ...claims }, { ...HEADER, ...header }, key)

const without = (name: keyof typeof CLAIMS): object => ({ ...CLAIMS, [name]: undefined })

async function ask(
  it: Service,
  clientId: string,
  client_assertion: string,
  more: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`${it.app.base}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
      scope: 'scim',
      ...more,
    }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as any }
}

describe('an assertion of Microsoft Entra ID', () => {
  const good: readonly (readonly [string, () => string])[] = [
    ['as documented', () => assertion()],
    ['the audience with api://', () => assertion({ aud: `api://${APP}` })],
    ['the audience with api:// and /.default', () => assertion({ aud: `api://${APP}/.default` })],
    ['unknown claims, roles among them', () => assertion({ roles: ['x'], xms_ftd: 'y', idtyp: 'app' })],
    ['without nbf', () => forge(without('nbf'))],
    ['without jti, and one that was used before', () => assertion()],
    ['from a clock 60 seconds ahead', () => assertion({ iat: NOW + 60, nbf: NOW + 60 })],
    ['that ended 59 seconds ago', () => assertion({ iat: NOW - 3_900, nbf: NOW - 3_900, exp: NOW - 59 })],
    ['of 24 hours', () => assertion({ exp: NOW + 86_400 })],
    ['signed by ES256', () => assertion({}, { alg: 'ES256', kid: 'k2' }, ec.privateKey)],
  ]

  test.each(good)('is taken: %s', async (_what, made) => {
    const it = await service(options)
    const { clientId = '', clientSecret } = await it.connections.create({ ...acme, federation: entra })
    expect(clientSecret).toBeUndefined()
    const { status, body } = await ask(it, clientId, made())
    expect([status, body]).toEqual([
      200,
      { access_token: expect.stringMatching(/^scimat_/), token_type: 'Bearer', expires_in: 3_600, scope: 'scim' },
    ])
    expect((await it.client(body.access_token).get('/Users')).status).toBe(200)
    expect((await ask(it, clientId, made())).status).toBe(200)
  })

  const pem = Buffer.from(createPublicKey(rsa.privateKey).export({ type: 'spki', format: 'pem' }))
  const der = Buffer.from(createPublicKey(rsa.privateKey).export({ type: 'spki', format: 'der' }))
  const signature = assertion().split('.')[2] ?? ''

  const wrong: readonly (readonly [string, () => string, string])[] = [
    // Whose it is. Each of these has a good signature of Entra ID.
    [
      'of another tenant of Entra ID',
      () => assertion({ iss: OTHER_ISSUER, tid: OTHER_TENANT, sub: OTHER_SUBJECT }),
      'issuer',
    ],
    [
      'of another tenant for our subject and audience',
      () => assertion({ iss: OTHER_ISSUER, tid: OTHER_TENANT }),
      'issuer',
    ],
    ['with our issuer and the tid of another tenant', () => assertion({ tid: OTHER_TENANT }), 'tenant'],
    ['without tid', () => forge(without('tid')), 'tenant'],
    ['tid in capitals', () => assertion({ tid: TENANT.toUpperCase() }), 'tenant'],
    ['of another identity of the same tenant', () => assertion({ sub: OTHER_SUBJECT }), 'subject'],
    ['whose oid is ours and whose sub is not', () => assertion({ sub: OTHER_SUBJECT, oid: SUBJECT }), 'subject'],
    ['without sub', () => forge(without('sub')), 'subject'],
    ['sub as a list', () => assertion({ sub: [SUBJECT] }), 'subject'],
    ['sub with a blank', () => assertion({ sub: `${SUBJECT} ` }), 'subject'],
    ['for another application', () => assertion({ aud: OTHER_SUBJECT }), 'audience'],
    ['for another application with api://', () => assertion({ aud: `api://${OTHER_SUBJECT}` }), 'audience'],
    ['for a longer audience', () => assertion({ aud: `api://${APP}/.default/x` }), 'audience'],
    ['for the GUID with /.default', () => assertion({ aud: `${APP}/.default` }), 'audience'],
    ['for our token endpoint', () => assertion({ aud: 'https://app.example/scim/v2/oauth/token' }), 'audience'],
    ['for a list of audiences with ours', () => assertion({ aud: [OTHER_SUBJECT, APP] }), 'audience'],
    ['for a list of ours alone', () => assertion({ aud: [APP] }), 'audience'],
    ['without aud', () => forge(without('aud')), 'audience'],
    ['of the issuer of version 1', () => assertion({ iss: `https://sts.windows.net/${TENANT}/` }), 'issuer'],
    ['of the issuer with a slash', () => assertion({ iss: `${ISSUER}/` }), 'issuer'],
    ['of the issuer by http', () => assertion({ iss: ISSUER.replace('https', 'http') }), 'issuer'],
    ['of the issuer common', () => assertion({ iss: 'https://login.microsoftonline.com/common/v2.0' }), 'issuer'],
    ['without iss', () => forge(without('iss')), 'issuer'],
    // When.
    ['that ended 61 seconds ago', () => assertion({ iat: NOW - 3_900, exp: NOW - 61 }), 'expired'],
    ['from a clock 61 seconds ahead', () => assertion({ iat: NOW + 61, nbf: NOW }), 'notYet'],
    ['that is good in an hour', () => assertion({ nbf: NOW + 3_600 }), 'notYet'],
    ['that lives longer than 24 hours', () => assertion({ exp: NOW + 86_401 }), 'lifetime'],
    ['that lives for ever', () => assertion({ exp: 99_999_999_999 }), 'lifetime'],
    ['without exp', () => forge(without('exp')), 'malformed'],
    ['without iat', () => forge(without('iat')), 'malformed'],
    ['exp as a text', () => assertion({ exp: String(NOW + 3_900) }), 'malformed'],
    // Signature and key.
    ['alg none', () => forge(CLAIMS, { ...HEADER, alg: 'none' }, undefined), 'algorithm'],
    ['alg None with a signature', () => assertion({}, { alg: 'None' }), 'algorithm'],
    ['HS256 with the public key as text', () => assertion({}, { alg: 'HS256' }, pem), 'algorithm'],
    ['HS256 with the public key as bytes', () => assertion({}, { alg: 'HS256' }, der), 'algorithm'],
    ['RS512', () => assertion({}, { alg: 'RS512' }), 'algorithm'],
    ['EdDSA', () => assertion({}, { alg: 'EdDSA' }, ed.privateKey), 'algorithm'],
    ['without alg', () => forge(CLAIMS, { typ: 'JWT', kid: 'k1' }), 'algorithm'],
    ['RS256 named as ES256', () => assertion({}, { alg: 'ES256' }), 'key'],
    ['signed by a stranger', () => assertion({}, {}, stranger.privateKey), 'signature'],
    [
      'signed by a stranger who brings the key',
      () => assertion({}, { jwk: jwk(stranger.publicKey, 'k1') }, stranger.privateKey),
      'signature',
    ],
    [
      'signed by a stranger who tells where the key is',
      () => assertion({}, { jku: 'https://evil.example/keys' }, stranger.privateKey),
      'signature',
    ],
    ['signed with a key that is not there', () => assertion({}, { kid: 'k9' }), 'key'],
    ['signed with a key for encryption', () => assertion({}, { kid: 'enc' }, stranger.privateKey), 'key'],
    ['without kid', () => forge(CLAIMS, { typ: 'JWT', alg: 'RS256' }), 'key'],
    ['kid as a number', () => assertion({}, { kid: 1 }), 'key'],
    [
      'claims that were changed afterwards',
      () => `${encode(HEADER)}.${encode({ ...CLAIMS, extra: 1 })}.${signature}`,
      'signature',
    ],
    ['a signature that was cut', () => assertion().slice(0, -8), 'signature'],
    ['no signature', () => assertion().replace(/\.[^.]*$/, '.'), 'signature'],
    ['critical extensions that nobody knows', () => assertion({}, { crit: ['x'], x: 1 }), 'algorithm'],
    // Form.
    ['two parts', () => assertion().split('.').slice(0, 2).join('.'), 'malformed'],
    ['four parts', () => `${assertion()}.x`, 'malformed'],
    ['no JSON in the header', () => `${encode('x')}.${encode(CLAIMS)}.${signature}`, 'malformed'],
    ['no JSON in the claims', () => forge('x'), 'malformed'],
    ['a list in place of claims', () => forge([CLAIMS]), 'malformed'],
    ['another type of text', () => 'x', 'malformed'],
    ['too large', () => assertion({ pad: 'x'.repeat(9_000) }), 'malformed'],
    // Assertions that other software has accepted.
    ['alg in lower case', () => assertion({}, { alg: 'rs256' }), 'algorithm'],
    ['a list as alg', () => assertion({}, { alg: ['RS256'] }), 'algorithm'],
    ['alg of the prototype', () => assertion({}, { alg: 'constructor' }), 'algorithm'],
    ['kid of the prototype', () => assertion({}, { kid: '__proto__' }), 'key'],
    ['kid with a path', () => assertion({}, { kid: '../../keys/k1' }), 'key'],
    ['kid with a blank', () => assertion({}, { kid: 'k1 ' }), 'key'],
    ['a payload that is not encoded (RFC 7797)', () => assertion({}, { b64: false, crit: ['b64'] }), 'malformed'],
    [
      'signed by a stranger with the key in a certificate',
      () =>
        assertion(
          {},
          { x5c: [stranger.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
          stranger.privateKey,
        ),
      'signature',
    ],
    ['encrypted in form: five parts', () => `${assertion()}.x.y`, 'malformed'],
    ['as JSON of RFC 7515 section 7.2', () => JSON.stringify({ payload: encode(CLAIMS), signatures: [] }), 'malformed'],
    ['two assertions', () => `${assertion()} ${assertion()}`, 'malformed'],
    ['a blank in the claims', () => assertion().replace('.', '. '), 'signature'],
    ['an ECDSA signature as DER', () => derSigned({ ...HEADER, alg: 'ES256', kid: 'k2' }), 'signature'],
    [
      'an ECDSA signature of zeros',
      () =>
        `${encode({ ...HEADER, alg: 'ES256', kid: 'k2' })}.${encode(CLAIMS)}.${Buffer.alloc(64).toString('base64url')}`,
      'signature',
    ],
    ['PS256 named, signed by PKCS #1', () => assertion({}, { alg: 'PS256' }), 'signature'],
    ['iss as a list with ours', () => assertion({ iss: [ISSUER] }), 'issuer'],
    ['iss in capitals', () => assertion({ iss: ISSUER.toUpperCase() }), 'issuer'],
    ['of the issuer with a query', () => assertion({ iss: `${ISSUER}?x` }), 'issuer'],
    ['of the issuer of another cloud', () => assertion({ iss: ISSUER.replace('.com', '.us') }), 'issuer'],
    [
      'of the issuer with another tenant behind a slash',
      () => assertion({ iss: `${OTHER_ISSUER}/../${TENANT}/v2.0` }),
      'issuer',
    ],
    ['tid as a list with ours', () => assertion({ tid: [TENANT] }), 'tenant'],
    ['sub as an object', () => assertion({ sub: { toString: SUBJECT } }), 'subject'],
    ['sub with NUL behind', () => assertion({ sub: `${SUBJECT}\0` }), 'subject'],
    ['aud as an object', () => assertion({ aud: { 0: APP, length: 1 } }), 'audience'],
    ['aud in capitals', () => assertion({ aud: APP.toUpperCase() }), 'audience'],
    ['aud with two values in one text', () => assertion({ aud: `${APP} ${OTHER_SUBJECT}` }), 'audience'],
    ['exp without end', () => forge(JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e999')), 'lifetime'],
    ['iat before all time', () => forge(JSON.stringify(CLAIMS).replace(/"iat":\d+/, '"iat":-1e999')), 'lifetime'],
    ['exp below zero', () => assertion({ exp: -1 }), 'expired'],
    ['exp null', () => assertion({ exp: null }), 'malformed'],
    ['exp in milliseconds', () => assertion({ exp: (NOW + 3_900) * 1_000 }), 'lifetime'],
    ['nbf as a text', () => assertion({ nbf: String(NOW) }), 'malformed'],
    [
      'claims named twice, the last not ours',
      () => forge(`{"sub":"${SUBJECT}",${JSON.stringify({ ...CLAIMS, sub: OTHER_SUBJECT }).slice(1)}`),
      'subject',
    ],
    ['null in place of claims', () => forge('null'), 'malformed'],
    ['claims that are not UTF-8', () => forge(Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1')), 'malformed'],
  ]

  test('there are more than forty wrong ones', () => {
    expect(wrong.length).toBeGreaterThanOrEqual(40)
  })

  test.each(wrong)('is refused: %s', async (_what, made, reason) => {
    const it = await service(options)
    const { clientId = '', connection } = await it.connections.create({ ...acme, federation: entra })
    // Another customer of the same service, whose assertions are good for that customer alone.
    await it.connections.create({
      tenant: 'globex',
      provider: 'entra',
      by,
      federation: { tenantId: OTHER_TENANT, subject: OTHER_SUBJECT, audience: APP },
    })
    const { status, body } = await ask(it, clientId, made())
    expect([status, body]).toEqual([401, { error: 'invalid_client' }])
    expect((await it.connections.get({ tenant: 'acme', id: connection.id }))?.lastFailure?.reason).toBe(reason)
  })

  test('another tenant’s good one with our client_id, and ours with theirs, are refused; each with its own is taken', async () => {
    const it = await service(options)
    const ours = await it.connections.create({ ...acme, federation: entra })
    const theirs = await it.connections.create({
      tenant: 'globex',
      provider: 'entra',
      by,
      federation: { tenantId: OTHER_TENANT, subject: OTHER_SUBJECT, audience: APP },
    })
    const their = assertion({ iss: OTHER_ISSUER, tid: OTHER_TENANT, sub: OTHER_SUBJECT })
    const statuses = []
    for (const [id, made] of [
      [ours.clientId, their],
      [theirs.clientId, assertion()],
      [ours.clientId, assertion()],
      [theirs.clientId, their],
    ] as const) {
      statuses.push((await ask(it, id ?? '', made)).status)
    }
    expect(statuses).toEqual([401, 401, 200, 200])
  })

  test('needs a client_id, and no secret beside it', async () => {
    const it = await service({ ...options, credentials: ['federated', 'oauth'] })
    const { clientId = '' } = await it.connections.create({ ...acme, method: 'federated', federation: entra })
    const secret = await it.connections.create({ ...acme, method: 'oauth' })
    expect((await ask(it, '', assertion())).body.error).toBe('invalid_request')
    expect((await ask(it, clientId, assertion(), { client_secret: 'x' })).body.error).toBe('invalid_request')
    expect((await ask(it, clientId, assertion(), { client_assertion_type: 'x' })).body.error).toBe('invalid_request')
    expect((await ask(it, '2aaaaaaaaaaaaaaa', assertion())).body.error).toBe('invalid_client')
    expect((await ask(it, secret.clientId ?? '', assertion())).body.error).toBe('invalid_client')
  })

  test('ends with its connection: paused, revoked, closed', async () => {
    const it = await service(options)
    const { clientId = '', connection } = await it.connections.create({ ...acme, federation: entra })
    const place = { tenant: 'acme', id: connection.id, by }
    const { body } = await ask(it, clientId, assertion())
    await it.connections.pause(place)
    expect([
      (await ask(it, clientId, assertion())).status,
      (await it.client(body.access_token).get('/Users')).status,
    ]).toEqual([401, 401])
    await it.connections.resume(place)
    expect((await it.client(body.access_token).get('/Users')).status).toBe(200)
    await expect(it.connections.rotate(place)).rejects.toMatchObject({ code: 'method' })
    await it.connections.revoke(place)
    expect([
      (await ask(it, clientId, assertion())).status,
      (await it.client(body.access_token).get('/Users')).status,
    ]).toEqual([401, 401])
  })
})

describe('whose assertions a connection takes', () => {
  test('follows from what Entra ID shows: no URL is typed', async () => {
    const { connections } = connectionsOf({ credentials: ['federated'] })
    const pasted = { tenantId: ` ${TENANT.toUpperCase()} `, subject: SUBJECT, audience: `api://${APP}/.default` }
    const { connection } = await connections.create({ ...acme, federation: pasted })
    expect(connection.credentials[0]?.federation).toEqual({
      issuer: ISSUER,
      subject: SUBJECT,
      audience: APP,
      tenantId: TENANT,
    })
    const us = await connections.create({ ...acme, federation: { ...entra, cloud: 'us' } })
    expect(us.connection.credentials[0]?.federation?.issuer).toBe(`https://login.microsoftonline.us/${TENANT}/v2.0`)
  })

  test.each<[string, object | undefined]>([
    ['nothing', undefined],
    ['no GUID as tenant', { ...entra, tenantId: 'common' }],
    ['no GUID as subject', { ...entra, subject: 'me' }],
    ['no GUID as audience', { ...entra, audience: 'api://x' }],
    ['an unknown cloud', { ...entra, cloud: 'mars' }],
    ['an issuer that the host has not named', { issuer: 'https://evil.example', subject: 'x', audience: 'y' }],
    ['an issuer of the prototype', { issuer: 'constructor', subject: 'x', audience: 'y' }],
    ['an issuer without subject', { issuer: IDP, subject: '', audience: 'y' }],
  ])('%s is refused when it is made', async (_what, given) => {
    const { connections } = connectionsOf(options)
    await expect(connections.create({ ...acme, federation: given as never })).rejects.toMatchObject({
      code: 'federation',
    })
  })

  test('no two connections take the same assertions, over all tenants', async () => {
    const { connections } = connectionsOf(options)
    const { connection } = await connections.create({ ...acme, federation: entra })
    await expect(
      connections.create({ tenant: 'globex', provider: 'entra', by, federation: entra }),
    ).rejects.toMatchObject({ code: 'taken' })
    await connections.close({ tenant: 'acme', id: connection.id, by })
    await connections.create({ tenant: 'globex', provider: 'entra', by, federation: entra })
  })

  test.each([
    'http://idp.example/keys',
    'https://idp.example:8443/keys',
    'https://127.0.0.1/keys',
    'https://[::1]/keys',
    'https://user@idp.example/keys',
    'idp.example',
    undefined,
  ])('keys at %p are refused at start', (jwks) => {
    expect(() => connectionsOf({ federation: { [IDP]: { jwks: jwks as never } } })).toThrow(/Option federation/)
  })

  test('an issuer of the host, for a client library that signs for itself', async () => {
    const app = express()
    const running = await serve(app)
    const { scimConnections, memoryStore } = await import('../../src/connections/index.js')
    const connections = scimConnections({
      store: memoryStore(),
      secret: 'x'.repeat(40),
      url: running.base,
      credentials: ['federated'],
      federation,
    })
    app.use(connections.metadata).use('/scim/v2', connections.endpoint)
    await connections.migrate()
    const insecure = { [oauth.allowInsecureRequests]: true }
    const server = await oauth.processDiscoveryResponse(
      new URL(running.base),
      await oauth.discoveryRequest(new URL(running.base), { algorithm: 'oauth2', ...insecure }),
    )
    expect(server.token_endpoint_auth_methods_supported).toEqual(['private_key_jwt'])
    const { clientId = '' } = await connections.create({
      ...acme,
      federation: { issuer: IDP, subject: 'job', audience: 'scim' },
    })
    const key = (await jose.importJWK(
      { ...rsa.privateKey.export({ format: 'jwk' }), alg: 'RS256' },
      'RS256',
    )) as oauth.CryptoKey
    // The library writes the client's id into iss and sub, and the issuer says something else.
    const authentication = oauth.PrivateKeyJwt({ key, kid: 'k1' }, {
      [oauth.modifyAssertion]: (_header: object, payload: Record<string, unknown>) =>
        Object.assign(payload, { iss: IDP, sub: 'job', aud: 'scim' }),
    } as never)
    const answer = await oauth.clientCredentialsGrantRequest(
      server,
      { client_id: clientId },
      authentication,
      {},
      insecure,
    )
    const token = await oauth.processClientCredentialsResponse(server, { client_id: clientId }, answer)
    expect(token.scope).toBe('scim')
  })
})

describe('other assertions in place of those of before', () => {
  const next: FederationChoice = { tenantId: OTHER_TENANT, subject: OTHER_SUBJECT, audience: APP }
  const nextAssertion = (): string => assertion({ iss: OTHER_ISSUER, sub: OTHER_SUBJECT, tid: OTHER_TENANT })

  test('both are taken until the new ones were used and the overlap is over', async () => {
    const it = await service(options)
    const { clientId = '', connection } = await it.connections.create({ ...acme, federation: entra })
    const place = { tenant: 'acme', id: connection.id, by }
    const { body } = await ask(it, clientId, assertion())
    await it.connections.rotate({ ...place, federation: next, overlap: '1m' })
    expect((await ask(it, clientId, assertion())).status).toBe(200)
    expect((await ask(it, clientId, nextAssertion())).status).toBe(200)
    expect((await ask(it, clientId, assertion())).status).toBe(200)
    it.clock.time += 60_000
    expect((await ask(it, clientId, assertion())).status).toBe(401)
    expect((await it.client(body.access_token).get('/Users')).status).toBe(401)
    expect((await ask(it, clientId, nextAssertion())).status).toBe(200)
    // The next use frees the ended assertions of another connection.
    it.clock.time += 60_000
    expect((await ask(it, clientId, nextAssertion())).status).toBe(200)
    const other = await it.connections.create({ tenant: 'globex', provider: 'entra', federation: entra, by })
    expect((await ask(it, other.clientId ?? '', assertion())).status).toBe(200)
    // A mixture of both is neither.
    expect((await ask(it, clientId, assertion({ sub: OTHER_SUBJECT }))).status).toBe(401)
  })

  test('at once without an overlap; the old ones are free for another connection then', async () => {
    const it = await service(options)
    const { clientId = '', connection } = await it.connections.create({ ...acme, federation: entra })
    const place = { tenant: 'acme', id: connection.id, by }
    expect((await ask(it, clientId, assertion())).status).toBe(200)
    await it.connections.rotate({ ...place, federation: next, overlap: '0s' })
    expect((await ask(it, clientId, assertion())).status).toBe(401)
    expect((await ask(it, clientId, nextAssertion())).status).toBe(200)
    const other = await it.connections.create({ tenant: 'globex', provider: 'entra', federation: entra, by })
    expect((await ask(it, other.clientId ?? '', assertion())).status).toBe(200)
    const back = it.connections.rotate({ ...place, federation: entra })
    await expect(back).rejects.toMatchObject({ code: 'taken' })
  })

  test('the same once more ends the access tokens of before', async () => {
    const it = await service(options)
    const { clientId = '', connection } = await it.connections.create({ ...acme, federation: entra })
    const { body } = await ask(it, clientId, assertion())
    await it.connections.rotate({ tenant: 'acme', id: connection.id, by, federation: entra, overlap: '0s' })
    expect((await it.client(body.access_token).get('/Users')).status).toBe(401)
    const again = await ask(it, clientId, assertion())
    expect((await it.client(again.body.access_token).get('/Users')).status).toBe(200)
  })
})

describe('keys of an issuer', () => {
  const url = 'https://idp.example/keys'
  function keySets() {
    const clock = { time: START }
    const state = { isDown: false, text: JSON.stringify(KEYS), fetched: 0 }
    const sets = new KeySets(
      async () => {
        state.fetched += 1
        if (state.isDown) throw new Error('down')
        return state.text
      },
      () => clock.time,
    )
    return { clock, state, sets }
  }

  test('are fetched once in 30 seconds, whether it succeeds or fails', async () => {
    const { clock, state, sets } = keySets()
    state.isDown = true
    for (let index = 0; index < 3; index += 1) await expect(sets.get(url, 'k1')).rejects.toThrow(/cannot be read/)
    expect(state.fetched).toBe(1)
    state.isDown = false
    clock.time += 30_000
    expect((await sets.get(url, 'k1')).keys).toHaveLength(2)
    for (let index = 0; index < 3; index += 1) await sets.get(url, 'unknown')
    expect(state.fetched).toBe(2)
    clock.time += 30_000
    await sets.get(url, 'k1')
    expect(state.fetched).toBe(2)
    await Promise.all([sets.get(url, 'unknown'), sets.get(url, 'unknown')])
    expect(state.fetched).toBe(3)
  })

  test('that are known go on for a day while the issuer is down', async () => {
    const { clock, state, sets } = keySets()
    await sets.get(url, 'k1')
    state.isDown = true
    clock.time += 24 * 3_600_000
    expect((await sets.get(url, 'k1')).keys).toHaveLength(2)
    clock.time += 60_000
    await expect(sets.get(url, 'k1')).rejects.toThrow(/cannot be read/)
  })

  test('an issuer that is down, without known keys: 503, because the assertion may be good', async () => {
    const it = await service({
      credentials: ['federated'],
      federation: { [ISSUER]: { jwks: () => Promise.reject(new Error('down at 10.0.0.1')) } },
    })
    const { clientId = '' } = await it.connections.create({ ...acme, federation: entra })
    const { status, headers, body } = await ask(it, clientId, assertion())
    expect([status, headers.get('retry-after'), body]).toEqual([503, '5', { error: 'temporarily_unavailable' }])
    expect(String(it.errors)).toMatch(/down/)
  })

  test.each(['x', '{}', '[]', 'null', '{"keys":{}}', JSON.stringify({ keys: new Array(21).fill({}) })])(
    '%p is no key set',
    async (text) => {
      const { state, sets } = keySets()
      state.text = text
      await expect(sets.get(url, 'k1')).rejects.toThrow(/cannot be read/)
    },
  )

  test('secrets, other uses and keys without name are left out', () => {
    const { keys } = readKeySet({
      keys: [...KEYS.keys, { kty: 'oct', k: 'AA', kid: 'x' }, { kty: 'RSA' }, null, jwk(ed.publicKey, 'ed')],
    })
    expect(keys.map(({ kid }) => kid)).toEqual(['k1', 'k2'])
  })
})

describe('where keys are read', () => {
  const refused = [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::',
    '2001::1',
  ]
  test.each(refused)('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.each(['8.8.8.8', '20.190.128.1', '172.32.0.1', '100.128.0.1', '2603:1006:2000::1', '2a00:1450:4001::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  test.each([true, false])('a host name that leads to this machine is refused (all: %p)', async (all) => {
    const error = await new Promise((resolve) => publicLookup('localhost', { all }, (found) => resolve(found)))
    expect(String(error)).toMatch(/not public/)
  })

  test('by HTTPS: what is small and there is read; what redirects, fails, is large or slow is not', async () => {
    const https = await startHttps((request, response) => {
      if (request.url === '/keys?v=1') response.end('{"keys":[]}')
      else if (request.url === '/redirect') response.writeHead(302, { Location: '/keys?v=1' }).end()
      else if (request.url === '/down') response.writeHead(500).end()
      else if (request.url === '/large') response.end('x'.repeat(70_000))
      // The slow answer never comes to its end.
      else response.write('{')
    })
    const lookup: typeof publicLookup = (_hostname, { all }, callback) =>
      all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)
    const get = (path: string) =>
      httpsGet(`https://idp.example${path}`, {
        lookup,
        port: https.port,
        ca: https.certificate,
        milliseconds: path === '/slow' ? 100 : 10_000,
      })
    expect(await get('/keys?v=1')).toBe('{"keys":[]}')
    await expect(get('/redirect')).rejects.toThrow(/status 302/)
    await expect(get('/down')).rejects.toThrow(/status 500/)
    await expect(get('/large')).rejects.toThrow(/65536 bytes/)
    await expect(get('/slow')).rejects.toThrow(/abort|timeout/i)
    // A certificate that no authority signed.
    await expect(httpsGet('https://idp.example/keys', { lookup, port: https.port })).rejects.toThrow(
      /certificate|self/i,
    )
    // And one of another name.
    await expect(
      httpsGet('https://other.example/keys', { lookup, port: https.port, ca: https.certificate }),
    ).rejects.toThrow(/altnames/i)
  })
})
