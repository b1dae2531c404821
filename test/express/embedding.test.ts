import express5 from 'express'
import express4 from 'express4'
import request from 'supertest'
import { bearer, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'

const TOKEN = 'embedding-token'
const USER = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'babs@example.com' }

/** A back-end that was there before SCIM came: its own parser, routes and error page. */
function existingApp(express: typeof express5) {
  const { users, groups } = memoryAdapters()
  const scim = scimRouter({
    authenticate: bearer(TOKEN),
    resources: { User: { adapter: users }, Group: { adapter: groups } },
  })
  const app = express()
  app.use('/scim/v2', scim, scim.errors)
  app.use(express.json())
  app.get('/health', (_request, response) => {
    response.json({ ok: true })
  })
  app.post('/echo', (incoming, response) => {
    response.json(incoming.body)
  })
  return app
}

describe.each([
  ['4', express4 as unknown as typeof express5],
  ['5', express5],
])('an existing application on Express %s', (_version, express) => {
  const app = existingApp(express)

  test('keeps its own routes and its own parser', async () => {
    await request(app).get('/health').expect(200, { ok: true })
    await request(app).post('/echo').send({ a: 1 }).expect(200, { a: 1 })
    await request(app).get('/scim').expect(404)
  })

  test('has SCIM below the mount path, and only there [P-3.13-02]', async () => {
    await request(app).get('/Users').expect(404)
    const created = await request(app)
      .post('/scim/v2/Users')
      .auth(TOKEN, { type: 'bearer' })
      .type('application/scim+json')
      .send(JSON.stringify(USER))
      .expect(201)
      .expect('Content-Type', 'application/scim+json')
    const { pathname } = new URL(created.headers.location as string)
    await request(app).get(pathname).auth(TOKEN, { type: 'bearer' }).expect(200)
  })

  test('may count the bytes of a body on its way to SCIM', async () => {
    const { users, groups } = memoryAdapters()
    const host = express()
    let bytes = 0
    host.use((incoming, _response, next) => {
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      next()
    })
    host.use(
      '/scim/v2',
      scimRouter({ authenticate: bearer(TOKEN), resources: { User: { adapter: users }, Group: { adapter: groups } } }),
    )
    const body = JSON.stringify(USER)
    await request(host).post('/scim/v2/Users').auth(TOKEN, { type: 'bearer' }).type('json').send(body).expect(201)
    expect(bytes).toBe(body.length)
  })

  test('answers nothing of SCIM without credentials [P-2-01, P-2-02]', async () => {
    await request(app)
      .get('/scim/v2/Users')
      .expect(401)
      .expect('WWW-Authenticate', /^Bearer/)
    await request(app).get('/scim/v2/ServiceProviderConfig').expect(401)
  })
})
