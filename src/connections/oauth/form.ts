import type { IncomingMessage } from 'node:http'
import { propertiesOf } from '../../is-object.js'
import { invalidRequest } from './oauth-error.js'

const MOST_BYTES = 16_384
const FORM = /^application\/x-www-form-urlencoded(?:;|$)/i
/**
 * Parameters that must not stand in a URL, which ends up in logs. RFC 6749 section 2.3.1: parameters "MUST NOT be
 * included in the request URI".
 */
const SECRET_PARAMETERS = ['client_secret', 'client_assertion', 'client_id', 'grant_type']

/** The parameters of a token request, each given once. */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
  const mark = (request.url ?? '').indexOf('?')
  const query = new URLSearchParams(mark < 0 ? '' : request.url?.slice(mark + 1))
  if (SECRET_PARAMETERS.some((name) => query.has(name))) {
    throw invalidRequest(
      'Parameters must be sent in the body, not in the URL. Take a secret that was in a URL for lost.',
    )
  }
  // RFC 6749 section 4.4.2: the format "application/x-www-form-urlencoded".
  if (!FORM.test(request.headers['content-type']?.trim() ?? '')) {
    throw invalidRequest('The body must be of the type application/x-www-form-urlencoded.')
  }
  const parameters = new Map<string, string>()
  for (const [name, value] of await entriesOf(request)) {
    // RFC 6749 section 3.2: "Request and response parameters MUST NOT be included more than once."
    if (parameters.has(name) || typeof value !== 'string') throw invalidRequest('A parameter is sent more than once.')
    // RFC 6749 section 3.2: "Parameters sent without a value MUST be treated as if they were omitted from the request."
    if (value !== '') parameters.set(name, value)
  }
  return parameters
}

async function entriesOf(request: IncomingMessage): Promise<Iterable<readonly [string, unknown]>> {
  // A body parser of the application may have been first.
  const { body } = propertiesOf(request)
  if (typeof body === 'object' && body !== null && request.readableEnded) return Object.entries(body)
  return new URLSearchParams(await readText(request))
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw invalidRequest(`The body is larger than ${MOST_BYTES} bytes.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
