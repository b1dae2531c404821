import { SetupError } from '../../index.js'
import { type Core, emitChange } from '../core/core.js'
import { boundTo } from '../credentials/credentials.js'
import { type Duration, readDuration } from '../options/duration.js'
import { ConnectionsError } from '../store/errors.js'
import { type InvitationRecord, invitationKey, type Method, type Row } from '../store/record.js'
import { requireActor, requireTenant } from '../store/tenant.js'
import { isSame, sha256 } from '../tokens/keys.js'
import { newCredentialId, newSecret, readToken, tokenText } from '../tokens/token-text.js'
import { createInvited } from './create.js'
import { type ConnectionChange, changeConnection, requireOpen, shown } from './place.js'
import type { Connection } from './view.js'

/** The recipient of an invitation. */
export interface NewInvitation {
  /** The tenant of the connection. */
  readonly tenant: string
  /** The connection that the invited person is to set up. Without it a new one is made, for `provider`. */
  readonly id?: string
  /** The identity provider of a new connection: `entra`. Needed without `id`. */
  readonly provider?: string
  /** The kind of credential of a new connection. */
  readonly method?: Method
  /**
   * How long the invitation is valid.
   *
   * @defaultValue `'72h'`
   */
  readonly expires?: Duration
  /** The person who invites. */
  readonly by: string
}

/** A new invitation. Only this result has the token. */
export interface MadeInvitation {
  /** The connection that the invitation is for. */
  readonly connection: Connection
  /** Id of the invitation. */
  readonly invitation: string
  /** Put it into a link of yours, and mail that. */
  readonly token: string
  /** When the invitation ends. */
  readonly expires: Date
}

/** The rights of an invitation. */
export interface InvitationRights {
  /** The tenant of the connection. */
  readonly tenant: string
  /** The one connection that the invited person may set up. */
  readonly connection: Connection
  /** Id of the invitation. */
  readonly invitation: string
  /** The permissions for the pages. */
  readonly can: readonly ['credentials']
  /** When the invitation ends. */
  readonly expires: Date
}

const OPEN_INVITATIONS = 10

/** Links for a person who administers the identity provider and has no account in the application. */
export class Invitations {
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
  }

  async invite({ tenant, id, provider, method, expires = '72h', by }: NewInvitation): Promise<MadeInvitation> {
    const { keys, now, rows, settings } = this.#core
    requireTenant('invite', tenant)
    requireActor('invite', by)
    const length = readDuration(expires)
    if (length === undefined) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        "Option expires of connections.invite must be a length of time such as '72h'.",
      )
    }
    const connection =
      id ?? (await createInvited(this.#core, { tenant, provider: provider ?? '', by, ...(method && { method }) })).id
    const invitation = newCredentialId()
    const secret = newSecret()
    const place = { tenant, id: connection }
    const record: InvitationRecord = {
      id: invitation,
      hash: keys.digest(boundTo(place, invitation), secret),
      created: { at: now(), by },
      expires: now() + length,
    }
    const row = await rows.change(tenant, connection, (current) => {
      requireOpen(current)
      return { ...current, invitations: [...current.invitations.slice(1 - OPEN_INVITATIONS), record] }
    })
    emitChange(this.#core, row, by, [{ name: 'invitation.created', credential: invitation }])
    const token = tokenText(settings.prefix, 'invitation', invitation, secret)
    return { connection: shown(this.#core, row), invitation, token, expires: new Date(record.expires) }
  }

  /**
   * The rights of the token of an invitation; undefined if it is none, has ended, or belongs to another browser.
   *
   * @param browser A key that the browser has made and keeps, 32 characters or more. The first key is bound to the
   * invitation: a link that is forwarded or found later opens nothing.
   */
  async invitation(token: string, browser?: string): Promise<InvitationRights | undefined> {
    const { keys, now, rows, settings } = this.#core
    const read = typeof token === 'string' ? readToken(settings.prefix, token) : 'foreign'
    if (typeof read === 'string' || read.kind !== 'invitation') return undefined
    const row = await rows.find(invitationKey(read.id))
    const found = row?.invitations.find(({ id }) => id === read.id)
    if (row === undefined || found === undefined || row.state === 'closed') return undefined
    if (found.revoked || found.expires <= now()) return undefined
    if (!keys.matches(boundTo(row, read.id), found.hash, read.secret)) return undefined
    const owner =
      found.browser ?? (browser === undefined ? undefined : await this.#bind(row, found.id, sha256(browser)))
    if (owner !== undefined && (browser === undefined || !isSame(owner, sha256(browser)))) return undefined
    const connection = shown(this.#core, row)
    return {
      tenant: row.tenant,
      connection,
      invitation: found.id,
      can: ['credentials'],
      expires: new Date(found.expires),
    }
  }

  /** Binds an invitation to its first browser. Returns the one that was first: another process may have been faster. */
  async #bind({ tenant, id }: Row, invitation: string, browser: string): Promise<string | undefined> {
    const { invitations } = await this.#core.rows.change(tenant, id, (current) =>
      current.invitations.some((each) => each.id === invitation && each.browser === undefined)
        ? {
            ...current,
            invitations: current.invitations.map((each) => (each.id === invitation ? { ...each, browser } : each)),
          }
        : current,
    )
    return invitations.find((each) => each.id === invitation)?.browser
  }

  async uninvite({
    tenant,
    id,
    by,
    invitation,
  }: ConnectionChange & { readonly invitation: string }): Promise<Connection> {
    const row = await changeConnection(
      this.#core,
      'uninvite',
      { tenant, id, by },
      (current, deed) => {
        if (!current.invitations.some((each) => each.id === invitation)) {
          throw new ConnectionsError('unknown', 'The connection has no such invitation.')
        }
        const invitations = current.invitations.map((each) =>
          each.id === invitation && !each.revoked ? { ...each, revoked: deed } : each,
        )
        return { ...current, invitations }
      },
      [{ name: 'invitation.revoked', credential: invitation }],
    )
    return shown(this.#core, row)
  }
}
