import type { Call, Stored } from '../../adapter/contract.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { guard } from '../../database/transaction.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { type HolderGraph, HolderLists } from '../shared/holder-lists.js'
import { holdersOf, isHolding } from './holders.js'
import type { DocumentTarget, Store } from './store.js'

/** Whose holders are selected: a table `m` with ids, and the tenant that they belong to. */
interface Members {
  readonly from: SqlFragment
  readonly tenant: SqlFragment
}

/**
 * Selects the direct holders of the resource `r` of a statement: id, display name, and 1 if another holds the holder.
 */
export function selectDirectHolders({ database, types, prefix }: Store, memberOf: Attribute): SqlFragment {
  const { json } = database.store
  const holders = holdersOf(types, memberOf)
  const [resource, reference] = [raw(`${prefix}resource`), raw(`${prefix}reference`)]
  const holding = (alias: string, member: string): SqlFragment => {
    const f = raw(alias)
    return sql`${f}.tenant = r.tenant AND ${f}.value_key = lower(${raw(member)}) AND ${f}.value = ${raw(member)} AND ${isHolding(holders, alias, false)}`
  }
  const display = sql`(SELECT g.display FROM ${resource} AS g WHERE g.tenant = r.tenant AND g.type = f.type AND g.id = f.id)`
  const isHeld = sql`CASE WHEN EXISTS (SELECT 1 FROM ${reference} AS u WHERE ${holding('u', 'f.id')}) THEN 1 ELSE 0 END`
  const distinct = raw(holders.attributes.length > 1 ? 'DISTINCT ' : '')
  // A second sort would keep PostgreSQL from reading the rows in one step with the array.
  const order = raw(json.groupSorts ? '' : ' ORDER BY f.id')
  return sql`(SELECT ${json.group(json.array([raw('f.id'), display, isHeld]), raw('f.id'))} FROM
    (SELECT ${distinct}f.type, f.id FROM ${reference} AS f WHERE ${holding('f', 'r.id')} AND f.id <> r.id${order}) AS f)`
}

/**
 * Selects where resources are members, as a {@link HolderGraph}: all of them are walked up from together. Groups may
 * hold each other in a circle: UNION meets each once.
 *
 * @param limit The most memberships of groups in groups to follow; one more shows that there are more.
 */
function selectHolders(
  { database, types, prefix }: Store,
  memberOf: Attribute,
  { from, tenant }: Members,
  limit: number,
): SqlFragment {
  const { across, among, json } = database.store
  const { types: holders, attributes } = holdersOf(types, memberOf)
  // Type and attribute as expressions leave the planner of PostgreSQL one index, that of the member: by the others it
  // reads the members of all groups, and takes them when it has no statistics yet. So does OFFSET 0.
  const holding = (outer: SqlFragment, member: string, tail: SqlFragment, and = raw('')): SqlFragment =>
    across({
      outer,
      columns: raw('f.type, f.id'),
      from: raw(`${prefix}reference AS f`),
      where: sql`f.tenant = ${tenant} AND f.value_key = lower(${raw(member)}) AND f.value = ${raw(member)}
      AND ${among(raw("f.type || ''"), holders)} AND ${among(raw("f.attribute || ''"), attributes)}${and}`,
      alias: 'f',
      tail,
    })
  const atMost = sql`LIMIT ${limit + 1}`
  const pair = (one: string, other: string): SqlFragment => json.array([raw(one), raw(other)])
  const display = sql`(SELECT g.display FROM ${raw(prefix)}resource AS g WHERE g.tenant = ${tenant} AND g.type = h.type AND g.id = h.id)`
  return sql`(WITH RECURSIVE direct AS (SELECT DISTINCT m.id AS member, f.type, f.id FROM ${holding(from, 'm.id', raw(OFFSET), raw(' AND f.id <> m.id'))}),
    up(type, id) AS (SELECT type, id FROM direct UNION SELECT f.type, f.id FROM ${holding(raw('up'), 'up.id', raw(OFFSET))}),
    links AS (SELECT up.id AS member, f.type, f.id FROM ${holding(raw('up'), 'up.id', atMost)} ${atMost})
  SELECT ${json.array([
    sql`(SELECT ${json.group(pair('d.member', 'd.id'), raw('d.id'))} FROM direct AS d)`,
    sql`(SELECT ${json.group(pair('l.member', 'l.id'))} FROM links AS l)`,
    sql`(SELECT ${json.group(json.array([raw('h.id'), display]))} FROM (SELECT type, id FROM direct UNION SELECT type, id FROM links) AS h)`,
  ])})`
}

const OFFSET = 'OFFSET 0'

/** The groups of one resource, from its selected columns. */
export function memberOfList(memberOf: Attribute, call: Call, graph: HolderGraph, id: string): readonly JsonObject[] {
  return withoutItself(new HolderLists(memberOf, call).of([graph], id), id)
}

/** Adds to the resources of a list where they are members, by one statement for all of them. */
export async function addMemberOf(
  target: DocumentTarget,
  memberOf: Attribute,
  lists: HolderLists,
  resources: readonly Stored[],
): Promise<readonly Stored[]> {
  if (resources.length === 0) return resources
  const ids = resources.map(({ id }) => String(id))
  const graph = await guard(holderGraph(target.database, target, memberOf, ids))
  const found = await lists.ofAll([JSON.parse(graph)], ids)
  return resources.map((resource, index) => {
    const list = withoutItself(found[index] ?? [], String(resource.id))
    return list.length === 0 ? resource : { ...resource, [memberOf.name]: list }
  })
}

/** The {@link HolderGraph} of resources as JSON. */
export async function holderGraph(
  connection: Queryable,
  { store, tenant, call }: DocumentTarget,
  memberOf: Attribute,
  members: readonly string[],
): Promise<string> {
  const { ids, json } = store.database.store
  const all: Members = { from: ids(members, undefined, 'm', 'id'), tenant: sql`${tenant}` }
  const graph = json.text(selectHolders(store, memberOf, all, call.limits.groupLinks))
  return (await execute(connection, sql`SELECT ${graph} AS graph`)).rows[0].graph
}

/** In a circle of groups each is above itself. */
function withoutItself(list: readonly JsonObject[], id: string): readonly JsonObject[] {
  return list.some(({ value }) => value === id) ? list.filter(({ value }) => value !== id) : list
}
