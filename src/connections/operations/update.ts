import type { Compatibility } from '../../index.js'
import type { Core } from '../core/core.js'
import { revoked } from '../credentials/credentials.js'
import { checkScopes } from '../options/scopes.js'
import { ConnectionsError } from '../store/errors.js'
import { type Deed, hasBeenUsed, type Method, type Row } from '../store/record.js'
import { changedSetup, type SetupNotes } from '../store/setup-notes.js'
import { checkedCompatibility, requireMethod, requireText } from './create.js'
import { type ConnectionChange, changeConnection, shown } from './place.js'
import type { Connection } from './view.js'

/** The members of a connection that may be changed. */
export interface ConnectionUpdate extends ConnectionChange {
  /** The identity provider, in one word: `entra`, `okta`. */
  readonly provider?: string
  /** A name for people. */
  readonly name?: string
  /** Until a credential of the connection has been used. Credentials of the method before are revoked. */
  readonly method?: Method
  /** Null: all. */
  readonly scopes?: readonly string[] | null
  /** Null: that of the router. */
  readonly compatibility?: Compatibility | null
  /**
   * How far the set-up is, for pages: a JSON object of at most 4,096 characters. Its members replace those of the same
   * name, null removes one; null in place of the object removes all.
   */
  readonly setup?: SetupNotes | null
}

const CHANGEABLE = ['provider', 'name', 'method', 'scopes', 'compatibility', 'setup'] as const

export async function updateConnection(core: Core, given: ConnectionUpdate): Promise<Connection> {
  const { tenant, id, by, provider, name, method, compatibility, setup } = given
  if (provider !== undefined) requireText('update', 'provider', provider)
  if (name !== undefined) requireText('update', 'name', name)
  if (method !== undefined) requireMethod(core.settings, method)
  if (compatibility !== undefined) checkedCompatibility('update', compatibility)
  const scopes = given.scopes === undefined ? undefined : checkScopes(core.settings.scopes, given.scopes)
  const row = await changeConnection(
    core,
    'update',
    { tenant, id, by },
    (row, deed) => ({
      ...withMethod(row, method ?? row.method, deed),
      provider: provider ?? row.provider,
      name: name ?? row.name,
      scopes: scopes === undefined ? row.scopes : scopes,
      compatibility: compatibility === undefined ? row.compatibility : compatibility,
      setup: setup === undefined ? row.setup : setup === null ? undefined : changedSetup(row.setup ?? {}, setup),
    }),
    [{ name: 'connection.updated', changed: CHANGEABLE.filter((member) => given[member] !== undefined) }],
  )
  return shown(core, row)
}

function withMethod(row: Row, method: Method, deed: Deed): Row {
  if (method === row.method) return row
  if (hasBeenUsed(row)) {
    throw new ConnectionsError('method', 'The connection has been used; make a new one for another method.')
  }
  return { ...row, method, credentials: revoked(row, undefined, deed) }
}
