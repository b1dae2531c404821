import type { Call, CursorPage, ListQuery, Page, Selection } from '../../adapter/contract.js'
import { isPage } from '../../adapter/page.js'
import { selectionFor } from '../../adapter/selections.js'
import { equalsIn } from '../../filter/equals.js'
import type { Json } from '../../schema/model/definition.js'
import { readIn } from '../events/transaction.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkedTotal, checkResources, finish, indexQuery, type ListRequest } from './list-page.js'

/** Where a walk goes on, in the terms of the store. Undefined: from the beginning. */
export interface CursorStart {
  readonly position: Json
  readonly direction: 'next' | 'previous'
}

// An adapter that does not page by position is asked by index: its position is the index of the next resource. When it
// gives candidates, the position is that of the router, by which nothing is skipped or repeated.
type Position = { readonly index: number } | { readonly key: Json }

/** A page of the resources of one type, behind or ahead of a position. */
export async function pageByCursor(
  context: Context,
  type: ResourceType,
  listRequest: ListRequest,
  shown: Selection,
  from: CursorStart | undefined,
): Promise<CursorPage> {
  const call = context.readCall(selectionFor(shown, listRequest))
  return readIn(context, call, (inside) => readPage(context, type, inside, listRequest, from))
}

async function readPage(
  context: Context,
  type: ResourceType,
  call: Call,
  listRequest: ListRequest,
  from: CursorStart | undefined,
): Promise<CursorPage> {
  const adapter = type.adapter(call)
  if (type.supports.cursor !== undefined) {
    const query = cursorQuery(listRequest, from?.position, from?.direction)
    const answer = await adapter.list(query, call)
    const page = await checked(
      context,
      type,
      isPage(answer) ? answer : await finish(context, type, answer, query, call),
      query,
    )
    return type.supports.cursor === 'forward' ? { ...page, previous: undefined } : page
  }
  const position = from?.position as Position | undefined
  const query = indexQuery(listRequest, position && 'index' in position ? position.index : 1)
  const answer = await adapter.list(query, call)
  if (isPage(answer)) return asCursorPage(await checked(context, type, answer, query), query)
  const byKey = cursorQuery(listRequest, position && 'key' in position ? position.key : undefined, from?.direction)
  const page = await checked(context, type, await finish(context, type, answer, byKey, call), byKey)
  return { ...page, next: wrap(page.next), previous: wrap(page.previous) }
}

function cursorQuery(
  listRequest: ListRequest,
  position: Json | undefined,
  direction: CursorStart['direction'] | undefined,
): ListQuery {
  return {
    ...listRequest,
    equals: (attribute) => equalsIn(listRequest.filter, attribute),
    pagination: 'cursor',
    after: direction === 'previous' ? undefined : position,
    before: direction === 'previous' ? position : undefined,
  }
}

function wrap(key: Json | undefined): Json | undefined {
  return key === undefined ? undefined : { key }
}

function asCursorPage({ resources, totalResults = 0 }: CursorPage, query: ListQuery): CursorPage {
  const found = [...resources]
  const index = (query.pagination === 'index' ? query.startIndex : 1) + found.length
  return { resources: found, totalResults, next: found.length > 0 && index <= totalResults ? { index } : undefined }
}

async function checked(context: Context, type: ResourceType, page: Page, query: ListQuery): Promise<CursorPage> {
  const resources = await checkResources(context, type, page, query)
  const { totalResults: total, next, previous } = page as CursorPage
  // RFC 9865 section 2: it may be left out where it is costly.
  const isLeftOut = query.pagination === 'cursor' && total === undefined
  return {
    resources,
    totalResults: isLeftOut ? undefined : checkedTotal(type, total, resources),
    // A database says null where there is nothing.
    next: next ?? undefined,
    previous: previous ?? undefined,
  }
}
