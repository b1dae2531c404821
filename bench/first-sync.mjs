// The first synchronisation of a company on PostgreSQL: each user a look-up and a POST, then groups by PATCHes of
// members.
import { openSockets, requestBytes } from './load.mjs'
import { figure } from './statistics.mjs'
import { GROUP, PATCH_OP, user } from './users.mjs'

const USERS = Number(process.env.BENCH_COMPANY ?? 20_000)
const GROUPS = USERS / 100
const MEMBERS = 500
const AT_ONCE = 100

export async function firstSync(report, { port }) {
  report.begin('pg.sync')
  const base = `http://127.0.0.1:${port}/scim/company/v2`
  const post = async (path, body) => {
    const headers = { authorization: 'Bearer bench-token-of-some-length', 'content-type': 'application/scim+json' }
    return (await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
  }
  let sockets = await openSockets(port, 10)
  const run = (status, total, request) => sockets.load({ status, total, request, ms: 3_600_000 })
  const path = (rest) => `/scim/company/v2${rest}`
  const lookup = (n) => `${path('/Users')}?filter=${encodeURIComponent(`userName eq "${user(n).userName}"`)}`
  const begun = performance.now()
  let requests = 0
  const count = async (result) => {
    requests += (await result).requests
  }
  for (let at = 0; at < USERS; at += 1_000) {
    report.begin(`pg.sync: ${at} of ${USERS} users`)
    await count(run(200, 1_000, (n) => requestBytes('GET', lookup(at + n))))
    await count(run(201, 1_000, (n) => requestBytes('POST', path('/Users'), user(at + n))))
  }
  const ids = await idsOf(base)
  // The server has closed connections that were idle while the ids were read.
  sockets.close()
  sockets = await openSockets(port, 10)
  for (let n = 0; n < GROUPS; n += 1) {
    report.begin(`pg.sync: ${n} of ${GROUPS} groups`)
    const { id } = await post('/Groups', { schemas: [GROUP], displayName: `Department ${n}` })
    const members = Array.from({ length: MEMBERS }, (_, m) => ({ value: ids[(n * 97 + m * 31) % ids.length] }))
    const change = (at) => ({
      schemas: [PATCH_OP],
      Operations: [{ op: 'add', path: 'members', value: members.slice(at * AT_ONCE, (at + 1) * AT_ONCE) }],
    })
    requests += 1
    await count(run(204, MEMBERS / AT_ONCE, (m) => requestBytes('PATCH', path(`/Groups/${id}`), change(m))))
  }
  sockets.close()
  const seconds = (performance.now() - begun) / 1_000
  report.add('pg.sync', figure([requests / seconds], undefined, { each: { requests, seconds: Math.round(seconds) } }))
}

async function idsOf(base) {
  const headers = { authorization: 'Bearer bench-token-of-some-length' }
  const ids = []
  for (let startIndex = 1; ; startIndex += 1_000) {
    const url = `${base}/Users?attributes=id&count=1000&startIndex=${startIndex}`
    const { Resources, totalResults } = await (await fetch(url, { headers })).json()
    ids.push(...Resources.map(({ id }) => id))
    if (ids.length >= totalResults || Resources.length === 0) return ids
  }
}
