import { CompiledStatement, PARAMETERS } from '../../database/compiled-statement.js'
import type { Queryable } from '../../database/database.js'
import { raw, sql } from '../../sql/fragment.js'
import { type DocumentRow, type DocumentRowText, readRowText } from './row.js'
import { type Lists, rowColumns } from './select.js'
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
  const { rows } = await statementFor(target, lists, lock).run(connection, [target.tenant, id])
  const row: DocumentRowText | undefined = rows[0]
  return row && readRowText(target.store.database.store, await withHolders(connection, target, lists, row))
}

/** One for each set of lists that requests ask for. A type belongs to one store. */
const statements = new WeakMap<StoredType, Map<string, CompiledStatement>>()

function statementFor(target: DocumentTarget, lists: Lists, lock: boolean): CompiledStatement {
  const { store, type } = target
  const known = statements.get(type) ?? new Map<string, CompiledStatement>()
  statements.set(type, known)
  const key = `${lock} ${lists.limit} ${lists.attributes.map(({ name }) => name).join(' ')}`
  let statement = known.get(key)
  if (!statement) {
    const [tenant, id] = PARAMETERS
    statement = new CompiledStatement(
      sql`SELECT ${rowColumns(target, lists)} FROM ${raw(store.prefix)}resource AS r
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id}${lock ? store.database.store.lock('FOR NO KEY UPDATE', 'r') : raw('')}`,
    )
    known.set(key, statement)
  }
  return statement
}
