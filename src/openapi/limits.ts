/** The bounds that a document tells; undefined: not known. */
export interface Limits {
  readonly maxResults?: number | undefined
  readonly defaultResults?: number | undefined
  readonly bulkOperations?: number | undefined
  readonly bulkBytes?: number | undefined
  readonly bodyBytes?: number | undefined
  readonly patchOperations?: number | undefined
  readonly filterLength?: number | undefined
  readonly searchFilterLength?: number | undefined
  /** Seconds. */
  readonly cursorTimeout?: number | undefined
}
