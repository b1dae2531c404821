import { ScimError } from '../error.js'
import type { Context } from './context.js'
import { reportError } from './events.js'
import type { Result } from './result.js'

/**
 * The answer to whatever was thrown. RFC 7644 section 3.12: an error has a body with the same status as the response.
 * What is no ScimError is a 500 that tells the client nothing of it.
 */
export function failure(context: Context, thrown: unknown): Result {
  const error = scimErrorOf(context, thrown)
  return { status: error.status, headers: { ...error.headers }, body: error.toMessage(), large: false }
}

/** The ScimError that a client gets for whatever was thrown; what is not the client's is told to `on.error`. */
export function scimErrorOf(context: Context, thrown: unknown): ScimError {
  if (ScimError.is(thrown)) {
    if (thrown.status >= 500 && thrown.status !== 501) reportError(context, thrown)
    return asOwn(thrown)
  }
  const mapped = mapError(context, thrown)
  if (ScimError.is(mapped)) return asOwn(mapped)
  reportError(context, thrown)
  return new ScimError(500, 'The server could not carry out the request. Its log tells why.')
}

function mapError(context: Context, thrown: unknown): ScimError | undefined {
  try {
    return context.provider.options.mapError?.(thrown)
  } catch (error) {
    reportError(context, error)
    return undefined
  }
}

// An error of another copy of this package has the same members and may lack a method.
function asOwn(error: ScimError): ScimError {
  if (error instanceof ScimError) return error
  const { status, message, scimType, headers } = error as ScimError
  return new ScimError(status, message, { ...(scimType && { scimType }), headers })
}
