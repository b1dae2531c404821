import type { Database } from './database.js'
import { migrations } from './migrations.js'
import { inTransaction } from './transaction.js'

/**
 * Makes the tables, or brings them up to date. It may run at every start and in several processes at once: they wait for
 * each other, and what is done already is left alone.
 *
 * @param schema The database schema the tables are in, quoted as SQL wants it.
 */
export async function migrate(database: Database, schema: string): Promise<void> {
  await inTransaction(database, undefined, async (connection) => {
    // One process at a time, until the end of the transaction.
    await connection.query(`SELECT pg_advisory_xact_lock(hashtext($1))`, [`express-scim ${schema}`])
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    await connection.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migration (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())`,
    )
    const { rows } = await connection.query(`SELECT name FROM ${schema}.migration`)
    const applied = new Set(rows.map(({ name }) => name))
    for (const { name, statements } of migrations(schema)) {
      if (applied.has(name)) continue
      for (const statement of statements) await connection.query(statement)
      await connection.query(`INSERT INTO ${schema}.migration (name) VALUES ($1)`, [name])
    }
  })
}
