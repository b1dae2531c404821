import type { JsonObject } from '../schema/model/resource.js'
import type { Characteristics } from './service.js'

/**
 * The subject of a JSON Schema: the body of a request that creates or replaces a resource, an answer with a resource,
 * or an answer with a discovery resource, whose attributes a client cannot leave out.
 */
export type Direction = 'create' | 'replace' | 'answer' | 'discovery'

const TYPES: Readonly<Record<string, JsonObject>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  decimal: { type: 'number' },
  integer: { type: 'integer' },
  dateTime: { type: 'string', format: 'date-time' },
  // RFC 7643 section 2.3.6: base64 or base64url.
  binary: { type: 'string', contentEncoding: 'base64' },
  reference: { type: 'string', format: 'uri-reference' },
}

/** The JSON Schema of an attribute with all of its values. */
export function attributeSchema(attribute: Characteristics, direction: Direction): JsonObject {
  const notes = notesOf(attribute)
  const one =
    attribute.type === 'complex' ? objectSchema(attribute.subAttributes, direction) : simple(attribute, direction)
  if (!attribute.multiValued) return { ...one, ...notes }
  // RFC 7643 section 2.5: a list without a value is unassigned.
  const least = isSent(direction) && mustBeSent(attribute, direction) ? { minItems: 1 } : {}
  // RFC 7643 section 2.5: an object without members is no value.
  const items = isSent(direction) && attribute.type === 'complex' ? { ...one, minProperties: 1 } : one
  return { type: 'array', items, ...least, ...onePrimary(attribute), ...notes }
}

/** RFC 7643 section 2.4: "The primary attribute value "true" MUST appear no more than once." */
function onePrimary({ subAttributes }: Characteristics): JsonObject {
  if (!subAttributes.some(({ name, type }) => name === 'primary' && type === 'boolean')) return {}
  const primary = { type: 'object', properties: { primary: { const: true } }, required: ['primary'] }
  return { contains: primary, minContains: 0, maxContains: 1 }
}

/** The JSON Schema of an object. */
export interface ObjectSchema extends JsonObject {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, JsonObject>>
  readonly required?: readonly string[]
}

/** The JSON Schema of an object with these attributes. */
export function objectSchema(attributes: readonly Characteristics[], direction: Direction): ObjectSchema {
  const members = attributes.filter((attribute) => isSent(direction) || isReadable(attribute))
  const required = members.filter((attribute) => mustBeThere(attribute, direction)).map(({ name }) => name)
  return {
    type: 'object',
    // fromEntries makes own properties, also for a name such as `__proto__`.
    properties: Object.fromEntries(members.map((member) => [member.name, attributeSchema(member, direction)])),
    ...(required.length > 0 && { required }),
  }
}

function simple({ type, required, canonicalValues, multiValued }: Characteristics, direction: Direction): JsonObject {
  const schema = TYPES[type] ?? {}
  const refusesBlank = required && type === 'string' && isSent(direction)
  return {
    // RFC 7643 section 2.3.5: xsd:dateTime. An answer repeats the text of the client, which may lack an offset;
    // `date-time` demands one.
    ...(direction === 'answer' && type === 'dateTime' ? { type: 'string' } : schema),
    // RFC 7643 section 4.1.1: a required text must not be empty.
    ...(refusesBlank && { pattern: '\\S' }),
    // RFC 7643 section 2.3.1: canonical values are suggestions, so the schema lists them as examples and not as an
    // enum.
    ...(canonicalValues.length > 0 && !multiValued && { examples: [...canonicalValues] }),
  }
}

/** The characteristics that JSON Schema has keywords for, and the others under x-scim. */
function notesOf(attribute: Characteristics): JsonObject {
  const { type, mutability, returned, uniqueness, caseExact, referenceTypes, description } = attribute
  const scim = {
    ...(type !== 'string' && { type }),
    ...(type === 'string' && { caseExact }),
    ...(mutability !== 'readWrite' && { mutability }),
    ...(returned !== 'default' && { returned }),
    ...(uniqueness !== 'none' && { uniqueness }),
    ...(referenceTypes.length > 0 && { referenceTypes: [...referenceTypes] }),
  }
  return {
    ...(description !== undefined && { description }),
    ...(attribute.default !== undefined && { default: attribute.default }),
    ...(mutability === 'readOnly' && { readOnly: true }),
    ...(!isReadable(attribute) && { writeOnly: true }),
    ...(Object.keys(scim).length > 0 && { 'x-scim': scim }),
  }
}

/** RFC 7643 section 7: never is "never returned", and values of a writeOnly attribute "SHALL NOT be returned". */
function isReadable({ mutability, returned }: Characteristics): boolean {
  return mutability !== 'writeOnly' && returned !== 'never'
}

function isSent(direction: Direction): direction is 'create' | 'replace' {
  return direction === 'create' || direction === 'replace'
}

function mustBeThere(attribute: Characteristics, direction: Direction): boolean {
  if (isSent(direction)) return mustBeSent(attribute, direction)
  if (direction === 'discovery') return attribute.required
  // RFC 7644 section 3.9: a client may exclude every attribute that is not always returned.
  return attribute.required && attribute.returned === 'always'
}

function mustBeSent({ required, mutability, keepOnReplace }: Characteristics, direction: Direction): boolean {
  return required && mutability !== 'readOnly' && !(direction === 'replace' && keepOnReplace)
}
