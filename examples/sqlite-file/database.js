import { readFileSync } from 'node:fs'
import Database from 'libsql'

const tables = readFileSync(new URL('tables.sql', import.meta.url), 'utf8')

/** Opens a file, or a database in memory. With better-sqlite3 or node:sqlite it looks the same. */
export function openDatabase(file = ':memory:') {
  const database = new Database(file)
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; ${tables}`)
  return database
}
