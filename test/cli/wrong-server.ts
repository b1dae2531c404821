import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exchange } from '../support/client.js'

/** A request on its way to the sound server. */
export interface Passing {
  method: string
  /** Path and query, below the base URL: `/Users?count=1`. */
  path: string
  readonly headers: Record<string, string>
  /** The body as JSON, or as text where it is none. */
  body: any
}

/** An answer on its way back. */
export interface Returning {
  status: number
  readonly headers: Record<string, string>
  body: any
}

/** How a server is wrong. */
export interface Wrong {
  /** Changes a request, or answers it without the sound server. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without return has no other type in TypeScript 5
  readonly request?: (request: Passing) => Returning | undefined | void
  /** Changes an answer. */
  readonly answer?: (answer: Returning, request: Readonly<Passing>) => void
}

/** Stands before a sound server, and makes it wrong in one way. */
export async function startWrong(
  sound: string,
  wrong: Wrong,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = ''
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk
    const {
      connection: _,
      host: _host,
      'content-length': _length,
      ...headers
    } = incoming.headers as Record<string, string>
    const request: Passing = { method: incoming.method ?? '', path: incoming.url ?? '', headers, body: parsed(text) }
    const answer = wrong.request?.(request) ?? (await forward(sound, request))
    wrong.answer?.(answer, request)
    const body =
      answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    response.writeHead(answer.status, answer.headers)
    response.end(answer.status === 204 || answer.status === 304 ? undefined : body)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function forward(sound: string, { method, path, headers, body }: Passing): Promise<Returning> {
  const answer = await exchange(sound + path, method, headers, body)
  const given = Object.fromEntries(answer.headers)
  delete given['content-length']
  delete given['transfer-encoding']
  delete given.connection
  delete given['keep-alive']
  return { status: answer.status, headers: given, body: parsed(answer.text) }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
