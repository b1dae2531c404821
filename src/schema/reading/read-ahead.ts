import { ScimError } from '../../error.js'
import type { InTurns } from '../../in-turns.js'
import { isObject } from '../../is-object.js'
import type { Attribute } from '../model/attribute.js'
import { readersOf } from './read-attribute.js'
import { readingOfList } from './read-values.js'
import type { ListAhead, ReadAhead, ReadContext } from './reading.js'

// Values that are read in one go.
const STRETCH = 512

/**
 * Whether an object of attributes, or one of the objects in it, has a list that is long enough to be read in pieces.
 */
export function hasLongList(object: Readonly<Record<string, unknown>>, depth = 1): boolean {
  for (const key in object) {
    const part = object[key]
    if (typeof part !== 'object') continue
    if (isLongList(part) || (depth > 0 && isObject(part) && hasLongList(part, depth - 1))) return true
  }
  return false
}

/**
 * Reads the values of long lists before all else, in pieces. The reader of the rest takes them from there. A
 * value that is refused ends its list, and is refused when its turn comes.
 *
 * @param attribute The owner of the value: the resource itself, an attribute or an extension.
 */
export function* readAhead(attribute: Attribute, value: unknown, reading: ReadContext): InTurns<ReadAhead> {
  const ahead = new Map(reading.ahead)
  yield* walk(attribute, value, reading, ahead)
  return ahead
}

function* walk(
  attribute: Attribute,
  value: unknown,
  reading: ReadContext,
  ahead: Map<Attribute, ListAhead>,
): InTurns<void> {
  if (attribute.multiValued) {
    if (isLongList(value) && attribute.mutability !== 'readOnly' && ahead.get(attribute)?.list !== value) {
      const read: unknown[] = []
      ahead.set(attribute, { list: value, read })
      yield* readList(attribute, value, readingOfList(reading), read)
    }
  } else if (attribute.type === 'complex' && isObject(value) && hasLongList(value)) {
    for (const key in value) {
      const sub = typeof value[key] === 'object' ? attribute.subAttribute(key) : undefined
      if (sub) yield* walk(sub, value[key], reading, ahead)
    }
  }
}

function* readList(
  attribute: Attribute,
  list: readonly unknown[],
  reading: ReadContext,
  read: unknown[],
): InTurns<void> {
  const { element } = readersOf(attribute)
  for (const one of list) {
    try {
      read.push(element(one, reading))
    } catch (error) {
      if (!ScimError.is(error)) throw error
      return
    }
    if (read.length % STRETCH === 0) yield
  }
}

/** Whether a list is long enough to be read in pieces. */
export function isLongList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > STRETCH
}
