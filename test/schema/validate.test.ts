import { ScimError } from '../../src/error.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { validateElement, validateResource, validateValue } from '../../src/schema/resources/validate.js'
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../src/urn.js'

const Badge = defineSchema({
  id: 'urn:example:schemas:Badge',
  attributes: [
    { name: 'badge', required: true },
    { name: 'level', type: 'integer' },
    { name: 'score', type: 'decimal' },
    { name: 'hired', type: 'dateTime' },
    { name: 'blob', type: 'binary' },
    { name: 'home', type: 'reference', referenceTypes: ['external'] },
    { name: 'tags', multiValued: true },
    { name: 'constructor' },
    {
      name: 'doors',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value', required: true },
        { name: 'floor', type: 'integer' },
      ],
    },
    {
      name: 'site',
      type: 'complex',
      subAttributes: [
        { name: 'value', required: true },
        { name: 'floor', type: 'integer' },
      ],
    },
  ],
})

const user = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const badge = resourceSchema(Badge)

function errorOf(work: () => unknown): { scimType: string | undefined; detail: string } | undefined {
  try {
    work()
  } catch (error) {
    if (ScimError.is(error)) return { scimType: error.scimType, detail: error.message }
    throw error
  }
  return undefined
}

const validate = (resource: JsonObject, schema = badge) =>
  errorOf(() => validateResource(schema, { ...(schema === badge && { badge: 'b' }), ...resource }))

function attribute(name: string, sub?: string, schema = badge) {
  const found = schema.find({ urn: undefined, name, sub })
  if (!found) throw new Error(`no attribute ${name}`)
  return found
}

test('a canonical resource passes', () => {
  const resource = {
    schemas: [USER_SCHEMA],
    userName: 'b',
    name: { givenName: 'B' },
    active: false,
    emails: [{ value: 'b@example.com', type: 'unheard of', primary: true }],
    x509Certificates: [{ value: 'TWFu' }],
    [ENTERPRISE_USER_SCHEMA]: { manager: { value: '1', $ref: '../Users/1' } },
  }
  expect(validate(resource, user)).toBeUndefined()
})

describe('formats', () => {
  test.each([
    '2011-05-13T04:42:34Z',
    '2011-05-13T04:42:34.567891+02:00',
    '2011-05-13T04:42:34',
    '2012-02-29T24:00:00Z',
  ])('[S-2.3.5-01] a dateTime has date and time: %s', (hired) => {
    expect(validate({ hired })).toBeUndefined()
  })

  test.each(['2011-05-13', '04:42:34Z', 'yesterday', '', '2011-13-01T00:00:00Z', '2011-02-29T00:00:00Z', '1305261754'])(
    '[S-2.3.5-01] no dateTime: %p',
    (hired) => {
      expect(validate({ hired })).toEqual({ scimType: 'invalidValue', detail: expect.stringContaining('"hired"') })
    },
  )

  test.each(['', 'TQ==', 'TWE=', 'TWFu', 'TQ', 'TWE', '+/+/'])(
    '[S-2.3.6-01] [S-4.1-08] binary is base64, padded or not: %p',
    (blob) => {
      expect(validate({ blob })).toBeUndefined()
    },
  )

  test.each(['***', 'T', 'TWFuT', 'TQ=', 'TWFu=', 'TW Fu', 'TWFu\n', 'a-_b', '===='])(
    '[S-2.3.6-01] no base64: %p',
    (blob) => {
      expect(validate({ blob })).toEqual({ scimType: 'invalidValue', detail: expect.stringContaining('"blob"') })
    },
  )

  test.each([
    'https://example.com/a?b#c',
    '/Users/1',
    '../Users/1',
    'Users/1',
    'urn:example:a',
    'https://example.com/Zoë',
    'data:,x',
  ])('[S-2.3.7-01] a reference is absolute or relative: %p', (home) => {
    expect(validate({ home })).toBeUndefined()
  })

  test.each(['a b', 'https://example.com/a b', '\\\\server\\share'])('[S-2.3.7-01] no reference: %p', (home) => {
    expect(validate({ home })).toEqual({ scimType: 'invalidValue', detail: expect.stringContaining('"home"') })
  })

  test('[S-2.3.4-01] integers have no fraction', () => {
    expect(validate({ level: 1.5 })?.detail).toContain('"level"')
    expect(validate(JSON.parse('{"level":1.0}'))).toBeUndefined()
    expect(validate(JSON.parse('{"level":-1e2}'))).toBeUndefined()
  })

  test('[S-2.3.3-01] decimals may have one', () => {
    expect(validate({ score: -1.5 })).toBeUndefined()
  })

  test('formats that only the text names are not enforced [S-4.1-07] [S-4.1-09]', () => {
    const resource = {
      userName: 'b',
      addresses: [{ country: 'USA' }],
      locale: '?',
      timezone: 'Mars',
      emails: [{ value: 'no mail' }],
    }
    expect(validate(resource, user)).toBeUndefined()
  })
})

