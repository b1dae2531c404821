import { hasProperties, propertiesOf } from '../../is-object.js'
import { isUnassigned } from '../../json-values.js'

type Matcher = (wanted: unknown, actual: unknown) => boolean

/** The placeholders for a value, such as `{ "$type": "string" }`; see sequences/README.md. */
const MATCHERS: Readonly<Record<string, Matcher>> = {
  $type: (type, actual) => type === jsonType(actual) || (type === 'number' && jsonType(actual) === 'integer'),
  $nonEmpty: (_wanted, actual) => !isUnassigned(actual) && actual !== '',
  $regex: (pattern, actual) => typeof actual === 'string' && new RegExp(String(pattern)).test(actual),
  $ci: (wanted, actual) => typeof actual === 'string' && actual.toLowerCase() === String(wanted).toLowerCase(),
  $oneOf: (choices, actual) => Array.isArray(choices) && choices.some((choice) => matches(choice, actual)),
  $gte: (bound, actual) => Number(actual) >= Number(bound),
  $lte: (bound, actual) => Number(actual) <= Number(bound),
  $not: (unwanted, actual) => !matches(unwanted, actual),
}

/** Compares a value with the expected one. Returns one line for each difference. */
export function mismatches(expected: unknown, actual: unknown, at: string): string[] {
  if (Array.isArray(expected)) {
    return Array.isArray(actual) ? missingElements(expected, actual, at) : [`${at} is ${show(actual)}, not an array`]
  }
  if (typeof expected !== 'object' || expected === null) {
    return expected === actual ? [] : [`${at} is ${show(actual)}, expected ${show(expected)}`]
  }
  const rules = Object.entries(expected).filter(([key]) => Object.hasOwn(MATCHERS, key))
  if (rules.length > 0) {
    const broken = rules.filter(([key, wanted]) => !MATCHERS[key]?.(wanted, actual))
    return broken.map(([key, wanted]) => `${at} is ${show(actual)}, expected ${key} ${show(wanted)}`)
  }
  if (!hasProperties(actual) || Array.isArray(actual)) {
    return [`${at} is ${show(actual)}, not an object`]
  }
  return Object.entries(expected).flatMap(([key, value]) => mismatches(value, actual[key], `${at}.${key}`))
}

/** The value at a path such as `a.b`, `a[0].b` or `["urn:…:User"].department`. */
export function valueAtPath(value: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name = '']) => quoted ?? index ?? name,
  )
  return keys.reduce<unknown>((holder, key) => propertiesOf(holder)[key], value)
}

/** The values at a path as an array: RFC 7643 section 2.5 makes null, `[]` and absent the same. */
export function elementsAt(value: unknown, path: string): unknown[] {
  const found = valueAtPath(value, path)
  return isUnassigned(found) ? [] : [found].flat()
}

/** Each expected element must match a different actual element, in any order. */
function missingElements(expected: readonly unknown[], actual: readonly unknown[], at: string): string[] {
  const left = [...actual]
  return expected.flatMap((element) => {
    const index = left.findIndex((one) => matches(element, one))
    if (index < 0) return [`${at} has no element like ${show(element)} in ${show(actual)}`]
    left.splice(index, 1)
    return []
  })
}

function matches(expected: unknown, actual: unknown): boolean {
  return mismatches(expected, actual, '').length === 0
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200)
}
