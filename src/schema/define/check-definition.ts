import { kindOf } from '../../check-options.js'
import { isObject, propertiesOf } from '../../is-object.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import { MESSAGE_NAMESPACE } from '../../urn.js'
import type { SchemaDefinition } from '../model/definition.js'

// RFC 7643 section 2.1: nameChar = "$" / "-" / "_" / DIGIT / ALPHA. "$ref" is used by section 2.4, erratum 8924.
const NAME = /^(?:[A-Za-z][A-Za-z0-9$_-]*|\$ref)$/

const KEYS: Readonly<Record<keyof SchemaDefinition, true>> = {
  id: true,
  name: true,
  description: true,
  attributes: true,
}

const FORM = 'A schema must be an object with an id and an array of attributes'

/** The keys of a schema; `schemas` and `meta` are those of a schema that another server shows under /Schemas. */
const KNOWN: readonly string[] = [...Object.keys(KEYS), 'schemas', 'meta']

/** The form of a schema, before anything is made of it: JavaScript has no types. Throws a {@link SetupError}. */
export function checkSchemaForm(schema: unknown): void {
  if (!isObject(schema)) throw invalidSchema(`${FORM}, got ${kindOf(schema)}`)
  const unknown = Object.keys(schema).find((key) => !KNOWN.includes(key))
  if (unknown !== undefined) {
    const name = typeof schema.id === 'string' ? `schema ${schema.id}` : 'a schema'
    throw invalidSchema(`Unknown key "${unknown}" of ${name}`, didYouMean(unknown, KNOWN))
  }
  if (!Array.isArray(schema.attributes)) throw invalidSchema(FORM)
  checkUri(schema.id, schema)
  for (const key of ['name', 'description']) {
    const text = schema[key]
    if (text !== undefined && typeof text !== 'string') {
      throw invalidSchema(`The ${key} of a schema must be a string, got ${kindOf(text)}`)
    }
  }
  for (const attribute of schema.attributes) checkAttributeForm(attribute)
}

/** The form of an attribute, without its sub-attributes. Throws a {@link SetupError}. */
export function checkAttributeForm(attribute: unknown): void {
  if (!isObject(attribute)) {
    throw invalidSchema(`Each attribute of a schema must be an object with a name, got ${kindOf(attribute)}`)
  }
  const { name } = attribute
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalidSchema(`An attribute must have a valid name, got ${shown(name)}`)
  }
  for (const key of ['canonicalValues', 'referenceTypes']) {
    const texts = attribute[key]
    if (texts !== undefined && !(Array.isArray(texts) && texts.every((text) => typeof text === 'string'))) {
      throw invalidSchema(`The ${key} of attribute "${name}" must be an array of strings`)
    }
  }
  const { subAttributes } = attribute
  if (subAttributes !== undefined && !Array.isArray(subAttributes)) {
    throw invalidSchema(`The subAttributes of attribute "${name}" must be an array, got ${kindOf(subAttributes)}`)
  }
}

function checkUri(id: unknown, schema: Readonly<Record<string, unknown>>): void {
  if (typeof id !== 'string' || !/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(id)) {
    throw invalidSchema(`${called(schema)} must have a URI as id, got ${shown(id)}`)
  }
  // RFC 7644 section 3.1: the namespace of messages is theirs alone.
  if (id.toLowerCase().startsWith(MESSAGE_NAMESPACE)) {
    throw invalidSchema(`Schema ${id} must not be in the namespace of protocol messages`)
  }
}

/**
 * How a message shows a value of a definition. A value that is no text is told by its kind: it may not become a text.
 */
export function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : kindOf(value)
}

/** A schema without a usable id, by its name or its first attribute. */
function called({ name, attributes }: Readonly<Record<string, unknown>>): string {
  if (typeof name === 'string') return `Schema "${name}"`
  const { name: first } = propertiesOf(Array.isArray(attributes) ? attributes[0] : undefined)
  return typeof first === 'string' ? `The schema with attribute "${first}"` : 'A schema'
}

export function invalidSchema(sentence: string, suggestion = ''): SetupError {
  return new SetupError('ERR_SCIM_SCHEMA', `${sentence}.${suggestion}`)
}
