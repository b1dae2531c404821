import { parseJson } from '../../json-values.js'

/** The answer of the server. `body` is the parsed JSON, undefined if there was none. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: unknown
}

/** The parts of a request beside method and path. A header set to null is not sent; a text body is sent unchanged. */
export interface ClientRequest {
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: unknown
}

/** Sends requests to a service provider. */
export interface Client {
  /** The base URL, without a slash at its end. */
  readonly base: string
  readonly send: (method: string, path: string, request?: ClientRequest) => Promise<Answer>
}

/** A client that sends requests unchanged and reports every answer. */
export function httpClient(base: string, token: string | undefined): Client {
  return {
    base,
    send: async (method, path, { headers = {}, body } = {}) => {
      const sent = new Headers({ accept: 'application/scim+json' })
      if (token !== undefined) sent.set('authorization', `Bearer ${token}`)
      if (body !== undefined) sent.set('content-type', 'application/scim+json')
      for (const [name, value] of Object.entries(headers)) {
        if (value === null) sent.delete(name)
        else sent.set(name, value)
      }
      // As bytes, because `fetch` would add a Content-Type to a text if the request has none.
      const payload = body === undefined ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
      const response = await fetch(base + path, { method, headers: sent, body: payload, redirect: 'manual' })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: parseJson(text) }
    },
  }
}
