import pg from 'pg'
import { prepared } from '../../src/database/postgresql/prepared.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { startApp } from '../support/app.js'
import { callOf } from '../support/calls.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

type Asked = readonly [statement: string | { readonly name: string; readonly text: string }, values: unknown]

function fakePool(): { readonly pool: never; readonly asked: Asked[] } {
  const asked: Asked[] = []
  const query = async (statement: never, values: unknown) => {
    asked.push([statement, values])
    return { rows: [] }
  }
  const connection = { query, release: () => {} }
  return { pool: { query, connect: async () => connection } as never, asked }
}

const namesOf = (asked: readonly Asked[]): (string | undefined)[] =>
  asked.map(([statement]) => (typeof statement === 'string' ? undefined : statement.name))

describe('prepared statements', () => {
  test('a statement has a name of its own from the third time on, in the pool and on connections', async () => {
    const { pool, asked } = fakePool()
    const database = prepared(pool)
    for (let time = 0; time < 4; time++) await database.query('SELECT $1', [time])
    if (!('connect' in database)) throw new Error('It is a pool.')
    const connection = await database.connect()
    await connection.query('SELECT $1', [4])
    await connection.query('BEGIN')
    const [, , third, , fifth, begin] = asked
    expect(namesOf(asked).map((name) => name !== undefined)).toEqual([false, false, true, true, true, false])
    expect(third?.[0]).toMatchObject({ text: 'SELECT $1', values: [2] })
    expect(namesOf(asked.slice(2, 5))).toEqual(Array(3).fill(namesOf([fifth as Asked])[0]))
    expect(begin).toEqual(['BEGIN', undefined])
  })

  test('another statement has another name, the same in every process', async () => {
    const names = await Promise.all(
      ['SELECT 1 + $1', 'SELECT 2 + $1', 'SELECT 1 + $1'].map(async (text) => {
        const { pool, asked } = fakePool()
        const database = prepared(pool)
        for (let time = 0; time < 3; time++) await database.query(text, [time])
        return namesOf(asked)[2]
      }),
    )
    expect(names[0]).toBe(names[2])
    expect(names[0]).not.toBe(names[1])
    expect(names[0]?.length).toBeLessThan(63)
  })

  test('whoever sends ever new statements has no more than a hundred prepared in a connection', async () => {
    const { pool, asked } = fakePool()
    const database = prepared(pool)
    for (let shape = 0; shape < 1_000; shape++) {
      for (let time = 0; time < 3; time++) await database.query(`SELECT ${shape} + $1`, [time])
    }
    const names = new Set(namesOf(asked).filter((name) => name !== undefined))
    // Of a driver that cannot be made to forget them.
    expect(names.size).toBe(100)
  })

  test('a long statement is not prepared: what it takes grows with its length', async () => {
    const { pool, asked } = fakePool()
    const database = prepared(pool)
    const text = `SELECT $1 WHERE ${Array(500).fill('1 = 1').join(' AND ')}`
    for (let time = 0; time < 5; time++) await database.query(text, [time])
    expect(namesOf(asked)).toEqual(Array(5).fill(undefined))
  })

  test('a database that runs transactions itself is left alone', () => {
    const own = { query: async () => ({ rows: [] }), transaction: async () => undefined } as never
    expect(prepared(own)).toBe(own)
  })
})

