import { EnterpriseUser, Group, type ResourceEntry, SetupError, scimRouter, User } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { createDevice, Device, device, deviceOptions, deviceType, Rack, Warranty } from './device.js'

function setUp(resources: Readonly<Record<string, ResourceEntry>>): unknown {
  try {
    return scimRouter({ authenticate: () => null, resources })
  } catch (error) {
    return error
  }
}

const refused = expect.objectContaining({ name: 'SetupError', code: 'ERR_SCIM_RESOURCE_TYPE' })

describe('resource types', () => {
  const app = sharedApp(deviceOptions)

  // Decision A-86.
  test('[S-6-01, S-6-02, P-4-09] tell name, endpoint, schema, description and extensions', async () => {
    const { body } = await app.scim.get('/ResourceTypes')
    expect(body.Resources).toMatchObject([
      {
        id: 'User',
        name: 'User',
        description: 'User Account',
        endpoint: '/Users',
        schema: User.id,
        schemaExtensions: [{ schema: EnterpriseUser.id, required: false }],
      },
      { id: 'Group', name: 'Group', description: 'Group', endpoint: '/Groups', schema: Group.id, schemaExtensions: [] },
      {
        id: 'Device',
        name: 'Device',
        description: 'Something with a serial number',
        endpoint: '/Devices',
        schema: Device.id,
        schemaExtensions: [
          { schema: Warranty.id, required: true },
          { schema: Rack.id, required: false },
        ],
      },
    ])
  })

  test('[S-6-05, P-3.3.1-01] meta.resourceType of a resource is the name, whatever a client says', async () => {
    const { id, meta } = await createDevice(app.scim, { meta: { resourceType: 'User' } })
    expect(meta.resourceType).toBe('Device')
    const { body } = await app.scim.get('/Devices')
    expect(body.Resources.map((one: any) => one.meta.resourceType)).toEqual(body.Resources.map(() => 'Device'))
    expect((await app.scim.get(`/Devices/${id}`)).body.meta.resourceType).toBe('Device')
  })

  test('[S-6-04] an endpoint or a name is served by its own type alone', async () => {
    const { id } = await createDevice(app.scim)
    expectError(await app.scim.get(`/Users/${id}`), 404)
    expectError(await app.scim.get('/Device'), 404)
  })

  test('[S-6-04] two types with one endpoint are refused at start, in other letter case too', () => {
    const { users } = memoryAdapters()
    const other = memoryAdapter({ schema: Device })
    const entry = { schema: Device, adapter: other }
    expect(setUp({ User: { adapter: users }, Device: { ...entry, endpoint: '/Users' } })).toEqual(refused)
    expect(setUp({ User: { adapter: users }, Device: { ...entry, endpoint: '/users' } })).toEqual(refused)
    expect(setUp({ User: { adapter: users }, Users: { ...entry } })).not.toBeInstanceOf(SetupError)
  })

  test.each(['/Schemas', '/bulk', '/Me', '/.search', '/', 'Devices', '/a/b', '/a?b', ''])(
    '[S-6-04] the endpoint %j is refused at start',
    (endpoint) => {
      expect(setUp({ Device: deviceType({ endpoint }) })).toEqual(refused)
    },
  )

  const { users } = memoryAdapters()
  test.each<[string, unknown, string, RegExp]>([
    ['no object', null, 'ERR_SCIM_RESOURCE_TYPE', /resources\.User must be an object, got null/],
    ['without an adapter', {}, 'ERR_SCIM_ADAPTER', /adapter of resource type User is missing/],
    [
      'the adapter itself',
      users,
      'ERR_SCIM_RESOURCE_TYPE',
      /resources\.User must be an object with the key adapter: write \{ adapter: … \}/,
    ],
    [
      'with a misspelled member',
      { adapter: users, extension: [] },
      'ERR_SCIM_RESOURCE_TYPE',
      /"extension" of resource type User. Did you mean "extensions"\?/,
    ],
    [
      'with an extension that is not there',
      { adapter: users, extensions: [undefined] },
      'ERR_SCIM_RESOURCE_TYPE',
      /User/,
    ],
    [
      'with a policy that there is not',
      { adapter: users, onDuplicate: 'take' },
      'ERR_SCIM_OPTION',
      /onDuplicate of resource type User must be 'refuse', 'reactivate', 'adopt' or a function, got another string/,
    ],
    [
      'that sets what there is not',
      { adapter: users, attributes: { title: { requird: true } } },
      'ERR_SCIM_SCHEMA',
      /"requird" in option attributes\["title"\] of resource type User. Did you mean "required"\?/,
    ],
  ])('an entry that is %s is refused at start', (_how, entry, code, message) => {
    expect(setUp({ User: entry as ResourceEntry })).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe.each(['strict', 'tolerant'] as const)('an extension that is required (%s)', (compatibility) => {
  const app = sharedApp(() => deviceOptions({ compatibility }))

  test.each([
    ['left out', undefined],
    ['null', null],
    ['an empty object', {}],
    ['without the attribute that is required', { provider: 'x' }],
    ['with null for the attribute that is required', { until: null }],
  ])('[S-6-03] a POST with it %s is 400 invalidValue', async (_how, warranty) => {
    expectError(await app.scim.post('/Devices', device({ [Warranty.id]: warranty })), 400, 'invalidValue')
  })

  test('[S-6-03] its URI in schemas is not enough, and not needed', async () => {
    const { [Warranty.id]: data, ...rest } = device()
    expectError(await app.scim.post('/Devices', rest), 400, 'invalidValue')
    const answer = await app.scim.post('/Devices', { ...rest, schemas: [Device.id], [Warranty.id]: data })
    expect(answer.status).toBe(201)
    expect(answer.body.schemas).toEqual([Device.id, Warranty.id])
  })

  test('[S-6-03] a PUT without it is 400 invalidValue, and changes nothing', async () => {
    const before = await createDevice(app.scim, { label: 'kept' })
    const { [Warranty.id]: _, ...rest } = before
    expectError(await app.scim.put(`/Devices/${before.id}`, rest), 400, 'invalidValue')
    expect((await app.scim.get(`/Devices/${before.id}`)).body).toEqual(before)
  })

  test.each([
    [{ op: 'remove', path: Warranty.id }],
    [{ op: 'remove', path: `${Warranty.id}:until` }],
    [{ op: 'replace', path: Warranty.id, value: null }],
    [{ op: 'replace', value: { [Warranty.id]: { until: null } } }],
    [{ op: 'remove', path: `schemas[value eq "${Warranty.id}"]` }],
  ])('[S-6-03] a PATCH cannot take it away: %j', async (operation) => {
    const before = await createDevice(app.scim)
    const answer = await app.scim.patch(`/Devices/${before.id}`, { schemas: [PATCH_OP], Operations: [operation] })
    expectError(answer, 400, 'mutability')
    expect((await app.scim.get(`/Devices/${before.id}`)).body).toEqual(before)
  })

  test('[S-6-03] one that is not required may be left out', async () => {
    const { schemas, ...rest } = await createDevice(app.scim)
    expect(schemas).toEqual([Device.id, Warranty.id])
    expect(rest).not.toHaveProperty([Rack.id])
  })
})
