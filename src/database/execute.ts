import { render, type SqlFragment } from '../sql/fragment.js'
import type { Queryable, QueryResult } from './database.js'

/** Runs one statement on a connection. */
export function execute(connection: Queryable, statement: SqlFragment): Promise<QueryResult> {
  const { text, values } = render(statement, connection.dialect?.parameter, 1, connection.dialect?.identifier)
  // Drivers type the values as a list that they may change; none does.
  return connection.query(text, values as unknown[])
}
