import { setTimeout as delay } from 'node:timers/promises'
import type { Database, Queryable } from '../../database/database.js'
import type { OpenDatabase } from '../../database/open-database.js'
import { lockName } from '../../database/postgresql/table-layout.js'
import { withTransaction } from '../../database/transaction.js'
import { layoutOf } from '../../tables/documents/layout.js'
import type { StoredType } from '../../tables/documents/stored-type.js'
import { buildIndex, indexStatement } from './build-index.js'
import { COMPONENT, COPIED, createSchema, type Migration, migrations } from './migrations.js'
import { forgetOthers, reindex } from './reindex.js'

// Milliseconds until a process looks again whether another one has finished.
const PAUSE = 50

/**
 * Makes the tables, or brings them up to date with the version of the library and with the lookups. It may run at
 * every start and in several processes at once: they wait for each other, and finished steps are left alone, so that
 * a role without the right to make tables can run it after another role has made them.
 *
 * @param schema The database schema the tables are in, quoted as SQL wants it.
 * @param all Whether to compute the lookups again even if they seem unchanged, and to remove lookups that
 *   only other declarations have.
 */
export async function migrate(
  database: OpenDatabase,
  schema: string,
  types: readonly StoredType[],
  all: boolean,
): Promise<void> {
  // A statement that waits for a lock holds a snapshot, and the creation of an index would wait for that in turn.
  while (!(await withTransaction(database, {}, (connection) => migrateAlone(database, connection, schema))))
    await delay(PAUSE)
  for (const type of types) {
    const layout = layoutOf(type, COPIED)
    const { rows } = await database.pool.query(
      `SELECT name FROM ${schema}.migration WHERE component = $1 AND name = $2`,
      [COMPONENT, layout],
    )
    if (rows.length > 0 && !all) continue
    await reindex(database, schema, type, all)
    if (all) await forgetOthers(database, schema, type)
    await withTransaction(database, {}, async (connection) => {
      // A process with another declaration that starts again adds the lookups of resources that were written without it
      // meanwhile.
      await forgetLayouts(connection, schema, type)
      await connection.query(
        `INSERT INTO ${schema}.migration (component, name) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
        [COMPONENT, layout],
      )
    })
  }
}

/**
 * Runs the missing steps, one process at a time until the end of the transaction. In tables that are there it is one
 * step, since an index of the next one may be on its columns. False if another process runs them, or steps are left.
 */
async function migrateAlone(database: OpenDatabase, connection: Queryable, schema: string): Promise<boolean> {
  // A snapshot that lasts as long as the transaction would be in the way of an index that is made beside it.
  await connection.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
  const { rows } = await connection.query('SELECT pg_try_advisory_xact_lock(hashtext($1))::text AS locked', [
    lockName(schema),
  ])
  if (rows[0].locked !== 'true') return false
  const { rows: found } = await connection.query(
    'SELECT to_regnamespace($1)::text AS "namespace", to_regclass($2)::text AS "table"',
    [schema, `${schema}.migration`],
  )
  const { namespace, table } = found[0]
  const [hasSchema, hasTables] = [namespace !== null, table !== null]
  const applied = hasTables ? await appliedIn(connection, schema) : new Set<string>()
  const left = migrations(schema).filter(({ name }) => !applied.has(name))
  const missing = applied.size > 0 ? left.slice(0, 1) : left
  // In tables that are made just now there is nothing yet.
  if (hasTables && missing.length > 0 && hasSecondConnection(database.pool)) {
    // The result of the last query keeps its snapshot until the next statement; this one has none.
    await connection.query('SAVEPOINT scim_indexes')
    await buildIndexes(database.pool, schema, missing)
  }
  for (const statement of missing.flatMap(({ statements }) => statements)) {
    // CREATE SCHEMA needs a right that a role for tables alone lacks, even if the schema exists.
    if (hasSchema && statement === createSchema(schema)) continue
    const index = indexStatement(schema, statement)
    if (index) await buildIndex(connection, index, false)
    else await connection.query(statement)
  }
  return missing.length === left.length
}

/** Makes the indexes of migrations on tables that are there, on connections of their own, while others write. */
async function buildIndexes(database: Queryable, schema: string, missing: readonly Migration[]): Promise<void> {
  for (const statement of missing.flatMap(({ statements }) => statements)) {
    const index = indexStatement(schema, statement)
    if (index && (await isThere(database, index.table))) await buildIndex(database, index, true)
  }
}

/** A pool of one connection has none left beside the transaction. */
function hasSecondConnection(pool: Database): boolean {
  return 'connect' in pool && (pool as { readonly options?: { readonly max?: number } }).options?.max !== 1
}

async function isThere(connection: Queryable, name: string): Promise<boolean> {
  const { rows } = await connection.query('SELECT to_regclass($1)::text AS name', [name])
  return rows[0].name !== null
}

async function appliedIn(connection: Queryable, schema: string): Promise<ReadonlySet<string>> {
  // Tables from before 003-components have no such column.
  const { rows } = await connection.query(
    `SELECT m.name FROM ${schema}.migration AS m WHERE coalesce(to_jsonb(m) ->> 'component', $1) = $1`,
    [COMPONENT],
  )
  return new Set(rows.map(({ name }) => name))
}

async function forgetLayouts(connection: Queryable, schema: string, { name }: StoredType): Promise<void> {
  await connection.query(`DELETE FROM ${schema}.migration WHERE component = $1 AND starts_with(name, $2)`, [
    COMPONENT,
    `layout ${name} `,
  ])
}
