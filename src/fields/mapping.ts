import type { Attribute } from '../schema/attribute.js'

/** One field for one attribute, where filters are objects: of a document, or of a model. */
export interface FieldMapping {
  readonly field: string
  /**
   * A field that holds the folded form of a case-insensitive text, kept by the adapter with `foldedText`: it compares as in
   * memory, and a plain index on it is used. `true`: the field itself holds no capitals.
   */
  readonly folded?: string | true
  /**
   * Whether no resource is without a value of it. The database then need not be asked for null, and can order by it.
   * Default: whether the schema requires the attribute.
   */
  readonly required?: boolean
  /**
   * Of identifiers that are no text in the database: what a text of a client stands for; undefined if it can stand for none,
   * and no match then. Filters with another operator than `eq` and `ne` are left to the router.
   */
  readonly parse?: (text: string) => unknown
}

/** An attribute that has the same value in every resource, or in every value of a list: `{ constant: 'User' }`. */
export interface ConstantMapping {
  readonly constant: string | boolean | number
}

/** The entry of an attribute whose shorthand is spelled out. */
export type ReadEntry<Entry> = Exclude<Entry, string> | FieldMapping

/** A mapping with its paths in small letters and its shorthands spelled out. */
export type ReadFields<Entry> = ReadonlyMap<string, ReadEntry<Entry>>

/** Reads the entries of a mapping. */
export function readFields<Entry>(entries: Readonly<Record<string, Entry | FieldMapping | string>>): ReadFields<Entry> {
  return new Map(
    Object.entries(entries).map(([path, entry]) => [
      path.toLowerCase(),
      typeof entry === 'string' ? { field: entry } : (entry as ReadEntry<Entry>),
    ]),
  )
}

/** What a mapping says of an attribute itself. */
export function entryOf<Entry>(fields: ReadFields<Entry>, attribute: Attribute): ReadEntry<Entry> | undefined {
  return fields.get(attribute.path.toLowerCase())
}

/** Whether some sub-attribute has an entry of its own. */
export function isSplit(fields: ReadonlyMap<string, unknown>, attribute: Attribute): boolean {
  return attribute.subAttributes.some((sub) => fields.has(sub.path.toLowerCase()) || isSplit(fields, sub))
}
