import type { Exchange } from './answer.js'

/** A client of an OAuth 2.0 authorization server that gets tokens for itself: RFC 6749 section 4.4. */
export interface OAuthClient {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string
  /** Where id and secret go: into the header (default, RFC 6749 section 2.3.1) or into the body. */
  readonly sendIn?: 'header' | 'body'
}

/** How the client shows who it is. */
export type Authorization =
  /** `Authorization: Bearer …`, RFC 6750. A function is asked before each request. */
  | { readonly bearer: string | (() => string | Promise<string>) }
  /** The header holds the token alone, as Okta sends it. */
  | { readonly bare: string }
  /** HTTP Basic, RFC 7617. */
  | { readonly basic: { readonly userName: string; readonly password: string } }
  | { readonly oauth: OAuthClient }

/** When a request is sent again. */
export interface RetryOptions {
  /** How often a request is sent at most. Default 5. */
  readonly attempts?: number
  /** Milliseconds before the second try, twice as many before each further one. Default 500. `Retry-After` wins. */
  readonly firstDelay?: number
  /** Milliseconds that are waited at most, whatever `Retry-After` says: a longer wait is an error. Default 120,000. */
  readonly longestDelay?: number
  /** Waits. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

/** What {@link ScimClient} needs to know beside the base URL. Every member may be left out. */
export interface ScimClientOptions {
  readonly authorization?: Authorization
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * Requests that were answered with 429 or 503 are sent again, and reads that got no answer. `false`: none.
   */
  readonly retry?: RetryOptions | false
  /** Milliseconds that one request may take. Default 30,000. */
  readonly timeout?: number
  /** Bytes that an answer may have. Default 64 MiB. */
  readonly maxAnswerBytes?: number
  /** Allows plain http to other hosts than this machine. Tokens can be read on the way. Default false. */
  readonly insecure?: boolean
  /** Called after each request, for logs. */
  readonly onExchange?: (exchange: Exchange) => void
  /** In place of the fetch of Node. */
  readonly fetch?: typeof fetch
}
