import { checkGiven } from '../check-options.js'
import type { MysqlPool } from '../database/mysql/pool.js'
import type { OpenDatabase } from '../database/open-database.js'
import type { MappedType } from '../tables/mapped/declaration.js'
import type { CheckedDeclaration } from '../tables/mapped/known-keys.js'
import {
  type MappedResources,
  type MappedTablesOptions,
  mappedByTenant,
  mappedTables,
} from '../tables/mapped/mapped-tables.js'
import { type ByTenant, isByTenant, madeFor } from '../tables/shared/by-tenant.js'
import { openMysql, openNothing } from './open.js'
import { MAPPED } from './option-table.js'

/** The options of {@link mappedResources}. */
export interface MappedOptions extends MappedTablesOptions {
  /**
   * The pool of `mysql2/promise` or of `mariadb`; or a function that returns the pool of a tenant, if each tenant has
   * its own database (docs/scale.md).
   */
  readonly pool: ByTenant<MysqlPool>
}

/**
 * Resources in existing tables of MySQL or MariaDB, with the declaration of `express-scim/postgres`. A type whose
 * versions clients compare needs a column for `meta.version`. Ids are numbers of AUTO_INCREMENT (`type: 'integer'`), or
 * texts that `write` makes, by default `randomUUID()`. docs/mysql.md lists the other differences.
 *
 * Throws a `SetupError` if `pool` has no `getConnection`, or if the declaration is invalid.
 *
 * @example
 * ```ts
 * import { mappedResources, tenant } from 'express-scim/mysql'
 * import { createPool } from 'mysql2/promise'
 *
 * export const resources = mappedResources({ pool: createPool('mysql://localhost/app') }, {
 *   User: {
 *     table: 'accounts',
 *     scope: { org_id: tenant },
 *     attributes: {
 *       id: { column: 'id', type: 'integer' },
 *       'meta.version': 'revision',
 *       userName: { column: 'email', folded: true },
 *       'name.givenName': 'first_name',
 *       active: 'enabled',
 *     },
 *   },
 * })
 * ```
 */
export function mappedResources<const Types extends Readonly<Record<string, MappedType>>>(
  options: MappedOptions,
  given: CheckedDeclaration<Types>,
): MappedResources<Types> {
  checkGiven(options, MAPPED, { owner: 'mappedResources', code: 'ERR_SCIM_OPTION', section: 'mysql.md' })
  const { pool, ...common } = options
  const over = (database: OpenDatabase): MappedResources<Types> => mappedTables({ database }, common, given)
  if (!isByTenant(pool)) return over(openMysql(pool))
  return mappedByTenant(
    over(openNothing()),
    madeFor(pool, 'pool', (own) => over(openMysql(own))),
  )
}
