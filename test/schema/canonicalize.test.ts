import { strict, type ToleranceName, type Tolerate, tolerant } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { type AttributeOverride, resourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import {
  canonicalizeElement,
  canonicalizeResource,
  canonicalizeValue,
} from '../../src/schema/resources/canonicalize.js'
import { ENTERPRISE_USER_SCHEMA, ERROR, GROUP_SCHEMA, USER_SCHEMA } from '../../src/urn.js'

const Things = defineSchema({
  id: 'urn:example:schemas:Things',
  attributes: [
    { name: 'tags', multiValued: true },
    { name: 'levels', type: 'integer', multiValued: true },
    { name: 'score', type: 'decimal' },
    { name: 'constructor' },
    { name: 'site', type: 'complex', subAttributes: [{ name: 'value' }, { name: 'floor', type: 'integer' }] },
  ],
})

const user = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const group = resourceSchema(Group)
const things = resourceSchema(Things)

function post(attributes: JsonObject, tolerate: Tolerate = strict, schema = user): JsonObject {
  return canonicalizeResource(schema, { schemas: [schema.base.id], ...attributes }, { tolerate })
}

/** Tolerates the named variants, and notes the needed tolerances. */
function only(...names: ToleranceName[]): { tolerate: Tolerate; used: string[] } {
  const used: string[] = []
  return {
    used,
    tolerate: (name, where) => {
      if (!names.includes(name)) return false
      used.push(`${name} ${where}`)
      return true
    },
  }
}

function errorOf(work: () => unknown): { scimType: string | undefined; detail: string } {
  try {
    work()
  } catch (error) {
    if (ScimError.is(error)) return { scimType: error.scimType, detail: error.message }
    throw error
  }
  throw new Error('no error was thrown')
}

function scimType(work: () => unknown): string | undefined {
  return errorOf(work).scimType
}

function attribute(name: string, sub?: string, schema = user) {
  const found = schema.find({ urn: undefined, name, sub })
  if (!found) throw new Error(`no attribute ${name}`)
  return found
}

describe('names', () => {
  test('[S-2.1-01] [S-3-09] attributes and URNs in any letter case are spelled as in the schema', () => {
    const read = canonicalizeResource(
      user,
      {
        SCHEMAS: [USER_SCHEMA.toUpperCase()],
        USERNAME: 'b',
        Name: { GIVENNAME: 'B' },
        EMAILS: [{ Value: 'b@example.com', TYPE: 'Work' }],
        [ENTERPRISE_USER_SCHEMA.toUpperCase()]: { MANAGER: { $REF: '/Users/1' } },
      },
      { tolerate: strict },
    )
    expect(read).toEqual({
      userName: 'b',
      name: { givenName: 'B' },
      emails: [{ value: 'b@example.com', type: 'Work' }],
      [ENTERPRISE_USER_SCHEMA]: { manager: { $ref: '/Users/1' } },
    })
  })

  test.each([
    ['two spellings, one of them the right one', { userName: 'a', USERNAME: 'b' }],
    ['two wrong spellings', { username: 'a', USERNAME: 'b' }],
    ['one of them null', { userName: 'a', username: null }],
    ['in a complex attribute', { name: { givenName: 'a', givenname: 'a' } }],
    ['URNs', { [ENTERPRISE_USER_SCHEMA]: {}, [ENTERPRISE_USER_SCHEMA.toUpperCase()]: {} }],
  ])('[S-2.1-03] the same name twice is invalidSyntax: %s', (_, body) => {
    expect(scimType(() => post(body, tolerant))).toBe('invalidSyntax')
  })

  test.each([
    ['at the top', { nope: 1 }, 'nope'],
    ['of an extension, without its object [S-3.3-02]', { department: 'x' }, 'department'],
    ['of a complex attribute', { name: { nope: 1 } }, 'name.nope'],
    ['of a value', { emails: [{ value: 'x', nope: 1 }] }, 'emails.nope'],
    ['of an extension', { [ENTERPRISE_USER_SCHEMA]: { nope: 1 } }, `${ENTERPRISE_USER_SCHEMA}:nope`],
    ['a whole extension', { 'urn:example:other': { a: 1 } }, 'urn:example:other'],
  ])('unknown names are refused by strict mode, ignored and told by tolerant mode: %s', (_, body, where) => {
    const error = errorOf(() => post(body))
    expect(error.scimType).toBe('invalidSyntax')
    expect(error.detail).toContain(`"${where}"`)
    const { tolerate, used } = only('unknownAttribute')
    expect(JSON.stringify(post(body, tolerate))).not.toContain('nope')
    expect(used).toEqual([`unknownAttribute ${where}`])
  })

  test('what stands beside the identifier of a member is dropped in both modes', () => {
    expect(post({ members: [{ value: '1', displayName: 'x' }] }, strict, group)).toEqual({ members: [{ value: '1' }] })
    const { tolerate, used } = only('unknownAttribute')
    post({ members: [{ value: '1', displayName: 'x' }] }, tolerate, group)
    expect(used).toEqual(['unknownAttribute members.displayName'])
  })

  test('a very long unknown name is cut', () => {
    expect(errorOf(() => post({ ['x'.repeat(1e6)]: 1 })).detail.length).toBeLessThan(200)
  })

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'the name %s does no harm',
    (name) => {
      const body = JSON.parse(`{"userName":"a","${name}":{"polluted":1},"name":{"${name}":{"polluted":1}}}`)
      expect(scimType(() => post(body))).toBe('invalidSyntax')
      const read = post(body, tolerant)
      expect(read).toEqual({ userName: 'a' })
      expect(({} as JsonObject).polluted).toBeUndefined()
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    },
  )

  test('an attribute may have the name of an object member', () => {
    expect(post({ constructor: 'Acme' }, strict, things)).toEqual({ constructor: 'Acme' })
    expect(Object.hasOwn(post({ score: 1 }, strict, things), 'constructor')).toBe(false)
  })
})

