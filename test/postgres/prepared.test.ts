import { prepared } from '../../src/postgres/database/prepared.js'

type Asked = readonly [statement: string | { readonly name: string; readonly text: string }, values: unknown]

function fakePool(): { readonly pool: never; readonly asked: Asked[] } {
  const asked: Asked[] = []
  const query = async (statement: never, values: unknown) => {
    asked.push([statement, values])
    return { rows: [] }
  }
  return { pool: { query, connect: async () => ({ query, release: () => {} }) } as never, asked }
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

  test('whoever sends ever new statements has no more than some hundred prepared', async () => {
    const { pool, asked } = fakePool()
    const database = prepared(pool)
    for (let shape = 0; shape < 1_000; shape++) {
      for (let time = 0; time < 3; time++) await database.query(`SELECT ${shape} + $1`, [time])
    }
    const names = new Set(namesOf(asked).filter((name) => name !== undefined))
    expect(names.size).toBe(300)
  })

  test('a database that runs transactions itself is left alone', () => {
    const own = { query: async () => ({ rows: [] }), transaction: async () => undefined } as never
    expect(prepared(own)).toBe(own)
  })
})
