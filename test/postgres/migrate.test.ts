import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrations, postgresAdapters } from '../../src/postgres/index.js'
import { callOf } from '../support/calls.js'
import { testDatabase } from '../support/postgres.js'
import { ROOT } from '../support/process.js'

describe('migrate', () => {
  const database = testDatabase()

  test('makes the tables once, however many processes start at the same time, and leaves data alone', async () => {
    const { pool, schema } = database
    const postgres = Array.from({ length: 6 }, () => postgresAdapters({ pool, schema }))
    await Promise.all(postgres.map((one) => one.migrate()))
    const made = await postgres[0]?.users.create({ userName: 'kept' } as never, callOf())
    await postgres[1]?.migrate()
    expect(await postgres[2]?.users.get(String(made?.id), callOf())).toMatchObject({ userName: 'kept' })
    const { rows } = await pool.query(`SELECT name FROM "${schema}".migration ORDER BY name`)
    expect(rows.map(({ name }) => name)).toEqual(migrations().map(({ name }) => name))
  })

  test('every key and index begins with the tenant', async () => {
    const { pool, schema } = database
    const { rows } = await pool.query(
      `SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = $1 AND tablename <> 'migration'`,
      [schema],
    )
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.filter(({ indexdef }) => !indexdef.includes('btree (tenant, '))).toEqual([])
  })

  test('the schema may have any name', async () => {
    const { pool } = database
    const name = `${database.schema} "odd'`
    const postgres = postgresAdapters({ pool, schema: name })
    try {
      await postgres.migrate()
      await postgres.users.create({ userName: 'odd' } as never, callOf())
    } finally {
      await pool.query(`DROP SCHEMA "${name.replaceAll('"', '""')}" CASCADE`)
    }
  })

  test('the SQL that the package ships is the SQL that runs', () => {
    for (const { name, statements } of migrations()) {
      expect(readFileSync(join(ROOT, 'sql', `${name}.sql`), 'utf8')).toBe(`${statements.join(';\n\n')};\n`)
    }
  })
})
