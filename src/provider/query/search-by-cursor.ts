import { ScimError } from '../../error.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import type { Json } from '../../schema/model/definition.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { WriteContext } from '../../schema/projection/write-value.js'
import { represent } from '../answer/represent.js'
import type { Result } from '../answer/result.js'
import type { Context } from '../request/context.js'
import type { Cursors } from '../shared/cursor.js'
import { answerByCursor, type FoundByCursor } from './list-by-cursor.js'
import { type CursorStart, pageByCursor } from './page-by-cursor.js'
import { findAll, type Search } from './search-page.js'

/**
 * RFC 9865 at the server root. There is no way back, and where types are merged by an order the position is an index.
 */
export function listAllByCursor(
  context: Context,
  cursors: Cursors,
  query: QueryParameters,
  searches: readonly Search[],
): Promise<Result> {
  return answerByCursor(context, cursors, query, '', (count, from, writing) =>
    query.sortBy === undefined
      ? walk(context, searches, count, from?.position as RootPosition | undefined, writing)
      : pageOfMerged(context, query, searches, count, from?.position as number | undefined, writing),
  )
}

/** A resource type by its name, and the position in its resources; null for their beginning. */
type RootPosition = readonly [type: string, position: Json]

/**
 * One type after the other, each by its own positions. The types that the page does not reach tell how many they have.
 */
async function walk(
  context: Context,
  searches: readonly Search[],
  count: number,
  place: RootPosition | undefined,
  writing: WriteContext,
): Promise<FoundByCursor> {
  const resources: JsonObject[] = []
  const start = place ? searches.findIndex(({ type }) => type.name === place[0]) : 0
  // The client may no longer list the type that it had come to.
  if (start < 0) throw ScimError.of('invalidCursor')
  let totalResults: number | undefined = 0
  let next: RootPosition | undefined
  for (const [at, { type, projection, listRequest }] of searches.entries()) {
    const wanted = at < start ? 0 : count - resources.length
    const from: CursorStart | undefined =
      at === start && place && place[1] !== null ? { position: place[1], direction: 'next' } : undefined
    const page = await pageByCursor(context, type, { ...listRequest, count: wanted }, projection, from)
    for (const stored of page.resources) resources.push(represent(context, type, stored, projection, writing))
    totalResults = sum(totalResults, page.totalResults)
    if (at < start || next !== undefined) continue
    if (page.next !== undefined) next = [type.name, page.next]
    else if (wanted === 0 && page.totalResults !== 0) next = [type.name, null]
  }
  return { resources, totalResults, next: next }
}

/**
 * RFC 9865 section 2: a service provider "unable to estimate totalResults MAY choose to omit the totalResults
 * attribute".
 */
function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other
}

async function pageOfMerged(
  context: Context,
  query: QueryParameters,
  searches: readonly Search[],
  count: number,
  startIndex = 1,
  writing: WriteContext,
): Promise<FoundByCursor> {
  const { resources, totalResults } = await findAll(context, query, searches, startIndex, count, writing)
  const index = startIndex + resources.length
  return { resources, totalResults, next: resources.length > 0 && index <= totalResults ? index : undefined }
}
