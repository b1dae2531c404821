import type { SqlFragment } from '../sql/fragment.js'
import type { SqlConnection } from './sql-database.js'

/** How tables of the library are named and made in one kind of database. */
export interface TableLayout {
  /** The name of a table; a dot parts schema and table. */
  readonly nameOf: (table: string) => string
  /** The name of an index, as CREATE INDEX takes it. */
  readonly indexOf: (table: string, word: string) => string
  /** The type of a column for texts that are ordered by code point. */
  readonly text: SqlFragment
  /** The type of a column for integers of 64 bits. */
  readonly integer: SqlFragment
  readonly hasTable: (connection: SqlConnection, table: string) => Promise<boolean>
  /** Keeps other processes from making tables until the end of the transaction; false if another one is at it. */
  readonly lock: (connection: SqlConnection) => Promise<boolean>
  /** Makes the table in which the steps that were done are kept, by component and name. */
  readonly makeMigrationTable: (connection: SqlConnection) => Promise<void>
}
