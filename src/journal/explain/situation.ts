import type { LogEntry } from '../log/entry.js'

/** The object that is explained: an entry of the log, a report of `on.request`, or any record with these members. */
export type Explainable = Pick<LogEntry, 'method' | 'path' | 'status'> &
  Partial<{
    readonly [Member in
      | 'query'
      | 'attribute'
      | 'text'
      | 'refusal'
      | 'action'
      | 'resourceType'
      | 'resourceId'
      | 'count'
      | 'changes'
      | 'tolerated'
      | 'userAgent']: LogEntry[Member] | undefined
  }> & {
    /** A stable word for the reason of an error: `uniqueness`. */
    readonly code?: string | undefined
    /**
     * How many requests the entry stands for.
     *
     * @defaultValue `1`
     */
    readonly times?: number
    /** The text of an error as a report has it. */
    readonly detail?: string | undefined
    /** The status and code of the operations of a bulk request. */
    readonly bulk?: readonly { readonly status: number; readonly code?: string | undefined }[] | undefined
  }

/** A situation that was really seen, and the texts about it. */
export interface Situation {
  /** `baseUrl`, `uniqueness`: the anchor of its section in the documentation. */
  readonly name: string
  /** Whether the situation is that of the entry. */
  readonly applies: (entry: Explainable) => boolean
  /** One sentence about what happened. `{attribute}` and its like are filled in. */
  readonly sentence: string
  /** What to do; empty if nothing is to be done. */
  readonly hint: string
  /**
   * Where it is explained at length: a section in the folder docs of this package, `journal.md#baseurl`, or a URL of
   * your own.
   */
  readonly link: string
}
