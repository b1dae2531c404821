import express from 'express'
import { memoryStore, scimConnections } from '../../dist/connections.js'
import { scimRouter } from '../../dist/index.js'
import { auditTrail, journal, memoryAudit, memoryLog } from '../../dist/journal.js'
import { memoryAdapters } from '../../dist/memory.js'
import { customerPages, staffPages } from '../../dist/pages.js'

const SECRET = 'a secret of a test that is long enough'

/** People who may sign in to the product: the cookie `who` names one of them. */
export const PEOPLE = {
  ada: {
    tenant: 'northwind',
    actor: 'ada@northwind.example',
    can: ['read', 'people', 'credentials', 'record', 'close'],
  },
  lin: { tenant: 'northwind', actor: 'lin@northwind.example', can: ['read'] },
  bo: { tenant: 'contoso', actor: 'bo@contoso.example', can: ['read', 'people', 'credentials', 'record', 'close'] },
  nobody: { tenant: '', actor: 'nobody@example.com', can: ['read'] },
  grace: { actor: 'grace@acme.example', can: ['read', 'people', 'record'] },
}

/**
 * A product with tenants, a sign-in, and pages for its customers and its staff. Behind a header of helmet's defaults.
 */
export async function startProduct({ pages = {}, now, host, federation } = {}) {
  const app = express()
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const origin = `http://127.0.0.1:${server.address().port}`
  const url = `${host ?? origin}/scim/v2`
  const clock = now === undefined ? {} : { now }
  const credentials = ['token', 'oauth', ...(federation === undefined ? [] : ['federated'])]
  const connections = scimConnections({
    store: memoryStore(),
    secret: SECRET,
    url,
    credentials,
    ...(federation && { federation }),
    ...clock,
  })
  const log = journal({ store: memoryLog(), secret: SECRET, ...clock })
  const trail = auditTrail({ store: memoryAudit(), secret: SECRET, ...clock })
  const { users, groups } = memoryAdapters()
  const scim = scimRouter({
    authenticate: connections,
    tenants: 'required',
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    on: [log, trail],
  })
  const options = {
    scim,
    connections,
    log,
    trail,
    url,
    credentials,
    product: { name: 'Acme', support: 'help@acme.example' },
    ...clock,
    ...pages,
  }
  const whoOf = ({ headers }) => PEOPLE[/(?:^|; )who=(\w+)/.exec(headers.cookie ?? '')?.[1]]
  app.use('/scim/v2', connections.endpoint, scim)
  app.use((_request, response, next) => {
    // The default policy of helmet for scripts and styles.
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline'",
    )
    next()
  })
  app.use('/settings/scim', customerPages(whoOf, options))
  app.use('/admin/scim', staffPages(whoOf, options))
  return {
    origin,
    /** Where a URL that the pages show is reached from here. */
    reach: (shown) => shown.replace(host ?? origin, origin),
    connections,
    log,
    async end() {
      await log.flush()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

const UUID = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** An identity provider whose requests the tests choose. */
export function provider(url, token, agent) {
  const ask = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        'content-type': 'application/scim+json',
        'user-agent': agent,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  return {
    ask,
    /** Looks for a user who does not exist: the test of Entra. */
    test: () => ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${crypto.randomUUID()}"`)}`),
    /** Looks for a user by name, as Okta does. */
    find: (userName) => ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`),
    create: (userName, more = {}) =>
      ask('POST', '/Users', {
        schemas: [UUID],
        userName,
        externalId: `x-${userName}`,
        active: true,
        displayName: userName,
        emails: [{ type: 'work', primary: true, value: userName }],
        ...more,
      }),
    deactivate: (id) =>
      ask('PATCH', `/Users/${id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      }),
    createGroup: (displayName, members) =>
      ask('POST', '/Groups', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName,
        members: members.map((value) => ({ value })),
      }),
  }
}
