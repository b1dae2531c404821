// Requests to the router against the same application without SCIM, and against the leading peer.
import { compare } from './compare.mjs'
import { fetchJson, requestBytes } from './load.mjs'
import { startServer } from './server-process.mjs'
import { figure } from './statistics.mjs'
import { PATCH_OP, user } from './users.mjs'

const USERS = 100_000
const BASE = '/scim/v2'
let fresh = 10_000_000

export async function http(report) {
  await against(report, 5)
  await against(report, 4)
  await againstPeer(report)
}

async function against(report, version) {
  const suffix = version === 5 ? '' : `.express${version}`
  const scim = await startServer('scim.mjs', { users: USERS, express: version })
  const id = scim.info.ids[50]
  const resource = await fetchJson(scim.port, `${BASE}/Users/${id}`)
  const list = await fetchJson(scim.port, `${BASE}/Users?count=100`)
  const filterPath = `${BASE}/Users?filter=${encodeURIComponent(`userName eq "${resource.userName}"`)}`
  const found = await fetchJson(scim.port, filterPath)
  const bare = await startServer('without-scim.mjs', { size: USERS, resource, list, express: version })
  const bareFound = await startServer('without-scim.mjs', { size: USERS, resource: found, list, express: version })
  const options = version === 5 ? { rounds: 41 } : { rounds: 7 }

  const bareGet = { server: bare, request: constant('GET', '/Users/measured') }
  const barePost = { server: bare, status: 201, request: () => requestBytes('POST', '/Users', user(fresh++)) }
  const side = (request, status) => ({ server: scim, request, status })
  const cases = [
    ['get', 1, side(constant('GET', `${BASE}/Users/${id}`)), bareGet],
    ['filter.eq', 1, side(constant('GET', filterPath)), { ...bareGet, server: bareFound }],
    ['list', 1, side(constant('GET', `${BASE}/Users?count=100`)), { server: bare, request: constant('GET', '/list') }],
    ['post', 1, side(() => requestBytes('POST', `${BASE}/Users`, user(fresh++)), 201), barePost],
    ['patch', 1, side(() => requestBytes('PATCH', `${BASE}/Users/${id}`, twoOperations(fresh++))), barePost],
    ['put', 1, side(() => requestBytes('PUT', `${BASE}/Users/${id}`, user(fresh++))), barePost],
  ]
  for (const [key, least, ours, theirs] of cases) {
    report.begin(`${key}${suffix}`)
    const result = await compare([ours, theirs], options)
    report.add(`${key}${suffix}`, httpFigure(result, version === 5 ? { least } : undefined))
  }
  await Promise.all([bare.stop(), bareFound.stop()])
  if (version === 5) await bulk(report, scim)
  await scim.stop()
}

async function bulk(report, scim) {
  report.begin('bulk')
  const single = { server: scim, status: 201, request: () => requestBytes('POST', `${BASE}/Users`, user(fresh++)) }
  const many = { server: scim, request: () => requestBytes('POST', `${BASE}/Bulk`, bulkOf(1_000)) }
  const result = await compare([many, single], { rounds: 15, turns: 6, connections: 4 })
  // One request holds a thousand operations.
  const perOperation = {
    throughput: result.throughput.map((value) => value * 1000),
    cpu: result.cpu.map((value) => value * 1000),
  }
  report.add('bulk', httpFigure({ ...result, ...perOperation }, { least: 4 }))
}

async function againstPeer(report) {
  const count = 1_000
  const [scim, peer] = await Promise.all([
    startServer('scim.mjs', { users: count }),
    startServer('scimmy.mjs', { users: count }),
  ])
  const name = encodeURIComponent(`userName eq "${user(500).userName}"`)
  const cases = [
    ['scimmy.get', (server) => ({ server, request: constant('GET', `${BASE}/Users/${server.info.ids[500]}`) })],
    ['scimmy.filter.eq', (server) => ({ server, request: constant('GET', `${BASE}/Users?filter=${name}`) })],
    [
      'scimmy.post',
      (server) => ({ server, status: 201, request: () => requestBytes('POST', `${BASE}/Users`, user(fresh++)) }),
    ],
  ]
  for (const [key, side] of cases) {
    report.begin(key)
    report.add(key, httpFigure(await compare([side(scim), side(peer)], { rounds: 5, connections: 4 }), undefined))
  }
  await Promise.all([scim.stop(), peer.stop()])
}

/** The ratio is of CPU time, the steadier figure; throughput stands beside it. */
export function httpFigure({ cpu, throughput, figures }, limit) {
  const { ratio, low, high } = figure(throughput)
  return figure(cpu, limit, { throughput: { ratio, low, high }, ours: figures[0], theirs: figures[1] })
}

export function constant(method, path, token) {
  const bytes = requestBytes(method, path, undefined, token)
  return () => bytes
}

export function twoOperations(n) {
  return {
    schemas: [PATCH_OP],
    Operations: [
      { op: 'replace', path: 'title', value: `Guide ${n}` },
      { op: 'replace', path: 'emails[type eq "work"].value', value: `guide${n}@example.com` },
    ],
  }
}

function bulkOf(count) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: Array.from({ length: count }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${index}`,
      data: user(fresh++),
    })),
  }
}
