import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './answer.js'
import type { RetryOptions } from './options.js'

/** The options of retries with their defaults. */
export interface RetryPlan {
  readonly attempts: number
  readonly firstDelay: number
  readonly longestDelay: number
  readonly wait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

const DEFAULTS: RetryPlan = {
  attempts: 5,
  firstDelay: 500,
  longestDelay: 120_000,
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal }),
}

/** Adds the defaults to the options of retries. */
export function retryPlan(options: RetryOptions | false | undefined): RetryPlan {
  if (options === false) return { ...DEFAULTS, attempts: 1 }
  return { ...DEFAULTS, ...options }
}

/** Whether the server refuses the request for now (429 or 503). It has not carried out any part of it. */
export function asksToWait({ status }: Answer): boolean {
  return status === 429 || status === 503
}

/**
 * Milliseconds to wait after an attempt; undefined if the server demands a longer wait than the options allow.
 *
 * RFC 9110 section 10.2.3: `Retry-After` is a number of seconds or a date.
 */
export function delayAfter(
  attempt: number,
  answer: Answer | undefined,
  plan: RetryPlan,
  now = Date.now(),
): number | undefined {
  const wanted = waitWanted(answer?.headers.get('retry-after') ?? '', now)
  if (wanted === undefined) return Math.min(plan.firstDelay * 2 ** (attempt - 1), plan.longestDelay)
  return wanted <= plan.longestDelay ? wanted : undefined
}

function waitWanted(header: string, now: number): number | undefined {
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
