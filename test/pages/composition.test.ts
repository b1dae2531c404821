import express from 'express'
import helmet from 'helmet'
import { memoryAdapters } from '../../src/memory/index.js'
import { memoryStores, type ScimServiceOptions, scimService, sqlStores } from '../../src/service/index.js'
import { sqliteAdapters, sqliteDatabase } from '../../src/sqlite/index.js'
import { serve } from '../support/app.js'
import { scimClient } from '../support/client.js'
import { sqliteFile } from '../support/sqlite-file.js'
import { SECRET } from './service.js'

const sqlite = sqliteFile()
const PAGES = { 'x-scim-pages': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
const ADMIN = () => ({ tenant: 'acme', actor: 'ada', can: ['read', 'people', 'credentials', 'close'] as const })

function serviceOf(more: Partial<ScimServiceOptions> = {}) {
  const { users, groups } = memoryAdapters()
  return scimService({
    store: memoryStores({ User: { adapter: users }, Group: { adapter: groups } }),
    secret: SECRET,
    url: 'https://app.example/scim/v2',
    product: { name: 'Acme' },
    ...more,
  })
}

async function run(scim: ReturnType<typeof scimService>) {
  await scim.migrate()
  // A body parser and helmet in front, as applications have them, and a proxy that has taken /tools away.
  const app = await serve(
    express()
      .use('/scim/v2', scim)
      .use(helmet())
      .use('/settings/scim', express.json(), scim.customerPages(ADMIN))
      .use(
        '/admin/scim',
        scim.staffPages(() => ({ actor: 'bob' })),
      ),
  )
  const origin = new URL(app.base).origin
  const pages = scimClient(`${origin}/settings/scim`, undefined)
  const made = await pages.post('/api/connections', { provider: 'okta' }, { headers: PAGES })
  return { app, origin, pages, made, idp: scimClient(app.base, made.body.token) }
}

const person = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'anna@acme.example' }

test('one call makes router, connections, log, trail and pages, under helmet and behind a body parser', async () => {
  const events: string[] = []
  const scim = serviceOf({
    on: {
      'user.created': ({ tenant }) => events.push(`created in ${tenant}`),
      'connection.used': ({ tenant }) => events.push(`used by ${tenant}`),
    },
  })
  const { pages, made, idp, origin } = await run(scim)
  expect(made.status).toBe(201)
  const created = await idp.post('/Users', person)
  expect(created.status).toBe(201)
  expect(created.headers.get('location')).toBe(`https://app.example/scim/v2/Users/${created.body.id}`)
  await scim.settled()
  expect(events.sort()).toEqual(['created in acme', 'used by acme'])
  expect((await pages.get('/api/people')).body.people).toMatchObject([{ userName: 'anna@acme.example' }])
  expect((await pages.get('/api/history')).body.entries.map(({ action }: any) => action)).toEqual([
    'looked',
    'user.created',
  ])
  const page = await pages.get('/')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect((await scimClient(`${origin}/admin/scim`, undefined).get('/api/tenants')).body.tenants).toHaveLength(1)
})

test('people are read by cursor, whose keys follow from the one secret', async () => {
  const { pages, idp } = await run(serviceOf())
  for (let number = 0; number < 5; number++) await idp.post('/Users', { ...person, userName: `p${number}` })
  const names: string[] = []
  let next: string | undefined
  do {
    const { body } = await pages.get(`/api/people?count=2${next ? `&next=${encodeURIComponent(next)}` : ''}`)
    names.push(...body.people.map(({ userName }: any) => userName))
    next = body.next
    if (next) expect(next).toMatch(/^c/)
  } while (next)
  expect(names.sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4'])
  expect((await pages.get('/api/people?next=cforged')).status).toBe(400)
})

test('all of it lies in one SQL database, and two processes share it', async () => {
  const store = () => {
    const database = sqlite.open()
    return sqlStores({ database: sqliteDatabase({ database }), adapters: sqliteAdapters({ database }) })
  }
  const first = serviceOf({ store: store() })
  const { idp, made } = await run(first)
  await idp.post('/Users', person)
  await first.settled()
  await first.log.flush()
  const second = serviceOf({ store: store() })
  const { pages } = await run(second)
  const { connections } = (await pages.get('/api/connections')).body
  expect(connections.map(({ id }: any) => id)).toContain(made.body.connection.id)
  expect((await pages.get('/api/log')).body.entries.some(({ action }: any) => action === 'create')).toBe(true)
  expect((await pages.get('/api/people')).body.people).toHaveLength(1)
  expect(await second.trail.verify('acme')).toMatchObject({ fault: undefined })
})

test.each([
  [{ store: {} }, 'Option resources of scimService is missing'],
  [{ secret: 'short' }, 'Option secret'],
  [{ urll: 'x' }, 'Unknown option "urll"'],
])('a mistake is found at start: %j', (options, message) => {
  expect(() => serviceOf(options as object)).toThrow(message)
})

test('pages without the name of a product are refused when they are made', () => {
  const scim = serviceOf({ product: { name: '' } })
  expect(() => scim.customerPages(ADMIN)).toThrow('Option product.name of customerPages')
  expect(() => scim.staffPages(undefined as never)).toThrow('staffPages must be called with a function')
})
