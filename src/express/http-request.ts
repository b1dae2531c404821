import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Awaitable } from '../adapter/contract.js'
import type { BodyLimits, ScimRequest } from '../provider/request/request.js'
import { type HostRequest, isReset, readRequestBody } from './body.js'
import { mountParams, NO_PARAMS } from './mount-params.js'

const MISSING = mountParams(NO_PARAMS)

type MountedRequest = HostRequest & { readonly baseUrl?: string; readonly params?: Record<string, string> }

/** A request of Node, or of Express around it, as the provider sees it. */
export class HttpRequest implements ScimRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingMessage['headers']
  readonly params: Readonly<Record<string, string>>
  readonly request: MountedRequest
  readonly #response: ServerResponse
  readonly #baseUrl: (request: IncomingMessage) => string

  constructor(request: MountedRequest, response: ServerResponse, baseUrl: (request: IncomingMessage) => string) {
    const { method = 'GET', url = '/', headers, params } = request
    const mark = url.indexOf('?')
    this.method = method
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.query = mark < 0 ? '' : url.slice(mark + 1)
    this.headers = headers
    this.params = params && Object.keys(params).length > 0 ? mountParams(params) : MISSING
    this.request = request
    this.#response = response
    this.#baseUrl = baseUrl
  }

  baseUrl(): string {
    return this.#baseUrl(this.request)
  }

  body(limits: BodyLimits): Awaitable<unknown> {
    return readRequestBody(this.request, limits)
  }

  isAborted(): boolean {
    const response: ServerResponse & Pick<HostRequest, 'stream'> = this.#response
    // A response of HTTP/2 has a stream instead, which is reset before it is destroyed.
    return response.destroyed || isReset(response)
  }

  onAbort(listener: () => void): void {
    const response = this.#response
    if (response.destroyed) {
      listener()
      return
    }
    response.once('close', () => {
      if (!response.writableFinished) listener()
    })
  }
}
