import { ScimError } from '../../error.js'
import { listResponse } from '../../message/list-response.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { Result } from '../answer/result.js'
import { authorizeDiscovery } from '../policy/authorize.js'
import type { Context } from '../request/context.js'

/** GET /ServiceProviderConfig */
export async function serviceProviderConfig(context: Context): Promise<Result> {
  permitDiscovery(context)
  const { serviceProviderConfig: config } = context.provider.discovery
  return one(located(context, config, 'ServiceProviderConfig', 'ServiceProviderConfig'))
}

/** GET /ResourceTypes and /ResourceTypes/{name} */
export async function resourceTypeDiscovery(context: Context, name: string | undefined): Promise<Result> {
  permitDiscovery(context)
  const { resourceTypes } = context.provider.discovery
  const locate = (type: JsonObject) => located(context, type, 'ResourceType', 'ResourceTypes', type.id)
  if (name === undefined) return all([...resourceTypes.values()].map(locate))
  const type = resourceTypes.get(name)
  if (type === undefined) throw ScimError.notFound(`There is no resource type named "${name.slice(0, 100)}".`)
  return one(locate(type))
}

/** GET /Schemas and /Schemas/{uri} */
export async function schemaDiscovery(context: Context, uri: string | undefined): Promise<Result> {
  permitDiscovery(context)
  const { schemas } = context.provider.discovery
  const locate = (schema: JsonObject) => located(context, schema, 'Schema', 'Schemas', schema.id)
  if (uri === undefined) return all([...schemas.values()].map(locate))
  const schema = schemas.get(uri.toLowerCase())
  if (schema === undefined) throw ScimError.notFound(`There is no schema "${uri.slice(0, 200)}".`)
  return one(locate(schema))
}

/** RFC 7644 section 4: "If a 'filter' is provided, the service provider SHOULD respond with HTTP status code 403". */
function permitDiscovery(context: Context): void {
  context.facts.action = 'discovery'
  authorizeDiscovery(context)
  if (context.query.filter !== undefined) throw ScimError.forbidden('Discovery resources cannot be filtered.')
}

type LocatedResource = JsonObject & { readonly meta: { readonly resourceType: string; readonly location: string } }

function located(
  { baseUrl }: Context,
  resource: JsonObject,
  resourceType: string,
  endpoint: string,
  id?: unknown,
): LocatedResource {
  // RFC 7644 section 1.2: URLs are percent-encoded; the colons of a URN may stand in a path as they are (RFC 3986
  // section 3.3).
  const segment = id === undefined ? '' : `/${encodeURIComponent(String(id)).replaceAll('%3A', ':')}`
  return { ...resource, meta: { resourceType, location: `${baseUrl}/${endpoint}${segment}` } }
}

function one(body: LocatedResource): Result {
  const { location } = body.meta
  return { status: 200, headers: { Location: location, 'Content-Location': location }, body, large: false }
}

// RFC 7644 section 4: sorting and paging parameters are ignored; the answer holds everything.
function all(resources: readonly JsonObject[]): Result {
  const body = listResponse(resources, { totalResults: resources.length, startIndex: 1 })
  return { status: 200, headers: {}, body, large: false }
}
