import type { Call, Changes } from '../../adapter/contract.js'
import { execute } from '../../database/execute.js'
import { isMembership, targetTypes } from '../../schema/model/attribute.js'
import { join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { forgetResource } from './forget.js'
import { newVersion } from './identifier.js'
import { later } from './row-statements.js'
import type { DocumentTarget, Store } from './store.js'
import type { StoredType } from './stored-type.js'
import { type WriteOptions, write } from './write.js'

/** The result of a DELETE. */
export type DeleteResult = boolean | { readonly changes: Changes } | 'stale'

/** A reference that went with the resource that had it. */
export interface RemovedReference {
  readonly attribute: string
  readonly value: string
}

/**
 * Removes a resource, the memberships that it had and the references to it; the versions of those groups change
 * (decision A-124).
 */
export async function deleteResource(target: DocumentTarget, id: string, options: WriteOptions): Promise<DeleteResult> {
  const { store, type, tenant } = target
  if (store.combined) return store.combined.delete(target, id, options)
  const prefix = raw(store.prefix)
  const { among, lock, rows } = store.database.store
  return write(target, options, true, async (connection) => {
    const run = async (statement: SqlFragment) => {
      return (await execute(connection, statement)).rows
    }
    const isHeld = heldBy(target, id)
    // Locks the groups first, in one order, and then their members, as an addition of members does: no deadlock.
    const lockHolders = () =>
      run(sql`SELECT g.type, g.id FROM ${prefix}resource AS g WHERE g.tenant = ${tenant} AND (g.type, g.id) IN
  (SELECT f.type, f.id FROM ${prefix}reference AS f WHERE ${isHeld}) ORDER BY g.type, g.id${lock('FOR NO KEY UPDATE')}`)
    await lockHolders()
    const condition = options.ifMatch === undefined ? raw('') : sql` AND ${among(raw('version'), options.ifMatch)}`
    const own = sql`tenant = ${tenant} AND type = ${type.name} AND id = ${id}`
    const gone = await run(sql`DELETE FROM ${prefix}resource WHERE ${own}${condition} RETURNING id`)
    if (gone.length === 0) return options.ifMatch === undefined ? false : 'stale'
    let removed: readonly RemovedReference[] = []
    if (type.references.length > 0) {
      // They are collected only if a listener needs them.
      const returned = target.call.limits.memberEvents > 0 ? sql` RETURNING attribute, value` : raw('')
      removed = await run(sql`DELETE FROM ${prefix}reference WHERE ${own}${returned}`)
    }
    const outcome = goneOf(type, removed, target.call)
    // The look-ups of other declarations too: a process with another declaration may run at the same time.
    await run(sql`DELETE FROM ${prefix}lookup WHERE ${own}`)
    await forgetResource(connection, target, id)
    // Other requests may have added some meanwhile. The lock prevents more.
    const holders = await lockHolders()
    if (holders.length === 0) return outcome
    await run(sql`DELETE FROM ${prefix}reference AS f WHERE ${isHeld}`)
    await run(sql`UPDATE ${prefix}resource AS r SET version = ${newVersion()}, last_modified = ${later(target, new Date())}
  FROM ${rows(
    holders.map((holder) => [holder.type, holder.id]),
    'h',
    ['type', 'id'],
  )}
  WHERE r.tenant = ${tenant} AND r.type = h.type AND r.id = h.id`)
    return outcome
  })
}

/** Whether a reference in the table of them, called `f`, points to a resource. */
export function heldBy({ store, type, tenant }: DocumentTarget, id: string): SqlFragment {
  return sql`f.tenant = ${tenant} AND f.value_key = lower(${id}) AND f.value = ${id} AND ${pointsTo(store, type)}`
}

/**
 * Whether a reference in the table of them, called `f`, points to a resource of this type. That of a member tells it by
 * itself.
 */
function pointsTo({ types }: Store, { name }: StoredType): SqlFragment {
  const others = types.flatMap((holder) =>
    holder.references
      .filter((attribute) => !isMembership(attribute) && targetTypes(attribute).includes(name))
      .map((attribute) => sql`(f.type = ${holder.name} AND f.attribute = ${attribute.name})`),
  )
  return sql`(${join([sql`f.target = ${name}`, ...others], ' OR ')})`
}

/** The report of a deleted resource. */
export function goneOf(
  type: StoredType,
  removed: readonly RemovedReference[],
  { limits }: Call,
): true | { readonly changes: Changes } {
  if (limits.memberEvents === 0 || type.references.length === 0) return true
  const valuesOf = (name: string): string[] =>
    removed.filter(({ attribute }) => attribute === name).map(({ value }) => value)
  return {
    changes: Object.fromEntries(
      type.references.map(({ path, name }) => [path, { added: [], removed: valuesOf(name) }]),
    ),
  }
}
