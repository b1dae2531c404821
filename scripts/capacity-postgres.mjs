#!/usr/bin/env node
// Measures the cost of operations on PostgreSQL with many users, and writes the table of docs/capacity.md.
//
//   node scripts/capacity-postgres.mjs [--sizes 10000,100000,1000000] [--write]
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import express from 'express'
import { scimRouter } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'
import { startPostgres } from './embedded-postgres.mjs'

const PAGE = join(dirname(fileURLToPath(import.meta.url)), '../docs/capacity.md')
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const USER_SCHEMAS = ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE]
const PARALLEL = 16
// Users outside the group of all, enough for the additions of each measurement.
const OUTSIDERS = 5_000

const { values: options } = parseArgs({
  options: { sizes: { type: 'string', default: '10000,100000,1000000' }, write: { type: 'boolean', default: false } },
})
const sizes = options.sizes.split(',').map(Number)

const database = await startPostgres({
  name: 'capacity',
  settings: ['shared_buffers=1GB', 'max_wal_size=4GB'],
  isDurable: true,
})
try {
  const columns = []
  for (const size of sizes) columns.push(await measure(database.url, size))
  const table = tableOf(columns)
  console.log(table)
  if (options.write) {
    const text = readFileSync(PAGE, 'utf8')
    const [before, after] = [text.split('<!-- measured -->')[0], text.split('<!-- /measured -->')[1]]
    writeFileSync(PAGE, `${before}<!-- measured -->\n${table}\n<!-- /measured -->${after}`)
  }
} finally {
  await database.stop()
}
process.exit()

/** One size: a database schema of its own with that many users, one group of all and many small groups. */
async function measure(url, size) {
  const say = (text) => console.error(`${size.toLocaleString('en')} users: ${text}`)
  const schema = `size_${size}`
  const pool = new pg.Pool({ connectionString: url, max: PARALLEL })
  const postgres = postgresAdapters({ pool, schema, prepare: true })
  await postgres.migrate()
  say('filling')
  const began = performance.now()
  const groups = await fill(pool, postgres, schema, size)
  say(`filled in ${Math.round((performance.now() - began) / 1_000)} s`)
  const [{ users, members }] = (
    await pool.query(
      `SELECT pg_total_relation_size($1::regclass) AS users, pg_total_relation_size($2::regclass) AS members`,
      [`${schema}.resource`, `${schema}.reference`],
    )
  ).rows

  const app = express().use(
    '/scim/v2',
    scimRouter({
      authenticate: () => ({ tenant: 'acme' }),
      resources: postgres.resources,
      cursor: { secrets: ['capacity-secret-of-some-length'] },
    }),
  )
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const client = clientOf(server.address().port)
  const figures = { size, userBytes: users / size, memberBytes: members / (size * 2), costs: {} }
  try {
    for (const [name, operation] of Object.entries(operations(client, size, groups))) {
      figures.costs[name] = await cost(operation)
      const { one, many } = figures.costs[name]
      say(`${name}: ${one.toFixed(2)} ms, ${Math.round(many)} a second`)
    }
  } finally {
    client.close()
    server.close()
    await pool.query(`DROP SCHEMA ${schema} CASCADE`)
    await pool.end()
  }
  return figures
}

function operations({ send }, size, groups) {
  const pick = (n) => 1 + ((n * 7_919) % size)
  const find = (filter) => send('GET', `/Users?filter=${encodeURIComponent(filter)}`)
  const patch = (path, ...Operations) => send('PATCH', path, { schemas: [PATCH_OP], Operations })
  // All users but these are members of the group of all.
  const outsider = (n) => userId(size + 1 + (n % OUTSIDERS))
  return {
    'GET a user': (n) => send('GET', `/Users/${userId(pick(n))}`),
    'userName eq': (n) => find(`userName eq "User${pick(n)}@example.com"`),
    'list of 100': () => send('GET', '/Users?count=100&cursor'),
    'POST a user': (n) => send('POST', '/Users', { ...draft(`new${n}`), schemas: USER_SCHEMAS }),
    'PATCH a user': (n) => patch(`/Users/${userId(pick(n))}`, { op: 'replace', path: 'title', value: `Title ${n}` }),
    'PUT a user': (n) =>
      send('PUT', `/Users/${userId(pick(n))}`, { ...draft(`user${pick(n)}`), title: `${n}`, schemas: USER_SCHEMAS }),
    'add a member, group of all': (n) =>
      patch(`/Groups/${groups.all}`, { op: 'add', path: 'members', value: [{ value: outsider(n) }] }),
    'remove a member, group of all': (n) =>
      patch(`/Groups/${groups.all}`, { op: 'remove', path: `members[value eq "${outsider(n)}"]` }),
    'add a member, group of ten': (n) =>
      patch(`/Groups/${groups.ten}`, { op: 'add', path: 'members', value: [{ value: outsider(n) }] }),
    'members eq': (n) =>
      send('GET', `/Groups?excludedAttributes=members&filter=${encodeURIComponent(`members eq "${userId(pick(n))}"`)}`),
    'list of 100 with the total': () => send('GET', '/Users?count=100'),
    'startIndex at 90 %': () => send('GET', `/Users?count=100&startIndex=${Math.floor(size * 0.9)}`),
    'title co, no index': (n) => find(`title co "nobody ${n}"`),
  }
}

