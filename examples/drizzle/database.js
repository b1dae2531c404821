import { drizzle } from 'drizzle-orm/node-postgres'
import { openDatabase } from '../postgres/database.js'
import { createTables } from './tables.js'

/** The Drizzle of the application. */
export async function openDrizzle() {
  const { pool, close } = await openDatabase()
  await pool.query(createTables)
  return { database: drizzle(pool), close }
}
