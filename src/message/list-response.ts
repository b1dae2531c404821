import { LIST_RESPONSE } from '../urn.js'

/** A page of resources, RFC 7644 section 3.4.2 and RFC 9865 section 2. */
export interface ListResponse {
  readonly schemas: readonly [typeof LIST_RESPONSE]
  /** Number of all matches; only a cursor page may leave it out. */
  readonly totalResults?: number
  /** Number of resources on this page (erratum 6010). */
  readonly itemsPerPage: number
  /** Not in cursor pages. */
  readonly startIndex?: number
  readonly previousCursor?: string
  readonly nextCursor?: string
  readonly Resources: readonly object[]
}

/** Makes a {@link ListResponse}; members that are undefined are left out when it is written. */
export function listResponse(
  resources: readonly object[],
  page: Pick<ListResponse, 'totalResults' | 'startIndex' | 'previousCursor' | 'nextCursor'>,
): ListResponse {
  return { schemas: [LIST_RESPONSE], ...page, itemsPerPage: resources.length, Resources: resources }
}
