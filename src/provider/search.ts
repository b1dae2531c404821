import type { Stored } from '../adapter/contract.js'
import { compareSortKeys, type SortKey, sortKey } from '../adapter/sort.js'
import { ScimError } from '../error.js'
import { listResponse } from '../message/list-response.js'
import { type QueryParameters, readSearchRequest } from '../message/search-request.js'
import type { Projection } from '../schema/project.js'
import { attributeNamed } from '../schema/project.js'
import type { JsonObject } from '../schema/resource.js'
import type { Writing } from '../schema/write-value.js'
import { authorize } from './authorize.js'
import type { Context } from './context.js'
import { inputOf } from './input.js'
import { type Asked, checkTotal, indexQuery, list, listPage } from './list.js'
import { wantsCursor } from './list-by-cursor.js'
import { bindQueryFilter, countOf, parseQueryFilter, selectionFor, sortOf, startIndexOf } from './query.js'
import { represent, writingFor } from './represent.js'
import type { ResourceType } from './resource-type.js'
import { projectionFor, type Result } from './result.js'
import { listAllByCursor } from './search-by-cursor.js'

/** RFC 7644 section 3.4.3: a query by POST to /.search; without a type over all of them. */
export async function search(context: Context, type: ResourceType | undefined): Promise<Result> {
  const query = readSearchRequest(await inputOf(context).body())
  return type === undefined ? listAll(context, query) : list(context, type, { query })
}

/** A query on the server root, RFC 7644 section 3.4.2.1: one over all resource types that the client may list. */
export async function listAll(context: Context, query: QueryParameters): Promise<Result> {
  const searches = await searchesOf(context, query)
  if (wantsCursor(context, query)) return listAllByCursor(context, query, searches)
  const startIndex = startIndexOf(query)
  const writing = writingFor(context)
  const { resources, totalResults } = await findAll(
    context,
    query,
    searches,
    startIndex,
    countOf(context, query),
    writing,
  )
  checkTotal(context, totalResults)
  const body = listResponse(resources, { totalResults, startIndex })
  return { status: 200, headers: {}, body, large: writing.large }
}

/** What a query on the root asks of one resource type. */
export interface Search {
  readonly type: ResourceType
  readonly projection: Projection
  readonly asked: Omit<Asked, 'count'>
}

/** Works out what to ask of which types: those that can match, and that the client may list. */
async function searchesOf(context: Context, query: QueryParameters): Promise<readonly Search[]> {
  const types = await permittedTypes(context)
  const parsed = query.filter === undefined ? undefined : parseQueryFilter(context, query.filter)
  const { sortBy } = query
  if (sortBy !== undefined && !types.some((type) => hasAttribute(type, sortBy))) {
    throw ScimError.invalidValue(`Nothing can be sorted by "${sortBy.slice(0, 100)}".`)
  }
  return types.flatMap((type) => {
    const filter = parsed === undefined || bindQueryFilter(context, type, parsed, 'unassigned')
    if (filter === false) return []
    const sort = sortBy !== undefined && hasAttribute(type, sortBy) ? sortOf(context, type, query) : undefined
    const asked = { filter: filter === true ? undefined : filter, sort }
    return { type, projection: projectionFor(context, type, query), asked }
  })
}

/** Types that the client may not list are not there for it; when there is no other, the query is not permitted. */
async function permittedTypes(context: Context): Promise<readonly ResourceType[]> {
  const permitted: ResourceType[] = []
  let refusal: unknown
  for (const type of context.provider.types) {
    try {
      await authorize(context, type, 'list', undefined)
      permitted.push(type)
    } catch (error) {
      if (!ScimError.is(error) || error.status !== 403) throw error
      refusal = error
    }
  }
  if (permitted.length === 0) throw refusal
  return permitted
}

function hasAttribute({ schema }: ResourceType, name: string): boolean {
  return attributeNamed(schema, name.trim()) !== undefined
}

interface Found {
  readonly search: Search
  readonly stored: Stored
  readonly key: SortKey
}

/** Finds a page by index: one type after the other or, when the query sorts, all of them merged. */
export async function findAll(
  context: Context,
  query: QueryParameters,
  searches: readonly Search[],
  startIndex: number,
  count: number,
  writing: Writing,
): Promise<{ readonly resources: readonly JsonObject[]; readonly totalResults: number }> {
  const merged = query.sortBy !== undefined
  const end = startIndex - 1 + count
  // Merging needs the first resources of every type up to the end of the page.
  if (merged && end > context.provider.limits.scanResources) throw ScimError.tooMany()

  const found: Found[] = []
  let totalResults = 0
  for (const search of searches) {
    const { type, projection, asked } = search
    const before = merged ? 0 : Math.max(0, startIndex - 1 - totalResults)
    const wanted = merged && count > 0 ? end : Math.max(0, count - found.length)
    const call = context.call(selectionFor(projection, asked))
    const page = await listPage(context, type, call, indexQuery({ ...asked, count: wanted }, before + 1))
    const keyOf = asked.sort && sortKey(asked.sort.attribute)
    for (const stored of page.resources) found.push({ search, stored, key: keyOf?.(stored) })
    totalResults += page.totalResults
  }
  const chosen = merged ? mergeSorted(found, query).slice(startIndex - 1, end) : found
  const resources = chosen.map(({ search: { type, projection }, stored }) =>
    represent(context, type, stored, projection, writing),
  )
  return { resources, totalResults }
}

function mergeSorted(found: Found[], { sortOrder = 'ascending' }: QueryParameters): Found[] {
  const compare = compareSortKeys(sortOrder)
  return found.sort((a, b) => compare(a.key, b.key))
}
