import type { Queryable, QueryResult } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { type SqlFragment, sql } from '../../sql/fragment.js'
import { columnOf } from '../../sql/table-place.js'
import type { TableType } from './mapped-type.js'
import { namesOneOf, tableAs } from './target.js'

/** Reads the rows `r` of a table that meet a condition, and locks them in the order of their ids. */
export async function lockRows(
  connection: Queryable,
  type: TableType,
  columns: SqlFragment,
  condition: SqlFragment,
): Promise<QueryResult> {
  const { store } = type
  const { dialect, lock } = store
  const id = columnOf('r', type.id.column)
  const from = sql`FROM ${tableAs(type, 'r')} WHERE ${condition}`
  if (!store.locksWhatItReads)
    return execute(connection, sql`SELECT ${columns} ${from} ORDER BY ${id}${lock('FOR NO KEY UPDATE', 'r')}`)
  const found = await execute(connection, sql`SELECT ${dialect.text(id)} AS id ${from}`)
  if (found.rows.length === 0) return found
  const ids = found.rows.map((row) => row.id)
  // Meanwhile another transaction may have changed the columns of the condition.
  return execute(
    connection,
    sql`SELECT ${columns} ${from} AND ${namesOneOf(type, id, ids)} ORDER BY ${id}${lock('FOR NO KEY UPDATE', 'r')}`,
  )
}
