import { type Attribute, isMembership, targetTypes } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ReferenceRow } from './row.js'
import type { Store } from './store.js'

/**
 * Selects values of a reference attribute of the resource `r`, in the order of their identifiers, as an array of arrays
 * of the shape of {@link ReferenceRow}.
 *
 * @param after Only values behind this one.
 */
export function referenceGroup(store: Store, attribute: Attribute, limit: number, after?: string): SqlFragment {
  const { json } = store.database.store
  // Looked up by the primary key: a join would read all resources of a small tenant.
  const name = isMembership(attribute)
    ? sql`(SELECT m.display FROM ${raw(store.prefix)}resource AS m WHERE m.tenant = r.tenant AND m.type = f.target AND m.id = f.value)`
    : raw('NULL')
  const reference = json.array([raw('f.value'), raw('f.target'), name, json.part(raw('f.data'))])
  const references = sql`SELECT ${reference} AS reference, f.value
  FROM ${raw(store.prefix)}reference AS f
  WHERE f.tenant = r.tenant AND f.type = r.type AND f.id = r.id AND f.attribute = ${attribute.name}${
    after === undefined ? raw('') : sql` AND f.value > ${after}`
  }
  ORDER BY f.value${Number.isFinite(limit) ? sql` LIMIT ${limit}` : raw('')}`
  return sql`(SELECT ${json.group(json.part(raw('l.reference')), raw('l.value'))} FROM (${references}) AS l)`
}

/** The value of a reference attribute as JSON: data of the store about a member wins over data of the client. */
export function describeReference(attribute: Attribute, [value, target, display, data]: ReferenceRow): JsonObject {
  const described: JsonObject = { value, ...data }
  const type = target ?? certainType(attribute)
  if (type !== undefined && attribute.subAttribute('type')) described.type = type
  if (target !== null && isMembership(attribute)) {
    if (display !== null && attribute.subAttribute('display')) described.display = display
    else delete described.display
  }
  return described
}

// The type of an unknown member is shown only if it can have no other (decision A-118).
function certainType(attribute: Attribute): string | undefined {
  const [type, ...others] = targetTypes(attribute)
  return isMembership(attribute) && others.length === 0 ? type : undefined
}
