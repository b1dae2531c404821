import fc from 'fast-check'
import { strict, tolerant } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { EnterpriseUser } from '../../src/schema/core/enterprise-user.js'
import { User } from '../../src/schema/core/user.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import {
  canonicalizeElement,
  canonicalizeResource,
  canonicalizeValue,
} from '../../src/schema/resources/canonicalize.js'
import { applyMutability } from '../../src/schema/resources/mutability.js'
import { validateElement, validateResource, validateValue } from '../../src/schema/resources/validate.js'
import { runs } from '../support/length.js'

const Extra = defineSchema({
  id: 'urn:example:schemas:Extra',
  attributes: [
    { name: 'level', type: 'integer' },
    { name: 'hired', type: 'dateTime' },
    { name: 'tags', multiValued: true },
    { name: 'fixed', mutability: 'immutable' },
    { name: 'parts', type: 'complex', multiValued: true, mutability: 'immutable', subAttributes: [{ name: 'value' }] },
    { name: 'site', type: 'complex', subAttributes: [{ name: 'value', mutability: 'immutable' }, { name: 'room' }] },
  ],
})
const schema = resourceSchema(User, [
  { schema: EnterpriseUser, required: false },
  { schema: Extra, required: false },
])

const attributes = [...walk(schema.root)]
const NAMES = [...new Set(attributes.map(({ name }) => name))]
const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '']

function* walk(attribute: Attribute): Generator<Attribute> {
  for (const sub of attribute.subAttributes) {
    yield sub
    yield* walk(sub)
  }
}

/** A name of the schema, in any letter case, or an unknown name. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((known) => known.toUpperCase()) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string() },
)

const leaf = fc.oneof(
  fc.string(),
  fc.constantFrom('', 'true', 'False', '{"value":"x"}', '{"value":{}}', '[{"value":"x"}]', '{', '2020-01-01T00:00:00Z'),
  fc.constantFrom(...[schema.base.id, Extra.id, 'urn:ietf:params:scim:api:messages:2.0:Error']),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.constant(null),
)

const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, tie('object'), fc.array(tie('value'), { maxLength: 4 })),
  object: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
}))

/** Bodies that are often near enough to a user to come through. */
const body = fc.oneof(
  json.value,
  json.object,
  fc
    .tuple(json.object, fc.constantFrom('schemas', 'Schemas'))
    .map(([object, key]) => ({ ...object, [key]: [User.id], userName: 'b' })),
)

const modes = fc.constantFrom(strict, tolerant)

/** The result, or the ScimError: any other error fails the test. */
function attempt<T>(work: () => T): T | ScimError {
  try {
    return work()
  } catch (error) {
    if (!ScimError.is(error)) throw error
    expect(error.status).toBe(400)
    return error
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part)
    Object.freeze(value)
  }
  return value
}

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('any body is read and validated, or refused with a ScimError, and never changed', () => {
  fc.assert(
    fc.property(body, modes, fc.boolean(), (given, tolerate, replace) => {
      const read = attempt(() => canonicalizeResource(schema, freeze(given), { tolerate, replace }))
      if (!ScimError.is(read)) attempt(() => validateResource(schema, read, { replace }))
    }),
    { numRuns: runs(400, 2_000) },
  )
})

test('what tolerant mode has read, strict mode reads as it stands', () => {
  fc.assert(
    fc.property(body, (given) => {
      const read = attempt(() => canonicalizeResource(schema, given, { tolerate: tolerant }))
      if (ScimError.is(read)) return
      const again = canonicalizeResource(schema, freeze(withSchemas(read)), { tolerate: strict })
      expect(again).toEqual(read)
    }),
    { numRuns: runs(200, 1_000) },
  )
})

test('[S-2.1-01] the letter case of names makes no difference', () => {
  const respell = (value: unknown, up: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => respell(one, up))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [up ? key.toUpperCase() : key.toLowerCase(), respell(part, up)]),
    )
  }
  const known = json.object.map((object) => canonicalizeOrEmpty(object))
  fc.assert(
    fc.property(known, fc.boolean(), (resource, up) => {
      expect(canonicalizeResource(schema, respell(withSchemas(resource), up), { tolerate: strict })).toEqual(resource)
    }),
    { numRuns: 500 },
  )
})

/** As a client would send it. */
function withSchemas(attributes: JsonObject): JsonObject {
  return { schemas: [User.id], ...attributes }
}

function canonicalizeOrEmpty(object: JsonObject): JsonObject {
  const read = attempt(() => canonicalizeResource(schema, object, { tolerate: tolerant }))
  return ScimError.is(read) ? {} : read
}

test('any PATCH value is read and validated, or refused with a ScimError', () => {
  const options = fc.record({ tolerate: modes, keepNull: fc.boolean() })
  fc.assert(
    fc.property(fc.constantFrom(...attributes), json.value, options, (attribute, given, how) => {
      attempt(() => validateValue(attribute, canonicalizeValue(attribute, freeze(given), how)))
      attempt(() => validateElement(attribute, canonicalizeElement(attribute, given, how)))
    }),
    { numRuns: runs(200, 1_000) },
  )
})

test('any resource takes the place of any other, or is refused with a ScimError; doing it twice changes nothing', () => {
  fc.assert(
    fc.property(json.object, json.object, (before, given) => {
      const current = canonicalizeOrEmpty(before)
      const input = canonicalizeOrEmpty(given)
      const draft = attempt(() => applyMutability(schema, freeze(current), freeze(input)))
      if (ScimError.is(draft)) expect(draft.scimType).toBe('mutability')
      else expect(applyMutability(schema, draft, input)).toEqual(draft)
    }),
    { numRuns: runs(200, 1_000) },
  )
})
