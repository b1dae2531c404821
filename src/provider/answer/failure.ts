import { type ErrorMessage, ScimError } from '../../error.js'
import { SetupError } from '../../setup-error.js'
import { challenge } from '../policy/challenge.js'
import type { Context } from '../request/context.js'
import { reportError } from '../request/report.js'
import type { ScimRequest } from '../request/request.js'
import type { ScimRouterOptions } from '../setup/options.js'
import { wrongBaseUrl } from './base-url-hint.js'
import { inUsualLetters } from './caching.js'
import type { Result } from './result.js'

/**
 * The answer to a thrown value. RFC 7644 section 3.12: an error has a body with the same status as the response.
 * A value that is no ScimError becomes a 500 without details.
 */
export function failure(context: Context, thrown: unknown): Result {
  const known = toClientError(context, thrown)
  const error = wrongBaseUrl(context, known) ?? known
  context.facts.error = error
  const headers = errorHeaders(context.provider.options, error, context.request.headers)
  return { status: error.status, headers, body: errorMessage(error, context.id), large: false }
}

/**
 * The body of an error. Identity providers show its detail to their administrators, so it ends in the name of the
 * request, by which the log is searched.
 */
export function errorMessage(error: ScimError, requestId: string): ErrorMessage {
  const message = error.toMessage()
  return { ...message, detail: `${message.detail} (request ${requestId})` }
}

/** The ScimError that a client gets for a thrown value; `on.error` hears of errors that the client has not caused. */
export function toClientError(context: Context, thrown: unknown): ScimError {
  const error = toScimError(context, thrown)
  if (error === undefined || (error.status >= 500 && error.status !== 501)) reportError(context, thrown)
  return error ?? new ScimError(500, unknownFailure(thrown))
}

/**
 * The code of a mistake in the set-up helps the developer to whom the client reports it, and does not help an attacker.
 */
function unknownFailure(thrown: unknown): string {
  const code = SetupError.is(thrown) ? ` (${thrown.code})` : ''
  return `The server could not carry out the request${code}. The log of the service may say why.`
}

/** The thrown ScimError, or the ScimError that the application makes of the thrown value; else undefined. */
export function toScimError(context: Context, thrown: unknown): ScimError | undefined {
  try {
    return sendableError(ScimError.is(thrown) ? thrown : mapError(context, thrown))
  } catch {
    // It throws when it is looked at.
    return undefined
  }
}

function mapError(context: Context, thrown: unknown): ScimError | undefined {
  try {
    return context.provider.options.mapError?.(thrown)
  } catch (error) {
    reportError(context, error)
    return undefined
  }
}

/** The headers that an error adds to its response. */
export function errorHeaders(
  options: ScimRouterOptions,
  { status, headers }: ScimError,
  requestHeaders: ScimRequest['headers'],
): Record<string, string> {
  return { ...(status === 401 && challenge(options, headers, requestHeaders)), ...inUsualLetters(headers) }
}

/**
 * The value as a ScimError, if it can be sent. An application may have made an error that would break the
 * response.
 */
export function sendableError(value: unknown): ScimError | undefined {
  if (!ScimError.is(value)) return undefined
  const { status, message, scimType, headers, refusal, attribute, code } = value
  if (!Number.isInteger(status) || status < 300 || status > 599) return undefined
  if (!Object.entries(headers).every(isHeader)) return undefined
  // One of another copy of this package has the same members and may lack a method.
  return value instanceof ScimError
    ? value
    : new ScimError(status, message, { ...(scimType && { scimType }), headers, refusal, attribute, code })
}

// RFC 9110 sections 5.1 and 5.5: the characters of names and values of headers.
function isHeader([name, value]: readonly [string, unknown]): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(String(value))
}
