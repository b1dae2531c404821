import { strict } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { Group } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { canonicalizeResource } from '../../src/schema/resources/canonicalize.js'
import { applyMutability, neededForReplace } from '../../src/schema/resources/mutability.js'
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../src/urn.js'

const Device = defineSchema({
  id: 'urn:example:schemas:Device',
  attributes: [
    { name: 'title' },
    { name: 'serial', mutability: 'immutable' },
    { name: 'code', mutability: 'immutable', caseExact: true },
    { name: 'made', type: 'dateTime', mutability: 'immutable' },
    { name: 'ports', type: 'integer', multiValued: true, mutability: 'immutable' },
    { name: 'state', mutability: 'readOnly' },
    { name: 'secret', mutability: 'writeOnly', returned: 'never' },
    {
      name: 'maker',
      type: 'complex',
      mutability: 'immutable',
      subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference' }, { name: 'primary', type: 'boolean' }],
    },
    {
      name: 'parts',
      type: 'complex',
      multiValued: true,
      mutability: 'immutable',
      subAttributes: [{ name: 'value' }, { name: 'size', type: 'integer' }],
    },
    {
      name: 'place',
      type: 'complex',
      subAttributes: [
        { name: 'room' },
        { name: 'building', mutability: 'immutable' },
        { name: 'floor', type: 'integer', mutability: 'readOnly' },
      ],
    },
  ],
})

const user = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const device = resourceSchema(Device)

function put(schema: ResourceSchema, current: JsonObject | undefined, body: JsonObject): JsonObject {
  const input = canonicalizeResource(
    schema,
    { schemas: [schema.base.id], ...body },
    { tolerate: strict, replace: true },
  )
  return applyMutability(schema, current, input)
}

function errorOf(work: () => unknown): { scimType: string | undefined; detail: string } | undefined {
  try {
    work()
  } catch (error) {
    if (ScimError.is(error)) return { scimType: error.scimType, detail: error.message }
    throw error
  }
  return undefined
}

describe('a new resource', () => {
  test('is what was sent, without schemas', () => {
    const body = { title: 'a', serial: '1', place: { building: 'b' } }
    expect(put(device, undefined, body)).toEqual(body)
  })

  test('an input is not changed', () => {
    const input = Object.freeze({ schemas: [Device.id], title: 'a', place: Object.freeze({ room: '1' }) })
    expect(applyMutability(device, { place: { building: 'b' }, serial: '1' }, input)).toEqual({
      title: 'a',
      serial: '1',
      place: { room: '1', building: 'b' },
    })
    expect(input.place).toEqual({ room: '1' })
  })
})

describe('readWrite', () => {
  test('[P-3.5.1-01] [P-3.5.1-02] is replaced, or cleared when it is left out', () => {
    const draft = put(device, { title: 'a', place: { room: '1' } }, { title: 'b' })
    expect(draft).toEqual({ title: 'b' })
  })

  test('[P-3.5.1-12] an extension left out is cleared', () => {
    expect(put(user, { [ENTERPRISE_USER_SCHEMA]: { department: 'a' } }, { userName: 'b' })).toEqual({ userName: 'b' })
  })
})

describe('readOnly', () => {
  test('[P-3.5.1-06] [S-7-06] is as it was, whatever the client sends', () => {
    expect(put(device, { state: 'on' }, { state: 'off', title: 'a' })).toEqual({ state: 'on', title: 'a' })
    expect(put(device, { state: 'on' }, {})).toEqual({ state: 'on' })
    expect(put(device, {}, { state: 'off' })).toEqual({})
    expect(put(device, { id: '1', meta: { version: '1' }, state: null }, { id: '2', meta: {} })).toEqual({})
  })

  test('what is computed from other resources is left to the store', () => {
    const draft = put(user, { groups: [{ value: 'g' }] }, { userName: 'b', groups: [{ value: 'h' }] })
    expect(draft).toEqual({ userName: 'b' })
  })
})

