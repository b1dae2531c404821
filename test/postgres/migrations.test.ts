import { setTimeout as delay } from 'node:timers/promises'
import { migrations, postgresAdapters } from '../../src/postgres/index.js'
import { callOf } from '../support/calls.js'
import { testDatabase } from '../support/postgres.js'

describe('migrate, in tables that are there', () => {
  const database = testDatabase()
  const table = (name: string): string => `"${database.schema}".${name}`
  const adapters = () => postgresAdapters({ pool: database.pool, schema: database.schema })

  /** The tables as the first migration alone has left them. */
  beforeEach(async () => {
    await database.pool.query(
      `DROP TABLE IF EXISTS ${table('migration')}, ${table('resource')}, ${table('reference')}, ${table('lookup')}`,
    )
    for (const statement of migrations(`"${database.schema}"`)[0]?.statements ?? [])
      await database.pool.query(statement)
  })

  const isValid = async (): Promise<unknown> => {
    const { rows } = await database.pool.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)`, [
      table('resource_manager'),
    ])
    return rows[0]?.indisvalid
  }

  test('what was done is known by component and name, also what was done before there were components', async () => {
    const { pool } = database
    await pool.query(`INSERT INTO ${table('migration')} (name) VALUES ('layout User of yesterday')`)
    await Promise.all([adapters().migrate(), adapters().migrate(), adapters().migrate()])
    const { rows } = await pool.query(`SELECT component, name FROM ${table('migration')} ORDER BY name`)
    expect(new Set(rows.map(({ component }) => component))).toEqual(new Set(['resources']))
    expect(rows.map(({ name }) => name).filter((name) => !name.startsWith('layout '))).toEqual(
      migrations().map(({ name }) => name),
    )
    expect(rows.map(({ name }) => name)).not.toContain('layout User of yesterday')
    // Another part of the library may give its steps the same names, and is left alone.
    await pool.query(
      `INSERT INTO ${table('migration')} (component, name) VALUES ('logs', '001-resources'), ('logs', 'layout User x')`,
    )
    await adapters().migrate({ reindex: true })
    const { rows: others } = await pool.query(
      `SELECT name FROM ${table('migration')} WHERE component = 'logs' ORDER BY name`,
    )
    expect(others.map(({ name }) => name)).toEqual(['001-resources', 'layout User x'])
    // As a process writes that knows no components.
    await pool.query(`INSERT INTO ${table('migration')} (name) VALUES ('layout Group y') ON CONFLICT DO NOTHING`)
    await adapters().migrate()
  })

  test('an index is made while others write', async () => {
    const { pool } = database
    const insert = (id: string): string =>
      `INSERT INTO ${table('resource')} (tenant, type, id, version, created, last_modified, data, keys)
       VALUES ('t', 'User', '${id}', 'v', now(), now(), '{}', '{}')`
    const slow = await pool.connect()
    const writer = await pool.connect()
    let migrating: Promise<void> | undefined
    try {
      await slow.query('BEGIN')
      await slow.query(insert('slow'))
      migrating = adapters().migrate()
      // It waits for those who have begun to write before it.
      for (let waits = false; !waits; ) {
        const { rows } = await pool.query(
          `SELECT 1 FROM pg_stat_activity WHERE query LIKE $1 AND query NOT LIKE '%pg_stat_activity%' AND wait_event_type = 'Lock'`,
          [`%INDEX %resource_manager%${database.schema}%`],
        )
        waits = rows.length > 0
        await delay(10)
      }
      await writer.query("SET lock_timeout = '1s'")
      await writer.query(insert('meanwhile'))
      await slow.query('COMMIT')
      await migrating
    } finally {
      await slow.query('ROLLBACK')
      await writer.query('RESET lock_timeout')
      for (const client of [slow, writer]) client.release()
      await migrating
    }
    expect(await isValid()).toBe(true)
  })

  test('an index whose making was broken off is made anew', async () => {
    const { pool } = database
    const [create = ''] = migrations(`"${database.schema}"`)[1]?.statements ?? []
    await pool.query(create)
    await pool.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass($1)', [
      table('resource_manager'),
    ])
    expect(await isValid()).toBe(false)
    await adapters().migrate()
    expect(await isValid()).toBe(true)
    await adapters().users.create({ userName: 'ann' } as never, callOf())
  })

  test.each([[true], [false]])('a pool of one connection does all of it (tables are there: %s)', async (areThere) => {
    const { pool, schema } = database
    if (!areThere)
      await pool.query(
        `DROP TABLE ${table('migration')}, ${table('resource')}, ${table('reference')}, ${table('lookup')}`,
      )
    const one = new (pool.constructor as new (options: object) => typeof pool)({ ...pool.options, max: 1 })
    try {
      await postgresAdapters({ pool: one, schema }).migrate()
    } finally {
      await one.end()
    }
    expect(await isValid()).toBe(true)
  })
})
