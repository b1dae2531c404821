import { ScimError } from '../../error.js'
import { isObject } from '../../is-object.js'
import { type Attribute, isResourceReference, valueAttribute } from '../model/attribute.js'
import { readReference, readSingleReference } from './read-reference.js'
import { type ReadContext, type Reader, wrongType } from './reading.js'

type Value = Readonly<Record<string, unknown>>

/** Reads a singular attribute: a list only by tolerance. */
export function readSingular(attribute: Attribute, readOne: Reader): Reader {
  const read = valueAttribute(attribute) ? readSingularValue(attribute, readOne) : readOne
  return (value, reading) => {
    if (!Array.isArray(value)) return read(value, reading)
    if (value.length === 0) return undefined
    if (value.length > 1 || !reading.tolerate('listForSingle', attribute.path)) throw wrongType(attribute)
    return value[0] === null || value[0] === undefined ? undefined : read(value[0], reading)
  }
}

function readSingularValue(attribute: Attribute, readOne: Reader): Reader {
  const reference = isResourceReference(attribute)
  return (given, reading) => {
    const read = readOne(given, reading) as Value | undefined
    if (read?.value === '') return reading.tolerate('emptyValue', attribute.path) ? undefined : read
    if (read === undefined || !reference || typeof read.value === 'string') return read
    return readSingleReference(attribute, read, givesValue(given), reading)
  }
}

/** Reads one value of a list, as it stands in it; undefined if it has no content. */
export function readElement(attribute: Attribute, readOne: Reader): Reader {
  const complex = attribute.type === 'complex'
  const value = valueAttribute(attribute)
  const reference = isResourceReference(attribute)
  return (one, reading) => {
    const read = one === null || one === undefined ? undefined : readOne(one, reading)
    if (reference) return readReference(attribute, read as Value | undefined, givesValue(one), reading)
    if (value) return withContent(attribute, read as Value | undefined, one, reading)
    return !complex && read === '' && reading.tolerate('emptyValue', attribute.path) ? undefined : read
  }
}

/** How the values of a list are read: no part of an earlier value is kept. */
export function readingOfList(outer: ReadContext): ReadContext {
  return outer.keepNull || outer.replace ? { ...outer, keepNull: false, replace: false } : outer
}

/** Reads a multi-valued attribute: all its values, each stored once, one of them primary. */
export function readValues(attribute: Attribute, readValue: Reader): Reader {
  const complex = attribute.type === 'complex'
  const value = valueAttribute(attribute)
  const primary = attribute.subAttribute('primary')?.type === 'boolean'
  const keyOf = complex ? complexKey(attribute) : (one: unknown) => one
  return (given, outer) => {
    const reading = readingOfList(outer)
    const list = listOf(attribute, given, reading)
    const known = reading.ahead?.get(attribute)
    const ahead = known?.list === list ? known.read : undefined
    // A list in which nothing differs stays the list that it is.
    let values: unknown[] | undefined
    for (let position = 0; position < list.length; position += 1) {
      const one = list[position]
      const read = ahead && position < ahead.length ? ahead[position] : readValue(one, reading)
      if (values === undefined && read === one && read !== undefined) continue
      values ??= list.slice(0, position)
      if (read !== undefined) values.push(read)
      else if (!reading.remove) requireDroppable(attribute, one, reading)
    }
    const read = values ?? list
    if (read.length === 0) {
      // Some clients clear a list so. All else that comes to nothing is no wish to do that.
      if (list.every(isEmptyValue) || reading.remove) return undefined
      throw ScimError.invalidValue(
        `Attribute "${attribute.path}" must have a value with a sub-attribute that clients can write.`,
        {
          attribute: attribute.path,
        },
      )
    }
    if (read.length === 1) return read
    const distinct = complex && value && haveOwnTexts(read) ? read : withoutDuplicates(read, keyOf)
    return primary ? withOnePrimary(attribute, distinct as readonly Value[], reading) : distinct
  }
}

function listOf(attribute: Attribute, given: unknown, { tolerate, patch, texts }: ReadContext): readonly unknown[] {
  if (Array.isArray(given)) return given
  if (attribute.type === 'complex' && typeof given === 'string') {
    const parsed = texts.parse(given, '[')
    if (Array.isArray(parsed) && tolerate('jsonText', attribute.path)) return parsed
  }
  // RFC 7644 section 3.5.2.1 lets a PATCH give one value of a multi-valued attribute without a list around it.
  if (!patch && !tolerate('singleForList', attribute.path)) {
    throw ScimError.invalidValue(`Attribute "${attribute.path}" is multi-valued and must be an array.`, {
      attribute: attribute.path,
    })
  }
  return [given]
}

