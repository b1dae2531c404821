import type { RefusalReason } from '../../index.js'
import { DAY, MINUTE } from '../../time.js'
import { type Core, emitEvents, type KnownCredential } from '../core/core.js'
import type { EventDraft } from '../options/events.js'
import { type CredentialRecord, endOf, hasBeenUsed, type Row } from '../store/record.js'
import type { Digest } from '../tokens/keys.js'

/** Days before its end at which `credential.expiring` is emitted. */
const THRESHOLDS = [30, 14, 3]

/** The client of a request: an identity provider, and no person. */
export interface UsedBy {
  readonly address: string | undefined
  readonly userAgent: string | undefined
}

/**
 * Until when, in ticks, nothing is noted of a connection: while another request does it, and for a minute after the
 * store has failed at it.
 */
const noting = new WeakMap<Core, Map<string, number>>()

/**
 * Notes the use of a credential, at most once a minute but for the first one: the state of the connection, the end of
 * the overlap, the newest key, and events about its end. A store that fails here fails no request.
 */
export async function noteUse(core: Core, known: KnownCredential, by: UsedBy): Promise<KnownCredential> {
  const { row, credential } = known
  const now = core.now()
  if (!isToNote(known, now)) return known
  return once(core, row.id, known, async () => {
    const events: EventDraft[] = []
    const changed = await core.rows.change(row.tenant, row.id, (current) => {
      events.length = 0
      const used = current.credentials.find(({ id }) => id === credential.id)
      if (used === undefined || current.state === 'closed' || current.state === 'paused') return current
      if (!hasBeenUsed(current)) events.push({ name: 'connection.used', credential: credential.id })
      const due = dueThreshold(used, now)
      if (due !== undefined) {
        events.push({ name: 'credential.expiring', credential: used.id, expires: new Date(used.expires as number) })
      }
      const next: CredentialRecord = {
        ...used,
        firstUsed: used.firstUsed ?? now,
        lastUsed: now,
        ...(known.rehashed && { hash: known.rehashed }),
        told: due === undefined ? used.told : [...used.told, ...THRESHOLDS.filter((days) => days >= due)],
      }
      return {
        ...current,
        state: current.testing ? 'testing' : 'active',
        lastUsed: {
          at: now,
          ...(by.address && { address: by.address }),
          ...(by.userAgent && { userAgent: by.userAgent }),
        },
        credentials: current.credentials.map((each) => (each === used ? next : withEnd(current, each, now))),
      }
    })
    emitEvents(core, row, 'client', events)
    const used = changed.credentials.find(({ id }) => id === credential.id)
    return used === undefined ? known : { ...known, row: changed, credential: used }
  })
}

/** Notes why a request was refused, at most once a minute. */
export async function noteFailure(
  core: Core,
  row: Row,
  reason: RefusalReason,
  credential?: CredentialRecord,
): Promise<void> {
  const now = core.now()
  if (row.lastFailure && !isMinuteAway(row.lastFailure.at, now)) return
  await once(core, row.id, undefined, async () => {
    let hasEnded = false
    await core.rows.change(row.tenant, row.id, (current) => {
      const ended = current.credentials.find(({ id }) => id === credential?.id)
      hasEnded = reason === 'expired' && ended !== undefined && !ended.told.includes(0)
      return {
        ...current,
        lastFailure: { at: now, reason },
        credentials: current.credentials.map((each) =>
          each === ended && hasEnded ? { ...each, told: [...each.told, 0] } : each,
        ),
      }
    })
    if (hasEnded) emitEvents(core, row, 'client', [{ name: 'credential.expired', credential: credential?.id }])
    return undefined
  })
}

/** A credential whose overlap is over is revoked in its row too, so that another connection may take its assertions. */
function withEnd({ credentials }: Row, credential: CredentialRecord, now: number): CredentialRecord {
  const end = credential.revoked === undefined ? endOf(credentials, credential) : undefined
  return end !== undefined && end <= now ? { ...credential, revoked: { at: end, by: 'rotation' } } : credential
}

function isToNote({ row, credential, rehashed }: KnownCredential, now: number): boolean {
  const isStale = row.lastUsed === undefined || isMinuteAway(row.lastUsed.at, now)
  return isStale || row.state === 'new' || credential.firstUsed === undefined || rehashed !== undefined
}

/** A time that lies ahead was written under a clock that was wrong. */
function isMinuteAway(time: number, now: number): boolean {
  return Math.abs(now - time) >= MINUTE
}

/** The threshold that is reached and has no event yet; undefined if there is no event to emit. */
function dueThreshold({ expires, told }: CredentialRecord, now: number): number | undefined {
  if (expires === null) return undefined
  const reached = THRESHOLDS.filter((days) => expires - now <= days * DAY).at(-1)
  return reached === undefined || told.includes(reached) ? undefined : reached
}

async function once<T>(core: Core, id: string, otherwise: T, work: () => Promise<T>): Promise<T> {
  const busy = noting.get(core) ?? new Map<string, number>()
  noting.set(core, busy)
  if ((busy.get(id) ?? Number.NEGATIVE_INFINITY) > core.ticks()) return otherwise
  // A store that never answers keeps notes from being taken for a minute, and not for ever.
  busy.set(id, core.ticks() + MINUTE)
  try {
    const result = await work()
    busy.delete(id)
    return result
  } catch (error) {
    busy.set(id, core.ticks() + MINUTE)
    core.listeners.fail(error)
    return otherwise
  }
}

/** Digest under the newest key, if a credential is stored under an older one. */
export function rehash(stored: Digest, newest: string, digest: () => Digest): Digest | undefined {
  return stored.key === newest ? undefined : digest()
}
