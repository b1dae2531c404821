import { chmod, open, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { propertiesOf } from '../../is-object.js'
import type { SqliteConnection } from '../../sqlite/index.js'
import { UsageError } from '../shared/io.js'

/** A connection that can be closed. */
export interface SqliteFile extends SqliteConnection {
  readonly close: () => void
}

type SqliteFileClass = new (path: string) => SqliteFile

/**
 * Drivers of SQLite: the one of Node, then packages that the user's project may have installed. This package depends on
 * none.
 */
const DRIVERS: readonly (readonly [module: string, name: string | undefined])[] = [
  ['node:sqlite', 'DatabaseSync'],
  ['better-sqlite3', undefined],
  ['libsql', undefined],
]

/**
 * Opens a database file that only its owner can read and write, and creates it if it is missing. SQLite gives the same
 * permissions to the files that it creates beside it.
 */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  const Database = findDriver()
  try {
    const file = await open(path, 'a', 0o600)
    await file.close()
    await chmod(path, 0o600)
    const database = new Database(path)
    database.prepare('PRAGMA journal_mode = WAL').all()
    return database
  } catch (error) {
    throw new UsageError(`--file: ${path} cannot be opened as a database: ${String(propertiesOf(error).message)}`)
  }
}

/**
 * The secret of a service with a file, kept in a second file that only its owner can read. So the tokens of one start
 * are valid at the next.
 */
export async function secretBeside(path: string, make: () => string): Promise<string> {
  const place = `${path}.secret`
  try {
    const file = await open(place, 'a', 0o600)
    await file.chmod(0o600)
    if ((await file.stat()).size === 0) await file.writeFile(make())
    await file.close()
    return await readFile(place, 'utf8')
  } catch (error) {
    throw new UsageError(`--file: ${place} cannot be opened: ${String(propertiesOf(error).message)}`)
  }
}

function findDriver(): SqliteFileClass {
  const load = createRequire(join(process.cwd(), 'package.json'))
  for (const [module, name] of DRIVERS) {
    try {
      const loaded = load(module) as SqliteFileClass & Readonly<Record<string, SqliteFileClass>>
      return name === undefined ? loaded : (loaded[name] as SqliteFileClass)
    } catch {
      // This driver is not installed; try the next one.
    }
  }
  throw new UsageError(
    '--file needs SQLite, which Node has from version 22.13 on. With an older one run npm install better-sqlite3 in this folder.',
  )
}
