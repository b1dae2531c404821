import type { ConstantMapping, FieldMapping } from '../fields/mapping.js'
import { type ReadFields, readFields } from '../fields/mapping.js'
import { memo } from '../memo.js'

/**
 * How the attributes of a resource type lie in the documents of a collection. Keys are attribute paths as clients write them
 * (`userName`, `name.givenName`, `urn:…:User:department`), in any letter case. A complex attribute that has a field lies there
 * in the shape that SCIM gives it; a multi-valued one as an array.
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
  /** `'*'` is the path of an object with all attributes that have no mapping of their own; `''` the document itself. */
  readonly attributes: Readonly<Record<string, DocumentAttributeMapping>>
}

/** A path in the document by itself, or one of the other ways in which values are kept. */
export type DocumentAttributeMapping = string | FieldMapping | ArrayMapping | ConstantMapping

/** An array with an element for each value of a multi-valued attribute, whose parts have other names than in SCIM. */
export interface ArrayMapping {
  readonly array: string
  /**
   * Paths of the sub-attributes in an element. `''` is the element itself, such as an identifier in an array of them; so is
   * `value` of a simple attribute.
   */
  readonly attributes: Readonly<Record<string, string | FieldMapping | ConstantMapping>>
}

/** A mapping with its paths in small letters and its shorthands spelled out. */
export interface ReadDocument {
  readonly fields: ReadFields<ArrayMapping | ConstantMapping>
  /** The path of `'*'`. */
  readonly rest: string | undefined
}

/** Reads a mapping, once. */
export const readDocument = memo(({ attributes }: DocumentMapping): ReadDocument => {
  const { '*': rest, ...others } = attributes
  return { fields: readFields<ArrayMapping | ConstantMapping>(others), rest: pathOfRest(rest) }
})

function pathOfRest(rest: DocumentAttributeMapping | undefined): string | undefined {
  if (rest === undefined || typeof rest === 'string') return rest
  return 'field' in rest ? rest.field : undefined
}