describe('immutable', () => {
  test('[P-3.5.1-04] the first value is stored', () => {
    expect(put(device, {}, { serial: '1', ports: [1] })).toEqual({ serial: '1', ports: [1] })
    expect(put(device, { serial: null, ports: [] }, { serial: '1', ports: [1] })).toEqual({ serial: '1', ports: [1] })
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['a string, without regard to letter case unless caseExact', { serial: 'Abc' }, { serial: 'aBC' }],
    ['a date in another notation', { made: new Date('2020-01-01T00:00:00Z') }, { made: '2020-01-01T01:00:00+01:00' }],
    ['a list in another order', { ports: [1, 2] }, { ports: [2, 1] }],
    ['an object with less in it', { maker: { value: '1', $ref: '/Makers/1' } }, { maker: { value: '1' } }],
    ['an object with primary false', { maker: { value: '1' } }, { maker: { value: '1', primary: false } }],
  ])('[P-3.5.1-04] an input that matches is fine, and the stored one stays: %s', (_, current, body) => {
    const stored = JSON.parse(JSON.stringify(current))
    if (stored.made) stored.made = new Date(stored.made).toISOString()
    expect(put(device, current, body)).toEqual(stored)
  })

  test('[P-3.5.1-04] lists of objects match in any order', () => {
    const parts = [{ value: 'a', size: 1 }, { value: 'b', size: 2 }, { size: 3 }]
    expect(put(device, { parts }, { parts: [...parts].reverse() })).toEqual({ parts })
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['a string', { serial: '1' }, { serial: '2' }],
    ['letter case where it counts', { code: 'a' }, { code: 'A' }],
    ['a shorter list', { ports: [1, 2] }, { ports: [1] }],
    ['a list with another value', { ports: [1, 2] }, { ports: [1, 3] }],
    ['an object', { maker: { value: '1' } }, { maker: { value: '2' } }],
    ['more in an object', { maker: { value: '1' } }, { maker: { value: '1', primary: true } }],
    ['a list of objects', { parts: [{ value: 'a', size: 1 }] }, { parts: [{ value: 'a', size: 2 }] }],
    ['an object where a value is', { maker: 'x' }, { maker: { value: '2' } }],
  ])('[P-3.5.1-04] [S-7-07] another value is mutability: %s', (_, current, body) => {
    const error = errorOf(() => put(device, current, body))
    expect(error).toEqual({ scimType: 'mutability', detail: expect.stringContaining(`"${Object.keys(body)[0]}"`) })
  })

  test('[P-3.5.1-05] left out, it is kept', () => {
    const current = { serial: '1', ports: [1], maker: { value: '1', $ref: null } }
    expect(put(device, current, { serial: null, ports: [] })).toEqual({
      serial: '1',
      ports: [1],
      maker: { value: '1' },
    })
  })

  test('[S-7-07] a part of a complex attribute', () => {
    const current = { place: { room: '1', building: 'b' } }
    expect(put(device, current, { place: { room: '2' } })).toEqual({ place: { room: '2', building: 'b' } })
    expect(errorOf(() => put(device, current, { place: { building: 'c' } }))?.detail).toContain('"place.building"')
    expect(put(device, current, {})).toEqual({})
    expect(put(device, {}, { place: { building: 'c' } })).toEqual({ place: { building: 'c' } })
  })

  test('[P-3.5.1-06] a readOnly part of a complex attribute stays', () => {
    const current = { place: { room: '1', floor: 3 } }
    expect(put(device, current, { place: { room: '2', floor: 4 } })).toEqual({ place: { room: '2', floor: 3 } })
    expect(put(device, {}, { place: { room: '2', floor: 4 } })).toEqual({ place: { room: '2' } })
  })

  test('[S-4.2-02] values with immutable parts come and go as a whole', () => {
    const group = resourceSchema(Group)
    const body = { displayName: 'a', members: [{ value: '1', type: 'Group' }, { value: '3' }] }
    expect(put(group, { members: [{ value: '1', type: 'User' }, { value: '2' }] }, body)).toEqual(body)
  })

  test('in an extension', () => {
    const type = resourceSchema(User, [{ schema: Device, required: false }])
    const current = { [Device.id]: { serial: '1', title: 'a', state: 'on' } }
    expect(put(type, current, { userName: 'b' })).toEqual({ userName: 'b', [Device.id]: { serial: '1', state: 'on' } })
    expect(put(type, current, { [Device.id]: { title: 'b' } })).toEqual({
      [Device.id]: { serial: '1', state: 'on', title: 'b' },
    })
    expect(errorOf(() => put(type, current, { [Device.id]: { serial: '2' } }))?.detail).toContain(
      `"${Device.id}:serial"`,
    )
  })
})

