import { propertiesOf } from '../is-object.js'
import { filledText } from '../json-values.js'
import type { Answer } from './answer.js'
import { ScimClientError } from './client-error.js'

/** The URI of the search message, RFC 7644 section 3.4.3. */
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** The attributes that an answer has, RFC 7644 section 3.9. At most one of the two options can be given. */
export interface Projection {
  /** Return these attributes, and those that are always returned. */
  readonly attributes?: readonly string[]
  /** Return all attributes but these. */
  readonly excludedAttributes?: readonly string[]
}

/** The options that choose and order resources. */
export interface ListOptions extends Projection {
  /** RFC 7644 section 3.4.2.2. The function `filter` writes values into a filter. */
  readonly filter?: string
  /** Path of the attribute by which the server orders resources. */
  readonly sortBy?: string
  /**
   * The direction.
   *
   * @defaultValue ascending
   */
  readonly sortOrder?: 'ascending' | 'descending'
  /**
   * The most resources in one page.
   *
   * @defaultValue the choice of the server
   */
  readonly count?: number
  /** Sends the query as POST to `.search`, so that no access log contains it: RFC 7644 section 3.4.3. */
  readonly search?: boolean
  /** Aborts the request. */
  readonly signal?: AbortSignal
}

/** The options of one page. */
export interface PageOptions extends ListOptions {
  /** The position of the first resource, counted from 1. */
  readonly startIndex?: number
  /** RFC 9865: empty for the first page, then `nextCursor` of the page before. */
  readonly cursor?: string
}

/** One page of the answer to a query, RFC 7644 section 3.4.2. */
export interface ListPage<R> {
  /** The resources of the page. */
  readonly resources: readonly R[]
  /** The number of all matches. A server may leave it out of pages by cursor (RFC 9865 section 2). */
  readonly totalResults: number | undefined
  /** The position of the first resource, 1 for the first of all; undefined if the server does not report it. */
  readonly startIndex: number | undefined
  /** The cursor of the next page; undefined on the last page and for pages by index. */
  readonly nextCursor: string | undefined
  /** The cursor of the page before; undefined if the server reports none. */
  readonly previousCursor: string | undefined
}

/** The parameters of a query, ready for a URL: `?filter=…`, or empty. */
export function queryOf({ signal: _signal, search: _search, ...parameters }: PageOptions): string {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined)
  // A blank is written as %20: every server understands it, while not every server understands +.
  const written = entries.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return written.length === 0 ? '' : `?${written.join('&')}`
}

/** The body of a POST to `.search`. */
export function searchBody({ signal: _signal, search: _search, ...parameters }: PageOptions): unknown {
  return { schemas: [SEARCH_REQUEST], ...parameters }
}

/** Reads a ListResponse. Throws if the answer is none. */
export function pageOf<R>(answer: Answer): ListPage<R> {
  const { Resources = [], totalResults, startIndex, nextCursor, previousCursor } = propertiesOf(answer.body)
  if (typeof answer.body !== 'object' || !Array.isArray(Resources ?? [])) {
    throw new ScimClientError('answer', 'The answer is no ListResponse.', { answer })
  }
  return {
    resources: (Resources ?? []) as R[],
    totalResults: typeof totalResults === 'number' ? totalResults : undefined,
    startIndex: typeof startIndex === 'number' ? startIndex : undefined,
    nextCursor: filledText(nextCursor),
    previousCursor: filledText(previousCursor),
  }
}

/** Walks through all pages by index: RFC 7644 section 3.4.2.4. */
export async function* walkByIndex<R extends { readonly id?: string }>(
  read: (startIndex: number) => Promise<ListPage<R>>,
): AsyncGenerator<R, void, undefined> {
  let startIndex = 1
  let lastFirst: string | undefined
  for (;;) {
    const { resources, totalResults = 0 } = await read(startIndex)
    const first = resources[0]?.id
    if (first !== undefined && first === lastFirst) {
      throw new ScimClientError('answer', 'The server gives the same page again: it does not read startIndex.')
    }
    yield* resources
    startIndex += resources.length
    if (resources.length === 0 || startIndex > totalResults) return
    lastFirst = first
  }
}

/** Walks through all pages by cursor: RFC 9865. */
export async function* walkByCursor<R>(
  read: (cursor: string) => Promise<ListPage<R>>,
): AsyncGenerator<R, void, undefined> {
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const { resources, nextCursor, totalResults = 0 }: ListPage<R> = await read(cursor)
    // RFC 9865 section 2: nextCursor is on every page but the last.
    if (cursor === '' && nextCursor === undefined && totalResults > resources.length) {
      throw new ScimClientError('answer', 'The server does not page by cursor.')
    }
    yield* resources
    if (nextCursor === cursor) throw new ScimClientError('answer', 'The server gives the same cursor again.')
    cursor = nextCursor
  }
}
