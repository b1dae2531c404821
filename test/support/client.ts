import { httpClient } from '../../src/conformance/http-client.js'
import { rememberPasswords } from './leaks.js'

/** What came back. `body` is the parsed JSON, undefined when there was none. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: any
}

/** A text without the names of requests in it: two errors that tell the same are the same text then. */
export function withoutRequestIds(text: string): string {
  return text.replace(/ \(request [0-9a-f-]{36}\)/g, '')
}

/** The detail of an error as its thrower wrote it: without the name of the request, in which every detail ends. */
export function detailOf(error: { readonly detail?: string } | undefined): string | undefined {
  return error?.detail?.replace(/ \(request [0-9a-f-]{36}\)$/, '')
}

/** What a request may carry beside method and path. A header set to null is not sent; a text body is sent as it stands. */
export interface Request {
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: unknown
}

/** A SCIM client as thin as can be: it sends what it is told and forgives nothing. */
export interface ScimClient {
  readonly base: string
  readonly send: (method: string, path: string, request?: Request) => Promise<Answer>
  readonly get: (path: string, request?: Request) => Promise<Answer>
  readonly post: (path: string, body?: unknown, request?: Request) => Promise<Answer>
  readonly put: (path: string, body?: unknown, request?: Request) => Promise<Answer>
  readonly patch: (path: string, body?: unknown, request?: Request) => Promise<Answer>
  readonly delete: (path: string, request?: Request) => Promise<Answer>
}

/** A client of the service provider at `base`, with a bearer token unless that is undefined. */
export function scimClient(base: string, token: string | undefined): ScimClient {
  const client = httpClient(base, token)
  const send: ScimClient['send'] = (method, path, request) => {
    rememberPasswords(request?.body)
    return client.send(method, path, request)
  }
  return {
    base,
    send,
    get: (path, request) => send('GET', path, request),
    post: (path, body, request) => send('POST', path, { ...request, body }),
    put: (path, body, request) => send('PUT', path, { ...request, body }),
    patch: (path, body, request) => send('PATCH', path, { ...request, body }),
    delete: (path, request) => send('DELETE', path, request),
  }
}
