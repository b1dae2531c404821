import type { ListQuery, Sort } from '../adapter/contract.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { CompileOptions } from './compile.js'
import { type CompiledSql, compiled } from './compiled.js'
import type { Dialect } from './dialect.js'
import { join, raw, type SqlFragment, sql } from './fragment.js'
import type { TableMapping } from './mapping.js'
import type { Operand } from './operand.js'
import type { AttributePlace } from './place.js'
import { postgresql } from './postgresql.js'
import { type ReadMapping, readMapping } from './read-mapping.js'
import { columnOf, tablePlace } from './table-place.js'

/**
 * The order of a list as the text behind ORDER BY, with the meaning of RFC 7644 section 3.4.2.3: resources without a
 * value come last when ascending and first when descending, texts are ordered by code point. The column of `id` comes
 * last, so that each row has one place; without a sort it stands alone. Undefined if SQL cannot express the order:
 * answer with candidates then.
 *
 * @param sort As `list` gets it in `query.sort`.
 *
 * @example
 * ```ts
 * import type { Sort } from 'express-scim'
 * import { compileSort, sqlite } from 'express-scim/sql'
 *
 * const accounts = { table: 'accounts', attributes: { id: 'id', userName: 'email' } }
 * export const orderBy = (sort: Sort | undefined) => compileSort(sort, accounts, sqlite)?.text
 * ```
 */
export function compileSort(
  sort: Sort | undefined,
  mapping: TableMapping,
  dialect: Dialect = postgresql,
  { alias = mapping.table, first = 1 }: CompileOptions = {},
): CompiledSql | undefined {
  const order = sortSql(sort, readMapping(mapping), dialect, alias)
  return order && compiled(order, dialect, first)
}

/**
 * The page of a list by index: `ORDER BY … LIMIT … OFFSET …`. Undefined if SQL cannot express the order, and for a page
 * by cursor. It is the page only if the filter has no `rest`.
 *
 * @param query As `list` gets it.
 *
 * @example
 * ```ts
 * import type { ListQuery } from 'express-scim'
 * import { compileFilter, compilePage } from 'express-scim/sql'
 *
 * const accounts = { table: 'accounts', attributes: { id: 'id', userName: 'email' } }
 * export function select(query: ListQuery): string | undefined {
 *   const where = query.filter ? compileFilter(query.filter, accounts) : undefined
 *   const page = where?.rest ? undefined : compilePage(query, accounts)
 *   return page && `SELECT * FROM accounts WHERE ${where?.text ?? 'TRUE'} ${page.text}`
 * }
 * ```
 */
export function compilePage(
  query: ListQuery,
  mapping: TableMapping,
  dialect: Dialect = postgresql,
  { alias = mapping.table, first = 1 }: CompileOptions = {},
): CompiledSql | undefined {
  if (query.pagination !== 'index') return undefined
  const order = sortSql(query.sort, readMapping(mapping), dialect, alias)
  // Both are whole numbers that the router has read.
  const [count, offset] = [query.count, query.startIndex - 1].map((number) => raw(String(Math.trunc(number))))
  return order && compiled(sql`ORDER BY ${order} LIMIT ${count} OFFSET ${offset}`, dialect, first)
}

function sortSql(
  sort: Sort | undefined,
  mapping: ReadMapping,
  dialect: Dialect,
  alias: string,
): SqlFragment | undefined {
  const id = mapping.attributes.get('id')
  // Without it rows with the same value would change places between two pages.
  if (id === undefined || !('column' in id)) return undefined
  const last = columnOf(alias, id.column)
  if (sort === undefined) return last
  const operand = operandOf(sort.attribute, tablePlace(dialect, mapping, alias))
  const value = operand && orderedBy(operand, dialect)
  if (value === undefined) return undefined
  const direction = raw(sort.order === 'ascending' ? 'ASC' : 'DESC')
  return join([sql`(${value}) IS NULL ${direction}`, sql`${value} ${direction}`, last], ', ')
}

function operandOf(attribute: Attribute, place: AttributePlace): Operand | undefined {
  const path = [attribute.extension, attribute.parent, attribute].filter((each) => each !== undefined)
  // The sort value is one of several values: a program must choose it.
  if (path.some(({ multiValued }) => multiValued)) return undefined
  const holders = path.slice(0, -1)
  const at = holders.reduce<AttributePlace | undefined>((own, holder) => own?.object(holder)?.place, place)
  return at?.value(attribute)
}

function orderedBy({ sql: own, type, folded }: Operand, dialect: Dialect): SqlFragment | undefined {
  switch (type) {
    case 'instant':
      return dialect.timestamp(own)
    case 'exact':
      return dialect.byCodePoint(dialect.text(own))
    case 'text':
      // Capitals that the database does not know would come before all small letters.
      return folded && !dialect.folds('\u00c4') ? undefined : dialect.byCodePoint(sql`(${own})`)
    case 'instantText':
      return dialect.byCodePoint(sql`(${own})`)
    default:
      return own
  }
}
