import type { SqlFragment } from './fragment.js'

/** The differences between databases. Spread one dialect, and override the parts that differ in your database. */
export interface Dialect {
  /** The placeholder of the n-th value, 1 being the first. */
  readonly parameter: (position: number) => string
  /**
   * Quotes the name of a table or column.
   *
   * @defaultValue in double quotes, as the standard has it
   */
  readonly identifier?: (name: string) => string
  /** A text of the program as a literal, such as the name of an attribute. Never a text of a client. */
  readonly literal: (text: string) => SqlFragment
  /**
   * A text as it is compared, where a collation takes different texts for the same: `a` for `ä`, or for `a` with a
   * blank behind it.
   *
   * @defaultValue as it is, for databases in which texts are equal if they are identical
   */
  readonly exact?: (text: SqlFragment) => SqlFragment
  /** A text that is ordered by code point, in any locale of the database. */
  readonly byCodePoint: (text: SqlFragment) => SqlFragment
  /** A text in small letters, for columns that do not hold the folded form. */
  readonly fold: (text: SqlFragment) => SqlFragment
  /**
   * Whether `fold` knows all letters of a text. A comparison with a text that has other letters is left to the router.
   */
  readonly folds: (text: string) => boolean
  /**
   * A value that is bound in small letters, as `fold` makes them of the text that it is compared with. Default: `fold`.
   * Needed where columns have a locale of their own.
   */
  readonly foldAs?: (value: SqlFragment, text: SqlFragment) => SqlFragment
  /** Whether a text has a part anywhere, first or last. `fold` is put around the bound part. */
  readonly contains: (text: SqlFragment, part: string, fold?: Fold) => SqlFragment
  /** Whether a text begins with a part. */
  readonly startsWith: (text: SqlFragment, part: string, fold?: Fold) => SqlFragment
  /** Whether a text ends with a part. */
  readonly endsWith: (text: SqlFragment, part: string, fold?: Fold) => SqlFragment
  /** A value of another type as text. */
  readonly text: (value: SqlFragment) => SqlFragment
  /** A column that holds an instant, in the form that is compared with the values that `instant` binds. */
  readonly timestamp: (column: SqlFragment) => SqlFragment
  /**
   * Values that are bound: texts that something is equal to, numbers, booleans, instants, identifiers that are no text.
   */
  readonly string: (value: string) => SqlFragment
  /** Binds a number. */
  readonly number: (value: number) => SqlFragment
  /** Binds a boolean. */
  readonly boolean: (value: boolean) => SqlFragment
  /** Binds an instant. */
  readonly instant: (value: Date) => SqlFragment
  /** Binds an identifier of the type UUID. */
  readonly uuid: (value: string) => SqlFragment
  /** Binds an identifier of the type integer, given as text. */
  readonly integer: (value: string) => SqlFragment
  /** The expressions for values within JSON columns. */
  readonly json: JsonDialect
  /**
   * Shorter expressions for values within documents that the library itself has written, which have no null and no
   * value of another type than the attribute's.
   *
   * @defaultValue `json`
   */
  readonly keys?: JsonDialect
}

/** Makes small letters of the bound value. */
export type Fold = (value: SqlFragment) => SqlFragment

/**
 * How to look into a document. The path to a `simple` value is empty. Any program may have written it: a null is
 * no value, and a value of another type than the attribute's is no error.
 */
export interface JsonDialect {
  /** The simple value at a path as text; NULL if there is none. */
  readonly text: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The number at a path; NULL if there is none. */
  readonly number: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The boolean at a path; NULL if there is none. */
  readonly boolean: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The value at a path, of any type; NULL if it is missing. */
  readonly value: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The elements of the array at a path as a table, without nulls unless `isElement` leaves them out. */
  readonly elements: (document: SqlFragment, path: readonly string[], alias: string) => SqlFragment
  /**
   * Which rows of that table are elements.
   *
   * @defaultValue all of them
   */
  readonly isElement?: (alias: string) => SqlFragment
  /** An element of that table as a document. */
  readonly element: (alias: string) => SqlFragment
  /** An element of that table whose value is simple. */
  readonly simple: (alias: string) => SqlFragment
}