describe('no value', () => {
  test('[S-2.5-01] null, [] and {} are as good as absent', () => {
    const nothing = {
      title: null,
      emails: [],
      name: {},
      addresses: null,
      [ENTERPRISE_USER_SCHEMA]: { department: null, manager: { displayName: 'read only' } },
    }
    expect(post({ userName: 'a', ...nothing })).toEqual({ userName: 'a' })
  })

  test.each([
    ['{} and null', { addresses: [{}, null] }],
    ['an empty part', { phoneNumbers: [{ value: null }] }],
    ['{} beside a value', { emails: [{ value: 'x' }, {}] }],
  ])('[S-2.5-01] an element without content is refused: %s', (_name, attributes) => {
    expect(scimType(() => post({ userName: 'a', ...attributes }))).toBe('invalidValue')
  })

  test('what only the server may say is ignored in a list as well, and is no content', () => {
    const levels = [{ seen: '2020-01-01T00:00:00Z' }, { serial: 'x' }]
    const devices = resourceSchema({
      id: 'urn:example:Devices',
      name: 'Devices',
      attributes: [
        {
          name: 'devices',
          type: 'complex',
          multiValued: true,
          subAttributes: [{ name: 'serial' }, { name: 'seen', type: 'dateTime', mutability: 'readOnly' }],
        },
      ],
    })
    expect(post({ devices: levels }, strict, devices)).toEqual({ devices: [{ serial: 'x' }] })
    expect(scimType(() => post({ devices: levels.slice(0, 1) }, strict, devices))).toBe('invalidValue')
  })

  test('false, 0 and "" are values', () => {
    expect(post({ active: false, title: '' })).toEqual({ active: false, title: '' })
    expect(post({ score: 0, levels: [0] }, strict, things)).toEqual({ score: 0, levels: [0] })
  })

  test('[P-3.3-02] [S-3.1-06] [S-4.1-05] [S-4.3-02] readOnly attributes are not even looked at', () => {
    const body = {
      id: { a: 1 },
      meta: 'rubbish',
      groups: 7,
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: '1', displayName: [[]] } },
    }
    expect(post(body)).toEqual({ [ENTERPRISE_USER_SCHEMA]: { manager: { value: '1' } } })
  })
})

