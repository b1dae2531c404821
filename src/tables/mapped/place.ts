import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ReferenceMapping } from '../../sql/mapping.js'
import type { AttributePlace, ListPlace } from '../../sql/place.js'
import { tablePlace } from '../../sql/table-place.js'
import { sayGroups } from './groups.js'
import type { MappedAttribute } from './mapped-type.js'
import { namesOwn, referenceColumns } from './members.js'
import { versionColumn } from './read.js'
import type { TableTarget } from './target.js'

/**
 * The place of all attributes: columns and tables of the mapping, `meta`, and attributes that are made from other
 * tables.
 */
export function resourcePlace(target: TableTarget): AttributePlace {
  const { type } = target
  const { dialect } = type.store
  const mapped = tablePlace(dialect, type.mapping, 'r')
  const texts = new Map<string, SqlFragment>([
    ['meta.version', versionColumn(target)],
    ['meta.resourceType', dialect.text(dialect.literal(type.name))],
  ])
  const place: AttributePlace = {
    ...mapped,
    value: (attribute) => {
      const text = texts.get(attribute.path)
      return text ? { sql: text, type: 'text' } : mapped.value(attribute)
    },
    object: (attribute) =>
      attribute.path === 'meta' ? { place, present: () => raw('TRUE') } : mapped.object(attribute),
    list: (attribute, alias) => {
      // Attributes that are made from other tables are in no column, not even in the column of '*'.
      if (attribute.path === 'schemas' || attribute.path === type.memberOf?.path) return undefined
      const list = mapped.list(attribute, alias)
      const reference = type.references.find((one) => one.attribute.path === attribute.path)
      return list && reference ? onlyOwn(target, reference, list, alias) : list
    },
    say: (filter) => sayGroups(target, filter),
  }
  return place
}

/** A filter reads the same members as an answer. */
function onlyOwn(
  target: TableTarget,
  { entry }: MappedAttribute<ReferenceMapping>,
  list: ListPlace,
  alias: string,
): ListPlace {
  const own = referenceColumns(target, entry).map((column) => namesOwn(target, column, alias))
  const conditions = list.where ? [list.where] : []
  return { ...list, where: join([...conditions, sql`(${join(own, ' OR ')})`], ' AND ') }
}
