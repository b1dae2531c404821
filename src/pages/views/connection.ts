import type { Connection, Credential } from '../../connections/index.js'
import type { LogEntry } from '../../journal/index.js'
import { DAY } from '../../time.js'
import type { ConnectionView } from '../contract/contract.js'
import type { Settings } from '../request/options.js'
import { guideOf, healthView, lastHour } from './health.js'
import { notesOf } from './notes.js'

/** A connection as the pages show it, with its health. */
export async function connectionView(settings: Settings, connection: Connection): Promise<ConnectionView> {
  const { tenant, id } = connection
  return viewOf(settings, connection, (await lastHour(settings, tenant, id)).get(id))
}

/**
 * A connection as the pages show it, with its health, made of requests that have been read already.
 *
 * @param entries Its entries of the log of the last hour.
 */
export function viewOf(
  settings: Settings,
  connection: Connection,
  entries: readonly LogEntry[] | undefined,
): ConnectionView {
  const { tenant, id, provider, name, state, method, url, scopes, paused, closed, lastUsed, lastFailure } = connection
  const { step, finished = false } = notesOf(connection)
  return {
    tenant,
    id,
    provider,
    providerName: guideOf(settings, provider)?.name ?? provider,
    name,
    state,
    method,
    url,
    tokenUrl: method === 'token' ? undefined : tokenUrlOf(settings),
    clientId: method === 'token' ? undefined : id,
    scopes,
    created: doneView(connection.created),
    paused: paused && { ...doneView(paused), reason: paused.reason },
    closed: closed && doneView(closed),
    lastUsed: lastUsed && { ...lastUsed, at: lastUsed.at.toISOString() },
    lastFailure: lastFailure && { ...lastFailure, at: lastFailure.at.toISOString() },
    credentials: connection.credentials.map(credentialView),
    invitations: connection.invitations.map((invitation) => ({
      id: invitation.id,
      state: invitation.state,
      created: doneView(invitation.created),
      expires: invitation.expires.toISOString(),
    })),
    ...healthView(settings, connection, entries),
    recording: recordingView(connection, settings.now()),
    setup: { finished, step },
    findings: findingsOf(connection, settings.now()),
  }
}

/** The person who records, until the recording is over. */
export function recordingView({ recording }: Connection, now: number): ConnectionView['recording'] {
  if (recording === undefined || recording.until.getTime() <= now) return undefined
  const { until, values, by } = recording
  return { until: until.toISOString(), values, by }
}

export function tokenUrlOf({ url }: Settings): string {
  return `${url.endsWith('/') ? url.slice(0, -1) : url}/oauth/token`
}

function credentialView(credential: Credential): ConnectionView['credentials'][number] {
  const { id, kind, state, hint, created, expires, ends, lastUsed, revoked } = credential
  return {
    id,
    kind,
    state,
    hint,
    created: doneView(created),
    expires: expires?.toISOString(),
    ends: ends?.toISOString(),
    lastUsed: lastUsed?.toISOString(),
    revoked: revoked && doneView(revoked),
  }
}

function doneView({ at, by }: { readonly at: Date; readonly by: string }): {
  readonly at: string
  readonly by: string
} {
  return { at: at.toISOString(), by }
}

/** The tasks for a connection. */
function findingsOf({ state, method, credentials }: Connection, now: number): readonly string[] {
  if (state === 'closed') return []
  const live = credentials.filter((credential) => credential.state === 'live' || credential.state === 'ending')
  const what = method === 'token' ? 'token' : 'client secret'
  const found: string[] = []
  if (method === 'federated' && live.every(({ kind }) => kind !== 'assertion')) {
    found.push('No workload identity is registered. Paste the values of the provider into the set-up.')
  } else if (live.length === 0) {
    found.push(`There is no ${what} that works. Make one and paste it at the provider.`)
  }
  for (const { kind, state: of, expires, lastUsed } of live) {
    if (kind === 'assertion') continue
    if (expires === undefined) found.push(`A ${what} never ends. Make another with an end.`)
    const days = expires === undefined ? Number.POSITIVE_INFINITY : Math.ceil((expires.getTime() - now) / DAY)
    if (of === 'live' && days <= 30)
      found.push(`The ${what} ends in ${days} ${days === 1 ? 'day' : 'days'}. Make another.`)
    if (of === 'live' && lastUsed === undefined && live.length > 1) {
      found.push(`The new ${what} has not been used yet. Paste it at the provider; until then the old one goes on.`)
    }
  }
  return found
}
