import type { Call } from '../adapter/contract.js'
import { checkGiven } from '../check-options.js'
import type { Queryable } from '../database/database.js'
import type { MysqlPool } from '../database/mysql/pool.js'
import { transactionOption } from '../database/transaction.js'
import { type ByTenant, isByTenant, madeFor } from '../tables/shared/by-tenant.js'
import { openMysql } from './open.js'
import { TRANSACTION } from './option-table.js'

export type { Queryable, QueryResult } from '../database/database.js'
export { type FailureKind, failureKind } from '../database/failure.js'
export type { MysqlConnection, MysqlPool, MysqlStatement } from '../database/mysql/pool.js'
export { type MappedType, type ScopeValue, tenant } from '../tables/mapped/declaration.js'
export type { MappedResource } from '../tables/mapped/mapped-tables.js'
export type { ByTenant, OfTenant } from '../tables/shared/by-tenant.js'
export { type Protect, verifySecret } from '../tables/shared/secret-hash.js'
export { type MappedOptions, mappedResources } from './mapped-resources.js'

/** The options of {@link mysqlTransaction}. */
export interface MysqlTransactionOptions {
  /** The pool of `mysql2/promise` or of `mariadb`, or the function that {@link mappedResources} has. */
  readonly pool: ByTenant<MysqlPool>
}

/**
 * The `transaction` option of the router: bulk requests are atomic, and an outbox entry is written together with the
 * change or not at all. Transactions use the isolation level READ COMMITTED. A transaction that fails because of
 * another one is repeated.
 *
 * @example
 * ```ts
 * import { bearer, scimRouter } from 'express-scim'
 * import { mappedResources, mysqlTransaction } from 'express-scim/mysql'
 * import { createPool } from 'mysql2/promise'
 *
 * const pool = createPool('mysql://localhost/app')
 * const resources = mappedResources({ pool }, {
 *   User: { table: 'accounts', attributes: { id: { column: 'id', type: 'integer' }, userName: { column: 'email', folded: true } } },
 * })
 * export const scim = scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources,
 *   transaction: mysqlTransaction({ pool }),
 * })
 * ```
 */
export function mysqlTransaction(
  options: MysqlTransactionOptions,
): <T>(work: (connection: Queryable) => Promise<T>, call?: Call) => Promise<T> {
  checkGiven(options, TRANSACTION, { owner: 'mysqlTransaction', code: 'ERR_SCIM_OPTION', section: 'mysql.md' })
  const { pool } = options
  if (!isByTenant(pool)) return transactionOption(openMysql(pool))
  const transactionFor = madeFor(pool, 'pool', (own) => transactionOption(openMysql(own)))
  return async (work, call) => (await transactionFor(call))(work, call)
}
