import type { Database, Queryable } from './database.js'
import { migrations } from './migrations.js'
import { layoutOf, reindex } from './reindex.js'
import type { StoredType } from './stored-type.js'
import { inTransaction } from './transaction.js'

/**
 * Makes the tables, or brings them up to date with the version of the library and with what is looked up. It may run at
 * every start and in several processes at once: they wait for each other, and what is done already is left alone.
 *
 * @param schema The database schema the tables are in, quoted as SQL wants it.
 * @param all Whether to work out anew what is looked up even if nothing about it seems to have changed.
 */
export async function migrate(
  database: Database,
  schema: string,
  types: readonly StoredType[],
  all: boolean,
): Promise<void> {
  await inTransaction(database, undefined, async (connection) => {
    // One process at a time, until the end of the transaction.
    await connection.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`express-scim ${schema}`])
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    await connection.query(
      `CREATE TABLE IF NOT EXISTS ${schema}.migration (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())`,
    )
    const { rows } = await connection.query(`SELECT name FROM ${schema}.migration`)
    const applied = new Set<string>(rows.map(({ name }) => name))
    const note = (name: string) => connection.query(`INSERT INTO ${schema}.migration (name) VALUES ($1)`, [name])
    for (const { name, statements } of migrations(schema)) {
      if (applied.has(name)) continue
      for (const statement of statements) await connection.query(statement)
      await note(name)
    }
    for (const type of types) {
      const layout = layoutOf(type)
      if (applied.has(layout) && !all) continue
      await reindex(connection, schema, type)
      await forgetLayouts(connection, schema, type)
      await note(layout)
    }
  })
}

async function forgetLayouts(connection: Queryable, schema: string, { name }: StoredType): Promise<void> {
  await connection.query(`DELETE FROM ${schema}.migration WHERE starts_with(name, $1)`, [`layout ${name} `])
}
