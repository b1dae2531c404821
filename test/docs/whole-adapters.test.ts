// The adapters that pages show in whole, run as they stand.
import express from 'express'
import { adapterChecks } from '../../src/conformance/index.js'
import { playSequence } from '../../src/conformance/replay/play.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import type { AnyAdapter, ResourceAdapter, SchemaDefinition, ScimRouter, UserResource } from '../../src/index.js'
import { created } from '../rfc7643/device.js'
import { user } from '../rfc7644/service.js'
import { serve, sharedApp } from '../support/app.js'
import { TOKEN } from '../support/token.js'
import { runBlock } from './run-block.js'

// The pages mount their routers with it.
process.env.SCIM_TOKEN = TOKEN

/** Sequences of requests to a service without groups. */
const ofUsers = Object.values(sequences)
  .flat()
  .filter(
    ({ steps }) => !JSON.stringify(steps).includes('Group') && steps.every(({ path }) => !path.includes('Config')),
  )

test('there are sequences of users alone', () => {
  expect(ofUsers.length).toBeGreaterThan(10)
})

describe.each([
  ['README.md', 'export const users: ResourceAdapter'],
  ['docs/coming-from-scimmy.md', 'export const users: ResourceAdapter'],
])('the adapter in %s', (page, text) => {
  const { users } = runBlock<{ users: ResourceAdapter<UserResource> }>(page, text)
  const app = sharedApp(() => ({ resources: { User: { adapter: users } } }))

  test.each(ofUsers.map((sequence) => [sequence.id, sequence] as const))('passes %s', async (_id, sequence) => {
    expect(await playSequence(sequence, app.scim)).toEqual([])
  })

  test.each(checksOf({ User: { adapter: users } }))('keeps the contract: %s', (_name, run) => run())

  test('keeps passwords and names apart', async () => {
    const { id, meta } = created(await app.scim.post('/Users', user('readme', { password: 'secret' })))
    const replaced = await app.scim.put(`/Users/${id}`, user('Readme'))
    expect(replaced.body.meta.created).toBe(meta.created)
    expect((await users.get(id, {} as never))?.password).toBe('secret')
    await app.scim.post('/Users', user('other'))
    expect((await app.scim.put(`/Users/${id}`, user('OTHER'))).status).toBe(409)
  })
})

describe('the running example in docs/schemas.md', () => {
  const page = 'docs/schemas.md'
  const device = runBlock<{ Device: SchemaDefinition }>(page, '// device.ts')
  const devices = runBlock<{ devices: AnyAdapter }>(page, '// devices.ts', { './device.js': device })
  const badge = runBlock(page, '// badge.ts')
  const modules = { './device.js': device, './devices.js': devices, './badge.js': badge }
  const { scim } = runBlock<{ scim: ScimRouter }>(page, 'scimRouter({', modules)

  test.each(checksOf({ Device: { adapter: devices.devices, schema: device.Device } }))(
    'keeps the contract: %s',
    (_name, run) => run(),
  )

  test('serves devices and users', async () => {
    const app = await serve(express().use('/scim/v2', scim, scim.errors))
    const laptop = { schemas: [device.Device.id], serial: 'S1', unlockCode: '1234' }
    const { id } = created(await app.scim.post('/Devices', laptop))
    expect((await app.scim.post('/Devices', laptop)).status).toBe(409)
    expect((await app.scim.put(`/Devices/${id}`, { ...laptop, serial: 'S2' })).status).toBe(400)
    expect((await app.scim.post('/Users', user('babs'))).status).toBe(201)
  })
})

test('the adapter that docs/adapters.md writes in place stores groups', async () => {
  const { scim } = runBlock<{ scim: ScimRouter }>('docs/adapters.md', 'const rows = new Map')
  const app = await serve(express().use('/scim/v2', scim, scim.errors))
  const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Tour Guides' }
  const { id } = created(await app.scim.post('/Groups', group))
  expect((await app.scim.put(`/Groups/${id}`, { ...group, displayName: 'Guides' })).status).toBe(200)
  expect((await app.scim.get(`/Groups/${id}`)).body.displayName).toBe('Guides')
  expect((await app.scim.put('/Groups/unknown', group)).status).toBe(404)
  expect((await app.scim.delete(`/Groups/${id}`)).status).toBe(204)
  expect((await app.scim.get('/Groups')).body.totalResults).toBe(0)
})

/** The conformance kit on adapters that know no tenants. */
function checksOf(
  types: Readonly<Record<string, { readonly adapter: AnyAdapter; readonly schema?: SchemaDefinition }>>,
) {
  const resourceTypes = Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      name,
      {
        ...type,
        reveal: async (id: string, attribute: string, call: unknown) =>
          ((await type.adapter.get(id, call as never)) as any)?.[attribute],
      },
    ]),
  )
  return adapterChecks({
    resourceTypes,
    // The pages let the router hash passwords.
    password: { hash: (password) => password },
    identities: [{}],
  }).map(({ name, run }) => [name, run] as const)
}
