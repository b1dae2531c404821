import type { Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import type { Attribute } from '../model/attribute.js'
import type { AttributeType } from '../model/definition.js'
import type { JsonTexts } from './json-text.js'

/** The settings of one pass over client data. */
export interface ReadContext {
  readonly tolerate: Tolerate
  /** PATCH takes a single value for a multi-valued attribute, and sets no defaults. */
  readonly patch: boolean
  /** PUT: attributes that keep their value if left out get no default. */
  readonly replace: boolean
  /** Sub-attributes that are given without a value stand in the result as null. */
  readonly keepNull: boolean
  /** The values are listed by a remove: an empty value removes nothing. */
  readonly remove: boolean
  readonly identify: IdentifyReference | undefined
  /** Reads JSON inside texts. */
  readonly texts: JsonTexts
  /** Values of long lists that have been read before. */
  readonly ahead: ReadAhead | undefined
}

/** The results of reading the values of a client's long lists. */
export type ReadAhead = ReadonlyMap<Attribute, ListAhead>

/** A long list that has been read before the rest. */
export interface ListAhead {
  /** As it was sent. */
  readonly list: readonly unknown[]
  /** Its values as they are read; the first ones alone if one was refused. */
  readonly read: readonly unknown[]
}

/**
 * The id of the resource that a reference without `value` points to by its `$ref`; undefined when there is no telling.
 */
export type IdentifyReference = (attribute: Attribute, value: Readonly<Record<string, unknown>>) => string | undefined

/** Reads a client's value for an attribute, never null; undefined if it holds no value. */
export type Reader = (value: unknown, reading: ReadContext) => unknown

const JSON_TYPES: Readonly<Record<AttributeType, string>> = {
  string: 'a string',
  boolean: 'true or false',
  decimal: 'a number',
  integer: 'an integer',
  dateTime: 'a string with date and time',
  binary: 'a string in base64',
  reference: 'a string with a URI',
  complex: 'an object',
}

/**
 * The error for a value of a JSON type that the attribute does not have. It names the attribute and never the value.
 */
export function wrongType(attribute: Attribute): ScimError {
  return ScimError.invalidValue(`Attribute "${attribute.path}" must be ${JSON_TYPES[attribute.type]}.`, {
    attribute: attribute.path,
  })
}

/** A name that a client made up, short enough to be repeated to it. */
export function quoteName(holder: Attribute, name: string): string {
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name
  if (holder.path === '') return shown
  return `${holder.path}${holder.isExtension ? ':' : '.'}${shown}`
}
