import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteAdapters } from 'express-scim/sqlite'
import Database from 'libsql'

/** Users and groups in `.data/scim.db` (`SCIM_DATA` names another folder), which is readable by its owner alone. */
export async function keptAdapters(options) {
  const folder = process.env.SCIM_DATA || '.data'
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'scim.db')
  // SQLite gives the files that it makes beside this one the same mode.
  closeSync(openSync(path, 'a', 0o600))
  const database = new Database(path)
  database.exec('PRAGMA journal_mode = WAL')
  const adapters = sqliteAdapters({ database, ...options })
  await adapters.migrate()
  console.log(`Users and groups are kept in ${path}`)
  return adapters
}
