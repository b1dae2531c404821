import type { Core } from '../core/core.js'
import { revoked } from '../credentials/credentials.js'
import { stateOf } from '../store/record.js'
import { type ConnectionChange, changeConnection, shown } from './place.js'
import type { Connection } from './view.js'

/** A connection that was paused. */
export interface PausedConnection {
  /** The connection in its new state. */
  readonly connection: Connection
  /** The reaction of the identity provider meanwhile, for the button that pauses. */
  readonly consequence: string
}

export async function pauseConnection(
  core: Core,
  { reason, ...change }: ConnectionChange & { readonly reason?: string },
): Promise<PausedConnection> {
  const row = await changeConnection(
    core,
    'pause',
    change,
    (row, deed) => ({ ...row, state: 'paused', paused: { ...deed, reason } }),
    [{ name: 'connection.paused' }],
  )
  return { connection: shown(core, row), consequence: consequenceOf(row.provider) }
}

export async function resumeConnection(core: Core, change: ConnectionChange): Promise<Connection> {
  const row = await changeConnection(
    core,
    'resume',
    change,
    ({ paused: _paused, ...row }) => ({ ...row, state: stateOf(row) }),
    [{ name: 'connection.resumed' }],
  )
  return shown(core, row)
}

export async function closeConnection(core: Core, change: ConnectionChange): Promise<Connection> {
  const row = await changeConnection(
    core,
    'close',
    change,
    (row, deed) => ({
      ...row,
      state: 'closed',
      closed: deed,
      credentials: revoked(row, undefined, deed),
      invitations: row.invitations.map((each) => (each.revoked ? each : { ...each, revoked: deed })),
    }),
    [{ name: 'connection.closed' }],
  )
  return shown(core, row)
}

function consequenceOf(provider: string): string {
  if (provider === 'entra') {
    return 'Requests are refused. Microsoft Entra ID puts the job into quarantine, tries once a day, and turns it off after four weeks.'
  }
  if (provider.startsWith('okta')) {
    return 'Requests are refused. Okta lists each failed change under Dashboard › Tasks; retry them there after the pause.'
  }
  return 'Requests are refused. The identity provider shows errors until the connection is resumed, and may stop by itself.'
}
