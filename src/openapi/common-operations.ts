import { createOperation, type OperationDraft, resourceOperations } from './operations.js'
import { QUERY } from './parameters.js'
import type { Failure } from './responses.js'
import type { Service, ServiceType } from './service.js'

/** Queries over all resource types, RFC 7644 section 3.4.2.1. */
export function rootOperations(): Readonly<Record<'list' | 'search', OperationDraft>> {
  const answers = { 200: { description: 'A page of resources.', schema: 'Scim.List' } }
  return {
    list: {
      id: 'list',
      summary: 'List resources of all types',
      tag: 'All resources',
      parameters: QUERY,
      answers,
      fails: [],
    },
    search: {
      id: 'search',
      summary: 'Search resources of all types',
      tag: 'All resources',
      body: 'ScimSearchRequest',
      answers,
      fails: [],
    },
  }
}

/** RFC 7644 section 3.7. A bulk request that is atomic fails with the status of the operation that failed. */
export function bulkOperation({ own, types }: Service): OperationDraft {
  const ofOne: readonly Failure[] = [
    404,
    409,
    ...(types.some(({ versions }) => versions) ? [412 as const] : []),
    ...(own?.requireIfMatch ? [428 as const] : []),
  ]
  return {
    id: 'bulk',
    summary: 'Carry out several operations',
    tag: 'All resources',
    body: 'ScimBulkRequest',
    answers: { 200: { description: 'What came of each operation.', schema: 'ScimBulkResponse' } },
    fails: own?.atomicBulk ? ofOne : [],
  }
}

/** The resource of the authenticated client, RFC 7644 section 3.11. It has one resource type. */
export function meOperations(service: Service, type: ServiceType): Readonly<Record<string, OperationDraft>> {
  const all = { ...resourceOperations(service, type), post: createOperation(type) }
  return Object.fromEntries(
    Object.entries(all).map(([method, drafted]) => {
      const id = `Me.${drafted.id.split('.')[1]}`
      // A client has no such resource if it has no identity or is unknown to the service.
      return [method, { ...drafted, id, tag: 'Me', fails: [...drafted.fails, 501] satisfies Failure[] }]
    }),
  )
}

/** The discovery endpoints, RFC 7644 section 4. */
export function discoveryOperations({ own }: Service): Readonly<Record<string, OperationDraft>> {
  const isPublic = own?.publicDiscovery === true
  const located = { headers: ['Location'] as const }
  const one = (id: string, summary: string, schema: string, fails: readonly Failure[]): OperationDraft => {
    return {
      id,
      summary,
      tag: 'Discovery',
      isPublic,
      answers: { 200: { description: 'It.', schema, ...located } },
      fails,
    }
  }
  const all = (id: string, summary: string, schema: string): OperationDraft => {
    return {
      id,
      summary,
      tag: 'Discovery',
      isPublic,
      answers: { 200: { description: 'All of them.', schema } },
      fails: [],
    }
  }
  return {
    '/ServiceProviderConfig': one(
      'getServiceProviderConfig',
      'Read what the service offers',
      'ScimServiceProviderConfig',
      [],
    ),
    '/ResourceTypes': all('listResourceTypes', 'List the resource types', 'ScimResourceType.List'),
    '/ResourceTypes/{name}': one('getResourceType', 'Read a resource type', 'ScimResourceType', [404]),
    '/Schemas': all('listSchemas', 'List the schemas', 'ScimSchema.List'),
    '/Schemas/{uri}': one('getSchema', 'Read a schema', 'ScimSchema', [404]),
  }
}
