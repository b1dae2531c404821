import express5 from 'express'
import express4 from 'express4'
import { bearer, ScimError, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { closedAfterEach, createUsers, memoryOptions, user } from '../rfc7644/service.js'
import { type AppOptions, describeExpress, type ExpressVersion, serve, TOKEN } from '../support/app.js'

const closed = closedAfterEach()

/** The router behind middleware of the application that sets headers first. */
function behind(version: ExpressVersion, before: Readonly<Record<string, string>>, options: Partial<AppOptions> = {}) {
  const scim = scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions(), ...options } as ScimRouterOptions)
  const app: any = version === 4 ? express4() : express5()
  app.use((_request: unknown, response: any, next: () => void) => {
    for (const [name, value] of Object.entries(before)) response.setHeader(name, value)
    next()
  })
  app.use('/early', () => {
    throw new ScimError(429, 'Too many requests.', { headers: { vary: 'X-Early' } })
  })
  return closed(serve(app.use('/early', scim.errors).use('/scim/v2', scim, scim.errors)))
}

const cachingOf = ({ status, headers }: { readonly status: number; readonly headers: Headers }) => [
  status,
  headers.get('cache-control'),
  headers.get('vary'),
]

// Decision A-142.
describeExpress('[P-7.6-01] answers with personal data are kept by nobody else', (version) => {
  const VARY = 'Accept, Authorization'
  const OWN = 'private, no-cache'

  test('no-store; with an entity tag private, no-cache', async () => {
    const { scim } = await behind(version, {})
    const [ann] = await createUsers(scim, user('ann'))
    const path = `/Users/${ann.id}`
    const tag = (await scim.get(path)).headers.get('etag') as string
    expect(cachingOf(await scim.post('/Users', user('bob')))).toEqual([201, OWN, VARY])
    expect(cachingOf(await scim.get(path))).toEqual([200, OWN, VARY])
    expect(cachingOf(await scim.send('HEAD', path))).toEqual([200, OWN, VARY])
    expect(cachingOf(await scim.get(path, { headers: { 'if-none-match': tag } }))).toEqual([304, OWN, VARY])
    expect(cachingOf(await scim.get('/Users'))).toEqual([200, 'no-store', VARY])
    expect(cachingOf(await scim.post('/.search', {}))).toEqual([400, 'no-store', VARY])
    expect(cachingOf(await scim.get('/Users/none'))).toEqual([404, 'no-store', VARY])
    expect(cachingOf(await scim.get(path, { headers: { authorization: null } }))).toEqual([401, 'no-store', VARY])
    expect(cachingOf(await scim.get('/Schemas'))).toEqual([200, 'no-store', VARY])
    expect(cachingOf(await scim.delete(path))).toEqual([204, 'no-store', VARY])
  })

  test('discovery that everybody may read says nothing about storing', async () => {
    const { scim } = await behind(version, {}, { publicDiscovery: true })
    expect(cachingOf(await scim.get('/Schemas'))).toEqual([200, null, 'Accept'])
    expect(cachingOf(await scim.get('/Users'))).toEqual([200, 'no-store', VARY])
  })

  test('what middleware has put into Vary stays, each name once', async () => {
    const { scim } = await behind(version, { Vary: 'Origin,accept' })
    expect(cachingOf(await scim.get('/Users'))).toEqual([200, 'no-store', 'Origin, accept, Authorization'])
  })

  test('an application that forbids all storing is heeded, one that permits it is not', async () => {
    const { scim } = await behind(version, { 'Cache-Control': 'no-store, max-age=0' })
    const [ann] = await createUsers(scim, user('ann'))
    expect(cachingOf(await scim.get(`/Users/${ann.id}`))).toEqual([200, 'no-store, max-age=0', VARY])
    const open = await behind(version, { 'Cache-Control': 'public, max-age=60' })
    expect(cachingOf(await open.scim.get('/Users'))).toEqual([200, 'no-store', VARY])
  })

  test('headers of an error of the application are kept, in whatever letters', async () => {
    const authenticate = () => {
      throw ScimError.unauthorized()
    }
    const mapError = () => new ScimError(429, 'Too many requests.', { headers: { 'cache-control': 'private' } })
    const users = { ...memoryOptions().resources['User']!.adapter } as any
    users.list = () => {
      throw new Error('busy')
    }
    const { scim } = await behind(version, {}, { resources: { User: { adapter: users } }, mapError })
    expect(cachingOf(await scim.get('/Users'))).toEqual([429, 'private', VARY])
    const early = await behind(version, { Vary: 'Origin' }, { authenticate })
    const answer = await fetch(early.base.replace('/scim/v2', '/early'))
    expect(cachingOf(answer)).toEqual([429, 'no-store', 'Origin, X-Early, Accept, Authorization'])
  })
})
