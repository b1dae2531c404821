import type { Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import { hasOwn } from '../../has-own.js'
import { isObject } from '../../is-object.js'
import { type Attribute, isResourceReference, valueAttribute } from '../model/attribute.js'
import { PositionalCache } from '../values/positional-cache.js'
import { isText } from './read-simple.js'
import { quoteName, type ReadContext, type Reader, wrongType } from './reading.js'

/** An attribute of an object, with its reader. */
export interface Field {
  readonly name: string
  readonly attribute: Attribute
  readonly read: Reader
  /** Whether a text is taken as it is, so that not even a call need be spent on it. */
  readonly takesText: boolean
  /** Whether a boolean is taken as it is, without a call. */
  readonly takesBoolean: boolean
}

/** An attribute with its reader. */
export function fieldOf(attribute: Attribute, read: Reader): Field {
  const { name, type, multiValued, mutability } = attribute
  const isPlain = !multiValued && mutability !== 'readOnly'
  return { name, attribute, read, takesText: isPlain && isText(type), takesBoolean: isPlain && type === 'boolean' }
}

type Fields = PositionalCache<Field>

/** Reads one value of a complex attribute, the object of an extension, or the resource itself. */
export function readComplex(attribute: Attribute, fields: readonly Field[]): Reader {
  const index: Fields = new PositionalCache(fields)
  const defaulted = fields.filter(canHaveDefault)
  const readParts = (value: Readonly<Record<string, unknown>>, reading: ReadContext): unknown =>
    readObject(attribute, index, defaulted, value, reading)
  return (value, reading) => {
    if (isObject(value)) return readParts(value, reading)
    const bent = bendComplex(attribute, value, reading)
    return bent && readParts(bent, reading)
  }
}

function readObject(
  attribute: Attribute,
  index: Fields,
  defaulted: readonly Field[],
  value: Readonly<Record<string, unknown>>,
  reading: ReadContext,
): Readonly<Record<string, unknown>> | undefined {
  // An object with canonical names and values stays the same object; a copy is made if something differs.
  let copy: Record<string, unknown> | undefined
  let respelled: Set<string> | undefined
  let position = -1
  for (const key in value) {
    if (!hasOwn.call(value, key)) continue
    position += 1
    const part = value[key]
    let field: Field | undefined = index.last[position]
    if (field === undefined || field.name !== key) field = index.find(position, key)
    if (field === undefined) {
      field = respell(attribute, index, position, key, reading)
      if (field !== undefined) {
        const { name, path } = field.attribute
        if (Object.hasOwn(value, name) || respelled?.has(name)) {
          throw ScimError.invalidSyntax(`Attribute "${path}" is given more than once.`, { attribute: path })
        }
        respelled ??= new Set()
        respelled.add(name)
      }
    }
    const isPlain = typeof part === 'string' ? field?.takesText : typeof part === 'boolean' && field?.takesBoolean
    const read = isPlain ? part : field && readProperty(field, part, reading)
    if (copy === undefined && read === part && field?.name === key) continue
    copy ??= firstOf(value, position)
    if (field !== undefined && read !== ABSENT) copy[field.name] = read
  }
  if (defaulted.length > 0 && !reading.patch) {
    for (const field of defaulted) {
      const { name } = field.attribute
      // RFC 7644 section 3.3: a client that sends null or [] wants no default.
      if (Object.hasOwn(value, name) || respelled?.has(name)) continue
      const initial = defaultOf(field, reading)
      if (initial === undefined) continue
      copy ??= { ...value }
      copy[name] = initial
    }
  }
  if (copy === undefined) return position >= 0 ? value : undefined
  for (const _ in copy) return copy
  return undefined
}

/** Stands for a member that the result does not have; undefined is a value that one can have. */
const ABSENT = Symbol('absent')

/** The attribute that a key means in other letters. RFC 7643 section 2.1: "Attribute names are case insensitive". */
function respell(
  attribute: Attribute,
  index: Fields,
  position: number,
  key: string,
  reading: ReadContext,
): Field | undefined {
  const name = attribute.subAttribute(key)?.name
  const field = name === undefined ? undefined : index.find(position, name)
  if (field === undefined) requireIgnorable(attribute, key, reading.tolerate)
  return field
}

function readProperty(field: Field, part: unknown, reading: ReadContext): unknown {
  // RFC 7644 section 3.3: "attributes whose mutability is "readOnly" (…) SHALL be ignored": not even looked at.
  if (field.attribute.mutability === 'readOnly') return ABSENT
  // RFC 7643 section 2.5: unassigned, null and empty are one state.
  const read = part === null || part === undefined ? undefined : field.read(part, reading)
  if (read !== undefined) return read
  if (reading.keepNull) return null
  // Said to be without value, which is not the same as left out when that means "as before".
  return reading.replace && isKept(field) ? undefined : ABSENT
}

function firstOf(value: Readonly<Record<string, unknown>>, count: number): Record<string, unknown> {
  const first: Record<string, unknown> = {}
  let position = 0
  for (const key in value) {
    if (position === count) break
    if (!hasOwn.call(value, key)) continue
    first[key] = value[key]
    position += 1
  }
  return first
}

/** Values that no client can read are always kept. */
function isKept({ attribute }: Field): boolean {
  return attribute.keepOnReplace && attribute.returned !== 'never' && attribute.mutability !== 'writeOnly'
}

/** Defaults count for attributes: those in an extension too, even when nothing else of it is given. */
function canHaveDefault({ attribute }: Field): boolean {
  if (attribute.mutability === 'readOnly') return false
  if (hasDefault(attribute)) return true
  return attribute.isExtension && attribute.subAttributes.some(hasDefault)
}

function hasDefault({ default: value }: Attribute): boolean {
  return value !== undefined && value !== null
}

function defaultOf({ attribute, read }: Field, reading: ReadContext): unknown {
  if (attribute.isExtension) return read({}, reading)
  if (reading.replace) return undefined
  return structuredClone(attribute.default)
}

/** Refuses a name that the schema does not have, unless it is ignored by tolerance. */
export function requireIgnorable(holder: Attribute, name: string, tolerate: Tolerate): void {
  const path = quoteName(holder, name)
  if (tolerate('unknownAttribute', path)) return
  // The server knows the sub-attributes beside the identifier of a reference (decision A-132).
  if (holder.multiValued && isResourceReference(holder)) return
  throw ScimError.invalidSyntax(`The schema has no attribute "${path}".`, { attribute: path })
}

/** An object made of a value that is no object. Undefined: it holds no value. */
function bendComplex(
  attribute: Attribute,
  value: unknown,
  { tolerate, texts }: ReadContext,
): Readonly<Record<string, unknown>> | undefined {
  if (value === '' && tolerate('emptyValue', attribute.path)) return undefined
  if (typeof value === 'string') {
    const parsed = texts.parse(value, '{')
    if (isObject(parsed) && tolerate('jsonText', attribute.path)) return parsed
  }
  if ((typeof value === 'string' || typeof value === 'number') && !attribute.isExtension) {
    if (valueAttribute(attribute) && tolerate('textForComplex', attribute.path)) return { value }
  }
  throw wrongType(attribute)
}
