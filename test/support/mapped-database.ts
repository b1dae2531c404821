import type { SchemaDefinition } from '../../src/index.js'
import { mappedResources as mysqlResources } from '../../src/mysql/index.js'
import { mappedResources as postgresResources } from '../../src/postgres/index.js'
import { mappedResources as sqliteResources } from '../../src/sqlite/index.js'
import type { MappedType } from '../../src/tables/mapped/declaration.js'
import type { CheckedDeclaration } from '../../src/tables/mapped/known-keys.js'
import type { MappedResources } from '../../src/tables/mapped/mapped-tables.js'
import { describeMysql, testMysql } from './mysql.js'
import { testDatabase } from './postgres.js'
import { type OpenSqlite, sqliteInMemory } from './sqlite-file.js'
import { mysqlTableStatements, revisedMapping, sqliteTableStatements, tableMapping, tableStatements } from './tables.js'

/** The tables of an application, in one database or another, for the tests of the surrounding `describe`. */
export interface MappedDatabase {
  readonly schema: string
  /** Runs statements of the application: several without values, or one, `$1` being the first value. */
  readonly query: (text: string, values?: readonly unknown[]) => Promise<unknown>
  /** The rows that a statement of the application gives. */
  readonly rows: (text: string) => Promise<readonly object[]>
  readonly mapping: (extensions?: readonly SchemaDefinition[]) => ReturnType<typeof tableMapping>
  readonly resources: <const Types extends Readonly<Record<string, MappedType>>>(
    types: CheckedDeclaration<Types>,
  ) => MappedResources<Types>
}

/** Makes the tables; the members can be used inside tests. */
type MakeDatabase = () => MappedDatabase

function inPostgres(): MappedDatabase {
  const database = testDatabase()
  beforeAll(() => database.pool.query(tableStatements(database.schema)))
  return {
    schema: database.schema,
    query: (text, values) => database.pool.query(text, values as unknown[]),
    rows: async (text) => (await database.pool.query(text)).rows,
    mapping: (extensions) => tableMapping(database.schema, extensions),
    resources: (types) => postgresResources({ pool: database.pool }, types),
  }
}

function inSqlite(): MappedDatabase {
  const open = sqliteInMemory()
  let connection: OpenSqlite | undefined
  const opened = (): OpenSqlite => {
    connection ??= open()
    return connection
  }
  beforeAll(() => opened().exec(sqliteTableStatements()))
  return {
    schema: 'main',
    query: async (text, values) =>
      values
        ? opened()
            .prepare(text.replace(/\$\d+/g, '?'))
            .run(...values)
        : opened().exec(text),
    rows: async (text) => opened().prepare(text).all() as readonly object[],
    mapping: (extensions) => revisedMapping('main', extensions),
    resources: (types) => sqliteResources({ database: opened() }, types),
  }
}

function inMysql(): MappedDatabase {
  const database = testMysql()
  const query = async (text: string, values?: readonly unknown[]) =>
    (await database.withAnsiQuotes()).query(
      text.replace(/\$(\d+)/g, (_, position) => (isInstant(values?.[position - 1]) ? IN_ZONE : '?')),
      values?.map((value) => (isInstant(value) ? new Date(String(value)).toISOString().slice(0, -1) : value)),
    )
  beforeAll(() => query(mysqlTableStatements()))
  return {
    get schema() {
      return database.database
    },
    query,
    rows: async (text) => (await query(text))[0] as readonly object[],
    mapping: (extensions) => revisedMapping(database.database, extensions),
    resources: (types) => mysqlResources({ pool: database.pool }, types),
  }
}

const IN_ZONE = "convert_tz(?, '+00:00', @@session.time_zone)"

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
}

const DATABASES: readonly (readonly [name: string, make: MakeDatabase, describe: jest.Describe])[] = [
  ['PostgreSQL', inPostgres, describe],
  ['SQLite', inSqlite, describe],
  ['MySQL', inMysql, describeMysql],
]

/** The same tests in each database that existing tables may be in. */
export function describeMapped(title: string, tests: (name: string, make: MakeDatabase) => void): void {
  for (const [name, make, describeThere] of DATABASES) {
    describeThere(`${title} in ${name}`, () => tests(name, make))
  }
}