describe('schemas', () => {
  const read = (schemas: unknown, tolerate: Tolerate = strict, more: JsonObject = {}) =>
    canonicalizeResource(user, { schemas, userName: 'a', ...more }, { tolerate })

  test('[S-3-01] [S-3-02] are checked and no data: the base schema, and each of its URIs any number of times', () => {
    expect(read([USER_SCHEMA, USER_SCHEMA])).toEqual({ userName: 'a' })
  })

  test('[S-3.3-03] may name an extension without data, and data may come without its URN', () => {
    expect(read([USER_SCHEMA, ENTERPRISE_USER_SCHEMA])).toEqual({ userName: 'a' })
    const data = { [ENTERPRISE_USER_SCHEMA]: { department: 'x' } }
    expect(read([USER_SCHEMA], strict, data)).toEqual({ userName: 'a', ...data })
    expect(read([ENTERPRISE_USER_SCHEMA, USER_SCHEMA], strict, data)).toEqual({ userName: 'a', ...data })
  })

  test('the object is new, whether or not anything in it differs', () => {
    const body = Object.freeze({ userName: 'a', name: Object.freeze({ givenName: 'b' }) })
    const attributes = canonicalizeResource(user, body, { tolerate: tolerant })
    expect(attributes).toEqual(body)
    expect(attributes).not.toBe(body)
    expect(attributes.name).toBe(body.name)
  })

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', []],
    ['only that of an extension', [ENTERPRISE_USER_SCHEMA]],
  ])('[P-3.3-11] without the base schema: %s', (_, schemas) => {
    expect(scimType(() => read(schemas))).toBe('invalidSyntax')
    const { tolerate, used } = only('missingSchemas')
    expect(read(schemas, tolerate)).toEqual({ userName: 'a' })
    expect(used).toEqual(['missingSchemas schemas'])
  })

  test('[P-3.3-12] a URI that the resource type does not know', () => {
    for (const uri of ['urn:scim:schemas:core:1.0', GROUP_SCHEMA]) {
      expect(scimType(() => read([USER_SCHEMA, uri]))).toBe('invalidSyntax')
      const { tolerate, used } = only('unknownAttribute')
      expect(read([USER_SCHEMA, uri], tolerate)).toEqual({ userName: 'a' })
      expect(used).toEqual(['unknownAttribute schemas'])
    }
    expect(read(['urn:scim:schemas:core:1.0'], tolerant)).toEqual({ userName: 'a' })
  })

  test('[P-3.3-11] the URI of a message is refused in both modes', () => {
    expect(scimType(() => read([ERROR], tolerant))).toBe('invalidSyntax')
    expect(scimType(() => read([USER_SCHEMA, ERROR.toUpperCase()], tolerant))).toBe('invalidSyntax')
  })

  test.each([
    ['a number', 5],
    ['an object', {}],
    ['a number in it', [USER_SCHEMA, 5]],
    ['null in it', [null]],
  ])('is a list of URIs: %s', (_, schemas) => {
    expect(scimType(() => read(schemas, tolerant))).toBe('invalidSyntax')
  })

  test('a single URI is a list only by tolerance', () => {
    expect(scimType(() => read(USER_SCHEMA))).toBe('invalidSyntax')
    expect(read(USER_SCHEMA, tolerant)).toEqual({ userName: 'a' })
  })
})

test.each([[null], [undefined], [[]], ['text'], [5], [true]])(
  '[P-3.8-08] a body that is no object is invalidSyntax: %p',
  (body) => {
    expect(scimType(() => canonicalizeResource(user, body, { tolerate: tolerant }))).toBe('invalidSyntax')
  },
)

