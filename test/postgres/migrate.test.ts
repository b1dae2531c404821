import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { IndexPage } from '../../src/adapter/contract.js'
import { defineSchema, User } from '../../src/index.js'
import { migrations, postgresAdapters } from '../../src/postgres/index.js'
import { resourceSchema } from '../../src/schema/schema.js'
import { callOf, queryOf } from '../support/calls.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'
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
    const layouts = rows.map(({ name }) => name).filter((name) => name.startsWith('layout '))
    expect(layouts.map((name) => name.split(' ')[1])).toEqual(['Group', 'User'])
    const steps = rows.map(({ name }) => name).filter((name) => !layouts.includes(name))
    expect(steps).toEqual(migrations().map(({ name }) => name))
  })

  test('what is looked up is worked out anew when it changes: old resources are found and keep their names', async () => {
    const { pool, schema } = database
    const Badge = defineSchema({ id: 'urn:example:Badge', attributes: [{ name: 'number', uniqueness: 'server' }] })
    const before = postgresAdapters({ pool, schema })
    await before.migrate()
    const draft = { userName: 'old', emails: [{ value: 'Old@example.com' }], [Badge.id]: { number: 'B1' } }
    const old = await before.users.create(draft as never, callOf())
    const group = await before.groups.create({ displayName: 'Old Crew' } as never, callOf())

    const after = postgresAdapters({
      pool,
      schema,
      users: { extensions: [Badge], indexes: ['emails.value'] },
      groups: { attributes: { displayName: { uniqueness: 'server' } } },
    })
    await Promise.all([after.migrate(), after.migrate()])
    const type = resourceSchema(User, [{ schema: Badge, required: false }])
    for (const filter of ['emails.value eq "old@EXAMPLE.com"', `${Badge.id}:number eq "b1"`, 'userName eq "OLD"']) {
      const page = (await after.users.list(queryOf(type, { filter }), callOf())) as IndexPage
      expect({ filter, ids: [...page.resources].map(({ id }) => id) }).toEqual({ filter, ids: [old.id] })
    }
    await expect(after.groups.create({ displayName: 'OLD crew' } as never, callOf())).rejects.toMatchObject({
      status: 409,
    })
    const taken = { userName: 'new', [Badge.id]: { number: 'b1' } }
    await expect(after.users.create(taken as never, callOf())).rejects.toMatchObject({ status: 409 })
    expect(await after.users.get(String(old.id), callOf())).toMatchObject({ meta: old.meta })
    expect(await after.groups.get(String(group.id), callOf())).toMatchObject({ meta: group.meta })
    // Whatever a process of yesterday has written meanwhile.
    await pool.query(`DELETE FROM "${schema}".lookup`)
    await after.migrate({ reindex: true })
    const { rows } = await pool.query(`SELECT count(*)::int AS count FROM "${schema}".lookup`)
    expect(rows[0].count).toBeGreaterThan(0)
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

  test('tables that the files in sql/ have made are known, and a role that may make none can run it', async () => {
    const { pool, schema } = database
    const name = `${schema}_files`
    const role = `${schema}_role`
    for (const { statements } of migrations(`"${name}"`)) await pool.query(statements.join(';\n'))
    const url = new URL(await databaseUrl())
    url.username = role
    url.password = 'role'
    const other = new pg.Pool({ connectionString: url.href, max: 2 })
    try {
      await postgresAdapters({ pool, schema: name }).migrate()
      await pool.query(
        `CREATE ROLE "${role}" LOGIN PASSWORD 'role';
         GRANT USAGE ON SCHEMA "${name}" TO "${role}";
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${name}" TO "${role}"`,
      )
      const postgres = postgresAdapters({ pool: other, schema: name, users: { indexes: ['emails.value'] } })
      await postgres.migrate()
      const user = await postgres.users.create({ userName: 'limited' } as never, callOf())
      await postgres.groups.create({ displayName: 'Limited', members: [{ value: user.id }] } as never, callOf())
      const { rows } = await pool.query(`SELECT count(*)::int AS count FROM "${name}".migration`)
      expect(rows[0].count).toBe(migrations().length + 2)
    } finally {
      await other.end()
      await pool.query(`DROP SCHEMA "${name}" CASCADE; DROP ROLE IF EXISTS "${role}"`)
    }
  })

  test('the SQL that the package ships is the SQL that runs', () => {
    for (const { name, statements } of migrations()) {
      expect(readFileSync(join(ROOT, 'sql', `${name}.sql`), 'utf8')).toBe(`${statements.join(';\n\n')};\n`)
    }
  })
})
