import { scimRouter } from '../../src/index.js'
import { FIXED_ENDPOINTS } from '../../src/provider/setup/fixed-endpoints.js'
import { express } from '../cli/terminal.js'
import { startApp, TOKEN } from '../support/app.js'
import { Judge } from './judge.js'
import { fullService, leanService } from './services.js'

const document = (options?: Parameters<ReturnType<typeof scimRouter>['openapi']>[0]): any =>
  scimRouter(fullService()).openapi(options)

test.each([
  [null, 'null'],
  [5, 'number'],
])('%p in place of the options is refused', (options, kind) => {
  const message = `scim.openapi must be called with an object of options, got ${kind}.`
  expect(() => document(options as never)).toThrow(message)
})

describe('an attribute becomes a schema by its characteristics', () => {
  const { schemas } = document().components
  const device = schemas.Device
  const request = schemas['Device.Request']

  test.each([
    [
      'serial',
      {
        type: 'string',
        description: 'Its number',
        'x-scim': { caseExact: true, returned: 'always', uniqueness: 'server' },
      },
    ],
    ['model', { type: 'string', examples: ['one', 'two'], 'x-scim': { caseExact: false, mutability: 'immutable' } }],
    ['state', { type: 'string', readOnly: true, 'x-scim': { caseExact: false, mutability: 'readOnly' } }],
    ['note', { type: 'string', 'x-scim': { caseExact: false, returned: 'request' } }],
    ['on', { type: 'boolean', 'x-scim': { type: 'boolean' } }],
    ['weight', { type: 'number', 'x-scim': { type: 'decimal' } }],
    ['size', { type: 'integer', 'x-scim': { type: 'integer' } }],
    ['key', { type: 'string', contentEncoding: 'base64', 'x-scim': { type: 'binary' } }],
    [
      'page',
      { type: 'string', format: 'uri-reference', 'x-scim': { type: 'reference', referenceTypes: ['external'] } },
    ],
    ['tags', { type: 'array', items: { type: 'string' }, 'x-scim': { caseExact: false } }],
  ])('%s', (name, schema) => expect(device.properties[name]).toEqual(schema))

  test('what no client can read is in bodies alone, and what the server sets is never required of a client', () => {
    expect(device.properties.pin).toBeUndefined()
    expect(device.properties.parts.items.properties.secret).toBeUndefined()
    expect(request.properties.pin).toMatchObject({ writeOnly: true, pattern: '\\S' })
    expect(request.properties.id).toMatchObject({ readOnly: true })
    expect(request.required).toEqual(['schemas', 'serial', 'pin', 'parts', 'urn:example:scim:schemas:extension:Site'])
    // A client that cannot read it cannot send it again.
    expect(schemas['Device.Replace'].required).toEqual(request.required.filter((name: string) => name !== 'pin'))
    expect(device.required).toEqual(['schemas', 'id', 'serial'])
  })

  test('parts of complex attributes, extensions and references', () => {
    expect(request.properties.parts).toMatchObject({ type: 'array', minItems: 1, items: { required: ['value'] } })
    expect(request.properties.place).toMatchObject({ type: 'object', required: ['room'] })
    expect(device.properties.owner.properties.$ref).toMatchObject({
      format: 'uri-reference',
      'x-scim': { referenceTypes: ['User'] },
    })
    const site = device.properties['urn:example:scim:schemas:extension:Site']
    expect([Object.keys(site.properties), site.description]).toEqual([['code'], 'Where it stands'])
    expect(schemas['User.Request'].properties.active.default).toBe(true)
  })
})

