import { PATCH_OP } from '../../src/urn.js'
import { expectError } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { createDevice, created, device, deviceOptions, Rack, Warranty } from './device.js'

const strict = sharedApp(() => deviceOptions({ compatibility: 'strict' }))
const tolerant = sharedApp(deviceOptions)

/** Values that are good, by attribute. */
const GOOD: readonly (readonly [id: string, attribute: string, ...values: unknown[]])[] = [
  ['S-2.3.2-01', 'online', true, false],
  ['S-2.3.3-01', 'weight', 1.5, -0.25, 3, 1e21],
  ['S-2.3.4-01', 'ports', 0, -7, 48],
  ['S-2.3.5-01', 'seen', '2011-05-13T04:42:34Z', '2011-05-13T04:42:34.123+02:00', '2011-05-13T04:42:34'],
  ['S-2.3.6-01', 'image', 'dGVzdA==', 'dGVzdA', 'dGVz', 'TWFu+/==', ''],
  ['S-2.3.7-01', 'manual', 'https://example.com/a?b#c', 'Users/1', '../x', '/Users/1', 'urn:example:a', ''],
]

/** Values that the type does not have. */
const BAD: readonly (readonly [id: string, attribute: string, ...values: unknown[]])[] = [
  ['S-2.3.2-01', 'online', 'yes', 'true', 1, 0, {}],
  ['S-2.3.3-01', 'weight', '1.5', true, {}],
  ['S-2.3.4-01', 'ports', 1.5, '1', 1e-3, true],
  ['S-2.3.5-01', 'seen', '2011-05-13', '04:42:34Z', 'yesterday', '2011-13-01T00:00:00Z', '2011-02-30T00:00:00Z', 5],
  ['S-2.3.6-01', 'image', '***', 'dGVzd', 'dGV=dA==', 'dGVz dA==', 5],
  ['S-2.3.7-01', 'manual', 'has a blank', '\\\\host\\share', 5, {}],
]

function pairs(table: typeof GOOD): [string, string, unknown][] {
  return table.flatMap(([id, attribute, ...values]) =>
    values.map((value): [string, string, unknown] => [id, attribute, value]),
  )
}

describe('a value of its type', () => {
  test.each(pairs(GOOD))('[%s] %s %j is stored and answered as it is', async (_id, attribute, value) => {
    const { id, [attribute]: posted } = await createDevice(strict.scim, { [attribute]: value })
    expect(posted).toEqual(value)
    expect((await strict.scim.get(`/Devices/${id}`)).body[attribute]).toEqual(value)
  })

  test('[S-2.3.4-01] an integer may be written with a fraction of zero or an exponent', async () => {
    const text = JSON.stringify(device({ ports: 0 })).replace('"ports":0', '"ports":1.20e1')
    expect(created(await strict.scim.post('/Devices', text)).ports).toBe(12)
  })
})

describe('a value of another type is 400 invalidValue', () => {
  test.each(pairs(BAD))('[%s] %s %j in POST, PUT and PATCH', async (_id, attribute, value) => {
    const { id } = await createDevice(strict.scim)
    const before = (await strict.scim.get(`/Devices/${id}`)).body
    expectError(await strict.scim.post('/Devices', device({ [attribute]: value })), 400, 'invalidValue')
    expectError(await strict.scim.put(`/Devices/${id}`, { ...before, [attribute]: value }), 400, 'invalidValue')
    for (const operation of [
      { op: 'replace', path: attribute, value },
      { op: 'add', value: { [attribute]: value } },
    ]) {
      const patch = { schemas: [PATCH_OP], Operations: [operation] }
      expectError(await strict.scim.patch(`/Devices/${id}`, patch), 400, 'invalidValue')
    }
    expect((await strict.scim.get(`/Devices/${id}`)).body).toEqual(before)
  })

  test.each([
    ['a text for a list', { tags: 'a' }],
    ['a number in a list of texts', { tags: ['a', 1] }],
    ['a list in a list', { tags: [['a']] }],
    ['a text in a list of numbers', { readings: [1, '2'] }],
    ['a list for a single value', { label: ['a'] }],
    ['an object for a text', { label: {} }],
    ['a text for an object', { place: 'here' }],
    ['a list for an object', { place: [{ room: '1' }] }],
    ['a text among objects', { interfaces: ['a'] }],
    ['a wrong part of an object', { place: { room: 1 } }],
    ['a wrong part of a value', { interfaces: [{ value: 'a', speed: 'fast' }] }],
    ['a wrong value in an extension', { [Rack.id]: { unit: 'top' } }],
    ['a text for an extension', { [Rack.id]: 'top' }],
    ['a date without time in an extension', { [Warranty.id]: { until: '2030-01-01' } }],
  ])('%s', async (_what, rest) => {
    expectError(await strict.scim.post('/Devices', device(rest)), 400, 'invalidValue')
  })

  test('the detail names the attribute, and not the value', async () => {
    const { body } = await strict.scim.post('/Devices', device({ ports: 'secret-number' }))
    expect(body.detail).toContain('ports')
    expect(body.detail).not.toContain('secret-number')
  })

  test.each([{ online: 'maybe' }, { weight: 'heavy' }, { ports: 1.5 }, { seen: '2011-05-13' }, { image: '***' }])(
    'in tolerant mode too: %j',
    async (rest) => {
      expectError(await tolerant.scim.post('/Devices', device(rest)), 400, 'invalidValue')
    },
  )
})

