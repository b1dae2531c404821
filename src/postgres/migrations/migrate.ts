import type { Queryable } from '../database/database.js'
import type { OpenDatabase } from '../database/open.js'
import { inTransaction } from '../database/transaction.js'
import type { StoredType } from '../documents/stored-type.js'
import { createSchema, migrations } from './migrations.js'
import { forgetOthers, layoutOf, reindex } from './reindex.js'

/**
 * Makes the tables, or brings them up to date with the version of the library and with what is looked up. It may run at
 * every start and in several processes at once: they wait for each other, and what is done already is left alone, so that
 * a role which may make no tables can run it behind one that has made them.
 *
 * @param schema The database schema the tables are in, quoted as SQL wants it.
 * @param all Whether to work out anew what is looked up even if nothing about it seems to have changed, and to take away what
 *   only other declarations look up.
 */
export async function migrate(
  database: OpenDatabase,
  schema: string,
  types: readonly StoredType[],
  all: boolean,
): Promise<void> {
  await inTransaction(database, {}, async (connection) => {
    // One process at a time, until the end of the transaction.
    await connection.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`express-scim ${schema}`])
    const { rows: found } = await connection.query(
      'SELECT to_regnamespace($1)::text AS "namespace", to_regclass($2)::text AS "table"',
      [schema, `${schema}.migration`],
    )
    const { namespace, table } = found[0]
    const [hasSchema, hasMigrations] = [namespace !== null, table !== null]
    const applied = hasMigrations ? await appliedIn(connection, schema) : new Set<string>()
    for (const { name, statements } of migrations(schema)) {
      if (applied.has(name)) continue
      for (const statement of statements) {
        // It asks for a right that who may only make tables does not have, even when there is nothing to make.
        if (hasSchema && statement === createSchema(schema)) continue
        await connection.query(statement)
      }
    }
  })
  for (const type of types) {
    const layout = layoutOf(type)
    const { rows } = await database.pool.query(`SELECT name FROM ${schema}.migration WHERE name = $1`, [layout])
    if (rows.length > 0 && !all) continue
    await reindex(database, schema, type, all)
    if (all) await forgetOthers(database, schema, type)
    await inTransaction(database, {}, async (connection) => {
      // A process with another declaration that starts again adds what has been written without it meanwhile.
      await forgetLayouts(connection, schema, type)
      await connection.query(`INSERT INTO ${schema}.migration (name) VALUES ($1) ON CONFLICT DO NOTHING`, [layout])
    })
  }
}

async function appliedIn(connection: Queryable, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(`SELECT name FROM ${schema}.migration`)
  return new Set(rows.map(({ name }) => name))
}

async function forgetLayouts(connection: Queryable, schema: string, { name }: StoredType): Promise<void> {
  await connection.query(`DELETE FROM ${schema}.migration WHERE starts_with(name, $1)`, [`layout ${name} `])
}
