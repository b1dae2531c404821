import { ScimError } from '../error.js'
import { propertiesOf } from '../is-object.js'

/**
 * SQLSTATE codes that the adapters distinguish, docs/postgres.md. Errors of SQLite get theirs in `sqlite/failure.ts`.
 */
export const UNIQUE_VIOLATION = '23505'
/** A statement that was cancelled, or took longer than `statement_timeout`. */
export const QUERY_CANCELED = '57014'
/** A statement in a transaction in which another one has failed. */
export const FAILED_TRANSACTION = '25P02'
/** Codes of errors of foreign keys: a row names a missing row, or is named by another. */
const FOREIGN_KEY: ReadonlySet<string> = new Set(['23503', '23001'])
/** Another transaction was in the way, and the same work may succeed when it is done again. */
const CONTENTION: ReadonlySet<string> = new Set(['40001', '40P01'])
/**
 * The time that the database gives a statement (`statement_timeout`) or a lock (`lock_timeout`) was over. It is not
 * tried again here: that would take a multiple of the time.
 */
const OUT_OF_TIME: ReadonlySet<string> = new Set([QUERY_CANCELED, '55P03'])
/**
 * The server is not there for us just now: no connection, shut down, starting, out of disk or memory or connections, a
 * standby, a connection that was ended because it was idle for too long.
 */
const UNAVAILABLE =
  /^(?:08...|57P0[1-5]|53...|58030|25006|25P0[34]|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/
// pg has no code for these.
const LOST =
  /connection terminated|query read timeout|timeout expired|timeout exceeded when trying to connect|client has encountered a connection error|client was closed|cannot use a pool after calling end|not queryable/i

/** Seconds after which a client may try again: about the time of a failover. */
const RETRY_AFTER = 2

/** The code of an error of the database or of the connection to it. */
export function codeOf(error: unknown): string | undefined {
  const { code } = propertiesOf(originOf(error))
  return typeof code === 'string' ? code : undefined
}

/** The cause of a 503, since an outer transaction must know it. */
function originOf(error: unknown): unknown {
  return ScimError.is(error) ? error.cause : error
}

/** Whether the same transaction may succeed when it is done once more. */
export function isContention(error: unknown): boolean {
  return CONTENTION.has(codeOf(error) ?? '')
}

/** Whether the connection is gone, or the server does not serve just now. */
export function isConnectionLoss(error: unknown): boolean {
  if (UNAVAILABLE.test(codeOf(error) ?? '')) return true
  const origin = originOf(error)
  return origin instanceof Error && codeOf(origin) === undefined && LOST.test(origin.message)
}

/** The constraint that a value is at odds with because another row has it. */
export function violatedConstraint(error: unknown): string | undefined {
  if (codeOf(error) !== UNIQUE_VIOLATION) return undefined
  // postgres.js has another name for it.
  const { constraint, constraint_name: name } = propertiesOf(error)
  return String(constraint ?? name ?? '')
}

/**
 * The error for a client if the database fails: 503 with Retry-After when it cannot be reached, has no more time for
 * a statement, or too many writers block each other. It is never a 404: a resource that cannot be read may exist.
 */
export function unavailable(error: unknown): ScimError | undefined {
  if (ScimError.is(error)) return error
  if (isConnectionLoss(error)) return ScimError.unavailable({ retryAfter: RETRY_AFTER, cause: error })
  return isContention(error) || OUT_OF_TIME.has(codeOf(error) ?? '')
    ? ScimError.unavailable({ retryAfter: 1, cause: error })
    : undefined
}

/** Why a statement has failed, if the library distinguishes the failure. */
export type FailureKind = 'unique' | 'foreignKey' | 'contention' | 'timeout' | 'connection'

/**
 * Tells the errors of all databases apart; undefined for any other error, such as a mistake in the statement.
 *
 * - `unique`: another row has the value.
 * - `foreignKey`: the row names a missing row, or other rows name it.
 * - `contention`: another transaction was in the way. `transaction` has tried again already.
 * - `timeout`: the database gave the statement or a lock no more time.
 * - `connection`: the database cannot be reached, or does not serve just now.
 */
export function failureKind(error: unknown): FailureKind | undefined {
  const code = codeOf(error) ?? ''
  if (code === UNIQUE_VIOLATION) return 'unique'
  if (FOREIGN_KEY.has(code)) return 'foreignKey'
  if (isContention(error)) return 'contention'
  if (OUT_OF_TIME.has(code)) return 'timeout'
  return isConnectionLoss(error) ? 'connection' : undefined
}
