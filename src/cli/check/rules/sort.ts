import type { Bench, Subject } from '../bench/bench.js'
import { mustEqual, resourcesOf } from '../bench/expect.js'
import { perRun } from '../bench/per-run.js'
import { type Area, area, needs, rule } from '../bench/rule.js'

const SECTION = 'RFC 7644 section 3.4.2.3'

/** Three users, made once for each run: two with texts that differ in case, one without the text. */
const triple = perRun(async (bench): Promise<readonly Subject[]> => {
  const text = bench.text()
  return [
    await bench.newUser({ [text]: 'scim b', name: { familyName: `Zebra ${bench.mark}`, givenName: 'Check' } }),
    await bench.newUser({ [text]: 'scim A', name: { familyName: `Yak ${bench.mark}`, givenName: 'Check' } }),
    await bench.newUser({ [text]: undefined, name: { familyName: `Xerus ${bench.mark}`, givenName: 'Check' } }),
  ]
})

/** The numbers of the three users in the order in which the server lists them. */
async function order(bench: Bench, query: string): Promise<readonly number[]> {
  const users = await triple(bench)
  const filter = users.map(({ userName }) => `userName eq ${JSON.stringify(userName)}`).join(' or ')
  const answer = await bench.filtered(filter, `&${query}`)
  const ids = resourcesOf(answer, `GET ${bench.users}?${query}`).map(({ id }) => id)
  return ids.map((id) => users.findIndex((user) => user.id === id))
}

/** The users that have the text, in descending order. Another rule checks where the user without the text stands. */
async function descending(bench: Bench): Promise<readonly number[]> {
  const found = await order(bench, `sortBy=${bench.text()}&sortOrder=descending`)
  return found.filter((number) => number !== 2)
}

export const sort: Area = area('Order', needs('sort'), [
  rule(
    'P-3.4.2.3-02 P-3.4.2.3-06',
    'MUST',
    SECTION,
    'sortBy orders the result, ascending by default',
    async (bench) => {
      mustEqual((await order(bench, `sortBy=${bench.text()}`)).slice(0, 2), [1, 0], 'The order by a text')
      mustEqual(
        (await order(bench, `sortBy=${bench.text()}&sortOrder=ascending`)).slice(0, 2),
        [1, 0],
        'The ascending order',
      )
      // A server that does not sort may have one of the two orders by chance, but not both.
      mustEqual(await descending(bench), [0, 1], 'The same order reversed')
    },
  ),
  rule('P-3.4.2.3-06', 'MUST', SECTION, 'sortOrder=descending reverses the order', async (bench) => {
    mustEqual(await descending(bench), [0, 1], 'The descending order')
  }),
  rule(
    'P-3.4.2.3-05',
    'MUST',
    SECTION,
    'Resources without a value are last when ascending, first when descending',
    async (bench) => {
      mustEqual((await order(bench, `sortBy=${bench.text()}`))[2], 2, 'The last one in ascending order')
      mustEqual(
        (await order(bench, `sortBy=${bench.text()}&sortOrder=descending`))[0],
        2,
        'The first one in descending order',
      )
    },
  ),
  rule('P-3.4.2.3-04', 'MUST', SECTION, 'A sub-attribute orders the result', async (bench) => {
    mustEqual(await order(bench, 'sortBy=name.familyName'), [2, 1, 0], 'The order by name.familyName')
  }),
  rule('P-3.4.2.3-08', 'NOTE', 'RFC 7644 section 3.10', 'The name in sortBy has no case', async (bench) => {
    mustEqual(await order(bench, 'sortBy=NAME.FAMILYNAME'), [2, 1, 0], 'The order by NAME.FAMILYNAME')
  }),
])
