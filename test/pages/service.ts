import express5 from 'express'
import express4 from 'express4'
import type { ConnectionsOptions } from '../../src/connections/index.js'
import { memoryStore, scimConnections } from '../../src/connections/index.js'
import { scimRouter } from '../../src/index.js'
import { auditTrail, journal, memoryAudit, memoryLog } from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { customerPages, type PagesOptions, staffPages } from '../../src/pages/index.js'
import { type App, type AppOptions, type ExpressVersion, serve } from '../support/app.js'
import { type Answer, type ScimClient, scimClient } from '../support/client.js'

export const SECRET = 'a secret of a test that is long enough'
export const URL_OF_SCIM = 'https://app.example/scim/v2'

/** The values of the session of the test's application. */
export type Session = Readonly<Record<string, unknown>> | null | undefined

/** A browser that shows the pages: it sends their requests. */
export interface Browser {
  readonly get: (path: string, headers?: Readonly<Record<string, string | null>>) => Promise<Answer>
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string | null>>,
  ) => Promise<Answer>
}

export interface PagesOfTest {
  readonly app: App
  readonly clock: { time: number }
  readonly errors: Error[]
  readonly connections: ReturnType<typeof scimConnections>
  readonly log: ReturnType<typeof journal>
  readonly trail: ReturnType<typeof auditTrail>
  readonly scim: ReturnType<typeof scimRouter>
  /** The pages of a customer, with a session. */
  readonly customer: (session: Session) => Browser
  readonly staff: (session: Session) => Browser
  /** An identity provider, at the URL of a connection. */
  readonly client: (token: string | undefined, connection?: string) => ScimClient
}

const PAGES = { 'x-scim-pages': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }

/** A running application with a service, its connections, log, trail and both kinds of pages. */
export async function pagesOfTest({
  pages = {},
  connections: own = {},
  router = {},
  version = 5,
}: {
  readonly pages?: Partial<PagesOptions>
  readonly connections?: Partial<ConnectionsOptions>
  readonly router?: Partial<AppOptions>
  readonly version?: ExpressVersion
} = {}): Promise<PagesOfTest> {
  // The router dates requests by itself: a test's clock begins with it.
  const clock = { time: Date.now() }
  const now = (): number => clock.time
  const errors: Error[] = []
  const connections = scimConnections({
    store: memoryStore(),
    secret: SECRET,
    url: URL_OF_SCIM,
    rateLimit: { failures: false },
    now,
    ...own,
  })
  const log = journal({ store: memoryLog(), secret: SECRET, now })
  const trail = auditTrail({ store: memoryAudit(), secret: SECRET, now })
  const { users, groups } = memoryAdapters()
  const scim = scimRouter({
    authenticate: connections,
    tenants: 'required',
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    on: [log, trail],
    ...(router as object),
  })
  const options: PagesOptions = {
    scim,
    connections,
    log,
    trail,
    url: URL_OF_SCIM,
    product: { name: 'Acme', support: 'help@acme.example' },
    on: { error: (error) => errors.push(error) },
    now,
    ...pages,
  }
  const sessionOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
    headers['x-session'] === undefined ? undefined : JSON.parse(decodeURIComponent(headers['x-session']))
  const app = await serve(
    (version === 4 ? (express4 as unknown as typeof express5) : express5)()
      .use('/scim/v2', connections.endpoint, scim)
      .use('/settings/scim', customerPages(sessionOf, options))
      .use('/admin/scim', staffPages(sessionOf, options)),
  )
  const origin = new URL(app.base).origin
  const browser = (mount: string, session: Session): Browser => {
    const client = scimClient(`${origin}${mount}`, undefined)
    const own = session === undefined ? {} : { 'x-session': encodeURIComponent(JSON.stringify(session)) }
    return {
      get: (path, headers) => client.get(path, { headers: { ...own, ...headers } }),
      send: (method, path, body, headers) =>
        client.send(method, path, { headers: { ...own, ...PAGES, ...headers }, ...(body !== undefined && { body }) }),
    }
  }
  return {
    app,
    clock,
    errors,
    connections,
    log,
    trail,
    scim,
    customer: (session) => browser('/settings/scim', session),
    staff: (session) => browser('/admin/scim', session),
    client: (token, connection) => scimClient(connection === undefined ? app.base : `${app.base}/${connection}`, token),
  }
}