/** The median milliseconds of operations one after the other, and the operations a second when many are under way. */
async function cost(operation) {
  let number = 0
  const run = async () => {
    const { status, text } = await operation(number++)
    if (status >= 300) throw new Error(`${status} ${text.slice(0, 200)}`)
  }
  for (let count = 0; count < 30; count += 1) await run()
  const times = []
  for (const end = performance.now() + 2_000; performance.now() < end; ) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  const start = performance.now()
  let done = 0
  const worker = async () => {
    while (performance.now() - start < 3_000) {
      await run()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  return {
    one: times.sort((a, b) => a - b)[Math.floor(times.length / 2)],
    many: (done * 1_000) / (performance.now() - start),
  }
}

function draft(name) {
  return {
    userName: `${name}@example.com`,
    externalId: `00u-${name}`,
    name: { givenName: 'Barbara', familyName: 'Jensen', formatted: 'Barbara Jensen' },
    displayName: `Barbara ${name}`,
    title: 'Tour Guide',
    active: true,
    emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
    phoneNumbers: [{ value: '+1-555-555-5555', type: 'work' }],
    [ENTERPRISE]: {
      employeeNumber: '701984',
      department: 'Tour Operations',
      manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d' },
    },
  }
}

function userId(number) {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

/** The adapter makes one user, SQL copies it; each user is a member of the group of all and of a group of ten. */
async function fill(pool, { users, groups }, schema, size) {
  const call = {
    auth: {},
    tenant: 'acme',
    select: { has: () => true },
    params: {},
    signal: new AbortController().signal,
    limits: { groupLinks: 100_000, scanResources: 100_000, scanTime: 2_000, memberEvents: 0 },
  }
  const { id } = await users.create(draft('marker'), call)
  const number = `'01900000-0000-7000-8000-' || lpad(n::text, 12, '0')`
  const replaced = (column) => `replace(${column}, 'marker', 'user' || n)`
  await pool.query(
    `INSERT INTO ${schema}.resource (tenant, type, id, version, created, last_modified, unique_key, external_key, name_key, display, data, keys, manager_key)
     SELECT tenant, type, ${number}, version, created, last_modified, ${replaced('unique_key')}, ${replaced('external_key')}, ${replaced('name_key')},
       ${replaced('display')}, ${replaced('data::text')}::jsonb, ${replaced('keys::text')}::jsonb, manager_key
     FROM ${schema}.resource, generate_series(1, $2::int) AS n WHERE id = $1`,
    [id, size + OUTSIDERS],
  )
  await pool.query(`DELETE FROM ${schema}.resource WHERE id = $1`, [id])
  const all = (await groups.create({ displayName: 'All' }, call)).id
  const ten = (await groups.create({ displayName: 'Ten' }, call)).id
  const refer = `INSERT INTO ${schema}.reference (tenant, type, id, attribute, value, value_key, target)`
  await pool.query(
    `${refer} SELECT 'acme', 'Group', $1, 'members', ${number}, ${number}, 'User' FROM generate_series(1, $2::int) AS n`,
    [all, size],
  )
  await pool.query(
    `${refer} SELECT 'acme', 'Group', $1, 'members', ${number}, ${number}, 'User' FROM generate_series(1, 10) AS n`,
    [ten],
  )
  await pool.query(
    `INSERT INTO ${schema}.resource (tenant, type, id, version, created, last_modified, name_key, display, data, keys)
     SELECT 'acme', 'Group', 'team-' || g, 'v', now(), now(), 'team ' || g, 'Team ' || g, jsonb_build_object('displayName', 'Team ' || g), '{}'
     FROM generate_series(1, $1::int) AS g`,
    [Math.ceil(size / 10)],
  )
  await pool.query(
    `${refer} SELECT 'acme', 'Group', 'team-' || (1 + n / 10), 'members', ${number}, ${number}, 'User' FROM generate_series(1, $1::int - 1) AS n`,
    [size],
  )
  await pool.query(`VACUUM ANALYZE ${schema}.resource`)
  await pool.query(`VACUUM ANALYZE ${schema}.reference`)
  return { all, ten }
}

function tableOf(columns) {
  const row = (...cells) => `| ${cells.join(' | ')} |`
  const names = Object.keys(columns[0].costs)
  const cell = ({ one, many }) => `${one.toFixed(one < 10 ? 1 : 0)} ms, ${Math.round(many).toLocaleString('en')}/s`
  return [
    row('operation', ...columns.map(({ size }) => `${size.toLocaleString('en')} users`)),
    row('---', ...columns.map(() => '---')),
    ...names.map((name) => row(name, ...columns.map(({ costs }) => cell(costs[name])))),
    row(
      'bytes for a user, indexes included',
      ...columns.map(({ userBytes }) => Math.round(userBytes).toLocaleString('en')),
    ),
    row(
      'bytes for a membership, indexes included',
      ...columns.map(({ memberBytes }) => Math.round(memberBytes).toLocaleString('en')),
    ),
    '',
    `Measured on ${cpus().length} cores (${cpus()[0].model.trim()}), shared by the clients, one router process and PostgreSQL 17; Node ${process.version}.`,
  ].join('\n')
}

function clientOf(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL })
  const send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer x', ...(body && { 'content-type': 'application/scim+json' }) }
      const sent = request({ host: '127.0.0.1', port, path: `/scim/v2${path}`, method, headers, agent }, (response) => {
        const pieces = []
        response.on('data', (piece) => pieces.push(piece))
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(pieces).toString() }))
      })
      sent.on('error', reject)
      sent.end(body && JSON.stringify(body))
    })
  return { send, close: () => agent.destroy() }
}
