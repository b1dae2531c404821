import type { IncomingMessage } from 'node:http'
import { ScimError } from '../error.js'
import { checkJsonBytes, checkJsonValue, isWithinLimits } from '../json-size.js'
import type { BodyLimits } from '../provider/request/request.js'
import { SetupError } from '../setup-error.js'

/** The member that a request and a response of HTTP/2 have. */
interface StreamHolder {
  readonly stream?: { readonly aborted: boolean; readonly destroyed: boolean }
}

/** A request whose body a parser of the host may have read. */
export type HostRequest = IncomingMessage & { readonly body?: unknown } & StreamHolder

/**
 * The parsed body: an unread stream is read here; a string, Buffer or object that a parser of the host left is taken.
 * Undefined when there is none.
 */
export function readRequestBody(request: HostRequest, limits: BodyLimits): Promise<unknown> {
  // One promise for all of it; an error that is thrown in here rejects it.
  return new Promise((resolve, reject) => {
    const announced = request.headers['content-length']
    const length = Number(announced)
    if (length > limits.bytes) throw tooLarge(request, limits.bytes)
    // Some parsers leave {} when there was nothing to parse.
    if (length === 0) resolve(undefined)
    else if (isRead(request)) resolve(bodyOfParser(request, limits))
    // HTTP/2 and bodies of fetch need not have a length: only the stream shows whether there is a body.
    else if (announced === undefined && !request.readable) resolve(undefined)
    else listen(request, limits, resolve, reject)
  })
}

/** The body as a parser of the host left it. */
function bodyOfParser(request: HostRequest, limits: BodyLimits): unknown {
  const { body } = request
  const { bytes: limit } = limits
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const bytes = Buffer.from(body)
    if (bytes.length > limit) throw tooLarge(request, limit)
    return parseBytes(bytes, limits)
  }
  checkJsonValue(body, limits)
  if (body !== undefined && exceeds(request, body, limit)) throw tooLarge(request, limit)
  if (body !== undefined || !hasBody(request)) return body
  throw new SetupError(
    'ERR_SCIM_BODY',
    'A middleware before scimRouter has read the body of the request and not kept it in req.body.',
  )
}

// Express 4 leaves {} in req.body of a request that no parser has read, Express 5 leaves undefined: only the stream
// tells.
function isRead(request: HostRequest): boolean {
  return request.readableEnded || request.readableDidRead
}

function hasBody({ headers }: HostRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Whether a body without Content-Length, parsed by the host, is beyond the limit. */
function exceeds({ headers }: HostRequest, body: unknown, limit: number): boolean {
  if (headers['transfer-encoding'] === undefined) return false
  try {
    return Buffer.byteLength(JSON.stringify(body)) > limit
  } catch (error) {
    // JSON.parse takes thousands of levels, and JSON.stringify does not.
    if (error instanceof RangeError) throw ScimError.invalidSyntax('The body is nested too deeply.')
    throw error
  }
}

// The host may have set an encoding.
function bytesOf(request: HostRequest, chunk: Buffer | string): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, request.readableEncoding ?? 'utf8') : chunk
}

/**
 * Whether the client has broken off a stream of HTTP/2 (RFC 9113 section 6.4), whose body then ends as if it were
 * complete.
 */
export function isReset({ stream }: StreamHolder): boolean {
  return stream !== undefined && (stream.aborted || stream.destroyed)
}

/** Reads an unread stream to its end, and parses it. */
function listen(
  request: HostRequest,
  limits: BodyLimits,
  resolve: (body: unknown) => void,
  reject: (error: unknown) => void,
): void {
  requireNoEncoding(request)
  let chunks: Buffer[] = []
  let bytes = 0
  const stop = (error: ScimError): void => {
    request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
    reject(error)
  }
  const onData = (data: Buffer | string): void => {
    const chunk = bytesOf(request, data)
    bytes += chunk.length
    if (bytes > limits.bytes) stop(tooLarge(request, limits.bytes))
    else chunks.push(chunk)
  }
  let isWhole = false
  const onBroken = (): void => {
    if (!isWhole) stop(ScimError.invalidSyntax('The body ended before it was complete.'))
  }
  const onWhole = (): void => {
    // The other listeners have nothing more to do. To take them away costs more than to let them go with the request.
    isWhole = true
    request.off('data', onData)
    const whole = concat(chunks, bytes)
    chunks = []
    try {
      resolve(parseBytes(whole, limits))
    } catch (error) {
      reject(error)
    }
  }
  // Node tells that a stream of HTTP/2 was reset right after it has told of the end.
  const onEnd = (): unknown =>
    request.stream ? setImmediate(() => (isReset(request) ? onBroken() : onWhole())) : onWhole()
  if (request.destroyed) onBroken()
  else request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
}

function requireNoEncoding({ headers }: HostRequest): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ScimError(415, 'The body must not have a content encoding.')
  }
}

function concat(chunks: readonly Buffer[], bytes: number): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes)
}

function tooLarge({ httpVersionMajor }: HostRequest, limit: number): ScimError {
  // The rest of the body is not read, so the connection cannot serve another request. RFC 9113 section 8.2.2: HTTP/2
  // "does not use the Connection header field", and has a stream for each request.
  const headers = httpVersionMajor >= 2 ? {} : { Connection: 'close' }
  return new ScimError(413, `The body is larger than ${limit} bytes.`, { headers })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** RFC 7644 section 3.8: JSON in UTF-8. */
function decode(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw ScimError.invalidSyntax('The body is not UTF-8.')
  }
}

function parseBytes(bytes: Buffer, limits: BodyLimits): unknown {
  if (bytes.length === 0) return undefined
  const text = decode(bytes)
  if (!isWithinLimits(text, limits)) checkJsonBytes(bytes, limits)
  try {
    return JSON.parse(text)
  } catch {
    limits.onBroken?.(text)
    throw ScimError.invalidSyntax('The body is not JSON.')
  }
}
