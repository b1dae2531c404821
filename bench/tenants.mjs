// The cost of choosing a database for each request, and the speed of moving a tenant. Usage: npm run bench:tenants
import { once } from 'node:events'
import { createServer } from 'node:http'
import express from 'express'
import pg from 'pg'
import { scimRouter } from '../dist/index.js'
import { exportTenant, importTenant, postgresAdapters, tenantDigest } from '../dist/postgres.js'
import { startPostgres } from '../scripts/embedded-postgres.mjs'

const USERS = Number(process.argv[2] ?? 20_000)
const ROUNDS = 5
const REQUESTS = 300

const servers = [await startPostgres({ name: 'tenants-a' }), await startPostgres({ name: 'tenants-b' })]
const pools = servers.map(({ url }) => new pg.Pool({ connectionString: url, max: 10 }))
const [first, second] = pools
const choose = ({ tenant }) => (tenant === 'globex' ? second : first)
const shared = postgresAdapters({ pool: first, prepare: true })
const apart = postgresAdapters({ pool: choose, prepare: true })
try {
  for (const tenant of ['acme', 'globex']) await apart.migrate({ tenant })
  await fill('acme', USERS)
  const ids = (await first.query("SELECT id FROM scim.resource WHERE type = 'User' LIMIT $1", [REQUESTS])).rows

  const speeds = { shared: [], apart: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    speeds.shared.push(await requestsPerSecond(shared, ids))
    speeds.apart.push(await requestsPerSecond(apart, ids))
  }
  const [from, to] = [{ pool: first }, { pool: second }]
  const exporting = await timed(async () => {
    let lines = 0
    for await (const _ of exportTenant(from, { tenant: 'acme' })) lines += 1
    return lines
  })
  const importing = await timed(() =>
    importTenant(to, { tenant: 'acme', lines: (after) => exportTenant(from, { tenant: 'acme', after }) }),
  )
  const same = (await tenantDigest(from, { tenant: 'acme' })).sha256 === importing.result.sha256
  console.log(
    JSON.stringify({
      users: USERS,
      getWithOnePool: median(speeds.shared),
      getWithAFunction: median(speeds.apart),
      linesExported: exporting.result,
      exportSeconds: exporting.seconds,
      moveSeconds: importing.seconds,
      same,
    }),
  )
} finally {
  await Promise.all(pools.map((pool) => pool.end()))
  await Promise.all(servers.map((server) => server.stop()))
}

/** Users, and a group of all of them. */
async function fill(tenant, count) {
  await choose({ tenant }).query(
    `INSERT INTO scim.resource (tenant, type, id, version, created, last_modified, unique_key, display, data, keys)
     SELECT $1, 'User', 'u' || n, '1', now(), now(), 'user' || n, 'User ' || n,
       jsonb_build_object('userName', 'user' || n, 'title', 'Guide', 'active', true),
       jsonb_build_object('userName', 'user' || n, 'title', 'guide', 'active', true)
     FROM generate_series(1, $2::int) AS n`,
    [tenant, count],
  )
  await choose({ tenant }).query(
    `INSERT INTO scim.resource (tenant, type, id, version, created, last_modified, name_key, display, data, keys)
     VALUES ($1, 'Group', 'g', '1', now(), now(), 'all', 'All', '{"displayName":"All"}', '{"displayName":"all"}')`,
    [tenant],
  )
  await choose({ tenant }).query(
    `INSERT INTO scim.reference (tenant, type, id, attribute, value, value_key, target)
     SELECT $1, 'Group', 'g', 'members', 'u' || n, 'u' || n, 'User' FROM generate_series(1, $2::int) AS n`,
    [tenant, count],
  )
}

async function requestsPerSecond({ resources }, ids) {
  const scim = scimRouter({ authenticate: () => ({ tenant: 'acme' }), tenants: 'required', resources })
  const server = createServer(express().use('/scim/v2', scim)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  const { seconds } = await timed(async () => {
    const queue = [...ids]
    const work = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const response = await fetch(`http://127.0.0.1:${port}/scim/v2/Users/${next.id}?attributes=userName`, {
          headers: { authorization: 'Bearer any' },
        })
        if (response.status !== 200) throw new Error(`status ${response.status}`)
        await response.arrayBuffer()
      }
    }
    await Promise.all(Array.from({ length: 8 }, work))
  })
  server.close()
  server.closeAllConnections()
  return Math.round(ids.length / seconds)
}

async function timed(work) {
  const start = process.hrtime.bigint()
  const result = await work()
  return { result, seconds: Number(process.hrtime.bigint() - start) / 1e9 }
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
