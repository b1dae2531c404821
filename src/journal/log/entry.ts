import type { RequestReport } from '../../index.js'

/** An entry of the log: one request, or several that were alike. It holds no value of an attribute. */
export interface LogEntry {
  /** Orders the entries of a tenant by the time at which they came into the log, over all processes. */
  readonly key: string
  /** The name of the request: `X-Request-Id`. Of several it is the first one's. */
  readonly id: string
  /** The client's own name for the request. */
  readonly clientId: string | undefined
  /** When the request came. */
  readonly time: Date
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** `''`: the tenant is unknown, or the service has no tenants. */
  readonly tenant: string
  /** The id of the connection, or the subject of the identity. `''`: unknown. */
  readonly connection: string
  /** The HTTP method. */
  readonly method: string
  /**
   * The path without texts that may be the name of a person: `/Users/<not an id>`. `''` for requests that were not
   * authenticated.
   */
  readonly path: string
  /** The query without the values that the client compares with. */
  readonly query: string | undefined
  /** The HTTP status of the answer; 499 if the client had gone before. */
  readonly status: number
  /** A stable word for the reason of an error. `''`: there was none. */
  readonly code: string
  /** The `scimType` of an error. */
  readonly scimType: string | undefined
  /** Path of the attribute that an error is about. */
  readonly attribute: string | undefined
  /** The text of an error, if it is one of the library's own, with `"…"` for each quotation. */
  readonly text: string | undefined
  /** Why credentials were refused. */
  readonly refusal:
    | {
        readonly reason: string
        /** The last four characters of a token that was not copied whole; of no other. */
        readonly ending?: string
      }
    | undefined
  /** The operation: `create`, `list`; undefined if the request had none. */
  readonly action: string | undefined
  /** Name of the resource type. */
  readonly resourceType: string | undefined
  /** Id of the resource in the path, or of the created one. */
  readonly resourceId: string | undefined
  /** How many resources the answer to a query has. */
  readonly count: number | undefined
  /** The names of changed attributes, and the changes of members. */
  readonly changes: RequestReport['changes']
  /** The operations of a bulk request: first those with an error, at most 100. */
  readonly bulk: readonly LoggedOperation[] | undefined
  /** The tolerances that the request needed, with their attributes. */
  readonly tolerated: readonly { readonly name: string; readonly attribute: string | undefined }[]
  /** Their names alone. */
  readonly tolerances: readonly string[]
  /** The User-Agent header, at most 256 characters. */
  readonly userAgent: string | undefined
  /** The identity provider that the user agent names: a guess. */
  readonly provider: string | undefined
  /** `'client'`, or the part of the application that made the request by `scim.as`. */
  readonly via: string
  /** HMACs of the names of people in the request, under the key of the tenant. */
  readonly persons: readonly string[]
  /** How many requests the entry stands for, and when the last of them came. */
  readonly times: number
  /** When the last of these requests came. */
  readonly last: Date
}

/** One operation of a bulk request. */
export interface LoggedOperation {
  /** The HTTP method. */
  readonly method: string | undefined
  /** Name of the resource type. */
  readonly resourceType: string | undefined
  /** Id of the resource. */
  readonly resourceId: string | undefined
  /** The HTTP status of the operation. */
  readonly status: number
  /** A stable word for the reason of an error. */
  readonly code: string | undefined
  /** Path of the attribute that the error is about. */
  readonly attribute: string | undefined
}
