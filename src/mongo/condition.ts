import type { Logic } from '../fields/place.js'

/**
 * A query of MongoDB. For an array of simple values the field `''` stands for the element itself; it becomes an
 * operator of `$elemMatch`.
 */
export type MongoCondition = Readonly<Record<string, unknown>>

export const ALWAYS: MongoCondition = Object.freeze({})
export const NEVER: MongoCondition = Object.freeze({ $nor: Object.freeze([ALWAYS]) })

/** Conditions of MongoDB are two-valued: true or false. */
export const mongoLogic: Logic<MongoCondition> = {
  everything: ALWAYS,
  nothing: NEVER,
  all: (conditions) => {
    const needed = conditions.filter((each) => each !== ALWAYS)
    if (needed.includes(NEVER)) return NEVER
    return needed.length < 2 ? (needed[0] ?? ALWAYS) : { $and: needed }
  },
  any: (conditions) => {
    const possible = conditions.filter((each) => each !== NEVER)
    if (possible.includes(ALWAYS)) return ALWAYS
    return possible.length < 2 ? (possible[0] ?? NEVER) : { $or: possible }
  },
  not: (condition) => {
    if (condition === ALWAYS) return NEVER
    return condition === NEVER ? ALWAYS : { $nor: [condition] }
  },
}

/**
 * Holds if an element of the array satisfies a condition; undefined if MongoDB cannot express the condition for
 * elements that are no objects.
 */
export function someElement(array: string, condition: MongoCondition, hasObjects: boolean): MongoCondition | undefined {
  if (condition === NEVER) return NEVER
  if (hasObjects) return { [array]: { $elemMatch: condition } }
  const operators = condition === ALWAYS ? { $ne: null } : elementOperators(condition)
  return operators === undefined ? undefined : { [array]: { $elemMatch: operators } }
}

function elementOperators(condition: MongoCondition): unknown {
  if ('' in condition) return condition['']
  const { $nor: negated } = condition
  if (!Array.isArray(negated)) return undefined
  const operators = elementOperators(negated[0])
  // A null in the array is no value, so it must not satisfy a negation.
  return operators === undefined ? undefined : { $not: operators, $ne: null }
}
