import { LIST_RESPONSE } from '../urn.js'

/** A page of resources, RFC 7644 section 3.4.2 and RFC 9865 section 2. */
export interface ListResponse {
  readonly schemas: readonly [typeof LIST_RESPONSE]
  /** Number of all matches; only a cursor page may leave it out. */
  readonly totalResults?: number | undefined
  /** Number of resources on this page (erratum 6010). */
  readonly itemsPerPage: number
  /** Not in cursor pages. */
  readonly startIndex?: number | undefined
  readonly previousCursor?: string | undefined
  readonly nextCursor?: string | undefined
  readonly Resources: readonly object[]
}

/** Makes a {@link ListResponse}; members that are undefined are left out when it is written. */
export function listResponse(
  resources: readonly object[],
  { totalResults, startIndex, previousCursor, nextCursor }: Partial<Omit<ListResponse, 'Resources'>>,
): ListResponse {
  const itemsPerPage = resources.length
  const schemas = [LIST_RESPONSE] as const
  return { schemas, totalResults, startIndex, previousCursor, nextCursor, itemsPerPage, Resources: resources }
}
