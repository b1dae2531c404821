import { compileFields } from '../fields/compile.js'
import type { Filter } from '../filter/ast.js'
import { type MongoCondition, mongoLogic } from './condition.js'
import { documentPlace } from './document-place.js'
import { type DocumentMapping, readDocument } from './mapping.js'

/** A filter as a query of MongoDB. */
export interface CompiledMongoFilter {
  /** The query for `find`; `{}` when MongoDB can say nothing of the filter. Every match meets it. */
  readonly query: MongoCondition
  /**
   * What the documents have to meet besides, because MongoDB cannot say it. Undefined: the documents are exactly the matches.
   * Answer a list with the documents as candidates, and the router does the rest.
   */
  readonly rest: Filter | undefined
}

/**
 * Compiles the filter of a list into a query of MongoDB, for the driver, Mongoose and whatever else takes one. Whatever a
 * client has sent is a value or an escaped pattern, never an operator or the name of a field. Comparison follows the schema:
 * letter case, no value, instants, values of multi-valued attributes. The collation of the query has to be the simple one,
 * which is the default.
 *
 * @param filter As `list` gets it in `query.filter`.
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
