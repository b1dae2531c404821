import { sqlite } from '../../sql/sqlite.js'
import type { Queryable, TransactionRunner } from '../database.js'
import { toBound } from './bound.js'
import { sqliteFailure } from './failure.js'

/** Statements and transactions that a query builder runs on SQLite, as the adapters know them. */
export function sqliteRunner(runner: TransactionRunner): TransactionRunner {
  return {
    ...queryableOver(runner),
    transaction: (work) => runner.transaction((connection) => work(queryableOver(connection))),
  }
}

function queryableOver(connection: Queryable): Queryable {
  return {
    dialect: sqlite,
    query: async (text, values = []) => {
      try {
        return await connection.query(text, values.map(toBound))
      } catch (error) {
        throw sqliteFailure(error)
      }
    },
  }
}