describe('types', () => {
  test.each<[string, JsonObject, string]>([
    ['[S-2.3.2-01] boolean', { active: 'maybe' }, 'active'],
    ['boolean from a number', { active: 1 }, 'active'],
    ['string from a boolean', { userName: true }, 'userName'],
    ['string from an object', { userName: { a: 1 } }, 'userName'],
    ['string from a longer list', { userName: ['a', 'b'] }, 'userName'],
    ['complex from a number', { name: 7 }, 'name'],
    ['complex without value from text', { name: 'Barbara' }, 'name'],
    ['complex from text that looks like JSON', { name: '{"givenName":' }, 'name'],
    ['a list element', { emails: [true] }, 'emails'],
    ['a sub-attribute', { emails: [{ value: {} }] }, 'emails.value'],
    ['an extension', { [ENTERPRISE_USER_SCHEMA]: 'text' }, ENTERPRISE_USER_SCHEMA],
    [
      'an extension attribute',
      { [ENTERPRISE_USER_SCHEMA]: { department: {} } },
      `${ENTERPRISE_USER_SCHEMA}:department`,
    ],
    ['a reference from a number [S-2.3.7-01]', { profileUrl: 5 }, 'profileUrl'],
  ])('[P-3.3-10] the wrong one is invalidValue and named, in both modes: %s', (_, body, path) => {
    for (const tolerate of [strict, tolerant]) {
      const error = errorOf(() => post(body, tolerate))
      expect(error.scimType).toBe('invalidValue')
      expect(error.detail).toContain(`"${path}"`)
    }
  })

  test('[S-2.3.3-01] numbers are JSON numbers, and finite', () => {
    expect(post({ score: 1.5, levels: [1, 2] }, strict, things)).toEqual({ score: 1.5, levels: [1, 2] })
    expect(scimType(() => post({ score: '1.5' }, strict, things))).toBe('invalidValue')
    expect(post({ score: '5.8', levels: ['5', 6] }, tolerant, things)).toEqual({ score: 5.8, levels: [5, 6] })
    for (const score of ['high', '', ' 5', '0x5', '1e999', '9007199254740993']) {
      expect(scimType(() => post({ score }, tolerant, things))).toBe('invalidValue')
    }
    expect(scimType(() => post(JSON.parse('{"score":1e999}'), tolerant, things))).toBe('invalidValue')
  })

  test('an error never repeats a password', () => {
    for (const password of [['hunter2', 'hunter2'], { hunter2: 'hunter2' }, true]) {
      expect(errorOf(() => post({ password })).detail).not.toContain('hunter2')
    }
  })
})

