import type { Stored } from '../../adapter/contract.js'
import type { Queryable } from '../../database/database.js'
import { run } from '../../database/transaction.js'
import type { Filter } from '../../filter/ast.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import type { ColumnMapping, ReferenceMapping } from '../../sql/mapping.js'
import { compareOperand, FALSE } from '../../sql/operand.js'
import { columnOf, columnOperand } from '../../sql/table-place.js'
import type { HolderGraph, HolderLists } from '../shared/holder-lists.js'
import type { TableType } from './mapped-type.js'
import { belongsTo } from './members.js'
import { displayOf, namesOneOf, ownRows, type TableTarget, tableAs } from './target.js'

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

/** The parts of a query that walks up from some resources to the groups of one type, all of them together. */
interface Walk {
  /** `WITH RECURSIVE …`: `direct` and `links` are pairs of ids, member and holder. */
  readonly tables: SqlFragment
  readonly id: SqlFragment
  readonly display: SqlFragment
  /** The FROM clause for the ids and names of all groups that were found. */
  readonly met: SqlFragment
}

/**
 * Walks up from resources to where they are members. Groups may hold each other in a circle: UNION meets each once.
 *
 * @param isMember The condition that the column of a membership names one of the resources.
 */
function walkUp(
  target: TableTarget,
  { type, entry, member, nested }: Holder,
  isMember: (column: SqlFragment) => SqlFragment,
): Walk {
  const { call } = target
  const { across, limit } = target.type.store
  // One more than is permitted shows that there are more. Only so many groups are walked up from as have to be for
  // them.
  const atMost = sql`LIMIT ${limit(call.limits.groupLinks + 1)}`
  const id = columnOf('g', type.id.column)
  const own = ownRows(type, call, 'g')
  const from = sql`${identifier(entry.table)} AS f JOIN ${tableAs(type, 'g')} ON ${belongsTo(type.store, entry, 'f', 'g')} AND ${own}`
  const held = columnOf('f', member.column)
  const direct = sql`SELECT DISTINCT ${held} AS member, ${id} AS id FROM ${from} WHERE ${isMember(held)}`
  const up = nested && sql`SELECT ${id} FROM up, ${from} WHERE ${columnOf('f', nested.column)} = up.id`
  const links = nested
    ? sql`SELECT up.id AS member, ${id} AS holder FROM ${across({
        outer: raw('up'),
        columns: id,
        from,
        where: sql`${columnOf('f', nested.column)} = up.id`,
        alias: 'g',
        tail: atMost,
      })} ${atMost}`
    : sql`SELECT id AS member, id AS holder FROM direct WHERE FALSE`
  return {
    tables: sql`WITH RECURSIVE direct AS (${direct}), up(id) AS (SELECT id FROM direct${up ? sql` UNION ${up}` : raw('')}), links AS (${links})`,
    id,
    display: displayOf(type, 'g'),
    met: sql`${tableAs(type, 'g')}
          WHERE ${own} AND ${id} IN (SELECT d.id FROM direct AS d UNION SELECT l.holder FROM links AS l)`,
  }
}

/** Selects where resources are members, as an array of {@link HolderGraph}: one for each type of holder. */
export function selectGroups(target: TableTarget, isMember: (column: SqlFragment) => SqlFragment): SqlFragment {
  const { dialect, json } = target.type.store
  const pair = (one: SqlFragment, other: SqlFragment): SqlFragment => json.array([dialect.text(one), other])
  const graphs = holdersOf(target).map((holder) => {
    const { tables, id, display, met } = walkUp(target, holder, isMember)
    return sql`(${tables}
      SELECT ${json.array([
        sql`(SELECT ${json.group(pair(raw('d.member'), dialect.text(raw('d.id'))), raw('d.id'))} FROM direct AS d)`,
        sql`(SELECT ${json.group(pair(raw('l.member'), dialect.text(raw('l.holder'))))} FROM links AS l)`,
        sql`(SELECT ${json.group(pair(id, display))} FROM ${met})`,
      ])})`
  })
  return json.array(graphs.map(json.part))
}

