import type { Connection } from '../../connections/index.js'
import { type Guide, type Health, type HealthRule, healthOf, type Traffic, trafficOf } from '../../guides/index.js'
import type { ALL_TENANTS, LogEntry } from '../../journal/index.js'
import { HOUR } from '../../time.js'
import type { ConnectionView } from '../contract/contract.js'
import type { Settings } from '../request/options.js'

const PAGE = 1_000
const MOST_PAGES = 5

const SENTENCES: Readonly<Record<Health | 'paused' | 'closed', string>> = {
  waiting: 'Nothing has come yet.',
  good: 'All is well.',
  late: 'The provider should have come by now.',
  silent: 'The provider has not come for more than a day.',
  failing: 'More than 40 % of the changes of the last hour were refused.',
  lockedOut: 'The credentials are refused.',
  paused: 'The connection is paused.',
  closed: 'The connection is closed.',
}

// A provider without a guide: silence is no sign.
const ONLY_CHANGES: HealthRule = { silence: 'normal' }

/** The requests of the last hour, by connection; at most the latest 5,000. */
export async function lastHour(
  { log, now }: Settings,
  tenant: string | typeof ALL_TENANTS,
  connection?: string,
): Promise<ReadonlyMap<string, readonly LogEntry[]>> {
  const found = new Map<string, LogEntry[]>()
  let before: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { entries, next } = await log.page({ tenant, connection, from: new Date(now() - HOUR), before, count: PAGE })
    for (const entry of entries) {
      // Requests of the application itself are no sign of the provider's health.
      if (entry.via !== 'client' || entry.connection === '') continue
      const own = found.get(entry.connection)
      if (own === undefined) found.set(entry.connection, [entry])
      else own.push(entry)
    }
    if (next === undefined) break
    before = next
  }
  return found
}

/** The health of a connection by the rule of its provider, and its last request: both follow from the same requests. */
export function healthView(
  settings: Settings,
  connection: Connection,
  entries: readonly LogEntry[] = [],
): Pick<ConnectionView, 'health' | 'lastRequest'> {
  const { state } = connection
  const now = new Date(settings.now())
  const rule = guideOf(settings, connection.provider)?.health ?? ONLY_CHANGES
  const traffic = withLast(trafficOf(entries, now), connection)
  const found = state === 'paused' || state === 'closed' ? state : healthOf(rule, traffic, now)
  const since = found === 'late' || found === 'silent' ? traffic.last?.time : undefined
  const { last } = traffic
  return {
    health: { state: found, since: since?.toISOString(), text: SENTENCES[found] },
    lastRequest: last && { at: last.time.toISOString(), accepted: last.status !== 401 },
  }
}

/** The connection remembers its last request longer than the last hour. */
function withLast(traffic: Traffic, { lastUsed, lastFailure }: Connection): Traffic {
  const known = [
    ...(traffic.last ? [traffic.last] : []),
    ...(lastUsed ? [{ time: lastUsed.at, status: 200 }] : []),
    ...(lastFailure ? [{ time: lastFailure.at, status: 401 }] : []),
  ]
  // Both are exact to a minute: the log knows better which of two came last.
  const [first, ...rest] = known
  const last = rest.reduce((latest, one) => (latest && one.time > latest.time ? one : latest), first)
  return { ...traffic, last }
}

export function guideOf({ guides }: Settings, provider: string): Guide | undefined {
  return guides.find(({ id }) => id === provider)
}