describe('required', () => {
  test.each([
    ['absent [P-3.3-09]', {}],
    ['empty [S-4.1-01]', { userName: '' }],
    ['blank [S-4.1-01]', { userName: ' \t ' }],
  ])('userName: %s', (_, resource) => {
    expect(validate(resource, user)).toEqual({
      scimType: 'invalidValue',
      detail: expect.stringContaining('"userName"'),
    })
  })

  test('[S-4.2-01] displayName of a group', () => {
    expect(validate({ members: [] }, resourceSchema(Group))?.detail).toContain('"displayName"')
  })

  test('an optional string may be empty', () => {
    expect(validate({ userName: 'b', title: '' }, user)).toBeUndefined()
  })

  test('sub-attributes of each value', () => {
    expect(validate({ doors: [{ value: 'a' }, { floor: 1 }] })).toEqual({
      scimType: 'invalidValue',
      detail: expect.stringContaining('"doors.value"'),
    })
  })

  test('a multi-valued attribute needs a value', () => {
    const type = resourceSchema(Badge, [], { tags: { required: true } })
    expect(validate({ badge: 'b', tags: [] }, type)?.detail).toContain('"tags"')
    expect(validate({ badge: 'b' }, type)?.detail).toContain('"tags"')
    expect(validate({ badge: 'b', tags: ['a'] }, type)).toBeUndefined()
  })

  test('readOnly attributes are the server business', () => {
    expect(validate({ userName: 'b', id: 7, meta: 'x', groups: 'y' }, user)).toBeUndefined()
  })

  test('[S-6-03] a required extension, and its required attributes', () => {
    const type = resourceSchema(User, [{ schema: Badge, required: true }])
    expect(validate({ userName: 'b' }, type)?.detail).toContain(`"${Badge.id}"`)
    expect(validate({ userName: 'b', [Badge.id]: { level: 1 } }, type)?.detail).toContain(`"${Badge.id}:badge"`)
    expect(validate({ userName: 'b', [Badge.id]: { badge: '1' } }, type)).toBeUndefined()
    const optional = resourceSchema(User, [{ schema: Badge, required: false }])
    expect(validate({ userName: 'b' }, optional)).toBeUndefined()
    expect(validate({ userName: 'b', [Badge.id]: { level: 1 } }, optional)?.detail).toContain('badge')
  })

  test('an extension whose URI holds / and ~ is named rightly', () => {
    const odd = defineSchema({
      id: 'https://example.com/~schemas/Odd',
      attributes: [{ name: 'level', type: 'integer' }],
    })
    const type = resourceSchema(User, [{ schema: odd, required: false }])
    expect(validate({ userName: 'b', [odd.id]: { level: 'x' } }, type)?.detail).toContain(`"${odd.id}:level"`)
  })

  test('[P-3.5.1-09] what the store keeps may be missing from a replacement, not from a new resource', () => {
    const type = resourceSchema(User, [], { password: { required: true } })
    expect(validate({ userName: 'b' }, type)?.detail).toContain('"password"')
    expect(errorOf(() => validateResource(type, { userName: 'b' }, { replace: true }))).toBeUndefined()
    expect(errorOf(() => validateResource(type, { password: 'x' }, { replace: true }))?.detail).toContain('"userName"')
    expect(validate({ userName: 'b', password: 'x' }, type)).toBeUndefined()
  })

  test('attributes named like object members are neither there nor missing by themselves', () => {
    expect(validate({})).toBeUndefined()
    const type = resourceSchema(Badge, [], { constructor: { required: true } })
    expect(validate({ badge: 'b', constructor: ' ' }, type)?.detail).toContain('"constructor"')
    expect(validate({ badge: 'b' }, type)?.detail).toContain('"constructor"')
  })
})