describe('options of the service', () => {
  const lean = scimRouter(leanService()).openapi() as any

  test('what is not offered is not there', () => {
    expect(Object.keys(lean.paths)).not.toContain('/Bulk')
    expect(Object.keys(document().paths)).toContain('/Bulk')
    expect(lean.components.parameters).not.toHaveProperty('cursor')
    expect(document().components.parameters).toHaveProperty('cursor')
    expect(lean.components.headers).not.toHaveProperty('ETag')
    expect(lean.paths['/Users/{id}'].get.responses).not.toHaveProperty('304')
    expect(lean.paths['/Schemas'].get.security).toEqual([])
  })

  test.each(FIXED_ENDPOINTS)('/%s is described', (name) => {
    expect(Object.keys(document().paths)).toContain(`/${name}`)
  })

  test('limits and schemes', () => {
    const { components, info } = document()
    expect(components.schemas.ScimBulkRequest.properties.Operations.maxItems).toBe(20)
    expect(components.schemas.ScimPatchOp.properties.Operations.maxItems).toBe(20)
    expect(components.parameters.count.description).toContain('no page has more than 50')
    expect(info.description).toContain('A body has 20000 bytes at most.')
    expect(components.securitySchemes).toMatchObject({ oauth2: { scheme: 'bearer' }, httpbasic: { scheme: 'basic' } })
    expect(components.parameters.IfMatch.required).toBe(true)
  })

  test('a filter in a URL and one in a body have lengths of their own', () => {
    const limits = { filterLength: 100, searchFilterLength: 300 }
    const { components } = scimRouter({ ...leanService(), limits }).openapi() as any
    expect(components.parameters.filter.schema.maxLength).toBe(100)
    expect(components.schemas.ScimSearchRequest.properties.filter.maxLength).toBe(300)
  })

  test('options of the document', () => {
    expect(document({ url: 'https://app.example/{org}/scim', title: 'Acme', version: '3' })).toMatchObject({
      servers: [{ url: 'https://app.example/{org}/scim', variables: { org: { default: 'org' } } }],
      info: { title: 'Acme', version: '3' },
    })
    expect(document().servers).toEqual([{ url: '/scim/v2' }])
    expect(document({ me: false }).paths).not.toHaveProperty('/Me')
    expect(document({ me: 'Device' }).paths['/Me'].put.requestBody.content['application/json'].schema.$ref).toMatch(
      /Device/,
    )
    expect(() => document({ me: 'Devise' })).toThrow(
      'must be the name of a resource type or false, got another string. Did you mean "Device"?',
    )
    expect(() => document({ titl: 'x' } as object)).toThrow(
      'Unknown option "titl" of scim.openapi. Did you mean "title"?',
    )
  })

  test('two calls give two documents, and no change of one is seen in the other', () => {
    const first = document()
    first.paths['/Users'].get.summary = 'changed'
    expect(document().paths['/Users'].get.summary).not.toBe('changed')
  })
})

describe('openapi URL', () => {
  test('a running service tells the same of its resources by discovery', async () => {
    const app = await startApp(fullService())
    const { code, out, err } = await express(['openapi', app.base], { env: { SCIM_TOKEN: TOKEN } })
    expect([code, err]).toEqual([0, ''])
    const told = JSON.parse(out)
    const own = document()
    expect(told.servers).toEqual([{ url: app.base }])
    expect(Object.keys(told.paths)).toEqual(Object.keys(own.paths))
    const without = ({ components }: any): object =>
      JSON.parse(
        JSON.stringify(components.schemas, (name, value) =>
          ['default', 'maxLength', 'maxItems'].includes(name) ? undefined : value,
        ),
      )
    expect(without(told)).toEqual(without(own))
    expect(Object.keys(told.paths['/Users'].get.responses)).toContain('default')
    // The answers of the service fit the document that was made of its own description.
    const judge = new Judge(told)
    const operation = judge.operations.find(({ id }) => id === 'User.list')
    expect(judge.problems(operation as any, await app.scim.get('/Users'))).toEqual([])
  })

  test('writes to a file, and says what it cannot read', async () => {
    const app = await startApp(leanService())
    const line = ['openapi', app.base, '--output', 'scim.json', '--title', 'Acme', '--api-version', '7']
    const { code, out, err, files } = await express(line, { env: { SCIM_TOKEN: TOKEN } })
    expect([code, out, err]).toEqual([0, '', expect.stringContaining('Wrote scim.json')])
    expect(JSON.parse(files.get('scim.json') ?? '').info).toMatchObject({ title: 'Acme', version: '7' })
    expect(await express(['openapi', `${app.base}/nowhere`], { env: { SCIM_TOKEN: TOKEN } })).toMatchObject({
      code: 2,
      err: expect.stringContaining('GET /ServiceProviderConfig is answered with 404. Is the base URL right?'),
    })
    const full = await startApp(fullService())
    expect(await express(['openapi', full.base])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Set SCIM_TOKEN'),
    })
    await full.close()
    expect(await express(['openapi', full.base])).toMatchObject({
      code: 2,
      err: expect.stringContaining('got no answer'),
    })
  })
})
