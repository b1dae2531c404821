import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { isObject } from '../../is-object.js'
import { type Attribute, isResourceReference, targetTypes } from '../../schema/attribute.js'
import { comparisonKey } from '../../schema/compare.js'
import type { JsonObject } from '../../schema/resource.js'
import { valueAt } from '../../schema/values.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { documentOf } from './document.js'
import { readRow } from './read.js'
import { updateRow } from './row-statements.js'
import { NO_LISTS } from './select.js'
import type { DocumentTarget } from './store.js'
import { identifierOf, type StoredType } from './stored-type.js'

/** Unassigns the singular references to a resource that goes, such as `manager`; the versions of who had them change. */
export async function forgetResource(connection: Queryable, target: DocumentTarget, id: string): Promise<void> {
  for (const type of target.store.types) {
    for (const attribute of singularReferences(type, target.type.name)) {
      const own: DocumentTarget = { ...target, type }
      const { rows } = await execute(
        connection,
        sql`SELECT r.id FROM ${raw(target.store.prefix)}resource AS r WHERE r.tenant = ${target.tenant} AND r.type = ${type.name} AND ${refersTo(target, attribute, id)} ORDER BY r.id`,
      )
      for (const row of rows) {
        const current = await readRow(connection, own, row.id, NO_LISTS, true)
        // Somebody may have assigned another meanwhile.
        if (!current || valueAt(current.data, identifierOf(attribute).keys) !== id) continue
        const data = without(current.data, attribute.keys)
        await updateRow(connection, own, row.id, current, documentOf(type, data), NO_LISTS, true)
      }
    }
  }
}

/** RFC 7643 section 7, referenceTypes: an attribute that may point to more than one type is compared by the id alone. */
function singularReferences({ schema, apart }: StoredType, name: string): readonly Attribute[] {
  const found: Attribute[] = []
  const visit = (holder: Attribute): void => {
    for (const attribute of holder.subAttributes) {
      if (attribute.multiValued || apart.has(attribute.keys[0] ?? '')) continue
      if (isResourceReference(attribute) && targetTypes(attribute).includes(name)) found.push(attribute)
      else visit(attribute)
    }
  }
  visit(schema.root)
  return found
}

function refersTo({ store }: DocumentTarget, attribute: Attribute, id: string): SqlFragment {
  const identifier = identifierOf(attribute)
  const value = store.database.store.json.indexed(raw('r.keys'), identifier.keys)
  return sql`${value} = ${String(comparisonKey(identifier)(id))}`
}

/** A copy without what keys lead to, and without what holds nothing else. */
function without(data: JsonObject, [key = '', ...rest]: readonly string[]): JsonObject {
  const { [key]: value, ...others } = data
  if (rest.length === 0 || !isObject(value)) return others
  const left = without(value, rest)
  return Object.keys(left).length === 0 ? others : { ...data, [key]: left }
}
