import { checkGiven, OBJECT, required } from '../../check-options.js'
import { type ComponentMigration, migrateComponent } from '../../database/migrate-component.js'
import type { SqlDatabase } from '../../database/sql-database.js'
import type { RecordColumn } from '../../database/table-layout.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { chunks } from '../shared/chunks.js'
import { ALL_TENANTS } from '../shared/tenant.js'
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
export function sqlLog(options: { readonly database: SqlDatabase }): LogStore {
  checkGiven(options, { database: required(OBJECT) }, { owner: 'sqlLog', code: 'ERR_SCIM_OPTION' })
  const { database } = options
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

  const { layout } = database
  const insertEntries = (records: SqlFragment): SqlFragment => sql`INSERT INTO ${table} AS l
    (tenant, key, time, last, connection, status, code, resource, data)
    SELECT tenant, key, time, last, connection, status, code, coalesce(${identifier('resourceId')}, ''), record
    FROM ${records} WHERE TRUE
    ON CONFLICT (tenant, key) DO UPDATE SET last = excluded.last, data = excluded.data WHERE l.last <= excluded.last`
  const insertPeople = (records: SqlFragment): SqlFragment => sql`INSERT INTO ${people} (tenant, person, key)
    SELECT DISTINCT r.tenant, p.value, r.key FROM ${records}, ${layout.textsIn(raw('r.persons'), 'p')} WHERE TRUE
    ON CONFLICT (tenant, person, key) DO NOTHING`

  return {
    async append(entries) {
      for (const some of chunks(latestOf(entries))) {
        const records = layout.records(jsonOf(some), COLUMNS, 'r')
        if (layout.writesInWith) {
          const r = raw('r')
          await database.execute(
            sql`WITH r AS (SELECT * FROM ${records}), stored AS (${insertEntries(r)}) ${insertPeople(r)}`,
          )
        } else {
          await database.transaction(async (connection) => {
            await connection.execute(insertEntries(records))
            await connection.execute(insertPeople(records))
          })
        }
      }
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

const COLUMNS: readonly RecordColumn[] = [
  ...['tenant', 'key', 'connection', 'code', 'resourceId'].map((name) => ({ name, type: 'text' as const })),
  ...['time', 'last', 'status'].map((name) => ({ name, type: 'integer' as const })),
  { name: 'persons', type: 'json' },
]

/** PostgreSQL takes no row twice in a statement. An attempt that was given up may end after a later one. */
function latestOf(entries: readonly LogEntry[]): readonly LogEntry[] {
  // As a rule they come in the order of their keys.
  if (entries.every(({ key }, index) => key > (entries[index - 1]?.key ?? ''))) return entries
  return [...new Map(entries.map((entry) => [`${entry.key} ${entry.tenant}`, entry])).values()]
}

// A text column of PostgreSQL refuses NUL and halves of characters. Backslashes come in pairs.
const REFUSED = /\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g

/** Entries as JSON, with times as numbers: to make texts of times costs more than all the rest of an entry. */
function jsonOf(entries: readonly LogEntry[]): string {
  const json = JSON.stringify(
    entries.map((entry) => ({ ...entry, time: entry.time.getTime(), last: entry.last.getTime() })),
  )
  if (!json.includes('\\u0000') && !json.includes('\\ud')) return json
  return json.replace(REFUSED, (found) => (found === '\\\\' ? found : '\ufffd'))
}

/** JSON leaves out values that were undefined, and has times as numbers or texts. */
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
