import type { AttributeChange } from '../../adapter/contract.js'
import type { DeleteResult } from './delete.js'
import type { PatchPlan } from './patch-plan.js'
import type { DocumentRow } from './row.js'
import type { Lists } from './select.js'
import type { DocumentTarget } from './store.js'
import type { OVERTAKEN, WriteOptions } from './write.js'

/** The result of a patch. */
export interface PatchedRow {
  readonly before: DocumentRow
  /** The row now; undefined if nothing changed. */
  readonly after: DocumentRow | undefined
  readonly changes: readonly (readonly [attribute: string, change: AttributeChange])[]
}

/** The columns to read beside those for the patch. */
export interface PatchReading {
  /** The lists that the answer shows. */
  readonly lists: Lists
  /** Whether the result must have the attributes before and after. */
  readonly isTold: boolean
}

/**
 * A patch that was carried out, or why it was not: `OVERTAKEN` leaves it to several statements, and has written
 * nothing.
 */
export type PatchedOnce = PatchedRow | 'stale' | undefined | typeof OVERTAKEN

/** Writes in which one statement does the work of several, for databases in which it can write several tables. */
export interface CombinedWrites {
  readonly delete: (target: DocumentTarget, id: string, options: WriteOptions) => Promise<DeleteResult>
  readonly patch: (
    target: DocumentTarget,
    id: string,
    plan: PatchPlan,
    reading: PatchReading,
    options: WriteOptions,
  ) => Promise<PatchedOnce>
}
