// A PostgreSQL for the tests of one run: node postgres-server.mjs FOLDER PID. It writes its URL to FOLDER/url, and
// stops and leaves nothing behind as soon as the process PID has ended.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../scripts/embedded-postgres.mjs'

const [folder, pid] = process.argv.slice(2)
let postgres
try {
  postgres = await startPostgres({ name: 'postgres', settings: ['max_connections=200'] })
  tell('url', postgres.url)
} catch (error) {
  tell('error', error.message)
}

const watch = setInterval(async () => {
  if (isRunning(Number(pid))) return
  clearInterval(watch)
  await postgres?.stop().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}, 300)

/** Writes a file that readers see whole or not at all. */
function tell(name, text) {
  writeFileSync(join(folder, `${name}.part`), text)
  renameSync(join(folder, `${name}.part`), join(folder, name))
}

function isRunning(id) {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}
