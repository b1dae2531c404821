import type { Changes, PatchResult, Stored } from '../../adapter/contract.js'
import type { PatchedRow } from './combined-writes.js'
import type { DocumentRow } from './row.js'

// What was there before a patch is for listeners, and most requests have none: it is made when a listener reads it. The
// accessors are those of classes. V8 gives an object whose accessor is its own a hidden class of its own, and that
// keeps all the accessor knows, the whole request, until the next collection of the old space.

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

/** The result of a patch that has changed something, with the resource before. */
export class ChangedResult implements PatchResult {
  readonly changed = true
  declare readonly version: string
  declare readonly resource?: Stored | undefined
  declare readonly after?: Stored | undefined
  declare readonly changes?: Changes | undefined
  readonly #viewBefore: (() => Stored) | undefined
  #before: Stored | undefined

  /** @param viewBefore Undefined: nobody is told of it. */
  constructor(
    told: Pick<PatchResult, 'resource' | 'after' | 'changes'> & { readonly version: string },
    viewBefore: (() => Stored) | undefined,
  ) {
    Object.assign(this, told)
    this.#viewBefore = viewBefore
  }

  get before(): Stored | undefined {
    this.#before ??= this.#viewBefore?.()
    return this.#before
  }
}
