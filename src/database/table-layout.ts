import type { SqlFragment } from '../sql/fragment.js'
import type { SqlConnection } from './sql-database.js'

/** The table that names the migrations which have been run, of each part of the library. */
export const MIGRATION_TABLE = 'migration'

/** A member of the objects in a JSON list, as a column. */
export interface RecordColumn {
  readonly name: string
  readonly type: 'text' | 'integer' | 'json'
}

/** How tables of the library are named and made in one kind of database (decisions ). */
export interface TableLayout {
  /** The name of a table; `schema.table` if the table is in another schema. */
  readonly nameOf: (table: string) => string
  /** The name of an index, as CREATE INDEX takes it. */
  readonly indexOf: (table: string, word: string) => string
  /** The type of a column for texts that are ordered by code point. */
  readonly text: SqlFragment
  /** The type of a column for integers of 64 bits. */
  readonly integer: SqlFragment
  /**
   * The objects of a JSON list as a table: their members as columns, and each object whole, as JSON, in the column
   * `record`. The statement has one value and the same text for any number of objects.
   */
  readonly records: (json: string, columns: readonly RecordColumn[], alias: string) => SqlFragment
  /** The texts of a list in a column of type `json`, as a table with the column `value`. */
  readonly textsIn: (list: SqlFragment, alias: string) => SqlFragment
  /** Whether a statement that writes may have another one in its WITH. */
  readonly writesInWith: boolean
  /** Whether the database has a table of this name. */
  readonly hasTable: (connection: SqlConnection, table: string) => Promise<boolean>
  /** Keeps other processes from making tables until the end of the transaction; false if another one is at it. */
  readonly lock: (connection: SqlConnection) => Promise<boolean>
  /** Makes the table in which the steps that were done are kept, by component and name. */
  readonly makeMigrationTable: (connection: SqlConnection) => Promise<void>
}
