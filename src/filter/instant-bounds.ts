import type { ComparisonKey } from '../schema/values/compare.js'
import { sortableInstant } from '../schema/values/date-time.js'

/** The millisecond that contains an instant. */
export interface InstantBounds {
  readonly begin: Date
  /** The beginning of the next millisecond. */
  readonly end: Date
  /** Whether the instant has digits after its milliseconds, so that no Date equals it. */
  readonly finer: boolean
}

/**
 * The bounds of the comparison key of an instant; undefined outside the years 1 to 9999, the range of every database.
 */
export function instantBounds(key: ComparisonKey): InstantBounds | undefined {
  const finer = typeof key === 'string'
  const start = finer ? Number(key.slice(0, INSTANT_DIGITS)) - Number(sortableInstant(0)) : Number(key)
  if (!(start >= FIRST_INSTANT && start < LAST_INSTANT)) return undefined
  return { begin: new Date(start), end: new Date(start + 1), finer }
}

const INSTANT_DIGITS = sortableInstant(0).length
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z')
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59Z')
