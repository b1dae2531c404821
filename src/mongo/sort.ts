import type { Sort } from '../adapter/contract.js'
import { sortField } from '../fields/sort-field.js'
import { fieldOf } from './document-place.js'
import type { DocumentMapping } from './mapping.js'
import { readDocument } from './read-mapping.js'

/** An order of MongoDB: fields, each with 1 for ascending and -1 for descending. */
export type MongoSort = Readonly<Record<string, 1 | -1>>

/**
 * The order of a list as `sort` of MongoDB, with the meaning of RFC 7644 section 3.4.2.3: texts are ordered by code
 * point. The field of `id` comes last, so that the order is unambiguous; without a sort it is the only field. Undefined
 * if MongoDB cannot give the order: return candidates then. MongoDB puts documents without a value first where the
 * standard puts them last, so the field must be `required`; a case-insensitive text needs a `folded` field.
 *
 * @param sort The order in `query.sort` of `list`.
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
  // Without the id, documents with the same value could change places between two pages.
  if (id === undefined || !('field' in id)) return undefined
  if (sort === undefined) return { [id.field]: 1 }
  const { attribute, order } = sort
  const kind = sortField(fieldOf(document, attribute), attribute)
  if (!kind?.required) return undefined
  const direction = order === 'ascending' ? 1 : -1
  return kind.field === id.field ? { [id.field]: direction } : { [kind.field]: direction, [id.field]: 1 }
}
