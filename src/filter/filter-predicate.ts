import { type Compatibility, tolerateBy } from '../compatibility.js'
import { joinedSchema } from '../schema/define/joined-schema.js'
import type { ExtensionEntry } from '../schema/define/schema.js'
import type { SchemaDefinition } from '../schema/model/definition.js'
import { type Predicate, toPredicate } from './evaluate.js'
import { type FilterLimits, parseFilterToBind } from './parse.js'
import { resolveFilter } from './resolve.js'

/** The options of {@link filterPredicate}. */
export interface FilterPredicateOptions {
  /**
   * The extensions that a resource may have.
   *
   * @defaultValue none
   */
  readonly extensions?: readonly ExtensionEntry[]
  /**
   * Which deviations from the standard are accepted: `'tolerant'`, `'strict'`, or single tolerances by name.
   *
   * @defaultValue `'strict'`
   */
  readonly compatibility?: Compatibility
  /**
   * How large the filter may be.
   *
   * @defaultValue 8,192 characters, 50 levels, 500 expressions
   */
  readonly limits?: FilterLimits
}

/**
 * Compiles a filter (RFC 7644 section 3.4.2.2) into a function that says whether a resource satisfies it; the function
 * can be called with any number of resources. The schema decides how values are compared, for example the letter case
 * of a text. Resources may come directly from a store: null, Date objects and numbers in place of texts are accepted.
 *
 * @param schema The base schema of the resources, such as `User`.
 * @throws ScimError 400 invalidFilter for a filter that cannot be read or does not fit the schema.
 * @throws SetupError if a schema is not one that RFC 7643 allows, or `compatibility` names an unknown tolerance.
 *
 * @example
 * ```ts
 * import { filterPredicate, User } from 'express-scim'
 *
 * const users = [{ userName: 'bjensen', active: true }, { userName: 'jsmith', active: false }]
 * const active = users.filter(filterPredicate(User, 'userName sw "B" and active eq true'))
 * ```
 */
export function filterPredicate(
  schema: SchemaDefinition,
  filter: string,
  options: FilterPredicateOptions = {},
): Predicate {
  const { extensions, compatibility = 'strict', limits } = options
  const tolerate = tolerateBy(compatibility)
  const parsed = parseFilterToBind(filter, { tolerate, ...(limits && { limits }) })
  return toPredicate(resolveFilter(parsed, joinedSchema(schema, extensions), { tolerate }))
}
