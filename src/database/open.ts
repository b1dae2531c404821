import type { Supports } from '../adapter/contract.js'
import { SetupError } from '../error.js'
import { propertiesOf } from '../is-object.js'
import type { Database, Queryable } from './database.js'
import { type Cancel, cancelOf } from './postgresql/cancel.js'
import { type RunTogether, togetherOf } from './postgresql/one-message.js'
import { prepared } from './postgresql/prepared.js'
import { postgresqlStore } from './postgresql/store-dialect.js'
import type { StoreDialect, TableDialect } from './store-dialect.js'

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

/** Takes a pool into use. Throws a {@link SetupError} for an object that cannot run statements and transactions. */
export function openDatabase(
  pool: Database,
  prepare: boolean,
  option: 'pool' | 'reader' = 'pool',
  store: StoreDialect = postgresqlStore,
): OpenDatabase<StoreDialect> {
  requireDatabase(pool, option)
  listenForErrors(pool)
  return { pool: prepare ? prepared(pool) : pool, cancel: cancelOf(pool), together: togetherOf(pool), store }
}

function requireDatabase(pool: Database, option: string): void {
  const { query, connect, transaction } = propertiesOf(pool)
  const isOne = typeof query === 'function' && (typeof connect === 'function' || typeof transaction === 'function')
  if (!isOne) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      `The ${option} must have query(text, values), and connect() or transaction(work).`,
      'postgres.md',
    )
  }
}

/**
 * An idle connection that breaks is told by an event, which ends the process when nobody listens. The pool replaces it.
 */
function listenForErrors(pool: Database): void {
  const emitter = pool as { on?: unknown; listenerCount?: unknown }
  if (typeof emitter.on !== 'function' || typeof emitter.listenerCount !== 'function') return
  if (emitter.listenerCount('error') === 0) emitter.on('error', () => {})
}
