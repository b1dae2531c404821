import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'

/** RFC 7644 section 3.1: the media type of SCIM. */
export const SCIM_JSON = 'application/scim+json'
const JSON_TYPE = 'application/json'
// Other names of JSON and of SCIM. Types that mean something else, such as forms or JSON Patch, are not among them.
const OTHER_NAMES: readonly string[] = ['application/json+scim', 'text/json']

/**
 * The media type of a response; undefined if the client accepts none of them. RFC 7644 section 3.8: "Service
 * providers MUST support the "Accept" header "Accept: application/scim+json" and SHOULD support the header
 * "Accept: application/json" […] The format defaults to "application/scim+json" if no format is specified."
 */
export function negotiate(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '' || accept === SCIM_JSON || accept === '*/*') return SCIM_JSON
  const ranges = accept.toLowerCase().split(',').map(readRange)
  return [SCIM_JSON, JSON_TYPE].find((type) => accepts(ranges, type))
}

interface Range {
  readonly type: string
  readonly refused: boolean
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  // RFC 9110 section 12.4.2: "a value of 0 means "not acceptable"".
  return { type, refused: parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter)) }
}

/** RFC 9110 section 12.5.1: "the most specific reference has precedence." */
function accepts(ranges: readonly Range[], type: string): boolean {
  for (const name of [type, 'application/*', '*/*']) {
    const matching = ranges.filter((range) => range.type === name)
    if (matching.length > 0) return matching.some(({ refused }) => !refused)
  }
  return false
}

/** The refusal of a request that accepts none of the available media types. */
export function notAcceptable(): ScimError {
  return new ScimError(406, `The Accept header must allow ${SCIM_JSON} or ${JSON_TYPE}.`)
}

/**
 * RFC 7644 section 3.8: bodies are JSON in UTF-8, and application/scim+json is the default when no type is given.
 * Throws a 415 for any other type or character set.
 */
export function checkContentType(contentType: string | undefined, tolerate: Tolerate): void {
  if (contentType === undefined || contentType === SCIM_JSON || contentType === JSON_TYPE) return
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean)
  const name = type.trim()
  if (![SCIM_JSON, JSON_TYPE, ''].includes(name) && !(OTHER_NAMES.includes(name) && tolerate('jsonMediaType', name))) {
    throw new ScimError(415, `The body must be ${SCIM_JSON} or ${JSON_TYPE}.`)
  }
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw new ScimError(415, 'The body must be in UTF-8.')
  }
}
