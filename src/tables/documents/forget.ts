import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import type { Filter } from '../../filter/ast.js'
import { type Attribute, isResourceReference, targetTypes } from '../../schema/model/attribute.js'
import { withoutReference } from '../../schema/resources/without-reference.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { filterSql } from '../../sql/compile-filter.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { copiedAttributes } from './copied-attributes.js'
import { documentOf } from './document.js'
import { readRow } from './read.js'
import { resourcePlace } from './resource-place.js'
import { updateRow } from './row-statements.js'
import { NO_LISTS } from './select.js'
import type { DocumentTarget } from './store.js'
import { identifierOf, type StoredType } from './stored-type.js'

/**
 * Removes a deleted resource from references in documents, such as `manager`; the versions of the holders change.
 * The table of references is not read here.
 */
export async function forgetResource(connection: Queryable, target: DocumentTarget, id: string): Promise<void> {
  for (const { own, attribute, statement } of referrers(target, id)) {
    const { rows } = await execute(connection, sql`${statement} ORDER BY r.id`)
    for (const row of rows) {
      const current = await readRow(connection, own, row.id, NO_LISTS, true)
      if (!current) continue
      const data = withoutReference(current.data, attribute, id)
      // Another request may have assigned another resource meanwhile.
      if (data === current.data) continue
      await updateRow(connection, own, row.id, current, documentOf(own.type, data), NO_LISTS, true)
    }
  }
}

/** Selects the ids of resources that refer to one in their documents: for each attribute that may. */
export function referrers(
  target: DocumentTarget,
  id: string,
): readonly { readonly own: DocumentTarget; readonly attribute: Attribute; readonly statement: SqlFragment }[] {
  return target.store.types.flatMap((type) => {
    const own: DocumentTarget = { ...target, type }
    return referencesInDocument(type, target.type.name).map((attribute) => ({
      own,
      attribute,
      statement: sql`SELECT r.id FROM ${raw(target.store.prefix)}resource AS r WHERE r.tenant = ${target.tenant} AND r.type = ${type.name} AND ${refersTo(own, attribute, id)}`,
    }))
  })
}

/**
 * RFC 7643 section 7, referenceTypes: an attribute that may point to more than one type is compared by the id alone.
 */
function referencesInDocument({ schema, apart }: StoredType, name: string): readonly Attribute[] {
  const found: Attribute[] = []
  const visit = (holder: Attribute): void => {
    for (const attribute of holder.subAttributes) {
      if (apart.has(attribute.keys[0] ?? '')) continue
      if (isResourceReference(attribute) && targetTypes(attribute).includes(name)) found.push(attribute)
      else if (!attribute.multiValued) visit(attribute)
    }
  }
  visit(schema.root)
  return found
}

function refersTo({ store, type, tenant }: DocumentTarget, attribute: Attribute, id: string): SqlFragment {
  const identifier = identifierOf(attribute)
  if (attribute.multiValued) {
    const filter: Filter = { kind: 'compare', attribute: identifier, operator: 'eq', value: id }
    return filterSql(filter, resourcePlace(store, type)(tenant), store.database.store.dialect).condition
  }
  const copied = copiedAttributes(type, store.copied).find(({ attribute: own }) => own === identifier)
  const value = copied ? raw(`r.${copied.column}`) : store.database.store.json.indexed(raw('r.keys'), identifier.keys)
  return sql`${value} = ${String(comparisonKey(identifier)(id))}`
}
