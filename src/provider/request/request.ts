import type { Awaitable, Identity } from '../../adapter/contract.js'
import type { JsonLimits } from '../../json-size.js'

/** How large a body may be. */
export interface BodyLimits extends JsonLimits {
  readonly bytes: number
  /** Gets the text of a body that is not JSON. */
  readonly onBroken?: ((text: string) => void) | undefined
}

/** A request as the provider sees it: below the base URL, of no framework. */
export interface ScimRequest {
  /** In capitals. */
  readonly method: string
  /** Path below the base URL, percent-encoded, without query: `/Users/2819c223`. */
  readonly path: string
  /** Query string without its question mark; empty if there is none. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** URL of the service provider as clients see it, without a slash at the end: `https://app.example/scim/v2`. */
  readonly baseUrl: () => string
  /** Parameters of the mount path. */
  readonly params: Readonly<Record<string, string>>
  /** Reads and parses the body; undefined if there is none. Throws a ScimError if the body cannot be read or parsed. */
  readonly body: (limits: BodyLimits) => Awaitable<unknown>
  /** Calls back when the client goes away before it has its answer. */
  readonly onAbort: (listener: () => void) => void
  /** Whether the client has gone away before it has its answer. */
  readonly isAborted: () => boolean
  /** The host's own request object. */
  readonly request: unknown
  /** The members that only a request of the application itself has. */
  readonly inProcess?: InProcess | undefined
}

/** A request that the application makes in its own process. */
export interface InProcess {
  /** The identity that the application names; the router does not call `authenticate`. */
  readonly identity: Identity
  /** The part of the application that makes the request, for reports: `pages`, `import`. */
  readonly via: string
  /** A transaction of the application that the request joins; the application commits it. */
  readonly transaction: { readonly handle: unknown } | undefined
}

/** A response; `body` is JSON text, whole or in pieces. */
export interface ScimResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | AsyncIterable<string> | undefined
}

/** The value of a request header that may come only once. */
export function headerOf(request: ScimRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}
