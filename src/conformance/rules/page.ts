import type { Actor } from '../kit/actor.js'
import type { ListOutcome } from '../kit/answers.js'
import type { Bench } from '../kit/bench.js'
import { freeText, uniqueTexts } from '../kit/choose.js'
import { difference } from '../kit/compare.js'
import { assign, valueIn } from '../kit/drafts.js'
import type { KitQuery } from '../kit/query.js'
import type { Rule } from '../kit/rule.js'
import { show } from '../kit/violation.js'

const COUNT = 7
// For a larger store the walk would take too long.
const WALKED = 2_000

export const PAGE: readonly Rule[] = [
  {
    name: 'a page has the resources that count and startIndex ask for, and the total of all',
    section: 'page',
    run: async (bench) => {
      const { me, mine, verify } = bench
      const created = await several(bench)
      const whole = await me.list({ filter: mine(), count: 100 })
      const isWhole = whole.ids.length === COUNT && created.every((id) => whole.ids.includes(id))
      verify(isWhole, 'list', `gave ${whole.ids.length} of ${COUNT} matches for count 100`)
      for (const [startIndex, count] of PAGES) {
        const page = await me.list({ filter: mine(), startIndex, count })
        const range = `for startIndex ${startIndex} and count ${count} of ${COUNT} matches`
        verify(page.totalResults === COUNT, 'list', `gave totalResults ${page.totalResults} ${range}`)
        const expected = whole.ids.slice(startIndex - 1, startIndex - 1 + count)
        verify(page.ids.length === expected.length, 'list', `gave ${page.ids.length} resources ${range}`)
        const told = `gave ${show(page.ids)} ${range}, where the whole list has ${show(expected)}`
        verify(
          page.ids.every((id, index) => id === expected[index]),
          'list',
          told,
        )
      }
    },
  },
  {
    name: 'a walk from page to page meets each resource once, with a filter and without',
    section: 'page',
    run: async (bench) => {
      const { me, mine, verify } = bench
      const created = await several(bench)
      const expectOnce = (met: readonly string[], told: string): void => {
        verify(new Set(met).size === met.length, 'list', `gave a resource on two pages ${told}`)
        const lost = created.filter((id) => !met.includes(id)).length
        verify(lost === 0, 'list', `gave ${lost} of ${COUNT} resources on no page ${told}`)
      }
      expectOnce(await walk(me, { filter: mine(), count: 2 }, COUNT), 'with a filter')
      const before = await me.list({ count: WALKED }, ['id', 'meta'])
      const { ids, totalResults = 0 } = before
      if (totalResults > WALKED) return
      verify(
        created.every((id) => ids.includes(id)),
        'list',
        'without a filter lacks what was created',
      )
      const met = await walk(me, { count: 20 }, totalResults)
      const after = await me.list({ count: WALKED }, ['id', 'meta'])
      // If other clients write meanwhile, pages by index shift, so the check proves nothing.
      if (after.ids.join() === ids.join()) expectOnce(met, 'without a filter')
    },
  },
  {
    name: 'a walk from page to page meets each resource once while others change them',
    section: 'page',
    run: async (bench) => {
      const { me, plain, mine, verify } = bench
      const created = await several(bench)
      const met: string[] = []
      for (let startIndex = 1; startIndex <= COUNT; startIndex += 2) {
        const { ids } = await me.list({ filter: mine(), count: 2, startIndex }, ['id', 'meta'])
        met.push(...ids)
        // A resource that the walk has met, and a resource that it may still meet.
        for (const id of [ids[0], created.find((one) => !met.includes(one))]) {
          if (id !== undefined) await me.replace(id, await plain(100 + COUNT * startIndex + created.indexOf(id)))
        }
      }
      verify(
        new Set(met).size === met.length,
        'list',
        'gave a resource on two pages when it had been changed meanwhile',
      )
      const lost = created.filter((id) => !met.includes(id)).length
      verify(lost === 0, 'list', `gave ${lost} of ${COUNT} resources on no page when some had been changed meanwhile`)
    },
  },
  {
    name: 'a list shows each write at once',
    section: 'list',
    run: async (bench) => {
      const { subject, me, plain, mine, verify } = bench
      const attribute = uniqueTexts(subject)[0] ?? freeText(subject, false) ?? subject.mark
      const equal = (text: unknown): string => `${attribute.path} eq ${JSON.stringify(text)}`
      const found = async (text: unknown) => (await me.list({ filter: equal(text) })).ids
      const draft = await bench.full(1)
      const value = valueIn(draft, attribute)
      verify((await found(value)).length === 0, 'list', `found a ${equal(value)} before there was one`)
      const id = String((await me.create(draft)).id)
      verify(
        (await found(value)).includes(id),
        'list',
        `does not find by ${equal(value)} the resource that was just created`,
      )
      const other = structuredClone(draft)
      assign(other, attribute, `${value}.new`)
      await me.replace(id, other)
      verify(!(await found(value)).includes(id), 'list', `still finds by ${equal(value)} a resource that was replaced`)
      verify((await found(`${value}.new`)).includes(id), 'list', 'does not find a resource by its new value')
      await me.patch(id, [{ op: 'replace', path: attribute.path, value }])
      verify((await found(value)).includes(id), 'list', 'does not find a resource by a value that a patch has set')
      verify(
        !(await found(`${value}.new`)).includes(id),
        'list',
        'still finds a resource by a value that a patch changed',
      )
      await me.delete(id)
      verify((await found(value)).length === 0, 'list', `still finds by ${equal(value)} a deleted resource`)
      const { totalResults } = await me.list({ filter: mine() })
      verify(totalResults === 0, 'list', `gave totalResults ${totalResults} after all resources were deleted`)
      await me.create(await plain(2))
      verify(
        (await me.list({ filter: mine() })).totalResults === 1,
        'list',
        'does not count the resource that was just created',
      )
    },
  },
  {
    name: 'a list gives resources as get does',
    section: 'list',
    run: async ({ subject, me, full, mine, verify }) => {
      const draft = await full(1)
      const id = String((await me.create(draft)).id)
      const [listed] = (await me.list({ filter: mine() })).resources
      verify(String(listed?.id) === id, 'list', 'does not list the resource that create has just stored')
      const changed = difference(subject, draft, listed ?? {})
      verify(changed === undefined, 'list', `gave ${changed}`)
    },
  },
]

const PAGES = [
  [1, 0],
  [1, 1],
  [1, 3],
  [2, 1],
  [2, 3],
  [4, 3],
  [6, 5],
  [7, 1],
  [7, 2],
  [8, 1],
  [1_000_000, 5],
  [Number.MAX_SAFE_INTEGER, 5],
  [1, COUNT],
] as const

/** Creates {@link COUNT} resources. Returns their ids. */
async function several({ me, plain }: Bench): Promise<readonly string[]> {
  const ids: string[] = []
  for (let number = 0; number < COUNT; number += 1) ids.push(String((await me.create(await plain(number))).id))
  return ids
}

/** The ids of all pages, as often as each occurs. */
export async function walk(
  me: Actor,
  kitQuery: KitQuery & { readonly count: number },
  total: number,
): Promise<string[]> {
  const met: string[] = []
  for (let startIndex = 1; startIndex <= total; startIndex += kitQuery.count) {
    const { ids }: ListOutcome = await me.list({ ...kitQuery, startIndex }, ['id', 'meta'])
    met.push(...ids)
  }
  return met
}
