import type { ListQuery } from '../adapter/contract.js'
import { SetupError } from '../setup-error.js'
import { type CompileOptions, compileFilter } from './compile.js'
import { compileSort } from './compile-sort.js'
import { type CompiledSql, compiled } from './compiled.js'
import type { Dialect } from './dialect.js'
import type { TableMapping } from './mapping.js'
import { TRUE } from './operand.js'
import { postgresql } from './postgresql.js'

/** A list as the parts of a query. */
export interface CompiledList {
  /** The condition behind WHERE; `TRUE` if there is no filter, or if SQL can express no part of it. */
  readonly where: CompiledSql
  /** The order behind ORDER BY. Without a page it is that of `id`. */
  readonly orderBy: CompiledSql
  /**
   * The page that the rows are cut to: answer with `{ resources, totalResults }`. Undefined if SQL cannot say the
   * filter or the order, and for a page by cursor: answer with all rows as candidates, and the router does the rest.
   */
  readonly page: { readonly limit: number; readonly offset: number } | undefined
}

/**
 * Compiles the query of a list for a query builder: the parts that `list` of an adapter needs, for any filter and
 * order.
 *
 * @param query As `list` gets it.
 * @throws SetupError if the mapping has no column for `id`.
 *
 * @example
 * ```ts
 * import type { ListQuery } from 'express-scim'
 * import { compileList } from 'express-scim/sql'
 *
 * const accounts = { table: 'accounts', attributes: { id: 'id', userName: 'email' } }
 * export function select(query: ListQuery) {
 *   const { where, orderBy, page } = compileList(query, accounts)
 *   const cut = page ? `LIMIT ${page.limit} OFFSET ${page.offset}` : ''
 *   return { text: `SELECT * FROM accounts WHERE ${where.text} ORDER BY ${orderBy.text} ${cut}`, values: where.values }
 * }
 * ```
 */
export function compileList(
  query: ListQuery,
  mapping: TableMapping,
  dialect: Dialect = postgresql,
  options: CompileOptions = {},
): CompiledList {
  const { first = 1 } = options
  const found = query.filter && compileFilter(query.filter, mapping, dialect, options)
  const where = found ?? compiled(TRUE, dialect, first)
  const behind = { ...options, first: first + where.values.length }
  const byId = compileSort(undefined, mapping, dialect, behind)
  if (!byId) throw new SetupError('ERR_SCIM_OPTION', `The mapping of table "${mapping.table}" has no column for id.`)
  const order = compileSort(query.sort, mapping, dialect, behind)
  if (query.pagination !== 'index' || found?.rest || !order) return { where, orderBy: byId, page: undefined }
  return { where, orderBy: order, page: { limit: query.count, offset: query.startIndex - 1 } }
}
