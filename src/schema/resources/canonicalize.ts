import type { Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import type { InTurns } from '../../in-turns.js'
import { isObject } from '../../is-object.js'
import { memo } from '../../memo.js'
import type { ResourceSchema } from '../define/schema.js'
import type { Attribute } from '../model/attribute.js'
import type { JsonObject } from '../model/resource.js'
import { JsonTexts } from '../reading/json-text.js'
import { readAhead } from '../reading/read-ahead.js'
import { readersOf } from '../reading/read-attribute.js'
import { type Field, fieldOf, readComplex } from '../reading/read-complex.js'
import type { IdentifyReference, ReadAhead, ReadContext } from '../reading/reading.js'
import { checkSchemas } from './read-schemas.js'

/** How a resource of a client is read. */
export interface CanonicalizeOptions {
  readonly tolerate: Tolerate
  /** Finds the id in the "$ref" of a reference without "value". Default: no "$ref" has one. */
  readonly identify?: IdentifyReference | undefined
  /**
   * Whether it replaces a resource (PUT). Attributes with `keepOnReplace` then get no default, and one that is given as
   * null or empty is a member of the result whose value is undefined.
   */
  readonly replace?: boolean
  /** The values that {@link readResourceAhead} has read from long lists. */
  readonly ahead?: ReadAhead | undefined
}

/** How a PATCH value of a client is read. */
export interface CanonicalizeValueOptions {
  readonly tolerate: Tolerate
  readonly identify?: IdentifyReference | undefined
  /** Whether a remove lists the values. */
  readonly remove?: boolean
  /** Sub-attributes that are given as null or empty stand in the object as null, so that a merge can unassign them. */
  readonly keepNull?: boolean
  /** The values that {@link readValueAhead} has read from long lists. */
  readonly ahead?: ReadAhead | undefined
}

/**
 * The resource in the body of a POST or PUT as the schema spells it: names and URNs, types and lists right, tolerances
 * and defaults (decision A-114) applied, without readOnly and unassigned attributes, and without `schemas`, which are
 * checked. The object is new; parts in which nothing differs are those of the body.
 * Throws a {@link ScimError} for a value that the schema has no place for; formats and completeness are left to
 * validation.
 */
export function canonicalizeResource(schema: ResourceSchema, body: unknown, options: CanonicalizeOptions): JsonObject {
  if (!isObject(body)) throw ScimError.invalidSyntax('The body of the request must be a JSON object.')
  const envelope = resourceReading(options)
  const attributes = (readerOf(schema)(body, envelope) ?? {}) as JsonObject
  checkSchemas(schema, envelope.schemas, options.tolerate)
  return attributes === body ? { ...attributes } : attributes
}

/** Reads the long lists in the body of a POST or PUT in pieces, for {@link canonicalizeResource}. */
export function readResourceAhead(
  schema: ResourceSchema,
  body: unknown,
  options: CanonicalizeOptions,
): InTurns<ReadAhead> {
  return readAhead(schema.root, body, resourceReading(options))
}

function resourceReading({ tolerate, identify, replace = false, ahead }: CanonicalizeOptions): Envelope {
  return {
    tolerate,
    replace,
    patch: false,
    keepNull: false,
    remove: false,
    identify,
    texts: new JsonTexts(),
    ahead,
    schemas: undefined,
  }
}

/**
 * The value of an attribute in a PATCH request, in the form of {@link canonicalizeResource}: of a multi-valued
 * attribute a list, whether one value or a list was given. Undefined: it comes to no value.
 */
export function canonicalizeValue(attribute: Attribute, value: unknown, options: CanonicalizeValueOptions): unknown {
  if (value === null || value === undefined) return undefined
  return readersOf(attribute).whole(value, patchReading(options))
}

/**
 * One value of a multi-valued attribute in a PATCH request, in the form of {@link canonicalizeResource}. A path such as
 * `emails[type eq "work"]` names it. Undefined: there is no value.
 */
export function canonicalizeElement(attribute: Attribute, value: unknown, options: CanonicalizeValueOptions): unknown {
  if (value === null || value === undefined) return undefined
  return readersOf(attribute).one(value, patchReading(options))
}

/** Reads a long list in a PATCH value in pieces, for {@link canonicalizeValue}. */
export function readValueAhead(
  attribute: Attribute,
  value: unknown,
  options: CanonicalizeValueOptions,
): InTurns<ReadAhead> {
  return readAhead(attribute, value, patchReading(options))
}

function patchReading(options: CanonicalizeValueOptions): ReadContext {
  const { tolerate, identify, keepNull = false, remove = false, ahead } = options
  return { tolerate, identify, keepNull, remove, patch: true, replace: false, texts: new JsonTexts(), ahead }
}

/** A reading that also notes the values of `schemas`, which are no data of the resource. */
interface Envelope extends ReadContext {
  schemas: unknown
}

const readerOf = memo((schema: ResourceSchema) => readComplex(schema.root, schema.root.subAttributes.map(topField)))

function topField(attribute: Attribute): Field {
  if (attribute.name !== 'schemas') return fieldOf(attribute, readersOf(attribute).whole)
  return fieldOf(attribute, (value, reading) => {
    ;(reading as Envelope).schemas = value
    return undefined
  })
}
