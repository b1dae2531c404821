import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ScimResponse } from '../provider/request.js'

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
    const bytes = Buffer.from(body)
    headers['Content-Length'] = String(bytes.length)
    response.writeHead(status, headers).end(method === 'HEAD' ? undefined : bytes)
  } else if (method === 'HEAD') {
    response.writeHead(status, headers).end()
  } else {
    response.writeHead(status, headers)
    // When the store fails half way, pipeline destroys the socket: no client takes half a document for a whole one.
    await pipeline(Readable.from(body, { objectMode: false }), response).catch(() => response.destroy())
  }
}
