import type { IncomingMessage, ServerResponse } from 'node:http'
import { ScimError } from '../error.js'
import { SCIM_JSON } from '../message/media-type.js'
import { writeResponse } from './write.js'

/** Error middleware of Express. */
export type ScimErrorHandler = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** Answers in SCIM what a body parser in front of the router has refused: bad JSON, a body too large, a character set. */
export function errorHandler(): ScimErrorHandler {
  return (error, request, response, next) => {
    const known = asScimError(error)
    if (known === undefined || response.headersSent) {
      next(error)
      return
    }
    const headers = { ...known.headers, 'Content-Type': SCIM_JSON }
    void writeResponse(
      response,
      { status: known.status, headers, body: JSON.stringify(known.toMessage()) },
      request.method ?? 'GET',
    )
  }
}

// The marks that body-parser puts on its errors.
function asScimError(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error
  const { type, status, limit } = (error ?? {}) as { type?: unknown; status?: unknown; limit?: unknown }
  if (type === 'entity.parse.failed') return ScimError.invalidSyntax('The body is not JSON.')
  if (type === 'entity.too.large') return ScimError.tooLarge(`The body is larger than ${String(limit)} bytes.`)
  if (typeof type === 'string' && typeof status === 'number' && status >= 400 && status < 500) {
    return new ScimError(status, 'The body of the request cannot be read.')
  }
  return undefined
}
