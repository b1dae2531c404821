import type { Sort } from '../adapter/contract.js'
import { sortField } from '../fields/sort-field.js'
import { fieldOf } from './document-place.js'
import { type DocumentMapping, readDocument } from './mapping.js'

/** An order of MongoDB: fields, each with 1 for ascending and -1 for descending. */
export type MongoSort = Readonly<Record<string, 1 | -1>>

/**
 * The order of a list as `sort` of MongoDB takes it, with the meaning of RFC 7644 section 3.4.2.3: texts are ordered by code
 * point. The field of `id` comes last, so that each document has one place; without a sort it stands alone. Undefined when
 * MongoDB cannot tell the order: answer with candidates then. It puts documents without a value first where the standard has
 * them last, so the field has to be `required`; and a case-insensitive text needs a `folded` field.
 *
 * @param sort As `list` gets it in `query.sort`.
 *
 * @example
 * ```ts
 * import type { Sort } from 'express-scim'
 * import { mongoSort } from 'express-scim/mongo'
 *
 * const accounts = { attributes: { id: '_id', userName: { field: 'email', folded: 'emailKey' } } }
 * export const order = (sort: Sort | undefined) => mongoSort(sort, accounts)
 * // sortBy=userName: { emailKey: 1, _id: 1 }
 * ```
 */
export function mongoSort(sort: Sort | undefined, mapping: DocumentMapping): MongoSort | undefined {
  const document = readDocument(mapping)
  const id = document.fields.get('id')
  // Without it documents with the same value would change places between two pages.
  if (id === undefined || !('field' in id)) return undefined
  if (sort === undefined) return { [id.field]: 1 }
  const { attribute, order } = sort
  const kind = sortField(fieldOf(document, attribute), attribute)
  if (!kind?.required) return undefined
  const direction = order === 'ascending' ? 1 : -1
  return kind.field === id.field ? { [id.field]: direction } : { [kind.field]: direction, [id.field]: 1 }
}
