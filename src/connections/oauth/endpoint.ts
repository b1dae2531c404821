import type { IncomingMessage, ServerResponse } from 'node:http'
import { isConnectionId } from '../tokens/token-text.js'

/** Middleware of Node, Connect and Express. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** A handler for one path below the URL of the service; false for another path. */
export type PathHandler = (request: IncomingMessage, response: ServerResponse, path: string) => boolean

/** The connections that the URLs of requests name. */
export class Paths {
  readonly #connections = new WeakMap<object, string>()

  /** The connection that the URL of a request named. */
  readonly of = (request: unknown): string | undefined => this.#connections.get(request as object)

  /**
   * In front of the router: takes the id of a connection out of the URL, so that `<url>/<id>/Users` is `<url>/Users`
   * and a request without a good token is known to be about that connection.
   */
  middleware(handlers: readonly PathHandler[]): Middleware {
    return (request, response, next) => {
      const [, first = '', rest = ''] = /^\/([^/?#]*)(.*)$/s.exec(request.url ?? '') ?? []
      if (isConnectionId(first)) {
        this.#connections.set(request, first)
        request.url = rest.startsWith('/') ? rest : `/${rest}`
      }
      const path = (request.url ?? '').replace(/[?#].*$/s, '')
      if (handlers.some((handle) => handle(request, response, path))) return
      next()
    }
  }
}
