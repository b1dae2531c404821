import type { Exchange } from './answer.js'

/** A client of an OAuth 2.0 authorization server that gets tokens with its own credentials: RFC 6749 section 4.4. */
export interface OAuthClient {
  /** URL of the token endpoint. */
  readonly tokenUrl: string
  /** The client id. */
  readonly clientId: string
  /** The client secret. */
  readonly clientSecret: string
  /**
   * The scopes to request, separated by spaces.
   *
   * @defaultValue the parameter is not sent
   */
  readonly scope?: string
  /** Where id and secret are sent: in the header (default, RFC 6749 section 2.3.1) or in the body. */
  readonly sendIn?: 'header' | 'body'
}

/** The credentials of the client. */
export type Authorization =
  /** `Authorization: Bearer …`, RFC 6750. A function is called before each request. */
  | { readonly bearer: string | (() => string | Promise<string>) }
  /** The header holds only the token, without a scheme, as Okta sends it. */
  | { readonly bare: string }
  /** HTTP Basic, RFC 7617. */
  | { readonly basic: { readonly userName: string; readonly password: string } }
  | { readonly oauth: OAuthClient }

/** The options of retries. */
export interface RetryOptions {
  /**
   * The most attempts for one request.
   *
   * @defaultValue `5`
   */
  readonly attempts?: number
  /**
   * Milliseconds before the second attempt, doubled before each further one. `Retry-After` has precedence.
   *
   * @defaultValue `500`
   */
  readonly firstDelay?: number
  /**
   * The longest wait in milliseconds. If `Retry-After` demands a longer one, the call fails.
   *
   * @defaultValue `120_000`
   */
  readonly longestDelay?: number
  /**
   * Waits for some milliseconds, in place of a timer: for tests. The wait ends if the signal aborts.
   *
   * @defaultValue a timer
   */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

/** The options of {@link ScimClient} beside the base URL. All are optional. */
export interface ScimClientOptions {
  /**
   * The credentials.
   *
   * @defaultValue the header Authorization is not sent
   */
  readonly authorization?: Authorization
  /**
   * Headers of every request.
   *
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Repeats requests that were answered with 429 or 503, and reads without an answer. `false`: no retries.
   *
   * @defaultValue the defaults of `RetryOptions`
   */
  readonly retry?: RetryOptions | false
  /**
   * The most milliseconds that one request may take.
   *
   * @defaultValue `30_000`
   */
  readonly timeout?: number
  /**
   * The most bytes that an answer may have.
   *
   * @defaultValue 64 MiB
   */
  readonly maxAnswerBytes?: number
  /**
   * Allows plain http to hosts other than this machine. Everybody on the network can then read tokens.
   *
   * @defaultValue `false`
   */
  readonly insecure?: boolean
  /**
   * Called after each request with the request and its answer, for example to write a log. Tokens, your own `headers`
   * and passwords in the request are hidden.
   *
   * @defaultValue none
   */
  readonly onExchange?: (exchange: Exchange) => void
  /**
   * Sends the requests.
   *
   * @defaultValue the `fetch` of Node
   */
  readonly fetch?: typeof fetch
}
