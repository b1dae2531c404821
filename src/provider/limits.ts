import { SetupError } from '../error.js'

/**
 * Every bound of the library with its default. docs/limits.md is made from this table.
 */
export const LIMITS = Object.freeze({
  bodyBytes: { default: 1_048_576, unit: 'bytes', answer: '413', what: 'request body, except on /Bulk' },
  jsonDepth: { default: 32, unit: 'levels', answer: '400 invalidSyntax', what: 'nesting of a request body' },
  patchOperations: { default: 1_000, unit: 'operations', answer: '413', what: 'operations of one PATCH' },
  patchValues: { default: 20_000, unit: 'values', answer: '413', what: 'values of one PATCH operation' },
  filterLength: { default: 8_192, unit: 'characters', answer: '400 invalidFilter', what: 'length of a filter' },
  filterDepth: { default: 50, unit: 'levels', answer: '400 invalidFilter', what: 'nesting of a filter' },
  filterNodes: { default: 500, unit: 'expressions', answer: '400 invalidFilter', what: 'expressions of a filter' },
  maxResults: { default: 200, unit: 'resources', answer: 'cut', what: 'resources on one page' },
  defaultResults: {
    default: 100,
    unit: 'resources',
    answer: 'cut',
    what: 'resources on a page when count is not given',
  },
  maxMatches: { default: 1_000_000_000, unit: 'resources', answer: '400 tooMany', what: 'matches of one query' },
  scanResources: { default: 100_000, unit: 'resources', answer: '400 tooMany', what: 'candidates read for one query' },
  scanTime: { default: 2_000, unit: 'ms', answer: '400 tooMany', what: 'time to read candidates for one query' },
  bulkOperations: { default: 1_000, unit: 'operations', answer: '413', what: 'operations of one bulk request' },
  bulkBytes: { default: 2_097_152, unit: 'bytes', answer: '413', what: 'body of a bulk request' },
  requestTime: {
    default: 30_000,
    unit: 'ms',
    answer: '503',
    what: 'time from the first byte of a request to its answer',
  },
  patchAttempts: {
    default: 20,
    unit: 'attempts',
    answer: '503',
    what: 'attempts of a PATCH that other writers overtake',
  },
} as const)

/** The name of a bound. */
export type LimitName = keyof typeof LIMITS

/** Every bound, filled in. */
export type Limits = Readonly<Record<LimitName, number>>

/** Fills in the defaults. Throws a {@link SetupError} for an unknown name or a value that is no positive integer. */
export function resolveLimits(options: Partial<Limits> = {}): Limits {
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, row]) => [name, row.default])) as Record<
    LimitName,
    number
  >
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(LIMITS, name)) throw new SetupError('ERR_SCIM_LIMIT', `There is no limit named "${name}".`)
    if (value === undefined) continue
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new SetupError('ERR_SCIM_LIMIT', `Limit "${name}" is a whole number of 1 or more.`)
    }
    limits[name as LimitName] = value
  }
  limits.defaultResults = Math.min(limits.defaultResults, limits.maxResults)
  return Object.freeze(limits)
}
