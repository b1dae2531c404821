import type { Filter } from '../../filter/ast.js'
import type { Attribute } from '../../schema/attribute.js'
import { comparisonKey } from '../../schema/compare.js'
import type { JsonObject } from '../../schema/resource.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ColumnMapping, ReferenceMapping } from '../../sql/mapping.js'
import { compareOperand, FALSE } from '../../sql/operand.js'
import { postgresql } from '../../sql/postgresql.js'
import { columnOf, columnOperand } from '../../sql/table-place.js'
import type { TableType } from './mapped-type.js'
import { belongsTo } from './members.js'
import { displayOf, ownRows, type TableTarget, tableAs } from './target.js'

/** A type whose resources have members of a type, and where that is kept. */
interface Holder {
  readonly type: TableType
  readonly entry: ReferenceMapping
  /** The columns with the ids of members of the type asked for, and of members that are such groups themselves. */
  readonly member: ColumnMapping
  readonly nested: ColumnMapping | undefined
}

function holdersOf({ tables, type }: TableTarget): readonly Holder[] {
  return tables.types.flatMap((holder) =>
    holder.references.flatMap(({ entry }) => {
      const member = columnFor(entry, type.name)
      return member ? [{ type: holder, entry, member, nested: columnFor(entry, holder.name) }] : []
    }),
  )
}

function columnFor({ references }: ReferenceMapping, name: string): ColumnMapping | undefined {
  const found = Object.hasOwn(references, name) ? references[name] : undefined
  return typeof found === 'string' ? { column: found } : found
}

/**
 * The column of a select that holds where the resource `r` is a member, as JSON arrays of id, whether it is so directly,
 * and display name. Groups may hold each other in a circle: UNION meets each once.
 */
export function selectGroups(target: TableTarget): SqlFragment {
  const lists = holdersOf(target).map((holder) => {
    const { type, entry, member, nested } = holder
    const id = columnOf('g', type.id.column)
    const from = sql`${identifier(entry.table)} AS f JOIN ${tableAs(type, 'g')} ON ${belongsTo(entry, 'f', 'g')} AND ${ownRows(type, target.call, 'g')}`
    const direct = sql`SELECT ${id} AS id, TRUE AS direct FROM ${from} WHERE ${columnOf('f', member.column)} = ${columnOf('r', target.type.id.column)}`
    const indirect = nested
      ? sql` UNION SELECT ${id}, FALSE FROM up JOIN ${from} ON ${columnOf('f', nested.column)} = up.id`
      : raw('')
    return sql`(WITH RECURSIVE up(id, direct) AS (${direct}${indirect})
      SELECT coalesce(jsonb_agg(jsonb_build_array(u.id::text, u.direct, ${displayOf(type, 'g')}) ORDER BY u.id), '[]'::jsonb)
      FROM (SELECT id, bool_or(direct) AS direct FROM up GROUP BY id) AS u JOIN ${tableAs(type, 'g')} ON ${id} = u.id AND ${ownRows(type, target.call, 'g')})`
  })
  return lists.length === 0 ? raw("'[]'::jsonb") : join(lists, ' || ')
}

/** `groups.value eq "…"`: who is a member of that group or of one inside of it, from the group down. */
export function sayGroups(target: TableTarget, filter: Filter): SqlFragment | undefined {
  const { memberOf } = target.type
  const compare = filter.kind === 'valuePath' && filter.attribute.path === memberOf?.path ? filter.filter : filter
  if (!memberOf || compare.kind !== 'compare' || compare.operator !== 'eq') return undefined
  const { attribute, value } = compare
  if (attribute.parent?.path !== memberOf.path || attribute.name !== 'value' || typeof value !== 'string')
    return undefined
  const key = comparisonKey(attribute)(value)
  const parts: SqlFragment[] = []
  for (const { type, entry, member, nested } of holdersOf(target)) {
    const operand = columnOperand(postgresql, 'g', type.id, attribute)
    const isNamed = operand && key !== undefined && compareOperand(postgresql, operand, 'eq', key)
    if (!isNamed) return undefined
    const id = columnOf('g', type.id.column)
    const group = sql`${tableAs(type, 'g')} WHERE ${ownRows(type, target.call, 'g')} AND ${isNamed}`
    const from = sql`${identifier(entry.table)} AS f JOIN ${tableAs(type, 'g')} ON ${belongsTo(entry, 'f', 'g')} AND ${ownRows(type, target.call, 'g')}`
    const inside = nested
      ? sql` UNION SELECT ${columnOf('f', nested.column)} FROM down JOIN ${from} ON ${id} = down.id WHERE ${columnOf('f', nested.column)} IS NOT NULL`
      : raw('')
    parts.push(sql`${columnOf('r', target.type.id.column)} IN (WITH RECURSIVE down(id) AS (SELECT ${id} FROM ${group}${inside})
        SELECT ${columnOf('f', member.column)} FROM down JOIN ${from} ON ${id} = down.id)`)
  }
  return parts.length === 0 ? FALSE : sql`(${join(parts, ' OR ')})`
}

/** A group that a resource is in, as it is selected. */
export type GroupRow = readonly [id: string, direct: boolean, display: string | null]

/** A group as one of `groups`. */
export function describeGroup(attribute: Attribute, [value, direct, display]: GroupRow): JsonObject {
  return {
    value,
    ...(display !== null && attribute.subAttribute('display') && { display }),
    ...(attribute.subAttribute('type') && { type: direct ? 'direct' : 'indirect' }),
  }
}
