import { type AttributeDefinition, defineSchema, Group, resourceType, scimRouter, User } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { PATCH_OP, SCHEMA_SCHEMA } from '../../src/urn.js'
import { sharedApp } from '../support/app.js'
import { created, Device, deviceOptions, Rack, Warranty } from './device.js'

const TYPES = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex']

function definitionError(...attributes: readonly object[]): unknown {
  try {
    return defineSchema({ id: 'urn:example:Thing', attributes: attributes as readonly AttributeDefinition[] })
  } catch (error) {
    return error
  }
}

const refused = expect.objectContaining({ name: 'SetupError', code: 'ERR_SCIM_SCHEMA' })

describe('schemas under /Schemas', () => {
  const app = sharedApp(deviceOptions)

  async function read(id: string): Promise<any> {
    return (await app.scim.get(`/Schemas/${id}`)).body
  }

  test('[S-7-01] have their URI as id, attributes, and the name and description that were given', async () => {
    expect(await read(Device.id)).toMatchObject({
      schemas: [SCHEMA_SCHEMA],
      id: Device.id,
      name: 'Device',
      description: 'Something with a serial number',
    })
    expect((await read(User.id)).name).toBe('User')
    const warranty = await read(Warranty.id)
    expect(warranty).toMatchObject({ id: Warranty.id, name: 'Warranty' })
    expect(warranty).not.toHaveProperty('description')
    for (const schema of (await app.scim.get('/Schemas')).body.Resources) {
      expect(schema.attributes.length).toBeGreaterThan(0)
    }
  })

  test('[S-7-03, S-7-04, P-4-09] tell every characteristic of every attribute and sub-attribute', async () => {
    const { body } = await app.scim.get('/Schemas')
    let seen = 0
    const check = (attribute: any): void => {
      seen += 1
      const { name, type, multiValued, required, mutability, returned, subAttributes } = attribute
      expect({ name, type: TYPES.includes(type), multiValued, required }).toEqual({
        name: expect.stringMatching(/^[A-Za-z$][\w$-]*$/),
        type: true,
        multiValued: expect.any(Boolean),
        required: expect.any(Boolean),
      })
      expect(['readOnly', 'readWrite', 'immutable', 'writeOnly']).toContain(mutability)
      expect(['always', 'never', 'default', 'request']).toContain(returned)
      if (type === 'string' || type === 'reference') {
        expect(attribute.caseExact).toEqual(expect.any(Boolean))
        expect(['none', 'server', 'global']).toContain(attribute.uniqueness)
      }
      expect(type === 'complex').toBe(Array.isArray(subAttributes))
      for (const sub of subAttributes ?? []) check(sub)
    }
    for (const { attributes } of body.Resources) attributes.forEach(check)
    expect(seen).toBeGreaterThan(150)
  })

  test('[S-7-03] as they were defined', async () => {
    const { attributes } = await read(Device.id)
    const named = (name: string): unknown => attributes.find((attribute: any) => attribute.name === name)
    expect(attributes.map(({ name }: any) => name)).toEqual(Device.attributes.map(({ name }) => name))
    expect(named('serial')).toEqual({
      name: 'serial',
      type: 'string',
      multiValued: false,
      required: true,
      caseExact: true,
      mutability: 'immutable',
      returned: 'default',
      uniqueness: 'server',
    })
    expect(named('size')).toMatchObject({ canonicalValues: ['small', 'large'] })
    expect(named('manual')).toMatchObject({ type: 'reference', referenceTypes: ['external'], caseExact: true })
    expect(named('pin')).toMatchObject({ mutability: 'writeOnly', returned: 'never' })
    expect(named('image')).toMatchObject({ type: 'binary', caseExact: true })
    expect(named('interfaces')).toMatchObject({
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value', required: true }, { name: 'type' }, {}, { type: 'boolean' }, {}, {}],
    })
    // Clients do not see members that the library adds to the characteristics.
    expect(JSON.stringify(attributes)).not.toMatch(/enforce|keepOn|discoverable|precis|role/)
  })

  test('[S-2.2-01] characteristics that are left out have the defaults of the standard', async () => {
    const { attributes } = await read(Rack.id)
    expect(attributes[2].subAttributes[1]).toEqual({
      name: 'colour',
      type: 'string',
      multiValued: false,
      required: false,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
    })
  })

  test('[S-7-02] cannot be changed', async () => {
    const before = await read(Group.id)
    const Operations = [{ op: 'replace', path: 'name', value: 'x' }]
    expect((await app.scim.patch(`/Schemas/${Group.id}`, { schemas: [PATCH_OP], Operations })).status).toBe(405)
    expect((await app.scim.delete(`/Schemas/${Group.id}`)).status).toBe(405)
    expect(await read(Group.id)).toEqual(before)
    for (const { mutability } of (await read(SCHEMA_SCHEMA)).attributes) expect(mutability).toBe('readOnly')
  })
})

