import type { Limits } from './limits.js'

/** What is known of an attribute: its characteristics, RFC 7643 section 7, and what a service provider of this library adds. */
export interface Characteristics {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: string
  readonly returned: string
  readonly uniqueness: string
  readonly description?: string | undefined
  readonly canonicalValues: readonly string[]
  readonly referenceTypes: readonly string[]
  readonly subAttributes: readonly Characteristics[]
  /** Whether a PUT may leave it out although it is required. */
  readonly keepOnReplace: boolean
  /** What a POST without it stores. */
  readonly default?: unknown
}

/** An extension of a resource type. */
export interface ServiceExtension {
  readonly id: string
  readonly required: boolean
  readonly description?: string | undefined
  readonly attributes: readonly Characteristics[]
}

/** A resource type. */
export interface ServiceType {
  readonly name: string
  /** Such as `/Users`. */
  readonly endpoint: string
  readonly description?: string | undefined
  /** URI of the base schema. */
  readonly schema: string
  /** Common attributes and those of the base schema. */
  readonly attributes: readonly Characteristics[]
  readonly extensions: readonly ServiceExtension[]
  /** Whether its resources have versions. */
  readonly versions: boolean
  /** Whether a PATCH may be answered with 204: where the store says no more than that it was done. */
  readonly emptyPatch: boolean
}

/** How clients prove who they are, RFC 7643 section 5. */
export interface ServiceScheme {
  readonly type: string
  readonly name?: string | undefined
  readonly description?: string | undefined
}

/** A service provider, as far as a document tells of it. */
export interface Service {
  readonly types: readonly ServiceType[]
  /** The resources that describe the service: their names, and the attributes of their schemas. */
  readonly discovery: Readonly<Record<'ServiceProviderConfig' | 'ResourceType' | 'Schema', readonly Characteristics[]>>
  readonly supports: Readonly<Record<'patch' | 'bulk' | 'filter' | 'sort' | 'changePassword' | 'cursor', boolean>>
  readonly schemes: readonly ServiceScheme[]
  readonly documentationUri?: string | undefined
  readonly limits: Limits
  /** What only the service itself knows; undefined where nothing but discovery tells of it. */
  readonly own?: OwnFacts | undefined
}

/** What no discovery endpoint tells. */
export interface OwnFacts {
  /** Whether an Accept header without a SCIM media type is refused with 406. */
  readonly refusesAccept: boolean
  readonly requireIfMatch: boolean
  readonly publicDiscovery: boolean
  readonly atomicBulk: boolean
}
