import type { JsonObject } from '../schema/model/resource.js'
import { type ParameterName, PROJECTION, QUERY } from './parameters.js'
import { answerOf, createNameOf, listNameOf, replaceNameOf } from './resource.js'
import { contentOf, type Failure, failures, type HeaderName, headersOf } from './responses.js'
import type { Service, ServiceType } from './service.js'

/** An operation before it is written as OpenAPI. */
export interface OperationDraft {
  /** Unique in the document. */
  readonly id: string
  readonly summary: string
  readonly tag: string
  readonly parameters?: readonly ParameterName[]
  /** The name of the schema of the body. */
  readonly body?: string
  /** The success answers, by status. */
  readonly answers: Readonly<Record<number, SuccessAnswer>>
  readonly fails: readonly Failure[]
  readonly isPublic?: boolean
}

/** A success answer. */
export interface SuccessAnswer {
  readonly description: string
  readonly schema?: string
  readonly headers?: readonly HeaderName[]
}

/** Writes an operation. Parameters and answers that the service does not support are left out. */
export function operation(
  service: Service,
  drafted: OperationDraft,
  offered: Readonly<Partial<Record<ParameterName, unknown>>>,
): JsonObject {
  const parameters = (drafted.parameters ?? []).filter((name) => offered[name] !== undefined)
  const answers = Object.entries(drafted.answers).map(([status, { description, schema, headers = [] }]) => {
    return [
      status,
      { description, ...headersOf(service, headers), ...(schema && { content: contentOf(schema) }) },
    ] as const
  })
  return {
    operationId: drafted.id,
    summary: drafted.summary,
    tags: [drafted.tag],
    ...(drafted.isPublic && { security: [] }),
    ...(parameters.length > 0 && {
      parameters: parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    }),
    ...(drafted.body && { requestBody: { required: true, content: contentOf(drafted.body) } }),
    responses: {
      ...Object.fromEntries(answers),
      ...failures(inOrder([...drafted.fails, ...everywhere(service, drafted)]), service),
    },
  }
}

function inOrder(statuses: readonly Failure[]): readonly Failure[] {
  return [...new Set(statuses)].sort((one, other) => one - other)
}

/** The failures that any request may have. */
function everywhere({ own }: Service, { isPublic, body }: OperationDraft): readonly Failure[] {
  const ofBody: readonly Failure[] = body === undefined ? [] : [413, 415]
  const accept: readonly Failure[] = own?.refusesAccept ? [406] : []
  // A public endpoint authenticates no client and calls no store.
  const identity: readonly Failure[] = isPublic ? [] : [401, 429, 503]
  return [400, 403, 500, ...ofBody, ...accept, ...identity]
}

/** The operations on a collection, RFC 7644 sections 3.3 and 3.4. */
export function collectionOperations(type: ServiceType): Readonly<Record<string, OperationDraft>> {
  const { name } = type
  return {
    get: {
      id: `${name}.list`,
      summary: `List resources of type ${name}`,
      tag: name,
      parameters: QUERY,
      answers: { 200: { description: 'A page of resources.', schema: listNameOf(type) } },
      fails: [],
    },
    post: createOperation(type),
  }
}

/** The creation of a resource. */
export function createOperation(type: ServiceType): OperationDraft {
  return {
    id: `${type.name}.create`,
    summary: `Create a resource of type ${type.name}`,
    tag: type.name,
    parameters: PROJECTION,
    body: createNameOf(type),
    answers: {
      201: { description: 'The resource that was created.', schema: answerOf(type), headers: resourceHeaders(type) },
    },
    fails: conflicts(type),
  }
}

/** A value can be in use already only if an attribute must be unique. */
function conflicts({ attributes, extensions }: ServiceType): readonly Failure[] {
  const all = [attributes, ...extensions.map((extension) => extension.attributes)]
  return all.some(holdsUnique) ? [409] : []
}

function holdsUnique(attributes: ServiceType['attributes']): boolean {
  return attributes.some(({ uniqueness, mutability, subAttributes }) => {
    return (uniqueness !== 'none' && mutability !== 'readOnly') || holdsUnique(subAttributes)
  })
}

/** A query by POST, RFC 7644 section 3.4.3. */
export function searchOperation(type: ServiceType): OperationDraft {
  return {
    id: `${type.name}.search`,
    summary: `Search resources of type ${type.name}`,
    tag: type.name,
    body: 'ScimSearchRequest',
    answers: { 200: { description: 'A page of resources.', schema: listNameOf(type) } },
    fails: [],
  }
}

/** The operations on a resource, RFC 7644 sections 3.4.1, 3.5 and 3.6. */
export function resourceOperations(
  { supports, own }: Service,
  type: ServiceType,
): Readonly<Record<string, OperationDraft>> {
  const { name, versions, emptyPatch } = type
  const whole = { schema: answerOf(type), headers: resourceHeaders(type) }
  const guarded: readonly Failure[] = [
    ...(versions ? [412 as const] : []),
    ...(own?.requireIfMatch ? [428 as const] : []),
  ]
  const condition: readonly ParameterName[] = versions || own?.requireIfMatch ? ['IfMatch'] : []
  // A read needs no precondition, even where writes need one.
  const reading: readonly ParameterName[] = versions
    ? [...(own?.requireIfMatch ? [] : ['IfMatch' as const]), 'IfNoneMatch']
    : []
  return {
    get: {
      id: `${name}.get`,
      summary: `Read a resource of type ${name}`,
      tag: name,
      parameters: [...PROJECTION, ...reading],
      answers: {
        200: { description: 'The resource.', ...whole },
        ...(versions && {
          304: { description: 'The client has the present version.', headers: resourceHeaders(type) },
        }),
      },
      // RFC 9110 section 13.2.2: If-Match is evaluated first, whatever the method.
      fails: versions ? [404, 412] : [404],
    },
    put: {
      id: `${name}.replace`,
      summary: `Replace a resource of type ${name}`,
      tag: name,
      parameters: [...PROJECTION, ...condition],
      body: replaceNameOf(type),
      answers: { 200: { description: 'The resource as it is now.', ...whole } },
      fails: [404, ...conflicts(type), ...guarded],
    },
    ...(supports.patch && {
      patch: {
        id: `${name}.patch`,
        summary: `Change a resource of type ${name}`,
        tag: name,
        parameters: [...PROJECTION, ...condition],
        body: 'ScimPatchOp',
        answers: {
          200: { description: 'The resource as it is now.', ...whole },
          ...(emptyPatch && { 204: { description: 'The change was carried out.', headers: resourceHeaders(type) } }),
        },
        fails: [404, ...conflicts(type), ...guarded],
      },
    }),
    delete: {
      id: `${name}.delete`,
      summary: `Delete a resource of type ${name}`,
      tag: name,
      parameters: condition,
      answers: { 204: { description: 'The resource is gone.' } },
      fails: [404, ...guarded],
    },
  }
}

function resourceHeaders({ versions }: ServiceType): readonly HeaderName[] {
  return versions ? ['Location', 'ETag'] : ['Location']
}
