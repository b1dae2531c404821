import { isObject } from '../is-object.js'
import { filledText } from '../json-values.js'
import { Schema } from '../schema/discovery/meta-schema.js'
import { ResourceType } from '../schema/discovery/resource-type.js'
import { ServiceProviderConfig } from '../schema/discovery/service-provider-config.js'
import { COMMON_ATTRIBUTES } from '../schema/model/common-attributes.js'
import type { SchemaDefinition } from '../schema/model/definition.js'
import type { JsonObject } from '../schema/model/resource.js'
import type { Characteristics, Service, ServiceType } from './service.js'

/** The answers of the discovery endpoints of a service provider, RFC 7644 section 4. */
export interface DiscoveryAnswers {
  /** The body of /ServiceProviderConfig. */
  readonly config: JsonObject
  /** The resources of /ResourceTypes. */
  readonly resourceTypes: readonly JsonObject[]
  /** The resources of /Schemas. */
  readonly schemas: readonly JsonObject[]
}

/** The discovery endpoints; some services list them among their resource types. */
const OF_DISCOVERY = new Set(['/serviceproviderconfig', '/resourcetypes', '/schemas'])

/** Reads the answers of the discovery endpoints. For values that they leave out, the defaults of the RFCs count. */
export function readService({ config, resourceTypes, schemas }: DiscoveryAnswers): Service {
  const supported = (feature: string): boolean => (objectOf(config[feature]).supported ?? false) === true
  const pagination = objectOf(config.pagination)
  const versions = supported('etag')
  return {
    types: resourceTypes.flatMap((type) => readType(type, schemas, versions)),
    discovery: DISCOVERY,
    supports: {
      patch: supported('patch'),
      bulk: supported('bulk'),
      filter: supported('filter'),
      sort: supported('sort'),
      changePassword: supported('changePassword'),
      cursor: pagination.cursor === true,
    },
    schemes: listOf(config.authenticationSchemes).map(({ type, name, description }) => {
      return { type: String(type).toLowerCase(), name: filledText(name), description: filledText(description) }
    }),
    documentationUri: filledText(config.documentationUri),
    limits: {
      maxResults: numberOf(objectOf(config.filter).maxResults),
      bulkOperations: numberOf(objectOf(config.bulk).maxOperations),
      bulkBytes: numberOf(objectOf(config.bulk).maxPayloadSize),
      cursorTimeout: numberOf(pagination.cursorTimeout),
    },
  }
}

function readType(type: JsonObject, schemas: readonly JsonObject[], versions: boolean): readonly ServiceType[] {
  const { name, endpoint, schema } = type
  if (typeof name !== 'string' || typeof endpoint !== 'string' || typeof schema !== 'string') return []
  if (OF_DISCOVERY.has(endpoint.toLowerCase())) return []
  const base = schemaOf(schemas, schema)
  const extensions = listOf(type.schemaExtensions).flatMap((extension) => {
    if (typeof extension.schema !== 'string') return []
    const { description, attributes } = schemaOf(schemas, extension.schema)
    return {
      id: extension.schema,
      required: extension.required === true,
      description: filledText(description),
      attributes: characteristicsOf(attributes),
    }
  })
  const description = filledText(type.description) ?? filledText(base.description)
  return [
    {
      name: name.replace(/[^\w-]/g, '-'),
      endpoint,
      description,
      schema,
      attributes: withCommon(base),
      extensions,
      versions,
      emptyPatch: true,
    },
  ]
}

/** Adds the common attributes. They are in no schema (RFC 7643 section 3.1), but some services list them there. */
function withCommon({ attributes }: JsonObject): readonly Characteristics[] {
  const own = characteristicsOf(attributes)
  const names = new Set(COMMON.map(({ name }) => name.toLowerCase()))
  return [...COMMON, ...own.filter(({ name }) => !names.has(name.toLowerCase()))]
}

function schemaOf(schemas: readonly JsonObject[], id: string): JsonObject {
  return schemas.find((schema) => String(schema.id).toLowerCase() === id.toLowerCase()) ?? {}
}

/** Reads the definitions of attributes; the defaults of characteristics are those of RFC 7643 section 2.2. */
function characteristicsOf(value: unknown): readonly Characteristics[] {
  return listOf(value)
    .filter(({ name }) => typeof name === 'string')
    .map((attribute) => {
      const mutability = filledText(attribute.mutability) ?? 'readWrite'
      const returned = filledText(attribute.returned) ?? 'default'
      return {
        name: String(attribute.name),
        type: filledText(attribute.type) ?? 'string',
        multiValued: attribute.multiValued === true,
        required: attribute.required === true,
        caseExact: attribute.caseExact === true,
        mutability,
        returned,
        uniqueness: filledText(attribute.uniqueness) ?? 'none',
        description: filledText(attribute.description),
        canonicalValues: textsOf(attribute.canonicalValues),
        referenceTypes: textsOf(attribute.referenceTypes),
        subAttributes: characteristicsOf(attribute.subAttributes),
        // A client cannot send back a value that it cannot read.
        keepOnReplace: mutability === 'writeOnly' || returned === 'never',
      }
    })
}

const COMMON = characteristicsOf(COMMON_ATTRIBUTES)

/** The schemas of the discovery resources are the same for every service: RFC 7643 sections 5, 6 and 8.7.2. */
export const DISCOVERY: Service['discovery'] = {
  ServiceProviderConfig: ofDiscovery(ServiceProviderConfig),
  ResourceType: ofDiscovery(ResourceType),
  Schema: ofDiscovery(Schema),
}

function ofDiscovery({ attributes }: SchemaDefinition): readonly Characteristics[] {
  const own = characteristicsOf(attributes)
  const common = COMMON.filter(({ name }) => name === 'schemas' || name === 'meta')
  return [...common, ...own]
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : []
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
