import type { Call, Stored } from '../../adapter/contract.js'
import { run } from '../../database/transaction.js'
import type { Attribute } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { raw, render, type SqlFragment, sql } from '../../sql/fragment.js'
import { type HolderGraph, HolderLists } from '../shared/holder-lists.js'
import { holdersOf } from './holders.js'
import type { DocumentTarget } from './store.js'
import type { StoredType } from './stored-type.js'

/** Whose holders are selected: a table `m` with ids, and the tenant that they belong to. */
interface Members {
  readonly from: SqlFragment
  readonly tenant: SqlFragment
}

/** The resource `r` of a statement. */
export const THIS_RESOURCE: Members = Object.freeze({ from: raw('(SELECT r.id) AS m(id)'), tenant: raw('r.tenant') })

/**
 * Selects where resources are members, as a {@link HolderGraph}: all of them are walked up from together. Groups may hold
 * each other in a circle: UNION meets each once.
 *
 * @param limit So many memberships of groups in groups may be followed; one more tells that there are more.
 */
export function selectHolders(
  schema: string,
  types: readonly StoredType[],
  memberOf: Attribute,
  { from, tenant }: Members,
  limit: number,
): SqlFragment {
  const { types: holders, attributes } = holdersOf(types, memberOf)
  // Type and attribute as expressions leave the planner one index, that of the member: by the others it reads the members of
  // all groups, and takes them when it has no statistics yet.
  const holding = (member: string, and: SqlFragment): SqlFragment =>
    sql`LATERAL (SELECT f.type, f.id FROM ${raw(schema)}.reference AS f WHERE f.tenant = ${tenant} AND f.value_key = lower(${raw(member)}) AND f.value = ${raw(member)}
      AND f.type || '' = ANY(${holders}::text[]) AND f.attribute || '' = ANY(${attributes}::text[]) ${and})`
  const atMost = sql`LIMIT ${limit + 1}`
  return sql`(WITH RECURSIVE direct AS (SELECT DISTINCT m.id AS member, f.type, f.id FROM ${from}, ${holding('m.id', raw('AND f.id <> m.id OFFSET 0'))} AS f),
    up(type, id) AS (SELECT type, id FROM direct UNION SELECT f.type, f.id FROM up, ${holding('up.id', raw('OFFSET 0'))} AS f),
    links AS (SELECT up.id AS member, f.type, f.id FROM up, ${holding('up.id', atMost)} AS f ${atMost})
  SELECT jsonb_build_array(
    (SELECT coalesce(jsonb_agg(jsonb_build_array(d.member, d.id) ORDER BY d.id), '[]'::jsonb) FROM direct AS d),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(l.member, l.id)), '[]'::jsonb) FROM links AS l),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(h.id, (SELECT g.display FROM ${raw(schema)}.resource AS g WHERE g.tenant = ${tenant} AND g.type = h.type AND g.id = h.id))), '[]'::jsonb)
      FROM (SELECT type, id FROM direct UNION SELECT type, id FROM links) AS h)))`
}

/** Where one resource is a member, from what was selected of it. */
export function memberOfList(memberOf: Attribute, call: Call, graph: HolderGraph, id: string): readonly JsonObject[] {
  return withoutItself(new HolderLists(memberOf, call).of([graph], id), id)
}

/** Adds to the resources of a list where they are members, by one statement for all of them. */
export async function addMemberOf(
  { store, tenant, database, call }: DocumentTarget,
  memberOf: Attribute,
  lists: HolderLists,
  resources: readonly Stored[],
): Promise<readonly Stored[]> {
  if (resources.length === 0) return resources
  const ids = resources.map(({ id }) => String(id))
  const members: Members = { from: sql`unnest(${ids}::text[]) AS m(id)`, tenant: sql`${tenant}` }
  const { text, values } = render(
    sql`SELECT ${selectHolders(store.schema, store.types, memberOf, members, call.limits.groupLinks)}::text AS graph`,
  )
  const [row] = await run(database, text, values)
  const found = await lists.ofAll([JSON.parse(row.graph)], ids)
  return resources.map((resource, index) => {
    const list = withoutItself(found[index] ?? [], String(resource.id))
    return list.length === 0 ? resource : { ...resource, [memberOf.name]: list }
  })
}

/** In a circle of groups each is above itself. */
function withoutItself(list: readonly JsonObject[], id: string): readonly JsonObject[] {
  return list.some(({ value }) => value === id) ? list.filter(({ value }) => value !== id) : list
}
