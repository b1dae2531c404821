import type { JsonObject } from '../schema/model/resource.js'
import { bulkOperation, discoveryOperations, meOperations, rootOperations } from './common-operations.js'
import { messageSchemas } from './messages.js'
import {
  collectionOperations,
  type OperationDraft,
  operation,
  resourceOperations,
  searchOperation,
} from './operations.js'
import { parameters } from './parameters.js'
import { discoverySchemas, listSchema, resourceSchemas } from './resource.js'
import { failureResponses, headers } from './responses.js'
import { securitySchemes } from './security.js'
import type { Service } from './service.js'

/** The options of a document. */
export interface OpenApiOptions {
  /**
   * Base URL of the service. Parts in braces become variables: `https://app.example/scim/{org}`.
   *
   * @defaultValue the option `baseUrl` of the router if it is a text, else `/scim/v2`
   */
  readonly url?: string
  /**
   * Title of the document.
   *
   * @defaultValue `'SCIM 2.0'`
   */
  readonly title?: string
  /**
   * Version of your API.
   *
   * @defaultValue `'2.0'`
   */
  readonly version?: string
  /**
   * Name of the resource type that `/Me` stands for; false leaves `/Me` out.
   *
   * @defaultValue `'User'` if there is such a type, else false
   */
  readonly me?: string | false
}

/** An OpenAPI 3.1 document, https://spec.openapis.org/oas/v3.1.0. */
export interface OpenApiDocument {
  /** The version of OpenAPI. */
  readonly openapi: '3.1.0'
  /** Title, version and description of the service. */
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  /** The base URLs. */
  readonly servers: readonly { readonly url: string; readonly variables?: JsonObject }[]
  /** The groups of operations: a tag for each resource type. */
  readonly tags: readonly { readonly name: string; readonly description?: string }[]
  /** The security schemes of which each request needs one. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  /** The operations, by path below the base URL, then by method. */
  readonly paths: Readonly<Record<string, JsonObject>>
  /** The schemas, parameters, responses and security schemes that operations refer to. */
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>
  /** URL of the documentation of the service. */
  readonly externalDocs?: { readonly url: string }
}

/** Writes an OpenAPI document for a service provider. */
export function openApiDocument(
  service: Service,
  { url = '/scim/v2', title, version, me }: OpenApiOptions = {},
): OpenApiDocument {
  const offered = parameters(service)
  const own = service.types.find(({ name }) => name === (me ?? 'User'))
  const paths = pathsOf(service, me === false ? undefined : own, (drafted) => operation(service, drafted, offered))
  const schemes = securitySchemes(service.schemes)
  const components = {
    schemas: {
      ...Object.assign({}, ...service.types.map((type) => resourceSchemas(service, type))),
      'Scim.List': listSchema(service, service.types),
      ...messageSchemas(service),
      ...discoverySchemas(service),
    },
    parameters: offered,
    headers: headers(service),
    responses: failureResponses(service),
    securitySchemes: schemes,
  }
  return {
    openapi: '3.1.0',
    info: { title: title ?? 'SCIM 2.0', version: version ?? '2.0', description: describe(service) },
    servers: [serverOf(url)],
    tags: tagsOf(paths, service),
    security: Object.keys(schemes).map((name) => ({ [name]: [] })),
    paths,
    components: usedIn(paths, components),
    ...(service.documentationUri && { externalDocs: { url: service.documentationUri } }),
  }
}