describe('tolerances', () => {
  /** Body, the body as it is read, the needed tolerances; without them the body is refused with invalidValue. */
  const cases: [string, JsonObject, JsonObject, string[]][] = [
    ['booleanText', { active: 'True' }, { active: true }, ['booleanText active']],
    [
      'booleanText in a value',
      { emails: [{ value: 'x', primary: 'false' }] },
      { emails: [{ value: 'x', primary: false }] },
      ['booleanText emails.primary'],
    ],
    ['numberForText', { userName: 701984 }, { userName: '701984' }, ['numberForText userName']],
    [
      'textForComplex',
      { emails: ['a@example.com'] },
      { emails: [{ value: 'a@example.com' }] },
      ['textForComplex emails'],
    ],
    [
      'textForComplex, singular',
      { [ENTERPRISE_USER_SCHEMA]: { manager: '26118915' } },
      { [ENTERPRISE_USER_SCHEMA]: { manager: { value: '26118915' } } },
      [`textForComplex ${ENTERPRISE_USER_SCHEMA}:manager`],
    ],
    [
      'textForComplex with numberForText',
      { [ENTERPRISE_USER_SCHEMA]: { manager: 42 } },
      { [ENTERPRISE_USER_SCHEMA]: { manager: { value: '42' } } },
      [`textForComplex ${ENTERPRISE_USER_SCHEMA}:manager`, `numberForText ${ENTERPRISE_USER_SCHEMA}:manager.value`],
    ],
    ['emptyValue', { name: '' }, {}, ['emptyValue name']],
    [
      'emptyValue for a manager',
      { [ENTERPRISE_USER_SCHEMA]: { manager: '' } },
      {},
      [`emptyValue ${ENTERPRISE_USER_SCHEMA}:manager`],
    ],
    ['listForSingle', { userName: ['a'] }, { userName: 'a' }, ['listForSingle userName']],
    ['listForSingle, complex', { name: [{ givenName: 'a' }] }, { name: { givenName: 'a' } }, ['listForSingle name']],
    ['listForSingle of null', { title: [null] }, {}, ['listForSingle title']],
    ['singleForList', { emails: { value: 'x' } }, { emails: [{ value: 'x' }] }, ['singleForList emails']],
    [
      'singleForList with textForComplex',
      { emails: 'x' },
      { emails: [{ value: 'x' }] },
      ['singleForList emails', 'textForComplex emails'],
    ],
    ['jsonText', { name: ' {"givenName":"a"}' }, { name: { givenName: 'a' } }, ['jsonText name']],
    ['jsonText for a list', { emails: '[{"value":"x"}]' }, { emails: [{ value: 'x' }] }, ['jsonText emails']],
    [
      'jsonText before textForComplex',
      { emails: ['{"value":"x"}'] },
      { emails: [{ value: 'x' }] },
      ['jsonText emails'],
    ],
    [
      'severalPrimary',
      { emails: [{ value: 'x', primary: true }, { value: 'y' }, { value: 'z', primary: true }] },
      { emails: [{ value: 'x', primary: false }, { value: 'y' }, { value: 'z', primary: true }] },
      ['severalPrimary emails'],
    ],
  ]

  test.each(cases)('%s: forgiven when it is on, else invalidValue', (_, body, expected, uses) => {
    const names = uses.map((use) => use.split(' ')[0] as ToleranceName)
    const { tolerate, used } = only(...names)
    expect(post(body, tolerate)).toEqual(expected)
    expect(used).toEqual(uses)
    expect(scimType(() => post(body))).toBe('invalidValue')
    for (const name of names) {
      expect(scimType(() => post(body, only(...names.filter((other) => other !== name)).tolerate))).toBe('invalidValue')
    }
  })

  test('[S-2.4-02] two primary values', () => {
    const emails = [
      { value: 'x', primary: true },
      { value: 'y', primary: true },
    ]
    expect(errorOf(() => post({ emails })).detail).toContain('"emails"')
  })

  test('emptyValue drops values without content and clears a list of only such', () => {
    const emails = [{ value: '', type: 'work' }, { VALUE: null, type: 'home' }, { value: 'x' }, { type: 'other' }]
    const { tolerate, used } = only('emptyValue')
    expect(post({ emails }, tolerate)).toEqual({ emails: [{ value: 'x' }, { type: 'other' }] })
    expect(used).toEqual(['emptyValue emails', 'emptyValue emails'])
    expect(post({ emails: [{ value: '' }] }, tolerate)).toEqual({})
    expect(post({ emails: [''] }, tolerant)).toEqual({})
    expect(post({ tags: ['', 'a'] }, tolerate, things)).toEqual({ tags: ['a'] })
    expect(post({ emails })).toEqual({
      emails: [{ value: '', type: 'work' }, { type: 'home' }, { value: 'x' }, { type: 'other' }],
    })
    expect(post({ tags: ['', 'a'] }, strict, things)).toEqual({ tags: ['', 'a'] })
  })

  // Decision A-42.
  test('emptyValue drops {} and null, and a list of them is refused unless null alone clears it', () => {
    const { tolerate, used } = only('emptyValue')
    expect(post({ emails: [{}, null, { value: 'x' }] }, tolerate)).toEqual({ emails: [{ value: 'x' }] })
    expect(used).toEqual(['emptyValue emails', 'emptyValue emails'])
    expect(post({ emails: [null, { value: null }] }, tolerate)).toEqual({})
    for (const emails of [[{}], [{ value: '' }, {}], [{ nick: 'x' }]]) {
      expect(scimType(() => post({ emails }, tolerant))).toBe('invalidValue')
    }
  })

  describe('an object in the value of a list element (A-101)', () => {
    const roles = (value: unknown, rest: object = { primary: true }) => ({ roles: [{ value, ...rest }] })
    const apart: [object, object][] = [
      [
        { Value: 'admin', display: 'Administrator' },
        { value: 'admin', display: 'Administrator', primary: true },
      ],
      [
        { id: '7', value: 'admin', displayName: 'Admin' },
        { value: 'admin', display: 'Admin', primary: true },
      ],
      [
        { displayName: 'long', display: 'short', VALUE: 'a', TYPE: 't', primary: 'False' },
        { value: 'a', display: 'short', type: 't', primary: false },
      ],
    ]

    test.each(apart)('%j is taken apart, as text and as an object', (object, expected) => {
      const { tolerate, used } = only('jsonText', 'booleanText')
      expect(post(roles(JSON.stringify(object)), tolerate)).toEqual({ roles: [expected] })
      expect(used).toContain('jsonText roles')
      // Decision A-136.
      expect(post(roles(object), only('objectForSimple', 'booleanText').tolerate)).toEqual({ roles: [expected] })
      expect(post(roles(JSON.stringify(object)))).toEqual(roles(JSON.stringify(object)))
      expect(scimType(() => post(roles(object)))).toBe('invalidValue')
    })

    test('what stands beside it counts unless the object says it', () => {
      const rest = { type: 'outer', display: 'outer', primary: true }
      expect(post(roles('{"value":"a","displayName":"inner"}', rest), tolerant)).toEqual({
        roles: [{ value: 'a', display: 'inner', type: 'outer', primary: true }],
      })
    })

    test.each([
      '{"value":"admin","other":"7"}',
      '{"display":"x"}',
      '{"id":"7"}',
      '{no json',
      '{}',
      '["value"]',
      '{"value":"a","$ref":"b"}',
      // Strict mode takes these as texts, so tolerant mode must not refuse them.
      '{"value":{"x":1}}',
      '{"value":["a"]}',
      '{"value":true}',
      '{"value":9007199254740993}',
      '{"value":"a","display":{}}',
      '{"value":"a","type":[]}',
      '{"value":"a","primary":["true"]}',
      '{"value":"a","primary":"yes"}',
    ])('%s is a text like any other', (text) => expect(post(roles(text), tolerant)).toEqual(roles(text)))

    test.each([{ value: 'a', other: 1 }, { display: 'x' }, {}])('%j is refused', (object) => {
      expect(scimType(() => post(roles(object), tolerant))).toBe('invalidValue')
    })
  })

  test('[] for a singular attribute is no value in both modes', () => {
    expect(post({ title: [] })).toEqual({})
  })
})

