import type { Filter } from '../filter/ast.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { SqlFragment } from './fragment.js'
import type { Operand } from './operand.js'

/**
 * Where the attributes of a resource, or the sub-attributes of one value, are in the database. An attribute that a
 * place does not know is undefined, and a filter on it is left to the router.
 */
export interface AttributePlace {
  /** A simple singular attribute. */
  readonly value: (attribute: Attribute) => Operand | undefined
  /** A singular complex attribute, or the object of an extension. */
  readonly object: (attribute: Attribute) => ObjectPlace | undefined
  /** A multi-valued attribute. Its table has the alias, which is unlike any other in the query. */
  readonly list: (attribute: Attribute, alias: string) => ListPlace | undefined
  /** Whether there is always a value here, such as a row that refers to another resource. */
  readonly filled?: boolean | undefined
  /** Says a filter its own way, for an index that would else not be used. */
  readonly say?: ((filter: Filter) => SqlFragment | undefined) | undefined
}

/** Where the sub-attributes of an object are. */
export interface ObjectPlace {
  readonly place: AttributePlace
  /** Whether the object is there at all. */
  readonly present: () => SqlFragment | undefined
}

/** Where the values of a multi-valued attribute are: one row for each. */
export interface ListPlace {
  /** The FROM clause, with WHERE if there is a condition. */
  readonly from: SqlFragment
  readonly where: SqlFragment | undefined
  /** One value. `value` of the attribute itself is asked for when it is simple. */
  readonly element: AttributePlace
}
