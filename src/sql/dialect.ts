import type { SqlFragment } from './fragment.js'

/** What databases say differently. Spread one and override what yours says otherwise. */
export interface Dialect {
  /** The placeholder of the n-th value, 1 being the first. */
  readonly parameter: (position: number) => string
  /** A text that is ordered by code point, whatever the locale of the database is. */
  readonly byCodePoint: (text: SqlFragment) => SqlFragment
  /** A text in small letters, for columns that do not hold the folded form. */
  readonly fold: (text: SqlFragment) => SqlFragment
  readonly contains: (text: SqlFragment, part: string) => SqlFragment
  readonly startsWith: (text: SqlFragment, part: string) => SqlFragment
  readonly endsWith: (text: SqlFragment, part: string) => SqlFragment
  /** A value of another type as text. */
  readonly text: (value: SqlFragment) => SqlFragment
  /** Values that are bound as numbers, booleans and instants. */
  readonly number: (value: number) => SqlFragment
  readonly boolean: (value: boolean) => SqlFragment
  readonly instant: (value: Date) => SqlFragment
  readonly json: JsonDialect
}

/** How a document is looked into. */
export interface JsonDialect {
  /** The simple value at a path as text; NULL if there is none. */
  readonly text: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The number at a path; NULL if there is none. */
  readonly number: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The boolean at a path; NULL if there is none. */
  readonly boolean: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** Whatever is at a path; NULL if there is nothing. */
  readonly value: (document: SqlFragment, path: readonly string[]) => SqlFragment
  /** The elements of the array at a path as a table. */
  readonly elements: (document: SqlFragment, path: readonly string[], alias: string) => SqlFragment
  /** An element of that table. */
  readonly element: (alias: string) => SqlFragment
}
