import type { IncomingMessage, ServerResponse } from 'node:http'
import { ScimError } from '../error.js'
import { propertiesOf } from '../is-object.js'
import { SCIM_JSON } from '../message/media-type.js'
import { withCaching } from '../provider/answer/caching.js'
import { errorHeaders, errorMessage, sendableError } from '../provider/answer/failure.js'
import { Context } from '../provider/request/context.js'
import { reportRequest } from '../provider/request/report.js'
import type { ScimRequest } from '../provider/request/request.js'
import type { Provider } from '../provider/setup/provider.js'
import { writeResponse } from './write.js'

/** Error middleware of Express. */
export type ScimErrorHandler = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Answers in SCIM if a body parser in front of the router has refused a body: bad JSON, a body too large, a character
 * set; and a {@link ScimError} that other middleware in front of it throws.
 */
export function errorHandler(
  provider: Provider,
  scimRequest: (request: IncomingMessage, response: ServerResponse) => ScimRequest,
): ScimErrorHandler {
  return (error, request, response, next) => {
    const known = sendableError(error) ?? refusalOfParser(error)
    if (known === undefined || response.headersSent) {
      next(error)
      return
    }
    const context = new Context(provider, scimRequest(request, response))
    context.facts.error = known
    const { id } = context
    const given = errorHeaders(provider.options, known, request.headers)
    const headers = withCaching({ ...given, 'Content-Type': SCIM_JSON, 'X-Request-Id': id }, true)
    const body = JSON.stringify(errorMessage(known, id))
    reportRequest(context, known.status)
    writeResponse(response, { status: known.status, headers, body }, request.method ?? 'GET')
  }
}

// The marks that body-parser puts on its errors.
function refusalOfParser(error: unknown): ScimError | undefined {
  const { type, status, limit } = propertiesOf(error)
  if (type === 'entity.parse.failed') return ScimError.invalidSyntax('The body is not JSON.')
  if (type === 'entity.too.large') return ScimError.tooLarge(`The body is larger than ${String(limit)} bytes.`)
  if (typeof type === 'string' && typeof status === 'number' && status >= 400 && status < 500) {
    return new ScimError(status, 'The body of the request cannot be read.')
  }
  return undefined
}
