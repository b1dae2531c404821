import type { JsonObject } from '../schema/model/resource.js'
import { LIST_RESPONSE } from '../urn.js'
import { type Direction, type ObjectSchema, objectSchema } from './attribute.js'
import type { Service, ServiceType } from './service.js'

/** The name of the schema of answers with a resource. */
export function answerOf({ name }: ServiceType): string {
  return name
}

/** The name of the schema of pages of resources. No resource type has a dot in its name. */
export function listNameOf({ name }: ServiceType): string {
  return `${name}.List`
}

/** The name of the schema of the body of a POST. */
export function createNameOf({ name }: ServiceType): string {
  return `${name}.Request`
}

/** The name of the schema of the body of a PUT: the one of a POST, unless a PUT may leave out a required attribute. */
export function replaceNameOf(type: ServiceType): string {
  return mayLack(type.attributes) || type.extensions.some(({ attributes }) => mayLack(attributes))
    ? `${type.name}.Replace`
    : createNameOf(type)
}

function mayLack(attributes: ServiceType['attributes']): boolean {
  return attributes.some(
    ({ required, keepOnReplace, subAttributes }) => (required && keepOnReplace) || mayLack(subAttributes),
  )
}

/** The schemas of the resources of a type. */
export function resourceSchemas(service: Service, type: ServiceType): Readonly<Record<string, JsonObject>> {
  return {
    [answerOf(type)]: resourceSchema(type, 'answer'),
    [createNameOf(type)]: resourceSchema(type, 'create'),
    ...(replaceNameOf(type) !== createNameOf(type) && { [replaceNameOf(type)]: resourceSchema(type, 'replace') }),
    [listNameOf(type)]: listSchema(service, [type]),
  }
}

function resourceSchema(type: ServiceType, direction: Direction): JsonObject {
  const { schema, description, attributes, extensions } = type
  const { properties, required } = objectSchema(attributes, direction)
  const parts = extensions.map((extension) => {
    const about = extension.description !== undefined && { description: extension.description }
    return [extension.id, { ...objectSchema(extension.attributes, direction), ...about }] as const
  })
  const needed = extensions.filter((extension) => direction !== 'answer' && extension.required).map(({ id }) => id)
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties: {
      ...properties,
      // RFC 7643 section 3: schemas always contains the URI of the base schema.
      ...(properties.schemas && { schemas: { ...properties.schemas, contains: { const: schema } } }),
      ...Object.fromEntries(parts),
    },
    required: [...(required ?? []), ...needed],
  }
}

/** A page of resources of one or more types, RFC 7644 section 3.4.2. */
export function listSchema({ supports }: Service, types: readonly ServiceType[]): JsonObject {
  const refs = types.map((type) => ({ $ref: `#/components/schemas/${answerOf(type)}` }))
  return listOf(refs.length === 1 ? (refs[0] ?? {}) : { anyOf: refs }, supports.cursor)
}

function listOf(items: JsonObject, cursor = false): JsonObject {
  return {
    type: 'object',
    properties: {
      schemas: { type: 'array', items: { type: 'string' }, contains: { const: LIST_RESPONSE } },
      totalResults: { type: 'integer', minimum: 0, description: 'Number of all matches.' },
      itemsPerPage: { type: 'integer', minimum: 0, description: 'Number of resources on this page.' },
      startIndex: { type: 'integer', minimum: 1, description: 'Place of the first one, counted from 1.' },
      ...(cursor && {
        nextCursor: { type: 'string', description: 'Cursor of the next page; missing on the last one.' },
        previousCursor: { type: 'string', description: 'Cursor of the page before, where there is one.' },
      }),
      Resources: { type: 'array', items },
    },
    // RFC 9865 section 2: a page by cursor may leave totalResults out.
    required: cursor ? ['schemas'] : ['schemas', 'totalResults'],
  }
}

/** The schemas of the discovery resources, and of lists of them. */
export function discoverySchemas({ discovery }: Service): Readonly<Record<string, JsonObject>> {
  const own = Object.entries(discovery).map(([name, attributes]) => {
    return [`Scim${name}`, { ...objectSchema(attributes, 'discovery') }] as const
  })
  const lists = ['ScimResourceType', 'ScimSchema'].map((name) => {
    return [`${name}.List`, listOf({ $ref: `#/components/schemas/${name}` })] as const
  })
  return { ...Object.fromEntries([...own, ...lists]), ...recursive(discovery.Schema) }
}

/**
 * An attribute may contain attributes: RFC 7643 section 7 describes two levels, and the schema of schemas itself has
 * three.
 */
function recursive(attributes: Service['discovery']['Schema']): Readonly<Record<string, JsonObject>> {
  const schema = objectSchema(attributes, 'discovery')
  const { items, ...list } = schema.properties.attributes as JsonObject & { items: ObjectSchema }
  const refer = (holder: JsonObject | undefined): JsonObject => {
    return { ...holder, items: { $ref: '#/components/schemas/ScimAttribute' } }
  }
  return {
    ScimSchema: { ...schema, properties: { ...schema.properties, attributes: refer(list) } },
    ScimAttribute: {
      ...items,
      properties: { ...items.properties, subAttributes: refer(items.properties.subAttributes) },
    },
  }
}
