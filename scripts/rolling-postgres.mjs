#!/usr/bin/env node
// Two declarations of users work on one database in processes of their own, which come and go as in a rolling
// deployment, forward and back, under load: no look-up may miss, no write may fail, and every acknowledged write must
// be there at the end.
//
// Without a URL it starts a PostgreSQL of its own.
//
//   node scripts/rolling-postgres.mjs [--url postgres://…] [--seconds 5] [--turns 6] [--clients 3]
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import express from 'express'
import { bearer, defineSchema, EnterpriseUser, scimRouter } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'

const TOKEN = 'rolling-test'
const Badge = defineSchema({ id: 'urn:example:Badge', attributes: [{ name: 'number' }] })
const DECLARATIONS = {
  old: { extensions: [EnterpriseUser] },
  new: {
    extensions: [EnterpriseUser, Badge],
    indexes: ['emails.value'],
    attributes: { externalId: { uniqueness: 'server' } },
  },
}

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.DATABASE_URL },
    schema: { type: 'string', default: 'scim_rolling' },
    seconds: { type: 'string', default: '5' },
    turns: { type: 'string', default: '6' },
    clients: { type: 'string', default: '3' },
    declaration: { type: 'string' },
  },
})

if (options.declaration) await work(options.declaration)
else process.exit((await main()) ? 0 : 1)

function adaptersFor(pool, declaration) {
  return postgresAdapters({ pool, schema: options.schema, users: DECLARATIONS[declaration] })
}

/** Starts processes in turn, each beside the one before it, and counts the lost users and writes. */
async function main() {
  options.url ??= await ownDatabase()
  const pool = new pg.Pool({ connectionString: options.url, max: 4 })
  await pool.query(`DROP SCHEMA IF EXISTS "${options.schema}" CASCADE`)
  const told = { written: 0, deleted: 0, missed: 0, failed: 0, lost: 0, errors: [] }
  const kept = new Map()
  try {
    let before
    for (let turn = 0; turn < Number(options.turns); turn += 1) {
      const next = await start(turn % 2 === 0 ? 'old' : 'new')
      await delay((Number(options.seconds) * 1_000) / Number(options.turns))
      if (before) await stop(before, told, kept)
      before = next
    }
    await stop(before, told, kept)
    await adaptersFor(pool, 'new').migrate({ reindex: true })
    told.lost = await countLost(pool, kept)
  } finally {
    await pool.query(`DROP SCHEMA IF EXISTS "${options.schema}" CASCADE`)
    await pool.end()
  }
  const good = told.written > 0 && told.missed + told.failed + told.lost === 0
  console.log(JSON.stringify(told))
  console.log(good ? 'No look-up missed, no write failed, and nothing was lost.' : 'FAILED')
  return good
}

/** A PostgreSQL that ends with this process. */
async function ownDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'scim-rolling-'))
  const server = fileURLToPath(new URL('../test/support/postgres-server.mjs', import.meta.url))
  spawn(process.execPath, [server, folder, String(process.pid)], { detached: true, stdio: 'ignore' }).unref()
  for (let tries = 0; tries < 600; tries += 1) {
    if (existsSync(join(folder, 'url'))) return readFileSync(join(folder, 'url'), 'utf8')
    await delay(100)
  }
  throw new Error('PostgreSQL has not started within a minute.')
}

async function start(declaration) {
  const given = ['url', 'schema', 'clients'].flatMap((name) => [`--${name}`, options[name]])
  const child = fork(fileURLToPath(import.meta.url), [...given, '--declaration', declaration])
  const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (first !== 'ready') throw new Error(`The process of the ${declaration} declaration has not started.`)
  return child
}

async function stop(child, told, kept) {
  child.send('stop')
  const [report] = await once(child, 'message')
  for (const name of ['written', 'deleted', 'missed', 'failed']) told[name] += report[name]
  told.errors.push(...report.errors)
  for (const [id, userName] of report.kept) kept.set(id, userName)
  child.disconnect()
}

