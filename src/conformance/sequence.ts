/** A file of recorded sequences. */
export interface SequenceFile {
  readonly format: 'scim-interop/1'
  /** The client that sends them. */
  readonly idp: string
  readonly sequences: readonly Sequence[]
}

/** Requests that a client sends one after the other, with what it expects of the answers. */
export interface Sequence {
  readonly id: string
  readonly title: string
  /** `rfc`: all of it follows from RFC 7643 and 7644. `quirk`: the client leaves the RFC. `optional`: the RFC leaves the choice. */
  readonly level: 'rfc' | 'quirk' | 'optional'
  /** Values by name, made before the first step. */
  readonly vars?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
  /** Paths that are deleted at the end, whatever happened. */
  readonly cleanup?: readonly string[]
  /** Where the requests come from. */
  readonly source?: string
  /** How good that source is. */
  readonly confidence?: string
  readonly notes?: string
}

/** One request of a sequence. */
export interface Step {
  readonly name: string
  readonly method: string
  readonly path: string
  /** Beside those of a SCIM client; null takes one away. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** A text is sent as it stands. */
  readonly body?: unknown
  readonly expect?: Expectation
  /** Values of the answer to keep, by name: `{ userId: 'id', place: 'header:Location' }`. */
  readonly capture?: Readonly<Record<string, string>>
}

/** What a client expects of an answer. */
export interface Expectation {
  /** Several: any of them is right. */
  readonly status?: number | readonly number[]
  readonly headers?: Readonly<Record<string, unknown>>
  /** Named members match, others may be there; each element of an array matches an element of its own. */
  readonly bodySubset?: unknown
  /** Paths without a value: missing, null or `[]`. */
  readonly absent?: readonly string[]
  /** How many values a path has. */
  readonly lengths?: Readonly<Record<string, unknown>>
  /** No element at `path` matches `element`. */
  readonly notContains?: readonly { readonly path: string; readonly element: unknown }[]
}