describe('duplicates', () => {
  test('[S-2.4-04] the same type and value are stored once, with all that was said of them', () => {
    const emails = [
      { value: 'x', type: 'work' },
      { value: 'x', type: 'home' },
      { type: 'work', value: 'x', primary: true },
      { value: 'x' },
      { value: 'x' },
    ]
    expect(post({ emails })).toEqual({
      emails: [{ value: 'x', type: 'work', primary: true }, { value: 'x', type: 'home' }, { value: 'x' }],
    })
  })

  test('[S-2.4-04] values without value are the same when they are equal', () => {
    const addresses = [
      { type: 'work', locality: 'a' },
      { type: 'work', locality: 'b' },
      { locality: 'a', type: 'work' },
    ]
    expect(post({ addresses })).toEqual({ addresses: addresses.slice(0, 2) })
  })

  test('references are the same when their value is', () => {
    const members = [{ value: '1' }, { value: '1', type: 'User' }, { value: '2' }]
    expect(post({ members }, strict, group)).toEqual({
      members: [{ value: '1', type: 'User' }, { value: '2' }],
    })
  })

  test('simple values', () => {
    expect(post({ tags: ['a', 'b', 'a', 'A'], levels: [1, 1] }, strict, things)).toEqual({
      tags: ['a', 'b', 'A'],
      levels: [1],
    })
  })

  test('no two kinds of values are taken for one', () => {
    const emails = [{ value: 'x', type: 'work' }, { value: '4 work x' }, { value: ' x' }, { value: 'x' }, { type: 'x' }]
    expect(post({ emails })).toEqual({ emails })
  })

  test('ten thousand members are read in one pass', () => {
    const members = Array.from({ length: 10_000 }, (_, index) => ({ value: String(index % 9_000) }))
    expect(post({ members }, strict, group).members).toHaveLength(9_000)
  })
})

