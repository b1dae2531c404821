// PostgreSQL: a request must cost the same among a million users as among a few. Costs are times of one request after
// the other.
import { firstSync } from './first-sync.mjs'
import { fetchJson, load, requestBytes } from './load.mjs'
import { startDatabase } from './postgres-database.mjs'
import { againstPg } from './postgres-http.mjs'
import { startServer } from './server-process.mjs'
import { statements } from './statements.mjs'
import { figure } from './statistics.mjs'
import { PATCH_OP } from './users.mjs'

const LARGE = Number(process.env.BENCH_USERS ?? 1_000_000)
const SMALL = 1_000
const CHANGES = 200
const PAGE = 100

export async function postgres(report) {
  report.begin('pg: filling')
  const database = await startDatabase()
  await database.fill('small', SMALL)
  const groups = await database.fill('large', LARGE + CHANGES, [LARGE, 10])
  const server = await startServer('postgres.mjs', { url: database.url })
  try {
    await statements(report, database.url)
    await againstPg(report, database.url, server)
    await firstSync(report, server)
    await changes(report, server, groups)
    await filters(report, server)
    await cursors(report, server)
    await tokens(report, server)
  } finally {
    await server.stop()
    await database.stop()
  }
}

async function changes(report, { port }, groups) {
  const costs = { add: [], remove: [] }
  const member = (n) => `user-${String(LARGE + n).padStart(8, '0')}`
  for (let round = -1; round < 5; round += 1) {
    for (const op of ['add', 'remove']) {
      report.begin(`pg.group.${op}`)
      const side = (id) => timeOf(port, CHANGES, 204, (n) => change(op, id, member(n)))
      const large = await side(groups[0])
      const small = await side(groups[1])
      if (round >= 0) costs[op].push(large / small)
    }
  }
  for (const op of ['add', 'remove']) report.add(`pg.group.${op}`, figure(costs[op], { most: 1.5 }))
}

async function filters(report, { port }) {
  report.begin('pg.filter.eq')
  const side = (tenant, count) =>
    timeOf(port, 500, 200, (n) => {
      const name = `user${1 + ((n * 7919) % count)}@example.com`
      return requestBytes('GET', `/scim/${tenant}/v2/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`)
    })
  const found = await fetchJson(
    port,
    `/scim/large/v2/Users?filter=${encodeURIComponent('userName eq "USER5@example.com"')}`,
  )
  if (found.totalResults !== 1) throw new Error('the filter finds nobody')
  report.add(
    'pg.filter.eq',
    figure(
      await rounds(
        () => side('large', LARGE),
        () => side('small', SMALL),
      ),
      { most: 1.5 },
    ),
  )
}

/** The cost of a request with the token of a connection, against a request with a token of `bearer` with a function. */
async function tokens(report, { port, info: { token } }) {
  const side = (mount) =>
    timeOf(port, 500, 200, (n) => {
      const filter = encodeURIComponent(`userName eq "user${1 + ((n * 7919) % SMALL)}@example.com"`)
      return requestBytes('GET', `/${mount}/v2/Users?filter=${filter}`, undefined, token)
    })
  for (const [key, mount, most] of [
    ['pg.connections', 'connections', 1.1],
    ['pg.connections.uncached', 'uncached', 2],
  ]) {
    report.begin(key)
    report.add(
      key,
      figure(
        await rounds(
          () => side(mount),
          () => side('bearer'),
        ),
        { most },
      ),
    )
  }
}

async function cursors(report, { port }) {
  report.begin('pg.cursor')
  const path = (cursor) => `/scim/large/v2/Users?count=${PAGE}&cursor=${cursor}`
  // Walking needs no more than the ids; a cursor is good for any attributes.
  let cursor = ''
  for (let depth = 0; depth < LARGE * 0.9; depth += PAGE) {
    cursor = (await fetchJson(port, `${path(cursor)}&attributes=id`)).nextCursor
    if (depth % (LARGE / 10) === 0) report.begin(`pg.cursor: at ${depth}`)
  }
  const side = (at) => timeOf(port, 60, 200, () => requestBytes('GET', path(at)))
  report.add(
    'pg.cursor',
    figure(
      await rounds(
        () => side(cursor),
        () => side(''),
      ),
      { most: 1.5 },
    ),
  )
}

async function rounds(first, second) {
  const values = []
  for (let round = -1; round < 5; round += 1) {
    const value = (await first()) / (await second())
    if (round >= 0) values.push(value)
  }
  return values
}

/** Milliseconds for this number of requests, one after the other. */
async function timeOf(port, total, status, request) {
  const { ms } = await load({ port, connections: 1, total, status, request })
  return ms
}

function change(op, id, member) {
  const operation =
    op === 'add' ? { op, path: 'members', value: [{ value: member }] } : { op, path: `members[value eq "${member}"]` }
  return requestBytes('PATCH', `/scim/large/v2/Groups/${id}`, { schemas: [PATCH_OP], Operations: [operation] })
}
