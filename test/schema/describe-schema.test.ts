import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { describeSchema } from '../../src/schema/discovery/describe-schema.js'
import { Schema } from '../../src/schema/discovery/meta-schema.js'
import { ResourceType } from '../../src/schema/discovery/resource-type.js'
import { ServiceProviderConfig } from '../../src/schema/discovery/service-provider-config.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { ENTERPRISE_USER_SCHEMA } from '../../src/urn.js'
// RFC 7643 section 8.7 with its errata, each characteristic written out, and `pagination` of RFC 9865 section 4.
import expected from './data/core-schemas.json' with { type: 'json' }

function attributesOf(schema: JsonObject | undefined): JsonObject[] {
  return schema?.attributes as JsonObject[]
}

function named(attributes: unknown, name: string): JsonObject | undefined {
  return (attributes as JsonObject[]).find((attribute) => attribute.name === name)
}

describe('the schemas of RFC 7643 [S-7-03] [P-4-09]', () => {
  // Decisions.
  test.each([
    ['User', User],
    ['Group', Group],
    ['EnterpriseUser', EnterpriseUser],
    ['ServiceProviderConfig', ServiceProviderConfig],
    ['ResourceType', ResourceType],
    ['Schema', Schema],
  ] as const)('%s', (name, schema) => {
    expect(describeSchema(resourceSchema(schema))).toEqual([expected[name]])
  })

  test('base schema and extensions in order, the extension as if it stood alone', () => {
    const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
    expect(describeSchema(schema)).toEqual([expected.User, expected.EnterpriseUser])
  })
})

describe('describeSchema', () => {
  test('[S-2.2-01] characteristics left out are shown with their defaults', () => {
    const schema = defineSchema({ id: 'urn:example:schemas:A', attributes: [{ name: 'a' }] })
    expect(describeSchema(resourceSchema(schema))).toEqual([
      {
        id: 'urn:example:schemas:A',
        attributes: [
          {
            name: 'a',
            type: 'string',
            multiValued: false,
            required: false,
            caseExact: false,
            mutability: 'readWrite',
            returned: 'default',
            uniqueness: 'none',
          },
        ],
      },
    ])
  })

  test('our own marks and policies are hidden', () => {
    const schema = resourceSchema(User, [], { active: { default: true, keepOnReplace: true } })
    const text = JSON.stringify(describeSchema(schema))
    for (const word of ['precis', 'role"', 'keepOnReplace', 'default":', 'enforceCanonicalValues', 'discoverable']) {
      expect(text).not.toContain(word)
    }
  })

  // Decision A-113.
  test('attributes and sub-attributes that are not discoverable are left out', () => {
    const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }], {
      password: { discoverable: false },
      'emails.display': { discoverable: false },
      [`${ENTERPRISE_USER_SCHEMA}:costCenter`]: { discoverable: false },
    })
    const [user, enterprise] = describeSchema(schema)
    expect(named(attributesOf(user), 'password')).toBeUndefined()
    expect(named(named(attributesOf(user), 'emails')?.subAttributes, 'display')).toBeUndefined()
    expect(named(named(attributesOf(user), 'emails')?.subAttributes, 'value')).toBeDefined()
    expect(named(attributesOf(enterprise), 'costCenter')).toBeUndefined()
  })

  test('what the resource type sets for an attribute is shown', () => {
    const schema = resourceSchema(Group, [], { displayName: { uniqueness: 'server' }, members: { required: true } })
    const [group] = describeSchema(schema)
    expect(named(attributesOf(group), 'displayName')?.uniqueness).toBe('server')
    expect(named(attributesOf(group), 'members')?.required).toBe(true)
  })

  test('[S-3.1-11] a schema that repeats a common attribute shows it with the characteristics of the standard', () => {
    const schema = defineSchema({
      id: 'urn:example:schemas:A',
      attributes: [{ name: 'id', mutability: 'readWrite', description: 'Own words' }],
    })
    const [described] = describeSchema(resourceSchema(schema))
    expect(attributesOf(described)).toEqual([
      {
        name: 'id',
        type: 'string',
        multiValued: false,
        description: 'Own words',
        required: true,
        caseExact: true,
        mutability: 'readOnly',
        returned: 'always',
        uniqueness: 'server',
      },
    ])
  })
})
