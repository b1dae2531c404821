import type { TenantChoice } from '../shared/tenant.js'
import type { LogEntry } from './entry.js'
import type { ExchangeStore } from './exchange.js'

/** Selects entries: all given members must match. */
export interface LogQuery {
  /** One tenant; `ALL_TENANTS` for the people who run the service. */
  readonly tenant: TenantChoice
  /** At most so many, the latest first. */
  readonly count: number
  /** Only entries with a smaller key: the next page. */
  readonly before?: string | undefined
  /** Only entries with a larger key: later ones. */
  readonly after?: string | undefined
  /** The id of the connection, or the subject of the identity. */
  readonly connection?: string | undefined
  /** Only requests that came at this time or later. */
  readonly from?: Date | undefined
  /** Only requests that came before this time. */
  readonly to?: Date | undefined
  /** One status, or a range with both ends in it: `{ min: 400, max: 499 }`. */
  readonly status?: number | { readonly min: number; readonly max: number } | undefined
  /** The `code` of entries: `uniqueness`. */
  readonly code?: string | undefined
  /** The id of a resource. */
  readonly resourceId?: string | undefined
  /** The entry must have one of these HMACs. */
  readonly persons?: readonly string[] | undefined
}

/**
 * Where the log is kept. `logStoreChecks` of `express-scim/conformance` tries a store of your own. A store that is slow
 * or fails harms no request: the journal waits for it apart from them.
 */
export interface LogStore {
  /** Stores entries. An entry takes the place of a stored one with the same tenant and key. */
  readonly append: (entries: readonly LogEntry[]) => Promise<void>
  /** Entries in the order of their keys, the latest first. */
  readonly page: (query: LogQuery) => Promise<readonly LogEntry[]>
  /**
   * Removes entries whose request came before a time: at most `count`, so that it is a small step. It may begin with
   * another tenant each time. Returns how many there were.
   */
  readonly prune: (what: { readonly before: Date; readonly count: number }) => Promise<number>
  /**
   * Removes entries of a tenant: all of them, or those of a resource or a person. At most `count`; returns how many
   * there were.
   */
  readonly erase: (what: {
    readonly tenant: string
    readonly resourceId?: string | undefined
    readonly persons?: readonly string[] | undefined
    readonly count: number
  }) => Promise<number>
  /** Where recordings are kept; without it none are made. */
  readonly exchanges?: ExchangeStore | undefined
  /** Makes the tables that the store needs. */
  readonly migrate?: () => Promise<unknown>
}
