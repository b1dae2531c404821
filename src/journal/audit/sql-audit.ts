import { checkGiven, OBJECT, required } from '../../check-options.js'
import { type ComponentMigration, migrateComponent } from '../../database/migrate-component.js'
import type { SqlConnection, SqlDatabase } from '../../database/sql-database.js'
import { join, type SqlFragment, sql } from '../../sql/fragment.js'
import { chunks } from '../shared/chunks.js'
import { NO_ENDS } from './memory-audit.js'
import type { AuditEnds, AuditRow, AuditStore } from './store.js'

const MIGRATIONS: readonly ComponentMigration[] = [
  {
    name: '001-audit',
    statements: ({ table, index, text, integer }) => [
      sql`CREATE TABLE ${table('audit_chain')} (
  tenant ${text} NOT NULL PRIMARY KEY, number ${integer} NOT NULL, hash ${text} NOT NULL,
  pruned_number ${integer} NOT NULL, pruned_hash ${text} NOT NULL)`,
      sql`CREATE TABLE ${table('audit')} (
  tenant ${text} NOT NULL, number ${integer} NOT NULL, time ${integer} NOT NULL, previous ${text} NOT NULL,
  hash ${text} NOT NULL, content ${text} NOT NULL, actor ${text} NOT NULL, resource ${text} NOT NULL,
  PRIMARY KEY (tenant, number))`,
      sql`CREATE INDEX ${index('audit', 'resource')} ON ${table('audit')} (tenant, resource)`,
      sql`CREATE INDEX ${index('audit', 'actor')} ON ${table('audit')} (tenant, actor)`,
      sql`CREATE TABLE ${table('audit_member')} (
  tenant ${text} NOT NULL, number ${integer} NOT NULL, person ${text} NOT NULL, id ${text} NOT NULL,
  PRIMARY KEY (tenant, number, person))`,
      sql`CREATE INDEX ${index('audit_member', 'id')} ON ${table('audit_member')} (tenant, id)`,
    ],
  },
]

/**
 * The audit trail in tables beside those of the documents, in PostgreSQL or SQLite: an entry is written in the
 * transaction of its change. `migrate()` makes the tables.
 *
 * @param options `database` is made by `postgresDatabase` or `sqliteDatabase`, of the database whose transactions the
 * router has.
 *
 * @example
 * ```ts
 * import { auditTrail, sqlAudit } from 'express-scim/journal'
 * import { postgresDatabase } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * export const trail = auditTrail({
 *   store: sqlAudit({ database: postgresDatabase({ pool }) }),
 *   secret: process.env.SCIM_SECRET,
 *   strict: true,
 * })
 * await trail.migrate()
 * ```
 */
