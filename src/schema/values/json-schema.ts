import type { Attribute } from '../model/attribute.js'
import type { AttributeType } from '../model/definition.js'

/** The part of JSON Schema that attributes need. */
export interface JsonSchema {
  readonly type: 'string' | 'boolean' | 'number' | 'integer' | 'object' | 'array'
  readonly format?: 'dateTime' | 'base64' | 'uri-reference'
  readonly pattern?: string
  readonly isValid?: (text: string) => boolean
  readonly canonicalValues?: { readonly values: readonly string[]; readonly caseExact: boolean }
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

const SIMPLE: Readonly<Record<Exclude<AttributeType, 'complex'>, JsonSchema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  decimal: { type: 'number' },
  integer: { type: 'integer' },
  dateTime: { type: 'string', format: 'dateTime' },
  binary: { type: 'string', format: 'base64' },
  reference: { type: 'string', format: 'uri-reference' },
}

/**
 * The rules of an attribute that JSON Schema can express, all values together. Of a complex one it covers the
 * sub-attributes that clients set; readOnly ones are the server's.
 *
 * @param lenient Whether attributes that the store keeps may be missing though required.
 */
export function jsonSchemaOf(attribute: Attribute, lenient = false): JsonSchema {
  const one = attribute.type === 'complex' ? objectSchema(attribute, lenient) : simpleSchema(attribute)
  if (!attribute.multiValued) return one
  return { type: 'array', items: one, ...(attribute.required && { minItems: 1 }) }
}

/**
 * Whether a canonical value of an attribute can be invalid. Most attributes of a resource are texts without any rule:
 * to read them was to see that they are texts.
 */
function canBeWrong({ required, type, enforceCanonicalValues, isValid, subAttributes }: Attribute): boolean {
  if (required || enforceCanonicalValues || isValid) return true
  // Every finite number is read as one, and not every one is an integer.
  if (type === 'integer' || SIMPLE[type as keyof typeof SIMPLE]?.format !== undefined) return true
  return subAttributes.some(canBeWrong)
}

function objectSchema(attribute: Attribute, lenient: boolean): JsonSchema {
  // The values of "schemas" were checked when the resource was read, and are no data of it.
  const members = attribute.subAttributes.filter(
    (sub) => sub.mutability !== 'readOnly' && sub.path !== 'schemas' && canBeWrong(sub),
  )
  return {
    type: 'object',
    // fromEntries makes own properties of every name, `__proto__` included.
    properties: Object.fromEntries(members.map((sub) => [sub.name, jsonSchemaOf(sub, lenient)])),
    required: members.filter((sub) => sub.required && !(lenient && sub.keepOnReplace)).map((sub) => sub.name),
  }
}

function simpleSchema(attribute: Attribute): JsonSchema {
  const { required, enforceCanonicalValues, canonicalValues: values, caseExact, isValid } = attribute
  return {
    ...SIMPLE[attribute.type as keyof typeof SIMPLE],
    // RFC 7643 section 4.1.1 on userName: "Each User MUST include a non-empty userName value."
    ...(required && attribute.type === 'string' && { pattern: '\\S' }),
    // RFC 7643 section 2.3.1: canonical values MAY restrict the accepted values.
    ...(enforceCanonicalValues && values.length > 0 && { canonicalValues: { values, caseExact } }),
    ...(isValid && { isValid }),
  }
}
