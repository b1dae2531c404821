import type { Bench } from '../bench/bench.js'
import { memberOf, must, mustBe, mustEqual, mustRefuse, resourcesOf } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needs, needsUsers, rule } from '../bench/rule.js'

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

async function search(bench: Bench, path: string, body: object) {
  const answer = await bench.post(`${path}/.search`, { schemas: [SEARCH], ...body })
  if ([404, 405, 501].includes(answer.status))
    throw new NotSeen(`The server has no ${path}/.search (${answer.status}).`)
  // RFC 7644 section 3.4.2.1: a server may answer `tooMany` to a query over all types.
  const tooMuch = path === '' && answer.status === 400 && /tooMany/.test(answer.text)
  if (tooMuch) throw new NotSeen('The server declines queries over all types (tooMany).')
  return answer
}

export const searching: Area = area('Search by POST', needsUsers, [
  rule(
    'P-3.4.3-01 P-3.4.3-05',
    'MUST',
    'RFC 7644 section 3.4.3',
    'POST to .search of an endpoint is a query',
    async (bench) => {
      const user = await bench.shared()
      const answer = await search(bench, bench.users, {
        filter: `userName eq ${JSON.stringify(user.userName)}`,
        attributes: ['userName'],
      })
      mustBe(answer, 200, `POST ${bench.users}/.search`)
      const resources = resourcesOf(answer, `POST ${bench.users}/.search`)
      mustEqual(
        resources.map(({ id }) => id),
        [user.id],
        'The found ids',
      )
      must(memberOf(resources[0], 'emails') === undefined, 'emails is there although attributes does not name it.')
    },
    needs('filter'),
  ),
  rule(
    'P-3.4.3-04 P-3.4.3-05',
    'MUST',
    'RFC 7644 section 3.4.3',
    'count and startIndex are read from the body',
    async (bench) => {
      await bench.shared()
      const answer = await search(bench, bench.users, { startIndex: 1, count: 1 })
      must(
        resourcesOf(answer, `POST ${bench.users}/.search`).length <= 1,
        'count 1 in the body returns more than one resource.',
      )
    },
  ),
  rule(
    'P-3.4.3-02',
    'MUST',
    'RFC 7644 section 3.4.3',
    'POST to .search of the base URL is a query over all types',
    async (bench) => {
      const user = await bench.shared()
      const answer = await search(bench, '', { filter: `userName eq ${JSON.stringify(user.userName)}` })
      mustEqual(
        resourcesOf(answer, 'POST /.search').map(({ id }) => id),
        [user.id],
        'The found ids',
      )
    },
    needs('filter'),
  ),
  rule(
    'P-3.4.3-06',
    'NOTE',
    'RFC 7644 section 3.12',
    'An invalid filter in the body is refused',
    async (bench) => {
      mustRefuse(
        await search(bench, bench.users, { filter: 'userName zz "x"' }),
        400,
        `POST ${bench.users}/.search with a wrong filter`,
      )
    },
    needs('filter'),
  ),
])
