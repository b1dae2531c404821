import type { ListQuery, Sort } from '../../adapter/contract.js'
import { strict } from '../../compatibility.js'
import { equalsIn } from '../../filter/equals.js'
import { parseFilter } from '../../filter/parse.js'
import { resolveFilter } from '../../filter/resolve.js'
import type { ResourceSchema } from '../../schema/define/schema.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { Json } from '../../schema/model/definition.js'

/** The options of a list. */
export interface KitQuery {
  readonly filter?: string | undefined
  readonly sortBy?: Attribute | undefined
  readonly sortOrder?: Sort['order'] | undefined
  readonly count?: number | undefined
  readonly startIndex?: number | undefined
  /** Request pages by position; null is the first page. */
  readonly after?: Json | undefined
  readonly before?: Json | undefined
}

/** The query as a router passes it on. */
export function listQuery(schema: ResourceSchema, kitQuery: KitQuery): ListQuery {
  const { sortBy, sortOrder: order = 'ascending', count = 200, startIndex = 1, after, before } = kitQuery
  const filter = kitQuery.filter === undefined ? undefined : boundFilter(schema, kitQuery.filter)
  const base = {
    filter,
    sort: sortBy && { attribute: sortBy, order },
    count,
    equals: (attribute: string) => equalsIn(filter, attribute),
  }
  if (after === undefined && before === undefined) return { ...base, pagination: 'index', startIndex }
  return { ...base, pagination: 'cursor', after: after ?? undefined, before: before ?? undefined }
}

/** A filter bound to a schema. */
export function boundFilter(schema: ResourceSchema, text: string) {
  return resolveFilter(parseFilter(text, { tolerate: strict }), schema)
}
