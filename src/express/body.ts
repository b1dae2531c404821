import type { IncomingMessage } from 'node:http'
import type { Awaitable } from '../adapter/contract.js'
import { ScimError, SetupError } from '../error.js'

/** A request whose body a parser of the host may have read. */
export type HostRequest = IncomingMessage & { readonly body?: unknown }

/**
 * The parsed body, whoever reads it: an unread stream is read here; a string, Buffer or object that a parser of the host
 * left is taken. Undefined when there is none.
 */
export function readRequestBody(request: HostRequest, limit: number): Awaitable<unknown> {
  const length = Number(request.headers['content-length'])
  if (length > limit) throw tooLarge(limit)
  // Some parsers leave {} when there was nothing to parse.
  if (length === 0) return undefined
  if (isRead(request)) return bodyOfParser(request, limit)
  const bytes = hasBody(request) ? readBytes(request, limit) : undefined
  return bytes instanceof Promise ? bytes.then(parseBytes) : parseBytes(bytes)
}

/** What a parser of the host has made of the body. */
function bodyOfParser(request: HostRequest, limit: number): unknown {
  const { body } = request
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const bytes = Buffer.from(body as string)
    if (bytes.length > limit) throw tooLarge(limit)
    return parseBytes(bytes)
  }
  if (body !== undefined && exceeds(request, body, limit)) throw tooLarge(limit)
  if (body !== undefined || !hasBody(request)) return body
  throw new SetupError(
    'ERR_SCIM_BODY',
    'Something in front of scimRouter has read the body of the request and left nothing of it.',
  )
}

// Express 4 leaves {} in req.body of a request that no parser has read, Express 5 leaves undefined: only the stream tells.
function isRead(request: HostRequest): boolean {
  return request.readableEnded || request.readableDidRead
}

function hasBody({ headers }: HostRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Whether what a parser of the host made of a body that did not tell its length is beyond the limit. */
function exceeds({ headers }: HostRequest, body: unknown, limit: number): boolean {
  return headers['transfer-encoding'] !== undefined && Buffer.byteLength(JSON.stringify(body)) > limit
}

function readBytes(request: HostRequest, limit: number): Buffer | Promise<Buffer> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ScimError(415, 'The body may not have a content encoding.')
  }
  // Most bodies have come whole by now, with the head: they are taken as they are, without listening to the stream.
  if (request.readableLength === Number(request.headers['content-length']) && request.readableEncoding === null) {
    const whole = request.read() as Buffer | null
    // Whoever waits for the end of the request gets it.
    request.resume()
    if (whole !== null) return whole
  }
  return listen(request, limit)
}

function listen(request: HostRequest, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const finish = (settle: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
      settle()
    }
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > limit) finish(() => reject(tooLarge(limit)))
      else chunks.push(chunk)
    }
    const onEnd = (): void => finish(() => resolve(concat(chunks, bytes)))
    const onError = (): void => finish(() => reject(ScimError.invalidSyntax('The body ended before it was complete.')))
    const onClose = onError
    request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  })
}

function concat(chunks: readonly Buffer[], bytes: number): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes)
}

function tooLarge(limit: number): ScimError {
  // The rest of the body is not read, so the connection cannot serve another request.
  return new ScimError(413, `The body is larger than ${limit} bytes.`, { headers: { Connection: 'close' } })
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

function parseBytes(bytes: Buffer | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) return undefined
  const text = decode(bytes)
  try {
    return JSON.parse(text)
  } catch {
    throw ScimError.invalidSyntax('The body is not JSON.')
  }
}
