import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'

/** RFC 7644 section 3.1: the media type of SCIM. */
export const SCIM_JSON = 'application/scim+json'
const JSON_TYPE = 'application/json'

/**
 * The media type of a response. RFC 7644 section 3.8: "Service providers MUST support the 'Accept' header
 * 'application/scim+json' and SHOULD support 'application/json'"; without either the first is the default.
 */
export function negotiate(accept: string | undefined, tolerate: Tolerate): string {
  if (accept === undefined || accept === '' || accept === SCIM_JSON || accept === '*/*') return SCIM_JSON
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter)))
    .map(([type]) => type)
  if (ranges.some((type) => type === SCIM_JSON || type === '*/*' || type === 'application/*')) return SCIM_JSON
  if (ranges.includes(JSON_TYPE)) return JSON_TYPE
  if (tolerate('acceptHeader')) return SCIM_JSON
  throw new ScimError(406, `The server answers with ${SCIM_JSON} or ${JSON_TYPE}.`)
}

/**
 * RFC 7644 section 3.8: bodies are JSON in UTF-8, and application/scim+json is the default when no type is given.
 * Throws a 415 for any other type or character set.
 */
export function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === SCIM_JSON || contentType === JSON_TYPE) return
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean)
  if (![SCIM_JSON, JSON_TYPE, ''].includes(type.trim())) {
    throw new ScimError(415, `The body has to be ${SCIM_JSON} or ${JSON_TYPE}.`)
  }
  if (charset !== undefined && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw new ScimError(415, 'The body has to be in UTF-8.')
  }
}
