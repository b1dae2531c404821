import { isBuiltin } from 'node:module'
import { failureKind } from '../../src/database/failure.js'
import { sql } from '../../src/sql/index.js'
import { type SqliteConnection, sqliteDatabase } from '../../src/sqlite/index.js'
import { sqliteFile, sqliteInMemory } from '../support/sqlite-file.js'

describe('the driver of SQLite', () => {
  const file = sqliteFile()
  const inMemory = sqliteInMemory()

  test('takes nothing without prepare', () => {
    expect(() => sqliteDatabase({ database: {} as SqliteConnection })).toThrow(
      expect.objectContaining({ code: 'ERR_SCIM_OPTION', message: expect.stringContaining('prepare(text)') }),
    )
  })

  // Decision A-163.
  test('two that share a connection stand in one line', async () => {
    const connection = inMemory()
    connection.exec('CREATE TABLE note (id TEXT)')
    const [one, other] = [sqliteDatabase({ database: connection }), sqliteDatabase({ database: connection })]
    const counts: number[] = []
    await Promise.all(
      [one, other, one, other].map((database) =>
        database.transaction(async (transaction) => {
          const { rows } = await transaction.execute(sql`SELECT count(*) AS n FROM note`)
          counts.push(rows[0].n)
          await new Promise((resolve) => setImmediate(resolve))
          await transaction.execute(sql`INSERT INTO note VALUES ('x')`)
        }),
      ),
    )
    expect(counts).toEqual([0, 1, 2, 3])
  })

  // Decision A-163.
  test('waits for the writer of another connection without holding anybody up', async () => {
    const other = file.open()
    other.exec('CREATE TABLE note (id TEXT)')
    const database = sqliteDatabase({ database: file.open() })
    other.exec('BEGIN IMMEDIATE')
    let turns = 0
    const counting = setInterval(() => {
      turns += 1
      if (turns === 20) other.exec('COMMIT')
    }, 1)
    const { count } = await database.execute(sql`INSERT INTO note VALUES ('x')`)
    clearInterval(counting)
    expect(count).toBe(1)
    // A wait inside SQLite would have let no timer run.
    expect(turns).toBeGreaterThanOrEqual(20)
  })

  test('reads while a transaction waits for the writer of another connection', async () => {
    const other = file.open()
    other.exec('CREATE TABLE IF NOT EXISTS seen (id TEXT)')
    const database = sqliteDatabase({ database: file.open() })
    other.exec('BEGIN IMMEDIATE')
    const done: string[] = []
    const writes = [
      database.execute(sql`INSERT INTO seen VALUES ('x')`).then(() => done.push('statement')),
      database
        .transaction((transaction) => transaction.execute(sql`INSERT INTO seen VALUES ('y')`))
        .then(() => done.push('transaction')),
    ]
    for (let count = 0; count < 3; count += 1) await database.execute(sql`SELECT id FROM seen`)
    done.push('reads')
    other.exec('COMMIT')
    await Promise.all(writes)
    expect(done[0]).toBe('reads')
    expect((await database.execute(sql`SELECT id FROM seen`)).count).toBe(2)
  })

  test('what is used within a transaction and outside of its connection becomes part of it instead of waiting for it', async () => {
    const connection = inMemory()
    connection.exec('CREATE TABLE note (id TEXT)')
    const database = sqliteDatabase({ database: connection })
    const failing = database.transaction(async () => {
      await database.execute(sql`INSERT INTO note VALUES ('x')`)
      await expect(database.transaction(async () => {})).rejects.toThrow('is open already')
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect((await database.execute(sql`SELECT id FROM note`)).count).toBe(0)
  })

  test('a connection that is kept for longer than its transaction is refused', async () => {
    const database = sqliteDatabase({ database: inMemory() })
    const kept = await database.transaction(async (connection) => connection)
    await expect(kept.execute(sql`SELECT 1`)).rejects.toThrow('has ended')
  })

  test('lets others have their turn in long work', async () => {
    const database = sqliteDatabase({ database: inMemory() })
    let turns = 0
    const counting = setInterval(() => {
      turns += 1
    }, 0)
    const slow = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT max(i) FROM n`
    for (let count = 0; count < 40; count += 1) await database.execute(slow)
    clearInterval(counting)
    expect(turns).toBeGreaterThan(2)
  })

  test('a table that has changed is read with the columns that it has now', async () => {
    const database = sqliteDatabase({ database: inMemory() })
    await database.execute(sql`CREATE TABLE note (id TEXT)`)
    await database.execute(sql`INSERT INTO note VALUES ('x')`)
    expect((await database.execute(sql`SELECT * FROM note`)).rows).toEqual([{ id: 'x' }])
    await database.execute(sql`ALTER TABLE note ADD COLUMN body TEXT DEFAULT 'b'`)
    expect((await database.execute(sql`SELECT * FROM note`)).rows).toEqual([{ id: 'x', body: 'b' }])
  })

  test.each([
    [{ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }, 'unique'],
    [{ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' }, 'foreignKey'],
    [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'contention'],
    [{ code: 'SQLITE_IOERR_WRITE' }, 'connection'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'connection'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 2067 }, 'unique'],
    [{ code: 'ERR_SQLITE_ERROR', errcode: 1 }, undefined],
    [{}, undefined],
  ])('%j of a driver is %s', async (members, kind) => {
    const failing: SqliteConnection = {
      prepare: (text) => {
        if (!text.startsWith('PRAGMA')) throw Object.assign(new Error('failed'), members)
        return { all: () => [], run: () => ({ changes: 0 }) }
      },
    }
    const failure = await sqliteDatabase({ database: failing }).execute(sql`SELECT 1`).catch(failureKind)
    expect(failure).toBe(kind)
  })

  // Node 22 and later have it.
  if (isBuiltin('node:sqlite'))
    test('node:sqlite is one as well', async () => {
      const name = 'node:sqlite'
      const { DatabaseSync } = await import(name)
      const database = sqliteDatabase({ database: new DatabaseSync(':memory:') })
      await database.execute(sql`CREATE TABLE note (id TEXT PRIMARY KEY)`)
      expect(await database.execute(sql`INSERT INTO note VALUES (${'x'})`)).toMatchObject({ count: 1, rows: [] })
      expect((await database.execute(sql`SELECT id FROM note`)).rows[0].id).toBe('x')
      const twice = database.execute(sql`INSERT INTO note VALUES (${'x'})`)
      expect(await twice.catch(failureKind)).toBe('unique')
    })
})
