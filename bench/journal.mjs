// The cost of the log for a request: CPU time of the process, with the log and without it, in turn.
import { bearer, scimRouter } from 'express-scim'
import { journal, memoryLog, sqlLog } from 'express-scim/journal'
import { memoryAdapters } from 'express-scim/memory'
import { figure, round } from './statistics.mjs'
import { PATCH_OP, user } from './users.mjs'

const SECRET = 'bench-secret-of-thirty-two-characters'
const ROUNDS = Number(process.env.JOURNAL_ROUNDS ?? 15)
// A turn takes some milliseconds: other work of the machine falls on both sides alike.
const TURNS = 60
// The number of entries in a batch of a busy log.
const REQUESTS = 200
// A server gets its requests in turns of the event loop, about one of each connection.
const AT_ONCE = 20
const PER_SECOND = 500
/** Milliseconds by which a request may be late before it counts as a stop of the machine. */
const LATEST = 200

export async function journals(report) {
  const memory = await service(() => memoryLog())
  report.begin('journal.memory')
  report.add('journal.memory', figure(await added(memory), { most: 3 }))
  const { startDatabase } = await import('./postgres-database.mjs')
  const database = await startDatabase()
  try {
    const { default: pg } = await import('pg')
    const { postgresDatabase } = await import('express-scim/postgres')
    const pool = new pg.Pool({ connectionString: database.url })
    const sql = await service(() => sqlLog({ database: postgresDatabase({ pool, schema: 'bench_log' }) }))
    report.begin('journal.sql')
    report.add('journal.sql', figure(await added(sql), { most: 15 }))
    report.begin('journal.minute')
    report.add('journal.minute', await steady(sql))
    await pool.end()
  } finally {
    await database.stop()
  }
}

/** Two routers over the same users, one with the log and one without. */
async function service(makeStore) {
  const { users, groups } = memoryAdapters()
  const onError = (error) => console.error(error)
  const log = journal({ store: makeStore(), secret: SECRET, onError })
  await log.migrate()
  const options = {
    authenticate: bearer('bench-token-of-some-length'),
    resources: { User: { adapter: users }, Group: { adapter: groups } },
  }
  const bare = scimRouter(options)
  const logged = scimRouter({ ...options, on: [log] })
  const ids = []
  // A third router makes the users, so that the two measured routers have done the same before.
  const seeding = clientOf(scimRouter(options))
  for (let n = 0; n < 1_000; n += 1) {
    const { body } = await seeding.request({ method: 'POST', path: '/Users', body: user(n) })
    ids.push(body.id)
  }
  return { log, ids, bare: clientOf(bare), logged: clientOf(logged) }
}

const clientOf = (scim) => scim.as({ tenant: 'acme', actor: 'bench', via: 'client' })

// Reports look at the socket.
const HEADERS = { 'User-Agent': 'Okta SCIM Client 1.0.0', Accept: 'application/scim+json' }

/** Requests as identity providers send them: eight look-ups of ten, one read, one change. */
function request(ids, n) {
  if (n % 10 === 0) {
    const body = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: `t${n}` }] }
    return { method: 'PATCH', path: `/Users/${ids[n % ids.length]}`, headers: HEADERS, body }
  }
  if (n % 10 === 1) return { method: 'GET', path: `/Users/${ids[n % ids.length]}`, headers: HEADERS }
  const filter = `userName eq "${n % 2 === 0 ? user(n % 1_000).userName : `nobody-${n}`}"`
  return { method: 'GET', path: `/Users?filter=${encodeURIComponent(filter)}`, headers: HEADERS }
}

let count = 0

/** CPU time of some requests and of storing their entries, in microseconds. */
async function cpuOf({ client, ids, log }) {
  const before = process.cpuUsage()
  for (let n = 0; n < REQUESTS; n += 1) {
    await client.request(request(ids, count++))
    if (n % AT_ONCE === AT_ONCE - 1) await new Promise(setImmediate)
  }
  await log?.flush()
  const { user: own, system } = process.cpuUsage(before)
  return own + system
}

/**
 * Microseconds that the log adds to a request, for each round. A round is made of many short turns of each side. The
 * costliest tenth of the turns of each side is left out: in those turns the machine did something else, or the whole
 * heap was collected, which happens too rarely to fall on both sides alike. The frequent, small collections count.
 */
async function added({ log, ids, bare, logged }) {
  const sides = [
    { client: bare, ids },
    { client: logged, ids, log },
  ]
  for (let turn = 0; turn < TURNS; turn += 1) for (const side of sides) await cpuOf(side)
  const differences = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const spent = [[], []]
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const index of turn % 2 === 0 ? [0, 1] : [1, 0]) spent[index].push(await cpuOf(sides[index]))
    }
    const [bareCost, loggedCost] = spent.map(usualCost)
    differences.push((loggedCost - bareCost) / REQUESTS)
  }
  return differences
}

function usualCost(turns) {
  const usual = [...turns].sort((a, b) => a - b).slice(0, Math.ceil(turns.length * 0.9))
  return usual.reduce((sum, one) => sum + one, 0) / usual.length
}

/**
 * A minute at 500 requests a second: how many entries were lost, and by how much the heap has grown. While the machine
 * or the process stands still, no request is sent; no burst follows, as clients would send none either.
 */
async function steady({ log, ids, logged }) {
  const seconds = Number(process.env.JOURNAL_SECONDS ?? 60)
  const heaps = []
  const running = new Set()
  const lost = log.dropped()
  let begun = performance.now()
  let longestStop = 0
  for (let sent = 0; sent < seconds * PER_SECOND; ) {
    const now = performance.now()
    const late = now - begun - (sent / PER_SECOND) * 1_000
    if (late > LATEST) {
      longestStop = Math.max(longestStop, late)
      begun += late
    }
    const due = Math.floor(((now - begun) / 1_000) * PER_SECOND) + 1
    for (; sent < due; sent += 1) {
      const one = logged.request(request(ids, count++))
      running.add(one)
      void one.then(() => running.delete(one))
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
    if (heaps.length < Math.floor(sent / PER_SECOND / 5)) {
      globalThis.gc?.()
      heaps.push(process.memoryUsage().heapUsed / 1e6)
    }
  }
  await Promise.all(running)
  await log.flush()
  const half = heaps.length >> 1
  const grown = Math.max(...heaps.slice(half)) - Math.max(...heaps.slice(0, half))
  const each = {
    requests: seconds * PER_SECOND,
    'heap grown, MB': round(grown),
    'longest stop, ms': round(longestStop),
  }
  return figure([log.dropped() - lost], { most: 0 }, { each })
}
