import { checkGiven, OBJECT, required } from '../../check-options.js'
import { failureKind } from '../../database/failure.js'
import { type ComponentMigration, migrateComponent } from '../../database/migrate-component.js'
import type { SqlConnection, SqlDatabase } from '../../database/sql-database.js'
import { type SqlFragment, sql } from '../../sql/fragment.js'
import type { ConnectionStore, ConnectionWrite, StoredConnection } from './store.js'

const MIGRATIONS: readonly ComponentMigration[] = [
  {
    name: '001-connections',
    statements: ({ table, index, text, integer }) => [
      sql`CREATE TABLE ${table('connection')} (
  tenant ${text} NOT NULL, id ${text} NOT NULL, version ${integer} NOT NULL, data ${text} NOT NULL,
  PRIMARY KEY (tenant, id))`,
      // Keys are looked up before the tenant is known, so they are the exception: unique over all tenants.
      sql`CREATE TABLE ${table('connection_key')} (
  key ${text} NOT NULL PRIMARY KEY, tenant ${text} NOT NULL, connection ${text} NOT NULL,
  FOREIGN KEY (tenant, connection) REFERENCES ${table('connection')} (tenant, id))`,
      sql`CREATE INDEX ${index('connection_key', 'connection')} ON ${table('connection_key')} (tenant, connection)`,
    ],
  },
]

/**
 * Connections in two tables beside those of the documents, in PostgreSQL or SQLite. `migrate()` makes them.
 *
 * @param options `database` is made by `postgresDatabase` or `sqliteDatabase`.
 *
 * @example
 * ```ts
 * import { scimConnections, sqlStore } from 'express-scim/connections'
 * import { postgresDatabase } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * export const connections = scimConnections({
 *   store: sqlStore({ database: postgresDatabase({ pool }) }),
 *   secret: process.env.SCIM_SECRET,
 *   url: 'https://app.example/scim/v2',
 * })
 * ```
 */
export function sqlStore(options: { readonly database: SqlDatabase }): ConnectionStore {
  checkGiven(options, { database: required(OBJECT) }, { owner: 'sqlStore', code: 'ERR_SCIM_OPTION' })
  const { database } = options
  const table = database.table('connection')
  const keys = database.table('connection_key')
  const columns = sql`c.tenant, c.id, c.version, c.data`

  const first = async (statement: SqlFragment): Promise<StoredConnection | undefined> => {
    const { rows } = await database.execute(statement)
    return rows[0] && rowOf(rows[0])
  }
  const insertKeys = async (connection: SqlConnection, { tenant, id }: StoredConnection, added: Iterable<string>) => {
    for (const key of added) {
      await connection.execute(sql`INSERT INTO ${keys} (key, tenant, connection) VALUES (${key}, ${tenant}, ${id})`)
    }
  }
  const insert = (given: ConnectionWrite) =>
    database.transaction(async (connection) => {
      const { tenant, id, version, data } = given
      await connection.execute(
        sql`INSERT INTO ${table} (tenant, id, version, data) VALUES (${tenant}, ${id}, ${version}, ${data})`,
      )
      await insertKeys(connection, given, given.keys)
    })
  const update = (given: ConnectionWrite) =>
    database.transaction(async (connection) => {
      const { tenant, id, version, data } = given
      const { count } = await connection.execute(
        sql`UPDATE ${table} SET version = ${version}, data = ${data} WHERE tenant = ${tenant} AND id = ${id} AND version = ${version - 1}`,
      )
      if (count === 0) return false
      const { rows } = await connection.execute(
        sql`SELECT key FROM ${keys} WHERE tenant = ${tenant} AND connection = ${id}`,
      )
      const stored = new Set<string>(rows.map(({ key }) => key))
      const wanted = new Set(given.keys)
      for (const key of stored) {
        if (!wanted.has(key)) await connection.execute(sql`DELETE FROM ${keys} WHERE key = ${key}`)
      }
      await insertKeys(
        connection,
        given,
        [...wanted].filter((key) => !stored.has(key)),
      )
      return true
    })

  return Object.freeze({
    find: (key) =>
      first(
        sql`SELECT ${columns} FROM ${keys} k JOIN ${table} c ON c.tenant = k.tenant AND c.id = k.connection WHERE k.key = ${key}`,
      ),
    get: (tenant, id) => first(sql`SELECT ${columns} FROM ${table} c WHERE c.tenant = ${tenant} AND c.id = ${id}`),
    list: async ({ tenant, after, count }) => {
      const behind = after
        ? tenant === undefined
          ? sql`(c.tenant, c.id) > (${after.tenant}, ${after.id})`
          : sql`c.id > ${after.id}`
        : sql`1 = 1`
      const own = tenant === undefined ? sql`1 = 1` : sql`c.tenant = ${tenant}`
      const { rows } = await database.execute(
        sql`SELECT ${columns} FROM ${table} c WHERE ${own} AND ${behind} ORDER BY c.tenant, c.id LIMIT ${count}`,
      )
      return rows.map(rowOf)
    },
    insert: (connection) => unlessTaken(insert(connection).then(() => true)),
    update: (connection) => unlessTaken(update(connection)),
    remove: (tenant, id) =>
      database.transaction(async (connection) => {
        await connection.execute(sql`DELETE FROM ${keys} WHERE tenant = ${tenant} AND connection = ${id}`)
        const { count } = await connection.execute(sql`DELETE FROM ${table} WHERE tenant = ${tenant} AND id = ${id}`)
        return count > 0
      }),
    migrate: () => migrateComponent(database, 'connections', MIGRATIONS),
  } satisfies ConnectionStore)
}

/** False for a write whose id or key another connection has. */
async function unlessTaken(write: Promise<boolean>): Promise<boolean> {
  try {
    return await write
  } catch (error) {
    if (failureKind(error) === 'unique') return false
    throw error
  }
}

interface ConnectionColumns {
  readonly tenant: string
  readonly id: string
  // PostgreSQL gives a bigint as a text.
  readonly version: string | number
  readonly data: string
}

function rowOf({ tenant, id, version, data }: ConnectionColumns): StoredConnection {
  return { tenant, id, version: Number(version), data }
}
