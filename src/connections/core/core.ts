import { type ConnectionEvent, type EventDraft, Listeners } from '../options/events.js'
import type { Settings } from '../options/options.js'
import { memoryRate, type Rate, type RateLimiter } from '../options/rates.js'
import type { CredentialRecord, Row } from '../store/record.js'
import { Rows } from '../store/rows.js'
import { type Digest, Keys } from '../tokens/keys.js'
import { Cache, type Clocks } from './cache.js'
import type { ConnectionIdentity } from './identity.js'

/** A good token: its connection and credential. */
export interface KnownCredential {
  /** Id of the connection. */
  readonly connection: string
  readonly row: Row
  readonly credential: CredentialRecord
  /** When it ends at the latest, in milliseconds. */
  readonly until: number
  /** The digest under the newest key, if the stored one is older. */
  readonly rehashed?: Digest | undefined
}

/** A good token in the cache, with the identity of its requests. */
export interface CachedCredential extends KnownCredential {
  readonly identity: ConnectionIdentity
}

/** The objects that all parts share. */
export interface Core extends Clocks {
  readonly settings: Settings
  readonly keys: Keys
  readonly rows: Rows
  readonly cache: Cache<CachedCredential>
  readonly listeners: Listeners
  readonly failures: RateLimiter | undefined
  readonly perConnection: RateLimiter | undefined
}

export function coreOf(settings: Settings): Core {
  const { now, ticks } = settings
  const limiter = (rate: Rate | RateLimiter | undefined): RateLimiter | undefined =>
    rate === undefined || 'take' in rate ? rate : memoryRate(rate, ticks)
  return {
    settings,
    keys: new Keys(settings.secrets),
    rows: new Rows(settings.store),
    cache: new Cache(settings.cacheTime, { now, ticks }),
    listeners: new Listeners(settings.on),
    failures: limiter(settings.failures),
    perConnection: limiter(settings.perConnection),
    now,
    ticks,
  }
}

/** Emits the events of a connection, and drops its tokens from the cache. */
export function emitChange(
  { listeners, cache, now }: Core,
  { tenant, id }: Pick<Row, 'tenant' | 'id'>,
  by: string,
  events: readonly EventDraft[],
): void {
  cache.forget(id)
  emitEvents({ listeners, now }, { tenant, id }, by, events)
}

/** Emits the events of a connection. */
export function emitEvents(
  { listeners, now }: Pick<Core, 'listeners' | 'now'>,
  { tenant, id }: Pick<Row, 'tenant' | 'id'>,
  by: string,
  events: readonly EventDraft[],
): void {
  const time = new Date(now())
  listeners.emit(
    events.map(
      ({ name, credential, expires, changed }): ConnectionEvent => ({
        name,
        tenant,
        connection: id,
        credential,
        by,
        time,
        expires,
        changed,
      }),
    ),
  )
}
