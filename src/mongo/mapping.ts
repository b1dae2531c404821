import type { ConstantMapping, FieldMapping } from '../fields/mapping.js'

/**
 * Where the attributes of a resource type are in the documents of a collection. Keys are attribute paths as clients
 * write them (`userName`, `name.givenName`, `urn:…:User:department`), in any letter case. If a complex attribute has a
 * field, the field holds an object in the shape of SCIM; a multi-valued attribute is an array.
 *
 * @example
 * ```ts
 * import type { DocumentMapping } from 'express-scim/mongo'
 *
 * const accounts: DocumentMapping = {
 *   attributes: {
 *     id: '_id',
 *     userName: { field: 'email', folded: 'emailKey' },
 *     'name.givenName': 'firstName',
 *     emails: { array: 'addresses', attributes: { value: 'address', type: 'kind' } },
 *     'meta.created': { field: 'createdAt', required: true },
 *     '*': 'scim',
 *   },
 * }
 * ```
 */
export interface DocumentMapping {
  /**
   * `'*'` is the path of an object with all attributes that have no entry of their own; `''` is the document itself.
   */
  readonly attributes: Readonly<Record<string, DocumentAttributeMapping>>
}

/** A path in the document, or an object with more details. */
export type DocumentAttributeMapping = string | FieldMapping | ArrayMapping | ConstantMapping

/** An array with an element for each value of a multi-valued attribute, if the elements use other names than SCIM. */
export interface ArrayMapping {
  /** Name of the field with the array. */
  readonly array: string
  /**
   * The paths of the sub-attributes in an element. `''` is the element itself, for example in an array of identifiers.
   * A simple attribute is named `value`.
   */
  readonly attributes: Readonly<Record<string, string | FieldMapping | ConstantMapping>>
}
