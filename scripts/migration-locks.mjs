#!/usr/bin/env node
// How long migrate() holds the locks that others wait for, while it works out what a new declaration looks up of very many
// users: the longest hold of each kind, from the statement that takes the lock to the end of its transaction, and how long one
// writer waits meanwhile. It fails if a lock is held longer than the docs promise.
//
// Without a URL it starts a PostgreSQL of its own.
//
//   node scripts/migration-locks.mjs [--url postgres://…] [--users 200000] [--most 100]
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { EnterpriseUser } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'
import { startPostgres } from './embedded-postgres.mjs'

const SCHEMA = 'scim_locks'
// The first expression that fits tells the kind. Locks of an index that is made CONCURRENTLY let others read and write.
const KINDS = [
  ['nobody waits', /CONCURRENTLY|pg_try_advisory/],
  ['table', /^\s*(?:--.*\n)*\s*(?:ALTER|DROP|TRUNCATE|LOCK|CREATE (?:UNIQUE )?INDEX)/],
  ['rows', /FOR (?:NO KEY )?UPDATE|^\s*(?:UPDATE|DELETE)|UPDATE \S+ AS|DELETE FROM/],
  ['new rows', /^\s*INSERT/],
]

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.DATABASE_URL },
    users: { type: 'string', default: '200000' },
    most: { type: 'string', default: '100' },
  },
})

process.exit((await main()) ? 0 : 1)

async function main() {
  const own = options.url ? undefined : await startPostgres({ name: 'locks', isDurable: true })
  const pool = new pg.Pool({ connectionString: own?.url ?? options.url, max: 6 })
  await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`)
  try {
    await postgresAdapters({ pool, schema: SCHEMA, users: { extensions: [EnterpriseUser] } }).migrate()
    await fill(pool, Number(options.users))
    const held = {}
    const writer = startWriter(pool)
    const calm = await writer.after(5_000)
    const begun = performance.now()
    for (const reindex of [false, true]) {
      const users = { indexes: ['emails.value'], attributes: { nickName: { uniqueness: 'server' } } }
      await postgresAdapters({ pool: watched(pool, held), schema: SCHEMA, users }).migrate({ reindex })
    }
    const seconds = Math.round((performance.now() - begun) / 1_000)
    const during = await writer.stop()
    const { rows } = await pool.query(
      `SELECT count(*)::int AS count FROM ${SCHEMA}.lookup WHERE attribute = 'nickName' AND is_unique`,
    )
    const whole = rows[0].count === Number(options.users)
    const longest = Object.fromEntries(Object.entries(held).map(([kind, times]) => [kind, figures(times)]))
    console.log(
      JSON.stringify({ users: Number(options.users), seconds, held: longest, writer: { calm, during } }, null, 2),
    )
    const good =
      whole &&
      Object.entries(longest).every(([kind, { most }]) => kind === 'nobody waits' || most <= Number(options.most))
    console.log(good ? `No lock was held for more than ${options.most} ms.` : 'FAILED')
    return good
  } finally {
    await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`)
    await pool.end()
    await own?.stop()
  }
}

/** A pool that takes the time of each lock from its statement to the end of the transaction. */
function watched(pool, held) {
  const note = (kind, ms) => {
    held[kind] ??= []
    held[kind].push(ms)
  }
  const kindOf = (text) => KINDS.find(([, expression]) => expression.test(text))?.[0]
  const timed = async (text, values) => {
    const begun = performance.now()
    const result = await pool.query(text, values)
    const kind = kindOf(text)
    if (kind) note(kind, performance.now() - begun)
    return result
  }
  return {
    query: timed,
    options: pool.options,
    connect: async () => {
      const client = await pool.connect()
      let taken = new Map()
      return {
        query: async (text, values) => {
          const kind = kindOf(text)
          if (kind && !taken.has(kind)) taken.set(kind, performance.now())
          const result = await client.query(text, values)
          if (/^(?:COMMIT|ROLLBACK)/.test(text)) {
            for (const [one, begun] of taken) note(one, performance.now() - begun)
            taken = new Map()
          }
          return result
        },
        release: (error) => client.release(error),
        on: client.on.bind(client),
        removeListener: client.removeListener.bind(client),
      }
    },
  }
}

/** One writer that changes a user at random again and again; its slowest statements in milliseconds. */
function startWriter(pool) {
  let times = []
  let running = true
  const work = (async () => {
    while (running) {
      const id = `u${String(Math.ceil(Math.random() * Number(options.users))).padStart(9, '0')}`
      const begun = performance.now()
      await pool.query(`UPDATE ${SCHEMA}.resource SET version = $1 WHERE tenant = '' AND type = 'User' AND id = $2`, [
        id,
        id,
      ])
      times.push(performance.now() - begun)
    }
  })()
  const take = () => {
    const taken = figures(times)
    times = []
    return taken
  }
  return {
    after: async (ms) => {
      await delay(ms)
      return take()
    },
    stop: async () => {
      running = false
      await work
      return take()
    },
  }
}

function figures(times) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10
  return { count: sorted.length, median: at(0.5), p99: at(0.99), most: at(1) }
}

async function fill(pool, users) {
  await pool.query(
    `INSERT INTO ${SCHEMA}.resource (tenant, type, id, version, created, last_modified, unique_key, name_key, data, keys)
SELECT '', 'User', 'u' || lpad(i::text, 9, '0'), 'v', now(), now(), 'user' || i, 'person ' || i,
  jsonb_build_object('userName', 'user' || i, 'nickName', 'nick' || i, 'displayName', 'Person ' || i, 'active', true,
    'name', jsonb_build_object('givenName', 'Given ' || i, 'familyName', 'Family ' || i),
    'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@example.com', 'type', 'work'))),
  jsonb_build_object('userName', 'user' || i)
FROM generate_series(1, ${users}) AS i`,
  )
  await pool.query(`ANALYZE ${SCHEMA}.resource`)
}