describe('defaults', () => {
  const schema = (overrides: Readonly<Record<string, AttributeOverride>>) =>
    resourceSchema(User, [{ schema: EnterpriseUser, required: false }], overrides)
  const read = (overrides: Readonly<Record<string, AttributeOverride>>, body: JsonObject, replace = false) =>
    canonicalizeResource(schema(overrides), { schemas: [USER_SCHEMA], ...body }, { tolerate: strict, replace })

  test('[P-3.3-03] stand in for attributes left out', () => {
    const overrides = { active: { default: true }, [`${ENTERPRISE_USER_SCHEMA}:costCenter`]: { default: '1' } }
    expect(read(overrides, {})).toEqual({
      active: true,
      [ENTERPRISE_USER_SCHEMA]: { costCenter: '1' },
    })
    expect(read(overrides, { ACTIVE: false })).toMatchObject({ active: false })
    expect(read(overrides, { [ENTERPRISE_USER_SCHEMA]: { department: 'x' } })).toMatchObject({
      [ENTERPRISE_USER_SCHEMA]: { department: 'x', costCenter: '1' },
    })
  })

  test('[P-3.3-04] but not for what is explicitly without value', () => {
    const overrides = { active: { default: true }, emails: { default: [{ value: 'x' }] } }
    expect(read(overrides, { Active: null, emails: [] })).toEqual({})
  })

  test('stand in for sub-attributes of a value that is there', () => {
    const overrides = { 'emails.type': { default: 'work' } }
    expect(read(overrides, { emails: [{ value: 'x' }, { value: 'y', type: 'home' }] }).emails).toEqual([
      { value: 'x', type: 'work' },
      { value: 'y', type: 'home' },
    ])
    expect(read(overrides, {})).toEqual({})
  })

  test('do not stand in for what a PUT keeps', () => {
    const overrides = { active: { default: true, keepOnReplace: true } }
    expect(read(overrides, {}).active).toBe(true)
    expect(read(overrides, {}, true)).toEqual({})
  })

  test('are not shared between resources', () => {
    const type = schema({ emails: { default: [{ value: 'x' }] } })
    const first = canonicalizeResource(type, { schemas: [USER_SCHEMA] }, { tolerate: strict })
    ;(first.emails as JsonObject[])[0]!.value = 'changed'
    expect(canonicalizeResource(type, { schemas: [USER_SCHEMA] }, { tolerate: strict }).emails).toEqual([
      { value: 'x' },
    ])
  })

  test('one that does not fit its attribute is a mistake in the set-up', () => {
    expect(() => schema({ active: { default: 'true' } })).toThrow(/ERR_SCIM_SCHEMA/)
    expect(() => schema({ emails: { default: { value: 'x' } } })).toThrow(/ERR_SCIM_SCHEMA/)
    expect(read({ title: { default: null } }, {})).toEqual({})
  })

  test('are not for PATCH', () => {
    const emails = attribute('emails', undefined, schema({ 'emails.type': { default: 'work' } }))
    expect(canonicalizeValue(emails, [{ value: 'x' }], { tolerate: strict })).toEqual([{ value: 'x' }])
  })
})

describe('PATCH values', () => {
  const value = (name: string, given: unknown, keepNull = false) =>
    canonicalizeValue(attribute(name), given, { tolerate: strict, keepNull })

  test('[P-3.5.2.1-05] one value or a list become a list', () => {
    expect(value('emails', { value: 'x' })).toEqual([{ value: 'x' }])
    expect(value('emails', [{ value: 'x' }])).toEqual([{ value: 'x' }])
    expect(canonicalizeValue(attribute('tags', undefined, things), 'a', { tolerate: strict })).toEqual(['a'])
  })

  test('[P-3.5.2.3-09] null, [] and {} are no value', () => {
    for (const given of [null, undefined, []]) expect(value('emails', given)).toBeUndefined()
    for (const given of [{}, [{}], [null]]) expect(scimType(() => value('emails', given))).toBe('invalidValue')
    for (const given of [null, {}]) expect(value('name', given)).toBeUndefined()
  })

  test('[P-3.5.2-17] the wrong type is invalidValue', () => {
    for (const [name, given] of [
      ['active', 5],
      ['emails', 'x'],
      ['emails', ['x']],
      ['name', 'x'],
      ['title', {}],
    ] as const) {
      expect(scimType(() => value(name, given))).toBe('invalidValue')
    }
  })

  test('sub-attributes given as null are kept as null when a merge needs them', () => {
    expect(value('name', { FAMILYNAME: null, givenName: 'X' }, true)).toEqual({ familyName: null, givenName: 'X' })
    expect(value('name', { familyName: null })).toBeUndefined()
    expect(value('emails', [{ value: 'x', type: null }], true)).toEqual([{ value: 'x' }])
    const extension = user.extensionAttributes[0]!
    const given = { department: null, manager: { value: null }, costCenter: 'x' }
    expect(canonicalizeValue(extension, given, { tolerate: strict, keepNull: true })).toEqual({
      department: null,
      manager: { value: null },
      costCenter: 'x',
    })
  })

  test('one value of a list is read by itself', () => {
    const read = (given: unknown, keepNull = false) =>
      canonicalizeElement(attribute('emails'), given, { tolerate: strict, keepNull })
    expect(read({ VALUE: 'x' })).toEqual({ value: 'x' })
    expect(read({ value: 'x', display: null }, true)).toEqual({ value: 'x', display: null })
    expect(read(null)).toBeUndefined()
    expect(scimType(() => read([{ value: 'x' }]))).toBe('invalidValue')
  })
})
