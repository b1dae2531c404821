import type { Logic } from '../fields/place.js'

/**
 * A query of MongoDB. In the element of an array that is no object, the field `''` stands for the element: it becomes an
 * operator of `$elemMatch`.
 */
export type MongoCondition = Readonly<Record<string, unknown>>

export const EVERYTHING: MongoCondition = Object.freeze({})
export const NOTHING: MongoCondition = Object.freeze({ $nor: Object.freeze([EVERYTHING]) })

/** Conditions of MongoDB are true or false, never anything else. */
export const mongoLogic: Logic<MongoCondition> = {
  everything: EVERYTHING,
  nothing: NOTHING,
  all: (conditions) => {
    const asked = conditions.filter((each) => each !== EVERYTHING)
    if (asked.includes(NOTHING)) return NOTHING
    return asked.length < 2 ? (asked[0] ?? EVERYTHING) : { $and: asked }
  },
  any: (conditions) => {
    const possible = conditions.filter((each) => each !== NOTHING)
    if (possible.includes(EVERYTHING)) return EVERYTHING
    return possible.length < 2 ? (possible[0] ?? NOTHING) : { $or: possible }
  },
  not: (condition) => {
    if (condition === EVERYTHING) return NOTHING
    return condition === NOTHING ? EVERYTHING : { $nor: [condition] }
  },
}

/** Whether an array has an element that meets a condition; undefined when MongoDB cannot say it of elements that are no objects. */
export function someElement(array: string, condition: MongoCondition, isObject: boolean): MongoCondition | undefined {
  if (condition === NOTHING) return NOTHING
  if (isObject) return { [array]: { $elemMatch: condition } }
  const operators = condition === EVERYTHING ? { $ne: null } : elementOperators(condition)
  return operators === undefined ? undefined : { [array]: { $elemMatch: operators } }
}

function elementOperators(condition: MongoCondition): unknown {
  if ('' in condition) return condition['']
  const { $nor: negated } = condition
  if (!Array.isArray(negated)) return undefined
  const operators = elementOperators(negated[0] as MongoCondition)
  // A null among the values is no value, whatever it is not.
  return operators === undefined ? undefined : { $not: operators, $ne: null }
}