describe('binary and reference', () => {
  test('[S-2.3.6-01] binary is compared case exact', async () => {
    const { id } = await createDevice(strict.scim, { image: 'QUJD' })
    await createDevice(strict.scim, { image: 'qujd' })
    const { body } = await strict.scim.get(`/Devices?filter=${encodeURIComponent('image eq "QUJD"')}`)
    expect(body.Resources.map((one: any) => one.id)).toEqual([id])
  })

  test('[S-2.3.7-01] a reference is compared case exact', async () => {
    const { id } = await createDevice(strict.scim, { manual: 'https://example.com/Manual' })
    await createDevice(strict.scim, { manual: 'https://example.com/manual' })
    const filter = encodeURIComponent('manual eq "https://example.com/Manual"')
    const { body } = await strict.scim.get(`/Devices?filter=${filter}`)
    expect(body.Resources.map((one: any) => one.id)).toEqual([id])
  })
})

describe('[S-2.3.1-01] canonical values', () => {
  test('are suggestions', async () => {
    const { colour, interfaces } = await createDevice(strict.scim, {
      colour: 'mauve',
      interfaces: [{ value: 'a', type: 'token ring' }],
    })
    expect({ colour, interfaces }).toEqual({ colour: 'mauve', interfaces: [{ value: 'a', type: 'token ring' }] })
  })

  test('restrict where the schema says so: in any letter case, in POST, PUT and PATCH', async () => {
    const { id, ...rest } = await createDevice(strict.scim, { size: 'LARGE' })
    expect(rest.size).toBe('LARGE')
    expectError(await strict.scim.post('/Devices', device({ size: 'huge' })), 400, 'invalidValue')
    expectError(await strict.scim.put(`/Devices/${id}`, { ...rest, size: 'huge' }), 400, 'invalidValue')
    const Operations = [{ op: 'replace', path: 'size', value: 'huge' }]
    expectError(await strict.scim.patch(`/Devices/${id}`, { schemas: [PATCH_OP], Operations }), 400, 'invalidValue')
  })
})

describe('[S-2.3.8-01] sub-attributes have no order', () => {
  test('another order is no change', async () => {
    const before = await createDevice(strict.scim, {
      interfaces: [{ value: 'a', type: 'lan', speed: 5 }],
      owner: { value: 'x', $ref: 'Users/x' },
      place: { room: '1', building: 'A' },
    })
    const patch = {
      schemas: [PATCH_OP],
      Operations: [
        { op: 'replace', path: 'place', value: { building: 'A', room: '1' } },
        { op: 'replace', path: 'interfaces', value: [{ speed: 5, type: 'lan', value: 'a' }] },
      ],
    }
    expect((await strict.scim.patch(`/Devices/${before.id}`, patch)).status).toBeLessThan(300)
    expect((await strict.scim.get(`/Devices/${before.id}`)).body).toEqual(before)
    const { place, ...rest } = before
    const replaced = await strict.scim.put(`/Devices/${before.id}`, { ...rest, place: { building: 'A', room: '1' } })
    expect(replaced.body.place).toEqual(place)
  })
})
