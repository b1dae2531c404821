import { compileFields } from '../fields/compile.js'
import type { Filter } from '../filter/ast.js'
import { type MongoCondition, mongoLogic } from './condition.js'
import { documentPlace } from './document-place.js'
import type { DocumentMapping } from './mapping.js'
import { readDocument } from './read-mapping.js'

/** A filter as a query of MongoDB. */
export interface CompiledMongoFilter {
  /** The query for `find`. Every match satisfies it; `{}` if MongoDB can express no part of the filter. */
  readonly query: MongoCondition
  /**
   * The part of the filter that MongoDB cannot express; undefined if the query finds exactly the matches. Otherwise
   * return the documents as candidates, and the router applies the filter to them.
   */
  readonly rest: Filter | undefined
}

/**
 * Compiles the filter of a list into a query of MongoDB for the driver, Mongoose or any other library. A text of the
 * client becomes a value or an escaped pattern, never an operator or the name of a field. The comparison follows the
 * schema: letter case, missing values, instants, values of multi-valued attributes. The query must use the simple
 * collation, which is the default.
 *
 * @param filter The filter in `query.filter` of `list`.
 *
 * @example
 * ```ts
 * import type { Filter } from 'express-scim'
 * import { mongoFilter } from 'express-scim/mongo'
 *
 * const accounts = { attributes: { userName: { field: 'email', folded: 'emailKey' }, emails: 'emails' } }
 * export const query = (filter: Filter) => mongoFilter(filter, accounts)
 * // userName eq "BJensen": query is { emailKey: { $eq: 'bjensen' } }, rest is undefined
 * // emails[type eq "work"]: query is { emails: { $elemMatch: { type: { $regex: '^work(?![\\s\\S])', $options: 'i' } } } }
 * ```
 */
export function mongoFilter(filter: Filter, mapping: DocumentMapping): CompiledMongoFilter {
  const { condition, rest } = compileFields(filter, documentPlace(readDocument(mapping)), mongoLogic)
  return { query: condition, rest }
}
