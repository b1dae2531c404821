/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body as it came. */
  readonly text: string
  /** The body as JSON; undefined when there was none, or when it is not JSON. */
  readonly body: unknown
}

/** What a request may carry beside method and path. */
export interface RequestOptions {
  /** Beside those of the client. Null takes one of them away. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** Sent as JSON; a text is sent as it stands. */
  readonly body?: unknown
  /** Ends the request. */
  readonly signal?: AbortSignal
}

/** One request with its answer, as {@link ScimClientOptions.onExchange} gets it. Tokens and passwords are hidden. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: string | undefined
  /** Missing where no answer came. */
  readonly answer?: Answer
  /** Why no answer came. */
  readonly error?: string
  /** Milliseconds from the request to the end of its answer. */
  readonly milliseconds: number
  /** 1 for the first try, 2 for the second. */
  readonly attempt: number
}
