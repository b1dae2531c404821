// A MariaDB for the tests of one run: node mysql-server.mjs FOLDER PID PROGRAM. It writes its URL to FOLDER/url, or its
// error to FOLDER/error, and stops and leaves nothing behind as soon as the process PID has ended.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const [folder, pid, program] = process.argv.slice(2)
const home = mkdtempSync(join(tmpdir(), 'scim-mysql-'))
const data = join(home, 'data')
const log = join(home, 'log.err')
const user = `--user=${userInfo().username}`
let server

try {
  const { code, output } = await ended(
    spawn(
      nextTo('mariadb-install-db'),
      [
        '--no-defaults',
        `--datadir=${data}`,
        user,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--innodb-log-file-size=16M',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    ),
  )
  if (code !== 0) throw new Error(`mariadb-install-db has failed.\n${output}`)
  // Another process may take the port between its choice and the start of the server.
  for (let tries = 0; server === undefined; tries++) {
    const port = await freePort()
    const error = await start(port)
    if (error === undefined) {
      writeFileSync(join(folder, 'url.part'), `mysql://root@127.0.0.1:${port}`)
      renameSync(join(folder, 'url.part'), join(folder, 'url'))
    } else if (tries >= 4 || !error.includes('Address already in use')) throw new Error(error)
  }
} catch (error) {
  writeFileSync(join(folder, 'error.part'), String(error))
  renameSync(join(folder, 'error.part'), join(folder, 'error'))
}

const watch = setInterval(async () => {
  if (isRunning(Number(pid))) return
  clearInterval(watch)
  if (server) {
    const over = ended(server)
    server.kill('SIGKILL')
    await over
  }
  for (const path of [home, folder]) rmSync(path, { recursive: true, force: true })
  process.exit(0)
}, 300)

/** Starts the server; returns the error if it fails. */
async function start(port) {
  const starting = spawn(
    program,
    [
      '--no-defaults',
      `--datadir=${data}`,
      user,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${join(home, 'socket')}`,
      `--pid-file=${join(home, 'pid')}`,
      `--log-error=${log}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--skip-slave-start',
      '--max-connections=200',
      // The default of MySQL 8.
      '--character-set-server=utf8mb4',
      // No data here must survive.
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=0',
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=16M',
      // The tests must pass in any time zone, and would hide mistakes in UTC.
      '--default-time-zone=+05:30',
    ],
    { stdio: 'ignore' },
  )
  let code
  starting.once('error', (error) => {
    code = String(error)
  })
  starting.once('exit', (status) => {
    code = `mariadbd has ended with ${status}.`
  })
  for (let tries = 0; tries < 600; tries++) {
    const told = existsSync(log) ? readFileSync(log, 'utf8') : ''
    if (code !== undefined) {
      rmSync(log, { force: true })
      return `${code}\n${told}`
    }
    if (told.includes('ready for connections')) {
      server = starting
      return undefined
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  starting.kill('SIGKILL')
  return `mariadbd has not started within 30 seconds.\n${readFileSync(log, 'utf8')}`
}

/** A program of the same package: servers are mostly in /usr/sbin, and their tools in /usr/bin. */
function nextTo(name) {
  const here = join(program, '..', name)
  const beside = join(program, '..', '..', 'bin', name)
  return existsSync(here) ? here : existsSync(beside) ? beside : name
}

function ended(child) {
  return new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

function isRunning(id) {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
