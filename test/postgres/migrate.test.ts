import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { IndexPage } from '../../src/adapter/contract.js'
import { defineSchema, User } from '../../src/index.js'
import { type ConnectionPool, migrations, postgresAdapters } from '../../src/postgres/index.js'
import { BatchSize } from '../../src/postgres/migrations/batch-size.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { callOf, patchFor, queryOf, USER_TYPE } from '../support/calls.js'
import { countedPool } from '../support/counted-pool.js'
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
    // Look-ups are missing, as after writes of an older process.
    await pool.query(`DELETE FROM "${schema}".lookup`)
    await after.migrate({ reindex: true })
    const { rows } = await pool.query(`SELECT count(*)::int AS count FROM "${schema}".lookup`)
    expect(rows[0].count).toBeGreaterThan(0)
  })

  describe('processes of two declarations beside each other', () => {
    const rolling = testDatabase()
    const Badge = defineSchema({ id: 'urn:example:Badge', attributes: [{ name: 'number' }] })
    const attributes = { externalId: { uniqueness: 'server' } } as const
    const older = () => postgresAdapters({ pool: rolling.pool, schema: rolling.schema, users: { extensions: [] } })
    const newer = (pool: ConnectionPool = rolling.pool) =>
      postgresAdapters({
        pool,
        schema: rolling.schema,
        users: { extensions: [Badge], indexes: ['emails.value'], attributes },
      })
    const type = resourceSchema(User, [{ schema: Badge, required: false }])
    const find = async ({ users }: ReturnType<typeof newer>, filter: string): Promise<unknown[]> => {
      const page = (await users.list(queryOf(type, { filter }), callOf())) as IndexPage
      return [...page.resources].map(({ id }) => id)
    }

    test('take nothing away from each other, forward and back, while they write', async () => {
      const [old, next] = [older(), newer()]
      await old.migrate()
      const draft = { userName: 'ann', externalId: 'x1', emails: [{ value: 'ann@x' }], [Badge.id]: { number: 'B1' } }
      let writing = true
      const write = async (name: string): Promise<string[]> => {
        const ids: string[] = []
        for (let at = 0; writing || at < 5; at += 1) {
          const { users } = at % 2 ? old : next
          const made = await users.create({ userName: `${name} ${at}`, externalId: `${name} ${at}` } as never, callOf())
          const title = patchFor(USER_TYPE, { op: 'add', path: 'title', value: 'x' })
          await (at % 3 ? old : next).users.patch?.(String(made.id), title, callOf())
          ids.push(String(made.id))
          // Some load, and not as many rows as the machine can write: each migration reads them all again.
          await delay(10)
        }
        return ids
      }
      const load = Promise.all(['a', 'b'].map(write))
      await next.migrate()
      const { id } = await next.users.create(draft as never, callOf())
      const isWhole = async (): Promise<void> => {
        const filters = [
          'userName eq "ANN"',
          'emails.value eq "ANN@x"',
          'externalId eq "x1"',
          `${Badge.id}:number eq "b1"`,
        ]
        for (const filter of filters) expect([filter, await find(next, filter)]).toEqual([filter, [id]])
        expect(await find(old as never, 'userName eq "ann"')).toEqual([id])
        const taken = { userName: 'other', externalId: 'x1' }
        await expect(next.users.create(taken as never, callOf())).rejects.toMatchObject({ status: 409 })
        await expect(old.users.create({ userName: 'Ann' } as never, callOf())).rejects.toMatchObject({ status: 409 })
      }
      await isWhole()
      for (const start of [older, newer, older, newer, older]) {
        await start().migrate()
        await isWhole()
      }
      writing = false
      const ids = (await load).flat()
      for (const one of ids) expect(await next.users.get(one, callOf())).toMatchObject({ title: 'x' })
      // A user that the older version deletes leaves no rows that would be in the way of the newer version.
      expect(await old.users.delete(String(id), callOf())).toBe(true)
      const again = await next.users.create(draft as never, callOf())
      await next.migrate({ reindex: true })
      expect(await find(next, 'emails.value eq "ann@x"')).toEqual([again.id])
    })

    test('resources that have a value in common are named before it counts as unique', async () => {
      const { pool, schema } = rolling
      const call = callOf({ tenant: 'twins' })
      const [a, b] = await Promise.all(
        ['a', 'b'].map((name) => older().users.create({ userName: name, nickName: 'Twin' } as never, call)),
      )
      const strict = postgresAdapters({
        pool,
        schema,
        users: { attributes: { nickName: { uniqueness: 'server' } }, extensions: [] },
      })
      const failure = await strict.migrate().catch((error: Error) => error.message)
      for (const part of [a?.id, b?.id, 'twins', 'nickName']) expect(failure).toContain(String(part))
      expect(await older().users.delete(String(b?.id), call)).toBe(true)
      await strict.migrate()
      await expect(strict.users.create({ userName: 'c', nickName: 'TWIN' } as never, call)).rejects.toMatchObject({
        status: 409,
      })
    })

    test('lock few resources at a time, which they find by index alone', async () => {
      const { pool, schema } = rolling
      await pool.query(
        `INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, unique_key, data, keys)
         SELECT 'many', 'User', 'm' || i, 'v', now(), now(), 'm' || i, jsonb_build_object('userName', 'm' || i, 'emails', jsonb_build_array(jsonb_build_object('value', 'm' || i))), '{}'
         FROM generate_series(1, 1200) AS i`,
      )
      const counted = countedPool(pool)
      await newer(counted).migrate({ reindex: true })
      const statements = counted.take()
      const batches = statements.filter((text) => text.includes('FOR NO KEY UPDATE'))
      const sizes = statements.flatMap((text) => /^SELECT tenant, id FROM .* LIMIT (\d+)$/s.exec(text)?.[1] ?? [])
      expect(sizes[0]).toBe('50')
      expect(Math.max(...sizes.map(Number))).toBeLessThanOrEqual(500)
      expect(batches.length).toBeGreaterThanOrEqual(3)
      // Each batch is a transaction of its own.
      const perTransaction = statements
        .join('\n')
        .split('BEGIN')
        .map((part) => part.split('FOR NO KEY UPDATE').length - 1)
      expect(Math.max(...perTransaction)).toBe(1)
      const { rows } = await pool.query(
        `SELECT count(*)::int AS count FROM "${schema}".lookup WHERE tenant = 'many' AND attribute = 'emails.value' AND key = id`,
      )
      expect(rows[0].count).toBe(1_200)
    })

    test('lock a look-up only when it is known which are meant', async () => {
      const { pool, schema } = rolling
      const counted = countedPool(pool)
      await postgresAdapters({ pool: counted, schema, users: { extensions: [] } }).migrate({ reindex: true })
      await newer(counted).migrate()
      const changes = counted.take().filter((text) => /^(?:WITH|UPDATE|DELETE).*lookup/s.test(text))
      expect(changes.some((text) => text.includes('SET is_unique'))).toBe(true)
      // No statement looks for its rows by a range, and none ends without rows.
      for (const text of changes) expect(text).not.toMatch(/LIMIT|>/)
    })

    test('begin each batch where the last one has ended, whatever lies before it', async () => {
      const { pool } = rolling
      const plans: string[] = []
      const explaining = {
        query: (text: string, values?: unknown[]) => pool.query(text, values),
        connect: async () => {
          const client = await pool.connect()
          const query = async (text: string, values?: unknown[]) => {
            if (/^(?:WITH|UPDATE|DELETE FROM \S+lookup|SELECT (?:r\.)?tenant)/.test(text)) {
              const { rows } = await client.query(`EXPLAIN ${text}`, values)
              plans.push(rows.map((row) => Object.values(row)[0]).join('\n'))
            }
            return client.query(text, values)
          }
          const release = (error?: Error): void => client.release(error)
          return { query, release, on: client.on.bind(client), removeListener: client.removeListener.bind(client) }
        },
      }
      await newer(explaining as never).migrate({ reindex: true })
      expect(plans.length).toBeGreaterThan(10)
      for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (?:resource|lookup)/)
      // A batch reads only the look-ups of its own resources, however large the planner takes the table to be.
      const ofLookups = plans.filter((plan) => /(?:Delete|Update) on lookup/.test(plan))
      expect(ofLookups.length).toBeGreaterThan(3)
      for (const plan of ofLookups) expect(plan).not.toMatch(/Materialize|Index Cond: \(type = 'User'::text\)\n/)
      const next = plans.filter((plan) => plan.includes('Index Only Scan using resource_pkey'))
      expect(next.length).toBeGreaterThanOrEqual(3)
      for (const plan of next) expect(plan).toContain('Index Cond: ((ROW(tenant, type, id) > ROW(')
    })
  })

  test('a batch is as large as its time lets it be', async () => {
    const batch = new BatchSize()
    let now = 0
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now)
    const sizes: number[] = []
    const take = async (milliseconds: number): Promise<void> => {
      await batch.measure(async () => {
        now += milliseconds
      })
      sizes.push(batch.rows)
    }
    for (const milliseconds of [12, 1, 24, 1_000, 1_000]) await take(milliseconds)
    for (let at = 0; at < 12; at += 1) await take(1)
    clock.mockRestore()
    expect(sizes.slice(0, 6)).toEqual([50, 100, 50, 5, 5, 10])
    expect(sizes.at(-1)).toBe(500)
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
