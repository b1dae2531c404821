import type { Changes, PatchResult, Stored } from '../../adapter/contract.js'
import type { PatchedRow } from './combined-writes.js'
import type { DocumentRow } from './row.js'

// What was there before a patch is for listeners, and most requests have none: it is made when a listener reads it.
// An accessor is one function for all objects. V8 gives an object with a closure as accessor a hidden class of its own,
// and that keeps all the closure knows, the whole request, until the next collection of the old space.

/** A row that a statement has changed, with the one before. */
export class ChangedRow implements PatchedRow {
  readonly after: DocumentRow
  readonly changes = []
  readonly #readBefore: () => DocumentRow

  constructor(after: DocumentRow, readBefore: () => DocumentRow) {
    this.after = after
    this.#readBefore = readBefore
  }

  get before(): DocumentRow {
    return this.#readBefore()
  }
}

/**
 * The result of a patch that has changed something, with the resource before. The accessor is the result's own, so that
 * a copy has what it returns.
 */
export class ChangedResult implements PatchResult {
  static readonly #BEFORE: PropertyDescriptor & ThisType<ChangedResult> = {
    get() {
      this.#before ??= this.#viewBefore()
      return this.#before
    },
    enumerable: true,
  }

  readonly changed = true
  declare readonly version: string
  declare readonly resource?: Stored | undefined
  declare readonly after?: Stored | undefined
  declare readonly changes?: Changes | undefined
  declare readonly before?: Stored
  readonly #viewBefore: () => Stored
  #before: Stored | undefined

  constructor(
    told: Pick<PatchResult, 'resource' | 'after' | 'changes'> & { readonly version: string },
    viewBefore: () => Stored,
  ) {
    Object.assign(this, told)
    this.#viewBefore = viewBefore
    Object.defineProperty(this, 'before', ChangedResult.#BEFORE)
  }
}
