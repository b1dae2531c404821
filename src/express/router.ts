import type { IncomingMessage, ServerResponse } from 'node:http'
import createDebug from 'debug'
import type { Identity } from '../adapter/contract.js'
import { propertiesOf } from '../is-object.js'
import type { OpenApiDocument, OpenApiOptions } from '../openapi/document.js'
import { answerRequest } from '../provider/handle.js'
import type { ScimRequest, ScimResponse } from '../provider/request/request.js'
import { type InProcessCaller, type InProcessClient, requestAs } from '../provider/request-as.js'
import type { ScimRouterOptions } from '../provider/setup/options.js'
import { createProvider, type Provider } from '../provider/setup/provider.js'
import type { TypedRouterOptions } from '../provider/setup/typed-options.js'
import { baseUrlOf, inProcessBaseUrl } from './base-url.js'
import type { HostRequest } from './body.js'
import { type Description, describe } from './describe.js'
import { errorHandler, type ScimErrorHandler } from './error-handler.js'
import { HttpRequest } from './http-request.js'
import { openApiOf } from './openapi.js'
import { writeResponse } from './write.js'

const debugSetup = createDebug('scim:setup')
const debugError = createDebug('scim:error')

/** What `scimRouter` returns: middleware for Express 4 and 5, Connect and `http.createServer`. */
export interface ScimRouter {
  (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void
  /**
   * Error middleware that answers in SCIM if a body parser in front of the router has refused a request:
   * `app.use('/scim/v2', scim, scim.errors)`. Other errors go on to the application.
   */
  readonly errors: ScimErrorHandler
  /**
   * Requests that the application makes itself, for one customer: without HTTP and without authentication.
   * `scim.as({ tenant: 'acme', actor: 'import' }).request({ method: 'GET', path: '/Users' })`. Everything else holds as
   * for a client: `authorize`, `access`, validation, limits, events. It is a way past authentication: never pass a
   * tenant that came in a request.
   */
  readonly as: (caller: InProcessCaller) => InProcessClient
  /**
   * Resolves when no hook of the option `on` is at work: for a shutdown, and for tests.
   *
   * @param options `timeout` in milliseconds, 10,000 by default.
   * @returns How many events and reports still have a hook at work; 0 unless the time was over.
   */
  readonly settled: (options?: { readonly timeout?: number }) => Promise<{ readonly pending: number }>
  /** Describes the router: endpoints, capabilities, tolerances and limits. */
  readonly describe: () => Description
  /**
   * An OpenAPI 3.1 document of the mounted service, made from resource types, schemas and options: each operation with
   * its parameters, bodies, headers and every status that the router answers. Other errors that the application throws
   * are not in it.
   *
   * Throws a {@link SetupError} for a mistake in its options.
   *
   * @example
   * ```ts
   * import express from 'express'
   * import { bearer, scimRouter } from 'express-scim'
   * import { memoryAdapters } from 'express-scim/memory'
   *
   * const { users, groups } = memoryAdapters()
   * const scim = scimRouter({
   *   authenticate: bearer(process.env.SCIM_TOKEN),
   *   resources: { User: { adapter: users }, Group: { adapter: groups } },
   * })
   * const document = scim.openapi({ url: 'https://app.example/scim/v2' })
   * express().get('/openapi.json', (_request, response) => void response.json(document))
   * ```
   */
  readonly openapi: (options?: OpenApiOptions) => OpenApiDocument
}

/**
 * Makes a SCIM 2.0 service provider (RFC 7643, RFC 7644) that is mounted into an application:
 * `app.use('/scim/v2', scimRouter({ … }))`, before `express.json()`.
 *
 * Throws a {@link SetupError} for a mistake in the options.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { memoryAdapters } from 'express-scim/memory'
 *
 * const { users, groups } = memoryAdapters()
 * const scim = scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: { User: { adapter: users }, Group: { adapter: groups } },
 * })
 * express().use('/scim/v2', scim).listen(3000, '127.0.0.1')
 * ```
 */
export function scimRouter<
  Schemas,
  const Extensions,
  Auth extends Identity = Identity,
  const Tenants extends ScimRouterOptions['tenants'] = undefined,
>(options: TypedRouterOptions<Schemas, Extensions, Auth, Tenants>): ScimRouter {
  // The types of resources and identities end here; the provider works on all of them.
  const provider = createProvider(options as unknown as ScimRouterOptions)
  const baseUrl = baseUrlOf(options.baseUrl)
  const scimRequest = (request: HostRequest, response: ServerResponse) => new HttpRequest(request, response, baseUrl)
  const router = (request: HostRequest, response: ServerResponse): void => {
    serve(provider, scimRequest(request, response), response)
  }
  const scim = Object.assign(router, {
    errors: errorHandler(provider, scimRequest),
    as: (caller: InProcessCaller) => requestAs(provider, caller, inProcessBaseUrl(options.baseUrl)),
    settled: (wait?: { readonly timeout?: number }) => provider.listeners.settled(wait),
    describe: () => describe(provider),
    openapi: (document?: OpenApiOptions) => openApiOf(provider, document),
  })
  debugSetup('%O', describe(provider))
  return scim
}

// Of HTTP/1.1 and of HTTP/2, which the host may speak by Node's compatibility API.
const HEADERS_SENT: ReadonlySet<unknown> = new Set(['ERR_HTTP_HEADERS_SENT', 'ERR_HTTP2_HEADERS_SENT'])

function serve(provider: Provider, request: ScimRequest, response: ServerResponse): void {
  const fail = (error: unknown): void => {
    // The host has answered already, when its own time was over for instance.
    if (HEADERS_SENT.has(propertiesOf(error).code)) return
    // No caller awaits this promise: an error thrown here would end the process.
    debugError('%s %s: %O', request.method, request.path, error)
    response.destroy()
  }
  answerRequest(provider, request, (answer: ScimResponse) => {
    try {
      writeResponse(response, answer, request.method)?.catch(fail)
    } catch (error) {
      fail(error)
    }
  })
}
