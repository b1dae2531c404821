import { FILTER_LIMITS } from '../../filter/parse.js'
import { PATCH_LIMITS } from '../../patch/patch-op.js'

/**
 * Every limit that can be set: its default, the answer to a client beyond it, and the place that enforces it.
 * docs/limits.md is made from this table.
 */
export const LIMITS = Object.freeze({
  bodyBytes: {
    default: 1_048_576,
    unit: 'bytes',
    response: '413',
    description: 'request body, except on /Bulk',
    enforced: 'while the body is read',
  },
  jsonDepth: {
    default: 32,
    unit: 'levels',
    response: '400 invalidSyntax',
    description: 'nesting of a request body',
    enforced: 'before the body is parsed',
  },
  jsonValues: {
    default: 100_000,
    unit: 'values',
    response: '413',
    description: 'values of a request body: objects, arrays, texts, numbers, true, false and null, at any depth',
    enforced: 'before the body is parsed',
  },
  patchOperations: {
    default: PATCH_LIMITS.operations,
    unit: 'operations',
    response: '413',
    description: 'operations of one PATCH',
    enforced: 'before the adapter is called',
  },
  patchValues: {
    default: PATCH_LIMITS.values,
    unit: 'values',
    response: '413',
    description: 'values of one PATCH operation',
    enforced: 'before the adapter is called',
  },
  filterLength: {
    default: FILTER_LIMITS.length,
    unit: 'characters',
    response: '400 invalidFilter',
    description: 'length of a filter in a URL, or in the path of a PATCH operation',
    enforced: 'before it is parsed',
  },
  searchFilterLength: {
    default: 32_768,
    unit: 'characters',
    response: '400 invalidFilter',
    description: 'length of a filter in a POST to /.search',
    enforced: 'before it is parsed',
  },
  filterDepth: {
    default: FILTER_LIMITS.depth,
    unit: 'levels',
    response: '400 invalidFilter',
    description: 'nesting of a filter, also in a path',
    enforced: 'while it is parsed',
  },
  filterNodes: {
    default: FILTER_LIMITS.nodes,
    unit: 'nodes',
    response: '400 invalidFilter',
    description: 'comparisons, value paths, `not`, and chains of `and` or `or`, together, in a filter or a path',
    enforced: 'while it is parsed',
  },
  inProcessBytes: {
    default: 8_388_608,
    unit: 'bytes',
    response: 'ScimError 413 to the application',
    description: 'answer to a request that the application makes by `scim.as(…)`',
    enforced: 'while the answer is collected',
  },
  maxResults: {
    default: 200,
    unit: 'resources',
    response: 'cut',
    description: 'resources on one page',
    enforced: 'when the adapter is called',
  },
  defaultResults: {
    default: 100,
    unit: 'resources',
    response: 'cut',
    description: 'resources on a page when count is not given',
    enforced: 'when the adapter is called',
  },
  maxMatches: {
    default: 1_000_000_000,
    unit: 'resources',
    response: '400 tooMany',
    description: 'matches of one query',
    enforced: 'when the store has answered',
  },
  scanResources: {
    default: 100_000,
    unit: 'resources',
    response: '400 tooMany',
    description: 'candidates read for one query',
    enforced: 'while they are read',
  },
  scanTime: {
    default: 2_000,
    unit: 'ms',
    response: '400 tooMany',
    description: 'time to read candidates for one query',
    enforced: 'while they are read',
  },
  groupLinks: {
    default: 100_000,
    unit: 'memberships',
    response: '400 tooMany',
    description: 'memberships of groups in groups to follow for `groups` in one answer',
    enforced: 'by the adapters, for requests that name the attribute; other requests get the direct groups only',
  },
  memberEvents: {
    default: 10_000,
    unit: 'members',
    response: 'no event for single members',
    description: 'members added and removed in one write that get an event each',
    enforced: 'when events are made; `changes` of the resource is undefined then',
  },
  bulkOperations: {
    default: 1_000,
    unit: 'operations',
    response: '413',
    description: 'operations of one bulk request',
    enforced: 'before the first one',
  },
  bulkBytes: {
    default: 2_097_152,
    unit: 'bytes',
    response: '413',
    description: 'body of a bulk request',
    enforced: 'while the body is read',
  },
  requestTime: {
    default: 30_000,
    unit: 'ms',
    response: '503',
    description: 'time of a request up to its answer',
    enforced: 'while it is worked on; the signal of the call aborts',
  },
  patchAttempts: {
    default: 20,
    unit: 'attempts',
    response: '503',
    description: 'attempts of a PATCH or PUT that other writers overtake',
    enforced: 'between two attempts',
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
