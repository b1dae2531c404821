import { propertiesOf } from '../../is-object.js'
import { SetupError } from '../../setup-error.js'
import type { Database } from '../database.js'
import type { OpenDatabase } from '../open-database.js'
import type { StoreDialect } from '../store-dialect.js'
import { cancelOf } from './cancel.js'
import { togetherOf } from './one-message.js'
import { prepared } from './prepared.js'
import { postgresqlStore } from './store-dialect.js'

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
 * An idle connection that breaks emits an event. Without a listener the event ends the process. The pool replaces the
 * connection.
 */
function listenForErrors(pool: Database): void {
  const emitter = pool as { on?: unknown; listenerCount?: unknown }
  if (typeof emitter.on !== 'function' || typeof emitter.listenerCount !== 'function') return
  if (emitter.listenerCount('error') === 0) emitter.on('error', () => {})
}
