import { Breather } from '../breather.js'
import { toMatcher } from '../filter/evaluate-in-turns.js'
import type { Awaitable, Candidates, ListQuery, Page, Stored } from './contract.js'
import { compareEntries, type Entry } from './entry.js'
import { pageAfter, pageBefore } from './keyset.js'
import { type ScanBudget, scan, tooMany } from './scan.js'
import { Smallest } from './smallest.js'
import { sortKey } from './sort.js'

/** The options of {@link finishCandidates}. */
export interface FinishOptions {
  /**
   * The most work for one query; more is answered with 400 tooMany.
   *
   * @defaultValue 100,000 resources, 2 seconds
   */
  readonly budget?: ScanBudget | undefined
  /** Aborts the work. */
  readonly signal?: AbortSignal | undefined
}

const BUDGET: ScanBudget = Object.freeze({ resources: 100_000, milliseconds: 2_000 })

/**
 * Makes the page of a query from candidates: filters, sorts and cuts. A page by index holds the resources of the page
 * and of the pages before it in memory; a page by cursor holds only its own. Without a sort the order is by id;
 * resources with equal sort values are ordered by id. A cursor position names the last resource of a page and not a
 * number, so nothing is skipped or repeated while other clients insert and delete.
 */
export async function finishCandidates<R>(
  candidates: Candidates<R>,
  query: ListQuery,
  { budget = BUDGET, signal }: FinishOptions = {},
): Promise<Page<R>> {
  const end = performance.now() + budget.milliseconds
  // One resource may have a million values or texts of a megabyte, and a filter hundreds of conditions.
  const spend = (): void => {
    signal?.throwIfAborted()
    if (performance.now() > end) throw tooMany()
  }
  const breather = new Breather(performance.now())
  const matches = query.filter && toMatcher(query.filter, { spend, pause: () => breather.pauseIfDue() })
  const keyOf = query.sort && sortKey(query.sort.attribute)
  const collector = collectorOf<R>(query, () => breather.pauseIfDue())
  const add = (resource: Stored<R>): void => {
    collector.add({ key: keyOf?.(resource), id: String(resource.id), resource })
  }
  const visit = (resource: Stored<R>): void | Promise<void> => {
    const isMatch = matches === undefined || matches(resource)
    if (isMatch === true) add(resource)
    else if (isMatch) return isMatch.then((met) => void (met && add(resource)))
  }
  await scan(candidates, visit, budget, signal)
  return collector.page()
}

/** Takes every match and makes the page. */
interface Collector<R> {
  readonly add: (entry: Entry<Stored<R>>) => void
  readonly page: () => Awaitable<Page<R>>
}

function collectorOf<R>(query: ListQuery, pause: () => Promise<void> | undefined): Collector<R> {
  const { count, sort } = query
  const order = compareEntries(sort)
  if (query.pagination === 'cursor') {
    const { after, before } = query
    return before === undefined ? pageAfter(after, count, sort, order) : pageBefore(before, count, sort, order)
  }
  const first = Math.max(0, query.startIndex - 1)
  const smallest = new Smallest<Entry<Stored<R>>>(count === 0 ? 0 : first + count, order)
  let totalResults = 0
  return {
    add: (entry) => {
      totalResults += 1
      smallest.add(entry)
    },
    page: async () => {
      const entries = await smallest.takeBehind(first, pause)
      return { resources: entries.map(({ resource }) => resource), totalResults }
    },
  }
}
