import type { Limits } from './limits.js'

/** The definition of an attribute: its characteristics, RFC 7643 section 7, and the additions of this library. */
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
  /** Whether a PUT may leave the attribute out although it is required. */
  readonly keepOnReplace: boolean
  /** The value that a POST without the attribute stores. */
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
  /** The common attributes and those of the base schema. */
  readonly attributes: readonly Characteristics[]
  readonly extensions: readonly ServiceExtension[]
  /** Whether resources have versions. */
  readonly versions: boolean
  /** Whether a PATCH may be answered with 204: if the store does not return the patched resource. */
  readonly emptyPatch: boolean
}

/** An authentication scheme, RFC 7643 section 5. */
export interface ServiceScheme {
  readonly type: string
  readonly name?: string | undefined
  readonly description?: string | undefined
}

/** The facts about a service provider that a document needs. */
export interface Service {
  readonly types: readonly ServiceType[]
  /** The discovery resources: their names, and the attributes of their schemas. */
  readonly discovery: Readonly<Record<'ServiceProviderConfig' | 'ResourceType' | 'Schema', readonly Characteristics[]>>
  readonly supports: Readonly<Record<'patch' | 'bulk' | 'filter' | 'sort' | 'changePassword' | 'cursor', boolean>>
  readonly schemes: readonly ServiceScheme[]
  readonly documentationUri?: string | undefined
  readonly limits: Limits
  /** Facts that only the service itself knows; undefined if only its discovery endpoints are known. */
  readonly own?: OwnFacts | undefined
}

/** Facts that no discovery endpoint states. */
export interface OwnFacts {
  /** Whether an Accept header without a SCIM media type is refused with 406. */
  readonly refusesAccept: boolean
  readonly requireIfMatch: boolean
  readonly publicDiscovery: boolean
  readonly atomicBulk: boolean
}
