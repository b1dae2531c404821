import { type Attribute, isResourceReference, valueAttribute } from '../model/attribute.js'
import { readInstant, sortableInstant } from './date-time.js'
import { foldCase, prepareOpaqueString, prepareUsername } from './precis.js'
import { normalFormC } from './unicode-form.js'

/** The key that stands for a value in comparisons: two values of an attribute are equal if their keys are (`===`). */
export type ComparisonKey = string | number | boolean

/** Makes the key of a value from JSON or a store; undefined for null or a value of another type. */
export type ToKey = (value: unknown) => ComparisonKey | undefined

/**
 * How values of a simple attribute compare (RFC 7643 sections 2.2 and 2.3): strings by `caseExact` in normalization
 * form C, dateTime values by their instant, numbers by value, binaries without padding. Filters, sorting, uniqueness
 * and indexes all use it. It understands values of stores that JSON does not have: Date objects, and numbers for
 * strings.
 */
export function comparisonKey(attribute: Attribute): ToKey {
  switch (attribute.type) {
    case 'boolean':
      return toBooleanKey
    case 'integer':
    case 'decimal':
      return toNumberKey
    case 'dateTime':
      return toInstantKey
    case 'binary':
      return toBinaryKey
    case 'complex':
      return toNoKey
    case 'reference':
      return pointsToResource(attribute) ? withoutVersion(textKey(attribute)) : textKey(attribute)
    default:
      return textKey(attribute)
  }
}

/** How a string or reference is compared when only a part of it is looked for. */
export function textKey(attribute: Attribute): ToKey {
  if (attribute.precis === 'UsernameCaseMapped') return toUsernameKey
  if (attribute.precis === 'OpaqueString') return toOpaqueKey
  return attribute.caseExact ? toExactKey : toFoldedKey
}

/**
 * Like {@link comparisonKey}, but letter by letter for the `value` of references to resources, which is an identifier.
 * Letter case counts there, even if the schema says otherwise (decision A-19b). PATCH and lookups of members use it.
 */
export function identityKey(attribute: Attribute): ToKey {
  const holder = attribute.parent
  return holder && isResourceReference(holder) && valueAttribute(holder) === attribute
    ? toIdentityKey
    : comparisonKey(attribute)
}

/**
 * Orders keys of one attribute: texts by code point (decision A-19c), numbers by value, false before true. Negative
 * when `a` comes first.
 */
export function compareKeys(a: ComparisonKey, b: ComparisonKey): number {
  if (a === b) return 0
  if (typeof a === 'string') return compareTexts(a, typeof b === 'string' ? b : sortableInstant(Number(b)))
  // Instants are texts only where milliseconds are too coarse for them.
  if (typeof b === 'string') return compareTexts(sortableInstant(Number(a)), b)
  return a < b ? -1 : a > b ? 1 : 0
}

/** The text of a string value: stores may have numbers as identifiers. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined
}

/** Whether every character is ASCII: such texts need no normalization. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return false
  }
  return true
}

/**
 * Whether a reference is the URI of a resource. RFC 7643 section 7, referenceTypes: names of resource types, "external"
 * or "uri".
 */
export function pointsToResource(attribute: Attribute): boolean {
  return attribute.referenceTypes.some((type) => type !== 'external' && type !== 'uri')
}

/**
 * RFC 7643 section 2.4: "URIs for SCIM resources with an API version SHALL be considered comparable to URIs without a
 * version or with a different version." The version stands before the endpoint and the identifier, RFC 7644 section
 * 3.13.
 */
function withoutVersion(toKey: ToKey): ToKey {
  return (value) => {
    const uri = toKey(value)
    return typeof uri === 'string' ? uri.replace(/^(|.*\/)v\d+\/([^/]+\/[^/]+)$/is, '$1$2') : undefined
  }
}

function toFoldedKey(value: unknown): string | undefined {
  const text = readText(value)
  return text === undefined ? undefined : (foldAscii(text) ?? foldCase(text))
}

function toUsernameKey(value: unknown): string | undefined {
  const text = readText(value)
  return text === undefined ? undefined : (foldAscii(text) ?? prepareUsername(text))
}

function toOpaqueKey(value: unknown): string | undefined {
  const text = readText(value)
  return text === undefined || isAscii(text) ? text : prepareOpaqueString(text)
}

function toExactKey(value: unknown): string | undefined {
  const text = readText(value)
  return text === undefined || isAscii(text) ? text : normalFormC(text)
}

function toIdentityKey(value: unknown): string | undefined {
  return readText(value)
}

function toBinaryKey(value: unknown): string | undefined {
  // RFC 7643 section 2.3.6: "trailing padding characters MAY be omitted".
  return typeof value !== 'string' ? undefined : value.endsWith('=') ? value.replace(/={1,2}$/, '') : value
}

function toInstantKey(value: unknown): number | string | undefined {
  if (typeof value === 'string') return readInstant(value)
  if (!(value instanceof Date)) return undefined
  const time = value.getTime()
  return Number.isNaN(time) ? undefined : time
}

function toNumberKey(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  // Adding 0 makes 0 of -0, which Object.is and JSON tell apart.
  return typeof value === 'number' && !Number.isNaN(value) ? value + 0 : undefined
}

function toBooleanKey(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function toNoKey(): undefined {
  return undefined
}

/** The text in small letters; the same object if it is so already, undefined if it is not ASCII. */
function foldAscii(text: string): string | undefined {
  let capitals = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f) return undefined
    if (code >= 0x41 && code <= 0x5a) capitals = true
  }
  return capitals ? text.toLowerCase() : text
}

function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** UTF-16 has the surrogates, which stand for the highest code points, before U+E000 to U+FFFF. */
function rank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
