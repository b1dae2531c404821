import { setImmediate } from 'node:timers/promises'
import { ScimError } from '../error.js'

/** The most work for one query. */
export interface ScanBudget {
  readonly resources: number
  readonly milliseconds: number
}

// A longer stretch would delay other requests noticeably.
const STRETCH_MS = 5
// Reading the clock for every resource would cost more than most filters. It is read more often if a resource takes
// long.
const CLOCK_EVERY = 32
const SLOW_MS = 1

/**
 * Visits every item, and waits for visits that are asynchronous. Pauses every few milliseconds for other requests.
 * Closes the iterator in every case. Throws ScimError `tooMany` beyond the budget, and the reason of the signal if it
 * aborts.
 */
export async function scan<T>(
  items: Iterable<T> | AsyncIterable<T>,
  visit: (item: T) => unknown,
  budget: ScanBudget,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  const start = performance.now()
  let stretch = start
  let visited = 0
  let last = start
  let next = 1
  let every = 1

  const pauseIsDue = (most: number): boolean => {
    visited += 1
    if (visited > budget.resources) throw tooMany()
    if (visited < next) return false
    signal?.throwIfAborted()
    const now = performance.now()
    every = now - last > SLOW_MS ? 1 : Math.min(most, every * 2)
    last = now
    next = visited + every
    if (now - start > budget.milliseconds) throw tooMany()
    return now - stretch > STRETCH_MS
  }
  const pause = async (): Promise<void> => {
    await setImmediate()
    stretch = performance.now()
    last = stretch
    signal?.throwIfAborted()
  }

  if (Symbol.asyncIterator in items) {
    for await (const item of items) {
      if (pauseIsDue(1)) await pause()
      const visiting = visit(item)
      if (visiting instanceof Promise) await visiting
    }
  } else {
    for (const item of items) {
      if (pauseIsDue(CLOCK_EVERY)) await pause()
      const visiting = visit(item)
      if (visiting instanceof Promise) await visiting
    }
  }
}

/** The error of a query that exceeds the budget. */
export function tooMany(): ScimError {
  // RFC 7644 section 3.12, tooMany: "The specified filter yields many more results than the server is willing to
  // calculate or process."
  return ScimError.tooMany('The query would have to look at too many resources. Ask for fewer with a filter.')
}
