import { type ComponentMigration, failureKind, postgresAdapters, postgresDatabase } from '../../src/postgres/index.js'
import { migrations } from '../../src/postgres/migrations/migrations.js'
import { render, sql } from '../../src/sql/index.js'
import { migrateComponent, type SqlDatabase, sqliteDatabase } from '../../src/sqlite/index.js'
import { testDatabase } from '../support/postgres.js'
import { sqliteFile } from '../support/sqlite-file.js'

const MIGRATIONS: readonly ComponentMigration[] = [
  {
    name: '001-notes',
    statements: ({ table, index, text, integer }) => [
      sql`CREATE TABLE ${table('note')} (
  tenant ${text} NOT NULL, id ${text} NOT NULL, body ${text}, read ${integer} NOT NULL, at ${integer} NOT NULL,
  PRIMARY KEY (tenant, id))`,
      sql`CREATE INDEX ${index('note', 'at')} ON ${table('note')} (tenant, at)`,
    ],
  },
  {
    name: '002-replies',
    statements: ({ table, text }) => [
      sql`CREATE TABLE ${table('reply')} (tenant ${text} NOT NULL, note ${text} NOT NULL,
  FOREIGN KEY (tenant, note) REFERENCES ${table('note')} (tenant, id))`,
    ],
  },
]

const postgres = testDatabase()
const file = sqliteFile()

