import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise'
import { serverOfRun } from './run-server.js'

const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/libexec']

/** The program of MariaDB on this machine, if there is one. */
const mariadbd = FOLDERS.map((folder) => join(folder, 'mariadbd')).find((path) => existsSync(path))

/**
 * `describe` for tests that need MySQL or MariaDB: `MYSQL_URL`, or a `mariadbd` that this run starts. Without both they
 * are skipped, and test/support/not-run.cjs tells so at the end of the run.
 */
export const describeMysql: jest.Describe = process.env['MYSQL_URL'] || mariadbd ? describe : describe.skip

/** The URL of the server that this run of the tests uses. */
async function mysqlUrl(): Promise<string> {
  const own = process.env['MYSQL_URL']
  if (own) return own
  return serverOfRun('mysql', 'mysql-server.mjs', mariadbd ?? '')
}

/** A database for the tests of the surrounding `describe`, with a pool. It is gone afterwards. */
export interface TestMysql {
  readonly pool: Pool
  /** Name of the database. */
  readonly database: string
  readonly url: string
  /** A pool whose connections take names in double quotes, and several statements at once. */
  readonly withAnsiQuotes: () => Promise<Pool>
  /** The rows of one statement. */
  readonly rows: (text: string, values?: readonly unknown[]) => Promise<readonly RowDataPacket[]>
}

/** Makes an empty database; its members can be used inside tests and inside later `beforeAll` calls. */
export function testMysql(): TestMysql {
  const database = `test_${randomBytes(6).toString('hex')}`
  let made: { readonly pool: Pool; readonly url: string } | undefined
  let quoting: Promise<Pool> | undefined
  const opened = (): { readonly pool: Pool; readonly url: string } => {
    if (!made) throw new Error('The database is there inside tests only.')
    return made
  }
  beforeAll(async () => {
    const server = await mysqlUrl()
    const connection = await mysql.createConnection(server)
    // The collation that MariaDB has by default: it takes a for ä, A for a, and blanks at the end for nothing.
    await connection.query(`CREATE DATABASE \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`)
    await connection.end()
    const url = new URL(server)
    url.pathname = database
    made = { url: url.href, pool: mysql.createPool({ uri: url.href, connectionLimit: 12 }) }
  })
  afterAll(async () => {
    await made?.pool.query(`DROP DATABASE IF EXISTS \`${database}\``)
    await made?.pool.end()
    await (await quoting)?.end()
  })
  return {
    database,
    get pool() {
      return opened().pool
    },
    get url() {
      return opened().url
    },
    withAnsiQuotes: () => {
      quoting ??= (async () => {
        const pool = mysql.createPool({ uri: opened().url, connectionLimit: 1, multipleStatements: true })
        await pool.query("SET SESSION sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
        return pool
      })()
      return quoting
    },
    rows: async (text, values = []) => (await opened().pool.execute<RowDataPacket[]>(text, values as never))[0],
  }
}
