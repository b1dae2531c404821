import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../schema/model/definition.js'
import type { ListOutcome } from '../kit/answers.js'
import type { Bench } from '../kit/bench.js'
import { freeText } from '../kit/choose.js'
import type { KitQuery } from '../kit/query.js'
import type { Rule } from '../kit/rule.js'
import type { Subject } from '../kit/subject.js'
import { show } from '../kit/violation.js'

const COUNT = 8
const pagesByCursor = ({ supports }: Subject): boolean => supports.cursor !== undefined

export const CURSOR: readonly Rule[] = [
  {
    name: 'a walk by cursor meets each resource once, filtered or sorted or neither',
    section: 'cursor',
    applies: pagesByCursor,
    run: async (bench) => {
      const { subject, me, mine, verify } = bench
      const created = await several(bench)
      const sortBy = freeText(subject, false) ?? subject.mark
      const walks: readonly (readonly [string, KitQuery])[] = [
        ['with a filter', { filter: mine() }],
        ['sorted', { filter: mine(), sortBy }],
        ['sorted downwards', { filter: mine(), sortBy, sortOrder: 'descending' }],
        ['without filter and order', {}],
      ]
      for (const [told, kitQuery] of walks) {
        const { totalResults = 0 } = await me.list({ ...kitQuery, count: 0 })
        if (totalResults > 2_000) continue
        const met = await forward(bench, { ...kitQuery, count: kitQuery.filter === undefined ? 25 : 3 })
        verify(new Set(met).size === met.length, 'list', `gave a resource twice on a walk by cursor ${told}`)
        const lost = created.filter((id) => !met.includes(id)).length
        verify(lost === 0, 'list', `lost ${lost} of ${COUNT} resources on a walk by cursor ${told}`)
      }
    },
  },
  {
    name: 'a walk by cursor backwards gives the same pages',
    section: 'cursor',
    applies: ({ supports }) => supports.cursor === 'both',
    run: async (bench) => {
      const { me, mine, verify } = bench
      await several(bench)
      const pages: ListOutcome[] = []
      let after: Json | undefined = null
      while (after !== undefined) {
        const page: ListOutcome = await me.list({ filter: mine(), count: 3, after })
        pages.push(page)
        after = copied(bench, page.next)
      }
      verify(pages[0]?.previous === undefined, 'list', 'gave the first page a position before it')
      for (let index = pages.length - 1; index > 0; index -= 1) {
        const before = copied(bench, pages[index]?.previous)
        verify(before !== undefined, 'list', `gave page ${index + 1} no position before it`)
        const page = await me.list({ filter: mine(), count: 3, before: before })
        const told = `gave ${show(page.ids)} on the way back in place of ${show(pages[index - 1]?.ids)}`
        verify(show(page.ids) === show(pages[index - 1]?.ids), 'list', told)
      }
    },
  },
  {
    name: 'a walk by cursor loses and repeats nothing while others create and delete',
    section: 'cursor',
    applies: pagesByCursor,
    run: async (bench) => {
      const { me, plain, mine, verify } = bench
      const created = await several(bench)
      const first = await me.list({ filter: mine(), count: 3, after: null })
      const ahead = created.filter((id) => !first.ids.includes(id))
      const gone = [first.ids[0], first.ids[2], ahead[0]].map(String)
      for (const id of gone) await me.delete(id)
      for (const number of [100, 101, 102]) await me.create(await plain(number))
      const met = [
        ...first.ids,
        ...(await forward(bench, { filter: mine(), count: 2, after: copied(bench, first.next) })),
      ]
      verify(new Set(met).size === met.length, 'list', 'gave a resource twice while others were created and deleted')
      const lost = created.filter((id) => !gone.includes(id) && !met.includes(id)).length
      verify(lost === 0, 'list', `lost ${lost} resources while others were created and deleted`)
      verify(!met.slice(3).some((id) => gone.includes(id)), 'list', 'gave a resource that had been deleted')
    },
  },
  {
    name: 'a page by cursor has count resources, and the last one says so',
    section: 'cursor',
    applies: pagesByCursor,
    run: async (bench) => {
      const { me, mine, verify } = bench
      await several(bench)
      for (const count of [1, 3, COUNT - 1]) {
        const page = await me.list({ filter: mine(), count, after: null })
        verify(page.ids.length === count, 'list', `gave ${page.ids.length} resources for count ${count}`)
        verify(page.next !== undefined, 'list', `gave no position behind ${count} of ${COUNT} resources`)
      }
      for (const count of [COUNT, COUNT + 1]) {
        const page = await me.list({ filter: mine(), count, after: null })
        verify(page.ids.length === COUNT, 'list', `gave ${page.ids.length} of ${COUNT} resources for count ${count}`)
        verify(page.next === undefined, 'list', `gave a position behind the last page, of ${COUNT} for count ${count}`)
        const { totalResults } = page
        const told = `gave totalResults ${totalResults} of ${COUNT} on a page by cursor`
        verify(totalResults === undefined || totalResults === COUNT, 'list', told)
      }
      const none = await me.list({ filter: mine(), count: 0, after: null })
      verify(none.ids.length === 0, 'list', `gave ${none.ids.length} resources for count 0 by cursor`)
    },
  },
]

async function several({ subject, me, plain }: Bench): Promise<readonly string[]> {
  const attribute = freeText(subject, false)
  const ids: string[] = []
  for (let number = 0; number < COUNT; number += 1) {
    // Each value occurs twice, so that the order has ties.
    const draft = attribute ? plain(number, [attribute, `text ${(number * 3) % 4}`]) : plain(number)
    ids.push(String((await me.create(await draft)).id))
  }
  return ids
}

/** The ids of all pages, by cursor. */
async function forward(bench: Bench, { after: from = null, ...kitQuery }: KitQuery): Promise<string[]> {
  const met: string[] = []
  let after: Json | undefined = from
  for (let pages = 0; after !== undefined; pages += 1) {
    bench.verify(pages < 500, 'list', 'gave a next position again and again')
    const page: ListOutcome = await bench.me.list({ ...kitQuery, after }, ['id', 'meta'])
    met.push(...page.ids)
    after = copied(bench, page.next)
  }
  return met
}

/** A position as it returns from the client: copied by way of JSON. */
function copied({ verify }: Bench, position: Json | undefined): Json | undefined {
  if (position === undefined) return undefined
  const copy = JSON.parse(JSON.stringify(position) ?? 'null')
  const told = `gave the position ${show(position)}, which is no JSON`
  verify(copy !== null && isDeepStrictEqual(copy, position), 'list', told)
  return copy
}
