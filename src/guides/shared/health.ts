import { HOUR } from '../../time.js'
import type { Entry } from './entry.js'

/** When a connection to a provider is healthy. */
export type HealthRule =
  /** The provider asks at intervals, also if nothing has changed: silence is a fault. Both in milliseconds. */
  | { readonly silence: 'fault'; readonly late: number; readonly silent: number }
  /** The provider sends only changes: silence is no sign. */
  | { readonly silence: 'normal' }

/** The health of a connection. */
export type Health = 'waiting' | 'good' | 'late' | 'silent' | 'failing' | 'lockedOut'

/** The requests of one connection, in numbers. */
export interface Traffic {
  /** The last request; undefined if none has come. */
  readonly last: { readonly time: Date; readonly status: number } | undefined
  /** The last hour, in numbers of requests. */
  readonly hour: {
    readonly requests: number
    readonly unauthorized: number
    readonly writes: number
    readonly refusedWrites: number
  }
}

/** The share of writes that may be refused in an hour. */
const FAILING = 0.4

/**
 * The health of a connection: `waiting` before the first request, `lockedOut` if only 401 was answered, `failing` if
 * more than 40 % of the writes of the last hour were refused, `late` and `silent` where silence is a fault, otherwise
 * `good`.
 *
 * @example
 * ```ts
 * import { guides, healthOf, trafficOf } from 'express-scim/guides'
 *
 * const now = new Date()
 * const entries = [{ method: 'GET', path: '/Users', status: 401, time: now }]
 * console.log(healthOf(guides.entra.health, trafficOf(entries, now), now)) // 'lockedOut'
 * ```
 */
export function healthOf(rule: HealthRule, { last, hour }: Traffic, now: Date = new Date()): Health {
  if (last === undefined) return 'waiting'
  const onlyRefused = hour.requests > 0 ? hour.unauthorized === hour.requests : last.status === 401
  if (onlyRefused) return 'lockedOut'
  if (hour.writes > 0 && hour.refusedWrites / hour.writes > FAILING) return 'failing'
  if (rule.silence === 'normal') return hour.requests === 0 && last.status >= 400 ? 'failing' : 'good'
  const silence = now.getTime() - last.time.getTime()
  if (silence > rule.silent) return 'silent'
  return silence > rule.late ? 'late' : 'good'
}

/** Counts the requests of a connection; entries without a time are not counted. */
export function trafficOf(entries: Iterable<Entry>, now: Date = new Date()): Traffic {
  let last: { time: Date; status: number } | undefined
  const hour = { requests: 0, unauthorized: 0, writes: 0, refusedWrites: 0 }
  for (const { time, status, method } of entries) {
    if (time === undefined) continue
    if (last === undefined || time >= last.time) last = { time, status }
    if (now.getTime() - time.getTime() > HOUR) continue
    hour.requests += 1
    if (status === 401) hour.unauthorized += 1
    if (['GET', 'HEAD'].includes(method)) continue
    hour.writes += 1
    if (status >= 400) hour.refusedWrites += 1
  }
  return { last, hour }
}

/** Entra asks about every 40 minutes, and once a day in quarantine. */
export const EVERY_CYCLE: HealthRule = { silence: 'fault', late: 2 * HOUR, silent: 26 * HOUR }

/** A provider that sends changes only. */
export const CHANGES_ONLY: HealthRule = { silence: 'normal' }
