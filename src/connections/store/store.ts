/** A connection as a store keeps it. The library alone reads `data`. */
export interface StoredConnection {
  /** The customer that it belongs to. */
  readonly tenant: string
  /** Unique within the tenant. */
  readonly id: string
  /** 1 at first, one more with each change. */
  readonly version: number
  /** JSON. It holds digests of secrets, and no secret. */
  readonly data: string
}

/** A connection as it is written. */
export interface ConnectionWrite extends StoredConnection {
  /** Names by which it is found before its tenant is known. Each is unique over all tenants. */
  readonly keys: readonly string[]
}

/** Which part of all connections is asked for, in the order of tenant and id. */
export interface ConnectionPage {
  /** Undefined: of all tenants. */
  readonly tenant: string | undefined
  /** The connection that the last page ended with. */
  readonly after: { readonly tenant: string; readonly id: string } | undefined
  /** At most so many. */
  readonly count: number
}

/**
 * Where connections are kept. `express-scim/conformance` has checks for a store of your own.
 *
 * @example
 * ```ts
 * import { memoryStore, scimConnections } from 'express-scim/connections'
 *
 * export const connections = scimConnections({
 *   store: memoryStore(),
 *   secret: process.env.SCIM_SECRET,
 *   url: 'https://app.example/scim/v2',
 * })
 * ```
 */
export interface ConnectionStore {
  /** The connection that has a key, whosever it is: the one read before the tenant is known. */
  readonly find: (key: string) => Promise<StoredConnection | undefined>
  /** The connection of a tenant. */
  readonly get: (tenant: string, id: string) => Promise<StoredConnection | undefined>
  /** Connections in the order of tenant and id. */
  readonly list: (page: ConnectionPage) => Promise<readonly StoredConnection[]>
  /** Stores a new connection; false, and nothing is stored, if its id or one of its keys is taken. */
  readonly insert: (connection: ConnectionWrite) => Promise<boolean>
  /**
   * Replaces a connection and its keys, if the stored row has the version before; false, and nothing is stored, if it
   * has another or is gone, or if another connection has one of the keys.
   */
  readonly update: (connection: ConnectionWrite) => Promise<boolean>
  /** Removes a connection and its keys; false if there is none. */
  readonly remove: (tenant: string, id: string) => Promise<boolean>
  /** Makes the tables that the store needs. */
  readonly migrate?: () => Promise<unknown>
}
