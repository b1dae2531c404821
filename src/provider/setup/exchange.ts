import type { Identity } from '../../adapter/contract.js'

/** One message of an {@link Exchange}. It is made of an allow-list: names that no schema has are not in it. */
export interface ExchangedMessage {
  /**
   * The body as JSON: names that the schema knows, and for each value its type and length, `[text, 17]`. With `values`
   * the values themselves. `[hidden]` stands for values that are never returned and for repetitions of them,
   * `[unknown]` for names that the schema does not know, with a number of such names. Undefined: there was none, or it
   * was not read.
   */
  readonly body: unknown
  /** Media type; `[unknown]` for a type that SCIM does not use. */
  readonly contentType: string | undefined
}

/** The argument of `on.exchange`: one request and its answer, of a client whose identity has `record`. */
export interface Exchange<Auth extends Identity = Identity> {
  /** The name of the request: `X-Request-Id`. */
  readonly id: string
  /** When the request came. */
  readonly time: Date
  /** Milliseconds from the call of the router to the end of the operation. */
  readonly ms: number
  /** Whether values are shown. */
  readonly values: boolean
  /** The request. */
  readonly request: ExchangedMessage & {
    readonly method: string
    /** The path below the mount path: `/Users/[text, 36]`. */
    readonly path: string
    /** The parameters of the query that the standard has, each in its own form. */
    readonly query: Readonly<Record<string, unknown>> | undefined
    /** Instead of a body that is not JSON: how long it is in characters, and at which of them it goes wrong. */
    readonly broken: { readonly length: number; readonly position: number } | undefined
  }
  /** The answer. */
  readonly response: ExchangedMessage & { readonly status: number }
  /** The identity that `authenticate` returned. */
  readonly auth: Auth
  /** The tenant of that identity. */
  readonly tenant: string | undefined
  /** `'client'`, or the part of the application that made the request by `scim.as`. */
  readonly via: string
}
