import type { MappedType } from '../tables/mapped/declaration.js'
import { type MappedResources, type MappedTablesOptions, mappedTables } from '../tables/mapped/mapped-tables.js'
import { openSqlite, type SqliteDatabaseOptions } from './open.js'

/** The options of {@link mappedResources}. */
export interface MappedOptions extends MappedTablesOptions, SqliteDatabaseOptions {}

/**
 * Resources in tables of SQLite that exist, by the declaration that `express-scim/postgres` takes. Groups, and all types whose
 * versions clients are to compare, need a column for `meta.version`: SQLite tells no transaction of a row. docs/sqlite.md tells
 * what else is different.
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
  { database, ...options }: MappedOptions,
  given: Types,
): MappedResources<Types> {
  return mappedTables({ database: openSqlite(database) }, options, given)
}
