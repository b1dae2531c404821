import { type ComponentMigration, migrateComponent } from '../../database/migrate-component.js'
import type { SqlDatabase } from '../../database/sql-database.js'
import { join, type SqlFragment, sql } from '../../sql/fragment.js'
import { chunks } from '../chunks.js'
import { ALL_TENANTS } from '../tenant.js'
import type { LogEntry } from './entry.js'
import { EXCHANGE_MIGRATION, sqlExchanges } from './sql-exchanges.js'
import type { LogQuery, LogStore } from './store.js'

const MIGRATIONS: readonly ComponentMigration[] = [
  {
    name: '001-log',
    statements: ({ table, index, text, integer }) => [
      sql`CREATE TABLE ${table('log')} (
  tenant ${text} NOT NULL, key ${text} NOT NULL, time ${integer} NOT NULL, last ${integer} NOT NULL,
  connection ${text} NOT NULL, status ${integer} NOT NULL, code ${text} NOT NULL, resource ${text} NOT NULL,
  data ${text} NOT NULL,
  PRIMARY KEY (tenant, key))`,
      // The exception to tenant first: old rows are looked for over all tenants.
      sql`CREATE INDEX ${index('log', 'last')} ON ${table('log')} (last)`,
      sql`CREATE INDEX ${index('log', 'connection')} ON ${table('log')} (tenant, connection, key)`,
      sql`CREATE INDEX ${index('log', 'resource')} ON ${table('log')} (tenant, resource, key)`,
      sql`CREATE TABLE ${table('log_person')} (
  tenant ${text} NOT NULL, person ${text} NOT NULL, key ${text} NOT NULL,
  PRIMARY KEY (tenant, person, key))`,
      sql`CREATE INDEX ${index('log_person', 'key')} ON ${table('log_person')} (tenant, key)`,
    ],
  },
  EXCHANGE_MIGRATION,
]

/**
 * The log in two tables beside those of the documents, in PostgreSQL or SQLite. `migrate()` makes them.
 *
 * @param options `database` is made by `postgresDatabase` or `sqliteDatabase`.
 *
 * @example
 * ```ts
 * import { journal, sqlLog } from 'express-scim/journal'
 * import { postgresDatabase } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * export const log = journal({ store: sqlLog({ database: postgresDatabase({ pool }) }), secret: process.env.SCIM_SECRET })
 * await log.migrate()
 * ```
 */
export function sqlLog({ database }: { readonly database: SqlDatabase }): LogStore {
  const table = database.table('log')
  const people = database.table('log_person')
  /** Removes the rows that are found, with the HMACs of people in them. */
  const remove = (where: SqlFragment, count: number): Promise<number> =>
    database.transaction(async (connection) => {
      const { rows } = await connection.execute(sql`SELECT tenant, key FROM ${table} WHERE ${where} LIMIT ${count}`)
      const keys = new Map<string, string[]>()
      for (const { tenant, key } of rows) keys.set(tenant, [...(keys.get(tenant) ?? []), key])
      for (const [tenant, own] of keys) {
        await connection.execute(sql`DELETE FROM ${people} WHERE tenant = ${tenant} AND key IN (${listOf(own)})`)
        await connection.execute(sql`DELETE FROM ${table} WHERE tenant = ${tenant} AND key IN (${listOf(own)})`)
      }
      return rows.length
    })

  return {
    async append(entries) {
      await database.transaction(async (connection) => {
        // PostgreSQL takes no row twice in a statement. An attempt that was given up may end after a later one.
        const latest = new Map(entries.map((entry) => [`${entry.key} ${entry.tenant}`, entry]))
        for (const some of chunks([...latest.values()])) {
          await connection.execute(sql`INSERT INTO ${table} AS l
            (tenant, key, time, last, connection, status, code, resource, data) VALUES ${join(some.map(rowOf), ', ')}
            ON CONFLICT (tenant, key) DO UPDATE SET last = excluded.last, data = excluded.data
            WHERE l.last <= excluded.last`)
          const named = some.flatMap(({ tenant, key, persons }) =>
            [...new Set(persons)].map((person) => sql`(${tenant}, ${person}, ${key})`),
          )
          for (const rows of chunks(named)) {
            await connection.execute(sql`INSERT INTO ${people} (tenant, person, key) VALUES ${join(rows, ', ')}
              ON CONFLICT (tenant, person, key) DO NOTHING`)
          }
        }
      })
    },
    async page(query) {
      const { rows } = await database.execute(
        sql`SELECT l.data FROM ${table} l WHERE ${conditions(query, people)} ORDER BY l.key DESC LIMIT ${query.count}`,
      )
      return rows.map(({ data }) => entryOf(data))
    },
    prune: ({ before, count }) => remove(sql`last < ${before.getTime()} ORDER BY last`, count),
    async erase({ tenant, resourceId, persons, count }) {
      if (persons?.length === 0) return 0
      const wanted = [
        sql`tenant = ${tenant}`,
        resourceId !== undefined && sql`resource = ${resourceId}`,
        persons && sql`key IN (SELECT key FROM ${people} WHERE tenant = ${tenant} AND person IN (${listOf(persons)}))`,
      ]
      return remove(allOf(wanted), count)
    },
    exchanges: sqlExchanges(database),
    migrate: () => migrateComponent(database, 'log', MIGRATIONS),
  }
}

function conditions(query: LogQuery, people: SqlFragment): SqlFragment {
  const { tenant, before, after, connection, from, to, status, code, resourceId, persons } = query
  const range = typeof status === 'number' ? { min: status, max: status } : status
  const given: readonly (SqlFragment | false)[] = [
    tenant !== ALL_TENANTS && sql`l.tenant = ${tenant}`,
    before !== undefined && sql`l.key < ${before}`,
    after !== undefined && sql`l.key > ${after}`,
    connection !== undefined && sql`l.connection = ${connection}`,
    from !== undefined && sql`l.last >= ${from.getTime()}`,
    to !== undefined && sql`l.time < ${to.getTime()}`,
    range !== undefined && sql`l.status BETWEEN ${range.min} AND ${range.max}`,
    code !== undefined && sql`l.code = ${code}`,
    resourceId !== undefined && sql`l.resource = ${resourceId}`,
    persons !== undefined &&
      (persons.length === 0
        ? sql`1 = 0`
        : sql`EXISTS (SELECT 1 FROM ${people} p WHERE p.tenant = l.tenant AND p.key = l.key AND p.person IN (${listOf(persons)}))`),
  ]
  return allOf(given)
}

function allOf(given: readonly (SqlFragment | false | undefined)[]): SqlFragment {
  const wanted = given.filter((one) => one !== false && one !== undefined)
  return wanted.length === 0 ? sql`1 = 1` : join(wanted, ' AND ')
}

function rowOf(entry: LogEntry): SqlFragment {
  const { tenant, key, time, last, connection, status, code, resourceId = '' } = entry
  const data = JSON.stringify(entry)
  return sql`(${tenant}, ${key}, ${time.getTime()}, ${last.getTime()}, ${connection}, ${status}, ${code}, ${resourceId}, ${data})`
}

/** What JSON leaves out was undefined, and times are texts in it. */
function entryOf(data: string): LogEntry {
  const entry = JSON.parse(data)
  return { ...entry, time: new Date(entry.time), last: new Date(entry.last) }
}

function listOf(values: readonly string[]): SqlFragment {
  return join(
    values.map((value) => sql`${value}`),
    ', ',
  )
}