describe('prepared statements of PostgreSQL', () => {
  const database = testDatabase()

  test('are given back for those that were used last, and ordinary ones are prepared as ever', async () => {
    const pool = new pg.Pool({ connectionString: await databaseUrl(), max: 1 })
    try {
      const statements = prepared(pool)
      const often = async (text: string): Promise<void> => {
        for (let time = 0; time < 4; time++) await statements.query(text, [time])
      }
      await often('SELECT $1::int AS ordinary')
      for (let shape = 0; shape < 400; shape++) {
        await often(`SELECT $1::int AS shape_${shape}`)
        if (shape % 50 === 0) await statements.query('SELECT $1::int AS ordinary', [shape])
      }
      await often('SELECT $1::int AS later')
      const { rows } = await pool.query('SELECT statement FROM pg_prepared_statements')
      const prepares = rows.map(({ statement }) => statement)
      expect(prepares.length).toBe(100)
      expect(prepares).toEqual(
        expect.arrayContaining([
          'SELECT $1::int AS ordinary',
          'SELECT $1::int AS later',
          'SELECT $1::int AS shape_399',
        ]),
      )
      const client = await pool.connect()
      const { connection } = client as unknown as { connection: { parsedStatements: object } }
      expect(Object.keys(connection.parsedStatements).length).toBe(100)
      client.release()
      // A statement that was given back can be prepared again.
      await often('SELECT $1::int AS shape_0')
    } finally {
      await pool.end()
    }
  })

  test('one that could not be given back, for the transaction had failed, is used again', async () => {
    let held: { release(): void } | undefined
    const pool = new pg.Pool({ connectionString: await databaseUrl(), max: 1 })
    try {
      const statements = prepared(pool)
      if (!('connect' in statements)) throw new Error('It is a pool.')
      const connection = await statements.connect()
      held = connection
      const often = async (text: string): Promise<void> => {
        for (let time = 0; time < 3; time++) await connection.query(text, [time])
      }
      for (let shape = 0; shape < 100; shape++) await often(`SELECT $1::int AS shape_${shape}`)
      for (let time = 0; time < 2; time++) await connection.query('SELECT $1::int AS more', [time])
      await connection.query('BEGIN')
      await expect(connection.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
      await expect(connection.query('SELECT $1::int AS more', [2])).rejects.toMatchObject({ code: '25P02' })
      await connection.query('ROLLBACK')
      expect((await connection.query('SELECT $1::int AS shape_0', [4])).rows).toEqual([{ shape_0: 4 }])
      for (let time = 3; time < 6; time++) await connection.query('SELECT $1::int AS more', [time])
      const { rows } = await connection.query('SELECT statement FROM pg_prepared_statements')
      expect(rows.length).toBe(100)
    } finally {
      held?.release()
      await pool.end()
    }
  })

  test('of adapters are bounded too: reads, and writes of one statement, of more than a hundred shapes', async () => {
    const pool = new pg.Pool({ connectionString: await databaseUrl(), max: 1 })
    try {
      const postgres = postgresAdapters({ pool, schema: database.schema, prepare: true })
      await postgres.migrate()
      const app = await startApp({ resources: postgres.resources })
      const { body: user } = await app.scim.post('/Users', { schemas: [USER], userName: 'shapes' })
      const { body: group } = await app.scim.post('/Groups', { schemas: [GROUP], displayName: 'shapes' })
      const patch = async (path: string, operations: readonly object[]): Promise<void> => {
        const { status, text } = await app.scim.patch(path, { schemas: [PATCH], Operations: operations })
        expect([status < 300, text]).toEqual([true, expect.any(String)])
      }
      // One shape for each set of these attributes.
      const sets = ['externalId', 'displayName', 'name.givenName', 'name.familyName', `${ENTERPRISE}:department`]
      for (let shape = 1; shape < 32; shape++) {
        const paths = sets.filter((_, bit) => (shape >> bit) & 1)
        for (let time = 0; time < 3; time++) {
          await patch(
            `/Users/${user.id}`,
            paths.map((path) => ({ op: 'replace', path, value: `${shape} ${time}` })),
          )
          const filter = paths.map((path) => `${path} eq "${shape} ${time}"`).join(' and ')
          for (const form of [filter, `not (${filter})`, `userName pr or ${filter}`]) {
            const { status } = await app.scim.get(`/Users?filter=${encodeURIComponent(form)}`)
            expect(status).toBe(200)
          }
        }
      }
      for (let time = 0; time < 4; time++) {
        await patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [{ value: user.id }] }])
        await patch(`/Groups/${group.id}`, [{ op: 'remove', path: `members[value eq "${user.id}"]` }])
        const { body } = await app.scim.post('/Users', { schemas: [USER], userName: `shapes ${time}` })
        expect((await app.scim.delete(`/Users/${body.id}`)).status).toBe(204)
      }
      const { rows } = await pool.query('SELECT statement FROM pg_prepared_statements')
      expect(rows.length).toBe(100)
      const held = rows.map(({ statement }) => statement).join()
      expect(held).toContain('known AS')
      // A DELETE has its values in the text, and comes once.
      expect(held).not.toContain('lost AS')
    } finally {
      await pool.end()
    }
  })

  test('do for adapters what others do', async () => {
    const { pool, schema } = database
    const postgres = postgresAdapters({ pool, schema, prepare: true })
    await postgres.migrate()
    for (let time = 0; time < 5; time++) {
      const made = await postgres.users.create({ userName: `prepared ${time}` } as never, callOf())
      expect(await postgres.users.get(String(made.id), callOf())).toEqual(made)
      await expect(postgres.users.create({ userName: `PREPARED ${time}` } as never, callOf())).rejects.toMatchObject({
        status: 409,
      })
    }
  })
})
