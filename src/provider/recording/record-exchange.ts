import {
  BULK_REQUEST,
  BULK_RESPONSE,
  DRAFT_PATCH_OP,
  ERROR,
  LIST_RESPONSE,
  PATCH_OP,
  SEARCH_REQUEST,
} from '../../urn.js'
import type { Result } from '../answer/result.js'
import { CLIENT_GONE, type Context } from '../request/context.js'
import { hookContext, reportError } from '../request/report.js'
import { headerOf } from '../request/request.js'
import type { Exchange } from '../setup/exchange.js'
import { jsonFault } from './json-fault.js'
import { Messages } from './messages.js'
import { Secrets } from './secrets.js'
import { CUT, UNKNOWN, Viewer, wordsOf } from './viewer.js'

const MESSAGES = [BULK_REQUEST, BULK_RESPONSE, DRAFT_PATCH_OP, ERROR, LIST_RESPONSE, PATCH_OP, SEARCH_REQUEST]
const MEDIA_TYPES = ['application/scim+json', 'application/json', 'application/json+scim', 'text/json']

/** Reports to `on.exchange` a request that has been answered, if its identity is recorded. */
export function recordExchange(context: Context, result: Result): void {
  if (!context.isRecorded || context.identity === undefined) return
  try {
    const exchange = exchangeOf(context, result)
    context.provider.listeners.emit('exchange', exchange, hookContext(context), (error) => reportError(context, error))
  } catch (error) {
    // The client gets its answer even if the recording fails.
    reportError(context, error)
  }
}

function exchangeOf(context: Context, { status, body, headers }: Result): Exchange {
  const { request, facts, auth } = context
  const values = auth.record?.values === true
  const secrets = new Secrets(request)
  const words = wordsOf(context.provider, MESSAGES)
  const requestMessages = new Messages(new Viewer(words, values, secrets), context)
  const responseMessages = new Messages(new Viewer(words, values, secrets), context)
  const place = requestMessages.place(request.path)
  const ms = performance.now() - context.started
  const { broken } = facts
  const recorded = {
    request: {
      method: /^[A-Z]{1,10}$/.test(request.method) ? request.method : UNKNOWN,
      path: place.shown,
      query: requestMessages.query(request.query, place),
      contentType: mediaType(headerOf(request, 'content-type')),
      body: requestMessages.requestBody(facts.body, request.method, place),
      broken: broken === undefined ? undefined : { length: broken.length, position: jsonFault(broken) },
    },
    response: {
      status: request.isAborted() ? CLIENT_GONE : status,
      contentType: mediaType(headers['Content-Type'] ?? (body === undefined ? undefined : MEDIA_TYPES[0])),
      body: responseMessages.responseBody(body, status, place),
    },
  }
  // A hidden value may stand anywhere, also before the place where it was found.
  const shown = secrets.areTooMany ? withoutTexts(recorded) : recorded
  const clean = secrets.clean(shown) as Pick<Exchange, 'request' | 'response'>
  const time = new Date(Date.now() - ms)
  const via = request.inProcess?.via ?? 'client'
  return { id: context.id, time, ms, values, ...clean, auth, tenant: auth.tenant, via }
}

/** The messages without their parts that may repeat a hidden value. */
function withoutTexts<Request extends { readonly query: unknown }, Response extends object>({
  request,
  response,
}: {
  readonly request: Request
  readonly response: Response
}) {
  const cut = { path: CUT, query: request.query === undefined ? undefined : { [CUT]: 1 }, body: CUT }
  return { request: { ...request, ...cut }, response: { ...response, body: CUT } }
}

function mediaType(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const [type = ''] = header.toLowerCase().split(';')
  return MEDIA_TYPES.includes(type.trim()) ? type.trim() : UNKNOWN
}