/** The operations by path and method. A fixed path comes before a path with a parameter in the same place. */
function pathsOf(
  service: Service,
  me: Service['types'][number] | undefined,
  write: (drafted: OperationDraft) => JsonObject,
): Record<string, JsonObject> {
  const written = (methods: Readonly<Record<string, OperationDraft>>): JsonObject =>
    Object.fromEntries(Object.entries(methods).map(([method, drafted]) => [method, write(drafted)]))
  const inPath = (name: string, description: string): JsonObject => {
    return { parameters: [{ name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 } }] }
  }
  const root = rootOperations()
  const paths: Record<string, JsonObject> = {}
  for (const type of service.types) {
    paths[type.endpoint] = written(collectionOperations(type))
    paths[`${type.endpoint}/.search`] = written({ post: searchOperation(type) })
    paths[`${type.endpoint}/{id}`] = {
      ...inPath('id', 'id of the resource.'),
      ...written(resourceOperations(service, type)),
    }
  }
  paths['/'] = written({ get: root.list })
  paths['/.search'] = written({ post: root.search })
  if (service.supports.bulk) paths['/Bulk'] = written({ post: bulkOperation(service) })
  if (me) paths['/Me'] = written(meOperations(service, me))
  for (const [path, drafted] of Object.entries(discoveryOperations(service))) {
    const named = /\{(\w+)\}/.exec(path)?.[1]
    paths[path] = { ...(named && inPath(named, `${named} of what is read.`)), ...written({ get: drafted }) }
  }
  return paths
}

/** The server object of a URL. Each part in braces becomes a variable. */
function serverOf(url: string): OpenApiDocument['servers'][number] {
  const names = [...url.matchAll(/\{([^{}/]+)\}/g)].map(([, name = '']) => name)
  if (names.length === 0) return { url }
  return { url, variables: Object.fromEntries(names.map((name) => [name, { default: name }])) }
}

/** The tags of the operations, each once. */
function tagsOf(paths: Readonly<Record<string, JsonObject>>, { types }: Service): OpenApiDocument['tags'] {
  const operations = Object.values(paths).flatMap((path) => Object.values(path)) as readonly {
    tags?: readonly string[]
  }[]
  const names = new Set(operations.flatMap(({ tags = [] }) => tags))
  const known: Readonly<Record<string, string>> = {
    Me: 'The resource of the one who asks.',
    Discovery: 'What the service tells about itself.',
    'All resources': 'Queries and changes of resources of any type.',
  }
  return [...names].map((name) => {
    return { name, description: types.find((type) => type.name === name)?.description ?? known[name] ?? name }
  })
}

/**
 * The description of the document: the parts of the standard that the service supports, and its limits. OpenAPI has no
 * fields for them.
 */
function describe({ supports, limits, own }: Service): string {
  const { bodyBytes, bulkBytes, bulkOperations } = limits
  const features = Object.entries(supports).map(([name, has]) => `${name}: ${has ? 'yes' : 'no'}`)
  return [
    'A service provider of SCIM 2.0 (RFC 7643, RFC 7644).',
    `What it offers beyond the core: ${features.join(', ')}.`,
    bodyBytes !== undefined && `A body has ${bodyBytes} bytes at most.`,
    supports.bulk && bulkOperations !== undefined && `A bulk request has ${bulkOperations} operations at most.`,
    supports.bulk && bulkBytes !== undefined && `A bulk request has ${bulkBytes} bytes at most.`,
    own?.atomicBulk && 'A bulk request is carried out as a whole or not at all.',
    'Names of attributes have no letter case (RFC 7643 section 2.1). Characteristics that JSON Schema has no word for stand under x-scim.',
  ]
    .filter(Boolean)
    .join(' ')
}

/** The components to which the document refers. */
function usedIn(
  paths: OpenApiDocument['paths'],
  components: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>,
): OpenApiDocument['components'] {
  const used = new Set<string>()
  const look = (value: unknown): void => {
    for (const [, kind = '', name = ''] of JSON.stringify(value).matchAll(
      /"\$ref":"#\/components\/(\w+)\/([\w.-]+)"/g,
    )) {
      const reference = `${kind}/${name}`
      if (used.has(reference)) continue
      used.add(reference)
      look(components[kind]?.[name])
    }
  }
  look(paths)
  const kept = Object.entries(components).map(([kind, all]) => {
    const some = Object.entries(all).filter(([name]) => kind === 'securitySchemes' || used.has(`${kind}/${name}`))
    return [kind, Object.fromEntries(some)] as const
  })
  return Object.fromEntries(kept.filter(([, some]) => Object.keys(some).length > 0))
}
