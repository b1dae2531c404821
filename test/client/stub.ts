import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { note } from '../support/running.js'

/** A request as a stub got it. */
export interface Got {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An answer of the stub. `status: 0` ends the connection without an answer. */
export interface StubAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A server that gives prepared answers, and remembers the requests. */
export interface Stub {
  readonly url: string
  readonly got: readonly Got[]
  readonly close: () => Promise<void>
}

/** Starts a stub on a free port of 127.0.0.1. */
export async function startStub(answer: (request: Got, number: number) => StubAnswer | undefined): Promise<Stub> {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    got.push(asked)
    const told = answer(asked, got.length)
    if (told === undefined) return
    if (told.status === 0) {
      request.socket.destroy()
      return
    }
    response.writeHead(told.status ?? 200, { 'content-type': 'application/scim+json', ...told.headers })
    response.end(told.body === undefined ? '' : typeof told.body === 'string' ? told.body : JSON.stringify(told.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  note(stub)
  return stub
}
