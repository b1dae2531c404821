import pg from 'pg'
import { prepared } from '../../src/database/postgresql/prepared.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { callOf } from '../support/calls.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'

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
      // One that was given back can be prepared again.
      await often('SELECT $1::int AS shape_0')
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
