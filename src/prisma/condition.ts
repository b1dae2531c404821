import type { Logic } from '../fields/place.js'
import type { PrismaCondition } from './mapping.js'

/**
 * A condition in two forms. Prisma translates it to SQL, where a comparison with NULL is neither true nor false, and
 * neither is its negation.
 */
export interface TernaryCondition {
  /** True for matches; false or unknown for other resources. */
  readonly where: PrismaCondition
  /** True for matches and false for other resources, so that it can be negated. */
  readonly certain: PrismaCondition
}

/** A condition that is never unknown. */
export function certainly(where: PrismaCondition): TernaryCondition {
  return { where, certain: where }
}

export const ALWAYS: TernaryCondition = Object.freeze(certainly(Object.freeze({})))
/** In Prisma an OR without conditions finds nothing. */
export const NEVER: TernaryCondition = Object.freeze(certainly(Object.freeze({ OR: Object.freeze([]) })))

export const prismaLogic: Logic<TernaryCondition> = {
  everything: ALWAYS,
  nothing: NEVER,
  all: (conditions) => {
    const needed = conditions.filter((each) => each !== ALWAYS)
    if (needed.includes(NEVER)) return NEVER
    return needed.length < 2 ? (needed[0] ?? ALWAYS) : joined('AND', needed)
  },
  any: (conditions) => {
    const possible = conditions.filter((each) => each !== NEVER)
    if (possible.includes(ALWAYS)) return ALWAYS
    return possible.length < 2 ? (possible[0] ?? NEVER) : joined('OR', possible)
  },
  not: (condition) => {
    if (condition === ALWAYS) return NEVER
    return condition === NEVER ? ALWAYS : certainly({ NOT: condition.certain })
  },
}

function joined(operator: 'AND' | 'OR', conditions: readonly TernaryCondition[]): TernaryCondition {
  return {
    where: { [operator]: conditions.map(({ where }) => where) },
    certain: { [operator]: conditions.map(({ certain }) => certain) },
  }
}

/** Holds if a record of a relation satisfies a condition. */
export function someRecord(
  relation: string,
  counts: PrismaCondition | undefined,
  condition: TernaryCondition,
): TernaryCondition {
  if (condition === NEVER) return NEVER
  const { where } = condition === ALWAYS && counts ? certainly(counts) : condition
  return certainly({ [relation]: { some: counts && where !== counts ? { AND: [counts, where] } : where } })
}
