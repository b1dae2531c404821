import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { ScimError } from '../../error.js'
import { memo } from '../../memo.js'
import type { ResourceSchema } from '../define/schema.js'
import type { Attribute } from '../model/attribute.js'
import type { JsonObject } from '../model/resource.js'
import { wrongType } from '../reading/reading.js'
import { readInstant } from '../values/date-time.js'
import { type JsonSchema, jsonSchemaOf } from '../values/json-schema.js'
import { cannotUnassign, missing } from './required.js'

/** How a resource is validated. */
export interface ValidateOptions {
  /**
   * Whether it takes the place of a stored one (PUT, PATCH): attributes with `keepOnReplace`, such as a password, then
   * may be missing though required, because the store keeps theirs.
   */
  readonly replace?: boolean
}

/**
 * Checks a canonical resource: types, formats, required attributes and extensions, canonical values where they are
 * enforced. Throws 400 invalidValue that names the attribute and repeats no value.
 */
export function validateResource(schema: ResourceSchema, resource: JsonObject, options: ValidateOptions = {}): void {
  check(schema.root, resource, options.replace === true ? lenientValidatorOf : validatorOf)
}

/** Whether it has required attributes that the store may keep. */
function mayLack(attribute: Attribute): boolean {
  return attribute.subAttributes.some((sub) => (sub.required && sub.keepOnReplace) || mayLack(sub))
}

/**
 * Checks a canonical PATCH value of an attribute. The values of a multi-valued attribute have to be complete; of a
 * complex one it may be a part, in which null unassigns a sub-attribute.
 */
export function validateValue(attribute: Attribute, value: unknown): void {
  if (value === undefined) return
  if (attribute.type === 'complex' && !attribute.multiValued) validatePart(attribute, value)
  else check(attribute, value)
}

/**
 * Checks a canonical PATCH value for one value of a multi-valued attribute, which a path such as
 * `emails[type eq "work"]` names; it may be a part of a complex value.
 */
export function validateElement(attribute: Attribute, value: unknown): void {
  if (value === undefined) return
  if (attribute.type === 'complex') validatePart(attribute, value)
  else validateValue(attribute, attribute.multiValued ? [value] : value)
}

function validatePart(attribute: Attribute, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(attribute)
  for (const [name, part] of Object.entries(value)) {
    const sub = attribute.subAttribute(name)
    if (sub === undefined || sub.mutability === 'readOnly') continue
    if (part !== null) validateValue(sub, part)
    else if (sub.required) throw cannotUnassign(sub)
  }
}

const validatorOf = memo((attribute: Attribute) => compile(jsonSchemaOf(attribute, false)))
// In most schemas no required attribute is kept by the store: one validator serves both.
const lenientValidatorOf = memo((attribute: Attribute) =>
  mayLack(attribute) ? compile(jsonSchemaOf(attribute, true)) : validatorOf(attribute),
)

function check(attribute: Attribute, value: unknown, validatorFor = validatorOf): void {
  const validate = validatorFor(attribute)
  if (validate(value)) return
  const [error] = validate.errors ?? []
  throw error ? explain(attribute, error) : wrongType(attribute)
}

// RFC 4648 section 4; RFC 7643 section 2.3.6: "padding characters MAY be omitted".
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

function compile(schema: JsonSchema): ValidateFunction {
  // ownProperties: an attribute may be named "constructor". The schema is ours and needs no check against its own
  // schema. Ajv's optimizer takes seven eighths of the time of a compilation, and the code that it removes costs V8
  // nothing.
  const ajv = new Ajv({ ownProperties: true, meta: false, validateSchema: false, code: { optimize: false } })
  addFormats.default(ajv, { mode: 'fast', formats: ['uri-reference'] })
  ajv.addFormat('base64', BASE64)
  ajv.addFormat('dateTime', { type: 'string', validate: (text) => readInstant(text) !== undefined })
  ajv.addKeyword({ keyword: 'canonicalValues', type: 'string', schemaType: 'object', compile: isCanonical })
  ajv.addKeyword({ keyword: 'isValid', type: 'string', compile: (isValid: (text: string) => boolean) => isValid })
  return ajv.compile(schema)
}

function isCanonical({ values, caseExact }: NonNullable<JsonSchema['canonicalValues']>): (text: string) => boolean {
  const fold = (text: string): string => (caseExact ? text : text.toLowerCase())
  const allowed = new Set(values.map(fold))
  return (text) => allowed.has(fold(text))
}

/** The error in terms of SCIM. */
function explain(attribute: Attribute, { keyword, instancePath, params }: ErrorObject): ScimError {
  const found = locate(attribute, instancePath)
  if (keyword === 'required') return missing(found.subAttribute(String(params.missingProperty)) ?? found)
  if (keyword === 'minItems') return missing(found)
  if (keyword === 'pattern')
    return ScimError.invalidValue(`Attribute "${found.path}" is required and must not be empty.`, {
      attribute: found.path,
    })
  if (keyword === 'canonicalValues') {
    return ScimError.invalidValue(`Attribute "${found.path}" must be one of: ${found.canonicalValues.join(', ')}.`, {
      attribute: found.path,
    })
  }
  if (keyword === 'isValid')
    return ScimError.invalidValue(`Attribute "${found.path}" has a value that is not valid.`, { attribute: found.path })
  if (keyword === 'format')
    return ScimError.invalidValue(`Attribute "${found.path}" ${FORMATS[found.type]}.`, { attribute: found.path })
  return wrongType(found)
}

const FORMATS: Readonly<Partial<Record<Attribute['type'], string>>> = {
  dateTime: 'asks for a date and a time, such as 2011-05-13T04:42:34Z',
  binary: 'asks for base64',
  reference: 'asks for a URI, absolute or relative',
}

/** The attribute that a JSON pointer leads to. */
function locate(attribute: Attribute, pointer: string): Attribute {
  let found = attribute
  for (const part of pointer.split('/').slice(1)) {
    // A part that is no name is the index of a value.
    found = found.subAttribute(part.replaceAll('~1', '/').replaceAll('~0', '~')) ?? found
  }
  return found
}
