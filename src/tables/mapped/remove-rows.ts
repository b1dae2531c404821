import type { Removal, StoreDialect } from '../../database/store-dialect.js'
import { identifier, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { RowConditions } from '../../sql/mapping.js'

/** Takes rows out of a table of values or memberships: removes them, or writes the time until which they counted. */
export function removeRows(store: StoreDialect, { until }: RowConditions, removal: Removal): SqlFragment {
  if (until === undefined) return store.remove(removal)
  const { table, alias, using, where, returning } = removal
  const told = returning === undefined ? raw('') : sql` RETURNING ${store.dialect.text(identifier(returning))} AS id`
  return sql`UPDATE ${identifier(table)} AS ${raw(alias)} SET ${identifier(until)} = ${store.dialect.instant(new Date())}
  WHERE EXISTS (SELECT 1 FROM ${using} WHERE ${where})${told}`
}
