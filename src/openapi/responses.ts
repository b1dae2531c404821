import type { JsonObject } from '../schema/model/resource.js'
import type { Service } from './service.js'

/** RFC 7644 section 3.8: SCIM has a media type of its own; a client may also use the media type of JSON. */
export function contentOf(schema: string): JsonObject {
  const content = { schema: { $ref: `#/components/schemas/${schema}` } }
  return { 'application/scim+json': content, 'application/json': content }
}

/** The headers of answers, by their names in the document. */
const HEADERS = {
  Location: {
    name: 'Location',
    header: { required: true, description: 'URI of the resource.', schema: { type: 'string', format: 'uri' } },
  },
  ETag: {
    name: 'ETag',
    header: {
      required: true,
      description: 'Version of the resource.',
      schema: { type: 'string', examples: ['W/"1"'] },
    },
  },
  RequestId: {
    name: 'X-Request-Id',
    header: {
      required: true,
      description: 'Name of the request in the log of the service.',
      schema: { type: 'string' },
    },
  },
  RetryAfter: {
    name: 'Retry-After',
    header: { description: 'Seconds after which to send the request again, or a date.', schema: { type: 'string' } },
  },
  WwwAuthenticate: {
    name: 'WWW-Authenticate',
    header: { required: true, description: 'How to prove who one is.', schema: { type: 'string' } },
  },
} as const

/** The name of a header in the document. */
export type HeaderName = keyof typeof HEADERS

/** The headers that a service sends. */
export function headers({ own, types }: Service): Readonly<Record<string, JsonObject>> {
  const has = (name: string): boolean =>
    (name !== 'RequestId' || own !== undefined) && (name !== 'ETag' || types.some(({ versions }) => versions))
  const sent = Object.entries(HEADERS).filter(([name]) => has(name))
  return Object.fromEntries(sent.map(([name, { header }]) => [name, { ...header }]))
}

/** The headers of one answer. Each answer of this library contains the id of the request. */
export function headersOf({ own }: Service, names: readonly HeaderName[]): { readonly headers?: JsonObject } {
  const all = own === undefined ? names : [...names, 'RequestId' as const]
  if (all.length === 0) return {}
  return {
    headers: Object.fromEntries(all.map((name) => [HEADERS[name].name, { $ref: `#/components/headers/${name}` }])),
  }
}

const FAILURES = {
  400: ['BadRequest', 'The request is not valid.'],
  401: ['Unauthorized', 'Credentials are missing or not accepted.'],
  403: ['Forbidden', 'The client may not do this.'],
  404: ['NotFound', 'There is no such resource.'],
  406: ['NotAcceptable', 'The client accepts no media type of the service.'],
  409: ['Conflict', 'Another resource has a value that must be unique.'],
  412: ['PreconditionFailed', 'The resource has another version than the request names.'],
  413: ['ContentTooLarge', 'The request is larger than the service takes.'],
  415: ['UnsupportedMediaType', 'The body has no media type that the service reads.'],
  428: ['PreconditionRequired', 'The request must have If-Match.'],
  429: ['TooManyRequests', 'The client sends too much; send the request again later.'],
  500: ['InternalServerError', 'The service failed.'],
  501: ['NotImplemented', 'The service does not offer this.'],
  503: ['ServiceUnavailable', 'The service cannot answer just now; send the request again later.'],
} as const

/** The status of a failure. */
export type Failure = keyof typeof FAILURES

const FAILURE_HEADERS: Readonly<Partial<Record<Failure, HeaderName>>> = {
  401: 'WwwAuthenticate',
  429: 'RetryAfter',
  503: 'RetryAfter',
}

/** References to the failures of an operation. */
export function failures(statuses: readonly Failure[], service: Service): Readonly<Record<string, JsonObject>> {
  const known = statuses.map((status) => [status, { $ref: `#/components/responses/${FAILURES[status][0]}` }] as const)
  // For other services only the form of an error is known, so one answer stands for all further statuses.
  const others = service.own === undefined ? { default: { $ref: '#/components/responses/Failure' } } : {}
  return { ...Object.fromEntries(known), ...others }
}

/** The answers for failures, by their names in the document. */
export function failureResponses(service: Service): Readonly<Record<string, JsonObject>> {
  const content = contentOf('ScimError')
  const entries = Object.entries(FAILURES).map(([status, [name, description]]) => {
    const own = FAILURE_HEADERS[Number(status) as Failure]
    return [name, { description, ...headersOf(service, own ? [own] : []), content }] as const
  })
  const others = service.own === undefined ? { Failure: { description: 'The request failed.', content } } : {}
  return { ...Object.fromEntries(entries), ...others }
}
