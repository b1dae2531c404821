import type { IncomingMessage } from 'node:http'
import type { Can } from '../contract/contract.js'
import { CAN } from '../contract/shapes.js'
import { forbidden, PagesFailure } from './failure.js'
import type { AuthenticatePages, CustomerIdentity, Settings, StaffIdentity } from './options.js'

/** The visitor of the pages, as the routes know them. */
export interface Visitor {
  readonly audience: 'customer' | 'staff' | 'invited'
  /** Undefined for staff: they name a tenant in each path. */
  readonly tenant: string | undefined
  readonly actor: string
  readonly can: readonly Can[]
  /** For an invitation: its one connection. */
  readonly connection?: string
  readonly expires?: Date
}

export type FindVisitor = (request: IncomingMessage) => Promise<Visitor>

/** The header that carries the token of an invitation. */
const INVITATION = 'x-scim-invitation'
/** The header that carries the key which the browser of the invited person has made. */
const BROWSER = 'x-scim-browser'

/** Finds the administrator of one customer; a visitor without a tenant is refused. */
export function customerOf(authenticate: AuthenticatePages<CustomerIdentity>, settings: Settings): FindVisitor {
  return async (request) => {
    const token = request.headers[INVITATION]
    if (typeof token === 'string') return invitedBy(token, request.headers[BROWSER], settings)
    const identity = await authenticate(request)
    if (!identity) throw forbidden('You may not see this page. Ask an administrator.')
    // An absent tenant must never mean all of them.
    if (typeof identity.tenant !== 'string' || identity.tenant === '') {
      throw new PagesFailure(403, 'forbidden', 'Nobody knows whose page this is. Ask the support.')
    }
    return { audience: 'customer', tenant: identity.tenant, actor: actorOf(identity), can: canOf(identity.can, []) }
  }
}

/** Finds a member of the staff. An identity with a tenant is refused. */
export function staffOf(authenticate: AuthenticatePages<StaffIdentity>): FindVisitor {
  return async (request) => {
    const identity = await authenticate(request)
    if (!identity) throw forbidden('You may not see this page.')
    if ('tenant' in identity) throw forbidden('This page is for the staff, and the session belongs to a customer.')
    return { audience: 'staff', tenant: undefined, actor: actorOf(identity), can: canOf(identity.can, ['read']) }
  }
}

/** One browser for a link: without a key of its own it could be handed on. */
async function invitedBy(token: string, browser: unknown, { connections }: Settings): Promise<Visitor> {
  const isKey = typeof browser === 'string' && browser.length >= 32 && browser.length <= 200
  const invited = isKey ? await connections.invitation(token, browser) : undefined
  if (invited === undefined) {
    throw new PagesFailure(
      403,
      'invitation',
      'This link has ended, or was opened in another browser. Ask the sender for another one.',
    )
  }
  const { tenant, connection, invitation, expires } = invited
  return {
    audience: 'invited',
    tenant,
    actor: `invitation ${invitation}`,
    can: ['credentials'],
    connection: connection.id,
    expires,
  }
}

function actorOf({ actor }: { readonly actor: string }): string {
  if (typeof actor === 'string' && actor !== '') return actor
  throw forbidden('The product has not told your name. Ask the support.')
}

function canOf(given: unknown, otherwise: readonly Can[]): readonly Can[] {
  if (given === undefined) return otherwise
  if (!Array.isArray(given)) return []
  return CAN.filter((can) => given.includes(can))
}