describe('keepOnReplace', () => {
  const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }], {
    active: { keepOnReplace: true },
    'name.middleName': { keepOnReplace: true },
    [`${ENTERPRISE_USER_SCHEMA}:costCenter`]: { keepOnReplace: true },
  })
  const current = {
    active: false,
    name: { middleName: 'M', givenName: 'G' },
    [ENTERPRISE_USER_SCHEMA]: { costCenter: '1', department: 'd' },
  }

  test('left out, the value stays', () => {
    expect(put(schema, current, { name: { givenName: 'H' } })).toEqual({
      active: false,
      name: { givenName: 'H', middleName: 'M' },
      [ENTERPRISE_USER_SCHEMA]: { costCenter: '1' },
    })
  })

  test('[P-3.5.1-03] null clears it', () => {
    const body = {
      ACTIVE: null,
      name: { middleName: null, givenName: 'H' },
      [ENTERPRISE_USER_SCHEMA]: { costCenter: null },
    }
    const draft = put(schema, current, body)
    expect(draft).toEqual({ name: { givenName: 'H' } })
    expect(Object.keys(draft)).toEqual(['name'])
    expect(Object.keys(put(schema, {}, body))).toEqual(['name'])
  })

  test('a value replaces it', () => {
    expect(put(schema, current, { active: true }).active).toBe(true)
  })

  test('[P-3.5.1-09] [S-7-08] what no client can read stays out, so that the store keeps it', () => {
    expect(put(device, { secret: 'x' }, { title: 'a' })).toEqual({ title: 'a' })
    expect(put(device, { secret: 'x' }, { title: 'a', secret: 'y' })).toEqual({ title: 'a', secret: 'y' })
    expect(Object.keys(put(device, {}, { title: 'a', secret: null }))).toEqual(['title'])
  })
})

describe('neededForReplace', () => {
  test('nothing for users and groups: a PUT of a big group reads no members', () => {
    expect([...neededForReplace(user, { active: false })]).toEqual([])
    expect([...neededForReplace(resourceSchema(Group), {})]).toEqual([])
  })

  test('names what the rules look at', () => {
    expect([...neededForReplace(device, {})]).toEqual([
      'serial',
      'code',
      'made',
      'ports',
      'state',
      'maker',
      'parts',
      'place',
    ])
    const extended = resourceSchema(User, [{ schema: Device, required: false }])
    expect([...neededForReplace(extended, { active: true })]).toEqual([Device.id])
  })

  test('what is kept is read only if the client leaves it out; an attribute of role activation is', () => {
    const kept = resourceSchema(User, [], { title: { keepOnReplace: true } })
    expect([...neededForReplace(kept, {})]).toEqual(['title', 'active'])
    expect([...neededForReplace(kept, { title: undefined })]).toEqual(['active'])
    const cleared = resourceSchema(User, [], { active: { keepOnReplace: false } })
    expect([...neededForReplace(cleared, {})]).toEqual([])
  })
})

test('names of object members are attributes like others', () => {
  const odd = defineSchema({
    id: 'urn:example:schemas:Odd',
    attributes: [{ name: 'constructor', mutability: 'immutable' }, { name: 'toString' }],
  })
  expect(put(resourceSchema(odd), {}, { toString: 'x' })).toEqual({ toString: 'x' })
  expect(put(resourceSchema(odd), { constructor: 'c' }, {})).toEqual({ constructor: 'c' })
  expect(put(user, {}, { userName: 'a', schemas: [USER_SCHEMA] })).toEqual({ userName: 'a' })
})
