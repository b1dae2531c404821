/**
 * The part of a report of one request that guides look at. The reports of `on.request` fit, and so does any record that
 * is made of them: everything but method, path and status may be missing.
 */
export interface Entry {
  /** The HTTP method. */
  readonly method: string
  /** Path below the base URL, without the query. */
  readonly path: string
  /** The query without the values that the client compares with: `filter=userName eq "<uuid>"`. */
  readonly query?: string | undefined
  /** The HTTP status of the answer. */
  readonly status: number
  /** When the request came. */
  readonly time?: Date | undefined
  /** A stable word for the reason of an error: `uniqueness`, `baseUrl`. */
  readonly code?: string | undefined
  /** Path of the attribute that an error is about. */
  readonly attribute?: string | undefined
  /** Why credentials were refused. */
  readonly refusal?: { readonly reason: string; readonly ending?: string | undefined } | undefined
  /** The operation: `create`, `list`. */
  readonly action?: string | undefined
  /** Name of the resource type. */
  readonly resourceType?: string | undefined
  /** How many resources the answer to a query has. */
  readonly count?: number | undefined
  /** The changes of a write. */
  readonly changes?:
    | { readonly attributes: readonly string[]; readonly members?: MemberChanges | undefined }
    | undefined
  /** Names of the tolerances that were needed. */
  readonly tolerances?: readonly string[] | undefined
}

/** The ids of members that came and went. */
interface MemberChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/**
 * Tests whether a text is about a request. `earlier` are the requests of the same connection before it, oldest first.
 */
export type RequestTest = (entry: Entry, earlier?: readonly Entry[]) => boolean
