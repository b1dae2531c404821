import { resourceSchema } from '../../schema/define/schema.js'
import { describeSchema } from '../../schema/discovery/describe-schema.js'
import { Schema } from '../../schema/discovery/meta-schema.js'
import { ResourceType as ResourceTypeSchema } from '../../schema/discovery/resource-type.js'
import { ServiceProviderConfig } from '../../schema/discovery/service-provider-config.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from '../../urn.js'
import type { Cursors } from '../shared/cursor.js'
import type { Limits } from './limits.js'
import { type ScimRouterOptions, schemesOf } from './options.js'
import type { ResourceType } from './resource-type.js'

/** RFC 7644 section 4: the service provider's description of itself, derived from its options. */
export interface Discovery {
  readonly serviceProviderConfig: JsonObject
  /** By name. */
  readonly resourceTypes: ReadonlyMap<string, JsonObject>
  /** By URI in lower case: RFC 7643 section 3 compares URNs without case. */
  readonly schemas: ReadonlyMap<string, JsonObject>
}

/** The options that discovery describes. */
interface DiscoverySource {
  readonly options: ScimRouterOptions
  readonly limits: Limits
  readonly types: readonly ResourceType[]
  readonly cursors: Cursors | undefined
}

/**
 * Works out the discovery resources, all but their locations, each at its first request: they do not delay the
 * start.
 */
export function discoveryOf(provider: DiscoverySource): Discovery {
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

// RFC 7643 section 7: "For every schema URI used in a resource object, there is a corresponding "Schema" resource."
// Those of discovery are resource objects as well.
const OF_DISCOVERY = [ServiceProviderConfig, ResourceTypeSchema, Schema]

function describeSchemas({ types }: DiscoverySource): Discovery['schemas'] {
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
function serviceProviderConfigOf({ options, limits, types, cursors }: DiscoverySource): JsonObject {
  const bulk = options.bulk !== false
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    ...(options.documentationUri && { documentationUri: options.documentationUri }),
    patch: { supported: true },
    // A feature that is off has no limits to show (decision A-117).
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
    authenticationSchemes: schemesOf(options) ?? [
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
