import { BOOLEAN, checkGiven, checkOption, either, oneOf, TEXT } from '../check-options.js'
import { type OpenApiDocument, type OpenApiOptions, openApiDocument } from '../openapi/document.js'
import { DISCOVERY } from '../openapi/read-service.js'
import type { Characteristics, Service, ServiceType } from '../openapi/service.js'
import type { ScimRouterOptions } from '../provider/setup/options.js'
import type { Provider } from '../provider/setup/provider.js'
import type { ResourceType } from '../provider/setup/resource-type.js'
import type { Attribute } from '../schema/model/attribute.js'

/** A provider as an OpenAPI document. Throws a `SetupError` for a mistake in the options. */
export function openApiOf(provider: Provider, options: OpenApiOptions = {}): OpenApiDocument {
  const owner = 'scim.openapi'
  checkGiven(
    options,
    { url: TEXT, title: TEXT, version: TEXT, me: either(TEXT, BOOLEAN) },
    { owner, code: 'ERR_SCIM_OPTION' },
  )
  if (options.me !== undefined) {
    const names = provider.types.map(({ name }) => name)
    const either = { ...oneOf(...names), expects: 'the name of a resource type or false' }
    const accepts = (value: unknown): boolean => value === false || names.some((name) => name === value)
    checkOption(options.me, { ...either, accepts }, { owner, code: 'ERR_SCIM_OPTION', path: 'me' })
  }
  const { baseUrl } = provider.options
  const url = options.url ?? (typeof baseUrl === 'string' ? baseUrl : undefined)
  return openApiDocument(serviceOf(provider), { ...options, ...(url !== undefined && { url }) })
}

/** The facts about a provider in the document. */
function serviceOf(provider: Provider): Service {
  const { options, limits, types, cursors, discovery } = provider
  const { authenticationSchemes } = discovery.serviceProviderConfig as Pick<Service, never> & {
    readonly authenticationSchemes: Service['schemes']
  }
  return {
    types: types.map((type) => typeOf(type, options.resources[type.name]?.adapter)),
    discovery: DISCOVERY,
    supports: {
      patch: true,
      bulk: options.bulk !== false,
      filter: true,
      sort: true,
      changePassword: options.password !== undefined,
      cursor: cursors !== undefined,
    },
    schemes: authenticationSchemes,
    documentationUri: options.documentationUri,
    limits: { ...limits, cursorTimeout: cursors?.timeout },
    own: {
      refusesAccept: !provider.tolerances.has('acceptHeader'),
      requireIfMatch: options.requireIfMatch === true,
      publicDiscovery: options.publicDiscovery === true,
      atomicBulk: provider.atomicBulk,
    },
  }
}

function typeOf(
  { name, endpoint, description, schema, supports }: ResourceType,
  adapter: ScimRouterOptions['resources'][string]['adapter'] | undefined,
): ServiceType {
  return {
    name,
    endpoint,
    description,
    schema: schema.base.id,
    attributes: shown(schema.root.subAttributes.filter(({ isExtension }) => !isExtension)),
    extensions: schema.extensionAttributes.map((extension) => {
      const { name: id, required, description: about, subAttributes } = extension
      return { id, required, description: about, attributes: shown(subAttributes) }
    }),
    versions: supports.versions,
    // A store without `patch` replaces the resource and gives it back. Adapters that a function returns cannot be
    // examined.
    emptyPatch: typeof adapter !== 'object' || adapter.patch !== undefined,
  }
}

/** The attributes that /Schemas shows. */
function shown(attributes: readonly Attribute[]): readonly Characteristics[] {
  return attributes
    .filter(({ discoverable }) => discoverable)
    .map((attribute) => ({ ...attribute, subAttributes: shown(attribute.subAttributes) }))
}
