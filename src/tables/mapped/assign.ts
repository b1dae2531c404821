import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { valueAt } from '../../schema/values/values.js'
import { keyWriter, requireStorable } from '../../sql/document-keys.js'
import { protectUnreadable } from '../shared/protect-unreadable.js'
import type { TableType } from './mapped-type.js'
import type { TableTarget } from './target.js'

/** A column and its new content: a value to bind, or a fragment of SQL. */
export interface Assignment {
  readonly column: string
  readonly value: unknown
}

/**
 * The values of columns for the attributes that are written.
 *
 * @param attributes The top-level attributes that are written.
 * @param cleared The attributes that a patch named: absent means removed, also for attributes that no client can read.
 */
export async function assignments(
  { tables, type }: TableTarget,
  current: JsonObject | undefined,
  next: JsonObject,
  attributes: readonly Attribute[],
  cleared: ReadonlySet<string>,
): Promise<readonly Assignment[]> {
  const names = new Set(attributes.map(({ name }) => name))
  for (const attribute of attributes) requireStorableTexts(attribute, next[attribute.name])
  const assigned: Assignment[] = []
  for (const { attribute, entry } of type.columns) {
    const [name = ''] = attribute.keys
    if (!names.has(name) || entry.readOnly) continue
    const value = valueAt(next, attribute.keys) ?? undefined
    const unreadable = isUnreadable(attribute) && value === undefined && !cleared.has(name)
    // Other parts of a complex attribute stay as they are, and so do the columns that remember when something happened.
    const before = current && valueAt(current, attribute.keys)
    if (unreadable || (current && sameValue(attribute, before, value))) continue
    assigned.push({
      column: entry.column,
      value: entry.write ? await entry.write(value) : plain(type, attribute, value),
    })
    if (typeof entry.folded === 'string') {
      assigned.push({ column: entry.folded, value: comparisonKey(attribute)(value) ?? null })
    }
  }
  for (const { attribute, entry } of type.documents) {
    if (!names.has(attribute.keys[0] ?? '')) continue
    const value = valueAt(next, attribute.keys) ?? undefined
    assigned.push({ column: entry.json, value: jsonOf(type, value) })
    if (entry.keys !== undefined) {
      const keys = keyWriter(
        { ...type.schema.root, subAttributes: [attribute] },
        () => true,
      )({ [attribute.name]: value })
      const key = keys[attribute.name]
      assigned.push({ column: entry.keys, value: jsonOf(type, key) })
    }
  }
  const { rest } = type.mapping
  if (rest && attributes.some((attribute) => isInRest(type.mapping.attributes, attribute))) {
    const before = current && restOf(type.mapping.attributes, current, type.memberOf?.name)
    const plainRest = restOf(type.mapping.attributes, next, type.memberOf?.name)
    const kept = type.unreadable.filter(({ keys }) => !cleared.has(keys[0] ?? ''))
    const whole = await protectUnreadable(plainRest, before, kept, tables.protect, true)
    const document = await protectUnreadable(whole, before, type.unreadable, tables.protect, false)
    assigned.push({ column: rest.json, value: jsonOf(type, document) })
    if (rest.keys !== undefined) assigned.push({ column: rest.keys, value: jsonOf(type, type.restKeys(document)) })
  }
  return assigned
}

/**
 * Drivers send something else for half of a surrogate pair, and a column of type json takes U+0000 and breaks when it
 * is read.
 */
function requireStorableTexts(attribute: Attribute, value: unknown): void {
  if (typeof value === 'string') requireStorable(attribute, value)
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) requireStorableTexts(attribute, part)
  }
}

type Entries = ReadonlyMap<string, unknown>

/** Whether some of an attribute has no column of its own. */
function isInRest(entries: Entries, attribute: Attribute): boolean {
  if (entries.has(attribute.path.toLowerCase())) return false
  return attribute.subAttributes.length === 0 || attribute.subAttributes.some((sub) => isInRest(entries, sub))
}

/** The attributes of a resource that have no column of their own. */
function restOf(entries: Entries, resource: JsonObject, memberOf: string | undefined): JsonObject {
  const prune = (holder: JsonObject, prefix: string): JsonObject => {
    const kept: JsonObject = {}
    for (const name of Object.keys(holder)) {
      const path = prefix + name
      const value = holder[name]
      if (entries.has(path.toLowerCase()) || value === undefined || value === null) continue
      if (typeof value !== 'object' || Array.isArray(value) || value instanceof Date) kept[name] = value
      else {
        const part = prune(value as JsonObject, path.includes(':') && prefix === '' ? `${path}:` : `${path}.`)
        if (Object.keys(part).length > 0) kept[name] = part
      }
    }
    return kept
  }
  const { id: _id, meta: _meta, schemas: _schemas, ...attributes } = resource
  if (memberOf !== undefined) delete attributes[memberOf]
  return prune(attributes, '')
}

/** A value as it is bound to a JSON column. No value is NULL. */
export function jsonOf({ store }: TableType, value: unknown): unknown {
  return value === undefined ? null : store.json.bind(JSON.stringify(value))
}

function sameValue(attribute: Attribute, before: unknown, value: unknown): boolean {
  if (before === value) return true
  if (before instanceof Date || value instanceof Date || typeof value === 'string') {
    if (attribute.type === 'dateTime') {
      const toKey = comparisonKey(attribute)
      return toKey(before) !== undefined && toKey(before) === toKey(value)
    }
  }
  return JSON.stringify(before ?? null) === JSON.stringify(value ?? null)
}

/** A value as it is bound to a column. No value is NULL. */
export function plain(type: TableType, attribute: Attribute, value: unknown): unknown {
  if (value === undefined || value === null) return null
  const isTime = attribute.type === 'dateTime' && (typeof value === 'string' || value instanceof Date)
  return isTime ? timeFor(type, value) : value
}

/** A time as it is bound to a column. */
export function timeFor({ store }: TableType, time: Date | string): unknown {
  return store.instant?.bind(time) ?? time
}
