import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ScimResponse } from '../provider/request.js'

// Joining a short text with its head saves a system call's worth of work; a long one is copied less as bytes of its own.
const LONG = 16_384

/** Writes an answer. HEAD gets the headers of its GET and no body (RFC 9110 section 9.3.2). */
export async function writeResponse(
  response: ServerResponse,
  { status, headers, body }: ScimResponse,
  method: string,
): Promise<void> {
  if (response.headersSent || response.destroyed) return
  if (body === undefined) {
    response.writeHead(status, headers).end()
  } else if (typeof body === 'string') {
    writeText(response, status, headers, body, method === 'HEAD')
  } else if (method === 'HEAD') {
    response.writeHead(status, headers).end()
  } else {
    response.writeHead(status, headers)
    // When the store fails half way, pipeline destroys the socket: no client takes half a document for a whole one.
    await pipeline(Readable.from(body, { objectMode: false }), response).catch(() => response.destroy())
  }
}

function writeText(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
  isHead: boolean,
): void {
  const length = Buffer.byteLength(body)
  // Where every character is one byte, the cheaper encoding gives the same.
  const encoding = length === body.length ? 'latin1' : 'utf8'
  headers['Content-Length'] = String(length)
  response.writeHead(status, headers)
  if (!isHead) writeAtOnce(response, length > LONG ? Buffer.from(body, encoding) : body, encoding)
  response.end()
}

/** Head and body as one piece: end() with a body would make a second one, which is empty. */
function writeAtOnce(response: ServerResponse, body: string | Buffer, encoding: BufferEncoding): void {
  response.cork()
  response.write(body, encoding)
  response.uncork()
}
