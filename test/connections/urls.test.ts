import { createServer } from 'node:http'
import express from 'express'
import express4 from 'express4'
import { memoryStore, scimConnections } from '../../src/connections/index.js'
import { scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { user } from '../rfc7644/service.js'
import { type App, serve } from '../support/app.js'
import { scimClient } from '../support/client.js'
import { by, SECRET } from './service.js'

function parts(baseUrl: boolean) {
  const { users, groups } = memoryAdapters()
  const connections = scimConnections({ store: memoryStore(), secret: SECRET, url: 'https://app.example/scim/v2' })
  const scim = scimRouter({
    authenticate: connections,
    tenants: 'required',
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    ...(baseUrl && { baseUrl: connections.baseUrl }),
  })
  return { connections, scim }
}

type Parts = ReturnType<typeof parts>
const HOSTS: readonly (readonly [string, (made: Parts) => Parameters<typeof serve>[0]])[] = [
  ['Express 5', ({ connections, scim }) => express().use('/scim/v2', connections.endpoint, scim)],
  ['Express 4', ({ connections, scim }) => express4().use('/scim/v2', connections.endpoint, scim)],
  [
    'a router of Express in a router',
    ({ connections, scim }) =>
      express().use('/scim', express.Router().use('/v2', express.Router().use(connections.endpoint, scim))),
  ],
  [
    'Node alone',
    ({ connections, scim }) =>
      createServer((request, response) => {
        request.url = request.url?.replace(/^\/scim\/v2/, '') || '/'
        connections.endpoint(request, response, () => scim(request, response))
      }),
  ],
]

describe.each(HOSTS)('the URL of a connection: %s', (_host, host) => {
  async function started(baseUrl = false) {
    const made = parts(baseUrl)
    const app: App = await serve(host(made))
    const { connection, token } = await made.connections.create({ tenant: 'acme', provider: 'entra', by })
    return {
      ...made,
      app,
      connection,
      own: scimClient(`${app.base}/${connection.id}`, token),
      common: scimClient(app.base, token),
    }
  }

  test('works for every endpoint, beside the common one', async () => {
    const { own, common } = await started()
    const { status, body } = await own.post('/Users?attributes=userName', user('a'))
    expect([status, body.userName]).toEqual([201, 'a'])
    for (const client of [own, common]) {
      expect((await client.get(`/Users/${body.id}`)).status).toBe(200)
      expect((await client.get('/Users?filter=userName eq "a"')).body.totalResults).toBe(1)
      expect((await client.get('?count=0')).status).toBe(200)
      expect((await client.get('/ServiceProviderConfig')).status).toBe(200)
    }
    expect((await own.get('/nothing')).status).toBe(404)
    expect((await own.delete(`/Users/${body.id}`)).status).toBe(204)
  })

  test('[P-6-03] locations lie below the URL that was asked, if the router is told so', async () => {
    const { own, common, connection } = await started(true)
    const { body } = await own.post('/Users', user('a'))
    expect(body.meta.location).toBe(`https://app.example/scim/v2/${connection.id}/Users/${body.id}`)
    expect((await common.get(`/Users/${body.id}`)).body.meta.location).toBe(
      `https://app.example/scim/v2/Users/${body.id}`,
    )
  })

  test('ids of resources and endpoints are not taken for connections', async () => {
    const { common } = await started()
    expect((await common.get('/Users/2aaaaaaaaaaaaaaa')).status).toBe(404)
    expect((await common.get('/aaaaaaaaaaaaaaaa/Users')).status).toBe(404)
    expect((await common.get('/2aaaaaaaaaaaaaaa/Users')).status).toBe(401)
  })
})
