import type { JsonObject } from '../schema/model/resource.js'
import { BULK_REQUEST, BULK_RESPONSE, ERROR, PATCH_OP, SEARCH_REQUEST } from '../urn.js'
import type { Service } from './service.js'

function schemasOf(urn: string): JsonObject {
  return { type: 'array', items: { type: 'string' }, contains: { const: urn } }
}

const NAMES = { type: 'array', items: { type: 'string' } }

/** The schemas of protocol messages, by their names in the document. A schema that no operation uses is left out. */
export function messageSchemas({ supports, limits }: Service): Readonly<Record<string, JsonObject>> {
  return {
    ScimError: error,
    ScimSearchRequest: searchRequest(supports, limits),
    ...(supports.patch && { ScimPatchOp: patchOp(limits.patchOperations) }),
    ...(supports.bulk && {
      ScimBulkRequest: bulkRequest(supports, limits.bulkOperations),
      ScimBulkResponse: bulkResponse,
    }),
  }
}

/** RFC 7644 section 3.12. */
const error: JsonObject = {
  type: 'object',
  description: 'What went wrong.',
  properties: {
    schemas: schemasOf(ERROR),
    status: { type: 'string', pattern: '^[3-5]\\d\\d$', description: 'The HTTP status, as a text.' },
    scimType: {
      type: 'string',
      description: 'Keyword of the error, for some.',
      examples: [
        'invalidFilter',
        'invalidPath',
        'invalidSyntax',
        'invalidValue',
        'mutability',
        'noTarget',
        'uniqueness',
      ],
    },
    detail: { type: 'string', description: 'For people.' },
  },
  required: ['schemas', 'status'],
}

/** RFC 7644 section 3.4.3, RFC 9865 section 2. */
function searchRequest(
  supports: Service['supports'],
  { maxResults, searchFilterLength }: Service['limits'],
): JsonObject {
  return {
    type: 'object',
    properties: {
      schemas: schemasOf(SEARCH_REQUEST),
      attributes: { ...NAMES, description: 'Only these attributes, and those that are always returned.' },
      excludedAttributes: { ...NAMES, description: 'All attributes but these.' },
      ...(supports.filter && {
        filter: { type: 'string', ...(searchFilterLength !== undefined && { maxLength: searchFilterLength }) },
      }),
      ...(supports.sort && {
        sortBy: { type: 'string', description: 'Path of an attribute.' },
        sortOrder: { type: 'string', enum: ['ascending', 'descending'], default: 'ascending' },
      }),
      startIndex: { type: 'integer', default: 1, description: 'Place of the first resource, counted from 1.' },
      count: { type: 'integer', description: countWords(maxResults) },
      ...(supports.cursor && { cursor: { type: 'string', description: 'Empty for the first page, then nextCursor.' } }),
    },
    required: ['schemas'],
    // RFC 7644 section 3.9: a request must not have both.
    not: { properties: { attributes: {}, excludedAttributes: {} }, required: ['attributes', 'excludedAttributes'] },
  }
}

/** The description of `count`. */
export function countWords(maxResults: number | undefined): string {
  return `Resources on a page at most${maxResults === undefined ? '' : `; no page has more than ${maxResults}`}.`
}

/** RFC 7644 section 3.5.2. */
function patchOp(most: number | undefined): JsonObject {
  const path = { type: 'string', minLength: 1, examples: ['displayName', 'emails[type eq "work"].value'] }
  const value = { description: 'A value of the attribute that the path names; without a path an object of attributes.' }
  return {
    type: 'object',
    properties: {
      schemas: schemasOf(PATCH_OP),
      Operations: {
        type: 'array',
        minItems: 1,
        ...(most !== undefined && { maxItems: most }),
        items: {
          oneOf: [
            {
              type: 'object',
              properties: { op: { type: 'string', enum: ['add', 'replace'] }, path, value },
              required: ['op', 'value'],
            },
            {
              type: 'object',
              properties: { op: { type: 'string', enum: ['remove'] }, path, value },
              required: ['op', 'path'],
            },
          ],
        },
      },
    },
    required: ['schemas', 'Operations'],
  }
}

/** RFC 7644 section 3.7. */
function bulkRequest({ patch }: Service['supports'], most: number | undefined): JsonObject {
  return {
    type: 'object',
    properties: {
      schemas: schemasOf(BULK_REQUEST),
      failOnErrors: { type: 'integer', minimum: 1, description: 'After so many errors the rest is not carried out.' },
      Operations: {
        type: 'array',
        minItems: 1,
        ...(most !== undefined && { maxItems: most }),
        // RFC 7644 section 3.7: POST requires bulkId; all methods but DELETE require data.
        items: {
          oneOf: [
            bulkItem(['POST'], ['bulkId', 'data']),
            bulkItem(patch ? ['PUT', 'PATCH'] : ['PUT'], ['data']),
            bulkItem(['DELETE'], []),
          ],
        },
      },
    },
    required: ['schemas', 'Operations'],
  }
}

function bulkItem(methods: readonly string[], required: readonly string[]): JsonObject {
  return {
    type: 'object',
    properties: {
      method: { type: 'string', enum: [...methods] },
      path: { type: 'string', pattern: '^/', examples: ['/Users', '/Users/2819c223'] },
      bulkId: { type: 'string', description: 'Name of what a POST creates; other operations write bulkId: before it.' },
      version: { type: 'string', description: 'The version that the resource must have.' },
      data: { type: 'object', description: 'The body of the operation.' },
    },
    required: ['method', 'path', ...required],
  }
}

const bulkResponse: JsonObject = {
  type: 'object',
  properties: {
    schemas: schemasOf(BULK_RESPONSE),
    Operations: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          method: { type: 'string' },
          bulkId: { type: 'string' },
          version: { type: 'string' },
          location: { type: 'string', format: 'uri-reference' },
          status: { type: 'string', pattern: '^[2-5]\\d\\d$' },
          response: { $ref: '#/components/schemas/ScimError' },
        },
        required: ['status'],
      },
    },
  },
  required: ['schemas', 'Operations'],
}
