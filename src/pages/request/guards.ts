import type { IncomingMessage } from 'node:http'
import { HOUR } from '../../time.js'
import type { Route } from '../contract/routes.js'
import { invalid, PagesFailure } from './failure.js'
import type { ConfirmRequest, Settings } from './options.js'
import type { Visitor } from './visitor.js'

const MOST_CREDENTIALS = 10
const MOST_ACTORS = 10_000

/** Why staff look at people of a tenant, in their words, which the tenant sees; undefined if no reason is needed. */
export function reasonOf(
  { headers }: IncomingMessage,
  { audience }: Visitor,
  { reason: isWanted }: Route,
  { trail }: Settings,
): string | undefined {
  if (audience !== 'staff' || isWanted !== true) return undefined
  if (trail === undefined) {
    throw new PagesFailure(403, 'forbidden', 'Without an audit trail staff may not look at people: nobody would know.')
  }
  const given = headers['x-scim-reason']
  const reason = typeof given === 'string' ? readReason(given).trim() : ''
  if (reason.length >= 3 && reason.length <= 300) return reason
  throw new PagesFailure(428, 'reason', 'Say in 3 to 300 characters why you look. The customer gets to read it.')
}

/** Headers hold ASCII alone. */
function readReason(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('Header X-Scim-Reason must be percent-encoded.')
  }
}

/** Asks the host whether it is really this person. */
export async function confirmed({ confirm }: Settings, what: ConfirmRequest): Promise<void> {
  if (confirm === undefined) return
  const answer = await confirm(what)
  if (answer === true) return
  const url = typeof answer === 'object' && typeof answer?.url === 'string' ? answer.url : undefined
  throw new PagesFailure(403, 'confirm', 'Sign in again to confirm that it is you.', url)
}

const made = new WeakMap<Settings['connections'], Map<string, number[]>>()

/**
 * At most ten credentials or invitations an hour for an actor: counted in this process, and in the stored credentials
 * of the tenant, which other processes have written.
 */
export async function limitCredentials(settings: Settings, visitor: Visitor, tenant: string): Promise<void> {
  const { connections, now } = settings
  const since = now() - HOUR
  const actors = made.get(connections) ?? new Map<string, number[]>()
  made.set(connections, actors)
  const key = JSON.stringify([visitor.audience, visitor.tenant, visitor.actor])
  const own = (actors.get(key) ?? []).filter((time) => time > since)
  const stored = (await connections.list({ tenant }))
    .flatMap(({ credentials, invitations }) => [...credentials, ...invitations])
    .filter(({ created }) => created.by === visitor.actor && created.at.getTime() > since)
  if (Math.max(own.length, stored.length) >= MOST_CREDENTIALS) {
    throw new PagesFailure(
      429,
      'tooMany',
      'You have made ten credentials within an hour. Wait before you make another.',
    )
  }
  // The actor that came first is forgotten first.
  actors.delete(key)
  actors.set(key, [...own, now()])
  const [oldest] = actors.size > MOST_ACTORS ? actors.keys() : []
  if (oldest !== undefined) actors.delete(oldest)
}
