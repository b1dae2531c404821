import type { Filter } from '../filter/ast.js'
import { filterSql } from './compile-filter.js'
import { type CompiledSql, compiled } from './compiled.js'
import type { Dialect } from './dialect.js'
import type { TableMapping } from './mapping.js'
import { postgresql } from './postgresql.js'
import { readMapping } from './read-mapping.js'
import { tablePlace } from './table-place.js'

/** A filter as SQL: a condition for WHERE, `TRUE` if SQL can express no part of the filter. */
export interface CompiledFilter extends CompiledSql {
  /**
   * The rest of the filter, which SQL cannot express. Undefined: the rows are exactly the matches. Answer a
   * list with the rows as candidates, and the router does the rest.
   */
  readonly rest: Filter | undefined
}

/** How a filter is compiled. */
export interface CompileOptions {
  /**
   * The name that the table has in the query.
   *
   * @defaultValue the name in the mapping
   */
  readonly alias?: string
  /**
   * The number of the first placeholder, when others stand before it.
   *
   * @defaultValue `1`
   */
  readonly first?: number
}

/**
 * Compiles the filter of a list into SQL for tables that exist. Each value of a client is bound, never part of the
 * text. Comparison follows the schema: letter case, no value, instants, values of multi-valued attributes.
 *
 * @param filter As `list` gets it in `query.filter`.
 *
 * @example
 * ```ts
 * import type { Filter } from 'express-scim'
 * import { compileFilter, postgresql } from 'express-scim/sql'
 *
 * const accounts = { table: 'accounts', attributes: { userName: 'email', active: 'active' } }
 * export const where = (filter: Filter) => compileFilter(filter, accounts, postgresql)
 * // userName eq "BJensen": text is lower("accounts"."email") = $1, values are ['bjensen'], rest is undefined
 * ```
 */
export function compileFilter(
  filter: Filter,
  mapping: TableMapping,
  dialect: Dialect = postgresql,
  { alias = mapping.table, first = 1 }: CompileOptions = {},
): CompiledFilter {
  const { condition, rest } = filterSql(filter, tablePlace(dialect, readMapping(mapping), alias), dialect)
  return { ...compiled(condition, dialect, first), rest }
}
