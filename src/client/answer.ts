/** The answer of the server. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number
  /** The response headers. */
  readonly headers: Headers
  /** The body as text, unchanged. */
  readonly text: string
  /** The body as JSON; undefined if there is none, or if it is not JSON. */
  readonly body: unknown
}

/** The parts of a request beside method and path. */
export interface RequestOptions {
  /** Added to the headers of the client. Null removes a header. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** Sent as JSON; a text is sent unchanged. */
  readonly body?: unknown
  /** Aborts the request. */
  readonly signal?: AbortSignal
}

/** One request with its answer, as {@link ScimClientOptions.onExchange} gets it. Tokens and passwords are hidden. */
export interface Exchange {
  /** The HTTP method. */
  readonly method: string
  /** The whole URL, with the query. */
  readonly url: string
  /** The request headers, with the credentials hidden. */
  readonly requestHeaders: Readonly<Record<string, string>>
  /** The request body, with passwords hidden; undefined if there is none. */
  readonly requestBody: string | undefined
  /** Undefined if there was no answer. */
  readonly answer?: Answer
  /** Why there was no answer. */
  readonly error?: string
  /** Milliseconds from the request to the end of its answer. */
  readonly milliseconds: number
  /** 1 for the first try, 2 for the second. */
  readonly attempt: number
}
