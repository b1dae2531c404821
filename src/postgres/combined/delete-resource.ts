import { execute } from '../../database/execute.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { type Deleted, goneOf, heldBy, type RemovedReference } from '../../tables/documents/delete.js'
import { forgetResource, referrers } from '../../tables/documents/forget.js'
import { newVersion } from '../../tables/documents/identifier.js'
import { later } from '../../tables/documents/row-statements.js'
import type { DocumentTarget } from '../../tables/documents/store.js'
import { type WriteOptions, write } from '../../tables/documents/write.js'

/**
 * Removes a resource by two statements in a transaction, and more only if it is in documents of others, such as
 * `manager`. The second sees the groups that added the resource while the first waited for its lock; after that no
 * group can.
 */
export function deleteInTwo(target: DocumentTarget, id: string, options: WriteOptions): Promise<Deleted> {
  return write(target, options, true, async (connection) => {
    const [gone] = (await execute(connection, removal(target, id, options.ifMatch))).rows
    if (gone === undefined) return options.ifMatch === undefined ? false : 'stale'
    const [left] = (await execute(connection, clearing(target, id))).rows
    if (left.is_named === 'true') await forgetResource(connection, target, id)
    const removed: readonly RemovedReference[] = left.removed === null ? [] : JSON.parse(left.removed)
    return goneOf(target.type, removed, target.call)
  })
}

/** Locks the groups first, in one order, as an addition of members does: no deadlock. */
function removal(target: DocumentTarget, id: string, ifMatch: readonly string[] | undefined): SqlFragment {
  const { store, type, tenant } = target
  const condition = ifMatch === undefined ? raw('') : sql` AND ${store.database.store.among(raw('version'), ifMatch)}`
  return sql`WITH holders AS (${lockHolders(target, id)})
DELETE FROM ${raw(store.prefix)}resource WHERE (SELECT count(*) FROM holders) >= 0 AND tenant = ${tenant} AND type = ${type.name} AND id = ${id}${condition} RETURNING id`
}

/** Removes the kept data of a deleted resource, and the references to it. */
function clearing(target: DocumentTarget, id: string): SqlFragment {
  const { store, type, tenant, call } = target
  const [resources, references, lookups] = ['resource', 'reference', 'lookup'].map((name) =>
    raw(`${store.prefix}${name}`),
  )
  const own = sql`tenant = ${tenant} AND type = ${type.name} AND id = ${id}`
  // Which they were is found out only if somebody is told of it.
  const isTold = type.references.length > 0 && call.limits.memberEvents > 0
  const members =
    type.references.length > 0
      ? sql`members AS (DELETE FROM ${references} WHERE ${own}${raw(isTold ? ' RETURNING attribute, value' : '')}), `
      : raw('')
  const removed = isTold ? raw('(SELECT json_agg(m)::text FROM members AS m)') : raw('NULL')
  const named = referrers(target, id).map(({ statement }) => sql`EXISTS (${statement})`)
  // Lookups of other declarations as well: a process of one may work beside this.
  return sql`WITH ${members}keys AS (DELETE FROM ${lookups} WHERE ${own}),
holders AS (${lockHolders(target, id)}),
lost AS (DELETE FROM ${references} AS f WHERE (SELECT count(*) FROM holders) >= 0 AND ${heldBy(target, id)} RETURNING f.type, f.id),
counted AS (UPDATE ${resources} AS r SET version = ${newVersion()}, last_modified = ${later(target, new Date())}
  FROM (SELECT DISTINCT type, id FROM lost) AS h WHERE r.tenant = ${tenant} AND r.type = h.type AND r.id = h.id)
SELECT ${removed} AS removed, (${named.length === 0 ? raw('FALSE') : join(named, ' OR ')})::text AS is_named`
}

function lockHolders(target: DocumentTarget, id: string): SqlFragment {
  const { store, tenant } = target
  const prefix = raw(store.prefix)
  return sql`SELECT g.type, g.id FROM ${prefix}resource AS g WHERE g.tenant = ${tenant} AND (g.type, g.id) IN
  (SELECT f.type, f.id FROM ${prefix}reference AS f WHERE ${heldBy(target, id)}) ORDER BY g.type, g.id FOR NO KEY UPDATE`
}
