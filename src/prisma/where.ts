import { compileFields } from '../fields/compile.js'
import type { Filter } from '../filter/ast.js'
import { prismaLogic } from './condition.js'
import { type ModelMapping, type PrismaCondition, readModel } from './mapping.js'
import { modelPlace } from './model-place.js'
import { matchingOf, type PrismaProvider } from './provider.js'

/** A filter as `where` of Prisma. */
export interface CompiledPrismaFilter<Where = PrismaCondition> {
  /** The condition; `{}` when Prisma can say nothing of the filter. Every match meets it. */
  readonly where: Where
  /**
   * What the records have to meet besides, because Prisma cannot say it. Undefined: the records are exactly the matches.
   * Answer a list with the records as candidates, and the router does the rest.
   */
  readonly rest: Filter | undefined
}

/**
 * Compiles the filter of a list into `where` of Prisma. Comparison follows the schema: letter case, no value, instants, values of
 * multi-valued attributes. Wildcards in what a client has sent are escaped, or the filter is left to the router: Prisma
 * makes LIKE of `contains` and of `mode: 'insensitive'` and escapes nothing.
 *
 * `Where` is the type of your model, such as `Prisma.AccountWhereInput`: it is the one that the mapping is for, and is not checked.
 *
 * @param filter As `list` gets it in `query.filter`.
 * @param provider The database, as the schema of Prisma names it.
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
