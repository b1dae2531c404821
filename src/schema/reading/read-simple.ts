import { isObject } from '../../is-object.js'
import type { Attribute } from '../model/attribute.js'
import type { AttributeType } from '../model/definition.js'
import { isExact, readNumberText } from '../values/number-text.js'
import { type ReadContext, type Reader, wrongType } from './reading.js'

const isString = (value: unknown): boolean => typeof value === 'string'
// JSON text such as 1e999 becomes Infinity, which no JSON can hold.
const isNumber = (value: unknown): boolean => Number.isFinite(value)

const FITS: Readonly<Record<Exclude<AttributeType, 'complex'>, (value: unknown) => boolean>> = {
  string: isString,
  boolean: (value) => typeof value === 'boolean',
  decimal: isNumber,
  integer: isNumber,
  dateTime: isString,
  binary: isString,
  reference: isString,
}

/** Whether the values of a type are texts, RFC 7643 section 2.3. */
export function isText(type: AttributeType): boolean {
  return type !== 'complex' && FITS[type] === isString
}

/** Reads one value of a simple attribute. Formats are checked by validation. */
export function readSimple(attribute: Attribute): Reader {
  const fits = FITS[attribute.type as keyof typeof FITS]
  const read: Reader = (value, reading) => {
    if (fits(value)) return value
    if (isObject(value)) return read(unwrapped(attribute, value, reading), reading)
    // A wrapped value that is none.
    return value === undefined ? undefined : bendSimple(attribute, value, reading)
  }
  return read
}

// The sub-attributes that RFC 7643 section 2.4 has for multi-valued attributes.
const WRAPPING: readonly string[] = ['value', '$ref', 'display', 'type', 'primary']

/** The value in an object as a multi-valued attribute would have it; undefined if it is null (decision A-136). */
function unwrapped(
  attribute: Attribute,
  object: Readonly<Record<string, unknown>>,
  { tolerate }: ReadContext,
): unknown {
  const names = Object.keys(object)
  const key = names.find((name) => name.toLowerCase() === 'value')
  const isWrapping = names.every((name) => WRAPPING.includes(name.toLowerCase()))
  if (key === undefined || !isWrapping || !tolerate('objectForSimple', attribute.path)) throw wrongType(attribute)
  return object[key] ?? undefined
}

function bendSimple(attribute: Attribute, value: unknown, { tolerate }: ReadContext): unknown {
  if (attribute.type === 'boolean' && typeof value === 'string') {
    const text = value.toLowerCase()
    if ((text === 'true' || text === 'false') && tolerate('booleanText', attribute.path)) return text === 'true'
  }
  // A larger number lost digits when the body was parsed, so its text would differ from the client's.
  if (attribute.type === 'string' && isExact(value) && tolerate('numberForText', attribute.path)) return String(value)
  if ((attribute.type === 'integer' || attribute.type === 'decimal') && typeof value === 'string') {
    const number = readNumberText(value)
    if (number !== undefined && tolerate('numberText', attribute.path)) return number
  }
  throw wrongType(attribute)
}
