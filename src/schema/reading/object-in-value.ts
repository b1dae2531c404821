import { isObject } from '../../is-object.js'
import { type Attribute, isResourceReference, valueAttribute } from '../model/attribute.js'
import { parseText } from './json-text.js'
import type { ReadContext } from './reading.js'

type Value = Readonly<Record<string, unknown>>

/** The names of RFC 7643 section 2.4 for the members of such an object; the id of a role has none. */
const NAMES: Readonly<Record<string, string | undefined>> = {
  id: undefined,
  value: 'value',
  display: 'display',
  displayname: 'display',
  type: 'type',
  primary: 'primary',
}

/** Whether the values of an attribute may hold such an object: those of lists that do not refer to resources. */
export function mayHoldObject(attribute: Attribute): boolean {
  return attribute.multiValued && valueAttribute(attribute) !== undefined && !isResourceReference(attribute)
}

/**
 * One value of a list, with the object in its `value` taken apart: `{"value":"{\"id\":…,\"value\":\"Admin\",
 * \"displayName\":\"Admin\"}"}`, as Entra ID sends roles, becomes value and display. A text that holds anything else is
 * the value itself (decision A-101).
 */
export function takenApart(attribute: Attribute, given: unknown, { tolerate }: ReadContext): unknown {
  if (!isObject(given)) return given
  const key = valueKey(given)
  const held = key === undefined ? undefined : given[key]
  const isText = typeof held === 'string'
  const inner = isText ? parseText(held, '{') : held
  if (key === undefined || !isObject(inner)) return given
  const parts = partsOf(inner)
  if (parts === undefined || (isText && !areSimple(parts))) return given
  if (!tolerate(isText ? 'jsonText' : 'objectForSimple', attribute.path)) return given
  const rest = Object.entries(given).filter(([name]) => name !== key && !Object.hasOwn(parts, name.toLowerCase()))
  return { ...Object.fromEntries(rest), ...parts }
}

/**
 * Whether a list takes all of the members. If not, the text that holds them is a text like any other, never a refusal.
 */
function areSimple(parts: Value): boolean {
  return Object.entries(parts).every(([name, part]) => {
    if (part === null) return true
    if (name === 'primary') return ['true', 'false'].includes(String(part).toLowerCase()) && !Array.isArray(part)
    return typeof part === 'string' || (typeof part === 'number' && Math.abs(part) <= Number.MAX_SAFE_INTEGER)
  })
}

function valueKey(given: Value): string | undefined {
  if (given.value !== undefined) return 'value'
  return Object.keys(given).find((key) => key.toLowerCase() === 'value')
}

/** Undefined: the object has another member, or no value. */
function partsOf(object: Value): Value | undefined {
  const parts: Record<string, unknown> = {}
  for (const key of Object.keys(object)) {
    const lower = key.toLowerCase()
    if (!Object.hasOwn(NAMES, lower)) return undefined
    const name = NAMES[lower]
    // A display beside a displayName is the nearer name.
    if (name !== undefined && (lower === name || parts[name] === undefined)) parts[name] = object[key]
  }
  return Object.hasOwn(parts, 'value') ? parts : undefined
}
