import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'libsql'
import type { SqliteConnection } from '../../src/sqlite/index.js'

/** A connection of libsql, and how it is closed. */
export interface OpenSqlite extends SqliteConnection {
  exec(text: string): unknown
  close(): unknown
}

/**
 * A file of SQLite for the tests of the surrounding `describe`. Its connections are closed and it is gone afterwards.
 */
export function sqliteFile(): { readonly open: () => OpenSqlite } {
  const folder = mkdtempSync(join(tmpdir(), 'scim-sqlite-'))
  const opened: OpenSqlite[] = []
  afterAll(() => {
    for (const connection of opened) connection.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    open: () => {
      const connection: OpenSqlite = new Sqlite(join(folder, 'scim.db'))
      connection.exec('PRAGMA journal_mode = WAL')
      // Tests need not survive a loss of power, and wait for no disk.
      connection.exec('PRAGMA synchronous = OFF')
      opened.push(connection)
      return connection
    },
  }
}

/** Makes connections to databases in memory, which are closed when the tests of the surrounding `describe` are done. */
export function sqliteInMemory(): () => OpenSqlite {
  const opened: OpenSqlite[] = []
  afterAll(() => {
    for (const connection of opened) connection.close()
  })
  return () => {
    const connection: OpenSqlite = new Sqlite(':memory:')
    opened.push(connection)
    return connection
  }
}
