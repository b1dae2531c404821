import type { Queryable } from '../../database/database.js'

/** A statement of a migration that makes an index. */
export interface IndexStatement {
  /** Name of the index, with its schema. */
  readonly name: string
  /** The table that it is on. */
  readonly table: string
  readonly statement: string
  /** The statement that makes it while others write. */
  readonly concurrently: string
}

const CREATE_INDEX = /^(CREATE (?:UNIQUE )?INDEX )(\w+) /m

/** Reads a statement of a migration; undefined if it makes no index. */
export function indexStatement(schema: string, statement: string): IndexStatement | undefined {
  const found = CREATE_INDEX.exec(statement)
  if (!found) return undefined
  const [, create = '', index = ''] = found
  const at = found.index + create.length
  const [, behind = ''] = statement.split(` ON ${schema}.`)
  return {
    name: `${schema}.${index}`,
    table: `${schema}.${behind.slice(0, behind.indexOf(' '))}`,
    statement,
    concurrently: `${statement.slice(0, at)}CONCURRENTLY ${statement.slice(at)}`,
  }
}

/**
 * Makes the index of a migration unless it is there. An index whose making was broken off is there and invalid: it
 * takes part in every write and in no query, and is made anew.
 *
 * @param isAlone Whether the connection is in no transaction, so that others may write meanwhile.
 */
export async function buildIndex(
  connection: Queryable,
  { name, statement, concurrently }: IndexStatement,
  isAlone: boolean,
): Promise<void> {
  const { rows } = await connection.query(
    'SELECT i.indisvalid::text AS valid FROM pg_index AS i WHERE i.indexrelid = to_regclass($1)',
    [name],
  )
  if (rows[0]?.valid === 'true') return
  if (rows.length > 0) await connection.query(`DROP INDEX ${isAlone ? 'CONCURRENTLY ' : ''}${name}`)
  await connection.query(isAlone ? concurrently : statement)
}
