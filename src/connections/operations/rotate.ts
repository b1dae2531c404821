import { SetupError } from '../../index.js'
import type { Core } from '../core/core.js'
import { defaultLife, issue, revoked, succeeded } from '../credentials/credentials.js'
import { type FederationChoice, federationOf } from '../federated/federation.js'
import { type Duration, type Life, readDuration } from '../options/duration.js'
import { lifeOf } from '../options/options.js'
import { ConnectionsError } from '../store/errors.js'
import type { Row } from '../store/record.js'
import { type MadeCredential, made } from './create.js'
import { type ConnectionChange, changeConnection, shown } from './place.js'
import type { Connection } from './view.js'

/** How a credential takes the place of another. */
export interface Rotation extends ConnectionChange {
  /**
   * How long the credential in use lives on after the first use of the new one; `'0s'` ends it at once.
   *
   * @defaultValue `'7d'`
   */
  readonly overlap?: Duration
  /**
   * For the method `federated`: whose assertions are taken from now on, such as those of another application or tenant
   * at Microsoft Entra ID. Those of before are taken until the overlap is over.
   */
  readonly federation?: FederationChoice
  /**
   * The lifetime of the new credential.
   *
   * @defaultValue the option `life`
   */
  readonly life?: Life
}

export async function rotateCredential(
  core: Core,
  { overlap = '7d', life, federation, ...change }: Rotation,
): Promise<MadeCredential> {
  const milliseconds = readDuration(overlap)
  if (milliseconds === undefined) {
    throw new SetupError('ERR_SCIM_OPTION', "Option overlap must be a length of time such as '7d' or '0s'.")
  }
  let token: string | undefined
  let issuedId = ''
  const row = await changeConnection(
    core,
    'rotate',
    change,
    (row, deed) => {
      const trusted = requireFederation(row, federation)
        ? federationOf(federation, core.settings.federation)
        : undefined
      const issued = issue(core, row, deed, lifeOf('life', life, defaultLife(core, row)), trusted)
      token = issued.token
      issuedId = issued.credential.id
      return { ...row, credentials: succeeded(row, issued.credential, milliseconds, deed) }
    },
    () => [{ name: 'connection.rotated' }, { name: 'credential.created', credential: issuedId }],
  )
  return made(core, row, token)
}

/** Whether it is said whose assertions are taken: it must be for a federated connection, and must not be for others. */
function requireFederation({ method }: Row, federation: FederationChoice | undefined): federation is FederationChoice {
  if ((method === 'federated') === (federation !== undefined)) return federation !== undefined
  throw new ConnectionsError(
    'method',
    method === 'federated'
      ? 'A federated connection has no secret of its own: option federation must say whose assertions it takes.'
      : 'Option federation must be left out: the connection is not federated.',
  )
}

export async function revokeCredential(
  core: Core,
  { credential, ...change }: ConnectionChange & { readonly credential?: string },
): Promise<Connection> {
  const row = await changeConnection(
    core,
    'revoke',
    change,
    (row, deed) => {
      const isKnown = credential === undefined || row.credentials.some(({ id }) => id === credential)
      if (!isKnown) throw new ConnectionsError('unknown', 'The connection has no such credential.')
      return { ...row, credentials: revoked(row, credential, deed) }
    },
    [{ name: 'credential.revoked', credential }],
  )
  return shown(core, row)
}
