import type { Call, Selection, Sort, Stored } from '../../adapter/contract.js'
import { selectionFor } from '../../adapter/selections.js'
import { compareSortKeys, type SortKey, sortKey } from '../../adapter/sort.js'
import { ScimError } from '../../error.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { Projection } from '../../schema/projection/project.js'
import type { WriteContext } from '../../schema/projection/write-value.js'
import { represent } from '../answer/represent.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { indexQuery, type ListRequest, listPage } from './list-page.js'

/** The part of a query on the root that concerns one resource type. */
export interface Search {
  readonly type: ResourceType
  readonly projection: Projection
  readonly listRequest: Omit<ListRequest, 'count'>
}

// To ask the clock for each resource would cost more than most of them do.
const STRETCH = 32
// Pages that end there are merged from all resources before them. For deeper ones it pays to ask for totals first.
const NEAR = 1_000
// Resources that are read in order to be merged, some ten megabytes.
const MOST_MERGED = 20_000

interface FoundResource {
  readonly search: Search
  readonly stored: Stored
  readonly key: SortKey
}

/** Finds a page by index: one type after the other or, if the query sorts, all of them merged (decision A-130). */
export async function findAll(
  context: Context,
  query: QueryParameters,
  searches: readonly Search[],
  startIndex: number,
  count: number,
  writing: WriteContext,
): Promise<{ readonly resources: readonly JsonObject[]; readonly totalResults: number }> {
  const merged = query.sortBy !== undefined
  const end = startIndex - 1 + count
  // Merging needs the first resources of every type up to the end of the page.
  if (merged && end > context.provider.limits.scanResources) throw ScimError.tooMany()

  const parts = merged && count > 0 ? await partsToMerge(context, searches, startIndex - 1, end) : undefined
  const found: FoundResource[][] = []
  let totalResults = 0
  for (const [index, search] of searches.entries()) {
    const { type, listRequest } = search
    const part = parts?.[index] ?? {
      skipped: merged ? 0 : Math.max(0, startIndex - 1 - totalResults),
      count: Math.max(0, count - found.reduce((sum, { length }) => sum + length, 0)),
    }
    const pageQuery = indexQuery({ ...listRequest, count: part.count }, part.skipped + 1)
    const page = await listPage(context, type, callFor(context, search), pageQuery)
    const keyOf = listRequest.sort && sortKey(listRequest.sort.attribute)
    const ofType: FoundResource[] = []
    for (const stored of page.resources) {
      ofType.push({ search, stored, key: keyOf?.(stored) })
      const pause = ofType.length % STRETCH === 0 && context.breather.pauseIfDue()
      if (pause) await pause
    }
    found.push(ofType)
    totalResults += page.totalResults
  }
  const skipped = parts?.reduce((sum, part) => sum + part.skipped, 0) ?? 0
  const chosen = merged
    ? await mergeSorted(context, found, query, startIndex - 1 - skipped, end - skipped)
    : found.flat()
  const resources = chosen.map(({ search: { type, projection }, stored }) =>
    represent(context, type, stored, projection, writing),
  )
  return { resources, totalResults }
}

/** The resources of one type that are read for a page. */
interface Part {
  readonly skipped: number
  readonly count: number
}

/**
 * The part of each type that is merged for a page. As many resources of a type lie before the page, wherever those of
 * the other types lie, as the page has before it less all of the other types: these are not read. Throws 400 tooMany
 * when the rest is too much.
 */
async function partsToMerge(
  context: Context,
  searches: readonly Search[],
  start: number,
  end: number,
): Promise<readonly Part[]> {
  if (end <= NEAR) return searches.map(() => ({ skipped: 0, count: end }))
  const totals: number[] = []
  for (const search of searches) {
    const { type, listRequest } = search
    const query = indexQuery({ ...listRequest, sort: undefined, count: 0 }, 1)
    totals.push((await listPage(context, type, callFor(context, search), query)).totalResults)
  }
  const all = totals.reduce((sum, total) => sum + total, 0)
  const parts = totals.map((total) => {
    const skipped = Math.min(total, Math.max(0, start - (all - total)))
    return { skipped, count: Math.min(total, end) - skipped }
  })
  if (parts.reduce((sum, { count }) => sum + count, 0) > MOST_MERGED) {
    throw ScimError.tooMany(
      'A page of sorted resources of several types lies too deep. Ask for fewer with a filter, or for one type.',
    )
  }
  return parts
}

function callFor(context: Context, { projection, listRequest }: Search): Call {
  return context.readCall(
    selectionFor(listRequest.sort ? withSortKey(projection, listRequest.sort) : projection, listRequest),
  )
}

/** Types are merged by the attribute of the order, so pages must contain that attribute too. */
function withSortKey(shown: Selection, { attribute: { keys } }: Sort): Selection {
  const has = (attribute: string): boolean => attribute === keys[0] || shown.has(attribute)
  return { has, shows: has, names: shown.names }
}

/**
 * The part of a merged list that a page has. Each type has come in its order, so each step takes the first of one type.
 */
async function mergeSorted(
  context: Context,
  types: readonly (readonly FoundResource[])[],
  { sortOrder = 'ascending' }: QueryParameters,
  start: number,
  end: number,
): Promise<FoundResource[]> {
  const compare = compareSortKeys(sortOrder)
  const next = types.map(() => 0)
  const chosen: FoundResource[] = []
  for (let position = 0; position < end; position += 1) {
    let first = -1
    for (let index = 0; index < types.length; index += 1) {
      const one = types[index]?.[next[index] as number]
      const best = types[first]?.[next[first] as number]
      if (one && (best === undefined || compare(one.key, best.key) < 0)) first = index
    }
    const taken = types[first]?.[next[first] as number]
    if (taken === undefined) break
    next[first] = (next[first] as number) + 1
    if (position >= start) chosen.push(taken)
    const pause = position % STRETCH === 0 && context.breather.pauseIfDue()
    if (pause) await pause
  }
  return chosen
}
