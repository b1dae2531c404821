import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express5 from 'express'
import { bearer, type EventHooks, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { type ScimClient, scimClient } from './client.js'
import { lookAtEvent, lookAtLog } from './leaks.js'
import { note } from './running.js'
import { TOKEN } from './token.js'

/** The Express versions that the package supports, by their major number. */
export type ExpressVersion = 4 | 5

export { TOKEN }

/** The options of `scimRouter`; without `authenticate` the token is {@link TOKEN}. */
export type AppOptions = Omit<ScimRouterOptions, 'authenticate'> & Partial<Pick<ScimRouterOptions, 'authenticate'>>

/** A running server with a router at `/scim/v2`. */
export interface App {
  readonly base: string
  readonly scim: ScimClient
  /** Ends the server before its time; a server that a test has started ends with the test. */
  readonly close: () => Promise<void>
}

// A busy machine may take its own time: a test of these limits gives its own.
const PATIENT = { requestTime: 3_600_000, scanTime: 3_600_000 }

/** Starts an application with nothing but the router on a free port of 127.0.0.1. */
export async function startApp(options: AppOptions, version: ExpressVersion = 5): Promise<App> {
  const scim = scimRouter({
    authenticate: bearer(TOKEN),
    ...options,
    limits: { ...PATIENT, ...options.limits },
    ...(options.on && { on: watched(options.on) }),
  })
  if (version === 4) {
    // Most test files run on Express 5 alone, and are spared the loading.
    const { default: express4 } = await import('express4')
    return serve(express4().use('/scim/v2', scim, scim.errors))
  }
  return serve(express5().use('/scim/v2', scim, scim.errors))
}

/** The hooks, with a look at each of their arguments. Errors may tell operators everything. */
function watched(on: NonNullable<AppOptions['on']>): NonNullable<AppOptions['on']> {
  return Array.isArray(on) ? on.map(watchedHooks) : watchedHooks(on as EventHooks)
}

function watchedHooks(hooks: EventHooks): EventHooks {
  const entries = Object.entries(hooks).map(([name, hook]: [string, unknown]) => {
    if (typeof hook !== 'function') return [name, hook]
    const look = name === 'error' ? lookAtError : lookAtEvent
    return [
      name,
      (...given: unknown[]) => {
        // The hook of a report gets the request of the host beside it, which has the token.
        look(given.slice(0, 1))
        return hook(...given)
      },
    ]
  })
  return Object.fromEntries(entries)
}

function lookAtError(given: readonly unknown[]): void {
  lookAtLog(given, 'a report of an error')
}

/** Serves any request listener on a free port of 127.0.0.1; the router is expected at `/scim/v2`. */
export async function serve(listener: { listen(port: number, host: string, done: () => void): Server }): Promise<App> {
  const server = await new Promise<Server>((resolve) => {
    const listening = listener.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`
  const app = { base, scim: scimClient(base, TOKEN), close: () => close(server) }
  note(app)
  return app
}

/** Runs the same tests on Express 4 and on Express 5, or on the given ones. */
export function describeExpress(
  title: string,
  tests: (version: ExpressVersion) => void,
  versions: readonly ExpressVersion[] = [4, 5],
): void {
  describe.each(versions)(`${title} (Express %i)`, tests)
}

/**
 * One server for all tests of the surrounding `describe`. The members of the returned object can be used inside tests
 * and inside later `beforeAll` and `beforeEach` calls.
 */
export function sharedApp(options: () => AppOptions, version: ExpressVersion = 5): App {
  let app: App | undefined
  const started = (): App => {
    if (!app) throw new Error('The server runs inside tests only.')
    return app
  }
  beforeAll(async () => {
    app = await startApp(options(), version)
  })
  afterAll(() => app?.close())
  return {
    get base() {
      return started().base
    },
    get scim() {
      return started().scim
    },
    close: () => started().close(),
  }
}

function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve()
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    // Clients keep their connections open for the next request.
    server.closeAllConnections()
  })
}
