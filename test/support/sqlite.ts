import initSqlJs, { type Database, type SqlValue } from 'sql.js'

/** An SQLite in memory. */
export interface TestSqlite {
  /** Runs one statement. */
  readonly rows: (text: string, values?: readonly unknown[]) => readonly Readonly<Record<string, unknown>>[]
}

/**
 * An empty SQLite for the tests of the surrounding `describe`; it can be used inside tests and later `beforeAll` calls.
 */
export function testSqlite(): TestSqlite {
  let database: Database | undefined
  beforeAll(async () => {
    const { Database } = await initSqlJs()
    database = new Database()
  })
  afterAll(() => database?.close())
  return {
    rows: (text, values = []) => {
      if (!database) throw new Error('The database is there inside tests only.')
      const statement = database.prepare(text)
      try {
        statement.bind(values.map(toBindable))
        const rows: Record<string, unknown>[] = []
        while (statement.step()) rows.push(statement.getAsObject())
        return rows
      } finally {
        statement.free()
      }
    },
  }
}

/** sql.js takes booleans as well; node:sqlite and better-sqlite3 refuse them. */
function toBindable(value: unknown): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  throw new TypeError(`A driver of SQLite cannot bind a ${typeof value}.`)
}
