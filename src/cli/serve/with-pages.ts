import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type ScimService, scimService } from '../../service/index.js'
import { MOUNT, mounted } from './mounted.js'
import type { OneUseLink } from './one-use-link.js'
import type { Storage } from './storage.js'

/** The only tenant of a served service. */
const TENANT = 'local'
const ACTOR = 'owner'
const CUSTOMER = '/settings/scim'
const STAFF = '/admin/scim'

/** A service with connections, log and pages. */
export interface ServedPages {
  readonly listener: RequestListener
  /** The token of a connection for commands. Each start makes a new one. */
  readonly token: string
}

/**
 * Builds a service with pages. The link gives access to the pages; the token of the connection gives access to SCIM.
 */
export async function withPages(
  storage: Storage,
  link: OneUseLink,
  { url, secret, strict }: { readonly url: string; readonly secret: string; readonly strict: boolean },
): Promise<ServedPages> {
  const service = scimService({
    store: storage.stores(),
    secret,
    url,
    prefix: 'serve',
    credentials: ['token', 'oauth'],
    product: { name: 'express-scim serve' },
    router: { compatibility: strict ? 'strict' : 'tolerant' },
  })
  await service.migrate()
  const owner = { actor: ACTOR, can: ['read', 'people', 'credentials', 'record', 'close'] as const }
  const customer = service.customerPages((request) => link.isSignedIn(request) && { ...owner, tenant: TENANT })
  const staff = service.staffPages((request) => link.isSignedIn(request) && { actor: ACTOR, can: ['read', 'people'] })
  const notFound = (response: ServerResponse) => () => void response.writeHead(404).end()

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const next = notFound(response)
    const path = (request.url ?? '/').replace(/[?#].*$/s, '')
    const found = (
      [
        [MOUNT, service],
        [CUSTOMER, customer],
        [STAFF, staff],
      ] as const
    ).find(([mount]) => mounted(request, mount))
    if (found !== undefined) found[1](request, response, next)
    else if (path === '/') link.answer(request, response, `.${CUSTOMER}/`)
    else service.metadata(request, response, next)
  }
  return { listener, token: await tokenOf(service) }
}

/** The token of the connection for commands. Each start revokes the token of the start before. */
async function tokenOf({ connections }: ScimService): Promise<string> {
  const [known] = (await connections.list({ tenant: TENANT })).filter(({ provider }) => provider === 'command')
  const { token } =
    known === undefined
      ? await connections.create({ tenant: TENANT, provider: 'command', name: 'Commands on this machine', by: ACTOR })
      : await connections.rotate({ tenant: TENANT, id: known.id, overlap: '0s', by: ACTOR })
  return String(token)
}