/** The value, unless its `value` is empty, so that it is dropped by tolerance. */
function withContent(attribute: Attribute, read: Value | undefined, given: unknown, reading: ReadContext): unknown {
  if (read === undefined) return undefined
  const { value } = read
  const isEmpty = value === undefined ? isObject(given) && isEmptyValue(given) : value === ''
  return isEmpty && reading.tolerate('emptyValue', attribute.path) ? undefined : read
}

/** Whether a value of a list is null or "", or an object whose "value" is. */
function isEmptyValue(given: unknown): boolean {
  if (given === null || given === undefined || given === '') return true
  return (
    isObject(given) && Object.keys(given).some((key) => isValueKey(key) && (given[key] === null || given[key] === ''))
  )
}

function givesValue(given: unknown): boolean {
  return !isObject(given) || Object.keys(given).some(isValueKey)
}

function isValueKey(key: string): boolean {
  return key === 'value' || key.toLowerCase() === 'value'
}

/** Refuses a value without content in a list, unless it is dropped by tolerance. */
function requireDroppable(attribute: Attribute, given: unknown, { tolerate }: ReadContext): void {
  // Decision A-42. Read-only and unknown sub-attributes are ignored, but an element that has them is not empty.
  if (isContent(given) || tolerate('emptyValue', attribute.path)) return
  throw ScimError.invalidValue(`A value of attribute "${attribute.path}" is empty; leave it out or give it content.`, {
    attribute: attribute.path,
  })
}

function isContent(given: unknown): boolean {
  if (given === null || given === undefined || given === '') return false
  return !isObject(given) || Object.keys(given).some((key) => isContent(given[key]))
}

/**
 * RFC 7643 section 2.4: "Service providers SHOULD NOT return the same (type, value) combination more than once per
 * attribute". References are the same when they point to the same resource, values without `value` when they are equal.
 */
function complexKey(attribute: Attribute): (one: unknown) => unknown {
  const byValue = valueAttribute(attribute) !== undefined
  const reference = isResourceReference(attribute)
  const names = attribute.subAttributes.map((sub) => sub.name)
  return (one) => {
    const { value, type } = one as Value
    if (!byValue || value === undefined) return JSON.stringify(names.map((name) => (one as Value)[name]))
    // No two kinds of key begin alike, and the length tells where the type ends.
    return reference || type === undefined ? ` ${value}` : `${String(type).length} ${type} ${value}`
  }
}

// Most lists are that short, and to compare each with each takes less than to make keys.
const FEW = 4

/** Whether each element of a short list has its own text as `value`, so that no value is there twice. */
function haveOwnTexts(values: readonly unknown[]): boolean {
  if (values.length > FEW) return false
  for (let index = 0; index < values.length; index += 1) {
    const { value } = values[index] as Value
    if (typeof value !== 'string') return false
    for (let other = 0; other < index; other += 1) if ((values[other] as Value).value === value) return false
  }
  return true
}

/** The sub-attributes of a later duplicate are added to the first value. */
function withoutDuplicates(values: readonly unknown[], keyOf: (one: unknown) => unknown): readonly unknown[] {
  const seen = new Map<unknown, unknown>()
  for (const one of values) {
    const key = keyOf(one)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, one)
    else if (isObject(first) && saysMore(one as Value, first)) seen.set(key, { ...first, ...(one as Value) })
  }
  return seen.size === values.length ? values : [...seen.values()]
}

/** Whether a value has what another lacks or has otherwise: a hundred thousand that are equal are looked at alone. */
function saysMore(one: Value, first: Value): boolean {
  for (const name in one) if (one[name] !== first[name]) return true
  return false
}

/** RFC 7643 section 2.4: "The primary attribute value "true" MUST appear no more than once." */
function withOnePrimary(attribute: Attribute, values: readonly Value[], reading: ReadContext): readonly Value[] {
  let last: Value | undefined
  let count = 0
  for (const value of values) {
    if (value.primary !== true) continue
    last = value
    count += 1
    if (count > 1 && !reading.tolerate('severalPrimary', attribute.path)) {
      throw ScimError.invalidValue(`Attribute "${attribute.path}" must not have more than one primary value.`, {
        attribute: attribute.path,
      })
    }
  }
  if (count < 2) return values
  return values.map((value) => (value.primary === true && value !== last ? { ...value, primary: false } : value))
}
