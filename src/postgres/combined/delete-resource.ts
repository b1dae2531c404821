import { execute } from '../../database/execute.js'
import type { RunTogether } from '../../database/open-database.js'
import { join, NOTHING, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { type DeleteResult, goneOf, heldBy, type RemovedReference } from '../../tables/documents/delete.js'
import { forgetResource, referrers } from '../../tables/documents/forget.js'
import { newVersion } from '../../tables/documents/identifier.js'
import { later } from '../../tables/documents/row-statements.js'
import type { DocumentTarget } from '../../tables/documents/store.js'
import { OVERTAKEN, type WriteOptions, write, writeOnce } from '../../tables/documents/write.js'

/**
 * Removes a resource by two statements, which are one transaction. The second sees the groups that added the resource
 * while the first waited for its lock; after that no group can. They go in one message, without BEGIN and COMMIT, if
 * the pool takes that and no document, such as that of a user with a `manager`, names the resource.
 */
export async function deleteInTwo(target: DocumentTarget, id: string, options: WriteOptions): Promise<DeleteResult> {
  const { together } = target.store.database
  const found = referrers(target, id)
  if (together && options.transaction === undefined && found.every(({ attribute }) => !attribute.multiValued)) {
    const outcome = await deleteAtOnce(target, id, options, together, namedBy(found))
    if (outcome !== OVERTAKEN) return outcome
  }
  return write(target, options, true, async (connection) => {
    const [gone] = (await execute(connection, removal(target, id, options.ifMatch))).rows
    if (gone === undefined) return missed(options)
    const [left] = (await execute(connection, clearing(target, id, namedBy(found)))).rows
    if (left.is_named === 'true') await forgetResource(connection, target, id)
    return outcomeOf(target, left)
  })
}

/** A setting for the time of a transaction: whether its first statement has removed the resource. */
const GONE = 'scim.gone'
const IS_GONE = raw(`(SELECT current_setting('${GONE}', TRUE)) = 'true'`)

/** The row that the statement of {@link clearing} returns. */
interface ClearingRow {
  readonly removed: string | null
  readonly is_named: string
}

async function deleteAtOnce(
  target: DocumentTarget,
  id: string,
  options: WriteOptions,
  together: RunTogether,
  named: SqlFragment,
): Promise<DeleteResult | typeof OVERTAKEN> {
  const first = sql`WITH named AS MATERIALIZED (SELECT (${named}) AS it), gone AS (${removal(target, id, options.ifMatch, raw(' AND NOT (SELECT it FROM named)'))})
SELECT set_config(${raw(`'${GONE}'`)}, EXISTS (SELECT 1 FROM gone)::text, TRUE) AS is_gone, (SELECT it::text FROM named) AS is_named`
  return writeOnce<DeleteResult>(target, options, async (connection) => {
    const [removing, cleared] = await together(connection, [first, clearing(target, id, named, IS_GONE)])
    const { is_gone: isGone, is_named: isNamed } = removing?.rows[0] ?? {}
    if (isNamed === 'true') return OVERTAKEN
    if (isGone !== 'true') return missed(options)
    const left: ClearingRow = cleared?.rows[0]
    // Another writer has named the resource between the two statements. Nothing locks a resource against that.
    if (left.is_named === 'true') {
      await write(target, options, true, (transaction) => forgetResource(transaction, target, id))
    }
    return outcomeOf(target, left)
  })
}

function missed({ ifMatch }: WriteOptions): DeleteResult {
  return ifMatch === undefined ? false : 'stale'
}

function outcomeOf({ type, call }: DocumentTarget, { removed }: ClearingRow): DeleteResult {
  return goneOf(type, removed === null ? [] : (JSON.parse(removed) as readonly RemovedReference[]), call)
}

/** The condition that documents name the resource. */
function namedBy(found: ReturnType<typeof referrers>): SqlFragment {
  const named = found.map(({ statement }) => sql`EXISTS (${statement})`)
  return named.length === 0 ? raw('FALSE') : join(named, ' OR ')
}

/** Locks the groups first, in one order, as an addition of members does: no deadlock. */
function removal(
  target: DocumentTarget,
  id: string,
  ifMatch: readonly string[] | undefined,
  unless: SqlFragment = NOTHING,
): SqlFragment {
  const { store, type, tenant } = target
  const condition = ifMatch === undefined ? NOTHING : sql` AND ${store.database.store.among(raw('version'), ifMatch)}`
  return sql`WITH holders AS (${lockHolders(target, id)})
DELETE FROM ${raw(store.prefix)}resource WHERE (SELECT count(*) FROM holders) >= 0 AND tenant = ${tenant} AND type = ${type.name} AND id = ${id}${condition}${unless} RETURNING id`
}

/**
 * Removes the kept data of a deleted resource, and the references to it.
 *
 * @param when The condition under which it removes anything.
 */
function clearing(
  target: DocumentTarget,
  id: string,
  named: SqlFragment,
  when: SqlFragment = raw('TRUE'),
): SqlFragment {
  const { store, type, tenant, call } = target
  const [resources, references, lookups] = ['resource', 'reference', 'lookup'].map((name) =>
    raw(`${store.prefix}${name}`),
  )
  const own = sql`${when} AND tenant = ${tenant} AND type = ${type.name} AND id = ${id}`
  // They are collected only if a listener needs them.
  const isTold = type.references.length > 0 && call.limits.memberEvents > 0
  const members =
    type.references.length > 0
      ? sql`members AS (DELETE FROM ${references} WHERE ${own}${raw(isTold ? ' RETURNING attribute, value' : '')}), `
      : NOTHING
  const removed = isTold ? raw('(SELECT json_agg(m)::text FROM members AS m)') : raw('NULL')
  // Lookups of other declarations as well: a process of one may work beside this.
  return sql`WITH ${members}keys AS (DELETE FROM ${lookups} WHERE ${own}),
holders AS (${lockHolders(target, id, when)}),
lost AS (DELETE FROM ${references} AS f WHERE (SELECT count(*) FROM holders) >= 0 AND ${when} AND ${heldBy(target, id)} RETURNING f.type, f.id),
counted AS (UPDATE ${resources} AS r SET version = ${newVersion()}, last_modified = ${later(target, new Date())}
  FROM (SELECT DISTINCT type, id FROM lost) AS h WHERE r.tenant = ${tenant} AND r.type = h.type AND r.id = h.id)
SELECT ${removed} AS removed, (${named})::text AS is_named`
}

function lockHolders(target: DocumentTarget, id: string, when: SqlFragment = raw('TRUE')): SqlFragment {
  const { store, tenant } = target
  const prefix = raw(store.prefix)
  return sql`SELECT g.type, g.id FROM ${prefix}resource AS g WHERE ${when} AND g.tenant = ${tenant} AND (g.type, g.id) IN
  (SELECT f.type, f.id FROM ${prefix}reference AS f WHERE ${heldBy(target, id)}) ORDER BY g.type, g.id FOR NO KEY UPDATE`
}
