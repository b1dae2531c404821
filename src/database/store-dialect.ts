import type { Dialect } from '../sql/dialect.js'
import type { SqlFragment } from '../sql/fragment.js'

/** The type of identifiers in the database. Default: texts. */
export type IdType = 'uuid' | 'integer' | undefined

/** The parts of a position in the order of a list. */
export type SortType = 'text' | 'number' | 'boolean' | 'instant'

/** Rows that are removed from a table, mostly selected by a condition on another table. */
export interface Removal {
  readonly table: string
  readonly alias: string
  /** The other table with its alias. */
  readonly using?: SqlFragment
  readonly where: SqlFragment
  /** The column that is returned of each row, as the text `id`. */
  readonly returning?: string | undefined
}

/** For each row of one table those of another that belong to it. */
export interface LateralJoin {
  /** The FROM clause. */
  readonly outer: SqlFragment
  /** The needed columns of the rows that belong to it, by `alias`. */
  readonly columns: SqlFragment
  readonly from: SqlFragment
  readonly where: SqlFragment
  readonly alias: string
  /** The maximum of rows that belong to one row, and other settings for the database. */
  readonly tail?: SqlFragment | undefined
}

/**
 * The differences between databases in statements over tables of the application, beside filters. To add a database,
 * write one of these.
 */
export interface TableDialect {
  readonly dialect: Dialect
  /** The statements with which a transaction begins. Default: BEGIN. */
  readonly begin?: readonly string[]
  /** Whether a value is one of some identifiers; identifiers that the column cannot have must not be among them. */
  readonly among: (value: SqlFragment, ids: readonly string[], type?: IdType) => SqlFragment
  /** Whether a value is one of those that a query selects, which the database must carry out once. Default: IN. */
  readonly amongSelected?: (value: SqlFragment, query: SqlFragment) => SqlFragment
  /**
   * Locks the rows of a SELECT until the end of the transaction; nothing where a transaction has the database for
   * itself.
   */
  readonly lock: (strength: 'FOR UPDATE' | 'FOR NO KEY UPDATE' | 'FOR KEY SHARE', of?: string) => SqlFragment
  /**
   * Whether a SELECT that locks also waits for rows that it only looks at, without an index for its condition. Where it
   * does, the rows are found by a statement of their own, and locked by their ids. Default: false.
   */
  readonly locksWhatItReads?: boolean
  /**
   * What RETURNING may look at: also at other tables, at the row that was written, or there is none. Without it rows
   * are read before they are removed, and once more after they were written.
   */
  readonly returning: 'anything' | 'row' | 'nothing'
  /**
   * Whether a query in a column may be of any shape, so that lists are read with their rows, as JSON. Where it may not,
   * lists are read by statements of their own.
   */
  readonly nests: boolean
  /** How many rows at most, bound behind LIMIT or OFFSET. */
  readonly limit: (count: number) => SqlFragment
  readonly remove: (removal: Removal) => SqlFragment
  /**
   * Writes the time until which they counted into rows that would be removed otherwise. Default: an UPDATE with EXISTS
   * over the other table.
   */
  readonly expire?: (removal: Removal & { readonly using: SqlFragment }, column: string) => SqlFragment
  /** The FROM clause, with WHERE if there is a condition; LIMIT alone may follow. */
  readonly across: (join: LateralJoin) => SqlFragment
  readonly json: TableJson
  /** Positions in the order of a list. */
  readonly sort: {
    /** A column as a text from which `bind` makes the same value again. */
    readonly select: (column: SqlFragment, type: SortType) => SqlFragment
    readonly bind: (key: string | boolean, type: SortType) => SqlFragment
    /** The ORDER BY clause: rows without a value come last in ascending and first in descending order. */
    readonly order: (column: SqlFragment, isRising: boolean) => SqlFragment
  }
  /**
   * Times in columns of the application, whose form depends on the settings of the driver. Default: as the driver
   * has them.
   */
  readonly instant?: {
    /** A time, or a text of the schema, for a column; undefined for a text that is no time. */
    readonly bind: (time: Date | string) => SqlFragment | undefined
    /** A column as a text in UTC. */
    readonly select: (column: SqlFragment) => SqlFragment
  }
  /**
   * The version of a row `r` that has no column for it, from digests of rows in other tables; undefined where the
   * database has none.
   */
  readonly rowVersion:
    | ((parts: readonly { readonly row: SqlFragment; readonly from: SqlFragment }[]) => SqlFragment)
    | undefined
}

/** Documents in columns, and lists that are read as JSON. */
export interface TableJson {
  /** A document that is bound to a column. */
  readonly bind: (text: string | SqlFragment) => SqlFragment
  /** A document as text. */
  readonly text: (document: SqlFragment) => SqlFragment
  /** A document as a part of another: a column, or the result of a subquery. */
  readonly part: (document: SqlFragment) => SqlFragment
  /** An array of parts. */
  readonly array: (parts: readonly SqlFragment[]) => SqlFragment
  /** The values of all rows as an array, in an order. The rows come from a query that is in that order already. */
  readonly group: (part: SqlFragment, orderBy?: SqlFragment) => SqlFragment
  /** Whether `group` sorts the rows itself. */
  readonly groupSorts: boolean
  /**
   * The first element of an array by which something is sorted: the primary one, where there is such a thing. Of
   * documents of the library.
   */
  readonly preferred?: (
    array: { readonly document: SqlFragment; readonly path: readonly string[]; readonly hasPrimary: boolean },
    value: (element: { readonly document: SqlFragment; readonly simple: SqlFragment }) => SqlFragment,
  ) => SqlFragment
}

/** The differences between databases in statements over tables of the application and of the library. */
export interface StoreDialect extends TableDialect {
  /** Identifiers as a table with one column. */
  readonly ids: (ids: readonly string[], type: IdType, alias: string, column: string) => SqlFragment
  /** Rows of texts as a table. */
  readonly rows: (
    rows: readonly (readonly (string | null)[])[],
    alias: string,
    columns: readonly string[],
  ) => SqlFragment
  /**
   * Which of the rows of an INSERT … ON CONFLICT are new, as `'true'`; undefined if only a query before it can find
   * out.
   */
  readonly isInserted: SqlFragment | undefined
  readonly json: TableJson & {
    /** A text of JSON that the database itself has at hand, for a column. */
    readonly column: (text: SqlFragment) => SqlFragment
    /** The text at a path of a document in a column that has an index on it. */
    readonly indexed: (document: SqlFragment, path: readonly string[]) => SqlFragment
  }
  /** Times in tables of the library. They are bound as `Date.toISOString()` writes them. */
  readonly time: {
    /** A column as it is selected. */
    readonly select: (column: SqlFragment) => SqlFragment
    readonly read: (selected: string) => Date
    /** A bound time, or the one in a column and a millisecond when that is later. */
    readonly later: (time: SqlFragment, column: SqlFragment) => SqlFragment
  }
}
