import { CompiledStatements, parameter } from '../../database/compiled-statement.js'
import type { Queryable } from '../../database/database.js'
import { raw, sql } from '../../sql/fragment.js'
import { type DocumentRow, type DocumentRowText, readRowText } from './row.js'
import { type Lists, listsKey, rowColumns } from './select.js'
import type { DocumentTarget } from './store.js'
import type { StoredType } from './stored-type.js'
import { withHolders } from './with-holders.js'

/** The row of a resource; locked against other writers of it if asked for. */
export async function readRow(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  lists: Lists,
  lock: boolean,
): Promise<DocumentRow | undefined> {
  const { store, type, tenant } = target
  const { rows } = await statements
    .of(type, `${lock}${listsKey(target, lists)}`, () => {
      const strength = lock ? store.database.store.lock('FOR NO KEY UPDATE', 'r') : raw('')
      return sql`SELECT ${rowColumns(target, lists)} FROM ${raw(store.prefix)}resource AS r
  WHERE r.tenant = ${parameter('tenant')} AND r.type = ${type.name} AND r.id = ${parameter('id')}${strength}`
    })
    .run(connection, { tenant, id })
  const row: DocumentRowText | undefined = rows[0]
  return row && readRowText(store.database.store, await withHolders(connection, target, lists, row))
}

/** One for each set of lists that requests ask for. A type belongs to one store. */
const statements = new CompiledStatements<StoredType>()
