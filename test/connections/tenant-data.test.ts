import { type ExportedRow, scimConnections } from '../../src/connections/index.js'
import { memoryStore } from '../../src/connections/store/memory-store.js'
import { type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { createUsers, group, user } from '../rfc7644/service.js'
import { by, SECRET } from './service.js'

function tenants(options: Pick<ScimRouterOptions, 'limits'> = {}) {
  const { users, groups } = memoryAdapters()
  const events: string[] = []
  const connections = scimConnections({
    store: memoryStore(),
    secret: SECRET,
    url: 'https://app.example/scim/v2',
    on: { 'connection.removed': ({ tenant, connection }) => events.push(`removed ${tenant} ${connection}`) },
  })
  const scim = scimRouter({
    authenticate: connections,
    tenants: 'required',
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    on: { 'user.deleted': ({ tenant }) => events.push(`user ${tenant}`) },
    ...options,
  })
  const clientOf = (tenant: string) => {
    const { request } = scim.as({ tenant, actor: 'test' })
    const post = async (path: string, body: unknown) => (await request({ method: 'POST', path, body })) as never
    const total = async (path: string) =>
      ((await request({ method: 'GET', path })).body as { totalResults: number }).totalResults
    return { post, total }
  }
  return { connections, scim, events, clientOf }
}

/** 130 people and a group of one for a tenant, with two connections. */
async function filled({ connections, clientOf }: ReturnType<typeof tenants>, tenant: string) {
  const client = clientOf(tenant)
  const people = await createUsers(
    client,
    ...Array.from({ length: 130 }, (_, index) => user(`u${index}`, { password: `data-Passw0rd-${index}` })),
  )
  await client.post('/Groups', group('g', people[0].id))
  const made = await connections.create({ tenant, provider: 'entra', by })
  await connections.create({ tenant, provider: 'okta', by })
  return made
}

test('export gives all of one tenant, without secrets, and forget ends it in batches; others keep everything', async () => {
  const it = tenants()
  const { token = '' } = await filled(it, 'acme')
  await filled(it, 'globex')
  const rows: ExportedRow[] = []
  for await (const row of it.connections.export({ tenant: 'acme', by, scim: it.scim })) rows.push(row)
  const counts = (kind: string, type?: string) =>
    rows.filter((row) => row.kind === kind && (row.kind === 'connection' || row.resourceType === type)).length
  expect([counts('connection'), counts('resource', 'User'), counts('resource', 'Group')]).toEqual([2, 130, 1])
  const text = JSON.stringify(rows)
  expect(text).not.toMatch(/globex|data-Passw0rd|digest|salt/)
  expect(text).not.toContain(token.slice(25))

  const steps = []
  let done = false
  while (!done) {
    const step = await it.connections.forget({ tenant: 'acme', by, scim: it.scim, most: 60 })
    steps.push(step)
    done = step.done
  }
  expect(steps).toEqual([
    { resources: 60, connections: 0, done: false },
    { resources: 60, connections: 0, done: false },
    { resources: 11, connections: 2, done: true },
  ])
  const acme = it.clientOf('acme')
  expect([
    await acme.total('/Users'),
    await acme.total('/Groups'),
    await it.connections.list({ tenant: 'acme' }),
  ]).toEqual([0, 0, []])
  await it.scim.settled()
  expect(it.events.filter((event) => event === 'user acme')).toHaveLength(130)
  expect(it.events.filter((event) => event.startsWith('removed acme'))).toHaveLength(2)
  const globex = it.clientOf('globex')
  expect([await globex.total('/Users'), await globex.total('/Groups')]).toEqual([130, 1])
  expect(await it.connections.list({ tenant: 'globex' })).toHaveLength(2)
  // Once more is no mistake.
  expect(await it.connections.forget({ tenant: 'acme', by, scim: it.scim })).toEqual({
    resources: 0,
    connections: 0,
    done: true,
  })
})

test('from the first call on nothing new comes', async () => {
  const it = tenants()
  const { connection } = await filled(it, 'acme')
  await it.connections.forget({ tenant: 'acme', by, scim: it.scim, most: 1 })
  expect(await it.connections.get({ tenant: 'acme', id: connection.id })).toMatchObject({ state: 'closed' })
})

test.each([undefined, null, '', 0, [], {}, Symbol('all')])('a tenant of %p is never all of them', async (tenant) => {
  const { connections, scim } = tenants()
  await expect(connections.forget({ tenant: tenant as never, by, scim })).rejects.toMatchObject({
    code: 'ERR_SCIM_TENANT',
  })
  await expect(connections.export({ tenant: tenant as never, by, scim }).next()).rejects.toMatchObject({
    code: 'ERR_SCIM_TENANT',
  })
})

test('a store that refuses to delete is told', async () => {
  const { users, groups } = memoryAdapters()
  const connections = scimConnections({ store: memoryStore(), secret: SECRET, url: 'https://app.example/scim/v2' })
  const scim = scimRouter({
    authenticate: connections,
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    authorize: ({ action }) => action !== 'delete',
  })
  await scim.as({ tenant: 'acme', actor: 'test' }).request({ method: 'POST', path: '/Users', body: user('a') })
  await expect(connections.forget({ tenant: 'acme', by, scim })).rejects.toThrow(/answered with 403/)
})

test('export gives all where pages are shorter than it asks for', async () => {
  const it = tenants({ limits: { maxResults: 50 } })
  await filled(it, 'acme')
  let people = 0
  for await (const row of it.connections.export({ tenant: 'acme', by, scim: it.scim })) {
    if (row.kind === 'resource' && row.resourceType === 'User') people += 1
  }
  expect(people).toBe(130)
})
