import { connect } from 'node:net'

/** A request as bytes, which are sent unchecked. */
export interface HostileRequest {
  /** The attack, for the report. */
  readonly kind: string
  readonly method: string
  /** The text behind the method, unchecked. */
  readonly target: string
  /** Lines of the head beside Host, Connection, and the framing. */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
  /** How the body is announced: by its length, in chunks, by these lines, or not at all. */
  readonly framing: 'length' | 'chunked' | 'none' | readonly string[]
  /** How many bytes of all are sent before the connection is dropped; undefined: all of them. */
  readonly dropAfter?: number | undefined
  /** Says behind the last byte that no more will come, and waits for the answer. */
  readonly ends?: boolean
  /** Node itself may refuse it before the router is asked. */
  readonly mayBreakHttp?: boolean
  /** The target may lie outside of the mount path. */
  readonly outside?: boolean
}

/** The answer, if one came. */
export interface HostileAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether the body is as long as announced. */
  readonly complete: boolean
}

const PATIENCE = 30_000

/** The bytes of a request. */
export function bytesOf({ method, target, headers, body, framing }: HostileRequest, host: string): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(headers.some(isHost) ? [] : [`Host: ${host}`]),
    'Connection: close',
    ...headers,
  ]
  if (Array.isArray(framing)) lines.push(...framing)
  else if (framing === 'chunked') lines.push('Transfer-Encoding: chunked')
  else if (framing === 'length' && body) lines.push(`Content-Length: ${body.length}`)
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  if (!body) return head
  return Buffer.concat(framing === 'chunked' ? [head, ...chunksOf(body), Buffer.from('0\r\n\r\n')] : [head, body])
}

function isHost(line: string): boolean {
  return /^host:/i.test(line)
}

function chunksOf(body: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / 3))
  const chunks: Buffer[] = []
  for (let from = 0; from < body.length; from += size) {
    const piece = body.subarray(from, from + size)
    chunks.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
  }
  return chunks
}

/** Sends a request. Undefined: the connection was closed without an answer. Rejects when there is none in time. */
export function exchange(base: string, request: HostileRequest): Promise<HostileAnswer | undefined> {
  const { hostname, port, host } = new URL(base)
  const bytes = bytesOf(request, host)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => {
      if (request.ends) socket.end(bytes)
      else if (request.dropAfter === undefined) socket.write(bytes)
      else socket.write(bytes.subarray(0, request.dropAfter), () => socket.destroy())
    })
    socket.setTimeout(PATIENCE, () => {
      socket.destroy()
      reject(new Error(`no answer within ${PATIENCE} ms`))
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    // Refused bodies are not read to their end, and the connection is reset.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(parse(Buffer.concat(chunks), request.method)))
  })
}

function parse(bytes: Buffer, method: string): HostileAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const rest = bytes.subarray(end + 4)
  const status = Number(first.split(' ')[1])
  // 100 Continue, and then the answer itself.
  if (status === 100) return parse(rest, method)
  if (headers['transfer-encoding'] === 'chunked' && method !== 'HEAD') {
    const { body, complete } = unchunked(rest)
    return { status, headers, body, complete }
  }
  const length = headers['content-length']
  const isEmpty = method === 'HEAD' || status === 204 || status === 304
  const complete = length === undefined || isEmpty || rest.length >= Number(length)
  return { status, headers, body: rest.toString('utf8'), complete }
}

/** The body of an answer that comes in chunks; it is complete when the last one has come. */
function unchunked(bytes: Buffer): { readonly body: string; readonly complete: boolean } {
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at)
    const size = end < 0 ? Number.NaN : Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16)
    if (Number.isNaN(size) || size === 0) return { body: Buffer.concat(pieces).toString(), complete: size === 0 }
    pieces.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
