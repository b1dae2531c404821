import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { joinVary } from '../provider/answer/caching.js'
import type { ScimResponse } from '../provider/request/request.js'

// A short text goes out as one piece with its head; a long one is copied less as bytes of its own.
const LONG = 16_384

/**
 * Writes an answer; it waits for a body that comes in pieces. HEAD gets the headers of its GET and no body (RFC 9110
 * section 9.3.2). Throws when another answer has been sent already.
 */
export function writeResponse(
  response: ServerResponse,
  { status, headers, body }: ScimResponse,
  method: string,
): Promise<unknown> | undefined {
  keepFromHost(response, headers)
  if (typeof body === 'string') {
    writeText(response, status, headers, body, method === 'HEAD')
    return undefined
  }
  response.writeHead(status, headers)
  if (body !== undefined && method !== 'HEAD') {
    // When the store fails half way, pipeline destroys the socket: no client takes half a document for a whole one.
    return pipeline(Readable.from(body, { objectMode: false }), response).catch(() => response.destroy())
  }
  response.end()
  return undefined
}

/**
 * Headers that middleware in front of the router has set stay: cors adds Origin to Vary, an application may forbid all
 * storing.
 */
function keepFromHost(response: ServerResponse, headers: Record<string, string>): void {
  // Not every host that imitates a response of Node has its headers.
  if (!('getHeader' in response)) return
  const vary = response.getHeader('vary')
  if (vary !== undefined && headers.Vary !== undefined) headers.Vary = joinVary(String(vary), headers.Vary)
  const caching = response.getHeader('cache-control')
  if (caching !== undefined && /\bno-store\b/i.test(String(caching))) headers['Cache-Control'] = String(caching)
}

function writeText(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
  isHead: boolean,
): void {
  const bytes = body.length > LONG ? bytesOf(body) : undefined
  const length = bytes?.length ?? Buffer.byteLength(body)
  headers['Content-Length'] = String(length)
  response.writeHead(status, headers)
  if (isHead) response.end()
  else if (bytes) response.end(bytes)
  // Where every character is one byte, the cheaper encoding gives the same.
  else response.end(body, length === body.length ? 'latin1' : 'utf8')
}

const UTF8 = new TextEncoder()

/**
 * A text in UTF-8. Most texts are ASCII: their length is known without the look at each character that Buffer.from
 * takes first.
 */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length)
  return UTF8.encodeInto(text, bytes).read === text.length ? bytes : Buffer.from(text)
}
