import { type IncomingHttpHeaders, request } from 'node:http'

/** A request as it goes over the wire: fetch adds headers of its own and tidies up paths. */
export interface RawRequest {
  readonly method?: string
  /** Path of the URL, as it stands. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Several pieces are sent in chunks, without Content-Length. */
  readonly body?: string | Buffer | readonly (string | Buffer)[]
}

/** An answer; `body` is the parsed JSON, undefined for an empty body. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: any
}

/** Sends a request to the server of a base URL with nothing added but Host and the length of the body. */
export function sendRaw(
  base: string,
  { method = 'GET', path, headers = {}, body = [] }: RawRequest,
): Promise<RawAnswer> {
  const pieces = typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body
  const lengths = pieces.map((piece) => Buffer.byteLength(piece))
  const framing: Record<string, string> =
    pieces === body
      ? pieces.length > 0
        ? { 'Transfer-Encoding': 'chunked' }
        : {}
      : { 'Content-Length': `${lengths[0]}` }
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: { ...framing, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, headers, text, body: text === '' ? undefined : JSON.parse(text) })
      })
    })
    sent.on('error', reject)
    for (const piece of pieces) sent.write(piece)
    sent.end()
  })
}
