import { defineSchema, EnterpriseUser, Group, resourceType, User } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { LIST_RESPONSE, RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from '../../src/urn.js'
import { Device, deviceOptions, Rack, Warranty } from '../rfc7643/device.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { expectError } from './service.js'

const SCHEMAS = [
  User.id,
  EnterpriseUser.id,
  Group.id,
  Device.id,
  Warranty.id,
  Rack.id,
  SERVICE_PROVIDER_CONFIG_SCHEMA,
  RESOURCE_TYPE_SCHEMA,
  SCHEMA_SCHEMA,
]
const LISTS = ['/Schemas', '/ResourceTypes']
const ENDPOINTS = [
  ...LISTS,
  '/ServiceProviderConfig',
  `/Schemas/${User.id}`,
  `/Schemas/${Device.id}`,
  '/ResourceTypes/User',
  '/ResourceTypes/Device',
]

describeExpress('discovery', (version) => {
  const app = sharedApp(deviceOptions, version)

  test('[P-4-01, S-5-05] the configuration is one object, with a location and without an id', async () => {
    const { status, body, headers } = await app.scim.get('/ServiceProviderConfig')
    expect(status).toBe(200)
    expect(body.schemas).toEqual([SERVICE_PROVIDER_CONFIG_SCHEMA])
    expect(body).not.toHaveProperty('Resources')
    expect(body).not.toHaveProperty('id')
    const location = `${app.base}/ServiceProviderConfig`
    expect(body.meta).toEqual({ resourceType: 'ServiceProviderConfig', location })
    expect(headers.get('location')).toBe(location)
  })

  test('[P-4-02, S-7-02] all schemas, those of discovery included, are in one list, whatever count is usual', async () => {
    const { status, body } = await app.scim.get('/Schemas')
    expect(status).toBe(200)
    expect(body.schemas).toEqual([LIST_RESPONSE])
    expect(body.Resources.map(({ id }: any) => id).sort()).toEqual([...SCHEMAS].sort())
  })

  test.each(SCHEMAS)('[P-4-03, S-3-09] %s is found by its URI: plain, encoded, in any letter case', async (uri) => {
    const { body: list } = await app.scim.get('/Schemas')
    const listed = list.Resources.find(({ id }: any) => id === uri)
    expect(listed.meta).toEqual({ resourceType: 'Schema', location: `${app.base}/Schemas/${uri}` })
    for (const path of [uri, encodeURIComponent(uri), uri.toUpperCase(), `${uri}/`]) {
      const { status, body, headers } = await app.scim.get(`/Schemas/${path}`)
      expect({ path, status }).toEqual({ path, status: 200 })
      expect(body).toEqual(listed)
      expect(headers.get('location')).toBe(listed.meta.location)
    }
  })

  test('[P-4-03, P-3.1-03] an unknown schema is 404, and that of a message as well', async () => {
    expectError(await app.scim.get('/Schemas/urn:example:unknown'), 404)
    expectError(await app.scim.get(`/Schemas/${LIST_RESPONSE}`), 404)
    expectError(await app.scim.get('/Schemas/__proto__'), 404)
  })

  test('[P-4-04, S-6-01] resource types are a list, and each is found by its id, which is its name', async () => {
    const { status, body } = await app.scim.get('/ResourceTypes')
    expect(status).toBe(200)
    expect(body.schemas).toEqual([LIST_RESPONSE])
    expect(body.Resources.map(({ name }: any) => name)).toEqual(['User', 'Group', 'Device'])
    for (const type of body.Resources) {
      expect(type.id).toBe(type.name)
      expect(type.schemas).toEqual([RESOURCE_TYPE_SCHEMA])
      const location = `${app.base}/ResourceTypes/${type.name}`
      expect(type.meta).toEqual({ resourceType: 'ResourceType', location })
      const single = await app.scim.get(`/ResourceTypes/${type.id}`)
      expect(single.body).toEqual(type)
      expect(single.headers.get('location')).toBe(location)
    }
  })

  test('[P-4-04] an unknown resource type is 404; its name is case exact', async () => {
    for (const name of ['Nothing', 'user', '__proto__', 'constructor']) {
      expectError(await app.scim.get(`/ResourceTypes/${name}`), 404)
    }
  })

  test.each(LISTS)('[P-4-05] %s ignores sorting and paging', async (path) => {
    const { body: whole } = await app.scim.get(path)
    const query = 'sortBy=name&sortOrder=descending&startIndex=2&count=1&cursor='
    const { status, body } = await app.scim.get(`${path}?${query}`)
    expect(status).toBe(200)
    expect(body).toEqual(whole)
    expect((await app.scim.get(`${path}?count=0`)).body).toEqual(whole)
  })

  test.each(ENDPOINTS)('[P-4-06] %s refuses a filter with 403', async (path) => {
    expectError(await app.scim.get(`${path}?filter=${encodeURIComponent('name eq "User"')}`), 403)
    // Decision A-85: an empty filter is none.
    expect((await app.scim.get(`${path}?filter=`)).status).toBe(200)
  })

  test.each(ENDPOINTS)('[P-4-08, S-7-02] %s knows GET and HEAD alone', async (path) => {
    const before = await app.scim.get(path)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await app.scim.send(method, path, { body: before.body })
      expectError(answer, 405)
      expect(answer.headers.get('allow')).toBe('GET, HEAD')
    }
    expect((await app.scim.send('HEAD', path)).status).toBe(200)
    expect((await app.scim.get(path)).body).toEqual(before.body)
  })

  test('[P-4-09, S-6-02] every schema that a resource type names is there', async () => {
    const { body } = await app.scim.get('/ResourceTypes')
    for (const { schema, schemaExtensions } of body.Resources) {
      for (const uri of [schema, ...schemaExtensions.map((extension: any) => extension.schema)]) {
        const { status, body: found } = await app.scim.get(`/Schemas/${uri}`)
        expect({ uri, status, id: found.id }).toEqual({ uri, status: 200, id: uri })
      }
    }
  })

  test.each(LISTS)('[P-4-10] the numbers of %s agree with its resources', async (path) => {
    const { body } = await app.scim.get(path)
    const { length } = body.Resources
    expect(body).toMatchObject({ totalResults: length, itemsPerPage: length, startIndex: 1 })
    expect(length).toBeGreaterThan(2)
  })

  test('what lies below a discovery resource is no endpoint', async () => {
    expectError(await app.scim.get('/ServiceProviderConfig/1'), 404)
    expectError(await app.scim.get('/ResourceTypes/User/1'), 404)
  })
})

describe('schema URIs that are no URNs', () => {
  const id = 'https://example.com/schemas/a b/Thing?v=1#top'.replace(' ', '%20')
  const Thing = defineSchema({ id, attributes: [{ name: 'value' }] })
  const app = sharedApp(() => ({
    resources: { Thing: resourceType({ schema: Thing, adapter: memoryAdapter({ schema: Thing }) }) },
  }))

  test('[P-4-03, P-1.2-01] are encoded in locations, and found there', async () => {
    const { body } = await app.scim.get('/Schemas')
    const { meta } = body.Resources.find((schema: any) => schema.id === id)
    expect(meta.location).toMatch(/\/Schemas\/https:%2F%2Fexample.com%2F[\w%:.-]+$/)
    const single = await app.scim.get(meta.location.slice(app.base.length))
    expect(single.body.id).toBe(id)
    // Slashes may stand as they are.
    expect(
      (await app.scim.get(`/Schemas/${id.replace('%', '%25').replace('?', '%3F').replace('#', '%23')}`)).body.id,
    ).toBe(id)
  })
})
