import type { Bench } from '../bench/bench.js'
import { sameUri } from '../bench/capabilities.js'
import { bodyOf, type Json, memberOf, must, mustBe, mustEqual, resourcesOf, shown } from '../bench/expect.js'
import { type Area, area, needsUsers, rule } from '../bench/rule.js'

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

export const list: Area = area('Lists and pages', needsUsers, [
  rule('P-3.4.2-01', 'MUST', 'RFC 7644 section 3.4.2', 'A query is answered with a ListResponse', async (bench) => {
    const { schemas } = await page(bench, 'count=1')
    must(
      Array.isArray(schemas) && schemas.some((uri) => sameUri(uri, LIST)),
      `schemas is ${shown(schemas)}, must have ${LIST}.`,
    )
  }),
  rule(
    'P-3.4.2-02 P-3.4.2-03',
    'MUST',
    'RFC 7644 section 3.4.2',
    'totalResults is a number, and Resources is present unless it is 0',
    async (bench) => {
      await bench.shared()
      const body = await page(bench, '')
      must(Number.isInteger(body.totalResults), `totalResults is ${shown(body.totalResults)}, must be an integer.`)
      must(body.totalResults === 0 || Array.isArray(body.Resources), 'Resources is missing although there are results.')
    },
  ),
  rule('P-3.4.2-04', 'MUST', 'RFC 7644 section 3.4.2', 'A page has startIndex and itemsPerPage', async (bench) => {
    await several(bench)
    const body = await page(bench, 'startIndex=1&count=1')
    mustEqual(body.startIndex, 1, 'startIndex')
    must(Number.isInteger(body.itemsPerPage), `itemsPerPage is ${shown(body.itemsPerPage)}, must be an integer.`)
  }),
  rule(
    'P-3.4.2.4-08',
    'NOTE',
    'RFC 7644 section 3.4.2.4, erratum 6010',
    'itemsPerPage is the number of resources in the answer',
    async (bench) => {
      await several(bench)
      const body = await page(bench, 'startIndex=1&count=2')
      mustEqual(body.itemsPerPage, listed(body).length, 'itemsPerPage')
    },
  ),
  rule('P-3.4.2.4-02', 'MUST', 'RFC 7644 section 3.4.2.4', 'A page has no more resources than count', async (bench) => {
    await several(bench)
    must(listed(await page(bench, 'count=2')).length <= 2, 'count=2 returns more than two resources.')
  }),
  rule('P-3.4.2.4-04', 'MUST', 'RFC 7644 section 3.4.2.4', 'count=0 returns totalResults alone', async (bench) => {
    await several(bench)
    const body = await page(bench, 'count=0')
    mustEqual(listed(body).length, 0, 'The number of resources for count=0')
    must(
      Number(body.totalResults) >= 3,
      `totalResults for count=0 is ${shown(body.totalResults)}, must count all resources.`,
    )
  }),
  rule('P-3.4.2.4-03', 'MUST', 'RFC 7644 section 3.4.2.4', 'A negative count means 0', async (bench) => {
    await several(bench)
    mustEqual(listed(await page(bench, 'count=-1')).length, 0, 'The number of resources for count=-1')
  }),
  rule('P-3.4.2.4-01', 'MUST', 'RFC 7644 section 3.4.2.4', 'A startIndex below 1 means 1', async (bench) => {
    await several(bench)
    const [first] = listed(await page(bench, 'startIndex=1&count=1'))
    const [zero] = listed(await page(bench, 'startIndex=0&count=1'))
    mustEqual(zero?.id, first?.id, 'The first id for startIndex=0')
  }),
  rule(
    'P-3.4.2.4-07',
    'NOTE',
    'RFC 7644 section 3.4.2.4',
    'A startIndex behind the end is answered with an empty page',
    async (bench) => {
      await several(bench)
      const body = await page(bench, 'startIndex=1000000&count=2')
      mustEqual(listed(body).length, 0, 'The number of resources')
      must(Number(body.totalResults) >= 3, `totalResults is ${shown(body.totalResults)}, must count all resources.`)
    },
  ),
  rule(
    'P-3.4.2.4-05 P-3.4.2.4-06',
    'NOTE',
    'RFC 7644 section 3.4.2.4',
    'A count above the maximum is no error',
    async (bench) => {
      mustBe(await bench.get(`${bench.users}?count=100000`), 200, `GET ${bench.users}?count=100000`)
    },
  ),
  rule(
    'P-3.4.2.4-09',
    'NOTE',
    'RFC 7644 section 3.4.2',
    'totalResults counts all results, not only the page',
    async (bench) => {
      await several(bench)
      const { totalResults } = await page(bench, 'count=1')
      must(Number(totalResults) >= 3, `totalResults is ${shown(totalResults)} with count=1 and three users or more.`)
    },
  ),
  rule(
    'P-3.4.2.4-11 P-3.4.2.3-09',
    'NOTE',
    'RFC 7644 section 3.4.2.4',
    'Pages one after the other give each resource once',
    async (bench) => {
      await several(bench)
      const { totalResults } = await page(bench, 'count=0')
      const size = Math.max(2, Math.ceil(Number(totalResults) / 10))
      const seen: unknown[] = []
      for (let start = 1; start <= Number(totalResults); ) {
        const resources = listed(await page(bench, `startIndex=${start}&count=${size}&attributes=userName`))
        must(resources.length > 0, `The page at startIndex ${start} of ${shown(totalResults)} is empty.`)
        seen.push(...resources.map(({ id }) => id))
        start += resources.length
      }
      must(new Set(seen).size === seen.length, 'A resource is on two pages.')
    },
  ),
  rule('P-3.4.2-06', 'SHOULD', 'RFC 7644 section 3.4.2', 'Unknown parameters are ignored', async (bench) => {
    mustBe(await bench.get(`${bench.users}?count=1&scimCheck=1`), 200, `GET ${bench.users} with an unknown parameter`)
  }),
  rule(
    'P-3.4.2-08 P-3.1-02',
    'MUST',
    'RFC 7644 section 3.1',
    'Each resource of a list has schemas and id',
    async (bench) => {
      await several(bench)
      for (const { id, schemas } of listed(await page(bench, 'count=5'))) {
        must(typeof id === 'string', 'A resource of the list has no id.')
        must(Array.isArray(schemas) && schemas.length > 0, 'A resource of the list has no schemas.')
      }
    },
  ),
  rule('P-3.4.2-08', 'NOTE', 'RFC 7643 section 3.1', 'Each resource of a list has meta', async (bench) => {
    await several(bench)
    for (const { meta } of listed(await page(bench, 'count=5'))) {
      must(typeof memberOf(meta, 'resourceType') === 'string', 'A resource of the list has no meta.resourceType.')
      must(typeof memberOf(meta, 'location') === 'string', 'A resource of the list has no meta.location.')
    }
  }),
  rule(
    'P-3.4.2.4-10',
    'NOTE',
    'RFC 7644 section 3.12',
    'A startIndex that is no number is refused or ignored',
    async (bench) => {
      mustBe(await bench.get(`${bench.users}?startIndex=abc`), [200, 400], `GET ${bench.users}?startIndex=abc`)
    },
  ),
])

async function page(bench: Bench, query: string): Promise<Json> {
  return bodyOf(await bench.get(`${bench.users}${query && `?${query}`}`), 200, `GET ${bench.users}?${query}`)
}

function listed(body: Json): readonly Json[] {
  return resourcesOf({ status: 200, headers: new Headers(), text: '', body }, 'the query')
}

/** Makes sure that there are three users, so that a list has pages. */
async function several(bench: Bench): Promise<void> {
  await bench.atLeast(3, bench.users, () => bench.newUser())
}
