import type { Connection, MadeCredential } from '../../connections/index.js'
import type { ConnectionView, MadeView } from '../contract/contract.js'
import type { Call, Handlers } from '../request/call.js'
import { invalid, notFound, PagesFailure } from '../request/failure.js'
import type { Settings } from '../request/options.js'
import { connectionView, viewOf } from '../views/connection.js'
import { lastHour } from '../views/health.js'

/** The connection that a path names, of the tenant that the request is about. */
export async function connectionOf({
  settings,
  tenant,
  params,
}: Pick<Call<'getConnection'>, 'settings' | 'tenant' | 'params'>): Promise<Connection> {
  const found = await settings.connections.get({ tenant, id: params.connection ?? '' })
  if (found === undefined) throw notFound()
  return found
}

/** The connection of a path, and the actor of the change. */
export function changeOf({ tenant, params, visitor }: Pick<Call<'getConnection'>, 'tenant' | 'params' | 'visitor'>): {
  readonly tenant: string
  readonly id: string
  readonly by: string
} {
  return { tenant, id: params.connection ?? '', by: visitor.actor }
}

const shown = async (settings: Settings, connection: Connection): Promise<{ readonly connection: ConnectionView }> => ({
  connection: await connectionView(settings, connection),
})

async function madeView(settings: Settings, made: MadeCredential): Promise<MadeView> {
  const { token, clientId, clientSecret } = made
  return { connection: await connectionView(settings, made.connection), token, clientId, clientSecret }
}

/** The method of a connection for one of a guide, which calls a token without `Bearer` a header. */
export function methodOf(settings: Settings, id: string | undefined): 'token' | 'oauth' | 'federated' | undefined {
  if (id === undefined) return undefined
  const method = settings.methods.find((one) => one === (id === 'header' ? 'token' : id))
  if (method === undefined) throw invalid('Key method of the body is not offered here.')
  return method
}

type Names =
  | 'listConnections'
  | 'createConnection'
  | 'getConnection'
  | 'updateConnection'
  | 'rotateCredential'
  | 'revokeCredential'
  | 'pauseConnection'
  | 'resumeConnection'
  | 'closeConnection'
  | 'invite'
  | 'uninvite'

/** Connections, their credentials and invitations. */
export const connectionCalls: Handlers<Names> = {
  async listConnections({ settings, tenant }) {
    const [connections, hour] = await Promise.all([settings.connections.list({ tenant }), lastHour(settings, tenant)])
    return { connections: connections.map((one) => viewOf(settings, one, hour.get(one.id))) }
  },

  async createConnection({ settings, tenant, visitor, body }) {
    const { provider, name, app, method, federation, credential } = body
    const own = methodOf(settings, method)
    if (own === 'federated' && credential !== false && federation === undefined) {
      throw invalid('Key federation of the body is missing: it says whose assertions are taken.')
    }
    const made = await settings.connections.create({
      tenant,
      by: visitor.actor,
      provider,
      ...(name !== undefined && { name }),
      ...(own !== undefined && { method: own }),
      ...(federation !== undefined && { federation }),
      ...(credential !== undefined && { credential }),
      setup: { ...(app !== undefined && { app }), ...(method !== undefined && { method }) },
    })
    return madeView(settings, made)
  },

  async getConnection(call) {
    return shown(call.settings, await connectionOf(call))
  },

  async updateConnection(call) {
    return shown(call.settings, await call.settings.connections.update({ ...changeOf(call), name: call.body.name }))
  },

  async rotateCredential(call) {
    const { settings, body } = call
    const { overlap, federation } = body
    const made = await settings.connections.rotate({
      ...changeOf(call),
      ...(overlap !== undefined && { overlap }),
      ...(federation !== undefined && { federation }),
    })
    return madeView(settings, made)
  },

  async revokeCredential(call) {
    const { settings, params } = call
    const credential = params.credential ?? ''
    return shown(settings, await settings.connections.revoke({ ...changeOf(call), credential }))
  },

  async pauseConnection(call) {
    const { settings, body } = call
    const change = { ...changeOf(call), ...(body.reason !== undefined && { reason: body.reason }) }
    const { connection, consequence } = await settings.connections.pause(change)
    return { connection: await connectionView(settings, connection), consequence }
  },

  async resumeConnection(call) {
    return shown(call.settings, await call.settings.connections.resume(changeOf(call)))
  },

  async closeConnection(call) {
    const { name } = await connectionOf(call)
    if (call.body.name !== name) {
      throw new PagesFailure(409, 'name', 'The name that was typed is not that of the connection.')
    }
    return shown(call.settings, await call.settings.connections.close(changeOf(call)))
  },

  async invite({ settings, tenant, visitor, body }) {
    const { connection: id, provider, method } = body
    if (id === undefined && provider === undefined) {
      throw invalid('Key connection or provider of the body is missing.')
    }
    const made = await settings.connections.invite({
      tenant,
      by: visitor.actor,
      ...(id !== undefined && { id }),
      ...(provider !== undefined && { provider }),
      ...(method !== undefined && { method: methodOf(settings, method) ?? 'token' }),
    })
    return {
      connection: await connectionView(settings, made.connection),
      invitation: made.invitation,
      // Behind the mark a browser keeps it to itself: no proxy and no log of requests gets to see it.
      link: `i/#${made.token}`,
      expires: made.expires.toISOString(),
    }
  },

  async uninvite(call) {
    const invitation = call.params.invitation ?? ''
    return shown(call.settings, await call.settings.connections.uninvite({ ...changeOf(call), invitation }))
  },
}
