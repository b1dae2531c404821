import { setTimeout as delay } from 'node:timers/promises'
import { EnterpriseUser, Group } from '../../src/index.js'
import { migrations, postgresAdapters } from '../../src/postgres/index.js'
import { layoutOf } from '../../src/tables/documents/layout.js'
import { storedType } from '../../src/tables/documents/stored-type.js'
import { callOf } from '../support/calls.js'
import { testDatabase } from '../support/postgres.js'

describe('migrate, in tables that are there', () => {
  const database = testDatabase()
  const table = (name: string): string => `"${database.schema}".${name}`
  const adapters = () => postgresAdapters({ pool: database.pool, schema: database.schema })

  /** Carries out the migrations up to `last`, as an operator's tool does. */
  const runUpTo = async (last: string): Promise<void> => {
    const { rows } = await database.pool.query(`SELECT name FROM ${table('migration')}`).catch(() => ({ rows: [] }))
    const done = new Set(rows.map(({ name }) => name))
    for (const { name, statements } of migrations(`"${database.schema}"`)) {
      if (!done.has(name)) for (const statement of statements) await database.pool.query(statement)
      if (name === last) return
    }
  }

  /** The tables as the first migration alone has left them. */
  beforeEach(async () => {
    await database.pool.query(
      `DROP TABLE IF EXISTS ${table('migration')}, ${table('resource')}, ${table('reference')}, ${table('lookup')}`,
    )
    await runUpTo('001-resources')
  })

  const isValid = async (): Promise<unknown> => {
    const { rows } = await database.pool.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)`, [
      table('resource_manager_key'),
    ])
    return rows[0]?.indisvalid
  }

  test('managers of resources from before the column are found when they are deleted', async () => {
    const { pool } = database
    await runUpTo('003-components')
    const document = JSON.stringify({ [EnterpriseUser.id]: { manager: { value: 'boss' } } })
    await pool.query(
      `INSERT INTO ${table('resource')} (tenant, type, id, version, created, last_modified, data, keys)
       VALUES ('t', 'User', 'boss', 'v', now(), now(), '{}', '{}'), ('t', 'User', 'ann', 'v', now(), now(), '${document}', '${document}')`,
    )
    const call = callOf({ tenant: 't' })
    const { migrate, users } = adapters()
    await migrate()
    expect(await users.delete('boss', call)).toBe(true)
    expect(await users.get('ann', call)).not.toHaveProperty([EnterpriseUser.id, 'manager'])
    expect(await users.get('ann', call)).not.toHaveProperty('meta.version', 'v')
  })

  test('a column of its own for keys of users leaves rows of other types as they are', async () => {
    const { pool } = database
    await runUpTo('003-components')
    const group = storedType({ name: 'Group', schema: Group })
    await pool.query(`INSERT INTO ${table('migration')} (name) VALUES ('${layoutOf(group)}')`)
    await pool.query(
      `INSERT INTO ${table('resource')} (tenant, type, id, version, created, last_modified, data, keys)
       VALUES ('t', 'User', 'u', 'v', now(), now(), '{}', '{}'), ('t', 'Group', 'g', 'v', now(), now(), '{}', '{}')`,
    )
    const rows = async () => (await pool.query(`SELECT id, ctid::text FROM ${table('resource')} ORDER BY id`)).rows
    const [before] = await rows()
    const user = (await rows())[1]
    await adapters().migrate()
    expect((await rows())[0]).toEqual(before)
    expect((await rows())[1]).not.toEqual(user)
  })

  test('no index is on a column that nearly every write changes', async () => {
    await adapters().migrate()
    const { rows } = await database.pool.query(
      `SELECT DISTINCT a.attname AS name FROM pg_index AS i
         JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid
         JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
       WHERE i.indrelid = to_regclass($1)`,
      [table('resource')],
    )
    const columns = rows.map(({ name }) => name)
    expect(columns).toContain('unique_key')
    for (const name of ['version', 'last_modified', 'data', 'keys']) expect(columns).not.toContain(name)
  })

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
    // The row of a process that knows no components.
    await pool.query(`INSERT INTO ${table('migration')} (name) VALUES ('layout Group y') ON CONFLICT DO NOTHING`)
    await adapters().migrate()
  })

  test('an index is made while others write', async () => {
    const { pool } = database
    await runUpTo('004-room')
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
      // The migration waits for writers that began before it.
      for (let waits = false; !waits; ) {
        const { rows } = await pool.query(
          `SELECT 1 FROM pg_stat_activity WHERE query LIKE $1 AND query NOT LIKE '%pg_stat_activity%' AND wait_event_type = 'Lock'`,
          [`%INDEX %resource_manager_key %${database.schema}%`],
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
    await runUpTo('004-room')
    const [create = ''] = migrations(`"${database.schema}"`)[4]?.statements ?? []
    await pool.query(create)
    await pool.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass($1)', [
      table('resource_manager_key'),
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
