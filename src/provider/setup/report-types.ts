import type { Action } from '../../adapter/contract.js'
import type { ScimType } from '../../error.js'

/** The action of a request, by its name in reports. */
export type ReportedAction = Action | 'bulk' | 'discovery'

/** Members that came and went: at most 100 ids, and how many more there were. */
export interface ReportedMembers {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly more: number
}

/** The changes of a write: names of attributes, and ids of members. Values of attributes are never part of a report. */
export interface ReportedChanges {
  /** Names of the top-level attributes that the request wrote; empty for a PATCH that changed nothing. */
  readonly attributes: readonly string[]
  /** Where the store says so. */
  readonly members: ReportedMembers | undefined
}

/** One operation of a bulk request. */
export interface ReportedOperation {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly resourceType: string | undefined
  readonly resourceId: string | undefined
  readonly status: number
  readonly scimType: ScimType | undefined
  readonly code: string | undefined
  readonly attribute: string | undefined
}
