import { readFileSync } from 'node:fs'

const tables = readFileSync(new URL('tables.sql', import.meta.url), 'utf8')

/** Makes the tables of the application where they are not there yet. */
export async function createTables(pool) {
  const { rows } = await pool.query("SELECT to_regclass('accounts') AS found")
  if (rows[0].found === null) await pool.query(tables)
}
