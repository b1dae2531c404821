import type { Sort } from '../adapter/contract.js'
import { entryOf } from '../fields/mapping.js'
import { sortField } from '../fields/sort-field.js'
import type { ModelMapping } from './mapping.js'
import { matchingOf, type PrismaProvider, type TextMatching } from './provider.js'
import { type ReadModel, readModel } from './read-mapping.js'

/** An order of Prisma, as `orderBy` takes it. */
export type PrismaOrder = Readonly<
  Record<string, 'asc' | 'desc' | { readonly sort: 'asc' | 'desc'; readonly nulls: 'first' | 'last' }>
>

/**
 * The order of a list as `orderBy` of Prisma, with the meaning of RFC 7644 section 3.4.2.3: records without a value
 * come last when ascending and first when descending. The field of `id` comes last, so that the order is unambiguous;
 * without a sort it is the only field. Undefined if Prisma cannot give the order: return candidates then. That is so
 * for multi-valued attributes, for case-insensitive texts without a `folded` field, and on PostgreSQL for all texts,
 * because the locale orders them there.
 *
 * `Order` is the type of your model, such as `Prisma.AccountOrderByWithRelationInput`. It is not checked.
 *
 * @param sort The order in `query.sort` of `list`.
 * @param provider The database, with the name that the schema of Prisma uses.
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
  const orders = ordersOf(sort, readModel(mapping), matchingOf(provider))
  return orders && [...(orders as readonly Order[])]
}

function ordersOf(
  sort: Sort | undefined,
  model: ReadModel,
  { byCodePoint }: TextMatching,
): readonly PrismaOrder[] | undefined {
  const id = model.get('id')
  // Without the id, records with the same value could change places between two pages.
  if (id === undefined || !('field' in id)) return undefined
  const last: PrismaOrder = { [id.field]: 'asc' }
  if (sort === undefined) return [last]
  const entry = entryOf(model, sort.attribute)
  const kind = sortField(entry && 'field' in entry ? entry : undefined, sort.attribute)
  if (!kind) return undefined
  const isText = kind.kind === 'keys' || kind.kind === 'sent'
  if (isText && !byCodePoint) return undefined
  const ascending = sort.order === 'ascending'
  const direction = ascending ? 'asc' : 'desc'
  if (kind.field === id.field) return [{ [id.field]: direction }]
  const own = kind.required ? direction : ({ sort: direction, nulls: ascending ? 'last' : 'first' } as const)
  return [{ [kind.field]: own }, last]
}
