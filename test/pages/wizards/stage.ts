import { generateKeyPairSync, sign } from 'node:crypto'
import type { ScimClient } from '../../support/client.js'
import { type PagesOfTest, pagesOfTest, URL_OF_SCIM } from '../service.js'

const UUID = '3f0c2f4e-8a51-4a8e-9f4d-6f2f1c0b7a11'
const NOBODY = '00000000-0000-4000-8000-000000000000'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const CORE = 'urn:ietf:params:scim:schemas:core:2.0'
const TENANT_OF_ENTRA = '0f8fad5b-d9cb-469f-a165-70867728950e'
export const SUBJECT = '6fa459ea-ee8a-3ca4-894e-db77e160355e'
const APP = '886313e1-3b8a-5372-9b90-0c9aee199e5d'
export const ISSUER = `https://login.microsoftonline.com/${TENANT_OF_ENTRA}/v2.0`
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = () => ({ keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] })

/** One set-up, and a stand-in for its identity provider. */
interface Stage {
  readonly at: PagesOfTest
  readonly id: string
  readonly token: string
  readonly clientSecret: string
  readonly idp: ScimClient
  /** The identity provider with other credentials. */
  readonly as: (token: string | undefined) => ScimClient
  readonly change: (method: string, path: string, body?: unknown) => Promise<unknown>
  readonly tokenRequest: (form: Readonly<Record<string, string>>, basic?: string) => Promise<number>
}

export interface Row {
  /** The row of the table and its fault. */
  readonly title: string
  readonly app?: string
  readonly method?: string
  /** The step at which the administrator stands, and whose text is read. */
  readonly step: string
  readonly send?: (stage: Stage) => Promise<unknown>
  /** Minutes of silence after it. */
  readonly wait?: number
  /** Where the text stands. */
  readonly in: 'notices' | 'faults' | 'done' | 'texts' | 'app' | 'mapping' | 'symptoms' | 'fields'
  readonly says: string | RegExp
}

export const user = (userName: string, more: object = {}) => ({ schemas: [`${CORE}:User`], userName, ...more })
export const group = (displayName: string, ...ids: readonly string[]) => ({
  schemas: [`${CORE}:Group`],
  displayName,
  members: ids.map((value) => ({ value })),
})
export const where = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`
export const test1 = where(`userName eq "${UUID}"`)

export const create = ({ idp }: Stage) => idp.post('/Users', user('anna@acme.example'))
export const createTwo = async (stage: Stage) => {
  await create(stage)
  await stage.idp.post('/Users', user('ben@acme.example'))
}
export const conflict = async (stage: Stage) => {
  await create(stage)
  expect((await create(stage)).status).toBe(409)
}
export const badValue = async ({ idp }: Stage) =>
  expect((await idp.post('/Users', user('anna@acme.example', { active: 'perhaps' }))).status).toBe(400)
export const unknownMember = ({ idp }: Stage) => idp.post('/Groups', group('Sales', NOBODY))
export const notKept = ({ idp }: Stage) => idp.post('/Users', user('anna@acme.example', { shoeSize: 43 }))
export const leave =
  (operation: object) =>
  async ({ idp }: Stage) => {
    const { body } = await idp.post('/Users', user('anna@acme.example', { active: true }))
    await idp.patch(`/Users/${body.id}`, { schemas: [PATCH], Operations: [operation] })
  }
export const cut = ({ as, token }: Stage) => as(token.slice(0, -3)).get('/Users')
const assertionOf = (claims: object) => {
  const now = Math.floor(Date.now() / 1_000)
  const all = {
    aud: APP,
    iss: ISSUER,
    sub: SUBJECT,
    tid: TENANT_OF_ENTRA,
    iat: now,
    nbf: now,
    exp: now + 3_900,
    ...claims,
  }
  const [head, body] = [{ typ: 'JWT', alg: 'RS256', kid: 'k1' }, all].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), rsa.privateKey).toString('base64url')}`
}
export const federated = (claims: object) => (stage: Stage) =>
  stage.tokenRequest({
    client_id: stage.id,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertionOf(claims),
  })

const CUT =
  /^Somebody came at \{time\} with a token that is not complete\. It must end in \w{4}; it ends in \w{4}\. Copy it again\.$/
export const M10 =
  /^Nothing has come to app\.example\. The provider calls from the internet: a firewall, a VPN or a bot filter/
const LONG_URL = `Take the URL as it is shown: \`${URL_OF_SCIM}/`

/** The faults of a token, which every step has in which one is pasted. */
export const tokenRows = (step: string, method: string, app?: string): readonly Row[] => {
  const place = { step, method, ...(app !== undefined && { app }), in: 'notices' as const }
  return [
    { ...place, title: 'a token that was cut', send: cut, says: CUT },
    {
      ...place,
      title: 'a token with a character that was changed',
      send: ({ as, token }) =>
        as(`${token.slice(0, 30)}${token[30] === 'x' ? 'y' : 'x'}${token.slice(31)}`).get('/Users'),
      says: 'Copy the token again, from its first to its last character',
    },
    {
      ...place,
      title: 'no token',
      send: ({ as }) => as(undefined).get('/Users'),
      says: 'The field for the token is empty',
    },
    {
      ...place,
      title: 'the URL in the field of the token',
      send: ({ as }) => as(`${URL_OF_SCIM}/x`).get('/Users'),
      says: 'Copy the token of this connection',
    },
    {
      ...place,
      title: 'a token that was revoked',
      send: async ({ idp, at, id, change }) => {
        const [connection] = await at.connections.list({ tenant: 'acme' })
        await change('DELETE', `/api/connections/${id}/credentials/${connection?.credentials[0]?.id}`)
        await idp.get('/Users')
      },
      says: 'Make a new token in Acme',
    },
    {
      ...place,
      title: 'a connection that is paused',
      send: async ({ idp, id, change }) => {
        await change('POST', `/api/connections/${id}/pause`, {})
        await idp.get('/Users')
      },
      says: 'Switch the connection on again in Acme.',
    },
    {
      ...place,
      title: 'the URL with /Users behind it',
      send: ({ idp }) => idp.get('/Users/Users?startIndex=1&count=2'),
      says: LONG_URL,
    },
  ]
}

export async function stageOf(
  provider: string,
  { app, method = 'token' }: Row,
): Promise<Stage & { setup: () => Promise<any> }> {
  const at = await pagesOfTest({
    connections: { credentials: ['token', 'oauth', 'federated'], federation: { [ISSUER]: { jwks } } },
    pages: { credentials: ['token', 'oauth', 'federated'] },
  })
  const ada = at.customer({ tenant: 'acme', actor: 'ada', can: ['read', 'people', 'credentials'] })
  const federation = { tenantId: TENANT_OF_ENTRA, subject: SUBJECT, audience: APP }
  const made = await ada.send('POST', '/api/connections', {
    provider,
    method,
    ...(app !== undefined && { app }),
    ...(method === 'federated' && { federation }),
  })
  expect([made.status, made.body.message]).toEqual([201, undefined])
  const { id } = made.body.connection
  const { token = '', clientSecret = '' } = made.body
  return {
    at,
    id,
    token,
    clientSecret,
    idp: at.client(token, id),
    as: (other) => at.client(other, id),
    change: (how, path, body) => ada.send(how, path, body),
    tokenRequest: async (form) => {
      const { status } = await fetch(`${at.app.base}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
      })
      return status
    },
    setup: async () => (await ada.get(`/api/connections/${id}/setup`)).body,
  }
}
