import type { Stored } from '../adapter/contract.js'
import { compareSortKeys, type SortKey, sortKey } from '../adapter/sort.js'
import { ScimError } from '../error.js'
import { listResponse } from '../message/list-response.js'
import { type QueryParameters, readSearchRequest } from '../message/search-request.js'
import { attributeNamed, type Projection } from '../schema/project.js'
import { authorize } from './authorize.js'
import type { Context } from './context.js'
import { inputOf } from './input.js'
import { checkTotal, indexQuery, list, listPage } from './list.js'
import { bindQueryFilter, countOf, parseQueryFilter, selectionFor, sortOf, startIndexOf } from './query.js'
import { represent, writingFor } from './represent.js'
import type { ResourceType } from './resource-type.js'
import { projectionFor, type Result } from './result.js'

/** RFC 7644 section 3.4.3: a query by POST to /.search; without a type over all of them. */
export async function search(context: Context, type: ResourceType | undefined): Promise<Result> {
  const query = readSearchRequest(await inputOf(context).body())
  return type === undefined ? listAll(context, query) : list(context, type, { query })
}

interface Found {
  readonly type: ResourceType
  readonly stored: Stored
  readonly projection: Projection
  readonly key: SortKey
}

/**
 * RFC 7644 section 3.4.2.1: a query on the server root is one over all resource types: one type after the other, or,
 * when it sorts, all of them merged.
 */
export async function listAll(context: Context, query: QueryParameters): Promise<Result> {
  const parsed = query.filter === undefined ? undefined : parseQueryFilter(context, query.filter)
  checkSortBy(context, query)
  const count = countOf(context, query)
  const startIndex = startIndexOf(query)
  const end = startIndex - 1 + count
  // Merging needs the first resources of every type up to the end of the page.
  if (query.sortBy !== undefined && end > context.provider.limits.scanResources) throw ScimError.tooMany()

  const found: Found[] = []
  let totalResults = 0
  for (const type of context.provider.types) {
    await authorize(context, type, 'list', undefined)
    const filter = parsed === undefined || bindQueryFilter(context, type, parsed, 'unassigned')
    if (filter === false) continue
    const sort = hasSortAttribute(type, query) ? sortOf(context, type, query) : undefined
    const merged = query.sortBy !== undefined
    const before = merged ? 0 : Math.max(0, startIndex - 1 - totalResults)
    const wanted = merged ? end : Math.max(0, count - found.length)
    const asked = { filter: filter === true ? undefined : filter, sort, count: wanted }
    const projection = projectionFor(context, type, query)
    const call = context.call(selectionFor(projection, asked))
    const page = await listPage(context, type, call, indexQuery(asked, before + 1))
    const keyOf = sort && sortKey(sort.attribute)
    for (const stored of page.resources) found.push({ type, stored, projection, key: keyOf?.(stored) })
    totalResults += page.totalResults
  }
  checkTotal(context, totalResults)

  const resources = query.sortBy === undefined ? found : mergeSorted(found, query).slice(startIndex - 1, end)
  const writing = writingFor(context)
  const body = listResponse(
    resources.map(({ type, stored, projection }) => represent(context, type, stored, projection, writing)),
    { totalResults, startIndex },
  )
  return { status: 200, headers: {}, body, large: writing.large }
}

function mergeSorted(found: Found[], { sortOrder = 'ascending' }: QueryParameters): Found[] {
  const compare = compareSortKeys(sortOrder)
  return found.sort((a, b) => compare(a.key, b.key))
}

function hasSortAttribute(type: ResourceType, { sortBy }: QueryParameters): boolean {
  return sortBy !== undefined && attributeNamed(type.schema, sortBy.trim()) !== undefined
}

function checkSortBy(context: Context, query: QueryParameters): void {
  if (query.sortBy === undefined || context.provider.types.some((type) => hasSortAttribute(type, query))) return
  throw ScimError.invalidValue(`Nothing can be sorted by "${query.sortBy.slice(0, 100)}".`)
}
