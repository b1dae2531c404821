/** The limits that a document states; undefined if not known. */
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
