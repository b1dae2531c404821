import type { Attribute } from '../schema/model/attribute.js'

/** The field of one attribute, in a document of MongoDB or a model of Prisma. */
export interface FieldMapping {
  /** Name of the field. */
  readonly field: string
  /**
   * A field that holds the folded form of a case-insensitive text. Your adapter writes it with `foldedText`. Filters on
   * it give the same result as in memory and can use a plain index. `true`: the field itself holds no capitals.
   */
  readonly folded?: string | true
  /**
   * Whether every resource has a value of it. The database then need not test for null, and can sort by the field.
   *
   * @defaultValue whether the schema requires the attribute
   */
  readonly required?: boolean
  /**
   * For identifiers that are not stored as text: converts a client's text into the stored value; undefined if the text
   * is no such value, and then nothing matches. Operators other than `eq` and `ne` are left to the router.
   */
  readonly parse?: (text: string) => unknown
}

/** An attribute that has the same value in every resource, or in every value of a list: `{ constant: 'User' }`. */
export interface ConstantMapping {
  /** The value. */
  readonly constant: string | boolean | number
}

/** The entry of an attribute, with the shorthand written out. */
export type ReadEntry<Entry> = Exclude<Entry, string> | FieldMapping

/** A mapping with its paths in lower case and its shorthands written out. */
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

/** The entry of an attribute itself. */
export function entryOf<Entry>(fields: ReadFields<Entry>, attribute: Attribute): ReadEntry<Entry> | undefined {
  return fields.get(attribute.path.toLowerCase())
}

/** Whether a sub-attribute has an entry of its own. */
export function isSplit(fields: ReadonlyMap<string, unknown>, attribute: Attribute): boolean {
  return attribute.subAttributes.some((sub) => fields.has(sub.path.toLowerCase()) || isSplit(fields, sub))
}
