import { isIterable } from '../../is-object.js'
import { type Attribute, isResourceReference } from '../model/attribute.js'
import type { JsonObject } from '../model/resource.js'
import type { PositionalCache } from '../values/positional-cache.js'
import { LargeValue } from './large-value.js'

/** The options of writing one message, and its results. */
export interface WriteContext {
  /** The URI of the resource that a reference points to, from the value with `value` and perhaps `type`. */
  readonly refer: (attribute: Attribute, value: JsonObject) => string | undefined
  /** Set when the message holds a {@link LargeValue}. */
  large: boolean
}

/**
 * Makes the value for a response out of one as a store has it: the same object when it can go out as it is, undefined
 * if all of it was removed.
 */
export type WriteValue = (value: unknown, writing: WriteContext) => unknown

/** How the attribute of one name is written. */
export interface Writer {
  readonly name: string
  readonly write: WriteValue
  /** Whether a text goes out as it is, so that not even a call need be spent on it. */
  readonly leavesText: boolean
  /** Whether a boolean goes out as it is, without a call. */
  readonly leavesBoolean: boolean
}

/** How the visible ones among the attributes of an object are written. */
export type Writers = PositionalCache<Writer>

// Longer lists are written in pieces, so that they do not block the event loop.
const LARGE = 1_000

/** Compiles how an attribute is written, from how the visible ones among its sub-attributes are. */
export function writerOf(attribute: Attribute, writers: Writers): Writer {
  const single = attribute.type === 'complex' ? complexWriter(attribute, writers) : simpleWriter(attribute)
  const write = attribute.multiValued ? listWriter(single) : single
  return {
    name: attribute.name,
    write,
    leavesText: write === writeText || write === writeScalar,
    leavesBoolean: write === writeScalar,
  }
}

function simpleWriter({ type }: Attribute): WriteValue {
  return type === 'boolean' || type === 'integer' || type === 'decimal' ? writeScalar : writeText
}

/** Stores may have numbers for strings, as ids above all. */
function writeText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : writeScalar(value)
}

function writeScalar(value: unknown): unknown {
  if (typeof value !== 'object') return value
  return value instanceof Date ? value.toISOString() : undefined
}

function complexWriter(attribute: Attribute, writers: Writers): WriteValue {
  const refers = isResourceReference(attribute) && writers.has('$ref')
  return (value, writing) => {
    if (typeof value !== 'object' || value === null) return undefined
    const source = value as JsonObject
    const location = refers ? writing.refer(attribute, source) : undefined
    const result = writeProperties(source, writers, writing)
    // An empty identifier refers to no resource, even if a client has sent a URI with it.
    if (refers && source.value === '') return { ...result, $ref: undefined }
    if (location === undefined) return result
    return { ...result, $ref: location }
  }
}

/** For a value that other code writes: it stays unchanged. */
export function leave(name: string): Writer {
  return { name, write: (value) => value, leavesText: true, leavesBoolean: true }
}

/**
 * Writes the members of an object. Members that the client may not see become undefined, which JSON leaves out.
 *
 * @param copy Where it goes; without it a copy is made as soon as something differs.
 */
export function writeProperties(
  source: JsonObject,
  writers: Writers,
  writing: WriteContext,
  copy?: JsonObject,
): JsonObject | undefined {
  let result = copy ?? source
  let empty = true
  let place = 0
  const { last } = writers
  for (const name in source) {
    let writer: Writer | undefined = last[place]
    if (writer === undefined || writer.name !== name) writer = writers.find(place, name)
    place += 1
    const value = source[name]
    if (writer !== undefined) {
      if (typeof value === 'string' ? writer.leavesText : typeof value === 'boolean' && writer.leavesBoolean) {
        empty = false
        continue
      }
    }
    const written = writer?.write(value, writing)
    if (written !== undefined) empty = false
    if (written === value) continue
    if (result === source) result = { ...source }
    result[name] = written
  }
  return empty ? undefined : result
}

/** RFC 7643 section 2.5: an empty list is no value, and is left out. */
function listWriter(single: WriteValue): WriteValue {
  return (value, writing) => {
    if (Array.isArray(value) ? value.length > LARGE : isIterable(value)) {
      writing.large = true
      return new LargeValue(value as Iterable<unknown>, (element) => single(element, writing))
    }
    return Array.isArray(value) && value.length > 0 ? writeList(value, single, writing) : undefined
  }
}

function writeList(
  values: readonly unknown[],
  single: WriteValue,
  writing: WriteContext,
): readonly unknown[] | undefined {
  let result: unknown[] | undefined
  for (let index = 0; index < values.length; index += 1) {
    const written = single(values[index], writing)
    if (result === undefined) {
      if (written === values[index] && written !== undefined) continue
      // To slice a frozen array takes ten times as long as to make an empty one.
      result = index === 0 ? [] : values.slice(0, index)
    }
    if (written !== undefined) result.push(written)
  }
  // JSON.stringify takes twice as long for an answer that holds a frozen array (Node 26); frozen objects do not matter
  // to it.
  if (result === undefined) return Object.isExtensible(values) ? values : [...values]
  return result.length === 0 ? undefined : result
}
