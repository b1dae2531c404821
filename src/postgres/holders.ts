import type { Attribute } from '../schema/attribute.js'
import { isMembership, type StoredType, targetTypes } from './stored-type.js'

/** The types whose members a readOnly attribute such as `groups` tells of, and their attributes. */
export interface Holders {
  readonly types: readonly string[]
  readonly attributes: readonly string[]
}

/** Works out what a readOnly attribute such as `groups` is made of. */
export function holdersOf(types: readonly StoredType[], memberOf: Attribute): Holders {
  const allowed = targetTypes(memberOf)
  const holders = types.filter(
    ({ name, references }) => (allowed.length === 0 || allowed.includes(name)) && references.some(isMembership),
  )
  const attributes = holders.flatMap(({ references }) => references.filter(isMembership).map(({ name }) => name))
  return { types: holders.map(({ name }) => name), attributes: [...new Set(attributes)] }
}
