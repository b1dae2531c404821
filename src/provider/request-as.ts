import type { Identity } from '../adapter/contract.js'
import { type Check, type Checks, checkGiven, required, TEXT } from '../check-options.js'
import { ScimError } from '../error.js'
import { checkJsonValue } from '../json-size.js'
import { SetupError } from '../setup-error.js'
import { handle } from './handle.js'
import type { ScimRequest, ScimResponse } from './request/request.js'
import type { Caller } from './setup/options.js'
import type { Provider } from './setup/provider.js'

/** The identity and the origin of requests that the application makes. */
export interface InProcessCaller extends Caller {
  /**
   * The origin of the requests, in one word: `import`, `pages`. Reports carry it.
   *
   * @defaultValue `'application'`
   */
  readonly via?: string
}

// An absent tenant must never mean all of them.
const NAME: Check = {
  ...required(TEXT),
  expects: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
  shows: (value) => (value === '' ? 'an empty text' : undefined),
}

const CALLER = { tenant: NAME, actor: NAME, via: TEXT } satisfies Checks<keyof InProcessCaller>

/** A request of the application itself. */
export interface InProcessRequest {
  /** Such as `GET`. */
  readonly method: string
  /** Path below the mount path, with the query: `/Users?filter=active%20eq%20true`. */
  readonly path: string
  /** Anything that JSON can hold. */
  readonly body?: unknown
  /** Names in any letter case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Parameters of the mount path; those of the option `identity` otherwise. */
  readonly params?: Readonly<Record<string, string>>
  /**
   * The handle of a transaction that the application has opened: the request joins it, and the application commits.
   * Hooks are called when the request is answered, the outbox is written in the transaction.
   */
  readonly transaction?: unknown
  /** Ends the request, as a client that goes away does. */
  readonly signal?: AbortSignal
}

/** The answer to a request of the application. */
export interface InProcessResponse {
  /** The HTTP status. */
  readonly status: number
  /** The response headers, by name. */
  readonly headers: Readonly<Record<string, string>>
  /** The parsed body; undefined if there is none. */
  readonly body: unknown
}

/** Requests for one customer, without HTTP and without authentication. */
export interface InProcessClient {
  /**
   * Carries a request out. SCIM errors are answers; it rejects only if the answer is larger than
   * `limits.inProcessBytes`.
   */
  readonly request: (request: InProcessRequest) => Promise<InProcessResponse>
}

/**
 * Makes the client of {@link InProcessCaller}. Everything but `authenticate` holds as for a client: limits,
 * `authorize`, `access`, validation, events, reports. Throws a {@link SetupError} for a mistake in the caller.
 *
 * @param baseUrl The URL of the option `baseUrl`, for the request that the option `identity` gives.
 */
export function requestAs(
  provider: Provider,
  caller: InProcessCaller,
  baseUrl: (request: unknown) => string,
): InProcessClient {
  checkGiven(caller, CALLER, { owner: 'scim.as', code: 'ERR_SCIM_OPTION' })
  const { tenant, actor, via = 'application' } = caller
  return {
    async request(given) {
      const stand = await standIn(provider, { tenant, actor })
      const transaction = given.transaction === undefined ? undefined : { handle: given.transaction }
      const request = scimRequest(given, stand, baseUrl, { identity: stand.auth, via, transaction })
      return collectResponse(await handle(provider, request), provider.limits.inProcessBytes)
    },
  }
}

interface StandIn {
  readonly auth: Identity
  readonly params: Readonly<Record<string, string>>
  readonly request: unknown
}

async function standIn({ options }: Provider, caller: Caller): Promise<StandIn> {
  if (options.identity === undefined) {
    return { auth: { tenant: caller.tenant, subject: caller.actor }, params: {}, request: undefined }
  }
  const { auth, params = {}, request } = await options.identity(caller)
  if (auth?.tenant !== caller.tenant) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option identity must return an identity of the given tenant.')
  }
  return { auth, params, request }
}

function scimRequest(
  { method, path, body, headers = {}, params, signal }: InProcessRequest,
  stand: StandIn,
  baseUrl: (request: unknown) => string,
  inProcess: ScimRequest['inProcess'],
): ScimRequest {
  const mark = path.indexOf('?')
  // The body is the application's own object: the router works on a copy, which holds only values of JSON.
  const copy: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body))
  return {
    method: method.toUpperCase(),
    path: mark < 0 ? path : path.slice(0, mark),
    query: mark < 0 ? '' : path.slice(mark + 1),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    baseUrl: () => baseUrl(stand.request),
    params: params ?? stand.params,
    body: (limits) => {
      checkJsonValue(copy, limits)
      return copy
    },
    isAborted: () => signal?.aborted === true,
    onAbort: (listener) => {
      if (signal?.aborted) listener()
      else signal?.addEventListener('abort', listener, { once: true })
    },
    request: stand.request,
    inProcess,
  }
}

async function collectResponse({ status, headers, body }: ScimResponse, limit: number): Promise<InProcessResponse> {
  if (body === undefined) return { status, headers, body: undefined }
  let text = ''
  for await (const piece of typeof body === 'string' ? [body] : body) {
    text += piece
    if (text.length > limit) throw ScimError.tooLarge(`The answer is larger than ${limit} bytes; ask for less of it.`)
  }
  return { status, headers, body: JSON.parse(text) }
}