export function sqlAudit(options: { readonly database: SqlDatabase }): AuditStore {
  checkGiven(options, { database: required(OBJECT) }, { owner: 'sqlAudit', code: 'ERR_SCIM_OPTION' })
  const { database } = options
  const chain = database.table('audit_chain')
  const table = database.table('audit')
  const members = database.table('audit_member')

  /** Locks the chain of a tenant until the end of the transaction, so that no other writer appends to it. */
  const lock = async (connection: SqlConnection, tenant: string): Promise<AuditEnds> => {
    await connection.execute(sql`INSERT INTO ${chain} (tenant, number, hash, pruned_number, pruned_hash)
      VALUES (${tenant}, 0, '', 0, '') ON CONFLICT (tenant) DO NOTHING`)
    const { rows } = await connection.execute(
      sql`UPDATE ${chain} SET number = number WHERE tenant = ${tenant} RETURNING *`,
    )
    return endsOf(rows[0])
  }
  const append = async (connection: SqlConnection, tenant: string, rows: (ends: AuditEnds) => readonly AuditRow[]) => {
    const added = rows(await lock(connection, tenant))
    const last = added.at(-1)
    if (last === undefined) return
    for (const some of chunks(added)) {
      const values = some.map(
        (row) =>
          sql`(${tenant}, ${row.number}, ${row.time.getTime()}, ${row.previous}, ${row.hash}, ${row.content}, ${row.actor}, ${row.resourceId})`,
      )
      await connection.execute(sql`INSERT INTO ${table}
        (tenant, number, time, previous, hash, content, actor, resource) VALUES ${join(values, ', ')}`)
    }
    const ids = added.flatMap(({ number, members: own }) =>
      [...own].map(([person, id]) => sql`(${tenant}, ${number}, ${person}, ${id})`),
    )
    for (const some of chunks(ids)) {
      await connection.execute(sql`INSERT INTO ${members} (tenant, number, person, id) VALUES ${join(some, ', ')}`)
    }
    await connection.execute(
      sql`UPDATE ${chain} SET number = ${last.number}, hash = ${last.hash} WHERE tenant = ${tenant}`,
    )
  }

  return {
    append: (tenant, rows, call) =>
      call.transaction === undefined
        ? database.transaction((connection) => append(connection, tenant, rows))
        : append(database.within({ transaction: call.transaction }), tenant, rows),
    async page({ tenant, after, count, resourceId }) {
      const of = resourceId === undefined ? sql`` : sql` AND resource = ${resourceId}`
      const { rows } = await database.execute(
        sql`SELECT * FROM ${table} WHERE tenant = ${tenant} AND number > ${after}${of} ORDER BY number LIMIT ${count}`,
      )
      if (rows.length === 0) return []
      const ids = await database.execute(sql`SELECT number, person, id FROM ${members} WHERE tenant = ${tenant}
        AND number >= ${Number(rows[0].number)} AND number <= ${Number(rows.at(-1)?.number)}`)
      const byNumber = new Map<number, Map<string, string>>()
      for (const { number, person, id } of ids.rows) {
        const own = byNumber.get(Number(number)) ?? new Map<string, string>()
        byNumber.set(Number(number), own.set(person, id))
      }
      return rows.map((row) => rowOf(row, byNumber.get(Number(row.number)) ?? new Map()))
    },
    async ends(tenant) {
      const { rows } = await database.execute(sql`SELECT * FROM ${chain} WHERE tenant = ${tenant}`)
      return rows[0] === undefined ? NO_ENDS : endsOf(rows[0])
    },
    erase: ({ tenant, id }) =>
      database.transaction(async (connection) => {
        const run = async (statement: SqlFragment) => (await connection.execute(statement)).count
        const own = await run(sql`UPDATE ${table} SET resource = '' WHERE tenant = ${tenant} AND resource = ${id}`)
        const done = await run(sql`UPDATE ${table} SET actor = '' WHERE tenant = ${tenant} AND actor = ${id}`)
        return own + done + (await run(sql`DELETE FROM ${members} WHERE tenant = ${tenant} AND id = ${id}`))
      }),
    prune: ({ tenant, before, count }) =>
      database.transaction(async (connection) => {
        const { prunedNumber } = await lock(connection, tenant)
        const { rows } = await connection.execute(sql`SELECT number, time, hash FROM ${table}
          WHERE tenant = ${tenant} AND number > ${prunedNumber} ORDER BY number LIMIT ${count}`)
        const kept = rows.findIndex(({ time }) => Number(time) >= before.getTime())
        const gone = kept < 0 ? rows : rows.slice(0, kept)
        const last = gone.at(-1)
        if (last === undefined) return 0
        const old = sql`WHERE tenant = ${tenant} AND number <= ${Number(last.number)}`
        await connection.execute(sql`DELETE FROM ${members} ${old}`)
        await connection.execute(sql`DELETE FROM ${table} ${old}`)
        await connection.execute(sql`UPDATE ${chain} SET pruned_number = ${Number(last.number)}, pruned_hash = ${last.hash}
          WHERE tenant = ${tenant}`)
        return gone.length
      }),
    migrate: () => migrateComponent(database, 'audit', MIGRATIONS),
  }
}

/** A row of the table of chains. Drivers give a bigint as a text. */
interface ChainRow {
  readonly number: unknown
  readonly hash: string
  readonly pruned_number: unknown
  readonly pruned_hash: string
}

function endsOf({ number, hash, pruned_number: prunedNumber, pruned_hash: prunedHash }: ChainRow): AuditEnds {
  return { number: Number(number), hash, prunedNumber: Number(prunedNumber), prunedHash }
}

interface TableRow extends Omit<AuditRow, 'members' | 'resourceId' | 'time' | 'number'> {
  readonly number: unknown
  readonly time: unknown
  readonly resource: string
}

function rowOf(
  { tenant, number, time, previous, hash, content, actor, resource }: TableRow,
  members: AuditRow['members'],
) {
  const when = new Date(Number(time))
  return { tenant, number: Number(number), time: when, previous, hash, content, actor, resourceId: resource, members }
}
