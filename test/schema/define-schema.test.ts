import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { Schema } from '../../src/schema/discovery/meta-schema.js'
import type { AttributeDefinition } from '../../src/schema/model/definition.js'
import { SetupError } from '../../src/setup-error.js'

const id = 'urn:example:schemas:Device'

function define(...attributes: AttributeDefinition[]): unknown {
  return defineSchema({ id, attributes })
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof SetupError) return error.code
    throw error
  }
  return undefined
}

describe('defineSchema', () => {
  test('returns the definition itself, frozen all the way down', () => {
    const definition = {
      id,
      attributes: [{ name: 'owner', type: 'complex', subAttributes: [{ name: 'value' }] }],
    } as const
    const schema = defineSchema(definition)
    expect(schema).toBe(definition)
    expect(Object.isFrozen(schema)).toBe(true)
    expect(Object.isFrozen(schema.attributes)).toBe(true)
    expect(Object.isFrozen(schema.attributes[0].subAttributes[0])).toBe(true)
  })

  test.each<[string, () => unknown]>([
    ['a name that is no ATTRNAME [S-2.1-02]', () => define({ name: '1st' })],
    ['a name with a blank [S-2.1-02]', () => define({ name: 'a b' })],
    ['the same name twice in other case [S-2.1-01]', () => define({ name: 'serial' }, { name: 'SERIAL' })],
    ['an unknown type [S-2.3-01]', () => define({ name: 'a', type: 'date' as 'dateTime' })],
    ['an unknown mutability', () => define({ name: 'a', mutability: 'writeOnce' as 'immutable' })],
    ['a complex attribute without sub-attributes [S-7-04]', () => define({ name: 'a', type: 'complex' })],
    ['sub-attributes of a simple attribute [S-7-04]', () => define({ name: 'a', subAttributes: [{ name: 'b' }] })],
    [
      'complex below complex [S-7-04]',
      () =>
        define({
          name: 'a',
          type: 'complex',
          subAttributes: [{ name: 'b', type: 'complex', subAttributes: [{ name: 'c' }] }],
        }),
    ],
    ['a misspelled characteristic', () => define({ name: 'a', mutabilty: 'readOnly' } as AttributeDefinition)],
    [
      'a misspelled characteristic of a sub-attribute',
      () => define({ name: 'a', type: 'complex', subAttributes: [{ name: 'b', toString: 1 } as never] }),
    ],
    ['a default of another type', () => define({ name: 'a', type: 'boolean', default: 'true' })],
    ['a default that is no list', () => define({ name: 'a', multiValued: true, default: 'a' })],
    ['an id that is no URI', () => defineSchema({ id: 'Device', attributes: [] })],
    [
      'an id in the namespace of messages [P-3.1-06]',
      () => defineSchema({ id: 'urn:ietf:params:scim:api:messages:2.0:Device', attributes: [] }),
    ],
    ['no object', () => defineSchema(null as never)],
    ['no attributes', () => defineSchema({ id } as never)],
  ])('refuses %s', (_, work) => {
    expect(codeOf(work)).toBe('ERR_SCIM_SCHEMA')
  })

  test.each<[object, string]>([
    [{ id, descripton: 'x', attributes: [] }, `Unknown key "descripton" of schema ${id}. Did you mean "description"?`],
    [{ id, attributs: [] }, `Unknown key "attributs" of schema ${id}. Did you mean "attributes"?`],
    [{ ident: id, attributes: [] }, 'Unknown key "ident" of a schema.'],
  ])('refuses the unknown key of %j', (definition, message) => {
    expect(() => defineSchema(definition as never)).toThrow(message)
    expect(codeOf(() => defineSchema(definition as never))).toBe('ERR_SCIM_SCHEMA')
  })

  test('takes a schema that another server shows, with its schemas and meta', () => {
    const meta = { resourceType: 'Schema', location: `/Schemas/${id}` }
    const shown = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'], id, attributes: [], meta }
    expect(codeOf(() => defineSchema(shown))).toBeUndefined()
  })

  test('[S-7-04] only the schema of schemas has complex attributes below complex ones', () => {
    const attributes = resourceSchema(Schema).find({ urn: undefined, name: 'attributes', sub: 'subAttributes' })
    expect(attributes?.type).toBe('complex')
    expect(attributes?.subAttribute('mutability')?.path).toBe('attributes.subAttributes.mutability')
  })
})

describe('the schemas of the standard', () => {
  test('are frozen', () => {
    for (const schema of [User, Group, EnterpriseUser]) {
      expect(Object.isFrozen(schema.attributes)).toBe(true)
    }
  })

  test('[S-4.2-02] sub-attributes of members are immutable', () => {
    const members = resourceSchema(Group).find({ urn: undefined, name: 'members', sub: undefined })
    expect(members?.mutability).toBe('readWrite')
    expect(members?.subAttributes.map((sub) => sub.mutability)).toEqual(Array(4).fill('immutable'))
  })

  test('carry the marks that events and comparison go by', () => {
    const user = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
    const find = (name: string) => user.find({ urn: undefined, name, sub: undefined })
    expect(find('userName')?.precis).toBe('UsernameCaseMapped')
    expect(find('password')?.precis).toBe('OpaqueString')
    expect(find('active')?.role).toBe('activation')
    expect(resourceSchema(Group).find({ urn: undefined, name: 'members', sub: undefined })?.role).toBe('membership')
  })
})
