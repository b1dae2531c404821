import type { Sort } from '../adapter/contract.js'
import { entryOf } from '../fields/mapping.js'
import { sortField } from '../fields/sort-field.js'
import { type ModelMapping, readModel } from './mapping.js'
import { matchingOf, type PrismaProvider } from './provider.js'

/** An order of Prisma, as `orderBy` takes it. */
export type PrismaOrder = Readonly<
  Record<string, 'asc' | 'desc' | { readonly sort: 'asc' | 'desc'; readonly nulls: 'first' | 'last' }>
>

/**
 * The order of a list as `orderBy` of Prisma, with the meaning of RFC 7644 section 3.4.2.3: records without a value come last
 * when ascending and first when descending. The field of `id` comes last, so that each record has one place; without a sort it
 * stands alone. Undefined when Prisma cannot tell the order: answer with candidates then. That is so for multi-valued attributes,
 * case-insensitive texts without a `folded` field, and on PostgreSQL for all texts, which the locale orders there.
 *
 * `Order` is the type of your model, such as `Prisma.AccountOrderByWithRelationInput`; it is not checked.
 *
 * @param sort As `list` gets it in `query.sort`.
 * @param provider The database, as the schema of Prisma names it.
 *
 * @example
 * ```ts
 * import type { Sort } from 'express-scim'
 * import { prismaOrderBy } from 'express-scim/prisma'
 *
 * const accounts = { attributes: { id: 'id', 'meta.created': 'createdAt' } }
 * export const orderBy = (sort: Sort | undefined) => prismaOrderBy(sort, accounts)
 * // sortBy=meta.created: [{ createdAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }]
 * ```
 */
export function prismaOrderBy<Order = PrismaOrder>(
  sort: Sort | undefined,
  mapping: ModelMapping,
  provider: PrismaProvider = 'postgresql',
): Order[] | undefined {
  const orders = ordersOf(sort, mapping, provider)
  return orders && [...(orders as unknown as readonly Order[])]
}

function ordersOf(
  sort: Sort | undefined,
  mapping: ModelMapping,
  provider: PrismaProvider,
): readonly PrismaOrder[] | undefined {
  const model = readModel(mapping)
  const id = model.get('id')
  // Without it records with the same value would change places between two pages.
  if (id === undefined || !('field' in id)) return undefined
  const last: PrismaOrder = { [id.field]: 'asc' }
  if (sort === undefined) return [last]
  const entry = entryOf(model, sort.attribute)
  const kind = sortField(entry && 'field' in entry ? entry : undefined, sort.attribute)
  if (!kind) return undefined
  const isText = kind.kind === 'keys' || kind.kind === 'sent'
  if (isText && !matchingOf(provider).byCodePoint) return undefined
  const ascending = sort.order === 'ascending'
  const direction = ascending ? 'asc' : 'desc'
  if (kind.field === id.field) return [{ [id.field]: direction }]
  const own = kind.required ? direction : ({ sort: direction, nulls: ascending ? 'last' : 'first' } as const)
  return [{ [kind.field]: own }, last]
}
