import { setTimeout as delay } from 'node:timers/promises'
import { identifier, type SqlFragment, sql } from '../sql/fragment.js'
import type { SqlConnection, SqlDatabase } from './sql-database.js'
import { MIGRATION_TABLE } from './table-layout.js'

/** One step of the way to the tables of a part of the library. */
export interface ComponentMigration {
  /** Sorts behind the step before: `001-connections`. A step that was released never changes; a new one follows. */
  readonly name: string
  /** The statements of the step, in order. */
  readonly statements: (parts: MigrationParts) => readonly SqlFragment[]
}

/** The parts of the statements of a migration. */
export interface MigrationParts {
  /** The quoted name of a table. */
  readonly table: SqlDatabase['table']
  /** The quoted name of an index, from the name of its table and a word: SQLite has one namespace for all tables. */
  readonly index: (table: string, word: string) => SqlFragment
  /**
   * The type of a column for a text, ordered by code point: ids, tenants, and JSON, which you write and parse yourself.
   */
  readonly text: SqlFragment
  /**
   * The type of a column for an integer of 64 bits: times as milliseconds since the epoch, counters, 0 and 1 for
   * booleans.
   */
  readonly integer: SqlFragment
}

/**
 * Makes the tables of one part of the library, or brings them up to date. Safe to run at every start and in several
 * processes at once: they wait for each other, and finished steps are left alone. All steps that are missing run in one
 * transaction.
 *
 * Every primary key and index begins with `tenant`, so that engines which shard by the first column keep a tenant in
 * one place; an id that has to be unique over all tenants, such as that of a credential, is the exception
 * (decision A-162). A call without tenant has the tenant `''`.
 *
 * @param component Name of the part, unlike that of any other: `connections`, `log`, `audit`. `resources` are users and
 *   groups.
 *
 * @example
 * ```ts
 * import { sql } from 'express-scim/sql'
 * import { type ComponentMigration, migrateComponent, type SqlDatabase } from 'express-scim/sqlite'
 *
 * const MIGRATIONS: readonly ComponentMigration[] = [
 *   {
 *     name: '001-connections',
 *     statements: ({ table, index, text, integer }) => [
 *       sql`CREATE TABLE ${table('connection')} (
 *         tenant ${text} NOT NULL, id ${text} NOT NULL, settings ${text} NOT NULL, created ${integer} NOT NULL,
 *         PRIMARY KEY (tenant, id))`,
 *       sql`CREATE INDEX ${index('connection', 'created')} ON ${table('connection')} (tenant, created)`,
 *     ],
 *   },
 * ]
 * export async function open(database: SqlDatabase): Promise<void> {
 *   await migrateComponent(database, 'connections', MIGRATIONS)
 *   const row = sql`(${'acme'}, ${'c1'}, ${'{}'}, ${Date.now()})`
 *   await database.execute(sql`INSERT INTO ${database.table('connection')} VALUES ${row}`)
 * }
 * ```
 *
 * PostgreSQL gives a bigint as a text, so read numbers with `Number(row.created)`.
 */
export async function migrateComponent(
  database: SqlDatabase,
  component: string,
  migrations: readonly ComponentMigration[],
): Promise<void> {
  // A role without the right to make tables can run this after another role has made them.
  if ((await missingOf(database, database, component, migrations)).length === 0) return
  while (!(await database.transaction((connection) => migrateAlone(database, connection, component, migrations))))
    await delay(PAUSE)
}

// Milliseconds until a process looks again whether another one has finished.
const PAUSE = 50

/** Runs the missing steps; false if another process runs them. */
async function migrateAlone(
  database: SqlDatabase,
  connection: SqlConnection,
  component: string,
  migrations: readonly ComponentMigration[],
): Promise<boolean> {
  const { layout } = database
  if (!(await layout.lock(connection))) return false
  if (!(await layout.hasTable(connection, MIGRATION_TABLE))) await layout.makeMigrationTable(connection)
  const missing = await missingOf(database, connection, component, migrations)
  const parts: MigrationParts = {
    table: database.table,
    index: (table, word) => identifier(layout.indexOf(table, word)),
    text: layout.text,
    integer: layout.integer,
  }
  for (const { name, statements } of missing) {
    for (const statement of statements(parts)) await connection.execute(statement)
    await connection.execute(
      sql`INSERT INTO ${database.table(MIGRATION_TABLE)} (component, name) VALUES (${component}, ${name})`,
    )
  }
  return true
}

async function missingOf(
  database: SqlDatabase,
  connection: SqlConnection,
  component: string,
  migrations: readonly ComponentMigration[],
): Promise<readonly ComponentMigration[]> {
  if (!(await database.layout.hasTable(connection, MIGRATION_TABLE))) return migrations
  const { rows } = await connection.execute(
    sql`SELECT name FROM ${database.table(MIGRATION_TABLE)} WHERE component = ${component}`,
  )
  const applied = new Set(rows.map(({ name }) => name))
  return migrations.filter(({ name }) => !applied.has(name))
}
