import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { postgresAdapters, postgresDatabase } from 'express-scim/postgres'
import { sqlStores } from 'express-scim/service'
import { sqliteAdapters, sqliteDatabase } from 'express-scim/sqlite'

/**
 * Everything in one database: PostgreSQL if DATABASE_URL names one, else SQLite, in memory or in the folder that
 * SCIM_DATA names.
 */
export async function openStores() {
  if (process.env.DATABASE_URL) {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5_000 })
    const store = sqlStores({ database: postgresDatabase({ pool }), adapters: postgresAdapters({ pool }) })
    return { store, close: () => pool.end() }
  }
  const { default: Database } = await import('libsql')
  const database = new Database(fileIn(process.env.SCIM_DATA))
  const store = sqlStores({ database: sqliteDatabase({ database }), adapters: sqliteAdapters({ database }) })
  return { store, close: () => database.close() }
}

/** A file that its owner alone can read. */
function fileIn(folder) {
  if (!folder) return ':memory:'
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'service.db')
  closeSync(openSync(path, 'a', 0o600))
  return path
}
