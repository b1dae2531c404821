/**
 * Every bound of the library: its default, what a client gets beyond it, and where it is enforced. docs/limits.md is made
 * from this table.
 */
export const LIMITS = Object.freeze({
  bodyBytes: {
    default: 1_048_576,
    unit: 'bytes',
    answer: '413',
    what: 'request body, except on /Bulk',
    where: 'while the body is read',
  },
  jsonDepth: {
    default: 32,
    unit: 'levels',
    answer: '400 invalidSyntax',
    what: 'nesting of a request body',
    where: 'before the body is parsed',
  },
  jsonValues: {
    default: 100_000,
    unit: 'values',
    answer: '413',
    what: 'values of a request body: objects, arrays, texts, numbers, true, false and null, at any depth',
    where: 'before the body is parsed',
  },
  patchOperations: {
    default: 1_000,
    unit: 'operations',
    answer: '413',
    what: 'operations of one PATCH',
    where: 'before the store is asked',
  },
  patchValues: {
    default: 20_000,
    unit: 'values',
    answer: '413',
    what: 'values of one PATCH operation',
    where: 'before the store is asked',
  },
  filterLength: {
    default: 8_192,
    unit: 'characters',
    answer: '400 invalidFilter',
    what: 'length of a filter in a URL',
    where: 'before it is parsed',
  },
  searchFilterLength: {
    default: 32_768,
    unit: 'characters',
    answer: '400 invalidFilter',
    what: 'length of a filter in a POST to /.search',
    where: 'before it is parsed',
  },
  filterDepth: {
    default: 50,
    unit: 'levels',
    answer: '400 invalidFilter',
    what: 'nesting of a filter',
    where: 'while it is parsed',
  },
  filterNodes: {
    default: 500,
    unit: 'expressions',
    answer: '400 invalidFilter',
    what: 'expressions of a filter',
    where: 'while it is parsed',
  },
  inProcessBytes: {
    default: 8_388_608,
    unit: 'bytes',
    answer: 'ScimError 413 to the application',
    what: 'answer to a request that the application makes by `scim.as(…)`',
    where: 'while the answer is collected',
  },
  maxResults: {
    default: 200,
    unit: 'resources',
    answer: 'cut',
    what: 'resources on one page',
    where: 'when the store is asked',
  },
  defaultResults: {
    default: 100,
    unit: 'resources',
    answer: 'cut',
    what: 'resources on a page when count is not given',
    where: 'when the store is asked',
  },
  maxMatches: {
    default: 1_000_000_000,
    unit: 'resources',
    answer: '400 tooMany',
    what: 'matches of one query',
    where: 'when the store has answered',
  },
  scanResources: {
    default: 100_000,
    unit: 'resources',
    answer: '400 tooMany',
    what: 'candidates read for one query',
    where: 'while they are read',
  },
  scanTime: {
    default: 2_000,
    unit: 'ms',
    answer: '400 tooMany',
    what: 'time to read candidates for one query',
    where: 'while they are read',
  },
  groupLinks: {
    default: 100_000,
    unit: 'memberships',
    answer: '400 tooMany',
    what: 'memberships of groups in groups that are followed for `groups` in one answer',
    where: 'by the adapters, for requests that name the attribute; others get direct groups alone',
  },
  memberEvents: {
    default: 10_000,
    unit: 'members',
    answer: 'no event for single members',
    what: 'members that come or go in one write for each of which an event is told',
    where: 'when events are made; `changes` of the resource is undefined then',
  },
  bulkOperations: {
    default: 1_000,
    unit: 'operations',
    answer: '413',
    what: 'operations of one bulk request',
    where: 'before the first one',
  },
  bulkBytes: {
    default: 2_097_152,
    unit: 'bytes',
    answer: '413',
    what: 'body of a bulk request',
    where: 'while the body is read',
  },
  requestTime: {
    default: 30_000,
    unit: 'ms',
    answer: '503',
    what: 'time of a request up to its answer',
    where: 'while it is worked on; the signal of the call aborts',
  },
  patchAttempts: {
    default: 20,
    unit: 'attempts',
    answer: '503',
    what: 'attempts of a PATCH or PUT that other writers overtake',
    where: 'between two attempts',
  },
} as const)

/** The name of a bound. */
export type LimitName = keyof typeof LIMITS

/** Every bound, filled in. */
export type Limits = Readonly<Record<LimitName, number>>

/** Fills in the defaults of limits that have been checked. */
export function resolveLimits(options: Partial<Limits> = {}): Limits {
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, row]) => [name, row.default])) as Record<
    LimitName,
    number
  >
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) limits[name as LimitName] = value
  }
  limits.defaultResults = Math.min(limits.defaultResults, limits.maxResults)
  return Object.freeze(limits)
}
