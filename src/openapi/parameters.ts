import type { JsonObject } from '../schema/model/resource.js'
import { countWords } from './messages.js'
import type { Service } from './service.js'

/** The name of a parameter in the document. */
export type ParameterName =
  | 'attributes'
  | 'excludedAttributes'
  | 'filter'
  | 'sortBy'
  | 'sortOrder'
  | 'startIndex'
  | 'count'
  | 'cursor'
  | 'IfMatch'
  | 'IfNoneMatch'

const NAMES = { type: 'array', items: { type: 'string' } }

/** Parameters of several operations, RFC 7644 sections 3.4.2, 3.9 and 3.14. */
export function parameters({
  supports,
  limits,
  own,
  types,
}: Service): Readonly<Partial<Record<ParameterName, JsonObject>>> {
  const inQuery = (name: string, schema: JsonObject, description: string): JsonObject => {
    return { name, in: 'query', description, schema, ...(schema.type === 'array' && { style: 'form', explode: false }) }
  }
  const inHeader = (name: string, description: string, required = false): JsonObject => {
    return { name, in: 'header', description, required, schema: { type: 'string', examples: ['W/"1"'] } }
  }
  const hasVersions = types.some(({ versions }) => versions)
  const length = limits.filterLength !== undefined && { maxLength: limits.filterLength }
  return {
    attributes: inQuery('attributes', NAMES, 'Only these attributes, and those that are always returned.'),
    excludedAttributes: inQuery('excludedAttributes', NAMES, 'All attributes but these; not together with attributes.'),
    ...(supports.filter && {
      filter: inQuery(
        'filter',
        { type: 'string', ...length, examples: ['userName eq "babs@example.com"'] },
        'Which resources, in the language of RFC 7644 section 3.4.2.2.',
      ),
    }),
    ...(supports.sort && {
      sortBy: inQuery('sortBy', { type: 'string', examples: ['meta.created'] }, 'Path of an attribute.'),
      sortOrder: inQuery('sortOrder', { type: 'string', enum: ['ascending', 'descending'] }, 'Default ascending.'),
    }),
    startIndex: inQuery('startIndex', { type: 'integer', default: 1 }, 'Place of the first one, counted from 1.'),
    count: inQuery('count', { type: 'integer' }, countWords(limits.maxResults)),
    ...(supports.cursor && {
      cursor: inQuery('cursor', { type: 'string' }, `Empty for the first page, then nextCursor${timeOf(limits)}.`),
    }),
    ...((hasVersions || own?.requireIfMatch) && {
      IfMatch: inHeader('If-Match', 'The version that the resource must have.', own?.requireIfMatch),
    }),
    ...(hasVersions && {
      IfNoneMatch: inHeader('If-None-Match', 'The version that the client has: 304 if it is still the present one.'),
    }),
  }
}

function timeOf({ cursorTimeout }: Service['limits']): string {
  return cursorTimeout === undefined ? '' : `, which lives for ${cursorTimeout} seconds`
}

/** The parameters that choose the attributes of an answer. */
export const PROJECTION: readonly ParameterName[] = ['attributes', 'excludedAttributes']

/** The parameters of a query. */
export const QUERY: readonly ParameterName[] = [
  ...PROJECTION,
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
]
