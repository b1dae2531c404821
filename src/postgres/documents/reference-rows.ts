import { type Attribute, isMembership, targetTypes } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ReferenceRow } from './row.js'

/**
 * Selects values of a reference attribute of the resource `r`, in the order of their identifiers, as JSON arrays of the
 * shape of {@link ReferenceRow}.
 *
 * @param after Only values behind this one.
 */
export function selectReferences(schema: string, attribute: Attribute, limit: number, after?: string): SqlFragment {
  const name = raw(isMembership(attribute) ? displayOf(schema, 'f.target', 'f.value') : 'NULL')
  return sql`SELECT jsonb_build_array(f.value, f.target, ${name}, f.data) AS reference, f.value
  FROM ${raw(schema)}.reference AS f
  WHERE f.tenant = r.tenant AND f.type = r.type AND f.id = r.id AND f.attribute = ${attribute.name}${
    after === undefined ? raw('') : sql` AND f.value > ${after}`
  }
  ORDER BY f.value${Number.isFinite(limit) ? sql` LIMIT ${limit}` : raw('')}`
}

/** How a resource is called, looked up by the primary key: a join would read all resources of a small tenant. */
export function displayOf(schema: string, type: string, id: string): string {
  return `(SELECT m.display FROM ${schema}.resource AS m WHERE m.tenant = r.tenant AND m.type = ${type} AND m.id = ${id})`
}

/** The value of a reference attribute as JSON: what the store knows of a member wins over what a client said of it. */
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

// The type of an unknown member is told only when there is no other it could have (decision A-118).
function certainType(attribute: Attribute): string | undefined {
  const [type, ...others] = targetTypes(attribute)
  return isMembership(attribute) && others.length === 0 ? type : undefined
}
