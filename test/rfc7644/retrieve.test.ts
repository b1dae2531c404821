import { defineSchema, resourceType } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { createUsers, ENTERPRISE, expectError, memoryOptions, user } from './service.js'

const Device = defineSchema({
  id: 'urn:example:scim:Device',
  attributes: [
    { name: 'serial' },
    { name: 'secret', returned: 'never' },
    { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    { name: 'history', returned: 'request' },
    { name: 'model', returned: 'always' },
    {
      name: 'slots',
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value' }, { name: 'note', returned: 'request' }, { name: 'key', returned: 'never' }],
    },
  ],
})
const DEVICE = {
  schemas: [Device.id],
  serial: 's',
  secret: 'x1',
  pin: 'x2',
  history: 'h',
  model: 'm',
  slots: [{ value: 'v', note: 'n', key: 'x3' }],
}

describeExpress('GET {endpoint}/{id}', (version) => {
  const app = sharedApp(memoryOptions, version)

  test('[P-3.4.1-01, P-3.4.1-04] is 200 and the resource as it was created, with Location and ETag', async () => {
    const [created] = await createUsers(
      app.scim,
      user('retrieve', { title: 'Dr', emails: [{ value: 'r@example.com' }] }),
    )
    const { status, body, headers } = await app.scim.get(`/Users/${created.id}`)
    expect(status).toBe(200)
    expect(body).toEqual(created)
    expect(headers.get('location')).toBe(body.meta.location)
    expect(headers.get('content-location')).toBe(body.meta.location)
    expect(headers.get('etag')).toBe(body.meta.version)
  })

  test('[P-3.4.1-02] an unknown id is 404, and the detail names it', async () => {
    const answer = await app.scim.get('/Users/2819c223-7f76')
    expectError(answer, 404)
    expect(answer.body.detail).toContain('2819c223-7f76')
    expectError(await app.scim.get(`/Users/${'x'.repeat(5_000)}`), 404)
  })

  test('[P-3.4.1-03] the id is the id, and nothing else', async () => {
    const [created] = await createUsers(app.scim, user('by-name', { externalId: 'by-external-id' }))
    for (const id of [
      'by-name',
      'by-external-id',
      created.id.toUpperCase(),
      ` ${created.id}`,
      '__proto__',
      'constructor',
    ]) {
      expectError(await app.scim.get(`/Users/${encodeURIComponent(id)}`), 404)
    }
    expectError(await app.scim.get(`/Groups/${created.id}`), 404)
  })

  test('a reference that can be no part of a URI has no $ref, and keeps nobody from reading', async () => {
    const half = { value: '\ud800' }
    const [created] = await createUsers(app.scim, user('half', { [ENTERPRISE]: { manager: half } }))
    expect(created[ENTERPRISE]).toEqual({ manager: half })
    expect((await app.scim.get(`/Users/${created.id}`)).body).toEqual(created)
    expect((await app.scim.get('/Users?filter=userName eq "half"')).body.Resources).toEqual([created])
  })

  // Decision A-32.
  test('[P-3.4.2-06] query parameters that mean nothing here are ignored, a filter among them', async () => {
    const [created] = await createUsers(app.scim, user('ignored'))
    for (const query of [
      'filter=userName eq "other"',
      'filter=(((',
      'foo=bar&=&&x',
      'sortBy=title&count=0',
      '__proto__=1&constructor=2',
    ]) {
      expect((await app.scim.get(`/Users/${created.id}?${query}`)).body).toEqual(created)
    }
  })
})

/** A store that keeps back attributes that are never returned, and a store that hands out all attributes. */
const STORES = { memory: () => memoryAdapter({ schema: Device }), plain: () => fixtureAdapter([]) as never }

describe.each(Object.entries(STORES))('returned, %s', (_, adapter) => {
  const app = sharedApp(() => ({ resources: { Device: resourceType({ schema: Device, adapter: adapter() }) } }))

  test('[P-3.4-01, S-7-08, S-7-10] has what is returned always or by default, nothing else', async () => {
    const { body: created, text } = await app.scim.post('/Devices', DEVICE)
    const { body } = await app.scim.get(`/Devices/${created.id}`)
    expect(body).toEqual({
      schemas: [Device.id],
      id: created.id,
      serial: 's',
      model: 'm',
      slots: [{ value: 'v' }],
      meta: created.meta,
    })
    expect(text).not.toMatch(/x[123]/)
  })

  test('[P-3.9-06, P-3.9-07, S-7-09, S-7-12] what is returned on request or never keeps to that', async () => {
    const { body: created } = await app.scim.post('/Devices', DEVICE)
    // The client has just set it.
    expect(created.history).toBe('h')
    const get = async (query: string) => (await app.scim.get(`/Devices/${created.id}?${query}`)).body
    const base = { schemas: [Device.id], id: created.id, model: 'm' }
    expect(await get('attributes=history')).toEqual({ ...base, history: 'h' })
    expect(await get('attributes=secret,pin,slots.key')).toEqual(base)
    expect(await get('attributes=slots.note')).toEqual({ ...base, slots: [{ note: 'n' }] })
    expect(await get('attributes=slots')).toEqual({ ...base, slots: [{ value: 'v' }] })
    expect(await get('excludedAttributes=model,serial,slots,meta,history')).toEqual(base)
  })

  test('[S-7-12] request: in a list when the client has set it in any of the values, by one operation or by several', async () => {
    const slots = [{ value: 'v' }, { value: 'w', note: 'n' }]
    const { body: created } = await app.scim.post('/Devices', { ...DEVICE, slots })
    expect(created.slots).toEqual(slots)
    const { body: patched } = await app.scim.patch(`/Devices/${created.id}`, {
      Operations: [
        { op: 'add', path: 'slots', value: [{ value: 'x' }] },
        { op: 'replace', path: 'slots[value eq "w"].note', value: 'm' },
      ],
    })
    expect(patched.slots).toEqual([{ value: 'v' }, { value: 'w', note: 'm' }, { value: 'x' }])
  })
})
