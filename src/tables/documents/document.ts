import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { valueAt, valuesAt } from '../../schema/values/values.js'
import { requireStorable } from '../../sql/document-keys.js'
import type { CopiedKey } from './store.js'
import type { KeyColumn, LookedUp, StoredType } from './stored-type.js'

/** The stored form of a resource, without its references. */
export interface Document {
  readonly data: JsonObject
  readonly keys: JsonObject
  readonly columns: Readonly<Record<KeyColumn, string | null>>
  readonly display: string | null
  readonly lookups: readonly Lookup[]
}

/** The values of one looked-up attribute, as they are compared. */
export interface Lookup {
  readonly attribute: Attribute
  readonly keys: ReadonlySet<string>
}

/** Makes the stored form of the attributes of a resource, references excluded. */
export function documentOf(type: StoredType, data: JsonObject): Document {
  const key = (column: LookedUp | undefined): string | null => (column && firstOf(keysAt(column, data))) ?? null
  return {
    data,
    keys: type.keysOf(data),
    columns: {
      unique_key: key(type.columns.unique_key),
      external_key: key(type.columns.external_key),
      name_key: key(type.columns.name_key),
    },
    display: displayOf(type.display, data),
    lookups: type.lookups.map((lookup) => ({ attribute: lookup.attribute, keys: keysAt(lookup, data) })),
  }
}

/** The texts of the keys that have columns, by the names of those. */
export function copiedKeys(copied: readonly CopiedKey[], keys: JsonObject): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    copied.map(({ column, path }) => {
      const key = valueAt(keys, path)
      return [column, typeof key === 'string' ? key : null]
    }),
  )
}

/** The attributes of a draft that are in the document. */
export function documentAttributes({ apart }: StoredType, draft: JsonObject): JsonObject {
  const attributes: JsonObject = {}
  for (const name of Object.keys(draft)) {
    const value = apart.has(name) ? undefined : draft[name]
    if (value !== undefined && value !== null) attributes[name] = value
  }
  return attributes
}

function keysAt({ attribute, toKey }: LookedUp, data: JsonObject): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const value of valuesAt(data, attribute.keys)) {
    const key = toKey(value)
    if (key === undefined) continue
    requireStorable(attribute, String(key))
    keys.add(String(key))
  }
  return keys
}

function firstOf(keys: ReadonlySet<string>): string | undefined {
  for (const key of keys) return key
  return undefined
}

function displayOf(candidates: readonly Attribute[], data: JsonObject): string | null {
  for (const { keys } of candidates) {
    const text = valuesAt(data, keys).find((value) => typeof value === 'string' && value !== '')
    if (text !== undefined) return text as string
  }
  return null
}
