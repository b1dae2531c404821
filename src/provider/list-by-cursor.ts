import type { CursorPage, IndexPage, ListQuery, Page, Selection } from '../adapter/contract.js'
import { ScimError } from '../error.js'
import { equalsIn } from '../filter/equals.js'
import { listResponse } from '../message/list-response.js'
import type { QueryParameters } from '../message/search-request.js'
import type { Json } from '../schema/definition.js'
import type { Context } from './context.js'
import type { CursorContent, Cursors } from './cursor.js'
import { type Asked, checkResources, finish, indexQuery, isPage, queryOf } from './list.js'
import { countOf, selectionFor } from './query.js'
import { represent, writingFor } from './represent.js'
import type { ResourceType } from './resource-type.js'
import { projectionFor, type Result } from './result.js'

/** Whether a query pages by cursor. Without secrets the parameter is unknown, and ignored like every unknown one. */
export function wantsCursor({ provider: { cursors } }: Context, { cursor, startIndex }: QueryParameters): boolean {
  if (cursors === undefined) return false
  // Decision A-82.
  if (cursor !== undefined && startIndex !== undefined) {
    throw ScimError.invalidValue('"cursor" and "startIndex" exclude each other.')
  }
  // RFC 9865 section 2.4: one method holds when the client names neither.
  return cursor !== undefined || (cursors.isDefault && startIndex === undefined)
}

/** RFC 9865 section 2: a page that is found by a cursor. */
export async function listByCursor(context: Context, type: ResourceType, query: QueryParameters): Promise<Result> {
  const cursors = context.provider.cursors as Cursors
  const scope = scopeOf(context, type, query)
  // RFC 9865 section 2: an empty cursor asks for the first page.
  const from = query.cursor ? cursors.open(query.cursor, scope) : undefined
  const count = from && query.count === undefined ? from.count : countOf(context, query)
  if (from && count !== from.count) throw ScimError.of('invalidCount', 'The count may not change between pages.')

  const asked = queryOf(context, type, { ...query, count })
  const projection = projectionFor(context, type, query)
  const page = asked ? await pageFrom(context, type, asked, projection, from) : NO_PAGE
  const seal = (position: Json | undefined, direction: CursorContent['direction']): string | undefined =>
    position === undefined || count === 0 ? undefined : cursors.seal({ position, direction, count }, scope)

  const writing = writingFor(context)
  const resources = Array.from(page.resources, (stored) => represent(context, type, stored, projection, writing))
  const body = listResponse(resources, {
    ...(page.totalResults !== undefined && { totalResults: page.totalResults }),
    ...withoutUndefined({
      // RFC 9865 section 2: previousCursor is never on the first page, nextCursor never on the last.
      previousCursor: from && seal(page.previous, 'previous'),
      nextCursor: seal(page.next, 'next'),
    }),
  })
  return { status: 200, headers: {}, body, large: writing.large }
}

const NO_PAGE: CursorPage = Object.freeze({ resources: [], totalResults: 0 })

// An adapter that does not page by position is asked by index: its position is the index of the next resource. When it
// gives candidates, the position is that of the router, by which nothing is skipped or repeated.
type Position = { readonly index: number } | { readonly key: Json }

async function pageFrom(
  context: Context,
  type: ResourceType,
  asked: Asked,
  projection: Selection,
  from: CursorContent | undefined,
): Promise<CursorPage> {
  const call = context.call(selectionFor(projection, asked))
  const adapter = type.adapter(call)
  if (type.supports.cursor !== undefined) {
    const query = cursorQuery(asked, from?.position, from?.direction)
    const answer = await adapter.list(query, call)
    return checked(type, isPage(answer) ? answer : await finish(context, type, answer, query, call), query)
  }
  const position = from?.position as Position | undefined
  const startIndex = position && 'index' in position ? position.index : 1
  const answer = await adapter.list(indexQuery(asked, startIndex), call)
  if (isPage(answer)) return asCursorPage(checked(type, answer, indexQuery(asked, startIndex)), startIndex)
  const query = cursorQuery(asked, position && 'key' in position ? position.key : undefined, from?.direction)
  const page = checked(type, await finish(context, type, answer, query, call), query)
  return { ...page, next: wrap(page.next), previous: wrap(page.previous) }
}

function cursorQuery(
  asked: Asked,
  position: Json | undefined,
  direction: CursorContent['direction'] | undefined,
): ListQuery {
  return {
    ...asked,
    equals: (attribute) => equalsIn(asked.filter, attribute),
    pagination: 'cursor',
    after: direction === 'previous' ? undefined : position,
    before: direction === 'previous' ? position : undefined,
  }
}

function wrap(key: Json | undefined): Json | undefined {
  return key === undefined ? undefined : { key }
}

function asCursorPage(page: CursorPage, startIndex: number): CursorPage {
  const resources = [...page.resources]
  const index = startIndex + resources.length
  const { totalResults } = page as IndexPage
  return {
    resources,
    totalResults,
    next: resources.length > 0 && index <= totalResults ? { index } : undefined,
  }
}

function checked(type: ResourceType, page: Page, query: ListQuery): CursorPage {
  return { ...(page as CursorPage), resources: checkResources(type, page, query) }
}

/** RFC 9865 section 5.2: what a cursor is bound to, so that it opens for nobody and nothing else. */
function scopeOf({ auth }: Context, type: ResourceType, { filter, sortBy, sortOrder }: QueryParameters): string {
  return JSON.stringify([auth.tenant, auth.subject, type.name, filter, sortBy, sortOrder].map((part) => part ?? null))
}

function withoutUndefined<T extends object>(object: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
