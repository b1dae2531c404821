import type { Call } from '../../index.js'

/** An entry as a store keeps it. The hash covers number, previous and content, and so no value that can be erased. */
export interface AuditRow {
  /** The tenant whose trail holds the row; `''` if the service has no tenants. */
  readonly tenant: string
  /** 1, 2, 3: without a gap for each tenant. */
  readonly number: number
  /** When it was done. */
  readonly time: Date
  /** The hash of the row before; `''` of the first. */
  readonly previous: string
  /** The hash of this row. */
  readonly hash: string
  /** JSON. It holds no id of a person. */
  readonly content: string
  /** The subject of the actor, and the id of the resource; `''` if there is none or it was erased. */
  readonly actor: string
  /** Id of the resource; `''` if there is none or it was erased. */
  readonly resourceId: string
  /** Ids of members by their HMACs; erased ones are not there. */
  readonly members: ReadonlyMap<string, string>
}

/** The ends of the chain of a tenant. */
export interface AuditEnds {
  /** The last entry; 0 and `''` if there was none. */
  readonly number: number
  /** The hash of the last entry. */
  readonly hash: string
  /** The last entry that was pruned; 0 and `''` if none was. */
  readonly prunedNumber: number
  /** The hash of the last entry that was pruned. */
  readonly prunedHash: string
}

/** Where the audit trail is kept. Nothing in it changes but by `erase` and `prune`. */
export interface AuditStore {
  /**
   * Appends rows behind the last of the tenant, in the transaction of the call if it is in one, else in one of its own.
   * No other writer may append to the tenant between `rows` and the end of that transaction.
   *
   * @param rows Makes the rows that follow the last.
   */
  readonly append: (
    tenant: string,
    rows: (ends: AuditEnds) => readonly AuditRow[],
    call: Pick<Call, 'transaction'>,
  ) => Promise<void>
  /** Rows of a tenant in the order of their numbers, behind a number. */
  readonly page: (query: {
    readonly tenant: string
    readonly after: number
    readonly count: number
    readonly resourceId?: string | undefined
  }) => Promise<readonly AuditRow[]>
  /** The ends of the chain of a tenant. */
  readonly ends: (tenant: string) => Promise<AuditEnds>
  /**
   * Takes an id out of the rows of a tenant, as resource, as member and as actor. Returns how many rows were changed.
   */
  readonly erase: (what: { readonly tenant: string; readonly id: string }) => Promise<number>
  /** Removes the first rows of a tenant as far as they are older than a time, at most `count`. Returns how many. */
  readonly prune: (what: { readonly tenant: string; readonly before: Date; readonly count: number }) => Promise<number>
  /** Makes the tables that the store needs. */
  readonly migrate?: () => Promise<unknown>
}
