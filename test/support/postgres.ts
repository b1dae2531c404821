import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type PostgresAdapters, type PostgresOptions, postgresAdapters } from '../../src/postgres/index.js'
import { serverOfRun } from './run-server.js'

/**
 * The URL of the PostgreSQL that this run of the tests uses: `DATABASE_URL`, or the URL of a server that the first test
 * file to ask has started. It ends with the run.
 */
export async function databaseUrl(): Promise<string> {
  return process.env['DATABASE_URL'] ?? (await serverOfRun('postgres', 'postgres-server.mjs'))
}

/** A database schema for the tests of the surrounding `describe`, with a pool. It is gone afterwards. */
export interface TestDatabase {
  readonly pool: pg.Pool
  /** Name of the database schema. */
  readonly schema: string
}

/** Makes an empty database schema; its members can be used inside tests and inside later `beforeAll` calls. */
export function testDatabase(): TestDatabase {
  const schema = `test_${randomBytes(6).toString('hex')}`
  let pool: pg.Pool | undefined
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: await databaseUrl(), max: 12 })
    await pool.query(`CREATE SCHEMA "${schema}"`)
  })
  afterAll(async () => {
    await pool?.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await pool?.end()
  })
  return {
    schema,
    get pool() {
      if (!pool) throw new Error('The database is there inside tests only.')
      return pool
    },
  }
}

/** Adapters over tables of their own, for the tests of the surrounding `describe`. */
export function testAdapters(options: Omit<PostgresOptions, 'pool' | 'schema'> = {}): TestDatabase & {
  readonly postgres: PostgresAdapters
} {
  const database = testDatabase()
  let postgres: PostgresAdapters | undefined
  beforeAll(async () => {
    postgres = postgresAdapters({ ...options, pool: database.pool, schema: database.schema })
    await postgres.migrate()
  })
  return {
    schema: database.schema,
    get pool() {
      return database.pool
    },
    get postgres() {
      if (!postgres) throw new Error('The adapters are there inside tests only.')
      return postgres
    },
  }
}