/** Where some resources are members, for all of them together. */
export async function readGroups(
  database: Queryable,
  target: TableTarget,
  ids: readonly string[],
): Promise<readonly HolderGraph[]> {
  const { dialect, json, nests } = target.type.store
  const isMember = (column: SqlFragment): SqlFragment => namesOneOf(target.type, column, ids)
  if (nests) {
    const [row] = await run(database, sql`SELECT ${json.text(selectGroups(target, isMember))} AS graphs`)
    return JSON.parse(row.graphs)
  }
  const graphs: HolderGraph[] = []
  for (const holder of holdersOf(target)) {
    const { tables, id, display, met } = walkUp(target, holder, isMember)
    const text = (column: string): SqlFragment => dialect.text(raw(column))
    const rows = await run(
      database,
      sql`${tables}
  SELECT 'direct' AS kind, ${text('d.member')} AS one, ${text('d.id')} AS other FROM direct AS d
  UNION ALL SELECT 'link', ${text('l.member')}, ${text('l.holder')} FROM links AS l
  UNION ALL SELECT 'name', ${dialect.text(id)}, ${display} FROM ${met}`,
    )
    const ofKind = (kind: string) =>
      rows.filter((row) => row.kind === kind).map(({ one, other }) => [one, other] as const)
    graphs.push([ofKind('direct').sort(byHolder), ofKind('link'), ofKind('name')])
  }
  return graphs
}

function byHolder([, one]: readonly [string, string], [, other]: readonly [string, string]): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Adds to the resources of a list where they are members, by one statement for all of them. */
export async function addGroups(
  database: Queryable,
  target: TableTarget,
  lists: HolderLists,
  attribute: Attribute,
  resources: readonly Stored[],
): Promise<readonly Stored[]> {
  if (resources.length === 0) return resources
  const ids = resources.map(({ id }) => String(id))
  const found = await lists.ofAll(await readGroups(database, target, ids), ids)
  return resources.map((resource, index) => {
    const list = found[index] ?? []
    return list.length === 0 ? resource : { ...resource, [attribute.name]: list }
  })
}

/** `groups.value eq "…"`: the members of that group or of a group inside of it, from the group down. */
export function sayGroups(target: TableTarget, filter: Filter): SqlFragment | undefined {
  const { memberOf } = target.type
  const compare = filter.kind === 'valuePath' && filter.attribute.path === memberOf?.path ? filter.filter : filter
  if (!memberOf || compare.kind !== 'compare' || compare.operator !== 'eq') return undefined
  const { attribute, value } = compare
  if (attribute.parent?.path !== memberOf.path || attribute.name !== 'value' || typeof value !== 'string')
    return undefined
  const key = comparisonKey(attribute)(value)
  const { dialect } = target.type.store
  const parts: SqlFragment[] = []
  for (const { type, entry, member, nested } of holdersOf(target)) {
    const operand = columnOperand(dialect, 'g', type.id, attribute)
    const isNamed = operand && key !== undefined && compareOperand(dialect, operand, 'eq', key, value)
    if (!isNamed) return undefined
    const id = columnOf('g', type.id.column)
    const group = sql`${tableAs(type, 'g')} WHERE ${ownRows(type, target.call, 'g')} AND ${isNamed}`
    const from = sql`${identifier(entry.table)} AS f JOIN ${tableAs(type, 'g')} ON ${belongsTo(type.store, entry, 'f', 'g')} AND ${ownRows(type, target.call, 'g')}`
    const inside = nested
      ? sql` UNION SELECT ${columnOf('f', nested.column)} FROM down, ${from} WHERE ${id} = down.id AND ${columnOf('f', nested.column)} IS NOT NULL`
      : raw('')
    parts.push(sql`${columnOf('r', target.type.id.column)} IN (WITH RECURSIVE down(id) AS (SELECT ${id} FROM ${group}${inside})
        SELECT ${columnOf('f', member.column)} FROM down, ${from} WHERE ${id} = down.id)`)
  }
  return parts.length === 0 ? FALSE : sql`(${join(parts, ' OR ')})`
}
