/** Data types of attributes, RFC 7643 section 2.3. */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex'

/** Whether and when a value may be set, RFC 7643 section 7. */
export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
/** Whether and when an attribute is returned, RFC 7643 section 7. */
export type Returned = 'always' | 'never' | 'default' | 'request'
/** How far a value has to be unique, RFC 7643 section 7. */
export type Uniqueness = 'none' | 'server' | 'global'

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * What this library adds to the characteristics of RFC 7643 section 7. None of it is shown under /Schemas.
 */
export interface AttributePolicy {
  /** Refuse values that are not among `canonicalValues`. Default false: they are suggestions (RFC 7643 section 2.3.1). */
  readonly enforceCanonicalValues?: boolean
  /**
   * Refuse texts for which it returns false, with 400 invalidValue: for formats that RFC 7643 names in its prose, such as
   * the country codes of ISO 3166-1 (section 4.1.2). It is asked about each value of a string, reference, dateTime or
   * binary attribute. Default: every text of the type is taken, as clients send what they have.
   */
  readonly isValid?: (text: string) => boolean
  /** Set when a POST or PUT leaves the attribute out. Default: it stays unassigned. */
  readonly default?: Json
  /** Keep the stored value when a PUT leaves the attribute out. Default false, true for writeOnly attributes. */
  readonly keepOnReplace?: boolean
  /** Show the attribute under /Schemas. Default true. */
  readonly discoverable?: boolean
}

/** An attribute as a schema defines it. Characteristics left out have the defaults of RFC 7643 section 2.2. */
export interface AttributeDefinition extends AttributePolicy {
  /** A letter, then letters, digits, `$`, `-` and `_`; or `$ref`. */
  readonly name: string
  /** Default `'string'`. */
  readonly type?: AttributeType
  /** Default false. */
  readonly multiValued?: boolean
  readonly description?: string
  /** Default false. */
  readonly required?: boolean
  readonly canonicalValues?: readonly string[]
  /** Default false; references and binaries are always compared exactly. */
  readonly caseExact?: boolean
  /** Default `'readWrite'`. */
  readonly mutability?: Mutability
  /** Default `'default'`. */
  readonly returned?: Returned
  /** Default `'none'`. */
  readonly uniqueness?: Uniqueness
  /** Resource type names, `'external'` or `'uri'`; for type reference. */
  readonly referenceTypes?: readonly string[]
  /** For type complex. */
  readonly subAttributes?: readonly AttributeDefinition[]
  /** PRECIS profile (RFC 8265) that prepares values before they are compared, RFC 7644 section 5. */
  readonly precis?: 'UsernameCaseMapped' | 'OpaqueString'
  /**
   * What events watch: `'activation'` marks the boolean that says whether a resource is active,
   * `'membership'` the multi-valued references to members.
   */
  readonly role?: 'activation' | 'membership'
}

/** A schema, RFC 7643 section 7: a URI and attributes. */
export interface SchemaDefinition {
  /** URI of the schema. */
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly attributes: readonly AttributeDefinition[]
}
