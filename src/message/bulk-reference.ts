import { hasOwn } from '../has-own.js'
import type { JsonObject } from '../schema/model/resource.js'
import { replaceCompared } from './compared-reference.js'

/** RFC 7644 section 3.7.2: "bulkId:" and the bulkId of the operation that creates the target. */
const PREFIX = 'bulkId:'

const NONE: ReadonlySet<string> = new Set()

/** Looks an id up; undefined leaves the reference as it is. */
export type Lookup = (bulkId: string) => string | undefined

/**
 * Puts ids in the place of the references in the data of a bulk operation (decision A-67); copies only the objects and
 * lists that hold one.
 */
export function replaceReferences(data: unknown, lookup: Lookup): unknown {
  if (typeof data === 'string') return replaceIn(data, lookup)
  if (typeof data !== 'object' || data === null) return data
  return Array.isArray(data) ? replaceInList(data, lookup) : replaceInObject(data as JsonObject, lookup)
}

function replaceInList(list: readonly unknown[], lookup: Lookup): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < list.length; index += 1) {
    const replaced = replaceReferences(list[index], lookup)
    if (replaced === list[index]) continue
    copy ??= [...list]
    copy[index] = replaced
  }
  return copy ?? list
}

function replaceInObject(object: JsonObject, lookup: Lookup): JsonObject {
  let replaced: Map<string, unknown> | undefined
  for (const name in object) {
    if (!hasOwn.call(object, name)) continue
    const given = object[name]
    const value = replaceProperty(name, given, lookup)
    if (value === given) continue
    replaced ??= new Map(Object.entries(object))
    replaced.set(name, value)
  }
  // Unlike an assignment this takes "__proto__" for a name like any other.
  return replaced === undefined ? object : Object.fromEntries(replaced)
}

function replaceProperty(name: string, value: unknown, lookup: Lookup): unknown {
  if (typeof value !== 'string') return replaceReferences(value, lookup)
  // Nearly every text is no reference, and is looked at once.
  if (!value.includes(PREFIX)) return value
  const isPath = name.toLowerCase() === 'path' && bulkIdIn(value) === undefined
  return isPath ? replaceInPath(value, lookup) : replaceIn(value, lookup)
}

/** The bulkId that a text is a reference to as a whole. */
export function bulkIdIn(text: string): string | undefined {
  return text.startsWith(PREFIX) && text.length > PREFIX.length ? text.slice(PREFIX.length) : undefined
}

/** Replaces a text that is a reference, or a URI whose last segment is one: `https://example.com/v2/Users/bulkId:a`. */
function replaceIn(text: string, lookup: Lookup): string {
  const whole = bulkIdIn(text)
  if (whole !== undefined) return lookup(whole) ?? text
  const start = text.lastIndexOf('/') + 1
  const bulkId = start === 0 ? undefined : bulkIdIn(text.slice(start))
  // A URI with a query or a fragment is no reference to a resource.
  const id = bulkId === undefined || /[?#]/.test(bulkId) ? undefined : lookup(bulkId)
  return id === undefined ? text : text.slice(0, start) + encodeURIComponent(id)
}

/** Replaces the compared values of a PATCH path, however long: `members[value eq "bulkId:a"]`. */
function replaceInPath(path: string, lookup: Lookup): string {
  return replaceCompared(path, (value) => {
    const bulkId = bulkIdIn(value)
    return bulkId === undefined ? undefined : lookup(bulkId)
  })
}

/** The bulkIds that data refers to. */
export function referencesIn(data: unknown): ReadonlySet<string> {
  let found: Set<string> | undefined
  replaceReferences(data, (bulkId) => {
    found ??= new Set()
    found.add(bulkId)
    return undefined
  })
  return found ?? NONE
}

/** The values taken out of a resource, at the path of an attribute. */
export interface TakenOut {
  readonly path: string
  /** The elements of a list, or the value. */
  readonly value: unknown
  /** Whether the attribute has a value without it. */
  readonly remains: boolean
}

/**
 * Takes the references to one of `bulkIds` out of a resource: the element of a list, else the attribute. The object of
 * an extension is looked into.
 */
export function takeOut(
  resource: Readonly<Record<string, unknown>>,
  isMeant: (bulkId: string) => boolean,
): { readonly rest: Record<string, unknown>; readonly taken: readonly TakenOut[] } {
  const rest: [string, unknown][] = []
  const taken: TakenOut[] = []
  const refers = (value: unknown): boolean => [...referencesIn(value)].some(isMeant)
  for (const [name, value] of Object.entries(resource)) {
    if (Array.isArray(value)) {
      const meant: unknown[] = []
      const others: unknown[] = []
      for (const element of value) (refers(element) ? meant : others).push(element)
      rest.push([name, others])
      if (meant.length > 0) taken.push({ path: name, value: meant, remains: others.length > 0 })
    } else if (!refers(value)) {
      rest.push([name, value])
    } else if (name.includes(':') && typeof value === 'object') {
      const inner = takeOut(value as Record<string, unknown>, isMeant)
      rest.push([name, inner.rest])
      for (const each of inner.taken) taken.push({ ...each, path: `${name}:${each.path}` })
    } else {
      taken.push({ path: name, value, remains: false })
    }
  }
  return { rest: Object.fromEntries(rest), taken }
}
