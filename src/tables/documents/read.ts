import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { raw, sql } from '../../sql/fragment.js'
import { type DocumentRow, type DocumentRowText, readRowText } from './row.js'
import { type Lists, rowColumns } from './select.js'
import type { DocumentTarget } from './store.js'

/** The row of a resource; locked against other writers of it if asked for. */
export async function readRow(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  lists: Lists,
  lock: boolean,
): Promise<DocumentRow | undefined> {
  const { store, type, tenant } = target
  const row: DocumentRowText | undefined = (
    await execute(
      connection,
      sql`SELECT ${rowColumns(target, lists)} FROM ${raw(store.prefix)}resource AS r
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}${lock ? store.database.store.lock('FOR NO KEY UPDATE', 'r') : raw('')}`,
    )
  ).rows[0]
  return row && readRowText(store.database.store, row)
}
