import { type Dialect, mysql, sqlite } from '../../src/sql/index.js'
import type { FilledTable } from './filled-tables.js'
import { describeMysql, testMysql } from './mysql.js'
import { testSqlite } from './sqlite.js'

/** A database in which filters are run over tables as an application could have them. */
export interface FilterDatabase {
  readonly dialect: Dialect
  /** Makes tables, with columns of the types that an application would give them. */
  readonly fill: (tables: readonly FilledTable[]) => Promise<void>
  readonly rows: (text: string, values?: readonly unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>
}

function inSqlite(): FilterDatabase {
  const database = testSqlite()
  const types: Readonly<Record<string, string>> = { boolean: 'INTEGER', integer: 'INTEGER', decimal: 'REAL' }
  return {
    dialect: sqlite,
    fill: async (tables) => {
      for (const { name, columns, rows } of tables) {
        const declared = columns.map((column) => `"${column.name}" ${types[column.type] ?? 'TEXT'}`)
        database.rows(`CREATE TABLE ${name} (${declared.join(', ')})`)
        const insert = `INSERT INTO ${name} VALUES (${columns.map(() => '?').join(', ')})`
        for (const row of rows) database.rows(insert, row)
      }
    },
    rows: async (text, values) => database.rows(text, values),
  }
}

function inMysql(): FilterDatabase {
  const database = testMysql()
  const types: Readonly<Record<string, string>> = {
    boolean: 'TINYINT(1)',
    integer: 'BIGINT',
    decimal: 'DOUBLE',
    dateTime: 'DATETIME(6)',
  }
  const inZone = "convert_tz(?, '+00:00', @@session.time_zone)"
  const withoutZone = (text: unknown): unknown => text && new Date(String(text)).toISOString().slice(0, -1)
  return {
    dialect: mysql,
    fill: async (tables) => {
      for (const { name, columns, rows } of tables) {
        const declared = columns.map((column) => `\`${column.name}\` ${types[column.type] ?? 'TEXT'}`)
        await database.rows(`CREATE TABLE ${name} (${declared.join(', ')})`)
        const places = columns.map(({ type }) => (type === 'dateTime' ? inZone : '?'))
        for (const row of rows) {
          const values = row.map((value, index) => (columns[index]?.type === 'dateTime' ? withoutZone(value) : value))
          await database.rows(`INSERT INTO ${name} VALUES (${places.join(', ')})`, values)
        }
      }
    },
    rows: database.rows,
  }
}

/** Each database on this machine, beside PostgreSQL, with the `describe` of its tests. */
export const FILTER_DATABASES: readonly (readonly [
  name: string,
  describe: jest.Describe,
  make: () => FilterDatabase,
])[] = [
  ['SQLite', describe, inSqlite],
  ['MySQL', describeMysql, inMysql],
]
