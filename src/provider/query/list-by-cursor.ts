import { ScimError } from '../../error.js'
import { listResponse } from '../../message/list-response.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import type { Json } from '../../schema/model/definition.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { WriteContext } from '../../schema/projection/write-value.js'
import { represent, writingFor } from '../answer/represent.js'
import { projectionFor, type Result } from '../answer/result.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { CursorContent, Cursors } from '../shared/cursor.js'
import { checkTotal, queryOf } from './list-page.js'
import { type CursorStart, pageByCursor } from './page-by-cursor.js'
import { countOf } from './query.js'

/**
 * The cursors for a query that pages by them; undefined for one that pages by index. Without secrets the parameter is
 * unknown, and ignored like every unknown one.
 */
export function cursorsFor(
  { provider: { cursors } }: Context,
  { cursor, startIndex }: QueryParameters,
): Cursors | undefined {
  if (cursors === undefined) return undefined
  // Decision A-82.
  if (cursor !== undefined && startIndex !== undefined) {
    throw ScimError.invalidValue('"cursor" and "startIndex" exclude each other.')
  }
  // RFC 9865 section 2.4: one method holds when the client names neither.
  return cursor !== undefined || (cursors.isDefault && startIndex === undefined) ? cursors : undefined
}

/** RFC 9865 section 2: a page of the resources of one type that is found by a cursor. */
export function listByCursor(
  context: Context,
  cursors: Cursors,
  type: ResourceType,
  query: QueryParameters,
): Promise<Result> {
  const projection = projectionFor(context, type, query)
  return answerByCursor(context, cursors, query, type.name, async (count, from, writing) => {
    const listRequest = queryOf(context, type, { ...query, count })
    if (listRequest === undefined) return { resources: [], totalResults: 0 }
    const page = await pageByCursor(context, type, listRequest, projection, from)
    return {
      ...page,
      resources: [...page.resources].map((stored) => represent(context, type, stored, projection, writing)),
    }
  })
}

/** A page as the client gets it. */
export interface FoundByCursor {
  readonly resources: readonly JsonObject[]
  readonly totalResults?: number | undefined
  readonly next?: Json | undefined
  readonly previous?: Json | undefined
}

/**
 * Opens the cursor of a query, and seals those of its answer.
 *
 * @param endpoint The endpoint of the query: cursors of one endpoint are not valid at another.
 * @param find Finds the page behind or ahead of a position.
 */
export async function answerByCursor(
  context: Context,
  cursors: Cursors,
  query: QueryParameters,
  endpoint: string,
  find: (count: number, from: CursorStart | undefined, writing: WriteContext) => Promise<FoundByCursor>,
): Promise<Result> {
  const scope = scopeOf(context, endpoint, query)
  // RFC 9865 section 2: an empty cursor asks for the first page.
  const from = query.cursor ? cursors.open(query.cursor, scope) : undefined
  const count = from && query.count === undefined ? from.count : countOf(context, query)
  // RFC 9865 section 2.1, invalidCount: the count "must value identical count of the initial query".
  if (from && count !== from.count) throw ScimError.of('invalidCount', 'The count must not change between pages.')

  const writing = writingFor(context)
  const { resources, totalResults, next, previous } = await find(count, from, writing)
  if (totalResults !== undefined) checkTotal(context, totalResults)
  const seal = (position: Json | undefined, direction: CursorContent['direction']): string | undefined =>
    position === undefined || count === 0 ? undefined : cursors.seal({ position, direction, count }, scope)
  // RFC 9865 section 2: previousCursor "MUST NOT be returned with the first page".
  const previousCursor = from && seal(previous, 'previous')
  const nextCursor = seal(next, 'next')
  const body = listResponse(resources, {
    ...(totalResults !== undefined && { totalResults }),
    ...(previousCursor !== undefined && { previousCursor }),
    ...(nextCursor !== undefined && { nextCursor }),
  })
  return { status: 200, headers: {}, body, large: writing.large }
}

/** RFC 9865 section 5.2: the client and the query that a cursor is bound to; it opens for no other. */
function scopeOf(
  { auth, provider, request }: Context,
  endpoint: string,
  { filter, sortBy, sortOrder }: QueryParameters,
): string {
  const permissions = provider.options.cursor?.boundTo?.(auth)
  const parts = [auth.tenant, request.params, auth.subject, permissions, endpoint, filter, sortBy, sortOrder]
  return JSON.stringify(parts.map((part) => part ?? null))
}
