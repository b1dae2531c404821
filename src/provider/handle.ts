import { encode } from '../message/encode.js'
import { negotiate, notAcceptable, SCIM_JSON } from '../message/media-type.js'
import { withCaching } from './answer/caching.js'
import { failure } from './answer/failure.js'
import type { Result } from './answer/result.js'
import { identify } from './policy/authenticate.js'
import { recordExchange } from './recording/record-exchange.js'
import { Context } from './request/context.js'
import { reportError, reportRequest } from './request/report.js'
import { headerOf, type ScimRequest, type ScimResponse } from './request/request.js'
import { route } from './route.js'
import type { Provider } from './setup/provider.js'

/** Answers a request. Never rejects: every failure is an answer. */
export function handle(provider: Provider, request: ScimRequest): Promise<ScimResponse> {
  return new Promise((resolve) => answerRequest(provider, request, resolve))
}

/**
 * Answers a request by a function instead of a promise. Never throws: every failure is an answer.
 *
 * @param send Called once, with the answer. It must not throw.
 */
export function answerRequest(provider: Provider, request: ScimRequest, send: (response: ScimResponse) => void): void {
  const context = new Context(provider, request)
  const mediaType = negotiate(headerOf(request, 'accept'))
  let answered = false
  const answer = (result: Result): void => {
    if (answered) return
    const response = respond(context, result, mediaType ?? SCIM_JSON)
    answered = true
    provider.deadlines.delete(context)
    context.answered()
    reportRequest(context, response.status)
    recordExchange(context, result)
    send(response)
  }
  const fail = (error: unknown): void => {
    if (!answered) answer(failure(context, error))
  }
  const finish = (result: Result): void => {
    try {
      answer(result)
    } catch (error) {
      // A value that JSON cannot hold, such as a BigInt, is a failure too.
      fail(error)
    }
  }
  context.onExpire(fail)
  provider.deadlines.add(context)
  try {
    operate(provider, context, mediaType).then(finish, fail)
  } catch (error) {
    fail(error)
  }
}

/** Waits only if the value is a promise. */
function operate(provider: Provider, context: Context, mediaType: string | undefined): Promise<Result> {
  // Credentials come first: without them the client learns nothing, not even which endpoints exist.
  const identifying = isPublic(context) ? undefined : identify(context)
  const goOn = (): Promise<Result> => dispatch(provider, context, mediaType)
  return identifying ? identifying.then(goOn) : goOn()
}

function dispatch(provider: Provider, context: Context, mediaType: string | undefined): Promise<Result> {
  const { method, path } = context.request
  if (mediaType === undefined && !context.tolerate('acceptHeader')) throw notAcceptable()
  return route(provider, path, context).run(method, context)
}

/** Whether a request asks only for data that everybody may read. */
function isPublic({ provider, request }: Context): boolean {
  if (!provider.options.publicDiscovery || request.inProcess) return false
  return /^\/(ServiceProviderConfig|ResourceTypes|Schemas)(\/|$)/.test(request.path)
}

function respond(context: Context, { status, headers, body, large }: Result, mediaType: string): ScimResponse {
  // RFC 9110 section 8.3 has a type for content alone. The Java SCIM-SDK client takes a 204 without one for a failure.
  if (status === 204) headers['Content-Type'] = mediaType
  headers['X-Request-Id'] = context.id
  withCaching(headers, !isPublic(context))
  if (body === undefined) return { status, headers, body: undefined }
  headers['Content-Type'] = mediaType
  const encoded = encode(body, large)
  return { status, headers, body: typeof encoded === 'string' ? encoded : reported(context, encoded) }
}

/** Reports to `on.error` that a store fails in the middle of a body; the writer then breaks the connection off. */
async function* reported(context: Context, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces
  } catch (error) {
    reportError(context, error)
    throw error
  }
}
