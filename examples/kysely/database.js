import { CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { openDatabase } from '../sqlite-file/database.js'

/** The Kysely of the application. libsql has the interface of better-sqlite3; either will do. */
export const openKysely = (file) => new Kysely({ dialect: new SqliteDialect({ database: openDatabase(file) }) })

/** Statements and transactions of Kysely for the library, which waits in the same queue as the application. */
export const runnerOf = (db) => ({
  query: (text, values) => db.executeQuery(CompiledQuery.raw(text, values)),
  transaction: (work) => db.transaction().execute((trx) => work(runnerOf(trx))),
})
