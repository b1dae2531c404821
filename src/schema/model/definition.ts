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
 * The characteristics that this library adds to those of RFC 7643 section 7. /Schemas does not show them.
 */
export interface AttributePolicy {
  /**
   * Refuse values that are not among `canonicalValues`. Without it they are suggestions (RFC 7643 section 2.3.1).
   *
   * @defaultValue `false`
   */
  readonly enforceCanonicalValues?: boolean
  /**
   * Refuse texts for which it returns false, with 400 invalidValue: for formats that RFC 7643 names in its prose, such
   * as the country codes of ISO 3166-1 (section 4.1.2). It is called with each value of a string, reference, dateTime
   * or binary attribute.
   *
   * @defaultValue every text of the type is accepted
   */
  readonly isValid?: (text: string) => boolean
  /**
   * The value that the attribute gets if a POST leaves it out.
   *
   * @defaultValue the attribute stays unassigned
   */
  readonly default?: Json
  /**
   * Keep the stored value if a PUT leaves the attribute out.
   *
   * @defaultValue `true` for attributes that no client can read and those with the role `activation`, else `false`
   */
  readonly keepOnReplace?: boolean
  /**
   * Show the attribute under /Schemas.
   *
   * @defaultValue `true`
   */
  readonly discoverable?: boolean
  /**
   * Answer `[]` if a list has no value: for clients that treat a missing list as unknown. For multi-valued attributes
   * of the base schema.
   *
   * @defaultValue `false`: an empty list is left out; RFC 7643 section 2.5 gives both the same meaning
   */
  readonly showEmpty?: boolean
}

/** An attribute as a schema defines it. Characteristics left out have the defaults of RFC 7643 section 2.2. */
export interface AttributeDefinition extends AttributePolicy {
  /** A letter, then letters, digits, `$`, `-` and `_`; or `$ref`. */
  readonly name: string
  /**
   * Data type, RFC 7643 section 2.3.
   *
   * @defaultValue `'string'`
   */
  readonly type?: AttributeType
  /**
   * Whether the attribute holds a list of values.
   *
   * @defaultValue `false`
   */
  readonly multiValued?: boolean
  /**
   * Description for people, shown under /Schemas.
   *
   * @defaultValue none
   */
  readonly description?: string
  /**
   * Whether a resource must have a value.
   *
   * @defaultValue `false`
   */
  readonly required?: boolean
  /**
   * Suggested values; see `enforceCanonicalValues`.
   *
   * @defaultValue none
   */
  readonly canonicalValues?: readonly string[]
  /**
   * Whether letter case counts in comparisons. References and binaries are always compared exactly.
   *
   * @defaultValue `false`
   */
  readonly caseExact?: boolean
  /**
   * Whether and when clients may set a value.
   *
   * @defaultValue `'readWrite'`
   */
  readonly mutability?: Mutability
  /**
   * Whether and when responses have the attribute.
   *
   * @defaultValue `'default'`
   */
  readonly returned?: Returned
  /**
   * Whether two resources may have the same value.
   *
   * @defaultValue `'none'`
   */
  readonly uniqueness?: Uniqueness
  /**
   * Resource type names, `'external'` or `'uri'`, for type reference.
   *
   * @defaultValue none
   */
  readonly referenceTypes?: readonly string[]
  /**
   * The sub-attributes of a complex attribute.
   *
   * @defaultValue none
   */
  readonly subAttributes?: readonly AttributeDefinition[]
  /**
   * PRECIS profile (RFC 8265) that prepares values before they are compared, RFC 7644 section 5.
   *
   * @defaultValue none
   */
  readonly precis?: 'UsernameCaseMapped' | 'OpaqueString'
  /**
   * What events are derived from the attribute: `'activation'` marks the boolean that says whether a resource is
   * active, `'membership'` the multi-valued references to members.
   *
   * @defaultValue none
   */
  readonly role?: 'activation' | 'membership'
}

/** A schema, RFC 7643 section 7: a URI and attributes. */
export interface SchemaDefinition {
  /** URI of the schema. */
  readonly id: string
  /** Name for people, shown under /Schemas. */
  readonly name?: string
  /** Description for people, shown under /Schemas. */
  readonly description?: string
  /** The attributes of the schema. */
  readonly attributes: readonly AttributeDefinition[]
}
