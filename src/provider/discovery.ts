import { ScimError } from '../error.js'
import { listResponse } from '../message/list-response.js'
import { describeSchema } from '../schema/describe-schema.js'
import { Schema } from '../schema/meta-schema.js'
import type { JsonObject } from '../schema/resource.js'
import { ResourceType as ResourceTypeSchema } from '../schema/resource-type.js'
import { resourceSchema } from '../schema/schema.js'
import { ServiceProviderConfig } from '../schema/service-provider-config.js'
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from '../urn.js'
import type { Context } from './context.js'
import type { Provider } from './provider.js'
import type { ResourceType } from './resource-type.js'
import type { Result } from './result.js'

/** RFC 7644 section 4: what the service provider tells about itself, derived from what is configured. */
export interface Discovery {
  readonly serviceProviderConfig: JsonObject
  /** By name. */
  readonly resourceTypes: ReadonlyMap<string, JsonObject>
  /** By URI in lower case: RFC 7643 section 3 compares URNs without case. */
  readonly schemas: ReadonlyMap<string, JsonObject>
}

/** Works out the discovery resources, all but their locations, each when it is asked for: nobody waits for them at start. */
export function discoveryOf(provider: Omit<Provider, 'discovery'>): Discovery {
  let schemas: Discovery['schemas'] | undefined
  return {
    serviceProviderConfig: serviceProviderConfigOf(provider),
    resourceTypes: new Map(provider.types.map((type) => [type.name, describeResourceType(type)])),
    get schemas() {
      schemas ??= describeSchemas(provider)
      return schemas
    },
  }
}

// RFC 7643 section 7: "For every schema URI used in a resource object, there is a corresponding "Schema" resource." Those of
// discovery are resource objects as well.
const OF_DISCOVERY = [ServiceProviderConfig, ResourceTypeSchema, Schema]

function describeSchemas({ types }: Pick<Provider, 'types'>): Discovery['schemas'] {
  const schemas = new Map<string, JsonObject>()
  for (const schema of [...types.map((type) => type.schema), ...OF_DISCOVERY.map((base) => resourceSchema(base))]) {
    for (const described of describeSchema(schema)) {
      const key = String(described.id).toLowerCase()
      // One schema may serve several types.
      if (!schemas.has(key)) schemas.set(key, { schemas: [SCHEMA_SCHEMA], ...described })
    }
  }
  return schemas
}

/** RFC 7643 section 6. */
function describeResourceType({ name, endpoint, description, schema }: ResourceType): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: name,
    name,
    description,
    endpoint,
    schema: schema.base.id,
    schemaExtensions: schema.extensions.map((extension) => ({
      schema: extension.schema.id,
      required: extension.required,
    })),
  }
}

/** RFC 7643 section 5 and RFC 9865 section 4. */
function serviceProviderConfigOf({ options, limits, types, cursors }: Omit<Provider, 'discovery'>): JsonObject {
  const bulk = options.bulk !== false
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    ...(options.documentationUri && { documentationUri: options.documentationUri }),
    patch: { supported: true },
    // A feature that is off has no limits to tell of (decision A-117).
    bulk: {
      supported: bulk,
      maxOperations: bulk ? limits.bulkOperations : 0,
      maxPayloadSize: bulk ? limits.bulkBytes : 0,
    },
    filter: { supported: true, maxResults: limits.maxResults },
    changePassword: { supported: options.password !== undefined },
    sort: { supported: true },
    etag: { supported: types.every(({ supports }) => supports.versions) },
    pagination: {
      cursor: cursors !== undefined,
      index: true,
      defaultPaginationMethod: cursors?.isDefault ? 'cursor' : 'index',
      defaultPageSize: limits.defaultResults,
      maxPageSize: limits.maxResults,
      ...(cursors && { cursorTimeout: cursors.timeout }),
    },
    authenticationSchemes: options.authenticationSchemes ?? [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A bearer token in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
  }
}

/** GET /ServiceProviderConfig */
export async function serviceProviderConfig(context: Context): Promise<Result> {
  refuseFilter(context)
  const { serviceProviderConfig: config } = context.provider.discovery
  return one(located(context, config, 'ServiceProviderConfig', 'ServiceProviderConfig'))
}

/** GET /ResourceTypes and /ResourceTypes/{name} */
export async function resourceTypeDiscovery(context: Context, name: string | undefined): Promise<Result> {
  refuseFilter(context)
  const { resourceTypes } = context.provider.discovery
  const locate = (type: JsonObject) => located(context, type, 'ResourceType', 'ResourceTypes', type.id)
  if (name === undefined) return all([...resourceTypes.values()].map(locate))
  const type = resourceTypes.get(name)
  if (type === undefined) throw ScimError.notFound(`There is no resource type named "${name.slice(0, 100)}".`)
  return one(locate(type))
}

/** GET /Schemas and /Schemas/{uri} */
export async function schemaDiscovery(context: Context, uri: string | undefined): Promise<Result> {
  refuseFilter(context)
  const { schemas } = context.provider.discovery
  const locate = (schema: JsonObject) => located(context, schema, 'Schema', 'Schemas', schema.id)
  if (uri === undefined) return all([...schemas.values()].map(locate))
  const schema = schemas.get(uri.toLowerCase())
  if (schema === undefined) throw ScimError.notFound(`There is no schema "${uri.slice(0, 200)}".`)
  return one(locate(schema))
}

/** RFC 7644 section 4: "If a 'filter' is provided, the service provider SHOULD respond with HTTP status code 403". */
function refuseFilter({ query }: Context): void {
  if (query.filter !== undefined) throw ScimError.forbidden('Discovery resources cannot be filtered.')
}

type Located = JsonObject & { readonly meta: { readonly resourceType: string; readonly location: string } }

function located(
  { baseUrl }: Context,
  resource: JsonObject,
  resourceType: string,
  endpoint: string,
  id?: unknown,
): Located {
  // RFC 7644 section 1.2: URLs are percent-encoded; the colons of a URN may stand in a path as they are (RFC 3986 section 3.3).
  const segment = id === undefined ? '' : `/${encodeURIComponent(String(id)).replaceAll('%3A', ':')}`
  return { ...resource, meta: { resourceType, location: `${baseUrl}/${endpoint}${segment}` } }
}

function one(body: Located): Result {
  const { location } = body.meta
  return { status: 200, headers: { Location: location, 'Content-Location': location }, body, large: false }
}

// RFC 7644 section 4: sorting and paging parameters are ignored; the answer holds everything.
function all(resources: readonly JsonObject[]): Result {
  const body = listResponse(resources, { totalResults: resources.length, startIndex: 1 })
  return { status: 200, headers: {}, body, large: false }
}
