import type { Queryable } from '../../database/database.js'
import { run } from '../../database/transaction.js'
import { identifier, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ChildTableMapping } from '../../sql/mapping.js'
import { columnOf } from '../../sql/table-place.js'
import type { TableType } from './mapped-type.js'
import { belongsTo } from './members.js'
import { namesOneOf, tableAs } from './target.js'

/** The columns to read of the rows `v` of a child table. */
interface Values {
  readonly cells: SqlFragment
  readonly order: SqlFragment
  /** Of the resources. */
  readonly ids: readonly string[]
}

/** The values of some resources in a child table, by one statement: arrays of cells, by the id of the resource. */
export async function loadValues(
  connection: Queryable,
  type: TableType,
  entry: ChildTableMapping,
  { cells, order, ids }: Values,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { dialect, json } = type.store
  const id = columnOf('r', type.id.column)
  const rows = await run(
    connection,
    sql`SELECT ${dialect.text(id)} AS owner, ${json.text(cells)} AS cells FROM ${tableAs(type, 'r')}, ${identifier(entry.table)} AS v
  WHERE ${namesOneOf(type, id, ids)} AND ${belongsTo(type.store, entry, 'v', 'r')} ORDER BY ${order}`,
  )
  const found = new Map<string, unknown[]>()
  for (const { owner, cells: text } of rows) {
    const list = found.get(owner)
    if (list) list.push(JSON.parse(text))
    else found.set(owner, [JSON.parse(text)])
  }
  return found
}
