import { randomUUID } from 'node:crypto'
import { memoryAdapter } from '../../src/memory/index.js'
import { PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { expectError, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { createDevice, created, Device, device, deviceOptions, FIRMWARE, Rack, Warranty } from './device.js'

const app = sharedApp(() => deviceOptions({ compatibility: 'strict' }))

function patch(id: string, ...Operations: readonly object[]): Promise<Answer> {
  return app.scim.patch(`/Devices/${id}`, { schemas: [PATCH_OP], Operations })
}

async function read(id: string, query = ''): Promise<any> {
  const { status, body } = await app.scim.get(`/Devices/${id}${query}`)
  expect(status).toBe(200)
  return body
}

async function find(filter: string): Promise<string[]> {
  const { status, body } = await app.scim.get(`/Devices?filter=${encodeURIComponent(filter)}`)
  expect(status).toBe(200)
  return body.Resources.map(({ id }: any) => id)
}

/** The same resource as every operation answers it that answers one. */
async function answersOf(id: string, sent: Record<string, unknown>, query = ''): Promise<[string, any][]> {
  const filter = `id eq "${id}"`
  const names = [...new URLSearchParams(query)].map(([name, value]) => [name, value.split(',')])
  const search = { schemas: [SEARCH_REQUEST], filter, ...Object.fromEntries(names) }
  const Operations = [{ op: 'replace', path: 'colour', value: randomUUID() }]
  const more = query === '' ? '?' : `${query}&`
  const answers: [string, Answer][] = [
    ['GET', await app.scim.get(`/Devices/${id}${query}`)],
    ['PUT', await app.scim.put(`/Devices/${id}${query}`, sent)],
    ['PATCH', await app.scim.patch(`/Devices/${id}${query}`, { schemas: [PATCH_OP], Operations })],
    ['list', await app.scim.get(`/Devices${more}filter=${encodeURIComponent(filter)}`)],
    ['root', await app.scim.get(`/${more}filter=${encodeURIComponent(filter)}`)],
    ['.search', await app.scim.post('/Devices/.search', search)],
  ]
  return answers.map(([how, { status, body }]) => {
    expect({ how, status }).toEqual({ how, status: 200 })
    return [how, body.Resources ? body.Resources[0] : body]
  })
}

describe('caseExact', () => {
  test('[S-7-05] true: the letter case is kept, and compared', async () => {
    const serial = `Case-${randomUUID()}`
    const { id, ...rest } = await createDevice(app.scim, { serial })
    expect(rest.serial).toBe(serial)
    expect(await find(`serial eq "${serial}"`)).toEqual([id])
    expect(await find(`serial eq "${serial.toUpperCase()}"`)).toEqual([])
    expect(await find(`serial sw "case-"`)).toEqual([])
  })

  test('[S-7-05] false: another letter case is found', async () => {
    const label = `Case-${randomUUID()}`
    const { id, ...rest } = await createDevice(app.scim, { label })
    expect(rest.label).toBe(label)
    expect(await find(`label eq "${label.toUpperCase()}"`)).toEqual([id])
    expect(await find(`label sw "cASE-" and id eq "${id}"`)).toEqual([id])
  })
})

describe('mutability', () => {
  test('[S-7-06, P-3.3-02, P-3.5.1-06] readOnly: POST and PUT ignore what clients say', async () => {
    const mine = { firmware: 'mine', place: { room: '1', floor: 99 } }
    const { id, ...posted } = await createDevice(app.scim, mine)
    expect(posted).toMatchObject({ firmware: FIRMWARE, place: { room: '1', floor: 3 } })
    const put = await app.scim.put(`/Devices/${id}`, { ...posted, firmware: 'mine', place: { room: '2', floor: 99 } })
    expect(put.status).toBe(200)
    expect(put.body).toMatchObject({ firmware: FIRMWARE, place: { room: '2', floor: 3 } })
    const { firmware: _, ...without } = put.body
    expect((await app.scim.put(`/Devices/${id}`, without)).body.firmware).toBe(FIRMWARE)
    expect((await app.scim.put(`/Devices/${id}`, { ...without, firmware: null })).body.firmware).toBe(FIRMWARE)
  })

  test.each([
    { op: 'replace', path: 'firmware', value: 'mine' },
    { op: 'add', path: 'firmware', value: 'mine' },
    { op: 'remove', path: 'firmware' },
    { op: 'replace', path: 'place.floor', value: 99 },
    { op: 'remove', path: 'place.floor' },
    { op: 'replace', path: 'owner.displayName', value: 'mine' },
    { op: 'replace', value: { firmware: 'mine' } },
  ])('[S-7-06, P-3.5.2-07] readOnly: PATCH %j is 400 mutability', async (operation) => {
    const before = await createDevice(app.scim, { place: { room: '1' } })
    expectError(await patch(before.id, operation), 400, 'mutability')
    expect(await read(before.id)).toEqual(before)
  })

  test('[S-7-07, P-3.5.1-04] immutable: what is set at creation stays', async () => {
    const bought = '2020-01-01T00:00:00Z'
    const before = await createDevice(app.scim, { bought, place: { building: 'A' } })
    for (const change of [{ serial: randomUUID() }, { bought: '2021-01-01T00:00:00Z' }, { place: { building: 'B' } }]) {
      expectError(await app.scim.put(`/Devices/${before.id}`, { ...before, ...change }), 400, 'mutability')
    }
    for (const operation of [
      { op: 'replace', path: 'bought', value: '2021-01-01T00:00:00Z' },
      { op: 'add', path: 'bought', value: '2021-01-01T00:00:00Z' },
      { op: 'remove', path: 'bought' },
      { op: 'replace', path: 'place.building', value: 'B' },
      { op: 'replace', value: { bought: null } },
    ]) {
      expectError(await patch(before.id, operation), 400, 'mutability')
    }
    expect(await read(before.id)).toEqual(before)
    // The same instant in other words is the same value.
    const same = { ...before, bought: '2020-01-01T01:00:00+01:00' }
    expect((await app.scim.put(`/Devices/${before.id}`, same)).body.bought).toBe(bought)
  })

  test.each([
    [
      'a replacement',
      (id: string, rest: object, value: string) => app.scim.put(`/Devices/${id}`, { ...rest, bought: value }),
    ],
    ['a PATCH', (id: string, _rest: object, value: string) => patch(id, { op: 'add', path: 'bought', value })],
  ])('[S-7-07] immutable: is set by %s when it has no value, and then never changed', async (_how, set) => {
    const { id, ...rest } = await createDevice(app.scim)
    const bought = '2020-01-01T00:00:00Z'
    expect((await set(id, rest, bought)).status).toBeLessThan(300)
    expect((await read(id)).bought).toBe(bought)
    expectError(await set(id, rest, '2021-01-01T00:00:00Z'), 400, 'mutability')
  })

  test('[S-7-08] writeOnly: is taken and kept, and never answered', async () => {
    const sent = device({ pin: 'pin-4711' })
    const answer = await app.scim.post('/Devices?attributes=pin', sent)
    const { id } = created(answer)
    expect(answer.body).not.toHaveProperty('pin')
    for (const query of ['', '?attributes=pin', '?attributes=pin,serial']) {
      for (const [how, body] of await answersOf(id, { ...sent, pin: 'pin-0815' }, query)) {
        expect({ how, query, text: JSON.stringify(body) }).toEqual({
          how,
          query,
          text: expect.not.stringMatching(/pin/),
        })
      }
    }
    expectError(await app.scim.get(`/Devices?filter=${encodeURIComponent('pin eq "pin-0815"')}`), 400, 'invalidFilter')
  })
})

describe('returned', () => {
  const SENT = {
    label: 'shown',
    note: 'asked for',
    seed: 'hidden',
    colour: 'red',
    place: { room: '1', door: 'left' },
    interfaces: [{ value: 'a', key: 'hidden' }],
  }

  test('[S-7-09] always: in every answer, whatever is named or excluded', async () => {
    const sent = device(SENT)
    const { id } = created(await app.scim.post('/Devices', sent))
    const queries = [
      '',
      '?attributes=colour',
      '?attributes=nope',
      `?attributes=${Rack.id}`,
      '?excludedAttributes=label',
    ]
    for (const query of [...queries, '?excludedAttributes=LABEL,colour']) {
      expect((await app.scim.post(`/Devices${query}`, device(SENT))).body.label).toBe('shown')
      for (const [how, body] of await answersOf(id, sent, query)) {
        expect({ how, query, label: body.label }).toEqual({ how, query, label: 'shown' })
      }
    }
  })

  test('[S-7-10] never: in no answer, named or not, in a value of a list neither', async () => {
    const sent = device(SENT)
    for (const query of ['', '?attributes=seed,interfaces', '?attributes=interfaces.key,interfaces.value']) {
      const answer = await app.scim.post(`/Devices${query}`, { ...sent, serial: randomUUID() })
      expect(answer.text).not.toContain('hidden')
      const { id } = created(answer)
      const { serial } = await read(id)
      for (const [how, body] of await answersOf(id, { ...sent, serial }, query)) {
        expect({ how, query, text: JSON.stringify(body) }).toEqual({
          how,
          query,
          text: expect.not.stringContaining('hidden'),
        })
      }
    }
  })

  test('[S-7-11] default: unless attributes are named, or it is excluded', async () => {
    const sent = device(SENT)
    const { id } = created(await app.scim.post('/Devices', sent))
    for (const [, body] of await answersOf(id, sent))
      expect(body).toMatchObject({ interfaces: [{ value: 'a' }], meta: {} })
    for (const query of ['?attributes=label', '?excludedAttributes=colour,interfaces,meta']) {
      for (const [how, body] of await answersOf(id, sent, query)) {
        expect({ how, query, names: Object.keys(body) }).toEqual({
          how,
          query,
          names: expect.not.arrayContaining(['interfaces']),
        })
        expect(body).not.toHaveProperty('meta')
      }
    }
  })

  test('[S-7-12] request: in answers to a query only when it is named', async () => {
    const { id } = await createDevice(app.scim, SENT)
    expect(await read(id)).not.toHaveProperty('note')
    expect((await read(id)).place).not.toHaveProperty('door')
    expect((await app.scim.get('/Devices')).text).not.toContain('asked for')
    expect(await read(id, '?attributes=note')).toMatchObject({ note: 'asked for' })
    expect((await read(id, '?attributes=place.door')).place).toEqual({ door: 'left' })
    const filter = encodeURIComponent(`id eq "${id}"`)
    const { body } = await app.scim.get(`/Devices?attributes=NOTE&filter=${filter}`)
    expect(body.Resources[0].note).toBe('asked for')
  })

  test('[S-7-12] request: after POST, PUT and PATCH when the client has set it', async () => {
    const { id, note, place, ...rest } = await createDevice(app.scim, SENT)
    expect({ note, place }).toMatchObject({ note: 'asked for', place: { door: 'left' } })
    expect(await createDevice(app.scim)).not.toHaveProperty('note')
    const put = await app.scim.put(`/Devices/${id}`, { ...rest, note: 'put' })
    expect(put.body.note).toBe('put')
    const patched = await patch(id, { op: 'replace', path: 'note', value: 'patched' })
    expect(patched.body.note).toBe('patched')
    const part = await patch(id, { op: 'add', value: { place: { door: 'right' } } })
    expect(part.body.place).toMatchObject({ door: 'right' })
    expect(part.body).not.toHaveProperty('note')
    const other = await patch(id, { op: 'replace', path: 'colour', value: 'green' })
    expect(other.body).not.toHaveProperty('note')
    const inExtension = await patch(id, { op: 'add', path: `${Warranty.id}:terms`, value: 'fair' })
    expect(inExtension.body[Warranty.id]).toMatchObject({ terms: 'fair' })
  })
})

describe('uniqueness', () => {
  test.each([
    ['server', 'serial'],
    ['global', 'assetTag'],
  ])(
    '[S-7-13, P-3.3-07, P-3.5.1-10] %s: a second %s is 409 uniqueness in POST, PUT and PATCH',
    async (_level, name) => {
      const value = randomUUID()
      await createDevice(app.scim, { [name]: value })
      const before = await createDevice(app.scim, name === 'serial' ? {} : { [name]: randomUUID() })
      expectError(await app.scim.post('/Devices', device({ [name]: value })), 409, 'uniqueness')
      expect(await find(`${name} eq "${value}"`)).toHaveLength(1)
      if (name === 'serial') return
      expectError(await app.scim.put(`/Devices/${before.id}`, { ...before, [name]: value }), 409, 'uniqueness')
      expectError(await patch(before.id, { op: 'replace', path: name, value }), 409, 'uniqueness')
      expect(await read(before.id)).toEqual(before)
      // Its own value is no conflict.
      expect((await app.scim.put(`/Devices/${before.id}`, before)).status).toBe(200)
    },
  )

  test('[S-7-14] compares as caseExact says', async () => {
    const value = `unique-${randomUUID()}`
    await createDevice(app.scim, { serial: value, assetTag: value })
    await createDevice(app.scim, { serial: value.toUpperCase() })
    expectError(await app.scim.post('/Devices', device({ assetTag: value.toUpperCase() })), 409, 'uniqueness')
  })

  test('[S-7-14] leaves out what has no value', async () => {
    for (const rest of [{}, {}, { assetTag: null }, { assetTag: null }]) await createDevice(app.scim, rest)
  })

  test('[S-7-13] none: two resources may share it', async () => {
    for (const label of ['twin', 'twin']) await createDevice(app.scim, { label })
    expect(await find('label eq "twin"')).toHaveLength(2)
  })

  describe('of an attribute that the application makes unique', () => {
    const attributes = { label: { uniqueness: 'server' } } as const
    const raised = sharedApp(() => {
      const adapter = memoryAdapter({ schema: Device, attributes })
      return { resources: { Device: { schema: Device, attributes, adapter } } }
    })

    test('[S-7-13, S-7-03] server: 409 in other letter case, and /Schemas says so', async () => {
      const body = (label: string): object => ({ schemas: [Device.id], serial: randomUUID(), label })
      created(await raised.scim.post('/Devices', body('Only')))
      expectError(await raised.scim.post('/Devices', body('only')), 409, 'uniqueness')
      const { body: schema } = await raised.scim.get(`/Schemas/${Device.id}`)
      expect(schema.attributes.find(({ name }: any) => name === 'label').uniqueness).toBe('server')
    })
  })
})

test('[S-3.2-01] a type of one’s own works in every operation', async () => {
  const sent = device({ label: 'whole', tags: ['a', 'b'], readings: [1.5, -2], [Rack.id]: { unit: 4, row: 'A' } })
  const posted = await app.scim.post('/Devices', sent)
  const { id } = created(posted)
  expect(posted.body).toMatchObject({ ...sent, schemas: [Device.id, Warranty.id, Rack.id] })
  expect(posted.headers.get('location')).toBe(`${app.base}/Devices/${id}`)
  expect((await app.scim.send('HEAD', `/Devices/${id}`)).status).toBe(200)
  expect(await read(id)).toEqual(posted.body)
  const put = await app.scim.put(`/Devices/${id}`, { ...sent, tags: ['c'] })
  expect(put.body.tags).toEqual(['c'])
  const operations = [
    { op: 'add', path: 'tags', value: ['d', 'C'] },
    { op: 'remove', path: 'readings[value lt 0]' },
    { op: 'replace', path: `${Rack.id}:unit`, value: 5 },
    { op: 'add', path: 'interfaces', value: { value: 'eth0', speed: 10 } },
  ]
  expect((await patch(id, ...operations)).status).toBe(200)
  expect(await read(id)).toMatchObject({
    tags: ['c', 'd'],
    readings: [1.5],
    [Rack.id]: { unit: 5, row: 'A' },
    interfaces: [{ value: 'eth0', speed: 10 }],
  })
  expect(await find(`${Rack.id}:unit eq 5 and interfaces[value eq "ETH0" and speed gt 9]`)).toEqual([id])
  const sorted = await app.scim.get('/Devices?sortBy=label&attributes=label&count=2')
  expect(sorted.body.itemsPerPage).toBe(2)
  const search = await app.scim.post('/.search', { schemas: [SEARCH_REQUEST], filter: `serial eq "${sent['serial']}"` })
  expect(search.body.Resources.map((one: any) => one.id)).toEqual([id])
  expect((await app.scim.delete(`/Devices/${id}`)).status).toBe(204)
  expectError(await app.scim.get(`/Devices/${id}`), 404)
  expect(Device.id).toBe(posted.body.schemas[0])
  expectError(await app.scim.post('/Devices', user('not-a-device')), 400, 'invalidSyntax')
})
