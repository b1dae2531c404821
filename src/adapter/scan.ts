import { setImmediate } from 'node:timers/promises'
import { ScimError } from '../error.js'

/** How much one query may read. */
export interface ScanBudget {
  readonly resources: number
  readonly milliseconds: number
}

// A longer stretch would be felt by the requests beside it.
const STRETCH_MS = 5
// Asking the clock for every resource would cost more than most filters.
const CLOCK_EVERY = 32

/**
 * Visits every item. Other requests get their turn every few milliseconds, and the iterator is closed whatever happens.
 * Throws ScimError `tooMany` beyond the budget, and the reason of the signal when it aborts.
 */
export async function scan<T>(
  items: Iterable<T> | AsyncIterable<T>,
  visit: (item: T) => void,
  budget: ScanBudget,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  const start = performance.now()
  let stretch = start
  let visited = 0

  const pauseIsDue = (every: number): boolean => {
    visited += 1
    if (visited > budget.resources) throw tooMany()
    if (visited % every !== 0) return false
    signal?.throwIfAborted()
    const now = performance.now()
    if (now - start > budget.milliseconds) throw tooMany()
    return now - stretch > STRETCH_MS
  }
  const pause = async (): Promise<void> => {
    await setImmediate()
    stretch = performance.now()
    signal?.throwIfAborted()
  }

  if (Symbol.asyncIterator in items) {
    for await (const item of items) {
      if (pauseIsDue(1)) await pause()
      visit(item)
    }
  } else {
    for (const item of items) {
      if (pauseIsDue(CLOCK_EVERY)) await pause()
      visit(item)
    }
  }
}

function tooMany(): ScimError {
  // RFC 7644 section 3.12, tooMany: "The specified filter yields many more results than the server is willing to
  // calculate or process."
  return ScimError.tooMany('The query would have to look at too many resources. Ask for fewer with a filter.')
}