/** Every acknowledged user that was not deleted must be there under its id and its name, and in its group. */
async function countLost(pool, kept) {
  const { rows } = await pool.query(
    `SELECT r.id, r.unique_key AS key, r.data ->> 'title' AS title, (SELECT count(*)::int FROM "${options.schema}".reference AS f WHERE f.value = r.id) AS groups
     FROM "${options.schema}".resource AS r WHERE r.type = 'User'`,
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  const isWhole = ([id, userName]) => {
    const row = found.get(id)
    return row && row.key === userName && row.title === 'patched' && row.groups === 1
  }
  return [...kept].filter((one) => !isWhole(one)).length
}

/** One process: migrates as at every start, and serves clients until it gets the message to stop. */
async function work(declaration) {
  const pool = new pg.Pool({ connectionString: options.url, max: 6 })
  const postgres = adaptersFor(pool, declaration)
  await postgres.migrate()
  const errors = []
  const scim = scimRouter({
    authenticate: bearer(TOKEN),
    resources: postgres.resources,
    on: { error: (error) => void errors.push(`${declaration}: ${error.code ?? ''} ${error.message}`) },
  })
  const server = express().use('/scim/v2', scim, scim.errors).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${server.address().port}/scim/v2`
  const report = { written: 0, deleted: 0, missed: 0, failed: 0, errors, kept: [] }
  let running = true
  const clients = Array.from({ length: Number(options.clients) }, (_, index) =>
    live(base, `${declaration}-${process.pid}-${index}`, report, () => running),
  )
  process.send('ready')
  await once(process, 'message')
  running = false
  await Promise.all(clients)
  process.send(report)
  server.close()
  server.closeAllConnections()
  await pool.end()
}

/** One client: makes users, looks them up by name and by address, changes them, and removes every fourth. */
async function live(base, name, report, isRunning) {
  const group = await ask(base, 'POST', '/Groups', { displayName: name }, report)
  let earlier
  for (let count = 0; isRunning(); count += 1) {
    const userName = `${name}-${count}`
    const emails = [{ value: `${userName}@example.com` }]
    const made = await ask(base, 'POST', '/Users', { userName, externalId: userName, emails }, report)
    if (!made) continue
    report.written += 1
    const filter = encodeURIComponent(`userName eq "${userName.toUpperCase()}"`)
    const found = await ask(base, 'GET', `/Users?filter=${filter}`, undefined, report)
    if (found?.totalResults !== 1 || found.Resources[0].id !== made.id) report.missed += 1
    // The look-up of an older user by an attribute that only the new declaration indexes: the start of another process
    // must not take that index away.
    earlier ??= { id: made.id, email: emails[0].value }
    const known = await ask(
      base,
      'GET',
      `/Users?filter=${encodeURIComponent(`emails.value eq "${earlier.email}"`)}`,
      undefined,
      report,
    )
    if (known?.totalResults !== 1 || known.Resources[0].id !== earlier.id) report.missed += 1
    await patch(base, `/Users/${made.id}`, { op: 'add', path: 'title', value: 'patched' }, report)
    await patch(base, `/Groups/${group?.id}`, { op: 'add', path: 'members', value: [{ value: made.id }] }, report)
    if (count % 4 !== 3) report.kept.push([made.id, userName])
    else {
      await ask(base, 'DELETE', `/Users/${made.id}`, undefined, report)
      report.deleted += 1
    }
  }
}

function patch(base, path, operation, report) {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
  return ask(base, 'PATCH', path, { schemas, Operations: [operation] }, report)
}

async function ask(base, method, path, body, report) {
  const schemas = [`urn:ietf:params:scim:schemas:core:2.0:${path.startsWith('/Groups') ? 'Group' : 'User'}`]
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/scim+json' },
    ...(body && { body: JSON.stringify({ schemas, ...body }) }),
  })
  const text = await response.text()
  if (response.ok) return text === '' ? {} : JSON.parse(text)
  report.failed += 1
  report.errors.push(`${method} ${response.status} ${text.slice(0, 200)}`)
  return undefined
}
