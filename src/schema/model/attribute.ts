import type { AttributeDefinition, AttributeType, Json, Mutability, Returned, Uniqueness } from './definition.js'

/**
 * An attribute with every characteristic filled in, as filters, patches and adapters see it.
 *
 * The object of an extension in a resource (RFC 7643 section 3.3) is seen as one more complex attribute, named by the
 * URN of the extension; so is the resource itself, by an attribute without a name. One walk serves all three.
 */
export interface Attribute {
  /** Spelled as in the schema; for the object of an extension its URN. It is the key in the JSON object. */
  readonly name: string
  /**
   * The name that a client would use: `userName`, `name.givenName`, `urn:…:User:manager.value`. Unique in its resource
   * type.
   */
  readonly path: string
  /** The keys from the resource to the value: `['urn:…:User', 'manager', 'value']`. */
  readonly keys: readonly string[]
  /** The complex attribute that holds it. */
  readonly parent: Attribute | undefined
  /** The object of the extension that holds it, directly or further up. */
  readonly extension: Attribute | undefined
  /** Whether it is the object of an extension. */
  readonly isExtension: boolean
  /** The data type. */
  readonly type: AttributeType
  /** Whether the attribute holds a list of values. */
  readonly multiValued: boolean
  /** Whether a resource must have a value. */
  readonly required: boolean
  /** Whether letter case counts in comparisons. */
  readonly caseExact: boolean
  /** Whether and when clients may set a value. */
  readonly mutability: Mutability
  /** Whether and when responses have the attribute. */
  readonly returned: Returned
  /** Whether two resources may have the same value. */
  readonly uniqueness: Uniqueness
  /** Description for people. */
  readonly description: string | undefined
  /** Suggested values; empty if there are none. */
  readonly canonicalValues: readonly string[]
  /** The types that a reference may name; empty for other types. */
  readonly referenceTypes: readonly string[]
  /** Whether values that are not canonical are refused. */
  readonly enforceCanonicalValues: boolean
  /** Returns false for a text that is refused; undefined: every text is accepted. */
  readonly isValid: AttributeDefinition['isValid']
  /** The value that the attribute gets if a POST leaves it out. */
  readonly default: Json | undefined
  /** Whether a PUT without the attribute keeps the stored value. */
  readonly keepOnReplace: boolean
  /** Whether /Schemas shows the attribute. */
  readonly discoverable: boolean
  /** Whether an answer has `[]` if the list has no value. */
  readonly showEmpty: boolean
  /** The PRECIS profile that prepares values before they are compared. */
  readonly precis: AttributeDefinition['precis']
  /** The part that the attribute plays in events. */
  readonly role: AttributeDefinition['role']
  /** Of a complex attribute; empty for a simple one. */
  readonly subAttributes: readonly Attribute[]
  /** The sub-attribute of that name, in any letter case (RFC 7643 section 2.1). */
  readonly subAttribute: (name: string) => Attribute | undefined
}

/**
 * The key of the resource that leads to an attribute: the name of a top-level attribute, or the URN of its extension.
 */
export function topKey({ keys: [first = ''] }: Attribute): string {
  return first
}

/** The sub-attribute that holds the significant value of a complex attribute, RFC 7643 section 2.4. */
export function valueAttribute(attribute: Attribute): Attribute | undefined {
  return attribute.subAttribute('value')
}

/** Whether a resource may have several values of an attribute: it or its parent is multi-valued. */
export function isInList({ multiValued, parent }: Attribute): boolean {
  return multiValued || (parent !== undefined && isInList(parent))
}

/**
 * Whether the values of a multi-valued attribute point to resources: `value` is an identifier, `$ref` its URI
 * (RFC 7643 section 2.4). Such values are the same when their `value` is the same, letter by letter.
 */
export function isResourceReference(attribute: Attribute): boolean {
  return attribute.subAttribute('value') !== undefined && attribute.subAttribute('$ref') !== undefined
}

/** Whether clients write lists of references to resources, such as `members` of a group. */
export function isReferenceList(attribute: Attribute): boolean {
  return attribute.multiValued && attribute.mutability !== 'readOnly' && isResourceReference(attribute)
}

/** Every attribute below a complex one, sub-attributes included. */
export function allAttributes(holder: Attribute): readonly Attribute[] {
  return holder.subAttributes.flatMap((attribute) => [attribute, ...allAttributes(attribute)])
}

/** Whether the values of a reference attribute are the members of a group, which a store keeps linked. */
export function isMembership(attribute: Attribute): boolean {
  return attribute.role === 'membership'
}

/** The resource types that references may point to, RFC 7643 section 7, referenceTypes. */
export function targetTypes(attribute: Attribute): readonly string[] {
  return attribute.subAttribute('$ref')?.referenceTypes ?? []
}
