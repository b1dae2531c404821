import { compileFields } from '../fields/compile.js'
import type { Filter } from '../filter/ast.js'
import { prismaLogic } from './condition.js'
import type { ModelMapping, PrismaCondition } from './mapping.js'
import { modelPlace } from './model-place.js'
import { matchingOf, type PrismaProvider } from './provider.js'
import { readModel } from './read-mapping.js'

/** A filter as `where` of Prisma. */
export interface CompiledPrismaFilter<Where = PrismaCondition> {
  /** The condition. Every match satisfies it; `{}` if Prisma can express no part of the filter. */
  readonly where: Where
  /**
   * The part of the filter that Prisma cannot express; undefined if the condition finds exactly the matches. Otherwise
   * return the records as candidates, and the router applies the filter to them.
   */
  readonly rest: Filter | undefined
}

/**
 * Compiles the filter of a list into `where` of Prisma. The comparison follows the schema: letter case, missing values,
 * instants, values of multi-valued attributes. Prisma translates `contains` and `mode: 'insensitive'` to LIKE and
 * escapes nothing, so wildcards in a text of the client are escaped here, or the filter is left to the router.
 *
 * `Where` is the type of your model, such as `Prisma.AccountWhereInput`. It must be the model of the mapping; this is
 * not checked.
 *
 * @param filter The filter in `query.filter` of `list`.
 * @param provider The database, with the name that the schema of Prisma uses.
 *
 * @example
 * ```ts
 * import type { Filter } from 'express-scim'
 * import { prismaWhere } from 'express-scim/prisma'
 *
 * const accounts = { attributes: { userName: 'email', emails: { relation: 'addresses', attributes: { value: 'address' } } } }
 * export const where = (filter: Filter) => prismaWhere(filter, accounts, 'postgresql')
 * // userName eq "B_Jensen": where is { email: { equals: 'b\\_jensen', mode: 'insensitive' } }, rest is undefined
 * // emails pr: where is { addresses: { some: { … } } }
 * ```
 */
export function prismaWhere<Where = PrismaCondition>(
  filter: Filter,
  mapping: ModelMapping,
  provider: PrismaProvider = 'postgresql',
): CompiledPrismaFilter<Where> {
  const { condition, rest } = compileFields(filter, modelPlace(readModel(mapping), matchingOf(provider)), prismaLogic)
  return { where: condition.where as Where, rest }
}
