import type { ComponentMigration } from '../../database/migrate-component.js'
import type { SqlConnection, SqlDatabase } from '../../database/sql-database.js'
import { join, sql } from '../../sql/fragment.js'
import { chunks } from '../shared/chunks.js'
import type { ExchangeStore, LoggedExchange } from './exchange.js'

/** The table of recordings, a part of the log. */
export const EXCHANGE_MIGRATION: ComponentMigration = {
  name: '002-exchange',
  statements: ({ table, index, text, integer }) => [
    sql`CREATE TABLE ${table('log_exchange')} (
  tenant ${text} NOT NULL, key ${text} NOT NULL, time ${integer} NOT NULL, connection ${text} NOT NULL, data ${text} NOT NULL,
  PRIMARY KEY (tenant, key))`,
    // The exception to tenant first: old rows are looked for over all tenants.
    sql`CREATE INDEX ${index('log_exchange', 'time')} ON ${table('log_exchange')} (time)`,
    sql`CREATE INDEX ${index('log_exchange', 'connection')} ON ${table('log_exchange')} (tenant, connection, key)`,
  ],
}

/** Recordings in a table beside that of the log. */
export function sqlExchanges(database: SqlDatabase): ExchangeStore {
  const table = database.table('log_exchange')
  const trim = async (connection: SqlConnection, { tenant, connection: of }: LoggedExchange, most: number) => {
    const { rows } = await connection.execute(sql`SELECT key FROM ${table}
      WHERE tenant = ${tenant} AND connection = ${of} ORDER BY key DESC LIMIT 1 OFFSET ${most}`)
    if (rows[0] === undefined) return
    await connection.execute(
      sql`DELETE FROM ${table} WHERE tenant = ${tenant} AND connection = ${of} AND key <= ${rows[0].key}`,
    )
  }
  return {
    append: (exchanges, most) =>
      database.transaction(async (connection) => {
        for (const some of chunks(exchanges)) {
          const rows = some.map(({ tenant, key, time, connection: of, ...rest }) => {
            return sql`(${tenant}, ${key}, ${time.getTime()}, ${of}, ${JSON.stringify(rest)})`
          })
          await connection.execute(
            sql`INSERT INTO ${table} (tenant, key, time, connection, data) VALUES ${join(rows, ', ')}
              ON CONFLICT (tenant, key) DO NOTHING`,
          )
        }
        const connections = new Map(exchanges.map((one) => [JSON.stringify([one.tenant, one.connection]), one]))
        for (const one of connections.values()) await trim(connection, one, most)
      }),
    async page({ tenant, connection, before, after, count }) {
      const given = [
        sql`tenant = ${tenant}`,
        connection !== undefined && sql`connection = ${connection}`,
        before !== undefined && sql`key < ${before}`,
        after !== undefined && sql`key > ${after}`,
      ]
      const wanted = given.filter((one) => one !== false)
      const { rows } = await database.execute(sql`SELECT tenant, key, time, connection, data FROM ${table}
        WHERE ${join(wanted, ' AND ')} ORDER BY key DESC LIMIT ${count}`)
      return rows.map((row) => {
        const rest: Omit<LoggedExchange, 'tenant' | 'key' | 'time' | 'connection'> = JSON.parse(row.data)
        return {
          ...rest,
          tenant: row.tenant,
          key: row.key,
          time: new Date(Number(row.time)),
          connection: row.connection,
        }
      })
    },
    prune: ({ before, count }) => remove(database, sql`time < ${before.getTime()} ORDER BY time`, count),
    erase: ({ tenant, count }) => remove(database, sql`tenant = ${tenant}`, count),
  }
}

function remove(database: SqlDatabase, where: ReturnType<typeof sql>, count: number): Promise<number> {
  const table = database.table('log_exchange')
  return database.transaction(async (connection) => {
    const { rows } = await connection.execute(sql`SELECT tenant, key FROM ${table} WHERE ${where} LIMIT ${count}`)
    for (const some of chunks(rows)) {
      const places = some.map(({ tenant, key }) => sql`(tenant = ${tenant} AND key = ${key})`)
      await connection.execute(sql`DELETE FROM ${table} WHERE ${join(places, ' OR ')}`)
    }
    return rows.length
  })
}