describe('canonical values', () => {
  test('[S-2.3.1-01] are suggestions', () => {
    expect(validate({ userName: 'b', emails: [{ value: 'x', type: 'other2' }] }, user)).toBeUndefined()
  })

  test('[S-2.3.1-01] restrict when they are enforced, by the letter case of the attribute', () => {
    const type = resourceSchema(User, [], { 'emails.type': { enforceCanonicalValues: true } })
    expect(validate({ userName: 'b', emails: [{ value: 'x', type: 'WORK' }] }, type)).toBeUndefined()
    expect(validate({ userName: 'b', emails: [{ value: 'x', type: 'other2' }] }, type)).toEqual({
      scimType: 'invalidValue',
      detail: 'Attribute "emails.type" must be one of: work, home, other.',
    })
    const exact = defineSchema({
      id: 'urn:example:schemas:Exact',
      attributes: [{ name: 'size', canonicalValues: ['S', 'L'], caseExact: true, enforceCanonicalValues: true }],
    })
    expect(validate({ size: 's' }, resourceSchema(exact))?.scimType).toBe('invalidValue')
    expect(validate({ size: 'L' }, resourceSchema(exact))).toBeUndefined()
  })
})

describe('PATCH values', () => {
  const value = (name: string, given: unknown) => errorOf(() => validateValue(attribute(name), given))

  test('of a simple attribute', () => {
    expect(value('hired', 'yesterday')?.scimType).toBe('invalidValue')
    expect(value('hired', '2011-05-13T04:42:34Z')).toBeUndefined()
    expect(value('badge', ' ')?.scimType).toBe('invalidValue')
    expect(value('level', 5.5)?.detail).toContain('"level"')
    expect(value('level', undefined)).toBeUndefined()
  })

  test('of a multi-valued attribute are complete', () => {
    expect(value('tags', ['a'])).toBeUndefined()
    expect(value('tags', [1])?.detail).toContain('"tags"')
    expect(value('doors', [{ value: 'a' }])).toBeUndefined()
    expect(value('doors', [{ value: 'a' }, { floor: 1 }])?.detail).toContain('"doors.value"')
  })

  test('of a complex attribute may be a part', () => {
    expect(value('site', { floor: 1 })).toBeUndefined()
    expect(value('site', { floor: 1.5 })?.detail).toContain('"site.floor"')
    expect(value('site', { floor: null })).toBeUndefined()
    expect(value('site', 'x')?.scimType).toBe('invalidValue')
    expect(errorOf(() => validateElement(attribute('doors'), { floor: 1 }))).toBeUndefined()
    expect(errorOf(() => validateElement(attribute('doors'), { floor: 'x' }))?.detail).toContain('"doors.floor"')
    expect(errorOf(() => validateElement(attribute('tags'), 5))?.detail).toContain('"tags"')
    expect(errorOf(() => validateElement(attribute('tags'), 'a'))).toBeUndefined()
    expect(errorOf(() => validateElement(attribute('tags'), undefined))).toBeUndefined()
  })

  test('[P-3.5.2.2-06] a required part cannot be unassigned', () => {
    expect(value('site', { value: null })?.scimType).toBe('mutability')
  })

  test('of an extension may be a part', () => {
    const type = resourceSchema(User, [{ schema: Badge, required: true }])
    const extension = type.extensionAttributes[0]!
    expect(errorOf(() => validateValue(extension, { level: 1 }))).toBeUndefined()
    expect(errorOf(() => validateValue(extension, { doors: [{ floor: 1 }] }))?.detail).toContain(
      `${Badge.id}:doors.value`,
    )
    expect(errorOf(() => validateValue(extension, { badge: null }))?.scimType).toBe('mutability')
  })
})

test('[S-4.1-02] no error repeats a value', () => {
  const secret = 'hunter2 hunter2'
  const type = resourceSchema(User, [], { password: { enforceCanonicalValues: true } })
  const errors = [
    validate({ userName: 'b', password: [secret] }, type),
    validate({ userName: 'b', password: { [secret]: secret } }, type),
    validate({ userName: 'b', profileUrl: secret }, type),
    validate({ userName: 'b', x509Certificates: [{ value: secret }] }, type),
  ]
  for (const error of errors) {
    expect(error?.scimType).toBe('invalidValue')
    expect(error?.detail).not.toContain('hunter2')
  }
})

test('long values are checked in one pass', () => {
  expect(validate({ blob: 'TWFu'.repeat(250_000) })).toBeUndefined()
  expect(validate({ blob: `${'TWFu'.repeat(250_000)}*` })?.scimType).toBe('invalidValue')
  expect(validate({ home: `data:image/png;base64,${'TWFu'.repeat(250_000)} ` })?.scimType).toBe('invalidValue')
})
