import { randomUUID } from 'node:crypto'
import type { Queryable, QueryResult } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { identifier, join, sql } from '../../sql/fragment.js'
import type { Assignment } from './assign.js'
import type { TableType } from './mapped-type.js'
import { refusedByTrigger } from './refusal.js'

/**
 * Inserts the row of a resource and returns its id, which the application or the database has made. If no statement
 * can return the id of the database, only a number is known, and other ids are made here.
 */
export async function insertRow(
  connection: Queryable,
  { id, store, mapping }: TableType,
  assigned: readonly Assignment[],
): Promise<string> {
  const tells = store.returning !== 'nothing'
  const generated = id.write?.(undefined) ?? (tells || id.type === 'integer' ? undefined : randomUUID())
  const columns = generated === undefined ? assigned : [{ column: id.column, value: generated }, ...assigned]
  const names = columns.map(({ column }) => identifier(column))
  const values = columns.map(({ value }) => sql`${value}`)
  const insert = sql`INSERT INTO ${identifier(mapping.table)} (${join(names, ', ')}) VALUES (${join(values, ', ')})`
  const made = tells
    ? returned(await execute(connection, sql`${insert} RETURNING ${store.dialect.text(identifier(id.column))} AS id`))
    : told(await execute(connection, insert), generated)
  // A trigger may keep a row away without a word.
  if (made === undefined) throw refusedByTrigger()
  return made
}

function returned({ rows }: QueryResult): string | undefined {
  return rows[0]?.id
}

function told({ rowCount, insertId }: QueryResult, generated: unknown): string | undefined {
  if (rowCount === 0) return undefined
  return generated === undefined ? insertId : String(generated)
}