describe('an attribute of which nothing but the name is said', () => {
  const Note = defineSchema({ id: 'urn:example:scim:schemas:Note', attributes: [{ name: 'text' }] })
  const app = sharedApp(() => ({
    compatibility: 'strict',
    resources: { Note: resourceType({ schema: Note, adapter: memoryAdapter({ schema: Note }) }) },
  }))

  test('[S-2.2-01] is a string that may be left out, repeated, changed, and found in any letter case', async () => {
    const note = (rest: object): object => ({ schemas: [Note.id], ...rest })
    expect((await app.scim.post('/Notes', note({}))).status).toBe(201)
    expect((await app.scim.post('/Notes', note({ text: 5 }))).status).toBe(400)
    expect((await app.scim.post('/Notes', note({ text: ['a'] }))).status).toBe(400)
    const { id } = created(await app.scim.post('/Notes', note({ text: 'Once' })))
    created(await app.scim.post('/Notes', note({ text: 'once' })))
    const { body } = await app.scim.get(`/Notes?filter=${encodeURIComponent('text eq "ONCE"')}`)
    expect(body.Resources.map(({ text }: any) => text).sort()).toEqual(['Once', 'once'])
    expect((await app.scim.put(`/Notes/${id}`, note({ text: 'twice' }))).body.text).toBe('twice')
  })
})

describe('definitions that the standard does not allow are refused at start', () => {
  test.each(['1abc', 'a b', 'a.b', 'a:b', '', '$', '$value', 'é', '_a', '-a'])('[S-2.1-02] the name %j', (name) => {
    expect(definitionError({ name })).toEqual(refused)
  })

  test.each(['a', 'Z9', 'a-b', 'a_b', 'a$b', 'x1-$_'])('[S-2.1-02] but not the name %j', (name) => {
    expect(definitionError({ name })).toMatchObject({ attributes: [{ name }] })
  })

  test('[S-2.1-02] nor $ref, which the standard uses itself', () => {
    const owner = { name: 'owner', type: 'complex', subAttributes: [{ name: '$ref', type: 'reference' }] }
    expect(definitionError(owner)).toMatchObject({ attributes: [{ name: 'owner' }] })
  })

  test.each(['date', 'String', 'number', 'object', ''])('[S-2.3-01, S-7-04] the data type %j', (type) => {
    expect(definitionError({ name: 'x', type })).toEqual(refused)
  })

  test('[S-2.3-01] a new data type in an extension, too', () => {
    const adapter = memoryAdapter({ schema: Device })
    const extension = { id: 'urn:example:New', attributes: [{ name: 'x', type: 'money' as 'string' }] }
    const start = (): unknown =>
      scimRouter({
        authenticate: () => null,
        resources: { Device: { schema: Device, extensions: [extension], adapter } },
      })
    expect(start).toThrow(refused)
  })

  test.each([
    ['complex without sub-attributes', { name: 'x', type: 'complex' }],
    ['complex with an empty list of them', { name: 'x', type: 'complex', subAttributes: [] }],
    ['simple with sub-attributes', { name: 'x', subAttributes: [{ name: 'y' }] }],
    [
      'complex below complex',
      { name: 'x', type: 'complex', subAttributes: [{ name: 'y', type: 'complex', subAttributes: [{ name: 'z' }] }] },
    ],
    ['of an unknown mutability', { name: 'x', mutability: 'never' }],
    ['returned in an unknown way', { name: 'x', returned: 'sometimes' }],
    ['unique in an unknown way', { name: 'x', uniqueness: 'tenant' }],
  ])('[S-7-03, S-7-04] an attribute that is %s', (_what, attribute) => {
    expect(definitionError(attribute)).toEqual(refused)
  })

  test('[S-2.1-01] two attributes whose names differ in letter case alone', () => {
    expect(definitionError({ name: 'name' }, { name: 'Name' })).toEqual(refused)
  })

  test.each(['urn:ietf:params:scim:api:messages:2.0:Thing', 'URN:IETF:PARAMS:SCIM:API:x', 'Thing', ''])(
    '[P-3.1-06] the URI %j',
    (id) => {
      expect(() => defineSchema({ id, attributes: [{ name: 'x' }] })).toThrow(refused)
    },
  )
})
