// Documents on PostgreSQL against Express and pg on a table of the same rows: throughput, and CPU time of the server.
import { isDeepStrictEqual } from 'node:util'
import { compare } from './compare.mjs'
import { constant, httpFigure, twoOperations } from './http.mjs'
import { fetchJson, requestBytes } from './load.mjs'
import { startServer } from './server-process.mjs'
import { user } from './users.mjs'

let fresh = 30_000_000

export async function againstPg(report, url, scim) {
  const { token } = scim.info
  const bare = await startServer('postgres-without-scim.mjs', { url, count: 1_000, token })
  const { ids } = bare.info
  const next = nextOf(ids)
  const ours = (request, status) => ({ server: scim, request, status })
  const theirs = (request, status) => ({ server: bare, request, status })
  const at = (n) => `/prepared/v2/Users/${ids[n % ids.length]}`
  await requireSameAnswer(scim.port, at(0), bare.port, `/Users/${ids[0]}`, token)
  const cases = [
    [
      'get',
      0.9,
      ours((n) => requestBytes('GET', at(n), undefined, token)),
      theirs((n) => requestBytes('GET', `/Users/${ids[n % ids.length]}`, undefined, token)),
    ],
    [
      'list',
      0.8,
      ours(() => requestBytes('GET', '/prepared/v2/Users?count=100', undefined, token)),
      theirs(constant('GET', '/Users', token)),
    ],
    [
      'post',
      0.9,
      ours(() => requestBytes('POST', '/prepared/v2/Users', user(fresh++), token), 201),
      theirs(() => requestBytes('POST', '/Users', user(fresh++), token), 201),
    ],
    [
      'patch',
      0.8,
      ours(() => requestBytes('PATCH', `/prepared/v2/Users/${next()}`, twoOperations(fresh++), token)),
      theirs(() => requestBytes('PATCH', `/Users/${next()}`, merged(fresh++), token)),
    ],
  ]
  for (const [key, least, ...sides] of cases) {
    report.begin(`pg.${key}`)
    const result = await compare(sides, { rounds: 15, connections: 20 })
    report.add(`pg.${key}`, httpFigure(result, { least }))
  }
  await bare.stop()
}

/** The changes of `twoOperations`, for a program that puts attributes over the stored attributes. */
function merged(n) {
  return {
    title: `Guide ${n}`,
    emails: [
      { value: `guide${n}@example.com`, type: 'work', primary: true },
      { value: 'babs@jensen.org', type: 'home' },
    ],
  }
}

/** Both sides answer with the same attributes, but for the order and the host. */
async function requireSameAnswer(ours, path, theirs, barePath, token) {
  const [one, other] = [await fetchJson(ours, path, { token }), await fetchJson(theirs, barePath, { token })]
  for (const { meta } of [one, other]) delete meta.location
  if (!isDeepStrictEqual(one, other)) throw new Error('Express and pg do not answer as the router does.')
}

/** One id after the other, so that no two requests in flight change the same row. */
function nextOf(ids) {
  let at = 0
  return () => ids[at++ % ids.length]
}
