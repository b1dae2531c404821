import createDebug from 'debug'
import { defineSchema, EnterpriseUser, Group, scimRouter, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { ERROR, PATCH_OP } from '../../src/urn.js'
import { expectError, group, user } from '../rfc7644/service.js'
import { sharedApp, startApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { created, Device, device, deviceOptions, Rack, Warranty } from './device.js'

const strict = sharedApp(() => deviceOptions({ compatibility: 'strict' }))
const tolerant = sharedApp(deviceOptions)
const UNKNOWN = 'urn:example:unknown:2.0:User'

let count = 0
function body(rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  count += 1
  return user(`schemas-${count}`, rest)
}

describe('schemas in an answer', () => {
  test('[S-3-01, S-3-02, S-3.3-01, P-3.1-02] has the base schema, and what there is data of, each once', async () => {
    expect(created(await strict.scim.post('/Users', body())).schemas).toEqual([User.id])
    const extended = created(await strict.scim.post('/Users', body({ [EnterpriseUser.id]: { costCenter: '7' } })))
    expect(extended.schemas).toEqual([User.id, EnterpriseUser.id])
    expect(created(await strict.scim.post('/Groups', group('schemas'))).schemas).toEqual([Group.id])
    const full = created(await strict.scim.post('/Devices', device({ [Rack.id]: { unit: 1 } })))
    expect(full.schemas).toEqual([Device.id, Warranty.id, Rack.id])
    for (const { schemas } of (await strict.scim.get('/Devices')).body.Resources) {
      expect(schemas[0]).toBe(Device.id)
      expect(new Set(schemas).size).toBe(schemas.length)
    }
  })

  test('[S-3.3-03] does not have an extension without data, though the client has named it', async () => {
    const schemas = [User.id, EnterpriseUser.id]
    expect(created(await strict.scim.post('/Users', body({ schemas }))).schemas).toEqual([User.id])
    const hollow = created(await strict.scim.post('/Users', body({ schemas, [EnterpriseUser.id]: {} })))
    expect(hollow.schemas).toEqual([User.id])
    expect(hollow).not.toHaveProperty([EnterpriseUser.id])
  })

  test.each([
    ['nothing', {}],
    ['null', { department: null, costCenter: undefined }],
    ['an empty list', { department: [] }],
  ])('[S-3.3-03] does not have an extension in which a store holds %s', async (_what, data) => {
    const meta = { created: '2020-01-01T00:00:00Z', lastModified: '2020-01-01T00:00:00Z', version: 'W/"1"' }
    const app = await startApp({
      resources: {
        User: {
          extensions: [EnterpriseUser],
          adapter: fixtureAdapter([
            { id: '1', userName: 'hollow', meta, [EnterpriseUser.id]: data },
            { id: '2', userName: 'full', meta, [EnterpriseUser.id]: { ...data, division: 'x' } },
          ]),
        },
      },
    })
    expect((await app.scim.get('/Users/1')).body.schemas).toEqual([User.id])
    expect((await app.scim.get('/Users/2')).body.schemas).toEqual([User.id, EnterpriseUser.id])
  })

  test('[S-3.3-03] has an extension that the client has not named, but sent data of', async () => {
    const sent = body({ [EnterpriseUser.id]: { costCenter: '7' } })
    expect(sent['schemas']).toEqual([User.id])
    const { id, ...rest } = created(await strict.scim.post('/Users', sent))
    expect(rest.schemas).toEqual([User.id, EnterpriseUser.id])
    const without = await strict.scim.put(`/Users/${id}`, body())
    expect(without.body.schemas).toEqual([User.id])
  })

  test('[S-3-01] the order in which they are sent is without meaning, and one sent twice is there once', async () => {
    const extension = { [EnterpriseUser.id]: { costCenter: '7' } }
    const schemas = [EnterpriseUser.id, User.id, User.id.toUpperCase(), EnterpriseUser.id]
    const { schemas: answered } = created(await strict.scim.post('/Users', body({ schemas, ...extension })))
    expect(answered).toEqual([User.id, EnterpriseUser.id])
  })
})

describe('schemas in a request', () => {
  const WITHOUT_BASE: readonly (readonly [string, unknown])[] = [
    ['left out', undefined],
    ['null', null],
    ['empty', []],
    ['an extension alone', [EnterpriseUser.id]],
    ['those of SCIM 1', ['urn:scim:schemas:core:1.0']],
    ['a text', 'urn:scim:schemas:core:1.0'],
  ]

  test.each(WITHOUT_BASE)('[S-3-01, S-3-02] strict: %s is 400 invalidSyntax', async (_what, schemas) => {
    expectError(await strict.scim.post('/Users', body({ schemas })), 400, 'invalidSyntax')
    const { id } = created(await strict.scim.post('/Users', body()))
    expectError(await strict.scim.put(`/Users/${id}`, body({ schemas })), 400, 'invalidSyntax')
  })

  test.each(WITHOUT_BASE)('tolerant: %s counts as the one of the endpoint', async (_what, schemas) => {
    expect(created(await tolerant.scim.post('/Users', body({ schemas }))).schemas).toEqual([User.id])
  })

  test.each([
    ['one that nobody knows', [User.id, UNKNOWN]],
    ['one of another resource type', [User.id, Group.id]],
    ['an extension of another resource type', [User.id, Rack.id]],
  ])('[S-3-01] strict: %s is 400 invalidSyntax; tolerant: it is ignored', async (_what, schemas) => {
    expectError(await strict.scim.post('/Users', body({ schemas })), 400, 'invalidSyntax')
    expect(created(await tolerant.scim.post('/Users', body({ schemas }))).schemas).toEqual([User.id])
  })

  test.each([[[ERROR]], [[User.id, PATCH_OP]], [{}], [[5]], [[User.id, null]]])(
    '[S-3-01] %j is 400 invalidSyntax, strict or tolerant',
    async (schemas) => {
      for (const { scim } of [strict, tolerant]) {
        expectError(await scim.post('/Users', body({ schemas })), 400, 'invalidSyntax')
      }
    },
  )

  test('[S-3-09] a URI in other letter case is the same', async () => {
    const schemas = [User.id.toUpperCase(), EnterpriseUser.id.replace('urn:ietf', 'URN:IETF')]
    const extension = { [EnterpriseUser.id.toLowerCase()]: { costCenter: '7' } }
    const { id, ...rest } = created(await strict.scim.post('/Users', body({ schemas, ...extension })))
    expect(rest.schemas).toEqual([User.id, EnterpriseUser.id])
    expect(rest[EnterpriseUser.id]).toEqual({ costCenter: '7' })
    const path = `/Users/${id}?attributes=${EnterpriseUser.id.toUpperCase()}:COSTCENTER`
    expect((await strict.scim.get(path)).body[EnterpriseUser.id]).toEqual({ costCenter: '7' })
  })
})

describe('where attributes stand', () => {
  test('[S-3-03, S-3.3-02, S-4.3-01] those of an extension in an object under its URI, the others at the top', async () => {
    const sent = { title: 'Guide', [EnterpriseUser.id]: { employeeNumber: '701984' } }
    const resource = created(await strict.scim.post('/Users', body(sent)))
    expect(resource.title).toBe('Guide')
    expect(resource[EnterpriseUser.id]).toEqual({ employeeNumber: '701984' })
    expect(resource).not.toHaveProperty('employeeNumber')
  })

  test.each([
    ['a core attribute in an extension', { [EnterpriseUser.id]: { title: 'Guide' } }],
    ['an extension in an extension', { [EnterpriseUser.id]: { [EnterpriseUser.id]: { employeeNumber: '1' } } }],
  ])('[S-3.3-02, S-3-03] %s: strict 400 invalidSyntax, tolerant ignored', async (_what, rest) => {
    expectError(await strict.scim.post('/Users', body(rest)), 400, 'invalidSyntax')
    const { id, meta: _, ...resource } = created(await tolerant.scim.post('/Users', body(rest)))
    expect(Object.keys(resource)).toEqual(['schemas', 'userName'])
    expect((await tolerant.scim.get(`/Users/${id}`)).body).toMatchObject(resource)
  })

  test.each([
    ['an attribute of an extension at the top', { employeeNumber: '701984' }],
    ['a URN and a name as one key', { [`${EnterpriseUser.id}:employeeNumber`]: '701984' }],
  ])('[S-3.3-02, S-3-03] %s: strict 400 invalidSyntax, tolerant put in its place (A-137)', async (_what, rest) => {
    expectError(await strict.scim.post('/Users', body(rest)), 400, 'invalidSyntax')
    const { id, meta: _, ...resource } = created(await tolerant.scim.post('/Users', body(rest)))
    expect(Object.keys(resource)).toEqual(['schemas', 'userName', EnterpriseUser.id])
    expect(resource[EnterpriseUser.id]).toEqual({ employeeNumber: '701984' })
    expect((await tolerant.scim.get(`/Users/${id}`)).body).toMatchObject(resource)
  })
})

describe('[S-3.3-04] an extension that defines again what the base schema has', () => {
  const Repeating = defineSchema({
    id: 'urn:example:Repeating',
    attributes: [{ name: 'Title' }, { name: 'externalid' }],
  })

  function warningsOf(start: () => unknown): string[] {
    const { log } = createDebug
    const lines: string[] = []
    createDebug.log = (...parts: unknown[]) => void lines.push(parts.join(' '))
    createDebug.enable('scim:setup')
    try {
      start()
    } finally {
      createDebug.disable()
      createDebug.log = log
    }
    return lines.filter((line) => line.includes('which the base schema has too'))
  }

  test('is told at start, once for each attribute', () => {
    const { users } = memoryAdapters()
    const router = (extensions: any[]) => () =>
      scimRouter({ authenticate: () => null, resources: { User: { adapter: users, extensions } } })
    expect(warningsOf(router([EnterpriseUser, Repeating]))).toHaveLength(2)
    expect(warningsOf(router([EnterpriseUser]))).toEqual([])
  })
})
