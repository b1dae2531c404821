import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import type { Removal, TableDialect } from '../../database/store-dialect.js'
import { identifier, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { columnOf } from '../../sql/table-place.js'

/** A table of values or memberships, with the column of the time until which a row counts, if rows stay in it. */
export interface RowTable {
  readonly table: string
  readonly until?: string | undefined
}

/** The rows to remove: they belong to rows of another table. */
export type RowRemoval = Omit<Removal, 'table'> & { readonly using: SqlFragment }

/**
 * Takes rows out of a table of values or memberships: removes them, or writes the time until which they counted. Tells
 * a column of them, if `returning` names one.
 */
export async function removeRows(
  connection: Queryable,
  store: TableDialect,
  { table, until }: RowTable,
  removal: RowRemoval,
): Promise<readonly string[]> {
  const { alias, using, where, returning } = removal
  const told = store.returning === 'nothing' ? undefined : returning
  const gone: string[] = []
  const run = async (statement: SqlFragment): Promise<void> => {
    for (const { id } of (await execute(connection, statement)).rows) gone.push(id)
  }
  if (returning !== told && returning !== undefined) {
    const column = store.dialect.text(columnOf(alias, returning))
    await run(
      sql`SELECT ${column} AS id FROM ${identifier(table)} AS ${raw(alias)}, ${using} WHERE ${where}${store.lock('FOR UPDATE', alias)}`,
    )
    if (gone.length === 0) return gone
  }
  const whole = { table, alias, using, where, returning: told }
  await run(until === undefined ? store.remove(whole) : (store.expire?.(whole, until) ?? expire(store, whole, until)))
  return gone
}

function expire(
  { dialect }: TableDialect,
  { table, alias, using, where, returning }: Removal & { readonly using: SqlFragment },
  until: string,
): SqlFragment {
  const told = returning === undefined ? raw('') : sql` RETURNING ${dialect.text(identifier(returning))} AS id`
  return sql`UPDATE ${identifier(table)} AS ${raw(alias)} SET ${identifier(until)} = ${dialect.instant(new Date())}
  WHERE EXISTS (SELECT 1 FROM ${using} WHERE ${where})${told}`
}