describe.each<[name: string, open: () => SqlDatabase]>([
  ['PostgreSQL', () => postgresDatabase({ pool: postgres.pool, schema: postgres.schema })],
  ['SQLite', () => sqliteDatabase({ database: file.open() })],
])('a SQL database: %s', (name, open) => {
  let database: SqlDatabase
  const note = () => database.table('note')
  const insert = (id: string, body: string | null = null) =>
    sql`INSERT INTO ${note()} VALUES (${'acme'}, ${id}, ${body}, ${1}, ${1_750_000_000_000})`
  const ids = async (): Promise<readonly string[]> =>
    (await database.execute(sql`SELECT id FROM ${note()} ORDER BY tenant, id`)).rows.map(({ id }) => id)

  beforeAll(async () => {
    database = open()
    await migrateComponent(database, 'notes', MIGRATIONS.slice(0, 1))
  })
  afterEach(async () => {
    await database.execute(sql`DELETE FROM ${note()}`)
  })

  test('steps run once, whoever starts them and how often; what is new is added', async () => {
    await Promise.all([1, 2, 3].map(() => migrateComponent(open(), 'notes', MIGRATIONS)))
    await migrateComponent(database, 'notes', MIGRATIONS)
    // Another part of the library may give its steps the same names.
    await migrateComponent(database, 'others', [{ name: '001-notes', statements: () => [] }])
    const { rows } = await database.execute(
      sql`SELECT component, name FROM ${database.table('migration')} ORDER BY component, name`,
    )
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { component: 'notes', name: '001-notes' },
      { component: 'notes', name: '002-replies' },
      { component: 'others', name: '001-notes' },
    ])
  })

  test('a step that fails leaves nothing behind', async () => {
    const broken: ComponentMigration = {
      name: '001-broken',
      statements: ({ table, text }) => [sql`CREATE TABLE ${table('half')} (id ${text})`, sql`SELECT nothing`],
    }
    await expect(migrateComponent(database, 'broken', [broken])).rejects.toThrow(/nothing/)
    await expect(database.execute(sql`SELECT id FROM ${database.table('half')}`)).rejects.toThrow(/half/)
  })

  // Decision A-160.
  test('values come back as they went, and how many rows were written is told', async () => {
    expect(await database.execute(insert('1', "it's"))).toMatchObject({ count: 1, rows: [] })
    const { rows, count } = await database.execute(sql`SELECT * FROM ${note()}`)
    expect(count).toBe(1)
    expect([rows[0].id, rows[0].body, Number(rows[0].read), Number(rows[0].at)]).toEqual([
      ...['1', "it's"],
      ...[1, 1_750_000_000_000],
    ])
    expect(await database.execute(sql`UPDATE ${note()} SET body = ${null} RETURNING id, body`)).toMatchObject({
      count: 1,
      rows: [{ id: '1', body: null }],
    })
    expect(await database.execute(sql`DELETE FROM ${note()} WHERE id = ${'2'}`)).toMatchObject({ count: 0 })
  })

  test('texts are ordered by code point', async () => {
    for (const id of ['b', 'A', 'ä', 'B', 'a']) await database.execute(insert(id))
    expect(await ids()).toEqual(['A', 'B', 'a', 'b', 'ä'])
  })

  test('a transaction is written whole or not at all', async () => {
    await database.transaction(async (connection) => {
      await connection.execute(insert('1'))
      await connection.execute(insert('2'))
    })
    const failing = database.transaction(async (connection) => {
      await connection.execute(insert('3'))
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await ids()).toEqual(['1', '2'])
  })

  test('nobody sees what a transaction has not committed, nor becomes part of it', async () => {
    let reading: Promise<readonly string[]> | undefined
    let started: () => void = () => {}
    const isWritten = new Promise<void>((resolve) => {
      started = resolve
    })
    const outside = isWritten.then(() => {
      reading = ids()
      return new Promise((resolve) => setImmediate(resolve))
    })
    const failing = database.transaction(async (connection) => {
      await connection.execute(insert('1'))
      started()
      await outside
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await reading).toEqual([])
  })

  test('failures are told apart', async () => {
    await migrateComponent(database, 'notes', MIGRATIONS)
    await database.execute(insert('1'))
    const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'none', failureKind)
    expect(await failureOf(database.execute(insert('1')))).toBe('unique')
    const orphan = sql`INSERT INTO ${database.table('reply')} VALUES (${'acme'}, ${'none'})`
    expect(await failureOf(database.execute(orphan))).toBe('foreignKey')
    expect(await failureOf(database.execute(sql`SELECT nothing`))).toBeUndefined()
  })

  test('work of which nobody waits for the end is not begun', async () => {
    const aborted = AbortSignal.abort(new Error('gone'))
    const work = database.transaction((connection) => connection.execute(insert('1')), aborted)
    await expect(work).rejects.toThrow('gone')
    expect(await ids()).toEqual([])
  })

  test('one that is closed ends what runs, and takes no more', async () => {
    const own = open()
    const running = own.transaction(async (connection) => {
      await new Promise((resolve) => setImmediate(resolve))
      return connection.execute(insert('1'))
    })
    await own.close()
    expect((await running).count).toBe(1)
    await expect(own.execute(insert('2'))).rejects.toMatchObject({ status: 503 })
    // The connection is the application's.
    expect(await ids()).toEqual(['1'])
  })

  // Decision A-161.
  test('its tables have names by which they are known', () => {
    const { text } = render(database.table('note'))
    expect(text).toBe(name === 'SQLite' ? '"scim_note"' : `"${postgres.schema}"."note"`)
  })
})

describe('components and documents in one schema of PostgreSQL', () => {
  const own = testDatabase()

  test('the documents make their tables behind a component', async () => {
    const database = postgresDatabase({ pool: own.pool, schema: own.schema })
    await migrateComponent(database, 'notes', MIGRATIONS)
    const { migrate } = postgresAdapters({ pool: own.pool, schema: own.schema })
    await migrate()
    await migrate()
    await migrateComponent(database, 'notes', MIGRATIONS)
    const { rows } = await database.execute(
      sql`SELECT name FROM ${database.table('migration')} WHERE component = 'resources' AND name NOT LIKE 'layout%' ORDER BY name`,
    )
    expect(rows.map(({ name }) => name)).toEqual(migrations().map(({ name }) => name))
  })
})
