import type { Attribute } from '../schema/model/attribute.js'
import { compareKeys, isAscii, type ToKey, textKey } from '../schema/values/compare.js'
import type { Operator } from './ast.js'
import { contains } from './contains.js'

/** Whether one value other than null satisfies a condition. */
export type Test = (value: unknown) => boolean

/**
 * The test of `attribute operator literal` for one value, RFC 7644 section 3.4.2.2 (Table 3). A value of another type
 * than the attribute's equals no literal. Every text contains "" (decision A-19a).
 */
export function testValue(attribute: Attribute, operator: Operator, literal: unknown, toKey: ToKey): Test {
  const key = toKey(literal)
  // The parser never gives a literal of another type; a caller who builds a tree by hand can.
  if (key === undefined) return () => operator === 'ne'
  switch (operator) {
    case 'eq':
      return testEqual(key, toKey, attribute)
    case 'ne': {
      const equal = testEqual(key, toKey, attribute)
      return (value) => !equal(value)
    }
    case 'co':
      return testText(attribute, literal, toKey, contains)
    case 'sw':
      return testText(attribute, literal, toKey, (part) => (text) => text.startsWith(part))
    case 'ew':
      return testText(attribute, literal, toKey, (part) => (text) => text.endsWith(part))
    case 'gt':
      return testOrder(key, toKey, (order) => order > 0)
    case 'ge':
      return testOrder(key, toKey, (order) => order >= 0)
    case 'lt':
      return testOrder(key, toKey, (order) => order < 0)
    case 'le':
      return testOrder(key, toKey, (order) => order <= 0)
  }
}

/**
 * `pr`: "If the attribute has a non-empty or non-null value, or if it contains a non-empty node for complex attributes,
 * there is a match." An empty string is not present (decision A-04); false and 0 are.
 */
export function hasValue(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  if (typeof value !== 'object' || value instanceof Date) return true
  return (Array.isArray(value) ? value : Object.values(value)).some(hasValue)
}

type Key = NonNullable<ReturnType<ToKey>>

function testEqual(key: Key, toKey: ToKey, attribute: Attribute): Test {
  if (typeof key === 'string' && attribute.type === 'string' && isAscii(key)) return testAscii(key, toKey)
  return (value) => toKey(value) === key
}

/**
 * Nearly every literal is ASCII, and then most values can be compared without making a key. Preparation makes an ASCII
 * character only out of a single character. So texts of different length differ, and so do texts with two different
 * ASCII characters at the same position.
 */
function testAscii(key: string, toKey: ToKey): Test {
  const { length } = key
  const folds = toKey('A') === 'a'
  return (value) => {
    if (typeof value !== 'string') return toKey(value) === key
    if (value.length !== length) return false
    for (let index = 0; index < length; index++) {
      const unit = value.charCodeAt(index)
      const wanted = key.charCodeAt(index)
      if (unit === wanted) continue
      if (unit > 0x7f) return toKey(value) === key
      if (!folds || unit < 0x41 || unit > 0x5a || unit + 0x20 !== wanted) return false
    }
    return true
  }
}

function testText(
  attribute: Attribute,
  literal: unknown,
  toKey: ToKey,
  meetsPart: (part: string) => (text: string) => boolean,
): Test {
  // The key of a URI may omit a part of its text.
  const toText = attribute.type === 'reference' ? textKey(attribute) : toKey
  const meets = meetsPart(String(toText(literal)))
  return (value) => {
    const text = toText(value)
    return typeof text === 'string' && meets(text)
  }
}

function testOrder(key: Key, toKey: ToKey, meets: (order: number) => boolean): Test {
  return (value) => {
    const own = toKey(value)
    return own !== undefined && meets(compareKeys(own, key))
  }
}
