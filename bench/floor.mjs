// The router on node:http, against the least that node:http does for the same answers: the share of our own code.
import { compare } from './compare.mjs'
import { constant, httpFigure, twoOperations } from './http.mjs'
import { fetchJson, requestBytes } from './load.mjs'
import { startServer } from './server-process.mjs'
import { user } from './users.mjs'

const USERS = 20_000
let fresh = 20_000_000

export async function floor(report) {
  const scim = await startServer('floor-scim.mjs', { users: USERS })
  const id = scim.info.ids[50]
  const resource = await fetchJson(scim.port, `/Users/${id}`)
  const list = await fetchJson(scim.port, '/Users?count=100')
  const bare = await startServer('floor-without-scim.mjs', { size: USERS, resource, list })
  const ours = (request, status) => ({ server: scim, request, status })
  const theirs = (request, status) => ({ server: bare, request, status })
  const barePost = theirs(() => requestBytes('POST', '/Users', user(fresh++)), 201)
  const cases = [
    ['get', 0.8, ours(constant('GET', `/Users/${id}`)), theirs(constant('GET', '/Users/measured'))],
    ['list', 0.8, ours(constant('GET', '/Users?count=100')), theirs(constant('GET', '/list'))],
    ['post', 0.7, ours(() => requestBytes('POST', '/Users', user(fresh++)), 201), barePost],
    ['put', 0.7, ours(() => requestBytes('PUT', `/Users/${id}`, user(fresh++))), barePost],
    ['patch', 0.7, ours(() => requestBytes('PATCH', `/Users/${id}`, twoOperations(fresh++))), barePost],
  ]
  for (const [key, least, ...sides] of cases) {
    report.begin(`floor.${key}`)
    report.add(`floor.${key}`, httpFigure(await compare(sides, { rounds: 21 }), { least }))
  }
  await Promise.all([scim.stop(), bare.stop()])
}
