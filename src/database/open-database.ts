import type { Supports } from '../adapter/contract.js'
import type { SqlFragment } from '../sql/fragment.js'
import type { Connection, Database, Queryable, QueryResult } from './database.js'
import type { TableDialect } from './store-dialect.js'

/**
 * Cancels the running statement of a connection by another one; settles when the server has the order, or cannot be
 * reached.
 */
export type Cancel = (connection: Connection, text: string) => Promise<void>

/** Runs statements as one transaction, and returns the result of each. */
export type RunTogether = (connection: Queryable, statements: readonly SqlFragment[]) => Promise<readonly QueryResult[]>

/** The functions of this entry's adapters beside the callbacks. */
export const SUPPORTS: Supports = Object.freeze({ versions: true, cursor: 'both' })

/** A database as the adapters use it. */
export interface OpenDatabase<Store extends TableDialect = TableDialect> {
  readonly pool: Database
  readonly cancel: Cancel
  /** Runs statements in one message, if the pool takes that. */
  readonly together?: RunTogether | undefined
  /** The SQL of this kind of database. */
  readonly store: Store
  /**
   * Turns a connection that the application passes with a call into the form that adapters use. Default: it has
   * `query(text, values)` as they need it.
   */
  readonly adopt?: ((connection: unknown) => Queryable | undefined) | undefined
}
