import type { Answer } from '../../../client/index.js'
import { isObject } from '../../../is-object.js'
import { type Json, memberOf } from './expect.js'

/** An attribute as /Schemas describes it. */
export interface AttributeInfo {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: string
  readonly returned: string
  readonly uniqueness: string
  readonly canonicalValues: readonly string[]
  readonly subAttributes: readonly AttributeInfo[]
}

/** A resource type as /ResourceTypes and /Schemas describe it. */
export interface TypeInfo {
  readonly name: string
  /** Such as `/Users`. */
  readonly endpoint: string
  readonly schema: string
  readonly extensions: readonly { readonly schema: string; readonly required: boolean }[]
  /** Empty if the schema is not in /Schemas. */
  readonly attributes: readonly AttributeInfo[]
}

/** The features that a server announces. */
export interface Capabilities {
  /** The body of /ServiceProviderConfig. */
  readonly config: Json
  readonly resourceTypes: readonly Json[]
  readonly schemas: readonly Json[]
  readonly user: TypeInfo | undefined
  readonly group: TypeInfo | undefined
  readonly supports: Readonly<Record<Feature, boolean>>
  readonly maxOperations: number
}

/** An optional feature of a server. */
export type Feature = 'patch' | 'bulk' | 'filter' | 'sort' | 'etag' | 'changePassword' | 'cursor'

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/**
 * Reads the answers of the three discovery endpoints. If an answer leaves a value out, the default of the RFC counts.
 */
export function readCapabilities(answers: {
  readonly config: Answer
  readonly resourceTypes: Answer
  readonly schemas: Answer
}): Capabilities {
  const config = isObject(answers.config.body) ? answers.config.body : {}
  const resourceTypes = listOf(answers.resourceTypes)
  const schemas = listOf(answers.schemas)
  const says = (feature: string, otherwise: boolean): boolean => {
    const said = memberOf(memberOf(config, feature), 'supported')
    return typeof said === 'boolean' ? said : otherwise
  }
  const silent = answers.config.status !== 200
  return {
    config,
    resourceTypes,
    schemas,
    user: typeInfo('User', '/Users', USER, resourceTypes, schemas),
    group: typeInfo('Group', '/Groups', GROUP, resourceTypes, schemas),
    supports: {
      // If the server says nothing, the check tries the features that nearly all servers have, and leaves out the rare
      // ones.
      patch: says('patch', silent),
      filter: says('filter', silent),
      bulk: says('bulk', false),
      sort: says('sort', false),
      etag: says('etag', false),
      changePassword: says('changePassword', false),
      cursor: memberOf(config.pagination, 'cursor') === true,
    },
    maxOperations: Number(memberOf(config.bulk, 'maxOperations') ?? 0),
  }
}

function listOf({ status, body }: Answer): readonly Json[] {
  if (status !== 200) return []
  // Some servers answer with a plain array. A rule of discovery reports that; the other rules can still run.
  const list = Array.isArray(body) ? body : memberOf(body, 'Resources')
  return Array.isArray(list) ? list.filter(isObject) : []
}

function typeInfo(
  name: string,
  endpoint: string,
  uri: string,
  resourceTypes: readonly Json[],
  schemas: readonly Json[],
): TypeInfo | undefined {
  const found =
    resourceTypes.find(({ schema }) => sameUri(schema, uri)) ?? resourceTypes.find((type) => type.name === name)
  if (found === undefined && resourceTypes.length > 0) return undefined
  const schema = typeof found?.schema === 'string' ? found.schema : uri
  const extensions = Array.isArray(found?.schemaExtensions) ? found.schemaExtensions : []
  return {
    name: typeof found?.name === 'string' ? found.name : name,
    endpoint: endpointOf(found?.endpoint, endpoint),
    schema,
    extensions: extensions.filter(isObject).map((entry) => ({
      schema: String(entry.schema),
      required: entry.required === true,
    })),
    attributes: attributesOf(schemas.find(({ id }) => sameUri(id, schema))),
  }
}

/** RFC 7643 section 6 demands a path relative to the base URL. Some servers give a whole URL. */
function endpointOf(given: unknown, otherwise: string): string {
  if (typeof given !== 'string' || given === '') return otherwise
  const last = given.split('/').filter(Boolean).pop() ?? ''
  return last === '' ? otherwise : `/${last}`
}

/** The attributes of a schema. */
export function attributesOf(schema: Json | undefined): readonly AttributeInfo[] {
  const { attributes } = schema ?? {}
  return Array.isArray(attributes) ? attributes.filter(isObject).map(attributeInfo) : []
}

/** Reads an attribute definition; the defaults are those of RFC 7643 section 2.2. */
function attributeInfo(given: Json): AttributeInfo {
  const text = (name: string, otherwise: string): string => (typeof given[name] === 'string' ? given[name] : otherwise)
  const { canonicalValues, subAttributes } = given
  return {
    name: text('name', ''),
    type: text('type', 'string'),
    multiValued: given.multiValued === true,
    required: given.required === true,
    caseExact: given.caseExact === true,
    mutability: text('mutability', 'readWrite'),
    returned: text('returned', 'default'),
    uniqueness: text('uniqueness', 'none'),
    canonicalValues: Array.isArray(canonicalValues) ? canonicalValues.map(String) : [],
    subAttributes: Array.isArray(subAttributes) ? subAttributes.filter(isObject).map(attributeInfo) : [],
  }
}

/** URNs are compared without case, RFC 7644 section 3.10. */
export function sameUri(one: unknown, other: string): boolean {
  return typeof one === 'string' && one.toLowerCase() === other.toLowerCase()
}
