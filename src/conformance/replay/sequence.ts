/** A file of recorded sequences. */
export interface SequenceFile {
  readonly format: 'scim-interop/1'
  /** The client that sends them. */
  readonly idp: string
  readonly sequences: readonly Sequence[]
}

/** Requests that a client sends in order, with the answers that it expects. */
export interface Sequence {
  /** The name by which the sequence can be chosen. */
  readonly id: string
  /** One line for people. */
  readonly title: string
  /**
   * `rfc`: RFC 7643 and 7644 demand all of it. `quirk`: the client deviates from the RFC. `optional`: the RFC leaves
   * the choice.
   */
  readonly level: 'rfc' | 'quirk' | 'optional'
  /** Values by name, generated before the first step. */
  readonly vars?: Readonly<Record<string, string>>
  /** The requests, in order. */
  readonly steps: readonly Step[]
  /** Paths to delete at the end, also after a failure. */
  readonly cleanup?: readonly string[]
  /** The source of the requests. */
  readonly source?: string
  /** The reliability of the source. */
  readonly confidence?: string
  /** Remarks for people. */
  readonly notes?: string
}

/** One request of a sequence. */
export interface Step {
  /** The name of the step in reports. */
  readonly name: string
  /** The HTTP method. */
  readonly method: string
  /** Path below the base URL; `${name}` stands for a value. */
  readonly path: string
  /** Added to the headers of a SCIM client; null removes one. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** A text is sent unchanged. */
  readonly body?: unknown
  /**
   * The answer that the client expects.
   *
   * @defaultValue any
   */
  readonly expect?: Expectation
  /** Values of the answer to capture, by name: `{ userId: 'id', place: 'header:Location' }`. */
  readonly capture?: Readonly<Record<string, string>>
}

/** The answer that a client expects. */
export interface Expectation {
  /** If there are several, each is allowed. */
  readonly status?: number | readonly number[]
  /** The response headers, by name. */
  readonly headers?: Readonly<Record<string, unknown>>
  /** The named members must match, and others are allowed; each element of an array matches a different element. */
  readonly bodySubset?: unknown
  /** Paths without a value: missing, null or `[]`. */
  readonly absent?: readonly string[]
  /** The number of values at a path. */
  readonly lengths?: Readonly<Record<string, unknown>>
  /** No element at `path` matches `element`. */
  readonly notContains?: readonly { readonly path: string; readonly element: unknown }[]
}
