import { bodyOf, memberOf, must, mustRefuse, resourcesOf, shown } from '../bench/expect.js'
import { NotSeen } from '../bench/outcome.js'
import { type Area, area, needs, rule } from '../bench/rule.js'

export const cursor: Area = area('Cursors', needs('cursor'), [
  rule(
    'C-2-01 C-2-03',
    'MUST',
    'RFC 9865 section 2',
    'Pages by cursor give each resource once, and end',
    async (bench) => {
      await bench.atLeast(3, bench.users, () => bench.newUser())
      const seen: unknown[] = []
      let next: unknown = ''
      for (let pages = 0; next !== undefined; pages += 1) {
        must(pages < 1000, 'The pages do not end.')
        const answer = await bench.get(
          `${bench.users}?attributes=userName&count=50&cursor=${encodeURIComponent(String(next))}`,
        )
        seen.push(...resourcesOf(answer, 'A page by cursor').map(({ id }) => id))
        const after = memberOf(answer.body, 'nextCursor')
        must(after === undefined || (typeof after === 'string' && after !== next), `nextCursor is ${shown(after)}.`)
        next = after
      }
      must(new Set(seen).size === seen.length, 'A resource is on two pages.')
    },
  ),
  rule(
    'C-2-02 C-2-04 C-2-05',
    'MUST',
    'RFC 9865 section 2',
    'A cursor has unreserved characters; the first page has none before it',
    async (bench) => {
      await bench.atLeast(3, bench.users, () => bench.newUser())
      const answer = await bench.get(`${bench.users}?count=1&cursor`)
      const { nextCursor, previousCursor } = bodyOf(answer, 200, 'The first page by cursor')
      must(resourcesOf(answer, 'The first page').length <= 1, 'count=1 returns more than one resource.')
      must(previousCursor === undefined, 'The first page has a previousCursor.')
      must(
        typeof nextCursor === 'string' && /^[\w.~-]+$/.test(nextCursor),
        `nextCursor is ${shown(nextCursor)}, must have unreserved characters only.`,
      )
    },
  ),
  rule(
    'C-2.1-01 C-2.1-02',
    'SHOULD',
    'RFC 9865 section 2.1',
    'A wrong cursor is refused with 400 invalidCursor',
    async (bench) => {
      const answer = await bench.get(`${bench.users}?cursor=scim-check-wrong`)
      if (answer.status === 501) throw new NotSeen('The server has no cursors.')
      mustRefuse(answer, 400, 'A wrong cursor', 'invalidCursor')
    },
  ),
])
