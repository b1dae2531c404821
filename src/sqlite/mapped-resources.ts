import { checkGiven } from '../check-options.js'
import type { OpenDatabase } from '../database/open-database.js'
import type { MappedType } from '../tables/mapped/declaration.js'
import type { CheckedDeclaration } from '../tables/mapped/known-keys.js'
import {
  type MappedResources,
  type MappedTablesOptions,
  mappedByTenant,
  mappedTables,
} from '../tables/mapped/mapped-tables.js'
import { isByTenant, madeFor } from '../tables/shared/by-tenant.js'
import { openNothing, openSqlite, type SqliteOptionsByTenant } from './open.js'
import { MAPPED } from './option-table.js'

/** The options of {@link mappedResources}. */
export interface MappedOptions extends MappedTablesOptions, SqliteOptionsByTenant {}

/**
 * Resources in existing tables of SQLite, with the declaration of `express-scim/postgres`. Groups, and all types whose
 * versions clients compare, need a column for `meta.version`: SQLite does not record the transaction that wrote a row.
 * docs/sqlite.md lists the other differences.
 *
 * @example
 * ```ts
 * import { mappedResources, tenant } from 'express-scim/sqlite'
 * import Database from 'libsql'
 *
 * export const resources = mappedResources({ database: new Database('app.db') }, {
 *   User: {
 *     table: 'accounts',
 *     scope: { org_id: tenant },
 *     attributes: {
 *       id: { column: 'id', type: 'integer' },
 *       'meta.version': 'revision',
 *       userName: { column: 'email', folded: 'email_key' },
 *       'name.givenName': 'first_name',
 *       active: 'enabled',
 *       '*': { json: 'scim', keys: 'scim_keys' },
 *     },
 *   },
 * })
 * ```
 */
export function mappedResources<const Types extends Readonly<Record<string, MappedType>>>(
  options: MappedOptions,
  given: CheckedDeclaration<Types>,
): MappedResources<Types> {
  checkGiven(options, MAPPED, { owner: 'mappedResources', code: 'ERR_SCIM_OPTION', section: 'sqlite.md' })
  const { database, ...common } = options
  const over = (own: OpenDatabase): MappedResources<Types> => mappedTables({ database: own }, common, given)
  if (!isByTenant(database)) return over(openSqlite(database))
  return mappedByTenant(
    over(openNothing()),
    madeFor(database, 'database', (own) => over(openSqlite(own))),
  )
}
