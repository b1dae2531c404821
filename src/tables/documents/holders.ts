import { type Attribute, isMembership, targetTypes } from '../../schema/model/attribute.js'
import { join, raw, type SqlFragment, sql, textLiteral } from '../../sql/fragment.js'
import type { StoredType } from './stored-type.js'

/** The types of the groups that a readOnly attribute such as `groups` shows, and their member attributes. */
export interface Holders {
  readonly types: readonly string[]
  readonly attributes: readonly string[]
}

/** The condition that a row of the references is a membership that counts. */
export function isHolding({ types, attributes }: Holders, alias = 'f', isPlain = true): SqlFragment {
  const oneOf = (values: readonly string[]): SqlFragment =>
    values.length === 0 ? raw('NULL') : join(values.map(textLiteral), ', ')
  // As expressions they leave the planner of PostgreSQL no index but that of the member.
  const tail = raw(isPlain ? '' : " || ''")
  return sql`${raw(alias)}.type${tail} IN (${oneOf(types)}) AND ${raw(alias)}.attribute${tail} IN (${oneOf(attributes)})`
}

/** Works out the sources of a readOnly attribute such as `groups`. */
export function holdersOf(types: readonly StoredType[], memberOf: Attribute): Holders {
  const allowed = targetTypes(memberOf)
  const holders = types.filter(
    ({ name, references }) => (allowed.length === 0 || allowed.includes(name)) && references.some(isMembership),
  )
  const attributes = holders.flatMap(({ references }) => references.filter(isMembership).map(({ name }) => name))
  return { types: holders.map(({ name }) => name), attributes: [...new Set(attributes)] }
}
